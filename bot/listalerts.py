"""What a moment brought of lists and topics that are watched, and of lists that answers rest on -> what is said of that."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bot import filters, notices, roll, spreading
from bot.answers import Digest, Event
from bot.changing import Moment
from bot.filters import Filters
from bot.gathering import gather
from bot.lapsing import Lapse, Resting
from bot.mail import ALERT, SERIOUS
from bot.monitoring import Watch
from bot.notices import Notice, Telling
from bot.records import Dataset
from bot.scoping import Wanted, Watching
from bot.store import moments, news
from bot.store.moments import Held

SHOWN = 9
"""How many changes the first message tells, of each kind some."""

ORDER = ("added", "removed", "changed")
"""What a change of a list is counted as, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A change as it is told among others: what it is counted as, the version that it came with, and whether that is so because
    the entry is not in it."""

    event: Event
    means: str
    version: Dataset | None = None
    is_absent: bool = False


def of_list(session: Session, telling: Telling, watch: Watch, now: Moment) -> Notice | None:
    """What a version changed on a list that is watched; None where that is nothing."""
    narrowed = filters.from_json(watch.narrowed)
    first, newer = news.loads(session, telling.seen.knowledge.workspace, now.before, now.at)
    begun = [(one, count) for one in first if (count := _entries(session, telling, narrowed, one))]
    digest = _gathered(session, telling, now, Watching(lists=(narrowed,)))
    events = tuple(one for one in digest.events if one.listing and _is_wanted(one, narrowed))
    if not events and not begun:
        return None
    counts = Counter(_means(one) for one in events)
    sets = {one.list: one for one in (*first, *newer)}
    lines = [_line(one, sets) for one in sorted(events, key=lambda one: ORDER.index(_means(one)))]
    touched = list({one.version.list: one.version for one in lines if one.version}.values())
    values = {"counts": counts, "sets": touched, "begun": begun}
    lines = spreading.some_of_each(lines, lambda one: one.means, SHOWN)
    return _notice(telling, watch, "alert_list", replace(digest, events=events), values, lines)


def _line(event: Event, sets: Mapping[str, Dataset]) -> Line:
    fact = event.listing
    version = sets.get(fact.listing.id.partition(":")[0]) if fact else None
    is_absent = bool(fact and fact.listing.last_seen and fact.listing.last_seen < fact.listing.ended_on)
    return Line(event, _means(event), version, is_absent or event.what == "removed")


def _means(event: Event) -> str:
    """What a change of a list is counted as."""
    return {"listed": "added", "terms": "changed"}.get(event.what, "removed")


def _is_wanted(event: Event, narrowed: Filters) -> bool:
    """Whether a change is of what a watch is narrowed to besides lists, kinds and countries."""
    act = event.listing.listing if event.listing else None
    if act is None or (narrowed.changes and _means(event) not in narrowed.changes):
        return False
    return _is_under(narrowed, act.programme, act.measures)


def _entries(session: Session, telling: Telling, narrowed: Filters, one: Dataset) -> int:
    """How many entries a list that was loaded for the first time has of what is watched."""
    # What only copies a list begins nothing.
    publishers = {form for each in narrowed.lists for form in each.forms}
    is_copy = publishers and one.form not in publishers
    if is_copy or (narrowed.datasets and one.list not in narrowed.datasets):
        return 0
    sees, at = telling.seen.reading.workspace, telling.seen.at
    if narrowed.countries or narrowed.kinds or narrowed.programmes or narrowed.measures:
        held = moments.each_entry(session, one.list, sees, at)
        return len({each.entity_id for each in held if _is_held(each, narrowed)})
    if not narrowed.lists:
        return one.entities
    counts = moments.entries(session, one.list, sees, at).items()
    return sum(count for pair, count in counts if any(each.is_called(*pair) for each in narrowed.lists))


def _is_held(one: Held, narrowed: Filters) -> bool:
    """Whether an entry is of what a watch is narrowed to."""
    if narrowed.lists and not any(each.is_called(one.authority, one.official) for each in narrowed.lists):
        return False
    if narrowed.kinds and one.kind not in narrowed.kinds:
        return False
    if narrowed.countries and set(narrowed.countries).isdisjoint(one.countries):
        return False
    return _is_under(narrowed, one.programme, one.measures)


def _is_under(narrowed: Filters, programme: str, measures: Iterable[str]) -> bool:
    if narrowed.programmes and not any(each in programme.casefold() for each in narrowed.programmes):
        return False
    return not narrowed.measures or not set(narrowed.measures).isdisjoint(measures)


def of_topic(session: Session, telling: Telling, watch: Watch, now: Moment) -> Notice | None:
    """What was said about a topic that is watched; None where that is nothing."""
    digest = _gathered(session, telling, now, Watching(topics=(watch.target,)))
    wanted = ("named", "denied", "retracted", "reported", "withdrawn")
    events = tuple(one for one in digest.events if one.claim and one.what in wanted)
    if not events:
        return None
    denied = sum(bool(one.denials) for one in events if one.what == "named")
    values = {"counts": Counter(one.what for one in events), "denied": denied}
    return _notice(
        telling, watch, "alert_topic", replace(digest, events=events), values, [Line(one, "") for one in events]
    )


def _gathered(session: Session, telling: Telling, now: Moment, watching: Watching) -> Digest:
    seen = telling.seen.knowledge
    return gather(session, seen.workspace, now.before, now.at, Wanted(watching=watching), required=seen.required)


def _notice(
    telling: Telling, watch: Watch, template: str, digest: Digest, values: dict[str, Any], lines: Sequence[Line]
) -> Notice:
    """The alert about a watch as a whole."""
    events = digest.events
    key = notices.key(watch, 0, telling.seen.at)
    answer = telling.answer(watch.target or watch.label)
    common = {**values, "watch": watch, "answer": answer}
    said = spreading.spread(telling.words, (template, f"{template}_more"), lines, common, SHOWN)
    begun = values.get("begun", ())
    after = {
        "counts": dict(values["counts"]),
        "begun": sum(count for _, count in begun),
        "sources": [
            f"{one.list} {one.version}".strip() for one in (*values.get("sets", ()), *(one for one, _ in begun))
        ],
        "records": [one.record_id for one in events[:1000]],
    }
    what = events[0].what if events else "loaded"
    alert = telling.alert(watch, what, key, answer.receipt, {}, after)
    body = telling.evidence(alert, said)
    urgency = SERIOUS if any(one.what == "listed" for one in events) else ALERT
    told = Notice((watch,), key, tuple(said), urgency, answer.receipt, body, (alert,), telling.is_inside)
    table = roll.table(telling.words, replace(digest, records=(), fields=()))
    return telling.with_sheet(told, spreading.file(key, watch.label, table), len(events))


def of_source(telling: Telling, lapse: Lapse, some: Sequence[Resting]) -> Notice:
    """What is said in one place of lists that died or came back, of all that is watched there and rests on them."""
    watch = some[0].watch
    key = notices.key(watch, f"{'back' if lapse.is_back else 'lost'}-{lapse.form}", telling.seen.at)
    answer = telling.answer(lapse.sets[0].title)
    message = telling.words.message("alert_source", answer=answer, lapse=lapse, some=list(some), watch=watch)
    what = "source_back" if lapse.is_back else "source_lost"
    after = {"lists": [one.list for one in lapse.sets], "state": lapse.sets[0].state}
    alerts = tuple(telling.alert(one.watch, what, key, answer.receipt, {}, after | _tally(one)) for one in some)
    body = telling.evidence(alerts[0], [message])
    mine = tuple(one.watch for one in some)
    return Notice(mine, key, (message,), ALERT, answer.receipt, body, alerts, telling.is_inside)


def _tally(one: Resting) -> dict[str, int]:
    return {"total": one.total, "listed": one.listed, "nobody": one.nobody}


def by_place(some: Iterable[Resting]) -> list[list[Resting]]:
    """What rests on a list, by where it is watched."""
    found: dict[str, list[Resting]] = {}
    for one in some:
        found.setdefault(one.watch.place, []).append(one)
    return list(found.values())
