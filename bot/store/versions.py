"""Keeps records in versions: writes the difference between what is stored and what a file holds, reads what was known when."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
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
Part: TypeAlias = NameRow | IdentifierRow | ClaimLinkRow
Parts: TypeAlias = list[tuple[type[Part], str, dict[str, Any]]]
R = TypeVar("R", bound=Row)
V = TypeVar("V")

TABLES: dict[str, type[Row]] = {
    "entity": EntityRow,
    "listing": ListingRow,
    "claim": ClaimRow,
    "source": SourceRow,
    "origin": OriginRow,
}

LINKS = {"subject": "subject_ids", "possible": "possible_ids", "answers": "answers", "supersedes": "supersedes"}
"""Kind of link in the table → field of Claim."""

IN_OTHER_TABLES = ("names", "identifiers", *LINKS.values())
"""Fields of records that have rows of their own."""

ADDED_LATER = ("last_seen", "url")
"""Fields that do not count while empty, so that records from before they were there keep their fingerprint."""

IN_ONE_INSERT = 1000
"""How many records are made into rows at a time."""

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
    yield from portions(dict.fromkeys(values), IN_ONE_QUERY)


def portions(values: Iterable[V], size: int) -> Iterator[list[V]]:
    """The values in lists of at most this size."""
    waiting = iter(values)
    while some := list(islice(waiting, size)):
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


def write_sources(session: Session, sources: Sequence[Source], dataset: str, workspace: str, now: datetime) -> None:
    """Makes these the sources of a dataset."""
    _write_noun(session, SourceRow, sources, dataset, workspace, now)


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
    close(session, table, [row.pk for id, row in stored.items() if id not in kept], now)
    stamp = {"workspace": workspace, "list": dataset, "known_from": now}
    fresh = [record for record in records if record.id not in kept]
    insert_records(session, table, ((one, digests[one.id]) for one in fresh), stamp)
    changed = sum(record.id in stored for record in fresh)
    return Difference(len(fresh) - changed, changed, len(stored) - len(kept) - changed, len(kept))


def insert_records(
    session: Session, table: type[Row], records: Iterable[tuple[Record, str]], stamp: dict[str, Any]
) -> None:
    """Inserts records, each with its fingerprint, in this order; `stamp` is what their rows have in common."""
    for some in portions(records, IN_ONE_INSERT):
        _insert(session, table, [(_values(one) | stamp | {"digest": said}, _parts(one)) for one, said in some])


def close(session: Session, table: type[Row], pks: Iterable[int], now: datetime) -> None:
    """Ends these rows at `now`."""
    for some in batches(pks):
        session.execute(update(table).where(table.pk.in_(some)).values(known_until=now))


def digest(record: Record) -> str:
    """A fingerprint of what a record says: SHA-256 of its canonical JSON, in hexadecimal."""
    text = json.dumps(_as_dict(record), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _as_dict(one: Any) -> dict[str, Any]:
    """What `dataclasses.asdict` gives for a record, without copying its values: a big list is all about this."""
    return {
        name: [_as_dict(part) for part in value] if name in ("names", "identifiers") else value
        for name, value in _plain(one)
        if value or name not in ADDED_LATER
    }


def _plain(one: Any) -> Iterator[tuple[str, Any]]:
    return ((name, getattr(one, name)) for name in _fields(one.__class__))


@cache
def _fields(record: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(record))


def _insert(session: Session, table: type[Row], rows: list[tuple[dict[str, Any], Parts]]) -> None:
    """Inserts rows in this order, each with the rows of other tables that hold its parts."""
    values = [value for value, _ in rows]
    if not any(parts for _, parts in rows):
        session.execute(insert(table), values)
        return
    pks = session.scalars(insert(table).returning(table.pk, sort_by_parameter_order=True), values)
    held: dict[type[Part], list[dict[str, Any]]] = {}
    for pk, (_, parts) in zip(pks, rows, strict=True):
        for part, owner, value in parts:
            held.setdefault(part, []).append({owner: pk, **value})
    for part, some in held.items():
        session.execute(insert(part), some)


def _values(record: Record) -> dict[str, Any]:
    """What the row of a record says, but for what is in other tables."""
    values = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in _plain(record)
        if name not in IN_OTHER_TABLES
    }
    if isinstance(record, Listing):
        values["official_list"] = values.pop("list")
    return values


def _parts(record: Record) -> Parts:
    """What other tables hold of a record: the table, its column for the row of the record, and its other columns."""
    match record:
        case Entity():
            return [
                *((NameRow, "entity_pk", dict(_plain(one))) for one in record.names),
                *((IdentifierRow, "entity_pk", dict(_plain(one))) for one in record.identifiers),
            ]
        case Claim():
            return [
                (ClaimLinkRow, "claim_pk", {"kind": kind, "target_id": target})
                for kind, field in LINKS.items()
                for target in getattr(record, field)
            ]
    return []


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
