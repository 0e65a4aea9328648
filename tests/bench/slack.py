"""Prints figures: the served bot under a steady load of questions, and how many a second one process takes.

Run: make bench, or python -m tests.bench.slack [--postgres URL]; the URL is of an empty database, for which a private
server stands in where PostgreSQL is on this machine. The fake Slack and the load are in this process, the bot in its own.
"""

import argparse
import itertools
import math
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import TypeAlias

from tests import postgres
from tests.bench.answers import prepare, questions
from tests.fakes import FakeSlack, Note
from tests.launching import Process
from tests.slackside import get, workspace

CHANNELS = 50
STEADY, LONG = 20, 30
"""Questions a second, and for how many seconds."""

STEPS, STEP = (20, 30, 40, 50, 60, 80, 100, 120), 10
SENDERS = 64
REST = 120
"""Seconds until everything is answered, at the most."""

EMPTY, REPLIED, ACKNOWLEDGED = 2.0, 3.0, 1.0
"""What keeping up is: seconds until the inbox is empty after the last question, and of each p99."""

Make: TypeAlias = Callable[[int], Note]


@dataclass(frozen=True)
class Asked:
    """One question on its way: the key by which its replies are found, when it was sent, and how that went."""

    key: str
    at: float
    status: int
    seconds: float


@dataclass(frozen=True)
class Round:
    """How a load went: seconds to each acknowledgement and each reply, how many were answered exactly once, seconds until
    the inbox was empty, and the share of a core that the bot took, and this process."""

    asked: int
    acknowledged: list[float]
    replied: list[float]
    once: int
    emptied: float
    bot: float
    here: float

    @property
    def keeps_up(self) -> bool:
        quick = p99(self.replied) < REPLIED and p99(self.acknowledged) < ACKNOWLEDGED
        return self.once == self.asked and self.emptied < EMPTY and quick


def p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100)[98] if len(seconds) > 1 else math.inf


def makers(slack: FakeSlack) -> tuple[Make, Make]:
    """What make the mentions and the commands of a load, each in a conversation of its own."""
    asked = questions()
    numbers = itertools.count()

    def mention(n: int) -> Note:
        return slack.people.mention(f"C{n % CHANNELS}", asked[next(numbers) % len(asked)])

    def command(n: int) -> Note:
        number = next(numbers)
        return slack.people.command(asked[number % len(asked)], channel=f"C{n % CHANNELS}", user=f"U{number}")

    return mention, command


def post(slack: FakeSlack, note: Note) -> Asked:
    at = time.monotonic()
    answer = slack.send(note)
    key = note.payload["event"]["ts"] if "event" in note.payload else note.payload["user_id"]
    return Asked(key, at, answer.status, answer.seconds)


def ask(slack: FakeSlack, make: Make, rate: int, seconds: int) -> tuple[list[Asked], float]:
    """Sends at a steady rate, however late the bot is; when the last one went out."""
    with ThreadPoolExecutor(SENDERS) as senders:
        began, sent = time.monotonic(), []
        for n in range(rate * seconds):
            time.sleep(max(0.0, began + n / rate - time.monotonic()))
            sent.append(senders.submit(post, slack, make(n)))
        last = time.monotonic()
    return [one.result() for one in sent], last


def seconds_until(condition: Callable[[], bool], since: float) -> float:
    """How long after `since` a condition held; infinite where it did not within REST."""
    while not condition():
        if time.monotonic() - since > REST:
            return math.inf
        time.sleep(0.05)
    return time.monotonic() - since


def is_empty(bot: Process, *boxes: str) -> bool:
    text = get(bot.port, "/metrics").body
    return all(re.search(rf'^flagpost_open{{box="{box}"}} 0\.0$', text, re.MULTILINE) for box in boxes)


def processor(process: int) -> float:
    """Seconds of processor time that a session of processes took so far; 0 where there is no /proc."""
    total = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = file.read_text().rpartition(") ")[2].split()
            total += (int(fields[11]) + int(fields[12])) * (int(fields[3]) == process)
    return total / os.sysconf("SC_CLK_TCK")


