"""Queries for what became known between two moments: records that differ, net of back-and-forth, and what was loaded.

Records change only in transactions that load a version of their dataset, so that only rows of those datasets are looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Claim, Dataset, Entity, Listing
from bot.store import claims as stored_claims
from bot.store import datasets
from bot.store.tables import ClaimLinkRow, ClaimRow, EntityRow, ListingRow
from bot.store.versions import batches, claim, fetch, listing, visible

T = TypeVar("T")

Pair: TypeAlias = tuple[int, int, datetime]
"""The keys of two rows of one record, the older first (0: none), and the moment at which the older was known."""


@dataclass(frozen=True, slots=True)
class Span:
    """What to look at: the records of these datasets that a workspace may see, as known at `since` and at `until` (UTC). One that
    has `begun` in that time is looked at from that later moment on."""

    workspace: str
    since: datetime
    until: datetime
    lists: tuple[str, ...]
    begun: Mapping[str, datetime] = field(default_factory=dict)

    def before(self, name: str) -> datetime:
        """The first moment at which a dataset is looked at."""
        return self.begun.get(name, self.since)


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """A record as known at the two moments, of which `since` is the first; None where there was none. The two differ."""

    before: T | None
    after: T | None
    since: datetime


def loads(session: Session, workspace: str, since: datetime, until: datetime) -> tuple[list[Dataset], list[Dataset]]:
    """The datasets of which a version was loaded in that time: those that begin with one of that time, as that first version was;
    and those of which there was one before and another now, as they are now. Of a time with several versions, one may be both."""
    known = {one.list for one in datasets.current(session, workspace, since)}
    loaded = [one for one in datasets.current(session, workspace, until) if one.loaded_at and one.loaded_at > since]
    first = datasets.first(session, workspace, [one.list for one in loaded if one.list not in known], until)
    newer = [one for one in loaded if one.list not in first or one != first[one.list]]
    return [first[one.list] for one in loaded if one.list in first], newer


def listings(session: Session, span: Span) -> list[Change[Listing]]:
    """The listings that differ, in the order they were recorded in."""
    # What a list says of an entry that is on it no more is the same; that it ended is not.
    pairs = _differing(session, ListingRow, span, ListingRow.ended_on)
    records = {row.pk: listing(row) for row in _rows(session, ListingRow.__table__.c, ListingRow.pk, pairs)}
    return [Change(records.get(before), records.get(after), since) for before, after, since in pairs]


def claims(session: Session, span: Span) -> list[Change[Claim]]:
    """The claims that differ, in the order they were recorded in."""
    pairs = _differing(session, ClaimRow, span)
    links: dict[int, list[Any]] = defaultdict(list)
    for link in sorted(_rows(session, ClaimLinkRow.__table__.c, ClaimLinkRow.claim_pk, pairs), key=lambda row: row.pk):
        links[link.claim_pk].append(link)
    rows: Any = _rows(session, ClaimRow.__table__.c, ClaimRow.pk, pairs)
    records = {row.pk: claim(SimpleNamespace(**row._mapping, links=links[row.pk])) for row in rows}  # type: ignore[arg-type]
    return [Change(records.get(before), records.get(after), since) for before, after, since in pairs]


def entities(session: Session, span: Span) -> list[Change[Entity]]:
    """The entities that differ, in brief, in the order they were recorded in."""
    pairs = _differing(session, EntityRow, span)
    found = {row.pk: _brief(row) for row in _rows(session, _IN_BRIEF, EntityRow.pk, pairs)}
    return [Change(found.get(before), found.get(after), since) for before, after, since in pairs]


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


def _rows(session: Session, columns: Iterable[Any], key: Any, pairs: Sequence[Pair]) -> Iterator[Any]:
    """Plain rows, not objects: on the day on which a list of 20,000 is replaced they are read five times as fast."""
    for some in batches(pk for pair in pairs for pk in pair[:2] if pk):
        yield from session.execute(select(*columns).where(key.in_(some)))


def _differing(session: Session, table: Any, span: Span, *also: Any) -> Sequence[Pair]:
    """For each record that differs, the row that was known at the first moment and that at the second (0: none), and the first
    moment. It differs by its fingerprint, or by one of the columns `also`. The past of a listing that is back on its list is
    left out."""
    rows = session.execute(
        select(table.pk, table.id, table.list, table.digest, table.known_from, table.known_until, *also)
        .where(table.id.not_like("%~%"), table.workspace.in_((PUBLIC, span.workspace)), _touched(table, span))
        .order_by(table.pk)
    ).all()
    # A row that did not begin in that time was known before it; one that did not end in it is known after.
    before = {row.id: row for row in rows if row.known_from <= span.before(row.list)}
    after = {row.id: row for row in rows if row.known_until is None or row.known_until > span.until}
    since = {row.id: span.before(row.list) for row in rows}
    pairs = [(before.get(id), after.get(id), at) for id, at in since.items()]
    said = ("digest", *(column.key for column in also))
    return [
        (old.pk if old else 0, new.pk if new else 0, at)
        for old, new, at in pairs
        if [getattr(old, name, "") for name in said] != [getattr(new, name, "") for name in said]
    ]


def _touched(table: Any, span: Span) -> ColumnElement[bool]:
    """What began or ended in a time, each dataset by its own."""
    by_moment: dict[datetime, list[str]] = {span.since: []}
    for name in span.lists:
        by_moment.setdefault(span.before(name), []).append(name)
    return or_(
        *(
            and_(
                table.list.in_(lists),
                or_(
                    and_(table.known_from > since, table.known_from <= span.until),
                    and_(table.known_until > since, table.known_until <= span.until),
                ),
            )
            for since, lists in by_moment.items()
        )
    )
