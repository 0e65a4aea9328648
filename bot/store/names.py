"""Queries for what the index of names is made of: names, identifiers and record ids, by the transaction that recorded them."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.records import Change, IndexedName
from bot.store.tables import ChangeRow, EntityRow, IdentifierRow, ListingRow, NameRow
from bot.store.versions import batches

IDENTIFIER = "identifier"

AT_A_TIME = 5_000
"""Rows that are held in memory while names are read."""


def last_change(session: Session) -> Change:
    """The newest transaction that changed records; number 0 where there was none."""
    row = session.execute(select(*ChangeRow.__table__.c).order_by(ChangeRow.number.desc()).limit(1)).first()
    return Change(*row) if row else Change()


def changes(session: Session, numbers: Iterable[int]) -> dict[int, Change]:
    """Those of these transactions that happened, by number."""
    wanted = select(*ChangeRow.__table__.c)
    rows = (row for some in batches(numbers) for row in session.execute(wanted.where(ChangeRow.number.in_(some))))
    return {row.number: Change(*row) for row in rows}


def records_changed(session: Session) -> None:
    """Notes that this transaction changed records; every one that does ends with this, under the writer's lock."""
    number = last_change(session).number + 1
    last = [
        session.scalar(select(func.coalesce(func.max(table.pk), 0))) for table in (NameRow, IdentifierRow, ListingRow)
    ]
    session.execute(
        insert(ChangeRow).values(
            number=number, token=secrets.token_hex(16), name_pk=last[0], identifier_pk=last[1], listing_pk=last[2]
        )
    )
    for table in (EntityRow, ListingRow):
        open_end = table.known_until.is_not(None) & table.closed_in.is_(None)
        session.execute(update(table).where(open_end).values(closed_in=number))


def added(session: Session, since: Change, until: Change) -> Iterator[IndexedName]:
    """All names and identifiers recorded after `since` up to `until`, of every workspace, in their order, with the time they
    were known; the record ids of listings count as identifiers. Their rows are those of entities, or of listings below zero."""
    entity = (EntityRow.pk, EntityRow.known_from, EntityRow.known_until, EntityRow.workspace)
    names = select(EntityRow.id, NameRow.value, NameRow.kind, EntityRow.kind.label("schema"), *entity)
    numbers = select(
        EntityRow.id, IdentifierRow.value, literal(IDENTIFIER).label("kind"), literal("").label("schema"), *entity
    )
    listing = (-ListingRow.pk, ListingRow.known_from, ListingRow.known_until, ListingRow.workspace)
    ids = select(
        ListingRow.entity_id,
        ListingRow.record_id,
        literal(IDENTIFIER).label("kind"),
        literal("").label("schema"),
        *listing,
    )
    yield from _read(
        session, names.join(NameRow, NameRow.entity_pk == EntityRow.pk), NameRow.pk, since.name_pk, until.name_pk
    )
    yield from _read(
        session,
        numbers.join(IdentifierRow, IdentifierRow.entity_pk == EntityRow.pk),
        IdentifierRow.pk,
        since.identifier_pk,
        until.identifier_pk,
    )
    yield from _read(session, ids.where(ListingRow.record_id != ""), ListingRow.pk, since.listing_pk, until.listing_pk)


def _read(
    session: Session, rows: Select[*tuple[Any, ...]], pk: InstrumentedAttribute[int], first: int, last: int
) -> Iterator[IndexedName]:
    wanted = rows.where(pk > first, pk <= last).order_by(pk).execution_options(yield_per=AT_A_TIME)
    for id, value, kind, schema, row, since, until, workspace in session.execute(wanted):
        yield IndexedName(id, value, kind, since, until, schema, workspace, row)


def closed(session: Session, since: Change) -> dict[int, datetime]:
    """The rows, numbered as in `added`, of versions that ended in a transaction after `since`, with the moment."""
    found: dict[int, datetime] = {}
    for table, sign in ((EntityRow, 1), (ListingRow, -1)):
        ended = select(table.pk, table.known_until).where(table.closed_in > since.number)
        found |= {sign * pk: until for pk, until in session.execute(ended) if until}
    return found