def go(slack: FakeSlack, bot: Process, make: Make, rate: int, seconds: int) -> Round:
    began, bot_began, here_began = time.monotonic(), processor(bot.process.pid), time.process_time()
    before = len(slack.messages)
    asked, last = ask(slack, make, rate, seconds)
    emptied = seconds_until(lambda: is_empty(bot, "inbox"), last)
    seconds_until(lambda: is_empty(bot, "inbox", "outbox"), last)
    took, here, theirs = (
        time.monotonic() - began,
        time.process_time() - here_began,
        processor(bot.process.pid) - bot_began,
    )
    arrived: dict[str, list[float]] = {}
    for one in slack.messages[before:]:
        arrived.setdefault(one.ephemeral_to or one.thread_ts, []).append(one.at)
    replied = [at - one.at for one in asked for at in arrived.get(one.key, [])]
    once = sum(one.status == 200 and len(arrived.get(one.key, [])) == 1 for one in asked)
    return Round(len(asked), [one.seconds for one in asked], replied, once, emptied, theirs / took, here / took)


def show(name: str, rate: int, seconds: int, one: Round) -> None:
    parts = [f"{name:<9}{rate:>6}{seconds:>5}"]
    for taken in (one.acknowledged, one.replied):
        parts += [
            f"{value * 1000:>8.0f}" for value in (median(taken or [math.inf]), p99(taken), max(taken or [math.inf]))
        ]
    parts.append(f"{one.once:>7}/{one.asked:<5}{one.emptied:>7.1f}{one.bot:>6.0%}{one.here:>6.0%}")
    print(*parts, "  yes" if one.keeps_up else "  no", flush=True)


def measure(name: str, url: str, folder: Path) -> None:
    prepare(url, 0, folder)
    with workspace(channels=[f"C{n}" for n in range(CHANNELS)]) as slack:
        bot = Process(slack, url, folder, "serve").ready()
        slack.app_url = bot.address
        try:
            _measure(name, slack, bot)
        finally:
            bot.end(60)
        if slack.complaints:
            print(f"Slack complains: {slack.complaints[:3]}")


def _measure(name: str, slack: FakeSlack, bot: Process) -> None:
    mention, command = makers(slack)
    print(f"\n{name}; load of the machine before: {os.getloadavg()[0]:.1f}")
    print(
        f"{'':20} {'acknowledged, ms':>26} {'replied, ms':>26} {'answered':>10} {'empty':>9} {'core of':>11} {'keeps':>6}"
    )
    print(
        f"{'':9}{'a s':>6}{'s':>5} {'median':>8} {'p99':>8} {'max':>8}" + f" {'median':>8} {'p99':>8} {'max':>8}",
        end="",
    )
    print(f" {'once':>10} {'after s':>9} {'bot':>5} {'here':>5} {'up':>5}")
    go(slack, bot, mention, STEADY, 2)  # to warm up
    show("mentions", STEADY, LONG, go(slack, bot, mention, STEADY, LONG))
    show("commands", STEADY, STEP, go(slack, bot, command, STEADY, STEP))
    best = 0
    for rate in STEPS:
        one = go(slack, bot, mention, rate, STEP)
        show("step", rate, STEP, one)
        if not one.keeps_up:
            break
        best = rate
    print(f"one process keeps up with {best} questions a second")


@contextmanager
def databases(given: str) -> Iterator[list[tuple[str, str]]]:
    """What is measured, with its URL: SQLite, and PostgreSQL where there is one."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = [("SQLite", f"sqlite:///{folder}/bench.db")]
        if programs := None if given else postgres.binaries():
            given = postgres.url(stack.enter_context(postgres.server(programs)), "postgres")
        yield [*found, ("PostgreSQL", given)] if given else found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database")
    parser.add_argument("--only", default="", metavar="NAME", help="only this kind: SQLite or PostgreSQL")
    options = parser.parse_args()
    print(f"{len(questions())} questions in {CHANNELS} channels; one process, {os.cpu_count()} cores")
    with databases(options.postgres) as found:
        for name, url in found:
            if options.only in ("", name):
                with tempfile.TemporaryDirectory() as folder:
                    measure(name, url, Path(folder))


if __name__ == "__main__":
    main()
