"""Queries for entities and their names."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Entity, IndexedName
from bot.store.tables import EntityRow, IdentifierRow, NameRow, SequenceRow
from bot.store.versions import entity, fetch, fetch_all

RECORDS = "records"


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
    """All names and identifiers that `workspace` may see, of every version ever recorded, each once."""
    names = select(EntityRow.id, NameRow.value, NameRow.kind).join(NameRow, NameRow.entity_pk == EntityRow.pk)
    numbers = select(EntityRow.id, IdentifierRow.value, IdentifierRow.scheme).join(
        IdentifierRow, IdentifierRow.entity_pk == EntityRow.pk
    )
    seen = EntityRow.workspace.in_((PUBLIC, workspace))
    for id, value, kind in session.execute(names.where(seen).distinct().order_by(EntityRow.id, NameRow.value)):
        yield IndexedName(id, value, kind)
    for id, value, _scheme in session.execute(numbers.where(seen).distinct().order_by(EntityRow.id)):
        yield IndexedName(id, value, "identifier")


def by_ids(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Entity]:
    """The entities of these ids that were known at `known_at` (None: now), by id."""
    return {row.id: entity(row) for row in fetch(session, EntityRow.id, ids, workspace, known_at)}


def every(session: Session, workspace: str, known_at: datetime | None) -> dict[str, Entity]:
    """All entities known at `known_at` (None: now), by id."""
    return {row.id: entity(row) for row in fetch_all(session, EntityRow, workspace, known_at)}
