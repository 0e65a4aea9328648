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
from collections import defaultdict
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
"""Seconds that are waited for the last answer, at the most."""

EMPTY, REPLIED, ACKNOWLEDGED = 2.0, 3.0, 1.0
"""What keeping up is: seconds until the inbox is empty after the last question, and of each p99."""

HEAD = """
                       acknowledged, ms            replied, ms    answered    empty   of a core  keeps
            a s  median     p99     max  median     p99     max       once  after s   bot  here     up"""

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
    the inbox was empty, and the shares of a core that the bot took and this process."""

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
    asked, numbers = itertools.cycle(questions()), itertools.count()

    def mention(n: int) -> Note:
        return slack.people.mention(f"C{n % CHANNELS}", next(asked))

    def command(n: int) -> Note:
        return slack.people.command(next(asked), channel=f"C{n % CHANNELS}", user=f"U{next(numbers)}")

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


def emptied(bot: Process, since: float, *boxes: str) -> float:
    """Seconds from then until nothing waited in these boxes; infinite where that took longer than REST."""
    while time.monotonic() - since < REST:
        text = get(bot.port, "/metrics").body
        if all(re.search(rf'^flagpost_open{{box="{box}"}} 0\.0$', text, re.MULTILINE) for box in boxes):
            return time.monotonic() - since
        time.sleep(0.05)
    return math.inf


def processor(bot: Process) -> float:
    """Seconds of processor time that the bot's processes took so far; 0 where there is no /proc."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = file.read_text().rpartition(") ")[2].split()
            ticks += (int(fields[11]) + int(fields[12])) * (int(fields[3]) == bot.process.pid)
    return ticks / os.sysconf("SC_CLK_TCK")


def go(slack: FakeSlack, bot: Process, make: Make, rate: int, seconds: int) -> Round:
    """One load, until all of it is answered."""
    before, began = len(slack.messages), (time.monotonic(), processor(bot), time.process_time())
    asked, last = ask(slack, make, rate, seconds)
    empty = emptied(bot, last, "inbox")
    emptied(bot, last, "inbox", "outbox")
    ended = (time.monotonic(), processor(bot), time.process_time())
    whole, theirs, ours = (end - begin for begin, end in zip(began, ended, strict=True))
    arrived: defaultdict[str, list[float]] = defaultdict(list)
    for one in slack.messages[before:]:
        arrived[one.ephemeral_to or one.thread_ts].append(one.at)
    replied = [at - question.at for question in asked for at in arrived[question.key]]
    once = sum(question.status == 200 and len(arrived[question.key]) == 1 for question in asked)
    acknowledged = [question.seconds for question in asked]
    return Round(len(asked), acknowledged, replied, once, empty, theirs / whole, ours / whole)


def show(name: str, rate: int, one: Round) -> bool:
    """Prints a line; whether the bot kept up."""
    taken = [figure for some in (one.acknowledged, one.replied) for figure in (median(some), p99(some), max(some))]
    figures = "".join(f"{seconds * 1000:>8.0f}" for seconds in taken)
    rest = f"{f'{one.once}/{one.asked}':>12}{one.emptied:>9.1f}{one.bot:>6.0%}{one.here:>6.0%}"
    print(f"{name:9}{rate:>6}{figures}{rest}{'yes' if one.keeps_up else 'no':>7}", flush=True)
    return one.keeps_up


def measure(name: str, slack: FakeSlack, bot: Process) -> None:
    """Prints the table of one kind of database."""
    mention, command = makers(slack)
    print(f"\n{name}; load of the machine before: {os.getloadavg()[0]:.1f}{HEAD}")
    go(slack, bot, mention, STEADY, 2)  # to warm up
    show("mentions", STEADY, go(slack, bot, mention, STEADY, LONG))
    show("commands", STEADY, go(slack, bot, command, STEADY, STEP))
    kept = list(itertools.takewhile(lambda rate: show("step", rate, go(slack, bot, mention, rate, STEP)), STEPS))
    print(f"one process keeps up with {max(kept, default=0)} questions a second")


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[FakeSlack, Process]]:
    """The bot on a new database, and its Slack."""
    prepare(url, 0, folder)
    with workspace(channels=[f"C{n}" for n in range(CHANNELS)]) as slack:
        bot = Process(slack, url, folder, "serve").ready()
        slack.app_url = bot.address
        try:
            yield slack, bot
        finally:
            bot.end(60)
        print(*slack.complaints[:3], sep="\n", end="")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database")
    given = parser.parse_args().postgres
    print(f"{len(questions())} questions in {CHANNELS} channels, {LONG} s and {STEP} s each; {os.cpu_count()} cores")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        if programs := None if given else postgres.binaries():
            given = postgres.url(stack.enter_context(postgres.server(programs)), "postgres")
        for name, url in (("SQLite", f"sqlite:///{folder}/bench.db"), ("PostgreSQL", given)):
            if url:
                with served(url, Path(folder)) as (slack, bot):
                    measure(name, slack, bot)


if __name__ == "__main__":
    main()
