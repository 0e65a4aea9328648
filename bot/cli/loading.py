"""Verbs that fill the database and say what is in it: `init`, `load`, `coverage`."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress as Bar

from bot import dates, freshness, intake, lookup, terminal
from bot.cli.parts import Terminal, Verbs, now, ready, verb, with_json
from bot.config import Settings
from bot.intake import Progress
from bot.lists import LISTS
from bot.loading import Loader, Order
from bot.questions.times import day
from bot.records import PUBLIC, Dataset, Rejected
from bot.reply import Words
from bot.store.database import Database, lock, migrate
from bot.taking import Loaded

MOST_COMPLAINTS = 20
"""How many rejected records get a line each; `--json` has them all."""


def init(verbs: Verbs) -> None:
    """The database and its starter records."""
    one = verb(verbs, "init", _init, "create or upgrade the database and load the starter records", "init")
    with_json(one).add_argument("--quiet", action="store_true", help="say nothing when all is well")


def load(verbs: Verbs) -> None:
    """A list from files."""
    one = verb(verbs, "load", _load, "load a list or claims files, all or nothing", "load ofac sdn.csv add.csv alt.csv")
    with_json(one).add_argument("list", metavar="LIST", help=f"one of: {', '.join(LISTS)}")
    one.add_argument("file", nargs="+", metavar="FILE", help="the files of one version")
    published = "the version's date, where the file's own is not it"
    one.add_argument("--published", default="", metavar="DATE", help=published)
    one.add_argument("--force", action="store_true", help="load it even if a fifth of the list would go")
    one.add_argument("--workspace", default="", metavar="ID", help="only this workspace sees it (default: all do)")


def coverage(verbs: Verbs) -> None:
    """What is loaded."""
    with_json(verb(verbs, "coverage", _coverage, "what is loaded, in which version, how fresh", "coverage --json"))


def _init(options: argparse.Namespace, settings: Settings) -> int:
    """One transaction: a new database has its starter records, or is not there."""
    with Database(settings.database_url) as database:
        loader = Loader(database, settings.index_folder, now)
        with database.writing() as session:
            lock(session, "init")
            migrate(session)
            loaded = loader.load_records(session, intake.read_starter(), force=True)
    name = database.url.render_as_string()
    if options.json:
        print(json.dumps({"database": name, **in_json([loaded])}))
    elif not options.quiet:
        print(f"Ready: {name}, {in_words(loaded)}.")
    return 0


def _load(options: argparse.Namespace, settings: Settings) -> int:
    workspace = options.workspace or PUBLIC
    published = day(options.published, now().date()).isoformat() if options.published else ""
    order = Order(options.list, tuple(map(Path, options.file)), workspace, published, options.force)
    with ready(settings) as database:
        loader = Loader(database, settings.index_folder, now)
        with progress_of(f"loading {options.list}", loader.expected(order)) as advance:
            loaded = loader.load(order, advance)
    if options.json:
        print(json.dumps({"list": options.list, **in_json(loaded)}))
    else:
        print("\n".join(map(in_words, loaded)))
    rejected = [one for each in loaded for one in each.rejected]
    complain(rejected)
    return 1 if rejected else 0


@contextmanager
def progress_of(what: str, total: int | None) -> Iterator[Progress]:
    """A bar on a terminal while something is done; what is given out is told how much more is, and by 0 that all is."""
    console = Console(stderr=True)
    with Bar(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)

        def told(more: int) -> None:
            if more:
                bar.advance(task, more)
            else:
                bar.update(task, description=f"{what}: joining and indexing", total=None)

        yield told


def complain(rejected: Sequence[Rejected]) -> None:
    """Says on stderr what could not be taken, and why."""
    for one in rejected[:MOST_COMPLAINTS]:
        print(f"{one.where}: {one.why}", file=sys.stderr)
    if len(rejected) > MOST_COMPLAINTS:
        print(f"… and {len(rejected) - MOST_COMPLAINTS} more", file=sys.stderr)


def in_json(loaded: Sequence[Loaded]) -> dict[str, Any]:
    """What loading did, in the form of the contract."""
    counts = [dataclasses.asdict(one.difference) for one in loaded]
    lacks = {name for one in loaded for name in one.lacks}
    return {
        "version": max(one.version for one in loaded),
        "published_on": max(one.published_on for one in loaded),
        "entities": sum(one.entities for one in loaded),
        **{name: sum(count[name] for count in counts) for name in counts[0]},
        **({"lacks": sorted(lacks)} if lacks else {}),
        "rejected": [dataclasses.asdict(rejected) for one in loaded for rejected in one.rejected],
        "seconds": round(sum(one.seconds for one in loaded), 3),
    }


def in_words(one: Loaded) -> str:
    """What loading one list did, in a line. Of a claims file its listings and claims count as records too."""
    counts = ", ".join(f"{number} {name}" for name, number in dataclasses.asdict(one.difference).items())
    entities = "1 entity" if one.entities == 1 else f"{one.entities} entities"
    published = f" (published {one.published_on})" if one.published_on != one.version else ""
    today = " (its files give no date, so that of today; --published DATE tells another)" if one.is_undated else ""
    past = ", taken into history" if one.is_past else ""
    lacks = f"; without {' and '.join(one.lacks)}: what stands there is missing" if one.lacks else ""
    return f"{one.list} version {one.version}{published}{today}{past}: {entities}; records: {counts}{lacks}"


def _coverage(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database, database.reading() as session:
        found = freshness.coverage(session, settings.workspace, None, now().date(), settings.required_lists)
    if options.json:
        print(json.dumps([_covered(one) for one in found]))
    else:
        answer = lookup.about_coverage(found, now())
        terminal.draw(Words().whole_answer(answer), Terminal())
    return 0


def _covered(one: Dataset) -> dict[str, Any]:
    """A list in the form of the contract; times are UTC."""
    times = {"fetched": one.fetched_at, "loaded": one.loaded_at, "confirmed": one.confirmed_at, "failed": one.failed_at}
    plain = ("list", "title", "publisher", "version", "entities", "names", "claims", "state", "why")
    return {
        **{name: getattr(one, name) for name in plain},
        "published": one.published_on,
        **{name: dates.moment(at) if at else None for name, at in times.items()},
    }
