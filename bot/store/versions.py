"""Keeps records in versions: writes the difference between what is stored and what a file holds, reads what was known when."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.records import PUBLIC, Claim, Difference, Entity, Identifier, Listing, Name, Origin, Records, Source
from bot.store.tables import (
    ClaimLinkRow,
    ClaimRow,
    EntityRow,
    IdentifierRow,
    ListingRow,
    NameRow,
    OriginRow,
    SourceRow,
)

Record: TypeAlias = Entity | Listing | Claim | Source | Origin
Row: TypeAlias = EntityRow | ListingRow | ClaimRow | SourceRow | OriginRow
R = TypeVar("R", bound=Row)

TABLES: dict[str, type[Row]] = {
    "entity": EntityRow,
    "listing": ListingRow,
    "claim": ClaimRow,
    "source": SourceRow,
    "origin": OriginRow,
}

LINKS = {"subject": "subject_ids", "possible": "possible_ids", "answers": "answers", "supersedes": "supersedes"}
"""Kind of link in the table → field of Claim."""

IN_ONE_QUERY = 500
"""How many ids go into one IN (…): SQLite's limit on variables was 999 for long."""


def visible(row: type[R], workspace: str, known_at: datetime | None) -> ColumnElement[bool]:
    """What `workspace` may see of a table, as it was known at `known_at` (None: now)."""
    mine = row.workspace.in_((PUBLIC, workspace))
    if known_at is None:
        return and_(mine, row.known_until.is_(None))
    return and_(mine, row.known_from <= known_at, or_(row.known_until.is_(None), row.known_until > known_at))


def fetch(
    session: Session,
    column: InstrumentedAttribute[Any],
    values: Iterable[Any],
    workspace: str,
    known_at: datetime | None,
) -> list[Any]:
    """The visible rows of the table of `column` where it is one of `values`, in the order they were recorded in."""
    table: Any = column.class_
    rows: list[Any] = []
    for some in batches(values):
        rows += session.scalars(select(table).where(column.in_(some), visible(table, workspace, known_at)))
    return sorted(rows, key=lambda row: row.pk)


def batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The distinct values in portions that fit one query."""
    waiting = iter(dict.fromkeys(values))
    while some := list(islice(waiting, IN_ONE_QUERY)):
        yield some


def fetch_all(session: Session, table: type[R], workspace: str, known_at: datetime | None) -> list[R]:
    """All visible rows of a table, in the order they were recorded in."""
    return list(session.scalars(select(table).where(visible(table, workspace, known_at)).order_by(table.pk)))


def stored_ids(session: Session, noun: str, ids: Iterable[str], workspace: str) -> set[str]:
    """Which of these ids of a noun (the name of its table) are stored now and visible to `workspace`."""
    table = TABLES[noun]
    return {row.id for row in fetch(session, table.id, ids, workspace, None)}


def write(session: Session, records: Records, workspace: str, now: datetime) -> tuple[Difference, bool]:
    """Makes `records` the current version of their dataset in `workspace`; what differs closes at `now` and stays. Says what
    differs among entities, listings and claims, and whether anything at all does."""
    nouns: tuple[tuple[type[Row], Sequence[Record]], ...] = (
        (EntityRow, records.entities),
        (ListingRow, records.listings),
        (ClaimRow, records.claims),
    )
    documents = ((SourceRow, records.sources), (OriginRow, records.origins))
    counts = [
        _write_noun(session, table, some, records.dataset.list, workspace, now) for table, some in (*nouns, *documents)
    ]
    total = Difference(*map(sum, zip(*map(dataclasses.astuple, counts[: len(nouns)]), strict=True)))
    return total, any(one.added or one.changed or one.removed for one in counts)


def _write_noun(
    session: Session, table: type[Row], records: Sequence[Record], dataset: str, workspace: str, now: datetime
) -> Difference:
    stored = {
        row.id: row
        for row in session.execute(
            select(table.pk, table.id, table.digest).where(
                table.list == dataset, table.workspace == workspace, table.known_until.is_(None)
            )
        )
    }
    digests = {record.id: digest(record) for record in records}
    kept = {id for id, row in stored.items() if digests.get(id) == row.digest}
    _close(session, table, [row.pk for id, row in stored.items() if id not in kept], now)
    stamp = {"workspace": workspace, "list": dataset, "known_from": now}
    fresh = [record for record in records if record.id not in kept]
    session.add_all(to_row(record, digest=digests[record.id], **stamp) for record in fresh)
    session.flush()
    changed = sum(record.id in stored for record in fresh)
    return Difference(len(fresh) - changed, changed, len(stored) - len(kept) - changed, len(kept))


def _close(session: Session, table: type[Row], pks: list[int], now: datetime) -> None:
    for some in batches(pks):
        session.execute(update(table).where(table.pk.in_(some)).values(known_until=now))


def digest(record: Record) -> str:
    """A fingerprint of what a record says: SHA-256 of its canonical JSON, in hexadecimal."""
    text = json.dumps(dataclasses.asdict(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_row(record: Record, **stamp: Any) -> Row:
    """A new row that says what `record` says."""
    match record:
        case Entity():
            return EntityRow(
                **stamp,
                **_plain(record, "names", "identifiers"),
                names=[NameRow(**dataclasses.asdict(name)) for name in record.names],
                identifiers=[IdentifierRow(**dataclasses.asdict(one)) for one in record.identifiers],
            )
        case Listing():
            fields = _plain(record)
            return ListingRow(**stamp, official_list=fields.pop("list"), **fields)
        case Claim():
            links = [
                ClaimLinkRow(kind=kind, target_id=target)
                for kind, field in LINKS.items()
                for target in getattr(record, field)
            ]
            return ClaimRow(**stamp, **_plain(record, *LINKS.values()), links=links)
        case Source():
            return SourceRow(**stamp, **_plain(record))
        case Origin():
            return OriginRow(**stamp, **_plain(record))


def _plain(record: Record, *without: str) -> dict[str, Any]:
    values = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if name not in without
    }


def entity(row: EntityRow) -> Entity:
    """The record of a row."""
    return Entity(
        **_common(row, Entity, "names", "identifiers"),
        names=tuple(Name(name.value, name.kind, name.script) for name in row.names),
        identifiers=tuple(Identifier(one.scheme, one.value) for one in row.identifiers),
    )


def listing(row: ListingRow) -> Listing:
    """The record of a row."""
    return Listing(**_common(row, Listing, "list"), list=row.official_list)


def claim(row: ClaimRow) -> Claim:
    """The record of a row."""
    fields = _common(row, Claim, *LINKS.values())
    for kind, field in LINKS.items():
        fields[field] = tuple(link.target_id for link in row.links if link.kind == kind)
    return Claim(**fields)


def source(row: SourceRow) -> Source:
    """The record of a row."""
    return Source(**_common(row, Source))


def origin(row: OriginRow) -> Origin:
    """The record of a row."""
    return Origin(**_common(row, Origin))


def _common(row: Row, record: type[Record], *without: str) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in dataclasses.fields(record) if field.name not in without}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
