"""The tables of what joins records into subjects: keys they share, which are one, what people decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base


class JoinKeyRow(Base):
    """Something by which the current version of an entity may be joined with others that have it too, as a number of 64 bits;
    rows go when their version ends."""

    __tablename__ = "join_key"
    __table_args__ = (Index("join_key_entity", "entity_pk"),)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    entity_pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))


class JoinProgressRow(Base):
    """How far records have been related: the versions up to a key, and those that ended up to a transaction. One row."""

    __tablename__ = "join_progress"

    pk: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entity_pk: Mapped[int]
    listing_pk: Mapped[int]
    change: Mapped[int]


class MembershipRow(Base):
    """The subject that a record is of, as a workspace sees it, called by the id of its highest-ranked record; known from the
    transaction that found it until the one that found another. A record without a row is a subject by itself."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "membership_current",
            *("workspace", "entity_id"),
            unique=True,
            sqlite_where=text("known_until IS NULL"),
            postgresql_where=text("known_until IS NULL"),
        ),
        Index("membership_entity", "entity_id"),
        Index("membership_subject", "subject_id"),
    )

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    entity_id: Mapped[str] = mapped_column(String(200))
    subject_id: Mapped[str] = mapped_column(String(200))
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]


class DecisionRow(Base):
    """What a person decided of two records: `join` or `separate`. Rows are never deleted; one that was taken back says so."""

    __tablename__ = "join_decision"
    __table_args__ = (Index("join_decision_one", "one"), Index("join_decision_other", "other"))

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    one: Mapped[str] = mapped_column(String(200))
    other: Mapped[str] = mapped_column(String(200))
    why: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_why: Mapped[str]
    undone_by: Mapped[str]
