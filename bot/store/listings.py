"""Queries for listings."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.records import Listing
from bot.store.tables import ListingRow
from bot.store.versions import fetch, fetch_all, listing


def of_entities(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> list[Listing]:
    """The listings of these entities known at `known_at` (None: now), in the order they were recorded in."""
    return [listing(row) for row in fetch(session, ListingRow.entity_id, ids, workspace, known_at)]


def every(session: Session, workspace: str, known_at: datetime | None) -> list[Listing]:
    """All listings known at `known_at` (None: now), in the order they were recorded in."""
    return [listing(row) for row in fetch_all(session, ListingRow, workspace, known_at)]
