"""Many watched subjects that changed at one moment, or how all of a portfolio stand -> what is said of that in one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import notices, spreading
from bot.alerts import ending, urgency
from bot.answers import STATUSES, Subject
from bot.changing import Changed
from bot.mail import ALERT
from bot.monitoring import Watch, Watched
from bot.notices import Notice, Telling
from bot.outcomes import Fact, Outcome
from bot.records import Dataset
from bot.shifts import SHIFTS, Shift

MANY = 50
"""More changed subjects of one watch at one moment are told in one."""

NOBODY = Subject("", "no_record")
"""Stands in for how a subject stands where there are too many to be told of each by itself."""


@dataclass(frozen=True, slots=True)
class Source:
    """A list that says something, and its version; of one that is loaded no more, its name alone."""

    title: str
    version: str

    def __str__(self) -> str:
        return f"{self.title} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A subject as it is told among many: what differs most, the entry of a list or who says what it is about, the list that
    says so."""

    watched: Watched
    before: Outcome
    after: Outcome
    shift: Shift
    fact: Fact | None
    by: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class Stood:
    """A subject of a portfolio as it stands, and the lists that say so."""

    watched: Watched
    after: Outcome
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the subjects of a portfolio stand: how many there are, how many by status, those that somebody bears, and the key of
    the one that was added last."""

    total: int
    counts: Counter[str]
    on_record: tuple[tuple[Watched, Outcome], ...]
    newest: int = 0


def bundle(telling: Telling, watch: Watch, some: Sequence[Changed], first: Sequence[Dataset]) -> Notice:
    """One alert about many subjects; `first` are the lists that were loaded for the first time."""
    key = notices.key(watch, 0, telling.seen.at)
    ranked = sorted(some, key=lambda one: (SHIFTS.index(one.shifts[0].code), one.watched.number))
    lines = [_line(one, telling) for one in ranked]
    counts = Counter(one.after.status for one in lines)
    answer = telling.answer(watch.label)
    common: dict[str, Any] = {"watch": watch, "first": first, "counts": _by_status(counts), "answer": answer}
    said = spreading.spread(telling.words, ("alert_bundle", "alert_more"), lines, common)
    after = {"subjects": len(lines), "codes": Counter(one.shift.code for one in lines)}
    alert = telling.alert(watch, lines[0].shift.code, key, answer.receipt, {}, after)
    rows = [_cells(one) for one in lines]
    body = telling.evidence(alert, said) | {"rows": rows}
    told = Notice((watch,), key, tuple(said), urgency(some), answer.receipt, body, (alert,), telling.is_inside)
    return telling.with_sheet(told, spreading.sheet(key, watch.label, HEADER, rows), len(rows))


def _source(telling: Telling, fact: Fact) -> Source:
    """The list that says how an entry stands."""
    found = ending(telling, fact) or next((one for one in telling.coverage if one.list == fact.dataset), None)
    return Source(found.title, found.version) if found else Source(fact.dataset, "")


def _by_status(counts: Counter[str]) -> list[tuple[str, int]]:
    return [(status, counts[status]) for status in STATUSES if counts[status]]


def _line(one: Changed, telling: Telling) -> Line:
    shift = one.shifts[0]
    pair = shift.authority, shift.list
    facts = [fact for some in (one.after, one.before) for fact in some.law]
    on = [fact for fact in facts if fact.pair == pair]
    # Of who is only matched now, the first entry says most.
    is_new = shift.code in ("another", "matched", "status")
    fact = next(iter(on), None) or (next(iter(one.after.law), None) if is_new else None)
    source = _source(telling, fact) if fact else None
    return Line(one.watched, one.before, one.after, shift, fact, shift.after or shift.before, source)


HEADER = (
    *("line", "reference", "name", "entity_id", "entity_name", "before", "after", "what", "authority", "list"),
    *("measures", "since", "source", "matched_name", "score", "reasons"),
)


def _cells(one: Line) -> list[str]:
    fact = one.fact
    act = [fact.authority, fact.list, "; ".join(fact.measures), fact.since] if fact else [""] * 4
    who = [str(one.watched.number), one.watched.reference, one.watched.name, one.after.entity_id, one.after.name]
    said = [one.before.status, one.after.status, one.shift.code, *act, str(one.source or "")]
    return [*who, *said, *_likeness(one.after)]


def _likeness(one: Outcome) -> list[str]:
    alike = one.likeness
    return [alike.name, f"{alike.score:.2f}", "; ".join(why.code for why in alike.reasons)] if alike else [""] * 3


def portfolio(telling: Telling, watch: Watch, tally: Tally) -> Notice:
    """What is said of a portfolio when it is known how its names stand, also those that were added later."""
    key = notices.key(watch, f"names-{tally.newest}" if watch.seen_until else 0, telling.seen.at)
    answer = telling.answer(watch.label)
    counts = _by_status(tally.counts)
    ranked = sorted(tally.on_record, key=lambda each: STATUSES.index(each[1].status))
    lines = [Stood(watched, after, _sources(telling, after)) for watched, after in ranked]
    common: dict[str, Any] = {"watch": watch, "names": tally.total, "counts": counts, "answer": answer}
    said = spreading.spread(telling.words, ("alert_portfolio", "alert_portfolio_more"), lines, common)
    alert = telling.alert(watch, "baseline", key, answer.receipt, {}, {"total": tally.total, "counts": dict(counts)})
    rows = [_stood(one) for one in lines]
    body = telling.evidence(alert, said) | {"rows": rows}
    told = Notice((watch,), key, tuple(said), ALERT, answer.receipt, body, (alert,), telling.is_inside)
    return telling.with_sheet(told, spreading.sheet(key, watch.label, STANDS, rows), len(rows))


def _sources(telling: Telling, one: Outcome) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(_source(telling, fact) for fact in one.law))


STANDS = (
    *("line", "reference", "name", "status", "entity_id", "entity_name", "contested", "listings"),
    *("said_by", "denied_by", "source", "matched_name", "score", "reasons"),
)


def _stood(one: Stood) -> list[str]:
    after = one.after
    who = after.candidates or (after,)
    law = [
        f"{fact.authority}, {fact.list}, {', '.join(fact.measures)}, {fact.since} {fact.state} {fact.until}".strip()
        for fact in after.law
    ]
    told = [law, after.accusers, after.deniers, map(str, one.sources)]
    named = [[each.entity_id for each in who], [each.name for each in who]]
    own = [str(one.watched.number), one.watched.reference, one.watched.name, after.status]
    return [*own, *map("; ".join, named), "yes" if after.contested else "", *map("; ".join, told), *_likeness(after)]
