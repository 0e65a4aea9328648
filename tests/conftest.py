"""What tests share: real databases with the starter records in them, and a desk that answers from one."""

import logging
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from bot import answers, desk, intake, running, worker
from bot import slack as bot_slack
from bot.answers import Answer, Context
from bot.lookup import Asking
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.records import PUBLIC, Records
from bot.reply import Message, Words
from bot.store.database import Database, migrate
from tests import postgres as servers
from tests.fakes import FakeSlack
from tests.launching import Process
from tests.slackside import Bot, Log, leaked, workspace

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOADED = datetime(2026, 11, 23, 9, tzinfo=UTC)
NO_POSTGRES = "there is no PostgreSQL (initdb) on this machine"


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    return Analyser(words.load())


@pytest.fixture(scope="session")
def phrases() -> Words:
    return Words()


@pytest.fixture(scope="session")
def starter() -> Records:
    return intake.read_starter()


def fill(url: str, starter: Records) -> None:
    """Makes the database at `url` one with the starter records, loaded at LOADED."""
    database = Database(url)
    with database.writing() as session:
        migrate(session)
        intake.load(session, starter, PUBLIC, LOADED)
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, starter: Records) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    fill(f"sqlite:///{file}", starter)
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real server of our own, on a socket only; yields the host part of its URLs."""
    programs = servers.binaries()
    if programs is None:
        pytest.skip(NO_POSTGRES)
    with servers.server(programs, "fsync=off", "timezone=Asia/Shanghai") as host:
        yield host


@pytest.fixture(scope="session")
def postgres_template(postgres: str, starter: Records) -> str:
    _create(postgres, "template_starter", "template0")
    fill(servers.url(postgres, "template_starter"), starter)
    return "template_starter"


def _create(host: str, name: str, template: str) -> None:
    with psycopg.connect(host=host, user="flagpost", dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the starter records, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'flagpost.db')}"
    host, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    _create(host, "test", template)
    return servers.url(host, "test")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'flagpost.db'}"
    host = request.getfixturevalue("postgres")
    _create(host, "empty", "template0")
    return servers.url(host, "empty")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    one = Database(url)
    yield one
    one.close()


class Desk(desk.Desk):
    """Answers from a database the way the doors do, with the conversation carried on."""

    context = Context()

    def ask_about(
        self, question: str, *, now: datetime = NOW, workspace: str = "local", **options: Any
    ) -> tuple[Answer, Message]:
        answer, message = super().ask(Asking(question, workspace, now, context=self.context, **options))
        self.context = answers.context(answer, self.context)
        return answer, message

    def answer(self, question: str, **options: Any) -> Answer:
        return self.ask_about(question, **options)[0]

    def message(self, question: str, **options: Any) -> Message:
        return self.ask_about(question, **options)[1]

    def say(self, question: str, **options: Any) -> str:
        return self.message(question, **options).text

    def json(self, question: str, **options: Any) -> dict[str, Any]:
        return self.document(*self.ask_about(question, **options))


@pytest.fixture(name="desk")
def asked(database: Database) -> Desk:
    """A desk on each kind of database in turn."""
    return Desk(database, "test")


@pytest.fixture
def quick_desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk on SQLite alone, for what has nothing to do with the database."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'quick.db')}")
    yield Desk(database, "test")
    database.close()


@pytest.fixture
def quick_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database with the starter records, on SQLite alone."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'quick.db')}"


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    """A Slack workspace that has nothing to complain of at the end."""
    with workspace() as one:
        yield one
    assert one.complaints == []


@pytest.fixture
def log() -> Iterator[Log]:
    """What a process logs that runs the bot."""
    one, ours = Log(), logging.getLogger("flagpost")
    logging.getLogger().addHandler(one)
    ours.setLevel(logging.INFO)
    yield one
    logging.getLogger().removeHandler(one)
    ours.setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def brisk() -> Iterator[None]:
    """Makes a bot in this process look about often, and wait for nobody for long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "POLL", 0.3)
        patch.setattr(worker, "LATER", timedelta(seconds=0.2))
        patch.setattr(bot_slack, "TIMEOUT", 1)
        yield


@pytest.fixture(scope="session")
def standing(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, phrases: Words, brisk: None
) -> Iterator[Bot]:
    file = shutil.copy(sqlite_template, tmp_path_factory.mktemp("bot") / "flagpost.db")
    with workspace() as slack, Bot(slack, f"sqlite:///{file}", NOW, phrases) as one:
        yield one


@pytest.fixture
def bot(standing: Bot, log: Log) -> Iterator[Bot]:
    """A running bot on SQLite to which nothing has been said, for tests that leave its records and its clock alone."""
    standing.clear()
    yield standing
    assert standing.slack.complaints == []
    assert leaked(standing, log) == []


@pytest.fixture
def fresh_bot(quick_url: str, slack: FakeSlack, phrases: Words, log: Log, brisk: None) -> Iterator[Bot]:
    """A running bot on SQLite of the test's own."""
    with Bot(slack, quick_url, NOW, phrases) as one:
        yield one
    assert leaked(one, log) == []


@pytest.fixture
def each_bot(url: str, slack: FakeSlack, phrases: Words, log: Log, brisk: None) -> Iterator[Bot]:
    """The same on each kind of database in turn."""
    with Bot(slack, url, NOW, phrases) as one:
        yield one
    assert leaked(one, log) == []


@pytest.fixture
def launch(slack: FakeSlack, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts processes of the bot on a database, and kills what is left of them."""
    launched: list[Process] = []

    def start(url: str, *arguments: str, **environment: str) -> Process:
        launched.append(Process(slack, url, tmp_path, *arguments, **environment))
        return launched[-1]

    yield start
    for one in launched:
        one.kill()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-messages", action="store_true", help="write the golden messages anew, to be looked at in the diff"
    )
