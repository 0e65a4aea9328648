"""A sender with a clock of its own, the messages it sends in tests, and how Slack can fail it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.mail import Outgoing
from bot.sender import Sender
from bot.slack import Ending
from bot.store import outbox
from bot.store.database import Database
from bot.workspaces import Workspaces
from tests.conftest import NOW
from tests.fakes import FakeSlack, Fault

POST = "chat.postMessage"
DIRECT = Outgoing("reply:1", "T1", "D1", {"channel": "D1", "text": "An answer"})
PUBLIC = Outgoing("reply:2", "T1", "C1", {"channel": "C1", "text": "An answer"})
DAILY = Outgoing("daily:1", "T1", "C1", {"channel": "C1", "text": "A summary"}, only_once=True)
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "An answer"}}

TAKEN = (Fault.drop_after(), Fault.error(500, takes=True), Fault.error(503, takes=True), Fault.hang(0.3))
"""Slack took the message, and the answer did not come."""

LOST = (Fault.drop_before(), Fault.error(500), Fault.hang(0.3, takes=False), Fault.refusal("internal_error"))
"""Slack did not take the message, and nobody can know."""


class Post:
    """A sender with a clock of its own."""

    def __init__(self, slack: FakeSlack, database: Database, *tokens: str) -> None:
        self.watch = Clock(NOW)
        slack.ahead = self.watch.ahead.total_seconds()
        self.slack, self.database = slack, database
        self.workspaces = Workspaces(tokens or (slack.token,), slack.url)
        self.workspaces.introduce()
        self.settled: list[tuple[str, str]] = []
        self.sender = Sender(database, self.workspaces, self.watch, self.hear)

    def hear(self, session: Session, one: Outgoing, outcome: Ending, now: datetime) -> None:
        self.settled.append((one.key, outcome.state))

    def reserve(self, *outgoing: Outgoing) -> None:
        with self.database.writing() as session:
            for one in outgoing:
                outbox.reserve(session, one, self.watch())

    def send(self, *outgoing: Outgoing) -> None:
        """Reserves messages and sends what is due."""
        self.reserve(*outgoing)
        self.sender.deliver_due()

    def later(self, seconds: float) -> int:
        """Lets time go by, then sends what is due: how many messages were taken on."""
        self.watch.ahead += timedelta(seconds=seconds)
        self.slack.ahead += seconds
        return self.sender.deliver_due()

    def ending(self, one: Outgoing) -> tuple[str, str]:
        with self.database.reading() as session:
            return outbox.ending(session, one.key)

    @property
    def said(self) -> list[str]:
        return [one.text for one in self.slack.messages]

    def asked(self, method: str) -> int:
        return len([call for call in self.slack.calls if call.method == method])
