"""The command line: `python -m bot VERB`."""

import argparse
import dataclasses
import io
import json
import logging
import os
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import Progress

from bot import answers, checkup, config, intake, lookup, terminal
from bot.answers import Context
from bot.desk import Desk
from bot.errors import Missing, UserError
from bot.lists import LISTS
from bot.questions.times import day
from bot.records import PUBLIC
from bot.reply import Words
from bot.store import datasets
from bot.store.database import Database, lock, migrate

log = logging.getLogger("flagpost")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every verb does."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{self.prog}: {message} (see {self.prog} --help)")


class _Console(Console):
    """Lets a closed pipe end the program quietly, as other tools do."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def main(arguments: Sequence[str]) -> int:
    """Runs one verb; the exit status says how it went: 0, 1, 2 or 3."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Bytes that are no text, and text that the terminal cannot show, are no reason to fail.
            stream.reconfigure(errors="replace" if stream is sys.stdin else "backslashreplace")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        options = _parser().parse_args(arguments)
        return int(options.run(options, config.read()))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except Missing as error:
        print(error, file=sys.stderr)
        return 3
    except BrokenPipeError:
        # What is still to be flushed goes nowhere, instead of failing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"cannot read or write: {error.strerror}", file=sys.stderr)
        return 3
    except Exception:  # one of the two catch-alls
        reference = uuid.uuid4().hex[:8]
        log.exception("reference %s", reference)
        print(f"Something went wrong on our side; the reference is {reference}.", file=sys.stderr)
        return 3


def _init(options: argparse.Namespace, settings: config.Settings) -> int:
    """One transaction: a new database has its starter records, or is not there."""
    with Database(settings.database_url) as database, database.writing() as session:
        lock(session, "init")
        migrate(session)
        loaded = intake.load(session, intake.read_starter(), PUBLIC, _now(), force=True)
    name = database.url.render_as_string()
    if options.json:
        print(json.dumps({"database": name, **_loaded([loaded])}))
    elif not options.quiet:
        print(f"Ready: {name}, {_in_words(loaded)}.")
    return 0


def _ask(options: argparse.Namespace, settings: config.Settings) -> int:
    with _ready(settings) as database:
        desk = Desk(database, "terminal")
        answer, message = desk.ask(_asking(options, settings, " ".join(options.question)))
    if options.json:
        print(json.dumps(desk.document(answer, message), ensure_ascii=False, indent=2))
    else:
        terminal.draw(desk.words.whole_answer(answer), _Console())
    return 0


def _asking(options: argparse.Namespace, settings: config.Settings, question: str) -> lookup.Asking:
    now = _now()
    return lookup.Asking(question, settings.workspace, now, options.as_of, _known_at(options.known_at, now))


