"""Simulates weeks of summaries: thousands of channels, several workers that are killed, a Slack that fails, changes of clocks.

Run: python -m tests.bench.summaries [--sqlite] [--channels 60 --workspaces 4 --days 3] [--seed N] [--keep FOLDER]

Prints a table; the exit status is 1 where anything is lost, doubled, untold or out of order. The seed fixes what is planned, and
not what the processes make of it.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import select

from bot.store.database import Database
from bot.store.mail_tables import OutboxRow
from tests import postgres
from tests.bench.simulation import judge
from tests.bench.simulation.conductor import BEGIN, Conductor, Options, Told
from tests.bench.simulation.judge import Case, Verdict

SHOWN = 5
"""How many of what is wrong are named."""


def main() -> None:
    given = _arguments()
    options = Options(**{one.name: getattr(given, one.name) for one in fields(Options)})
    with _folder(given.keep) as folder, _database(given.sqlite, folder) as url:
        conductor = Conductor(options, url, folder)
        told = conductor.run()
        verdict = judged(conductor)
        report(options, told, verdict)
        complaints = (folder / "complaints").read_text("utf-8").splitlines()
    print(*complaints[:SHOWN], sep="\n", end="\n" * bool(complaints))
    sys.exit(1 if verdict.wrong else 0)


def judged(conductor: Conductor) -> Verdict:
    """What the ledger of a simulation that is over says."""
    with Database(conductor.url) as database, database.reading() as session:
        rows = session.execute(select(OutboxRow.key, OutboxRow.state, OutboxRow.why)).all()
    states = {row.key: (row.state, row.why) for row in rows}
    lines = judge.read(conductor.folder / "ledger.jsonl")
    one = conductor.options
    return judge.judge(Case(conductor.places, conductor.loads, one.begin, one.end, lines, states))


def report(options: Options, told: Told, verdict: Verdict) -> None:
    """Prints the figures, and what is wrong."""
    sent = verdict.posted + verdict.replies + verdict.alerts
    days = sorted(told.by_day)
    rows: tuple[tuple[str, object], ...] = (
        (
            "channels, workspaces, days, workers",
            f"{options.channels}, {options.workspaces}, {options.days}, {options.workers}",
        ),
        ("summaries due", verdict.due),
        ("  posted once", verdict.posted),
        ("  rightly silent", verdict.silent),
        ("  lost", len(verdict.lost)),
        ("  doubled", len(verdict.doubled)),
        (
            "  unsettled (no history)",
            f"{verdict.unsettled}, {verdict.unsettled_arrived} arrived, {verdict.unsettled_told} told of later",
        ),
        ("subjects untold, told again", f"{len(verdict.untold)}, {len(verdict.retold)}"),
        ("threads out of order", len(verdict.unordered)),
        ("posted and not due", len(verdict.unasked)),
        ("failed (under one that is unsettled)", f"{len(verdict.failed)} ({verdict.under_unsettled})"),
        (
            "messages: replies, alerts, sheets, pictures",
            f"{sent}: {verdict.replies}, {verdict.alerts}, {verdict.sheets}, {verdict.pictures}",
        ),
        ("faster than Slack allows", told.too_fast),
        ("calls of Slack", told.calls),
        ("seconds after the moment: median, p99, most", "{:.1f}, {:.1f}, {:.0f}".format(*_late(verdict))),
        ("kills, outages", f"{told.kills}, {told.outages}"),
        ("moves of the clock", told.turns),
        ("seconds", f"{told.seconds:.0f}"),
        ("  a simulated day: median, most", f"{median(days):.1f}, {max(days):.1f}" if days else "-"),
        ("  messages a second", f"{sent / told.seconds:.1f}"),
        ("memory of a worker, MB", f"{told.memory:.0f}"),
    )
    for name, figure in rows:
        print(f"{name:46}{figure}")
    for kind, found in verdict.wrong.items():
        print(f"\n{kind}: {len(found)}", *found[:SHOWN], sep="\n  ")


def _late(verdict: Verdict) -> tuple[float, float, float]:
    return judge.percentile(verdict.late, 0.5), judge.percentile(verdict.late, 0.99), max(verdict.late, default=0.0)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)


@contextmanager
def _database(is_sqlite: bool, folder: Path) -> Iterator[str]:
    programs = postgres.binaries()
    if is_sqlite or not programs:
        yield f"sqlite:///{folder}/simulated.db"
    else:
        with postgres.server(programs) as host:
            yield postgres.url(host, "postgres")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = Options()
    parser.add_argument("--sqlite", action="store_true", help="SQLite instead of a PostgreSQL server of our own")
    for name in ("channels", "workspaces", "days", "workers", "seed", "long", "most_kills"):
        parser.add_argument(
            f"--{name}", type=int, default=getattr(usual, name), help=f"(default: {getattr(usual, name)})"
        )
    parser.add_argument(
        "--kills", type=float, default=usual.kills, help="seconds between two kills, on average; 0: none"
    )
    parser.add_argument(
        "--blind", type=float, default=usual.blind, help="share of workspaces whose history may not be read"
    )
    parser.add_argument(
        "--budget", type=float, default=usual.budget, help="messages a second and workspace; 0: no limit"
    )
    parser.add_argument("--calm", action="store_true", help="nothing goes wrong in Slack")
    parser.add_argument("--begin", type=_day, default=BEGIN, help="the first day (default: %(default)s)")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="a new folder for the ledger and the log, which stays"
    )
    return parser.parse_args()


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
