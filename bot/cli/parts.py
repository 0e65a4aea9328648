"""What the verbs share: how they are declared, the time, the database, what is drawn on the terminal."""

import argparse
import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeAlias

from rich.console import Console

from bot.config import NAMES, Settings
from bot.errors import Missing, UserError
from bot.store.database import Database

Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"
Run: TypeAlias = Callable[[argparse.Namespace, Settings], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every verb does."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{self.prog}: {message} (see {self.prog} --help)")


class Terminal(Console):
    """Lets a closed pipe end the program quietly, as other tools do."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def verb(verbs: Verbs, name: str, run: Run, does: str, example: str, **options: Any) -> Parser:
    """Declares a verb. `run` gets the parsed options and the settings, and gives the exit status."""
    one = verbs.add_parser(name, help=does, description=does, epilog=f"example: python -m bot {example}", **options)
    one.set_defaults(run=run)
    return one


def with_json(one: Parser) -> Parser:
    """Adds `--json`."""
    one.add_argument("--json", action="store_true", help="print one JSON document")
    return one


def now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def user() -> str:
    """Who is logged in."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def ready(settings: Settings) -> Database:
    """The database, set up for this version. Raises Missing where it is not."""
    database = Database(settings.database_url)
    if not database.is_ready():
        database.close()
        raise Missing("the database is not set up for this version; run: python -m bot init")
    return database


def moment(text: str) -> datetime:
    """A time as typed: with an offset as it is, without as UTC. Raises UserError for what is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"{text!r} is not a time like 2024-04-30T12:00Z or a date like 2024-04-30.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def need(settings: Settings, *names: str) -> None:
    """Raises Missing where one of these settings is not there, or the database is not set up."""
    for name in names:
        if not getattr(settings, NAMES[name]):
            raise Missing(f"{name} is not set; the README says where Slack shows it")
    ready(settings).close()
