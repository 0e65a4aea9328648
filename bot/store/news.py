"""Queries for what became known between two moments: records that differ, net of back-and-forth, and what was loaded.

Records change only in transactions that load a version of their dataset, so that only rows of those datasets are looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Claim, Dataset, Entity, Listing
from bot.store import claims as stored_claims
from bot.store import datasets
from bot.store.tables import ClaimLinkRow, ClaimRow, EntityRow, ListingRow
from bot.store.versions import batches, claim, fetch, listing, visible

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """What to look at: the records of these datasets that a workspace may see, as known at `since` and at `until` (UTC)."""

    workspace: str
    since: datetime
    until: datetime
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """A record as known at the two moments; None where there was none. The two differ."""

    before: T | None
    after: T | None


def loads(session: Session, workspace: str, since: datetime, until: datetime) -> tuple[list[Dataset], list[Dataset]]:
    """The datasets of which a version was loaded in that time: those of which it was the first, and the others."""
    known = {one.list for one in datasets.current(session, workspace, since)}
    loaded = [one for one in datasets.current(session, workspace, until) if one.loaded_at and one.loaded_at > since]
    return [one for one in loaded if one.list not in known], [one for one in loaded if one.list in known]


def listings(session: Session, span: Span) -> list[Change[Listing]]:
    """The listings that differ, in the order they were recorded in."""
    # What a list says of an entry that is on it no more is the same; that it ended is not.
    pairs = _differing(session, ListingRow, span, ListingRow.ended_on)
    records = {row.pk: listing(row) for row in _rows(session, ListingRow.__table__.c, ListingRow.pk, pairs)}
    return [Change(records.get(before), records.get(after)) for before, after in pairs]


def claims(session: Session, span: Span) -> list[Change[Claim]]:
    """The claims that differ, in the order they were recorded in."""
    pairs = _differing(session, ClaimRow, span)
    links: dict[int, list[Any]] = defaultdict(list)
    for link in sorted(_rows(session, ClaimLinkRow.__table__.c, ClaimLinkRow.claim_pk, pairs), key=lambda row: row.pk):
        links[link.claim_pk].append(link)
    rows: Any = _rows(session, ClaimRow.__table__.c, ClaimRow.pk, pairs)
    records = {row.pk: claim(SimpleNamespace(**row._mapping, links=links[row.pk])) for row in rows}  # type: ignore[arg-type]
    return [Change(records.get(before), records.get(after)) for before, after in pairs]


def entities(session: Session, span: Span) -> list[Change[Entity]]:
    """The entities that differ, in brief, in the order they were recorded in."""
    pairs = _differing(session, EntityRow, span)
    found = {row.pk: _brief(row) for row in _rows(session, _IN_BRIEF, EntityRow.pk, pairs)}
    return [Change(found.get(before), found.get(after)) for before, after in pairs]


def briefly(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> dict[str, Entity]:
    """The entities of these ids that were known at `known_at` (None: now), by id, without their other names and numbers."""
    seen = select(*_IN_BRIEF).where(visible(EntityRow, workspace, known_at)).order_by(EntityRow.pk)
    rows = (row for some in batches(ids) for row in session.execute(seen.where(EntityRow.id.in_(some))))
    return {row.id: _brief(row) for row in rows}


_IN_BRIEF = (EntityRow.pk, EntityRow.id, EntityRow.kind, EntityRow.name, EntityRow.countries)


def _brief(row: Any) -> Entity:
    return Entity(row.id, row.kind, row.name, countries=tuple(row.countries))


def held(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> list[Listing]:
    """The entries of lists that these entities have, or had, as known at `known_at` (None: now), in short: on which list of which
    authority, and until when."""
    row = ListingRow
    columns = (row.id, row.entity_id, row.authority, row.official_list, row.ended_on, row.read_on)
    wanted = select(*columns).where(visible(row, workspace, known_at), row.id.not_like("%~%"))
    rows = (one for some in batches(ids) for one in session.execute(wanted.where(row.entity_id.in_(some))))
    return [
        Listing(one.id, one.entity_id, one.authority, one.official_list, (), one.read_on, (), ended_on=one.ended_on)
        for one in rows
    ]


def concerning(session: Session, said: Iterable[Claim], workspace: str, known_at: datetime | None) -> list[Claim]:
    """These claims, the others about those they are about, and all that answers one of them or is answered by one."""
    found = {one.id: one for one in said}
    about = (id for one in found.values() for id in (*one.subject_ids, *one.possible_ids))
    found |= {one.id: one for one in stored_claims.of_entities(session, about, workspace, known_at)}
    new = [one for one in found.values() if not one.subject_ids and not one.possible_ids]
    while new:
        linked = [one for one in _linked(session, new, workspace, known_at) if one.id not in found]
        found |= {one.id: one for one in linked}
        new = linked
    return list(found.values())


def _linked(session: Session, said: list[Claim], workspace: str, known_at: datetime | None) -> list[Claim]:
    """What answers or supersedes these claims, and what they answer."""
    links = select(ClaimLinkRow.claim_pk).where(ClaimLinkRow.kind.in_(("answers", "supersedes")))
    ids = batches(one.id for one in said)
    pks = [pk for some in ids for pk in session.scalars(links.where(ClaimLinkRow.target_id.in_(some)))]
    replies = fetch(session, ClaimRow.pk, pks, workspace, known_at)
    answered = fetch(session, ClaimRow.id, (id for one in said for id in one.answers), workspace, known_at)
    return [claim(row) for row in (*replies, *answered)]


def _rows(session: Session, columns: Iterable[Any], key: Any, pairs: Sequence[tuple[int, int]]) -> Iterator[Any]:
    """Plain rows, not objects: on the day on which a list of 20,000 is replaced they are read five times as fast."""
    for some in batches(pk for pair in pairs for pk in pair if pk):
        yield from session.execute(select(*columns).where(key.in_(some)))


def _differing(session: Session, table: Any, span: Span, *also: Any) -> Sequence[tuple[int, int]]:
    """For each record that differs, the row that was known at the first moment and that at the second; 0 for none. It differs by
    its fingerprint, or by one of the columns `also`. The past of a listing that is back on its list is left out."""
    begun = and_(table.known_from > span.since, table.known_from <= span.until)
    ended = and_(table.known_until > span.since, table.known_until <= span.until)
    rows = session.execute(
        select(table.pk, table.id, table.digest, table.known_from, table.known_until, *also)
        .where(
            table.id.not_like("%~%"),
            table.list.in_(span.lists),
            table.workspace.in_((PUBLIC, span.workspace)),
            or_(begun, ended),
        )
        .order_by(table.pk)
    ).all()
    # A row that did not begin in that time was known before it; one that did not end in it is known after.
    before = {row.id: row for row in rows if row.known_from <= span.since}
    after = {row.id: row for row in rows if row.known_until is None or row.known_until > span.until}
    ids = dict.fromkeys(row.id for row in rows)
    pairs = [(before.get(id), after.get(id)) for id in ids]
    said = ("digest", *(column.key for column in also))
    return [
        (old.pk if old else 0, new.pk if new else 0)
        for old, new in pairs
        if [getattr(old, name, "") for name in said] != [getattr(new, name, "") for name in said]
    ]
