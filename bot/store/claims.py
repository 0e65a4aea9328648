"""Queries for claims, and for the sources and origins that claims and listings rest on."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Claim, Origin, Source
from bot.store.tables import ClaimLinkRow, ClaimRow, OriginRow, SourceRow
from bot.store.versions import batches, claim, fetch, fetch_all, origin, source

D = TypeVar("D", SourceRow, OriginRow)


def of_entities(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> list[Claim]:
    """The claims that are, or may be, about these entities, with all that answer or supersede them, and what those answer."""
    about = _pointing_at(session, ids, ("subject", "possible"), workspace, known_at)
    found = {one.id: one for one in about}
    new = list(found.values())
    while new:
        replies = _pointing_at(session, (one.id for one in new), ("answers", "supersedes"), workspace, known_at)
        answered = fetch(session, ClaimRow.id, (id for one in new for id in one.answers), workspace, known_at)
        new = [one for one in (*replies, *map(claim, answered)) if one.id not in found]
        found |= {one.id: one for one in new}
    return list(found.values())


def every(session: Session, workspace: str, known_at: datetime | None) -> list[Claim]:
    """All claims known at `known_at` (None: now), in the order they were recorded in."""
    return [claim(row) for row in fetch_all(session, ClaimRow, workspace, known_at)]


def ever(session: Session, workspace: str) -> list[Claim]:
    """Every version of every claim that was ever recorded, oldest first."""
    rows = select(ClaimRow).where(ClaimRow.workspace.in_((PUBLIC, workspace))).order_by(ClaimRow.pk)
    return [claim(row) for row in session.scalars(rows)]


def _pointing_at(
    session: Session, targets: Iterable[str], kinds: tuple[str, ...], workspace: str, known_at: datetime | None
) -> list[Claim]:
    links = select(ClaimLinkRow.claim_pk).where(ClaimLinkRow.kind.in_(kinds))
    pks = [pk for some in batches(targets) for pk in session.scalars(links.where(ClaimLinkRow.target_id.in_(some)))]
    return [claim(row) for row in fetch(session, ClaimRow.pk, pks, workspace, known_at)]


def sources(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Source]:
    """The sources of these ids, by id, as known at `known_at` (None: now); one that was taken back since, as last known."""
    return {row.id: source(row) for row in _documents(session, SourceRow, ids, workspace, known_at)}


def origins(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Origin]:
    """The origins of these ids, by id, in the same way."""
    return {row.id: origin(row) for row in _documents(session, OriginRow, ids, workspace, known_at)}


def _documents(
    session: Session, table: type[D], ids: Iterable[str], workspace: str, known_at: datetime | None
) -> list[D]:
    wanted = list(dict.fromkeys(ids))
    found = fetch(session, table.id, wanted, workspace, known_at)
    gone = set(wanted) - {row.id for row in found}
    for some in batches(gone):
        older = select(table).where(table.id.in_(some), table.workspace.in_((PUBLIC, workspace))).order_by(table.pk)
        found += session.scalars(older)
    return found
