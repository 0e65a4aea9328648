"""Conducts a simulation: sets up what is to happen, starts the fake Slack and the workers, kills them, and moves the clock on
whenever nothing is left to be done at the moment."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bot import intake
from bot.loading import Loader, Order
from bot.mail import Scope, Subscription
from bot.monitoring import Watch, Watched
from bot.records import PUBLIC
from bot.store import subscriptions, tasks, watches
from bot.store.database import Database, migrate
from tests.bench.simulation import bad_slack, made_list, timetable
from tests.bench.simulation.clock import CALLS, TOO_FAST, Clock
from tests.bench.simulation.quiet import Lookout
from tests.bench.simulation.timetable import Load, Place
from tests.launching import memory

ROOT = Path(__file__).parents[3]

BEGIN = datetime(2026, 3, 25, tzinfo=UTC)
"""Europe goes to summer time on 29 March 2026, Israel and Lebanon the days before; Australia, New Zealand and Chile go back on
5 April."""

LOOK = 0.02
"""Seconds between two looks at whether a process has begun."""

OUTAGE = timedelta(minutes=35)


@dataclass(frozen=True)
class Options:
    """How big a simulation is: `kills` is how many seconds apart processes are killed, on average (0: none are), up to
    `most_kills` times (0: on and on), `calm` has nothing go wrong in Slack, `blind` is the share of the workspaces whose history
    may not be read, `long` how many subjects change on a long day, `budget` how many messages a second a workspace takes (0: as
    many as come)."""

    channels: int = 2000
    workspaces: int = 40
    days: int = 14
    workers: int = 3
    seed: int = 6
    kills: float = 12.0
    most_kills: int = 0
    calm: bool = False
    blind: float = 0.25
    long: int = 60
    begin: datetime = BEGIN
    budget: float = 0.0

    @property
    def end(self) -> datetime:
        return self.begin + timedelta(days=self.days)

    @property
    def subjects(self) -> int:
        """How many subjects there are at most."""
        return self.days * 8 + self.long * (self.days // 7 + 1)


@dataclass
class Told:
    """How it went: seconds of the machine, kills, moves of the clock, peak memory of a worker (MB), and calls of Slack."""

    seconds: float = 0.0
    kills: int = 0
    outages: int = 0
    turns: int = 0
    memory: float = 0.0
    calls: int = 0
    too_fast: int = 0
    by_day: list[float] = field(default_factory=list)


class Conductor:
    """One simulation, in a folder of its own, on a database that is empty."""

    def __init__(self, options: Options, url: str, folder: Path) -> None:
        self.options, self.url, self.folder = options, url, folder
        self.chance = random.Random(options.seed)
        one = options
        self.planned = timetable.loads(one.begin, one.days, one.long, one.seed)
        self.loads: list[Load] = []
        self.done: set[int] = set()
        lasting = [number for number in range(one.subjects) if made_list.fate(number) != made_list.NEW]
        self.places = timetable.places(one.channels, one.workspaces, lasting, one.seed)
        self.teams = sorted({place.team for place in self.places})
        self.blind = self.teams[: round(len(self.teams) * one.blind)]
        self.clock = Clock(folder / "clock")
        self.database = Database(url)
        self.lookout = Lookout(self.database, self.clock, self.teams)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.told = Told()

    def run(self) -> Told:
        """The whole of it."""
        began = time.monotonic()
        self.clock.turn(self.options.begin)
        self._set_up()
        with self._slack() as address:
            self.address = address
            try:
                self._go()
            finally:
                for one in self.workers:
                    one.kill()
                    one.wait()
        self.database.close()
        self.told.seconds = time.monotonic() - began
        cells = self.clock.cells
        self.told.turns, self.told.calls, self.told.too_fast = self.clock.turns, int(cells[CALLS]), int(cells[TOO_FAST])
        return self.told

    def _set_up(self) -> None:
        with self.database.writing() as session:
            migrate(session)
            intake.load(session, intake.read_starter(), PUBLIC, self.clock.now())
        self._load()
        with self.database.writing() as session:
            for place in self.places:
                self._subscribe(session, place)

    def _subscribe(self, session: Session, place: Place) -> None:
        begin, now = self.options.begin, self.clock.now()
        one = Subscription(
            *(place.team, place.channel, place.at, place.zone, place.quiet, "U1", begin, now),
            edition=place.edition,
            days=place.days,
            scope=Scope(watched=bool(place.watches)),
        )
        subscriptions.switch_on(session, one)
        tasks.put(session, one.key, tasks.SUMMARY, one.workspace, begin)
        for number in place.watches:
            id, target, name = f"{place.channel}-{number}", made_list.id(number), made_list.name(number)
            watch = Watch(id, place.team, "entity", name, "U1", now, place.channel, target=target)
            watches.add(session, watch, [Watched(0, id, 1, name, entity_id=target)])

    def _load(self, one: Load | None = None) -> None:
        """Loads the list as it is after this and all before it, and notes when that became known."""
        self.done |= set(one.subjects if one else ())
        file = self.folder / "own.csv"
        made_list.write(file, self.options.subjects, self.done)
        times = [self.clock.now()]

        def now() -> datetime:
            times.append(self.clock.now())
            return times[-1]

        order = Order("own", (file,), published=times[0].date().isoformat(), force=True)
        Loader(self.database, self.folder / "index", now).load(order)
        if one:
            self.loads.append(replace(one, at=times[-1]))
        self.clock.turn(self.clock.now())

    @contextmanager
    def _slack(self) -> Iterator[str]:
        channels: dict[str, list[str]] = {team: [] for team in self.teams}
        for place in self.places:
            channels[place.team].append(place.channel)
        one = self.options
        plan = bad_slack.Plan(self.teams, self.blind, channels, one.seed, one.calm, str(self.folder), one.budget)
        file = self.folder / "plan.json"
        file.write_text(json.dumps(asdict(plan)), "utf-8")
        process = subprocess.Popen([sys.executable, "-m", "tests.bench.simulation.bad_slack", str(file)], cwd=ROOT)
        try:
            _until(lambda: (self.folder / "url").exists(), process)
            time.sleep(0.1)
            yield (self.folder / "url").read_text("utf-8")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def _worker(self) -> subprocess.Popen[bytes]:
        environment = {
            "DATABASE_URL": self.url,
            "INDEX_FOLDER": str(self.folder / "index"),
            "SLACK_BOT_TOKEN": " ".join(map(bad_slack.token, self.teams)),
            "SLACK_SIGNING_SECRET": "secret",
            "SLACK_API_URL": self.address,
        }
        with (self.folder / "workers.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.bench.simulation.worker", str(self.folder)]
            return subprocess.Popen(command, env={**os.environ, **environment}, cwd=ROOT, stdout=log, stderr=log)

    def _go(self) -> None:
        self.workers = [self._worker() for _ in range(self.options.workers)]
        self._until_ready()
        next_kill, day, began = self._next_kill(), 0, time.monotonic()
        while self.clock.now() < self.options.end or self.lookout.is_open():
            self._raise()
            if self.planned and self.planned[0].at <= self.clock.now():
                self._load(self.planned.pop(0))
            if time.monotonic() > next_kill:
                self._kill()
                next_kill = self._next_kill()
            if self._is_quiet():
                self._move()
            while (self.clock.now() - self.options.begin).days > day:
                day += 1
                self.told.by_day.append(time.monotonic() - began)
                began = time.monotonic()

    def _next_kill(self) -> float:
        every, most = self.options.kills, self.options.most_kills
        is_over = not every or 0 < most <= self.told.kills
        return float("inf") if is_over else time.monotonic() + self.chance.uniform(0.3, 1.7) * every

    def _until_ready(self) -> None:
        for one in self.workers:
            _until(lambda one=one: (self.folder / f"ready-{one.pid}").exists(), one)  # type: ignore[misc]

    def _raise(self) -> None:
        """Starts anew what died."""
        for place, one in enumerate(self.workers):
            if one.poll() is not None:
                if one.returncode != -signal.SIGKILL:
                    raise RuntimeError(f"a worker ended by itself, see {self.folder / 'workers.log'}")
                self.workers[place] = self._worker()

    def _kill(self) -> None:
        """Kills a worker with -9; now and then all of them, and then nobody works for a while."""
        all_of_them = self.chance.random() < 0.1
        for one in self.workers if all_of_them else [self.chance.choice(self.workers)]:
            self.told.memory = max(self.told.memory, memory(one.pid))
            one.kill()
            one.wait()
            self.told.kills += 1
            self.lookout.may_be_orphaned = True
        if all_of_them:
            self.told.outages += 1
            self.clock.turn(self.clock.now() + OUTAGE)

    def _is_quiet(self) -> bool:
        """Whether nothing is being done, and somebody is there who would do it."""
        if any((self.folder / f"ready-{one.pid}").exists() for one in self.workers):
            return self.lookout.is_quiet()
        time.sleep(LOOK)
        return False

    def _move(self) -> None:
        """Moves the clock on to when something can be done next, by a second at least: else what Slack's pace holds up would take
        many small moves."""
        planned = [self.options.end, *(one.at for one in self.planned[:1])]
        self.clock.turn(max(self.lookout.next(planned), self.clock.now() + timedelta(seconds=1)))


def _until(condition: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Waits for what a process is to do first."""
    until = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{process.args!r} did not begin")
        time.sleep(LOOK)
