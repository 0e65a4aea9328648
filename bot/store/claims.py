"""Queries for claims, and for the sources and origins that claims and listings rest on."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.records import Claim, Origin, Source
from bot.store.tables import ClaimLinkRow, ClaimRow, OriginRow, SourceRow
from bot.store.versions import batches, claim, fetch, fetch_all, origin, source


def of_entities(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> list[Claim]:
    """The claims that are, or may be, about these entities, with those that answer or supersede them."""
    about = _pointing_at(session, ids, ("subject", "possible"), workspace, known_at)
    replies = _pointing_at(session, (one.id for one in about), ("answers", "supersedes"), workspace, known_at)
    answered = fetch(session, ClaimRow.id, (id for one in about for id in one.answers), workspace, known_at)
    return list({one.id: one for one in (*about, *replies, *map(claim, answered))}.values())


def every(session: Session, workspace: str, known_at: datetime | None) -> list[Claim]:
    """All claims known at `known_at` (None: now), in the order they were recorded in."""
    return [claim(row) for row in fetch_all(session, ClaimRow, workspace, known_at)]


def _pointing_at(
    session: Session, targets: Iterable[str], kinds: tuple[str, ...], workspace: str, known_at: datetime | None
) -> list[Claim]:
    links = select(ClaimLinkRow.claim_pk).where(ClaimLinkRow.kind.in_(kinds))
    pks = [pk for some in batches(targets) for pk in session.scalars(links.where(ClaimLinkRow.target_id.in_(some)))]
    return [claim(row) for row in fetch(session, ClaimRow.pk, pks, workspace, known_at)]


def sources(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Source]:
    """The sources of these ids known at `known_at` (None: now), by id."""
    return {row.id: source(row) for row in fetch(session, SourceRow.id, ids, workspace, known_at)}


def origins(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Origin]:
    """The origins of these ids known at `known_at` (None: now), by id."""
    return {row.id: origin(row) for row in fetch(session, OriginRow.id, ids, workspace, known_at)}
