"""Looks at what is watched: takes the workspaces where it is due, goes through each moment in order, and keeps what it brought in
one transaction: how all stands now, the alerts, their receipts and their messages."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot import alerts, listalerts, notices, outcomes, receipts, watches
from bot.alerts import MANY, Tally
from bot.clock import attempt
from bot.desk import Desk
from bot.lookup import Knowledge
from bot.matching.index import Index
from bot.monitoring import Watch
from bot.notices import Notice, Telling
from bot.records import PUBLIC, Dataset
from bot.store import channels, moments, news, outbox, tasks
from bot.store import watches as stored
from bot.store.database import Database, lock
from bot.store.tasks import Task
from bot.store.watches import Known
from bot.watches import AT_ONCE, Changed, Moment, Sight

LEASE = timedelta(seconds=60)
"""How long a workspace stays with a process that gives no sign of life."""

LATER = timedelta(seconds=30)
"""How long one waits where it went wrong, and twice that the next time."""

LATEST = timedelta(hours=1)

FIRST = 10
"""How many subjects of each status a portfolio's first message names."""

LOADED = ("list", "topic")
"""Kinds of watches that are about no subject."""


@dataclass(slots=True)
class Step:
    """What one transaction keeps: up to which moment watches have been looked at (None: not yet at all), what is known of their
    subjects, who a name turned out to be, and what is told. `is_last`: there is nothing after it yet."""

    watches: Sequence[Watch]
    seen_until: datetime | None
    known: list[Known] = field(default_factory=list)
    of_watch: dict[int, str] = field(default_factory=dict)
    became: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    is_last: bool = False

    @property
    def is_any(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.known or self.notices)

    def add(self, watch: Watch, some: Iterable[Known]) -> None:
        """Takes in what is known of subjects of a watch."""
        for one in some:
            self.known.append(one)
            self.of_watch[one.pk] = watch.id


class Alerting:
    """One process's hands on what is watched in the workspaces of `ids`; `desk` looks things up, and `now` is the time."""

    def __init__(
        self, database: Database, desk: Desk, now: Callable[[], datetime], ids: Callable[[], Collection[str]]
    ) -> None:
        self.database, self.desk, self.now, self.ids = database, desk, now, ids
        self.name = uuid.uuid4().hex
        self.busy: set[str] = set()
        self.is_stopping = False
        self.names: tuple[datetime | None, Index] = None, Index(desk.names.analyser, ())

    def stop(self) -> None:
        """Lets what is under way be the last."""
        self.is_stopping = True

    def beat(self) -> None:
        """Says that this process lives, where it is at something."""
        if busy := list(self.busy):
            with self.database.writing() as session:
                tasks.keep_taken(session, self.name, busy, self.now() + LEASE)

    def round(self) -> int:
        """Looks at all that is due, until there is nothing or it is told to stop: how many steps that took. What goes wrong in
        one workspace stops no other. Raises Missing where there is no database."""
        steps = 0
        while not self.is_stopping and (task := self._take()) is not None:
            self.busy.add(task.key)
            try:
                if not attempt(f"watches of {task.workspace}", partial(self._serve, task)):
                    self._put_off(task)
            finally:
                self.busy.discard(task.key)
            steps += 1
        return steps

    def _take(self) -> Task | None:
        now = self.now()
        with self.database.writing() as session:
            taken = tasks.take(session, tasks.WATCHES, self.name, now, now + LEASE, 1, self.ids())
        return taken[0] if taken else None

    def _put_off(self, task: Task) -> None:
        wait = min(LATER * 2 ** min(task.attempts, 10), LATEST)
        with self.database.writing() as session:
            tasks.put_off(session, task, self.name, self.now() + wait)

    def _serve(self, task: Task) -> None:
        """Takes a workspace one step on."""
        with self.database.writing() as session:
            # From here on, whoever loads records takes a later time for them.
            lock(session, "records")
            until = self.now()
        with self.database.reading() as session:
            step = self.prepare(session, task.workspace, until)
        with self.database.writing() as session:
            due_at = moments.next_day(until) if step.is_last else until
            if tasks.done(session, task, self.name, due_at):
                keep(session, step, self.now())

    def prepare(self, session: Session, workspace: str, until: datetime) -> Step:
        """The next moment that brought something, or the whole time where none did; of a new watch, how it all stands."""
        mine = [one for one in stored.active(session, workspace) if one.paused_at is None]
        if new := next((one for one in mine if _is_new(session, one)), None):
            return self._begin(session, new)
        begun = [(one, one.seen_until) for one in mine if one.seen_until]
        before = min((seen for _, seen in begun), default=until)
        for at in moments.between(session, workspace, before, until):
            step = self._at(session, workspace, before, at, [one for one, seen in begun if seen < at])
            if step.is_any:
                return step
            before = at
        # Up to the last moment that there was, and not up to now: a clock that is set back hides nothing then.
        return Step([one for one, seen in begun if seen < before], before, is_last=True)

    def _begin(self, session: Session, watch: Watch) -> Step:
        """How the next subjects stand of a watch that is new, as it was known when it was set; or those that are new to it."""
        at = watch.seen_until or watch.set_at
        step = Step([watch], watch.seen_until)
        some = stored.unknown(session, watch.id, AT_ONCE + 1) if watch.kind not in LOADED else []
        seen = self._sight(session, watch.workspace, [watch], at)
        found = watches.baseline(some[:AT_ONCE], watch.kind, seen)
        step.add(watch, (known for _, _, known in found))
        if len(some) > AT_ONCE:
            return step
        step.seen_until = at
        if watch.kind == "name":
            step.became = {one.watch_id: after.entity_id for one, after, _ in found if after.entity_id}
        if watch.kind == "portfolio":
            tally = _tally(session, watch, {one.pk: after for one, after, _ in found})
            telling = Telling(self.desk.words, seen, self.now())
            step.notices.append(alerts.portfolio(telling, watch, tally))
        return step

    def _sight(self, session: Session, workspace: str, some: Sequence[Watch], at: datetime) -> Sight:
        """What those see whom watches tell: all of the same place, or of places where the same is seen."""
        return watches.sight(session, self._know(session, sees(session, workspace, some[0])), at)

    def _know(self, session: Session, workspace: str) -> Knowledge:
        return self.desk.know(session, workspace)

    def _at(self, session: Session, workspace: str, before: datetime, at: datetime, some: Sequence[Watch]) -> Step:
        """What a moment brought of these watches."""
        step = Step(some, at)
        by_sight: dict[str, list[Watch]] = defaultdict(list)
        for one in some:
            by_sight[sees(session, workspace, one)].append(one)
        for seeing, mine in by_sight.items():
            now = watches.moment(session, seeing, before, at, self._names(session, at))
            known = self._know(session, seeing)
            seen, then = (watches.sight(session, known, moment) for moment in (at, before))
            telling = Telling(self.desk.words, seen, self.now())
            self._subjects(session, step, mine, now, telling)
            _lists(session, step, mine, now, telling)
            _sources(session, step, mine, then, telling)
        return step

    def _names(self, session: Session, at: datetime) -> Index:
        """The names that were recorded at a moment, ready to be searched: made once for all workspaces."""
        if self.names[0] != at:
            lists = moments.loaded(session, at)
            analyser = self.desk.names.analyser
            some = list(moments.names(session, at, lists)) if lists else []
            self.names = at, Index.of(analyser, some) if some else Index(analyser, ())
        return self.names[1]

    def _subjects(self, session: Session, step: Step, mine: Sequence[Watch], now: Moment, telling: Telling) -> None:
        first, _ = news.loads(session, telling.seen.knowledge.workspace, now.before, now.at)
        told: dict[str, list[Changed]] = defaultdict(list)
        for one in watches.changed(session, mine, now, telling.seen):
            step.add(one.watch, [one.known])
            if one.becomes:
                step.became[one.watch.id] = one.becomes
            if one.shifts:
                some = told[one.watch.id]
                # Of many, what is told in one line is enough.
                some.append(one if len(some) <= MANY else replace(one, subject=alerts.NOBODY))
        for some in told.values():
            step.notices += _told(telling, some, first)


