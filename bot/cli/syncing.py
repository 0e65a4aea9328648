"""The verb that brings lists up to date from their publishers: `sync`."""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, TaskID, TextColumn
from rich.progress import Progress as Bar

from bot.cli.loading import complain, in_json, in_words
from bot.cli.parts import Verbs, now, ready, verb, with_json
from bot.config import Settings
from bot.errors import UserError
from bot.lists import LISTS
from bot.lists.download import Progress
from bot.syncing import LOADING, Result, Syncing, downloadable


def sync(verbs: Verbs) -> None:
    """Lists from their publishers."""
    does = "download lists from their publishers and load what changed"
    one = with_json(verb(verbs, "sync", _sync, does, "sync ofac un"))
    names = ", ".join(downloadable())
    one.add_argument("list", nargs="*", metavar="LIST", help=f"any of: {names} (default: those with free terms)")
    one.add_argument("--force", action="store_true", help="load a list even if a fifth of it would go")


def _sync(options: argparse.Namespace, settings: Settings) -> int:
    names = wanted(options.list)
    with ready(settings) as database:
        syncing = Syncing(settings, database, now)
        results = [_one(syncing, name, options) for name in names]
    if options.json:
        print(json.dumps({"lists": [_in_json(one) for one in results]}))
    rejected = [each for one in results for loaded in one.loaded for each in loaded.rejected]
    complain(rejected)
    return 1 if rejected or any(one.why for one in results) else 0


def wanted(names: list[str]) -> list[str]:
    """The lists to be brought up to date, each once: those named, else those with free terms. Raises UserError for others."""
    known = downloadable()
    for name in names:
        if name not in known:
            what = "has no publisher to download it from" if name in LISTS else "is not a list"
            raise UserError(f"{name!r} {what}; those that can be downloaded are: {', '.join(known)}")
    return list(dict.fromkeys(names)) or [name for name, one in known.items() if one.is_free]


def _one(syncing: Syncing, name: str, options: argparse.Namespace) -> Result:
    """Brings one list up to date, and says at once how it went: the next may take its time."""
    with _bars() as progress:
        result = syncing.sync(name, progress, force=options.force)
    if not options.json:
        print(_in_words(result), flush=True)
    return result


def _in_words(result: Result) -> str:
    if result.loaded:
        return "\n".join(map(in_words, result.loaded))
    return f"{result.list}: failed: {result.why}" if result.why else f"{result.list}: unchanged since the last download"


def _in_json(result: Result) -> dict[str, Any]:
    counts = in_json(result.loaded) if result.loaded else {}
    return {"list": result.list, "outcome": result.outcome, "why": result.why, **counts}


@contextmanager
def _bars() -> Iterator[Progress]:
    """A bar on a terminal for what is under way; what is given out is told how far it is."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[amount]}"))
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                for task in bar.task_ids:
                    bar.remove_task(task)
                tasks[what] = bar.add_task(what, amount="")
            amount = f"{done:,} entities" if what.endswith(LOADING) else decimal(done)
            bar.update(tasks[what], completed=done, total=total or None, amount=amount)

        yield progress
