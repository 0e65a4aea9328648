"""Measures a portfolio under a real change of a list: 5,000 counterparties, of which 40 are put on the SDN list.

Run: python -m tests.bench.portfolio [--sqlite] [--names 5000] [--listed 40] [--seed N] [--whole] [--data FOLDER]

Loads the list of 2024-04-26, has a channel watch the portfolio, then loads the list of 2024-05-01 while `work` runs: prints how
long it takes until the last alert is reserved, and handed over to a Slack that takes one message a second. The exit status is 1
where the alerts are about any others than those 40. The rest of the portfolio are 160 firms that were on the list before, and
made-up ones: of these, those that `screen` takes for one on the list are left out, and counted. `--whole` begins with the list
of 2021-07, and prints what the change from that to 2024-04-26 gives.
"""

import argparse
import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from bot import intake, portfolio
from bot.loading import Loader, Order
from bot.monitoring import Alert
from bot.ownership import Owner
from bot.records import PUBLIC
from bot.store import tasks, watches
from bot.store.database import Database, migrate
from bot.store.mail_tables import OutboxRow, TaskRow
from tests import postgres
from tests.bench import made_names
from tests.bench.labelled import ROOT
from tests.fakes import FakeSlack
from tests.launching import Process, memory
from tests.slackside import workspace

CHANNEL = "C1"
KNOWN = 160
"""How many of the portfolio were on the list before, and stay there."""

SPARE = 100
"""How many made-up names more are made than are needed."""

OLD, BEFORE, AFTER = "2021-07", "2024-04-26", "2024-05-01"
PATIENCE = 1800


@dataclass(frozen=True)
class Took:
    """Seconds of a load, from its end to the last alert reserved, and to the last one handed over; and the alerts."""

    load: float
    reserved: float
    handed_over: float
    alerts: list[Alert]


class Measured:
    """A database with a list, a bot that works on it, and the Slack that it posts to."""

    def __init__(self, database: Database, data: Path, folder: Path) -> None:
        self.database, self.data = database, data
        self.loader = Loader(database, folder / "index", lambda: datetime.now(UTC))

    def load(self, version: str) -> float:
        """Loads a version of the list: seconds."""
        began = time.monotonic()
        paths = tuple(sorted((self.data / "lists" / "ofac" / version).glob("*.csv")))
        published = f"{version}-30" if version == OLD else version
        self.loader.load(Order("ofac", paths, published=published, force=True))
        return time.monotonic() - began

    def watch(self, file: Path, team: str) -> None:
        """Has the channel watch a portfolio."""
        with self.database.writing() as session:
            portfolio.add(session, portfolio.read(file), Owner(team, CHANNEL), "U1", datetime.now(UTC))

    def alerts(self, team: str) -> list[Alert]:
        with self.database.reading() as session:
            return watches.alerts(session, team, most=100_000)

    def is_looked_through(self) -> bool:
        """Whether no change is left to be looked at."""
        now = datetime.now(UTC)
        with self.database.reading() as session:
            due = select(func.count()).where(TaskRow.kind == tasks.WATCHES, TaskRow.due_at <= now)
            return not session.scalar(due)

    def is_sent(self) -> bool:
        with self.database.reading() as session:
            return not session.scalar(select(func.count()).where(OutboxRow.settled_at.is_(None)))

    def change(self, version: str, team: str) -> Took:
        """Loads another version while the bot works: how long what took."""
        before = len(self.alerts(team))
        load = self.load(version)
        committed = time.monotonic()
        reserved = waited(self.is_looked_through) - committed
        handed_over = waited(self.is_sent) - committed
        found = self.alerts(team)
        return Took(load, reserved, handed_over, found[: len(found) - before])


