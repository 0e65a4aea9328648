"""The Slack side as a whole: a bot behind a real server, in this process or in one of its own, and the Slack it talks to."""

import io
import logging
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from sqlalchemy import text

from bot import incoming, intake
from bot.clock import Clock
from bot.config import Settings
from bot.reply import Words
from bot.running import Running
from bot.store.database import Database
from bot.web import Site
from tests.fakes import Answer, FakeSlack, Note, Posted, View
from tests.fakes.many import Slacks
from tests.files import write

KNOWN = "is Dalian Machine Tool flagged?"
"""A question that one record answers."""

TWO = "is iRay flagged?"
"""A question that two records fit equally well."""


def workspace(**options: Any) -> FakeSlack:
    """A Slack whose secrets are not to be mistaken for anything else, and that takes as many messages as come."""
    secrets = {"token": "xoxb-of-the-tests", "app_token": "xapp-of-the-tests", "signing_secret": "shared-by-the-tests"}
    return FakeSlack(**{**secrets, "pace": None, **options})


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Where a bot keeps files, until the tests end."""
    return tempfile.TemporaryDirectory(prefix="flagpost-")


def settings(slack: FakeSlack | Slacks, url: str) -> Settings:
    return Settings(
        database_url=url,
        index_folder=Path(_folder().name) / "index",
        list_folder=Path(_folder().name) / "lists",
        slack_bot_tokens=tuple(slack.token.split()),
        slack_signing_secret=slack.signing_secret,
        slack_app_token=slack.app_token,
        slack_api_url=slack.url,
    )


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request, waited for at the end."""

    request_queue_size = 128


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""


class Bot:
    """A bot in this process; `now` is the time in its own eyes and Slack's, and the templates in `words` need not be compiled
    anew. Without its loops (`loops=False`) it only keeps what comes in. Other settings can be chosen by their names."""

    def __init__(
        self,
        slack: FakeSlack,
        url: str,
        now: datetime,
        words: Words,
        *,
        loops: bool = True,
        with_clock: bool = False,
        **chosen: Any,
    ) -> None:
        self.slack, self.url, self.people, self.loops, self.chosen = slack, url, slack.people, loops, chosen
        self.watch = Clock(now)
        slack.ahead = self.watch.ahead.total_seconds()
        self.words, self.with_clock = words, with_clock
        self.running = self._new()
        self.server = make_server("127.0.0.1", 0, Site(self.running), Server, Quiet)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.asked: list[Note] = []
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def _new(self) -> Running:
        chosen = replace(settings(self.slack, self.url), **self.chosen)
        running = Running(chosen, with_clock=self.with_clock, now=self.watch)
        running.office.desk.words = running.summaries.words = self.words
        return running

    def restart(self) -> None:
        """Ends gracefully, and begins anew."""
        self.running.stop()
        self.running = self._new()
        self.server.set_app(Site(self.running))
        self.running.start()

    def __enter__(self) -> Self:
        self.slack.app_url = self.address
        if self.loops:
            self.running.start()
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.running.stop()

    def clear(self) -> None:
        """Forgets all that was said, here and in Slack."""
        for table in (
            "inbox",
            "outbox",
            "pace",
            "conversation",
            "channel",
            "direct",
            "subscription",
            "edition",
            "task",
            "alert",
            "watched_link",
            "watched",
            "watch",
        ):
            execute(self.running.database, f"DELETE FROM {table}")
        for kept in (self.asked, self.slack.messages, self.slack.views, self.slack.calls, self.slack.complaints):
            kept.clear()
        self.slack.heal()
        self.slack.ahead = self.watch.ahead.total_seconds()

    def send(self, *notes: Note, **options: Any) -> None:
        """Slack tells the bot of each, which takes it within three seconds."""
        self.asked += notes
        answers = [self.slack.send(note, **options) for note in notes]
        assert [answer.status for answer in answers] == [200] * len(notes), answers

    def tell(self, *notes: Note, **options: Any) -> list[Posted]:
        """The same, until all is done: what is new in Slack after that."""
        before = len(self.slack.messages)
        self.send(*notes, **options)
        self.rest()
        return self.slack.messages[before:]

    def mention(self, question: str, **more: Any) -> Posted:
        """The one reply to a mention."""
        (reply,) = self.tell(self.people.mention("C1", question, **more))
        return reply

    def direct(self, question: str, **more: Any) -> Posted:
        """The one reply to a direct message."""
        (reply,) = self.tell(self.people.direct(question, **more))
        return reply

    def command(self, question: str, **more: Any) -> Posted:
        """The one reply to a command."""
        (reply,) = self.tell(self.people.command(question, **more))
        return reply

    def press(self, where: Posted | View, action: str, value: str = "", **more: Any) -> list[Posted]:
        """What is new after somebody pressed a button."""
        return self.tell(self.people.press(where, action, value, **more))

    def rest(self) -> None:
        """Waits until nothing is left to do."""
        self.slack.wait_for(self.is_resting)

    def is_resting(self) -> bool:
        time.sleep(0.01)
        counts = self.running.waiting()
        return counts["inbox"] + counts["outbox"] == 0

    def later(self, seconds: float) -> None:
        """Lets time go by, here and in Slack."""
        self.watch.ahead += timedelta(seconds=seconds)
        self.slack.ahead += seconds

    def load(self, folder: Path, claims: str, whose: str) -> None:
        """Loads a claims file for a workspace."""
        (records,) = intake.read_claims([write(folder, claims)])
        with self.running.database.writing() as session:
            intake.load(session, records, whose, self.watch())

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows(self.running.database, query)

    def get(self, path: str, method: str = "GET") -> Answer:
        return get(self.server.server_port, path, method)


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


def execute(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.execute(text(statement))


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Nobody else can write to the inbox meanwhile."""
    with Database(url) as database, database.writing() as session:
        session.execute(text("SELECT 1" if database.is_sqlite else "LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE"))
        yield


def get(port: int, path: str, method: str = "GET") -> Answer:
    """What a path of the bot's gives; status 0 where nobody listens."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(), 0)
    except (OSError, HTTPException) as error:
        return Answer(0, repr(error), 0)
    finally:
        connection.close()


def buttons(message: Posted | View) -> dict[str, str]:
    """The buttons of a message: action → value."""
    blocks = message.blocks if isinstance(message, Posted) else message.content["blocks"]
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return {element["action_id"]: element["value"] for element in elements}


def seen(*messages: Posted) -> list[str]:
    """The first line of each message."""
    return [message.text.partition("\n")[0] for message in messages]


class Log(logging.Handler):
    """All that a process would log, as text."""

    def __init__(self) -> None:
        super().__init__()
        self.written = io.StringIO()
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.written.write(self.format(record) + "\n")

    @property
    def text(self) -> str:
        return self.written.getvalue()


def leaked(bot: Bot, log: Log) -> list[str]:
    """What stands in a log and may stand in none: secrets, one-time addresses, and what people asked."""
    payloads = [note.payload for note in bot.asked]
    said = {str(payload.get("text") or incoming.question(payload)) for payload in payloads}
    once = {str(payload["trigger_id"]) for payload in payloads if "trigger_id" in payload}
    secrets = {bot.slack.token, bot.slack.app_token, bot.slack.signing_secret, "v0="}
    private = secrets | once | set(bot.slack.response_urls) | {text for text in said if len(text) > 7}
    return sorted(text for text in private if text in log.text)
