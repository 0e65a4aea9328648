"""Loads every list file beside the checkout into one database and asks for random rows of each by their own names.
Run: python -m tests.bench.lists [--sample 200] [--seed N] [--misses] [--url DATABASE_URL] [--postgresql]

Prints for each file its records, names, rejected records, seconds, and the peak memory of the process that loaded it; then how
often a row's own name leads to it, with its programme.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.answers import Subject
from bot.desk import Desk
from bot.lists import LISTS
from bot.lookup import Asking
from bot.records import Entry
from bot.store.database import Database
from tests import postgres
from tests.bench.labelled import ROOT

FILES = (
    ("ofac", "2021-07-30", "ofac/2021-07/*.csv"),
    ("ofac", "2024-04-26", "ofac/2024-04-26/sdn.csv"),
    ("ofac", "2024-05-01", "ofac/2024-05-01/sdn.csv"),
    ("ofac_nonsdn", "", "ofac/nonsdn_2025-12/*.xml"),
    ("ofac_nonsdn", "2025-12-31", "ofac/nonsdn_2025-12/*.csv"),
    ("csl", "2022-05-31", "csl/*.csv.gz"),
    ("un", "", "un/*.xml"),
    ("uk", "", "uk/*.xlsx"),
    ("opensanctions", "", "opensanctions/targets.simple_2026-03-13.csv"),
    ("opensanctions", "2026-03-01", "opensanctions/zala.entities.ftm.json"),
    ("opensanctions", "2026-03-02", "opensanctions/t2.entities.delta.json"),
)
"""Name on the command line, when it was published where the file does not say, and the files, in the order of loading."""

LINE = "{:>14} {:>8} {:>7} {:>6} {:>6} {:>6} {:>6} {:>7.1f} {:>6.1f} {:>5.0f}"
HEAD = "          list  records   names  added changed removd reject  seconds s/20k    MB  files"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list that names a programme or an act: the entity's id and name, and the programme."""

    list: str
    id: str
    name: str
    programme: str


def main() -> None:
    options = _arguments()
    with _database(options) as url, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": url, "INDEX_FOLDER": str(Path(folder) / "index")}
        _run(["init"], environment)
        print(HEAD)
        rows: dict[str, list[Row]] = {}
        for form, published, pattern in FILES:
            paths = sorted((options.data / "lists").glob(pattern))
            if paths:
                print(_load(form, published, paths, environment), f" {pattern}", flush=True)
                rows[f"{form} {paths[0].name}"] = _drawn(form, paths, options)
        database = Database(url)
        desk = Desk(database, "bench", Path(folder) / "index")
        for title, some in rows.items():
            _ask(desk, title, some, show=options.misses)
        database.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder with lists/")
    parser.add_argument("--sample", type=int, default=200, help="rows of each list that are asked for")
    parser.add_argument("--seed", type=int, default=5, help="of the random draw")
    parser.add_argument("--misses", action="store_true", help="print the rows that were not found")
    parser.add_argument("--url", default="", help="an empty database to be kept")
    parser.add_argument("--postgresql", action="store_true", help="a PostgreSQL server of our own instead of SQLite")
    found = parser.parse_args()
    if not (found.data / "lists").is_dir():
        print(f"No lists in {found.data}: nothing to measure. Name another folder with --data.")
        sys.exit(0)
    return found


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[str]:
    programs = postgres.binaries()
    if options.url:
        yield options.url
    elif options.postgresql and programs:
        with postgres.server(programs) as host:
            yield postgres.url(host, "postgres")
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/lists.db"


def _run(arguments: list[str], environment: dict[str, str]) -> tuple[str, float, int]:
    """What a run of the command line printed, its seconds, and its highest memory in kB."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as complaints:
        started = time.monotonic()
        command = [sys.executable, "-m", "bot", *arguments]
        child = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=complaints)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        out.seek(0)
        complaints.seek(0)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"{' '.join(arguments)}: {complaints.read()}")
        return out.read(), seconds, used.ru_maxrss


def _load(form: str, published: str, paths: list[Path], environment: dict[str, str]) -> str:
    dated = ["--published", published] if published else []
    out, seconds, memory = _run(["load", form, *map(str, paths), *dated, "--force", "--json"], environment)
    told: dict[str, Any] = json.loads(out)
    covered = json.loads(_run(["coverage", "--json"], environment)[0])
    mine = [one for one in covered if one["list"] == form or one["list"].startswith(f"{form}-")]
    names = sum(one["names"] for one in mine if one["version"] == told["version"])
    counts = [told[name] for name in ("added", "changed", "removed")]
    each = seconds / max(told["entities"], 1) * 20_000
    cells = (form, told["entities"], names, *counts, len(told["rejected"]), seconds, each, memory / 1024)
    return LINE.format(*cells)


def _drawn(form: str, paths: list[Path], options: argparse.Namespace) -> list[Row]:
    """Random rows that name a programme or an act."""
    found = [
        Row(form, item.entity.id, item.entity.name, item.listings[0].programme)
        for item in LISTS[form](paths)
        if isinstance(item, Entry) and item.listings and not item.listings[0].ended_on
    ]
    return random.Random(options.seed).sample(found, min(options.sample, len(found)))


def _ask(desk: Desk, title: str, rows: list[Row], *, show: bool) -> None:
    outcomes = Counter[str]()
    for row in rows:
        answer, _ = desk.ask(Asking(row.name, "local", datetime.now(UTC)))
        outcome = _outcome(row, answer.subjects)
        outcomes[outcome] += 1
        if show and outcome != "found":
            told = [
                (
                    one.mention,
                    one.status,
                    one.standing.records if one.standing else [c.entity.id for c in one.candidates],
                )
                for one in answer.subjects
            ]
            print(f"    {outcome}: {row.id} {row.name!r} [{answer.intent}] {told}")
    others = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common() if outcome != "found")
    share = outcomes["found"] / max(len(rows), 1)
    print(
        f"{title}: {share:.1%} of {len(rows)} rows found by their own names{'; ' + others if others else ''}",
        flush=True,
    )


def _outcome(row: Row, subjects: tuple[Subject, ...]) -> str:
    """What asking for a row by its name came to."""
    if len(subjects) != 1:
        return "read as several" if subjects else "not read as a name"
    (one,) = subjects
    if one.standing is None:
        there = any(row.id in candidate.records for candidate in one.candidates)
        return f"{one.status}, the row among the candidates" if there else one.status
    if row.id not in one.standing.records:
        return "another record"
    said = {fact.listing.programme for fact in one.standing.listings}
    wanted = set(row.programme.split("; "))
    return "found" if any(wanted & set(one.split("; ")) for one in said) else "found without its programme"


if __name__ == "__main__":
    main()
