"""Verbs that take a whole file: `screen`, `compare`."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.orm import Session

from bot import comparing, screening
from bot.batches import CHUNK, Batch, Plan
from bot.cli.parts import Parser, Verbs, now, ready, verb, with_json
from bot.config import Settings
from bot.errors import Missing, UserError
from bot.questions.times import day
from bot.results import Results
from bot.screening import Look
from bot.sheets import Sheet
from bot.store import datasets
from bot.unfinished import Unfinished

MOST_COMPLAINTS = 20
"""How many rejected rows get a line each."""

FEW = 10 * CHUNK
"""Rows that are done before other processes are up."""


def screen(verbs: Verbs) -> None:
    """A file of names."""
    example = "screen names.csv --out results.csv"
    one = verb(verbs, "screen", _screen, "screen a file of names: CSV, with a column name", example)
    one.add_argument("names", metavar="NAMES.csv", help="columns name, and if you like id, country, kind and others")
    one.add_argument("--as-of", default="", metavar="DATE", help="answer for this day (2024-04-30, 2024-04)")
    _output(one)


def compare(verbs: Verbs) -> None:
    """A file of pairs."""
    example = "compare pairs.csv --out scored.csv"
    one = verb(verbs, "compare", _compare, "say how alike the two names of each row are, without a database", example)
    one.add_argument("pairs", metavar="PAIRS.csv", help="columns name1 (asked), name2 (stored), and if you like schema")
    _output(one)


def _output(one: Parser) -> None:
    one.add_argument("--out", required=True, metavar="FILE", help="where the results go: the input's columns and more")
    one.add_argument("--resume", action="store_true", help="go on with results that were cut off, as they were begun")
    one.add_argument("--force", action="store_true", help="write the results anew if they are there already")
    one.add_argument(
        "--workers", type=int, metavar="N", help="processes that work at a time (default: one for each core)"
    )
    with_json(one)


def _screen(options: argparse.Namespace, settings: Settings) -> int:
    unfinished = _unfinished(options)
    sheet = Sheet(Path(options.names), screening.NEEDS, screening.ADDS)
    with ready(settings) as database:
        with database.reading() as session:
            look = _look(session, options, settings.workspace, unfinished)
            basis = screening.basis(look, sheet.sha256, datasets.current(session, look.workspace, look.known_at))
        workers = _workers(options, sheet)
        with _opened(options, sheet, unfinished, basis) as results:
            run = _Run(
                screening.plan(settings.database_url, settings.index_folder, look, settings.required_lists),
                sheet,
                results,
            )
            is_whole = run.go(workers)
        with database.writing() as session:
            receipt = screening.keep(session, run.batch, look, now())
    if is_whole:
        unfinished.remove()
    return run.report(options, is_whole, receipt)


def _look(session: Session, options: argparse.Namespace, workspace: str, unfinished: Unfinished) -> Look:
    """What the run looks into: what it did at its beginning, where it is gone on with. Raises UserError for another day."""
    if unfinished.begun is None:
        at = now()
        return screening.look(session, workspace, day(options.as_of, at.date()) if options.as_of else at.date(), at)
    try:
        look = screening.look_again(unfinished.begun, workspace)
    except (KeyError, TypeError, ValueError):
        raise unfinished.unreadable() from None
    # "yesterday" is the one of the day on which it was begun.
    if options.as_of and day(options.as_of, look.known_at.date()) != look.day:
        why = f"it was begun for {look.day}; leave --as-of out to go on, or --force writes it anew"
        raise UserError(f"--as-of {options.as_of}: {options.out} cannot be gone on with: {why}")
    return look


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    sheet = Sheet(Path(options.pairs), comparing.NEEDS, comparing.ADDS)
    unfinished = _unfinished(options)
    workers = _workers(options, sheet)
    with _opened(options, sheet, unfinished, comparing.basis(sheet.sha256)) as results:
        run = _Run(comparing.plan(), sheet, results)
        is_whole = run.go(workers)
    if is_whole:
        unfinished.remove()
    return run.report(options, is_whole)


def _unfinished(options: argparse.Namespace) -> Unfinished:
    if options.resume and options.force:
        raise UserError("--resume goes on with the results, --force writes them anew: say one of them")
    return Unfinished(Path(options.out), resume=options.resume)


@contextmanager
def _opened(
    options: argparse.Namespace, sheet: Sheet, unfinished: Unfinished, basis: Mapping[str, Any]
) -> Iterator[Results]:
    """The results, with the file beside them that tells what they rest on from before the first row."""
    out = Path(options.out)
    if unfinished.begun is not None:
        unfinished.compare(basis)
    elif options.force or not out.exists():
        # What an earlier run rested on must never stand beside the rows of this one, nor of this one beside earlier rows.
        unfinished.remove()
    with Results(out, sheet, resume=options.resume, force=options.force) as results:
        if unfinished.begun is None:
            unfinished.keep(basis)
        yield results


def _workers(options: argparse.Namespace, sheet: Sheet) -> int:
    """As many as were asked for, else one for each core that this process may use; one where there is little to do."""
    if options.workers is not None and options.workers < 1:
        raise UserError("--workers: at least 1")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return options.workers or (cores if sheet.count > FEW else 1)


class _Run:
    """One run as it is seen on the terminal."""

    def __init__(self, plan: Plan, sheet: Sheet, results: Results) -> None:
        self.batch = Batch(plan, sheet, results)
        self.started = time.monotonic()

    def go(self, workers: int) -> bool:
        """Does it, with a progress bar; whether it came to its end, and was not stopped by Ctrl-C or SIGTERM.

        Raises Missing where a worker, the database or room for the results is gone, and UserError as `Batch.run` does.
        """
        try:
            with _stoppable(), _progress() as progress:
                task = progress.add_task("", total=self.batch.sheet.count, speed="")
                for done in self.batch.run(workers):
                    progress.update(task, completed=done, speed=f"{self.speed:,.0f} a second")
        except KeyboardInterrupt:
            return False
        except Missing as error:
            done = self.batch.results.done
            raise Missing(f"{error}; {done:,} rows are done, and the same with --resume goes on") from error
        return True

    @property
    def seconds(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started

    @property
    def speed(self) -> float:
        """Rows a second."""
        return (self.batch.tally.rows - self.batch.tally.before) / self.seconds

    def report(self, options: argparse.Namespace, is_whole: bool, receipt: str = "") -> int:
        """Says what was done, on both channels, and gives the exit status."""
        tally, out = self.batch.tally, self.batch.results.path
        if not is_whole:
            done = f"{self.batch.results.done:,} of {self.batch.sheet.count:,} rows are done"
            print(f"Stopped: {done}; the same with --resume goes on with {out}", file=sys.stderr)
            return 1
        print(json.dumps(self._summary(receipt), ensure_ascii=False) if options.json else self._words(receipt))
        for one in tally.rejected[:MOST_COMPLAINTS]:
            print(f"{one.where}: {one.why}", file=sys.stderr)
        if tally.rejected_rows > MOST_COMPLAINTS:
            print(f"… and {tally.rejected_rows - MOST_COMPLAINTS:,} more", file=sys.stderr)
        return 1 if tally.rejected_rows else 0

    def _summary(self, receipt: str) -> dict[str, Any]:
        tally = self.batch.tally
        return {
            "rows": tally.rows,
            **({"statuses": dict(tally.counts)} if receipt else {"matches": dict(tally.counts)}),
            "rejected": [asdict(one) for one in tally.rejected],
            "rejected_rows": tally.rejected_rows,
            "seconds": round(self.seconds, 3),
            "names_per_second": round(self.speed, 1),
            **({"receipt": receipt} if receipt else {}),
        }

    def _words(self, receipt: str) -> str:
        tally = self.batch.tally
        counts = {**tally.counts, **({"rejected": tally.rejected_rows} if tally.rejected_rows else {})}
        named = ", ".join(f"{number:,} {what}" for what, number in sorted(counts.items())) or "nothing"
        speed = f"{self.seconds:,.1f} s, {self.speed:,.0f} rows a second"
        return f"{tally.rows:,} rows: {named}; {speed}{f'; receipt {receipt}' if receipt else ''}"


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[speed]}"), TimeRemainingColumn()
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Has SIGTERM end the work as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
