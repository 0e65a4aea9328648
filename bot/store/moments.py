"""Queries for moments: when anything became known that an answer may rest on, and which records that was about."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update
from sqlalchemy.orm import Session

from bot.records import PUBLIC, IndexedName
from bot.store import tasks
from bot.store.database import lock
from bot.store.join_tables import DecisionRow, MembershipRow
from bot.store.names import IDENTIFIER
from bot.store.tables import (
    AttemptRow,
    ClaimLinkRow,
    ClaimRow,
    DatasetRow,
    EntityRow,
    FieldChangeRow,
    IdentifierRow,
    ListingRow,
    NameRow,
    SourceRow,
)
from bot.store.versions import batches, visible
from bot.store.watch_tables import WatchRow

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)

AHEAD = DAY
"""How far clocks may be apart, or one be set back: what is later than that is of a clock that was wrong."""

RECORDED: Sequence[tuple[Any, Any]] = (
    (DatasetRow, DatasetRow.loaded_at),
    (AttemptRow, AttemptRow.at),
    (DecisionRow, DecisionRow.at),
    (DecisionRow, DecisionRow.undone_at),
)
"""Tables of what is recorded at a moment, each with that moment."""


class Held(NamedTuple):
    """An entry of a list: who is on it, of which kind and countries, and what it says."""

    entity_id: str
    kind: str
    countries: list[str]
    authority: str
    official: str
    programme: str
    measures: list[str]


def take(session: Session, clock: Callable[[], datetime]) -> datetime:
    """The moment of what is recorded in this transaction, which waits until nobody else records anything.

    It is later than all that was recorded, or looked at for a watch, before: the clock of another host may be ahead, or this
    one was set back. What is further ahead than that (`AHEAD`) does not count, or all that follows would get moments of a far
    future, in which no summary looks; watches that looked as far go on from the last moment that counts.
    """
    lock(session, "records")
    now = clock()
    looked = (WatchRow.set_at, WatchRow.seen_until)
    last = _newest(session, (*(at for _, at in RECORDED), *looked), now) or now - TICK
    is_far = WatchRow.seen_until > now + AHEAD
    if session.scalar(select(WatchRow.id).where(is_far).limit(1)) is not None:
        tasks.hold(session, tasks.WATCHES)
        session.execute(update(WatchRow).where(is_far).values(seen_until=last))
    return max(now, last + TICK)


def settled(session: Session, clock: Callable[[], datetime]) -> datetime:
    """Until when all that is recorded can be seen: what comes gets a later moment than all that. Waits for who records now."""
    lock(session, "records", shared=True)
    now = clock()
    return max(now, newest(session, now) or now)


def newest(session: Session, now: datetime) -> datetime | None:
    """The moment of what was recorded last, of what can be seen; None where there is nothing."""
    return _newest(session, [at for _, at in RECORDED], now)


def _newest(session: Session, columns: Iterable[Any], now: datetime) -> datetime | None:
    found = (session.scalar(select(func.max(at)).where(at <= now + AHEAD)) for at in columns)
    return max(filter(None, found), default=None)


def between(session: Session, workspace: str, since: datetime, until: datetime) -> list[datetime]:
    """The moments after `since` up to `until` at which a workspace may have come to see something else: lists were loaded or
    could not be, a person joined records, a day (UTC) began. In their order, each once."""
    found = set(_days(since, until))
    for table, at in RECORDED:
        mine = table.workspace.in_((PUBLIC, workspace))
        found.update(session.scalars(select(at).where(mine, at > since, at <= until).distinct()))
    return sorted(found)


def _days(since: datetime, until: datetime) -> Iterator[datetime]:
    midnight = next_day(since)
    while midnight <= until:
        yield midnight
        midnight += DAY


def next_day(now: datetime) -> datetime:
    """When the next day begins, in UTC."""
    return datetime.combine(now.astimezone(UTC).date() + DAY, time.min, UTC)


def loaded(session: Session, at: datetime, workspace: str | None = None) -> list[str]:
    """The datasets of which a version was loaded at exactly this moment, that a workspace (None: any) sees."""
    wanted = select(DatasetRow.list).where(DatasetRow.loaded_at == at).distinct()
    if workspace is not None:
        wanted = wanted.where(DatasetRow.workspace.in_((PUBLIC, workspace)))
    return list(session.scalars(wanted))


def touched(session: Session, workspace: str, at: datetime, lists: Sequence[str]) -> set[str]:
    """The ids of the entities about which something was recorded, or taken back, at exactly this moment: by these datasets, or
    by joining records."""
    mine = MembershipRow.workspace.in_((PUBLIC, workspace))
    found: set[str] = set()
    for pair in session.execute(
        select(MembershipRow.entity_id, MembershipRow.subject_id).where(mine, _at(MembershipRow, at))
    ):
        found |= {pair.entity_id, pair.subject_id}
    if lists:
        found.update(session.scalars(select(EntityRow.id).where(_of(EntityRow, workspace, at, lists))))
        found.update(session.scalars(select(ListingRow.entity_id).where(_of(ListingRow, workspace, at, lists))))
        found |= _spoken_of(session, workspace, at, lists)
    return found


def _at(table: Any, at: datetime) -> ColumnElement[bool]:
    return or_(table.known_from == at, table.known_until == at)


def _of(table: Any, workspace: str, at: datetime, lists: Sequence[str]) -> ColumnElement[bool]:
    return and_(table.list.in_(lists), table.workspace.in_((PUBLIC, workspace)), _at(table, at))


def claims(session: Session, workspace: str, at: datetime, lists: Sequence[str]) -> list[str]:
    """The ids of the claims that were recorded, changed or taken back then."""
    return list(session.scalars(select(ClaimRow.id).where(_of(ClaimRow, workspace, at, lists)).distinct()))


def _spoken_of(session: Session, workspace: str, at: datetime, lists: Sequence[str]) -> set[str]:
    """Whom those claims are about, and whom those are about that they answer."""
    return _whom(session, workspace, session.scalars(select(ClaimRow.pk).where(_of(ClaimRow, workspace, at, lists))))


def _whom(session: Session, workspace: str, some: Iterable[int]) -> set[str]:
    pks = list(some)
    found: set[str] = set()
    seen: set[int] = set()
    while pks:
        seen.update(pks)
        answered: set[str] = set()
        for kind, target in _links(session, pks):
            (found if kind in ("subject", "possible") else answered).add(target)
        mine = ClaimRow.workspace.in_((PUBLIC, workspace))
        asked = (
            session.scalars(select(ClaimRow.pk).where(mine, ClaimRow.id.in_(some)))
            for some in batches(sorted(answered))
        )
        pks = [pk for some in asked for pk in some if pk not in seen]
    return found


def _links(session: Session, pks: Iterable[int]) -> Iterator[tuple[str, str]]:
    for some in batches(pks):
        wanted = select(ClaimLinkRow.kind, ClaimLinkRow.target_id).where(ClaimLinkRow.claim_pk.in_(some))
        yield from ((row.kind, row.target_id) for row in session.execute(wanted))


def entries(session: Session, name: str, workspace: str, at: datetime) -> dict[tuple[str, str], int]:
    """How many entries of which list of which authority a dataset has, as known at a moment."""
    pair = (ListingRow.authority, ListingRow.official_list)
    mine = and_(ListingRow.list == name, ListingRow.ended_on == "", visible(ListingRow, workspace, at))
    rows = session.execute(select(*pair, func.count()).where(mine).group_by(*pair))
    return {(authority, official): count for authority, official, count in rows}


def each_entry(session: Session, name: str, workspace: str, at: datetime) -> Iterator[Held]:
    """Each entry of a dataset as known at a moment, with whose list it is on and what it says."""
    known = [visible(row, workspace, at) for row in (ListingRow, EntityRow)]
    mine = and_(ListingRow.list == name, EntityRow.list == name, ListingRow.ended_on == "", *known)
    act = (ListingRow.authority, ListingRow.official_list, ListingRow.programme, ListingRow.measures)
    wanted = select(EntityRow.id, EntityRow.kind, EntityRow.countries, *act).where(mine)
    for row in session.execute(wanted.join(ListingRow, ListingRow.entity_id == EntityRow.id)):
        yield Held(*row)


def dated(session: Session, workspace: str, at: datetime) -> set[str]:
    """The ids of the entities of whom, by what was known at a moment, something begins to count on that day: a listing begins
    or ends by its own date, a claim was stated, or published where nobody says when it was stated, or is answered by such a
    one, a version that was loaded ahead of its day changed something."""
    day = at.astimezone(UTC).date()
    begins, ends = _begins(day), _ends(day)
    begun = or_(ListingRow.listed_on.in_(begins), ListingRow.first_seen.in_(begins), ListingRow.ended_on.in_(ends))
    acts = select(ListingRow.entity_id).where(begun, visible(ListingRow, workspace, at))
    mine = FieldChangeRow.workspace.in_((PUBLIC, workspace))
    ahead = select(FieldChangeRow.entity_id).where(
        mine, FieldChangeRow.version == day.isoformat(), FieldChangeRow.recorded_at <= at
    )
    said = _stated(session, workspace, at, begins)
    return {*session.scalars(acts), *session.scalars(ahead), *_whom(session, workspace, said)}


def _stated(session: Session, workspace: str, at: datetime, days: Sequence[str]) -> Iterator[int]:
    """The claims that count from these days on, and maybe some that did before: see `bot.status`."""
    known = visible(ClaimRow, workspace, at)
    yield from session.scalars(select(ClaimRow.pk).where(ClaimRow.stated_on.in_(days), known))
    published = select(SourceRow.id).where(SourceRow.published_on.in_(days))
    sources = set(session.scalars(published.where(SourceRow.workspace.in_((PUBLIC, workspace)))))
    undated = select(ClaimRow.pk, ClaimRow.source_ids).where(ClaimRow.stated_on == "", known)
    for row in session.execute(undated) if sources else ():
        if not sources.isdisjoint(row.source_ids):
            yield row.pk


def _begins(day: date) -> list[str]:
    """The dates, whole or partial, that count from this day on."""
    text = day.isoformat()
    return [text, *([text[:7]] if day.day == 1 else []), *([text[:4]] if (day.month, day.day) == (1, 1) else [])]


def _ends(day: date) -> list[str]:
    """Those that are over with it."""
    text, next = day.isoformat(), day + DAY
    return [text, *([text[:7]] if next.day == 1 else []), *([text[:4]] if (next.month, next.day) == (1, 1) else [])]


def names(session: Session, at: datetime, lists: Sequence[str]) -> Iterator[IndexedName]:
    """The names and numbers of the records, or versions of records, that these datasets recorded at exactly this moment, of every
    workspace."""
    entity = (EntityRow.known_from, EntityRow.workspace, EntityRow.pk)
    new = and_(EntityRow.list.in_(lists), EntityRow.known_from == at)
    own = select(EntityRow.id, NameRow.value, NameRow.kind, EntityRow.kind.label("schema"), *entity)
    numbers = select(EntityRow.id, IdentifierRow.value, literal(IDENTIFIER), literal(""), *entity)
    listing = (ListingRow.known_from, ListingRow.workspace, -ListingRow.pk)
    ids = select(ListingRow.entity_id, ListingRow.record_id, literal(IDENTIFIER), literal(""), *listing)
    for wanted in (
        own.join(NameRow, NameRow.entity_pk == EntityRow.pk).where(new),
        numbers.join(IdentifierRow, IdentifierRow.entity_pk == EntityRow.pk).where(new),
        ids.where(ListingRow.record_id != "", ListingRow.list.in_(lists), ListingRow.known_from == at),
    ):
        for id, value, kind, schema, since, workspace, row in session.execute(wanted.execution_options(yield_per=5000)):
            yield IndexedName(id, value, kind, since, None, schema, workspace, row)
