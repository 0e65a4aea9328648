"""What a workspace that watches is told, on its way to Slack."""

from datetime import datetime, timedelta
from typing import Protocol

from bot import endings
from bot.reply import Words
from bot.sender import Sender
from bot.store import outbox
from bot.store.database import Database
from bot.workspaces import Workspaces
from tests.fakes import FakeSlack


class Clock(Protocol):
    """Something with a time that stands."""

    database: Database
    now: datetime


class Sending:
    """The sender of a process, by the clock of `world`."""

    def __init__(self, world: Clock, slack: FakeSlack) -> None:
        self.world, words = world, Words()
        workspaces = Workspaces((slack.token,), slack.url)
        workspaces.introduce()

        def settled(session, outgoing, outcome, now):  # type: ignore[no-untyped-def]
            endings.settled(session, words, outgoing, outcome, now)

        self.sender = Sender(world.database, workspaces, lambda: world.now, settled)

    def one(self) -> None:
        """Sends what a channel takes in a moment."""
        self.world.now += timedelta(seconds=2)
        self.sender.deliver_due()

    def all(self) -> None:
        """Sends all that waits."""
        while self.is_any():
            self.one()

    def is_any(self) -> bool:
        with self.world.database.reading() as session:
            return outbox.waiting(session) > 0