def waited(condition: Callable[[], bool]) -> float:
    """When a condition came to hold, by the monotonic clock."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"not within {PATIENCE} s: {condition}")
        time.sleep(0.05)
    return time.monotonic()


def rows(file: Path) -> dict[str, list[str]]:
    """The rows of an SDN file by their uid."""
    with file.open(encoding="utf-8", errors="replace", newline="") as opened:
        return {row[0]: row for row in csv.reader(opened) if len(row) > 3}


def firms(rng: random.Random) -> Iterator[str]:
    """Made-up firms without end, no two alike."""
    seen: set[str] = set()
    for one in made_names.make(1_000_000, seed=rng.randrange(10**6)):
        if one.kind == "primary" and one.entity_kind == "Company" and one.value not in seen:
            seen.add(one.value)
            yield one.value


def choose(data: Path, folder: Path, names: int, listed: int, seed: int) -> list[tuple[str, str]]:
    """The portfolio, shuffled: the name and the reference of each, which is `new-UID` for those that will be listed."""
    chance = random.Random(seed)
    before, after = (rows(data / "lists" / "ofac" / day / "sdn.csv") for day in (BEFORE, AFTER))
    are_firms = {uid: row[1] for uid, row in after.items() if row[2].strip() == "-0-"}
    new = chance.sample(sorted(set(are_firms) - set(before)), listed)
    known = chance.sample(sorted(set(are_firms) & set(before)), KNOWN)
    found = [(are_firms[uid], f"new-{uid}") for uid in new] + [(are_firms[uid], f"known-{uid}") for uid in known]
    rest = names - listed - KNOWN
    made = list(islice(firms(chance), rest + SPARE))
    others = unlisted(data, folder, made)
    print(f"{'made-up names that screening finds on the list':50}{len(made) - len(others)} of {len(made)}", flush=True)
    found += [(name, f"other-{number}") for number, name in enumerate(others[:rest])]
    chance.shuffle(found)
    return found


def unlisted(data: Path, folder: Path, names: list[str]) -> list[str]:
    """Those of these names that `screen` takes for nobody on the newest list."""
    given, results = folder / "made.csv", folder / "screened.csv"
    write(given, [(name, "") for name in names])
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder}/screened.db",
        "INDEX_FOLDER": str(folder / "screened"),
    }
    newest = str(data / "lists" / "ofac" / AFTER / "sdn.csv")
    for arguments in (
        ["init"],
        ["load", "ofac", newest, "--published", AFTER],
        ["screen", str(given), "--out", str(results)],
    ):
        command = [sys.executable, "-m", "bot", *arguments]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    with results.open(encoding="utf-8", newline="") as opened:
        return [row["name"] for row in csv.DictReader(opened) if row["status"] in ("no_record", "cannot_say")]


def write(file: Path, some: list[tuple[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("name", "id"), *some])


def told_of(database: Database, alerts: list[Alert]) -> Counter[str]:
    """The references that alerts are about."""
    with database.reading() as session:
        found = watches.watched_by_pk(session, [one.watched_pk for one in alerts if one.watched_pk is not None])
    by_pk = {one.pk: one.reference for one in found}
    return Counter(by_pk.get(one.watched_pk, "no subject") if one.watched_pk else "no subject" for one in alerts)


def measure(
    slack: FakeSlack, measured: Measured, bot: Process, some: list[tuple[str, str]], *, whole: bool
) -> list[str]:
    """Prints the figures; what is wrong."""
    began = time.monotonic()
    baseline = waited(measured.is_looked_through) - began
    waited(measured.is_sent)
    print(
        f"{'names in the portfolio':50}{len(some)}\n{'seconds until it was looked through at first':50}{baseline:.1f}",
        flush=True,
    )
    if whole:
        show(f"{OLD} to {BEFORE}", measured.change(BEFORE, slack.team))
    posted = len(slack.in_channel(CHANNEL))
    took = measured.change(AFTER, slack.team)
    show(f"{BEFORE} to {AFTER}", took)
    print(f"{'memory of the bot, MB':50}{memory(bot.process.pid):.0f}")
    told, wanted = told_of(measured.database, took.alerts), {ref for _, ref in some if ref.startswith("new-")}
    messages = slack.in_channel(CHANNEL)[posted:]
    print(f"{'alerts, of them about the newly listed':50}{len(took.alerts)}, {sum(told[ref] for ref in wanted)}")
    print(f"{'messages in the channel':50}{len(messages)}")
    names = {ref: name for name, ref in some}
    wrong = [f"no alert: {names[ref]}" for ref in sorted(wanted - set(told))]
    wrong += [f"not asked for: {names.get(ref, ref)}" for ref in sorted(set(told) - wanted)]
    wrong += [f"{times} alerts: {names.get(ref, ref)}" for ref, times in told.items() if times > 1]
    return wrong + slack.complaints


def show(title: str, took: Took) -> None:
    print(title)
    for name, seconds in (
        ("  seconds to load it", took.load),
        ("  seconds until the last alert is reserved", took.reserved),
        ("  seconds until the last is handed over", took.handed_over),
    ):
        print(f"{name:50}{seconds:.1f}")
    print(f"{'  alerts':50}{len(took.alerts)}", flush=True)


def main() -> None:
    given = _arguments()
    if not (given.data / "lists" / "ofac").is_dir():
        print(f"No lists in {given.data}: nothing to measure. Name another folder with --data.")
        return
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        programs = None if given.sqlite else postgres.binaries()
        host = stack.enter_context(postgres.server(programs)) if programs else ""
        url = postgres.url(host, "postgres") if host else f"sqlite:///{folder}/portfolio.db"
        slack = stack.enter_context(workspace(pace=1.0, burst=1.25))
        measured = Measured(stack.enter_context(Database(url)), given.data, folder)
        with measured.database.writing() as session:
            migrate(session)
            intake.load(session, intake.read_starter(), PUBLIC, datetime.now(UTC))
        measured.load(OLD if given.whole else BEFORE)
        some = choose(given.data, folder, given.names, given.listed, given.seed)
        write(folder / "portfolio.csv", some)
        measured.watch(folder / "portfolio.csv", slack.team)
        bot = Process(slack, url, folder, "work", INDEX_FOLDER=str(folder / "index"))
        stack.callback(bot.kill)
        wrong = measure(slack, measured, bot, some, whole=given.whole)
    print(*wrong[:20], sep="\n", end="\n" * bool(wrong))
    sys.exit(1 if wrong else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqlite", action="store_true", help="SQLite instead of a PostgreSQL server of our own")
    parser.add_argument("--names", type=int, default=5000, help="names in the portfolio")
    parser.add_argument("--listed", type=int, default=40, help="how many of them are put on the list")
    parser.add_argument("--seed", type=int, default=7, help="of the choice")
    parser.add_argument("--whole", action="store_true", help="measure the change from 2021-07 to 2024-04-26 too")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder with lists/")
    return parser.parse_args()


if __name__ == "__main__":
    main()
