"""What a moment brought of lists and topics that are watched, and of lists that answers rest on -> what is said of that."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot import filters, notices
from bot.answers import Digest, Event
from bot.filters import Filters
from bot.gathering import gather
from bot.mail import ALERT, SERIOUS
from bot.monitoring import Watch
from bot.notices import Notice, Telling
from bot.records import Dataset
from bot.scoping import Wanted, Watching
from bot.store import moments, news
from bot.watches import Lapse, Moment, Resting

SHOWN = 10
"""How many changes are told one by one."""


def of_list(session: Session, telling: Telling, watch: Watch, now: Moment) -> Notice | None:
    """What a version changed on a list that is watched; None where that is nothing."""
    narrowed = filters.from_json(watch.narrowed)
    first, newer = news.loads(session, telling.seen.knowledge.workspace, now.before, now.at)
    begun = [(one, count) for one in first if (count := _entries(session, telling, narrowed, one))]
    digest = _gathered(session, telling, now, Watching(lists=(narrowed,)))
    events = tuple(one for one in digest.events if one.listing and _is_wanted(one, narrowed))
    if not events and not begun:
        return None
    lists = {event.listing.listing.id.partition(":")[0] for event in events if event.listing}
    sets = [one for one in (*first, *newer) if one.list in lists]
    counts = Counter(_means(one) for one in events)
    values = {"events": events, "counts": counts, "sets": sets, "begun": begun}
    return _notice(telling, watch, "alert_list", events, values)


def _means(event: Event) -> str:
    """What a change of a list is counted as."""
    return {"listed": "added", "ended": "removed", "removed": "removed"}.get(event.what, "changed")


def _is_wanted(event: Event, narrowed: Filters) -> bool:
    """Whether a change is of what a watch is narrowed to besides lists, kinds and countries."""
    act = event.listing.listing if event.listing else None
    if act is None or (narrowed.changes and _means(event) not in narrowed.changes):
        return False
    if narrowed.programmes and not any(one in act.programme.casefold() for one in narrowed.programmes):
        return False
    return not narrowed.measures or not set(narrowed.measures).isdisjoint(act.measures)


def _entries(session: Session, telling: Telling, narrowed: Filters, one: Dataset) -> int:
    """How many entries a list that was loaded for the first time has of what is watched."""
    if narrowed.datasets and one.list not in narrowed.datasets:
        return 0
    if not narrowed.lists:
        return one.entities
    reading = telling.seen.reading
    held = moments.entries(session, one.list, reading.workspace, telling.seen.at)
    wanted = [(pair, count) for pair, count in held.items() if any(each.is_called(*pair) for each in narrowed.lists)]
    # What only copies a list begins nothing.
    publishers = {form for each in narrowed.lists for form in each.forms}
    return sum(count for _, count in wanted) if not publishers or one.form in publishers else 0


def of_topic(session: Session, telling: Telling, watch: Watch, now: Moment) -> Notice | None:
    """What was said about a topic that is watched; None where that is nothing."""
    digest = _gathered(session, telling, now, Watching(topics=(watch.target,)))
    wanted = ("named", "denied", "retracted", "reported", "withdrawn")
    events = tuple(one for one in digest.events if one.claim and one.what in wanted)
    if not events:
        return None
    denied = sum(bool(one.denials) for one in events if one.what == "named")
    values = {"events": events, "counts": Counter(one.what for one in events), "denied": denied}
    return _notice(telling, watch, "alert_topic", events, values)


def _gathered(session: Session, telling: Telling, now: Moment, watching: Watching) -> Digest:
    seen = telling.seen.knowledge
    return gather(session, seen.workspace, now.before, now.at, Wanted(watching=watching), required=seen.required)


def _notice(telling: Telling, watch: Watch, template: str, events: Sequence[Event], values: dict[str, Any]) -> Notice:
    """The alert about a watch as a whole."""
    key = notices.key(watch, 0, telling.seen.at)
    answer = telling.answer(watch.target or watch.label)
    shown = values | {"events": events[:SHOWN], "left": len(events) - SHOWN, "watch": watch, "answer": answer}
    message = telling.words.message(template, **shown)
    after = {"counts": dict(values["counts"]), "records": [one.record_id for one in events[:1000]]}
    what = events[0].what if events else "loaded"
    alert = telling.alert(watch, what, key, answer.receipt, {}, after)
    body = telling.evidence(alert, [message])
    is_serious = any(one.what == "listed" for one in events)
    return Notice((watch,), key, (message,), SERIOUS if is_serious else ALERT, answer.receipt, body, (alert,))


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
    return Notice(tuple(one.watch for one in some), key, (message,), ALERT, answer.receipt, body, alerts)


def _tally(one: Resting) -> dict[str, int]:
    return {"total": one.total, "listed": one.listed, "nobody": one.nobody}


def by_place(some: Iterable[Resting]) -> list[list[Resting]]:
    """What rests on a list, by where it is watched."""
    found: dict[str, list[Resting]] = {}
    for one in some:
        found.setdefault(one.watch.place, []).append(one)
    return list(found.values())
