"""Looks at what is watched: takes the workspaces where it is due, goes through each moment in order, and keeps what it brought in
one transaction: how all stands now, the alerts, their receipts and their messages."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bot import alerts, bundles, changing, lapsing, listalerts, outcomes
from bot.bundles import MANY, Tally
from bot.changing import AT_ONCE, Changed, Moment, Sight
from bot.clock import attempt
from bot.desk import Desk
from bot.hands import Hands, wait
from bot.lookup import Knowledge
from bot.matching.index import Index
from bot.monitoring import Watch
from bot.notices import Notice, Telling
from bot.records import PUBLIC, Dataset
from bot.steps import Step, keep
from bot.store import channels, moments, news, tasks
from bot.store import watches as stored
from bot.store.database import Database
from bot.store.tasks import Task
from bot.trouble import Trouble

LOADED = ("list", "topic")
"""Kinds of watches that are about no subject."""


class Alerting(Hands):
    """One process's hands on what is watched in the workspaces of `ids`; `desk` looks things up, and `now` is the time."""

    def __init__(
        self, database: Database, desk: Desk, now: Callable[[], datetime], ids: Callable[[], Collection[str]]
    ) -> None:
        super().__init__(database, tasks.WATCHES, now, ids)
        self.desk = desk
        self.trouble = Trouble(now)
        self.names: tuple[datetime | None, Index] = None, Index(desk.names.analyser, ())

    def round(self) -> int:
        """Looks at all that is due, until there is nothing or it is told to stop: how many steps that took. What goes wrong in
        one workspace stops no other. Raises Missing where there is no database."""
        steps = 0
        while taken := self.take(1):
            try:
                for task in taken:
                    if not attempt(f"watches of {task.workspace}", partial(self._serve, task)):
                        self.put_off(task, wait(task.attempts))
            finally:
                self.let_go(taken)
            steps += 1
        return steps

    def _serve(self, task: Task) -> None:
        """Takes a workspace one step on."""
        with self.database.writing() as session:
            until = moments.settled(session, self.now)
        with self.database.reading() as session:
            step = self.prepare(session, task.workspace, until)
        with self.database.writing() as session:
            due_at = moments.next_day(until) if step.is_last else self.now()
            if tasks.done(session, task, self.name, due_at):
                keep(session, step, self.now())

    def prepare(self, session: Session, workspace: str, until: datetime) -> Step:
        """The next moment that brought something, or the whole time where none did; of a new watch, how it all stands. One that
        cannot be looked at is left out."""
        going_on = [one for one in stored.active(session, workspace) if one.paused_at is None]
        mine = {one.id: one for one in self.trouble.without(going_on)}
        for one in _new(session, mine.values()):
            if begun := self.trouble.look(session, [one], lambda some: self._begin(session, some[0])):
                return begun[0]
            del mine[one.id]
        seen = {id: one.seen_until for id, one in mine.items() if one.seen_until}
        before = min(seen.values(), default=until)
        for at in moments.between(session, workspace, before, until):
            some = [mine[id] for id, seen_until in seen.items() if seen_until < at]
            step = self._at(session, workspace, before, at, some)
            if step.is_any:
                return step
            went_well = {one.id for one in step.watches}
            seen = {id: seen_until for id, seen_until in seen.items() if seen_until >= at or id in went_well}
            before = at
        # Up to the last moment that there was, and not up to now: a clock that is set back hides nothing then.
        done = [mine[id] for id, seen_until in seen.items() if seen_until < before]
        return Step(done, before, is_last=True, again_at=self.trouble.again_at(going_on), workspace=workspace)

    def _begin(self, session: Session, watch: Watch) -> Step:
        """How the next subjects stand of a watch that is new, as it was known when it was set; or those that are new to it."""
        at = watch.seen_until or watch.set_at
        step = Step([watch], watch.seen_until)
        some = stored.unknown(session, watch.id, AT_ONCE + 1) if watch.kind not in LOADED else []
        seen = self._sight(session, watch.workspace, [watch], at)
        found = changing.baseline(some[:AT_ONCE], watch.kind, seen)
        step.add(watch, (one.known for one in found))
        if len(some) > AT_ONCE:
            return step
        step.seen_until = at
        step.became = {one.watched.watch_id: one.becomes for one in found if one.becomes}
        if watch.kind == "portfolio":
            tally = _tally(session, watch, seen, {one.watched.pk: one.after for one in found})
            telling = Telling(self.desk.words, seen, self.now())
            step.notices.append(bundles.portfolio(telling, watch, tally))
        return step

    def _sight(self, session: Session, workspace: str, some: Sequence[Watch], at: datetime) -> Sight:
        """What those see whom watches tell: all of the same place, or of places where the same is seen."""
        return changing.sight(session, self._know(session, sees(session, workspace, some[0])), at)

    def _know(self, session: Session, workspace: str) -> Knowledge:
        return self.desk.know(session, workspace)

    def _at(self, session: Session, workspace: str, before: datetime, at: datetime, some: Sequence[Watch]) -> Step:
        """What a moment brought of these watches, those left out that could not be looked at."""
        step = Step([], at)
        for seeing, mine in _by_sight(session, workspace, some).items():
            now = changing.moment(session, seeing, before, at, self._names(session, at))
            known = self._know(session, seeing)
            seen, then = (changing.sight(session, known, moment) for moment in (at, before))
            first, _ = news.loads(session, seeing, before, at)
            look = partial(_look, session, now, Telling(self.desk.words, seen, self.now()), then, first)
            for part in self.trouble.look(session, mine, look):
                step.take_in(part)
        return step

    def _names(self, session: Session, at: datetime) -> Index:
        """The names that were recorded at a moment, ready to be searched: made once for all workspaces."""
        if self.names[0] != at:
            lists = moments.loaded(session, at)
            analyser = self.desk.names.analyser
            some = list(moments.names(session, at, lists)) if lists else []
            self.names = at, Index.of(analyser, some) if some else Index(analyser, ())
        return self.names[1]


