"""Queries for entities and their names."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import case, func, literal, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Entity, IndexedName
from bot.store.tables import EntityRow, IdentifierRow, ListingRow, NameRow, SequenceRow
from bot.store.versions import entity, fetch, fetch_all

RECORDS = "records"
IDENTIFIER = "identifier"


def sequence(session: Session) -> int:
    """A number that rises with every transaction that changed records."""
    row = session.get(SequenceRow, RECORDS)
    return row.value if row else 0


def records_changed(session: Session) -> None:
    """Raises the sequence number; every transaction that writes records ends with this, under the writer's lock."""
    row = session.get(SequenceRow, RECORDS) or SequenceRow(name=RECORDS, value=0)
    row.value += 1
    session.add(row)


def stored_names(session: Session, workspace: str) -> Iterator[IndexedName]:
    """All names and identifiers that `workspace` may see, of every version ever recorded, with the time they were known; the
    record ids of listings count as identifiers."""
    parts = (
        select(EntityRow.id, NameRow.value, NameRow.kind).join(NameRow, NameRow.entity_pk == EntityRow.pk),
        select(EntityRow.id, IdentifierRow.value, literal(IDENTIFIER)).join(
            IdentifierRow, IdentifierRow.entity_pk == EntityRow.pk
        ),
        select(ListingRow.entity_id, ListingRow.record_id, literal(IDENTIFIER)).where(ListingRow.record_id != ""),
    )
    for names in parts:
        table = ListingRow if names is parts[2] else EntityRow
        # A name that several versions have in a row was known from the first of them to the end of the last.
        still = func.max(case((table.known_until.is_(None), 1), else_=0))
        known = names.add_columns(func.min(table.known_from), func.max(table.known_until), still)
        seen = known.where(table.workspace.in_((PUBLIC, workspace))).group_by(*names.selected_columns)
        for id, value, kind, since, until, is_known in session.execute(seen.order_by(*names.selected_columns)):
            yield IndexedName(id, value, kind, since, None if is_known else until)


def by_ids(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Entity]:
    """The entities of these ids that were known at `known_at` (None: now), by id."""
    return {row.id: entity(row) for row in fetch(session, EntityRow.id, ids, workspace, known_at)}


def every(session: Session, workspace: str, known_at: datetime | None) -> dict[str, Entity]:
    """All entities known at `known_at` (None: now), by id."""
    return {row.id: entity(row) for row in fetch_all(session, EntityRow, workspace, known_at)}
