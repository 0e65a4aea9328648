"""Summaries with a clock of their own, and what becomes of their messages."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot import digest, endings
from bot.mail import Outgoing, Subscription
from bot.reply import Words
from bot.slack import Ending
from bot.store import outbox, subscriptions
from bot.store.database import Database
from bot.store.mail_tables import OutboxRow
from bot.summaries import Summaries
from tests.test_digest import SINCE

SENT = Ending("sent", ts="1.1")
GONE = Ending("failed", why="channel_not_found")
LOST = Ending("unsettled", why="missing_scope")


def subscribe(database: Database, channel: str = "C1", **changes: Any) -> Subscription:
    """Sets a channel's summary, as people do."""
    one = replace(Subscription("T1", channel, "10:00", "UTC", "silent", "U1", SINCE, SINCE), **changes)
    with database.writing() as session:
        return digest.switch_on(session, replace(one, told_until=changes.get("told_until", one.set_at)))


class Paper:
    """One process's summaries, by a clock that stands."""

    def __init__(self, database: Database, words: Words, *workspaces: str) -> None:
        self.database, self.words, self.now = database, words, SINCE
        self.summaries = Summaries(database, words, lambda: self.now, lambda: workspaces or ("T1",))

    def at(self, now: datetime, ending: Ending | None = SENT) -> list[str]:
        """What is reserved when the clock looks at that time, first messages alone; then all of it ends in this way."""
        self.now = now
        before = {one.key for one in self.posts()}
        self.summaries.round()
        new = [one.key for one in self.posts() if one.key not in before and not one.parent and ":" in one.key]
        if ending:
            self.end(ending)
        return new

    def posts(self) -> list[OutboxRow]:
        with self.database.reading() as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.pk)))

    def end(self, ending: Ending, channel: str = "") -> None:
        """Settles what is open (in one channel), as whoever sends does."""
        for row in self.posts():
            if row.settled_at is None and channel in ("", row.channel):
                one = Outgoing(row.key, row.workspace, row.channel, dict(row.payload or {}), parent=row.parent)
                how = replace(ending, state="failed", why="") if one.parent and ending.state == "failed" else ending
                with self.database.writing() as session:
                    outbox.settle(session, one.key, how.state, self.now, how.ts, how.why)
                    endings.settled(session, self.words, one, how, self.now)

    def one(self, channel: str = "C1") -> Subscription:
        with self.database.reading() as session:
            (found,) = subscriptions.of_place(session, "T1", channel)
        return found

    def next(self, channel: str = "C1") -> datetime:
        return digest.next_of(self.one(channel), self.now)