def _known_at(text: str, now: datetime) -> datetime | None:
    """A date means its end; a time with an offset is taken as it is, one without as UTC."""
    if not text:
        return None
    if "T" in text or ":" in text:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise UserError(f"{text!r} is not a time like 2024-04-30T12:00Z or a date like 2024-04-30.") from None
    else:
        at = datetime.combine(day(text, now.date()), time.max)
    return min(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def _chat(options: argparse.Namespace, settings: config.Settings) -> int:
    console = _Console()
    context = Context()
    interactive = sys.stdin.isatty()
    if interactive:
        console.print("Ask about a firm, a person or a topic; an empty line or Ctrl-D ends.", style="dim")
    with _ready(settings) as database:
        desk = Desk(database, "terminal")
        while (line := _line("> " if interactive else "")) is not None:
            try:
                asking = dataclasses.replace(_asking(options, settings, line), context=context)
                answer, _ = desk.ask(asking)
            except UserError as error:
                print(error, file=sys.stderr)
                continue
            context = answers.context(answer, context)
            terminal.draw(desk.words.whole_answer(answer), console)
            console.print()
    return 0


def _line(prompt: str) -> str | None:
    """The next line that says something; None at the end of the input, or at an empty line typed at a prompt."""
    try:
        while not (line := input(prompt).strip()):
            if prompt:
                return None
    except EOFError:
        return None
    return line


def _load(options: argparse.Namespace, settings: config.Settings) -> int:
    workspace = options.workspace or PUBLIC
    published = day(options.published, _now().date()).isoformat() if options.published else ""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        progress.add_task(f"loading {options.list}", total=None)
        found = intake.read(options.list, [Path(file) for file in options.file])
        with _ready(settings) as database, database.writing() as session:
            loaded = [
                intake.load(session, records, workspace, _now(), published=published, force=options.force)
                for records in found
            ]
    if options.json:
        print(json.dumps({"list": options.list, **_loaded(loaded)}))
    else:
        print("\n".join(map(_in_words, loaded)))
    return 0


def _loaded(loaded: Sequence[intake.Loaded]) -> dict[str, Any]:
    counts = [dataclasses.asdict(one.difference) for one in loaded]
    return {
        "version": max(one.version for one in loaded),
        "entities": sum(one.entities for one in loaded),
        **{name: sum(count[name] for count in counts) for name in counts[0]},
        "rejected": [],
        "seconds": round(sum(one.seconds for one in loaded), 3),
    }


def _in_words(one: intake.Loaded) -> str:
    counts = ", ".join(f"{number} {name}" for name, number in dataclasses.asdict(one.difference).items())
    return f"{one.list} version {one.version}: {counts}"


def _coverage(options: argparse.Namespace, settings: config.Settings) -> int:
    with _ready(settings) as database, database.reading() as session:
        found = datasets.current(session, settings.workspace)
    if options.json:
        fields = ("list", "title", "version", "published_on", "fetched_at", "entities", "names", "claims", "state")
        print(json.dumps([{name: getattr(one, name) for name in fields} for one in found], default=str))
    else:
        answer = lookup.about_coverage(found, _now())
        terminal.draw(Words().whole_answer(answer), _Console())
    return 0


def _doctor(options: argparse.Namespace, settings: config.Settings) -> int:
    findings = checkup.examine(settings, _now())
    if options.json:
        print(json.dumps([dataclasses.asdict(one) for one in findings]))
    else:
        terminal.draw(Words().parts("doctor", 1, findings=findings), _Console())
    return max(one.severity for one in findings)


def _now() -> datetime:
    return datetime.now(UTC)


def _ready(settings: config.Settings) -> Database:
    """The database, set up for this version. Raises Missing where it is not."""
    database = Database(settings.database_url)
    if not database.is_ready():
        database.close()
        raise Missing("the database is not set up for this version; run: python -m bot init")
    return database


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bot", description="Flagpost: who is listed or named, and who says so.")
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, run: Callable[..., int], does: str, example: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=does, description=does, epilog=f"example: python -m bot {example}")
        one.add_argument("--json", action="store_true", help="print one JSON document") if name != "chat" else None
        one.set_defaults(run=run)
        return one

    init = verb("init", _init, "create or upgrade the database and load the starter records", "init")
    init.add_argument("--quiet", action="store_true", help="say nothing when all is well")
    ask = verb("ask", _ask, "answer one question", 'ask "is Dalian Machine Tool flagged?" --as-of 2024-04-30')
    ask.add_argument("question", nargs="+", help="the question, in any phrasing")
    chat = verb("chat", _chat, "answer questions line by line, with follow-ups", "chat")
    for one in (ask, chat):
        one.add_argument("--as-of", default="", metavar="DATE", help="answer for this day (2024-04-30, 2024-04)")
        one.add_argument("--known-at", default="", metavar="DATE", help="use only what was stored by then")
    load = verb("load", _load, "load a list or claims files, all or nothing", "load claims our-desk.yaml")
    load.add_argument("list", metavar="LIST", help=f"one of: {', '.join(LISTS)}")
    load.add_argument("file", nargs="+", metavar="FILE", help="the files of one version")
    load.add_argument(
        "--published", default="", metavar="DATE", help="the version's date, where the file's own is not it"
    )
    load.add_argument("--force", action="store_true", help="load it even if it is older than what is loaded")
    load.add_argument("--workspace", default="", metavar="ID", help="only this workspace sees it (default: all do)")
    verb("coverage", _coverage, "what is loaded, in which version, how fresh", "coverage --json")
    verb("doctor", _doctor, "check settings and database, and say what to do", "doctor")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
