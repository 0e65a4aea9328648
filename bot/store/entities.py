"""Queries for entities."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.records import Entity
from bot.store.tables import EntityRow
from bot.store.versions import entity, fetch, fetch_all


def by_ids(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Entity]:
    """The entities of these ids that were known at `known_at` (None: now), by id."""
    return {row.id: entity(row) for row in fetch(session, EntityRow.id, ids, workspace, known_at)}


def every(session: Session, workspace: str, known_at: datetime | None) -> dict[str, Entity]:
    """All entities known at `known_at` (None: now), by id."""
    return {row.id: entity(row) for row in fetch_all(session, EntityRow, workspace, known_at)}
