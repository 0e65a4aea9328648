"""The tables. What is recorded is kept in versions: a changed or vanished record closes its row and nothing is deleted."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A point in time, UTC: SQLite keeps no zone, so it is taken off going in and put back coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC) if value else None


class Base(DeclarativeBase):
    """The root of all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, list[str]: JSON, dict[str, Any]: JSON, str: Text}


class Versioned:
    """One version of one record: known from the transaction that wrote it until the one that replaced it."""

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    list: Mapped[str] = mapped_column(String(64))
    id: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


def _closing(table: str) -> tuple[Index, Index]:
    """Quick ways to the versions that a transaction ended, and to those that the one under way has ended so far."""
    closing = text("known_until IS NOT NULL AND closed_in IS NULL")
    return (
        Index(f"{table}_closed", "closed_in"),
        Index(f"{table}_closing", "pk", sqlite_where=closing, postgresql_where=closing),
    )


def _one_current(table: str) -> tuple[Index, Index]:
    """One current version a record, and a quick way to it."""
    current = text("known_until IS NULL")
    unique = Index(f"{table}_current", "workspace", "id", unique=True, sqlite_where=current, postgresql_where=current)
    return unique, Index(f"{table}_list", "list", "workspace")


class EntityRow(Versioned, Base):
    __tablename__ = "entity"
    __table_args__ = (*_one_current("entity"), *_closing("entity"), Index("entity_by_id", "id"))

    kind: Mapped[str]
    name: Mapped[str]
    countries: Mapped[list[str]]
    note: Mapped[str]
    closed_in: Mapped[int | None]
    names: Mapped[list["NameRow"]] = relationship(order_by="NameRow.pk", lazy="selectin")
    identifiers: Mapped[list["IdentifierRow"]] = relationship(order_by="IdentifierRow.pk", lazy="selectin")


class NameRow(Base):
    __tablename__ = "name"

    pk: Mapped[int] = mapped_column(primary_key=True)
    entity_pk: Mapped[int] = mapped_column(ForeignKey("entity.pk"), index=True)
    value: Mapped[str]
    kind: Mapped[str]
    script: Mapped[str]


class IdentifierRow(Base):
    __tablename__ = "identifier"

    pk: Mapped[int] = mapped_column(primary_key=True)
    entity_pk: Mapped[int] = mapped_column(ForeignKey("entity.pk"), index=True)
    scheme: Mapped[str]
    value: Mapped[str]


class SourceRow(Versioned, Base):
    __tablename__ = "source"
    __table_args__ = _one_current("source")

    publisher: Mapped[str]
    title: Mapped[str]
    url: Mapped[str]
    published_on: Mapped[str]
    retrieved_on: Mapped[str]


class OriginRow(Versioned, Base):
    __tablename__ = "origin"
    __table_args__ = _one_current("origin")

    speaker: Mapped[str]
    occasion: Mapped[str]
    uttered_on: Mapped[str]


class ListingRow(Versioned, Base):
    __tablename__ = "listing"
    __table_args__ = (*_one_current("listing"), *_closing("listing"), Index("listing_entity", "entity_id"))

    entity_id: Mapped[str]
    authority: Mapped[str]
    # The column cannot share the name of Versioned.list, which is the dataset.
    official_list: Mapped[str]
    measures: Mapped[list[str]]
    read_on: Mapped[str]
    source_ids: Mapped[list[str]]
    programme: Mapped[str]
    legal_basis: Mapped[str]
    listed_on: Mapped[str]
    ended_on: Mapped[str]
    first_seen: Mapped[str]
    last_absent: Mapped[str]
    record_id: Mapped[str]
    reason: Mapped[str]
    last_seen: Mapped[str]
    url: Mapped[str]
    closed_in: Mapped[int | None]


class ClaimRow(Versioned, Base):
    __tablename__ = "claim"
    __table_args__ = _one_current("claim")

    stance: Mapped[str]
    category: Mapped[str]
    statement: Mapped[str]
    asserted_by: Mapped[str]
    origin_id: Mapped[str]
    source_ids: Mapped[list[str]]
    named_as: Mapped[str]
    hedge: Mapped[str]
    stated_on: Mapped[str]
    period: Mapped[str]
    topics: Mapped[list[str]]
    links: Mapped[list["ClaimLinkRow"]] = relationship(order_by="ClaimLinkRow.pk", lazy="selectin")


class ClaimLinkRow(Base):
    """What a claim points to: `subject`, `possible` (entities), `answers`, `supersedes` (claims)."""

    __tablename__ = "claim_link"
    __table_args__ = (Index("claim_link_target", "target_id", "kind"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    claim_pk: Mapped[int] = mapped_column(ForeignKey("claim.pk"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    target_id: Mapped[str]


class DatasetRow(Base):
    """One loaded version of a list or claims file. Rows are only ever added. `is_past`: an older version than was loaded then,
    taken into history."""

    __tablename__ = "dataset"
    __table_args__ = (Index("dataset_list", "workspace", "list"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    list: Mapped[str] = mapped_column(String(64))
    title: Mapped[str]
    publisher: Mapped[str]
    version: Mapped[str]
    published_on: Mapped[str]
    url: Mapped[str]
    fetched_at: Mapped[datetime]
    loaded_at: Mapped[datetime]
    entities: Mapped[int]
    names: Mapped[int]
    claims: Mapped[int]
    form: Mapped[str] = mapped_column(String(64))
    is_past: Mapped[bool]


class AttemptRow(Base):
    """One attempt to bring a list up to date, by the name of its form: `loaded`, `confirmed` (its publisher has nothing newer) or
    `failed`, and why. Rows are only ever added."""

    __tablename__ = "attempt"
    __table_args__ = (Index("attempt_form", "workspace", "form"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    form: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(16))
    why: Mapped[str]


class FieldChangeRow(Base):
    """What one version of a list changed in one record of its publisher: see `bot.records.FieldChange`. Rows are only ever
    added."""

    __tablename__ = "field_change"
    __table_args__ = (Index("field_change_list", "list", "on"), Index("field_change_entity", "entity_id"))

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    list: Mapped[str] = mapped_column(String(64))
    version: Mapped[str]
    on: Mapped[str]
    what: Mapped[str] = mapped_column(String(16))
    entity_id: Mapped[str]
    name: Mapped[str]
    listing_id: Mapped[str]
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]


class ChangeRow(Base):
    """One transaction that changed records: its number, in order without gaps; a token by which a copy of the database that went
    another way is told from this one; and the highest keys once it was done. Rows are only ever added."""

    __tablename__ = "change"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(32))
    name_pk: Mapped[int]
    identifier_pk: Mapped[int]
    listing_pk: Mapped[int]


class ThresholdRow(Base):
    """From which scores a workspace wants names shown and matched; the newest row counts. Rows are only ever added."""

    __tablename__ = "threshold"
    __table_args__ = (Index("threshold_workspace", "workspace"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    show: Mapped[float]
    match: Mapped[float]
    set_at: Mapped[datetime]


class ReceiptRow(Base):
    """The evidence of one answer. Rows are only ever added (the database refuses anything else); `hash` covers the row
    and the `previous` hash of the same workspace."""

    __tablename__ = "receipt"
    __table_args__ = (Index("receipt_chain", "workspace", "number", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    number: Mapped[int]
    answered_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
