"""The Slack of a simulation: many workspaces in a process of its own, by the shared clock, with bad weather, and a ledger.

Run by the conductor: python -m tests.bench.simulation.bad_slack PLAN.json; stops when told to.
"""

import json
import random
import re
import signal
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Self, TextIO

from bot.slack import KEY
from tests.bench.simulation.clock import CALLS, OPEN, TOO_FAST, Clock
from tests.fakes import Call, FakeSlack, Fault, Posted
from tests.fakes.many import Slacks

SUBJECT = re.compile(r"Qorvex(\d{4})")
"""What names of subjects look like, in text, blocks and files."""

HANG = 1.3
"""Seconds for which a hanging call hangs: longer than the bot of a simulation waits."""

WEATHER: tuple[tuple[float, Fault], ...] = (
    (0.020, Fault.rate_limited(1)),
    (0.010, Fault.rate_limited(3)),
    (0.010, Fault.error(500)),
    (0.008, Fault.error(500, takes=True)),
    (0.008, Fault.drop_before()),
    (0.008, Fault.drop_after()),
    (0.002, Fault.hang(HANG)),
    (0.001, Fault.hang(HANG, takes=False)),
)
"""How often which fault befalls a call."""

SCOPES = ("commands", "app_mentions:read", "chat:write", "im:history", "files:write")
HISTORY = ("channels:history", "groups:history")


@dataclass(frozen=True)
class Plan:
    """What a Slack is made of: its workspaces by name, those of them that may not read history, and the channels of each."""

    teams: list[str]
    blind: list[str]
    channels: dict[str, list[str]]
    seed: int
    calm: bool
    folder: str
    budget: float = 0.0
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))


class Forgetful(list[Call]):
    """Counts calls, and keeps none."""

    def append(self, one: Call) -> None:
        """Forgets it."""


class Recorded(FakeSlack):
    """A workspace that writes down what is posted, and keeps only what it needs to find it again."""

    ledger: TextIO
    clock: Clock

    def now(self) -> float:
        return self.clock.now().timestamp()

    def add(self, posted: Posted) -> Posted:
        files = [file.data or b"" for file in posted.files]
        whole = " ".join((posted.text, json.dumps(posted.blocks), *(data.decode("utf-8", "ignore") for data in files)))
        line = {
            "team": self.team,
            "channel": posted.channel,
            "ts": posted.ts,
            "thread": posted.thread_ts,
            "key": posted.metadata.get("event_payload", {}).get(KEY, ""),
            "files": [file.name for file in posted.files],
            "pictures": "slack_file" in whole,
            "subjects": sorted({int(number) for number in SUBJECT.findall(whole)}),
            "text": posted.text,
        }
        print(json.dumps(line), file=self.ledger, flush=True)
        super().add(posted)
        posted.blocks, posted.text = [], ""
        return posted


class Cloud(Slacks):
    """All workspaces, which count the calls they are at."""

    def __init__(self, clock: Clock, *workspaces: FakeSlack) -> None:
        super().__init__(*workspaces)
        self.clock, self.lock = clock, threading.Lock()

    def __enter__(self) -> Self:
        super().__enter__()
        self.server.count = self.count
        return self

    def count(self, step: int) -> None:
        """A call begins, or one ends."""
        with self.lock:
            self.clock.cells[OPEN] += step
            self.clock.cells[CALLS] += step < 0
            self.clock.cells[TOO_FAST] = sum(one.limits.refused for one in self.workspaces)


def weather(seed: int) -> Any:
    """What goes wrong, by chance."""
    chance, lock = random.Random(seed), threading.Lock()
    bounds = list(accumulate(share for share, _ in WEATHER))

    def fault(method: str) -> Fault:
        with lock:
            drawn = chance.random()
        return next(
            (fault for bound, (_, fault) in zip(bounds, WEATHER, strict=True) if drawn < bound), Fault(takes=True)
        )

    return fault


def token(team: str) -> str:
    return f"xoxb-{team.lower()}"


def build(plan: Plan, clock: Clock, ledger: TextIO) -> Cloud:
    """The workspaces of a plan."""
    made = []
    for number, team in enumerate(plan.teams):
        scopes = (*plan.scopes, *(() if team in plan.blind else HISTORY))
        named: dict[str, Any] = {"team": team, "team_name": f"Workspace {team}", "token": token(team)}
        one = Recorded(**named, channels=plan.channels[team], scopes=scopes, pace=1.0, burst=1.25)
        one.budget = plan.budget or None
        one.ledger, one.clock, one.calls = ledger, clock, Forgetful()
        if not plan.calm:
            one.weather = weather(plan.seed + number)
        made.append(one)
    return Cloud(clock, *made)


def main(arguments: Iterable[str]) -> None:
    (file,) = arguments
    plan = Plan(**json.loads(Path(file).read_text("utf-8")))
    folder, told = Path(plan.folder), threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda number, frame: told.set())
    with (folder / "ledger.jsonl").open("a", encoding="utf-8") as ledger:
        with build(plan, Clock(folder / "clock"), ledger) as cloud:
            (folder / "url").write_text(cloud.url, "utf-8")
            told.wait()
        (folder / "complaints").write_text("\n".join(cloud.complaints[:1000]), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
