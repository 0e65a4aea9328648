"""Verbs that fill the database and say what is in it: `init`, `load`, `coverage`."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress as Bar
from sqlalchemy.orm import Session

from bot import intake, lookup, terminal
from bot.cli.parts import Terminal, Verbs, now, ready, verb, with_json
from bot.config import Settings
from bot.indexing import Names, Progress
from bot.lists import LISTS
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.matching.shelf import folder_for
from bot.questions.times import day
from bot.records import PUBLIC, Rejected
from bot.reply import Words
from bot.store import datasets
from bot.store.database import Database, lock, migrate

MOST_COMPLAINTS = 20
"""How many rejected records get a line each; `--json` has them all."""


def init(verbs: Verbs) -> None:
    """The database and its starter records."""
    one = verb(verbs, "init", _init, "create or upgrade the database and load the starter records", "init")
    with_json(one).add_argument("--quiet", action="store_true", help="say nothing when all is well")


def load(verbs: Verbs) -> None:
    """A list from files."""
    one = verb(verbs, "load", _load, "load a list or claims files, all or nothing", "load claims our-desk.yaml")
    with_json(one).add_argument("list", metavar="LIST", help=f"one of: {', '.join(LISTS)}")
    one.add_argument("file", nargs="+", metavar="FILE", help="the files of one version")
    published = "the version's date, where the file's own is not it"
    one.add_argument("--published", default="", metavar="DATE", help=published)
    one.add_argument("--force", action="store_true", help="load it even if it is older than what is loaded")
    one.add_argument("--workspace", default="", metavar="ID", help="only this workspace sees it (default: all do)")


def coverage(verbs: Verbs) -> None:
    """What is loaded."""
    with_json(verb(verbs, "coverage", _coverage, "what is loaded, in which version, how fresh", "coverage --json"))


def _init(options: argparse.Namespace, settings: Settings) -> int:
    """One transaction: a new database has its starter records, or is not there."""
    with Database(settings.database_url) as database, database.writing() as session:
        lock(session, "init")
        migrate(session)
        lock(session, "records")
        loaded = intake.load(session, intake.read_starter(), PUBLIC, now(), force=True)
        _index(settings, database, session)
    name = database.url.render_as_string()
    if options.json:
        print(json.dumps({"database": name, **_loaded([loaded])}))
    elif not options.quiet:
        print(f"Ready: {name}, {_in_words(loaded)}.")
    return 0


def _load(options: argparse.Namespace, settings: Settings) -> int:
    workspace = options.workspace or PUBLIC
    published = day(options.published, now().date()).isoformat() if options.published else ""
    console = Console(stderr=True)
    with Bar(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(f"loading {options.list}", total=None)
        found = intake.read(options.list, [Path(file) for file in options.file])
        with ready(settings) as database, database.writing() as session:
            # The time is taken once nobody else writes: a summary that was made meanwhile must not be past it.
            lock(session, "records")
            loaded = [
                intake.load(session, records, workspace, now(), published=published, force=options.force)
                for records in found
            ]
            progress.update(task, description="names made ready")
            _index(settings, database, session, lambda more: progress.advance(task, more))
    if options.json:
        print(json.dumps({"list": options.list, **_loaded(loaded)}))
    else:
        print("\n".join(map(_in_words, loaded)))
    rejected = [one for each in loaded for one in each.rejected]
    _complain(rejected)
    return 1 if rejected else 0


def _index(settings: Settings, database: Database, session: Session, progress: Progress | None = None) -> None:
    """Makes the index of what was loaded, before anybody can ask for it."""
    folder = folder_for(settings.index_folder, database.address)
    Names(Analyser(words.load()), folder).make_ahead(session, progress)


def _complain(rejected: Sequence[Rejected]) -> None:
    for one in rejected[:MOST_COMPLAINTS]:
        print(f"{one.where}: {one.why}", file=sys.stderr)
    if len(rejected) > MOST_COMPLAINTS:
        print(f"… and {len(rejected) - MOST_COMPLAINTS} more", file=sys.stderr)


def _loaded(loaded: Sequence[intake.Loaded]) -> dict[str, Any]:
    counts = [dataclasses.asdict(one.difference) for one in loaded]
    return {
        "version": max(one.version for one in loaded),
        "published_on": max(one.published_on for one in loaded),
        "entities": sum(one.entities for one in loaded),
        **{name: sum(count[name] for count in counts) for name in counts[0]},
        "rejected": [dataclasses.asdict(rejected) for one in loaded for rejected in one.rejected],
        "seconds": round(sum(one.seconds for one in loaded), 3),
    }


def _in_words(one: intake.Loaded) -> str:
    """The records that are counted as added and so on are more than the entities: their listings and claims too."""
    counts = ", ".join(f"{number} {name}" for name, number in dataclasses.asdict(one.difference).items())
    entities = "1 entity" if one.entities == 1 else f"{one.entities} entities"
    published = f" (published {one.published_on})" if one.published_on != one.version else ""
    return f"{one.list} version {one.version}{published}: {entities}; entities, listings and claims: {counts}"


def _coverage(options: argparse.Namespace, settings: Settings) -> int:
    with ready(settings) as database, database.reading() as session:
        found = datasets.current(session, settings.workspace)
    if options.json:
        fields = ("list", "title", "version", "published_on", "fetched_at", "entities", "names", "claims", "state")
        print(json.dumps([{name: getattr(one, name) for name in fields} for one in found], default=str))
    else:
        answer = lookup.about_coverage(found, now())
        terminal.draw(Words().whole_answer(answer), Terminal())
    return 0