def _new(session: Session, some: Collection[Watch]) -> list[Watch]:
    """The watches of which nothing is known yet, and the portfolios to which names were added."""
    growing = stored.growing(session, [one.id for one in some if one.kind == "portfolio"])
    return [one for one in some if one.seen_until is None or one.id in growing]


def _by_sight(session: Session, workspace: str, some: Iterable[Watch]) -> dict[str, list[Watch]]:
    """Watches by whose records those may see whom they tell."""
    by_place: dict[tuple[str, str], list[Watch]] = defaultdict(list)
    for one in some:
        by_place[one.channel, one.user].append(one)
    found: dict[str, list[Watch]] = defaultdict(list)
    for mine in by_place.values():
        found[sees(session, workspace, mine[0])] += mine
    return found


def sees(session: Session, workspace: str, watch: Watch) -> str:
    """The workspace whose records those may see whom a watch tells: where others may read along, only what everybody may see."""
    return workspace if not watch.place or channels.is_inside(session, workspace, watch.place) else PUBLIC


def _look(
    session: Session, now: Moment, telling: Telling, then: Sight, first: Sequence[Dataset], mine: list[Watch]
) -> Step:
    """What a moment brought of watches that see the same; `first` are the lists that were loaded for the first time."""
    step = Step(mine, now.at)
    _subjects(session, step, now, telling, then, first)
    _lists(session, step, mine, now, telling)
    _sources(session, step, mine, then, telling)
    return step


def _subjects(
    session: Session, step: Step, now: Moment, telling: Telling, then: Sight, first: Sequence[Dataset]
) -> None:
    by_watch: dict[str, list[Changed]] = defaultdict(list)
    for one in changing.changed(session, step.watches, now, telling.seen, then):
        step.add(one.watch, [one.known])
        if one.becomes:
            step.became[one.watch.id] = one.becomes
        if one.shifts:
            some = by_watch[one.watch.id]
            # Of many, what is told in one line is enough.
            some.append(one if len(some) <= MANY else replace(one, subject=bundles.NOBODY))
    step.notices += _told(telling, by_watch.values(), first)


def _told(telling: Telling, by_watch: Iterable[Sequence[Changed]], first: Sequence[Dataset]) -> Iterator[Notice]:
    """One alert for each subject in a place, of all the watches there; one for all of a watch where they are many, or where a
    list was loaded for the first time."""
    few: list[Changed] = []
    for some in by_watch:
        if len(some) > MANY or (first and len(some) > 1):
            yield bundles.bundle(telling, some[0].watch, some, first)
        else:
            few += some
    yield from (alerts.one(telling, some) for some in alerts.by_subject(few))


def _lists(session: Session, step: Step, mine: Sequence[Watch], now: Moment, telling: Telling) -> None:
    for watch in mine if now.lists else ():
        tell = {"list": listalerts.of_list, "topic": listalerts.of_topic}.get(watch.kind)
        if tell and (notice := tell(session, telling, watch, now)):
            step.notices.append(notice)


def _sources(session: Session, step: Step, mine: Sequence[Watch], then: Sight, telling: Telling) -> None:
    for lapse in lapsing.lapses(then.reading.coverage, telling.coverage):
        some = (lapsing.resting(session, watch, lapse, then) for watch in mine if watch.kind not in LOADED)
        for resting in listalerts.by_place(one for one in some if one):
            step.notices.append(listalerts.of_source(telling, lapse, resting))


def _tally(session: Session, watch: Watch, seen: Sight, new: dict[int, outcomes.Outcome]) -> Tally:
    """How all subjects of a portfolio stand; of the `new` ones it is not stored yet."""
    counts: Counter[str] = Counter()
    on_record, newest = [], 0
    for portion, _ in changing.subjects(session, [watch], seen):
        for one in portion:
            after = new.get(one.pk) or (outcomes.from_json(one.outcome) if one.outcome else changing.UNKNOWN)
            counts[after.status] += 1
            if not after.is_nobody:
                on_record.append((replace(one, outcome=None), after))
            newest = max(newest, one.pk)
    return Tally(counts.total(), counts, tuple(on_record), newest)