def _is_new(session: Session, watch: Watch) -> bool:
    """Whether nothing is known yet of a watch, or of names that were added to it."""
    return watch.seen_until is None or (watch.kind == "portfolio" and bool(stored.unknown(session, watch.id, 1)))


def sees(session: Session, workspace: str, watch: Watch) -> str:
    """The workspace whose records those may see whom a watch tells: where others may read along, only what everybody may see."""
    place = watch.channel or (channels.direct(session, workspace, watch.user) if watch.user else "")
    return workspace if not place or channels.is_internal(session, workspace, place) else PUBLIC


def _told(telling: Telling, some: Sequence[Changed], first: Sequence[Dataset]) -> Iterator[Notice]:
    """One alert for each subject of a watch; one for all where they are many, or where a list was loaded for the first time."""
    if len(some) > MANY or (first and len(some) > 1):
        yield alerts.bundle(telling, some[0].watch, some, first)
    else:
        yield from (alerts.one(telling, one) for one in some)


def _lists(session: Session, step: Step, mine: Sequence[Watch], now: Moment, telling: Telling) -> None:
    for watch in mine if now.lists else ():
        tell = {"list": listalerts.of_list, "topic": listalerts.of_topic}.get(watch.kind)
        if tell and (notice := tell(session, telling, watch, now)):
            step.notices.append(notice)


def _sources(session: Session, step: Step, mine: Sequence[Watch], then: Sight, telling: Telling) -> None:
    for lapse in watches.lapses(then.reading.coverage, telling.coverage):
        some = (watches.resting(session, watch, lapse) for watch in mine if watch.kind not in LOADED)
        for resting in listalerts.by_place(one for one in some if one):
            step.notices.append(listalerts.of_source(telling, lapse, resting))


def _tally(session: Session, watch: Watch, new: dict[int, outcomes.Outcome]) -> Tally:
    """How all subjects of a portfolio stand; of the `new` ones it is not stored yet."""
    counts: Counter[str] = Counter()
    first, last = [], 0
    for portion in stored.each_watched(session, [watch.id], AT_ONCE):
        for one in portion:
            after = new.get(one.pk) or (outcomes.from_json(one.outcome) if one.outcome else watches.UNKNOWN)
            counts[after.status] += 1
            if not after.is_nobody and counts[after.status] <= FIRST:
                first.append((one, after))
            last = one.number
    return Tally(counts.total(), counts, tuple(first), last)


def keep(session: Session, step: Step, now: datetime) -> None:
    """Keeps a step, as far as its watches have not ended and are not paused meanwhile."""
    going_on = stored.still(session, (one.id for one in step.watches))
    stored.know(session, (one for one in step.known if step.of_watch[one.pk] in going_on))
    for id, entity_id in step.became.items():
        if id in going_on:
            stored.becomes(session, id, entity_id)
    for one in step.notices:
        if any(watch.id in going_on for watch in one.watches):
            _keep_notice(session, one, going_on, now)
    if step.seen_until:
        stored.seen(session, going_on, step.seen_until)


def _keep_notice(session: Session, one: Notice, going_on: Collection[str], now: datetime) -> None:
    receipts.keep(session, one.receipt, one.watches[0].workspace, now, one.body)
    stored.note(session, (alert for alert in one.alerts if alert.watch_id in going_on))
    for post in notices.posts(one):
        outbox.reserve(session, post, now)
