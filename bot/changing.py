"""Route 5: what became known at a moment -> how what is watched has changed by it. Reads only."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import bearing, lookup, outcomes, screening, shifts
from bot.answers import Standing, Subject
from bot.dossier import Reading
from bot.lists import PUBLICATIONS
from bot.lookup import Knowledge
from bot.matching.index import CANDIDATES, Index, View
from bot.monitoring import Watch, Watched
from bot.outcomes import Outcome
from bot.records import PUBLIC
from bot.screening import Asked
from bot.shifts import Shift
from bot.store import moments, watches
from bot.store.watches import Known

AT_ONCE = 500
"""How many watched subjects are held in memory while they are looked at."""

SMALL, FEW = 3_000, 16
"""How many names may be new for it to be enough to look at the few that share most with one that is watched: of 295 labelled
queries that match among 2,300 names, 294 do so with one of these."""

UNKNOWN = Outcome("no_record")
"""How a subject stood of which nothing was known."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is looked into: what a process holds ready for those who see it, and their records as known at a moment."""

    knowledge: Knowledge
    reading: Reading

    @property
    def at(self) -> datetime:
        """The moment."""
        return self.reading.known_at or datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which something may have become known, and the one before it: the datasets of which a version was loaded then,
    the entities that it was about, and the names that were recorded then."""

    at: datetime
    before: datetime
    lists: tuple[str, ...]
    touched: frozenset[str]
    names: Index


@dataclass(frozen=True, slots=True)
class Changed:
    """A watched subject that stands otherwise than before: what differs so that it is told (nothing, where only words do), and
    how it stands by what is `seen`."""

    watch: Watch
    watched: Watched
    before: Outcome
    after: Outcome
    shifts: tuple[Shift, ...]
    subject: Subject
    seen: Sight

    @property
    def known(self) -> Known:
        """What is kept of it."""
        return known(self.watched, self.after, self.subject, self.watch.kind, self.seen)

    @property
    def becomes(self) -> str:
        """The entity that a watch on a name is on from now on; empty where it is none, or stays one."""
        return _becomes(self.watch.kind, self.subject, self.after)


@dataclass(frozen=True, slots=True)
class Begun:
    """A watched subject when its watch begins: how it stands, what is kept of that, and the entity that a watch on a name is on
    from now on (empty: none, or it stays one)."""

    watched: Watched
    after: Outcome
    known: Known
    becomes: str


def sight(session: Session, knowledge: Knowledge, at: datetime) -> Sight:
    """What those see at a moment for whom a process knows all that."""
    day = at.astimezone(UTC).date()
    return Sight(knowledge, Reading(session, knowledge.workspace, at, day, knowledge.required))


def moment(session: Session, workspace: str, before: datetime, at: datetime, names: Index) -> Moment:
    """What a moment brought, as a workspace sees it; `names` are those that were recorded then."""
    lists = tuple(moments.loaded(session, at, workspace))
    touched = moments.touched(session, workspace, at, lists)
    if at == moments.next_day(before):
        touched |= moments.dated(session, workspace, at)
    return Moment(at, before, lists, frozenset(touched), names)


def look(some: Sequence[Watched], kinds: Mapping[str, str], seen: Sight) -> list[Subject]:
    """How each of these subjects stands; `kinds` are those of their watches, by id. A name, also one of a portfolio, is looked
    up each time: whom it means may change. So is that of an entity which is hidden from those who see this."""
    hidden = _hidden(some, kinds, seen)
    pinned = {one.pk: _records(one, hidden) for one in some if one.entity_id and kinds[one.watch_id] == "entity"}
    standings = seen.reading.standings(id for ids in pinned.values() for id in ids)
    view = seen.knowledge.view(seen.reading)
    is_found = {pk for pk, ids in pinned.items() if not standings.keys().isdisjoint(ids)}
    names = [one for one in some if one.pk not in pinned or (one.pk in hidden and one.pk not in is_found)]
    mentions = [screening.mention(seen.knowledge, view, Asked(one.name, one.schema, one.country)) for one in names]
    weighed = lookup.weigh_names(mentions, seen.reading, seen.knowledge)
    found = dict(zip((one.pk for one in names), weighed, strict=True))
    return [found[one.pk] if one.pk in found else _entity(one, pinned[one.pk], standings) for one in some]


def _hidden(some: Iterable[Watched], kinds: Mapping[str, str], seen: Sight) -> set[int]:
    pinned = {one.pk: one.entity_id for one in some if kinds[one.watch_id] == "entity" and one.entity_id}
    hidden = bearing.hidden(seen.reading, pinned.values())
    return {pk for pk, id in pinned.items() if id in hidden}


def _records(one: Watched, hidden: Collection[int]) -> list[str]:
    """The records that an entity had when it was last looked at: one of them may be gone. Where it was hidden then, they are
    those of whoever has its name."""
    made = one.outcome or {}
    by_name = one.pk in hidden and made.get("seen_as") == PUBLIC
    return [one.entity_id, *(() if by_name else made.get("records", ()))]


def _entity(one: Watched, ids: Iterable[str], standings: Mapping[str, Standing]) -> Subject:
    standing = next((standings[id] for id in ids if id in standings), None)
    if standing is None:
        return Subject(one.name, "no_record")
    return Subject(one.name, standing.status, standing.contested, standing.named, standing)


def known(one: Watched, after: Outcome, subject: Subject, kind: str, seen: Sight) -> Known:
    """What is kept of a subject, with whose eyes saw it and when. An entity that is on record no more is still looked for."""
    records = outcomes.links(subject) or after.records
    is_same = not after.entity_id or after.likeness or one.entity_id in records
    pinned = one.entity_id if kind == "entity" and is_same else ""
    made = {"seen_as": seen.knowledge.workspace, "seen_at": seen.at.isoformat()}
    return Known(one.pk, pinned or after.entity_id, outcomes.as_json(after) | made, records)


def _becomes(kind: str, subject: Subject, after: Outcome) -> str:
    """Who is only alike is told of, and the name is looked for on: whoever bears it may still come."""
    return after.entity_id if kind == "name" and bearing.is_borne(subject) else ""


def baseline(some: Sequence[Watched], kind: str, seen: Sight) -> list[Begun]:
    """How these subjects of a watch of a kind stand when it begins."""
    subjects = look(some, {one.watch_id: kind for one in some}, seen)
    found = [(one, _after(one, subject, None), subject) for one, subject in zip(some, subjects, strict=True)]
    return [
        Begun(one, after, known(one, after, subject, kind, seen), _becomes(kind, subject, after))
        for one, after, subject in found
    ]


def _after(one: Watched, subject: Subject, before: Outcome | None) -> Outcome:
    found = outcomes.outcome(subject)
    kept = before.records if before else (one.entity_id,) if one.entity_id else ()
    return replace(found, records=kept) if found.is_nobody else found


def subjects(session: Session, some: Iterable[Watch], then: Sight) -> Iterator[tuple[list[Watched], set[int]]]:
    """The subjects of these watches in portions, as they stood `then`. Others read along by now, or no more; or a watch was set
    back: what was seen by other eyes, or later than its watch is at, is made anew, and the keys of those are told beside."""
    mine = {one.id: one for one in some}
    kinds = {id: one.kind for id, one in mine.items()}
    for portion in watches.each_watched(session, mine, AT_ONCE):
        stale = [one for one in portion if one.outcome and _is_stale(one.outcome, mine[one.watch_id], then)]
        anew = {}
        for one, subject in zip(stale, look(stale, kinds, then), strict=True):
            made = known(one, _after(one, subject, None), subject, kinds[one.watch_id], then)
            anew[one.pk] = replace(one, entity_id=made.entity_id, outcome=made.outcome)
        yield [anew.get(one.pk, one) for one in portion], set(anew)


def _is_stale(made: Mapping[str, Any], watch: Watch, then: Sight) -> bool:
    if made.get("seen_as") != then.knowledge.workspace:
        return True
    return watch.seen_until is not None and datetime.fromisoformat(made["seen_at"]) > watch.seen_until


def changed(session: Session, some: Sequence[Watch], now: Moment, seen: Sight, then: Sight) -> Iterator[Changed]:
    """The subjects of these watches that stand otherwise by what a moment brought than they stood `then`; those also of which
    that had to be made anew."""
    mine = {one.id: one for one in some if one.kind in ("entity", "name", "portfolio")}
    kinds = {id: one.kind for id, one in mine.items()}
    resting = watches.resting_on(session, now.touched, mine)
    looking = _Looking(now, seen, resting, _stated_anew(now, seen))
    for portion, anew in subjects(session, mine.values(), then) if now.lists or now.touched else ():
        hidden = _hidden(portion, kinds, seen)
        names = {one.pk for one in portion if one.pk in hidden or kinds[one.watch_id] != "entity"}
        wanted = [one for one in portion if one.pk in anew or looking.may_differ(one, is_name=one.pk in names)]
        for one, subject in zip(wanted, look(wanted, kinds, seen), strict=True):
            before = outcomes.from_json(one.outcome) if one.outcome else UNKNOWN
            after = _after(one, subject, before)
            if after != before or one.pk in anew:
                found = tuple(shifts.compare(before, after))
                yield Changed(mine[one.watch_id], one, before, after, found, subject, seen)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Tells what must be looked at again from what cannot have changed."""

    now: Moment
    seen: Sight
    resting: Collection[int]
    stated: Collection[tuple[str, str]]

    def may_differ(self, one: Watched, *, is_name: bool) -> bool:
        """Whether something was recorded about what is known of it, about whoever bears a name like it, or its copies of a list
        may count no more."""
        if one.pk in self.resting or self._has_copies(one):
            return True
        return bool(is_name and self.now.names.segments and self._is_near(one))

    def _is_near(self, one: Watched) -> bool:
        view = View(self.seen.knowledge.workspace, self.now.at, None, self.seen.knowledge.thresholds.match)
        few = sum(segment.size for segment in self.now.names.segments) <= SMALL
        return bool(self.now.names.match(one.name, view, one.schema, FEW if few else CANDIDATES))

    def _has_copies(self, one: Watched) -> bool:
        """Whether it rests on what another file says of a list that its publisher has brought out anew."""
        facts = (one.outcome or {}).get("law", ()) if self.stated else ()
        return any(
            fact["dataset"] not in self.now.lists
            and not {(fact["authority"], fact["list"]), (fact["authority"], "")}.isdisjoint(self.stated)
            for fact in facts
        )


def _stated_anew(now: Moment, seen: Sight) -> set[tuple[str, str]]:
    """The lists (authority and name) whose publishers' own files were loaded at a moment."""
    forms = {one.form for one in seen.reading.coverage if one.list in now.lists}
    return {pair for form in forms if form in PUBLICATIONS for pair in PUBLICATIONS[form].covers}
