"""Takes what came in, one thing at a time a thread, and sees to it that it gets done, by this process or another."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import Missing
from bot.mail import Taken
from bot.store import inbox
from bot.store.database import Database

log = logging.getLogger("flagpost")

LEASE = timedelta(seconds=15)
"""How long something stays with a process that gives no sign of life."""

BEAT = 4.0
"""Seconds between two signs of life."""

LATER = timedelta(seconds=10)
"""How long something waits that could not be done for want of an outside thing."""


class Worker:
    """One process's hands on the inbox. `do` does one thing, and marks it done."""

    def __init__(self, database: Database, do: Callable[[Taken], None], now: Callable[[], datetime]) -> None:
        self.database, self.do, self.now = database, do, now
        self.name = uuid.uuid4().hex
        self.busy: set[int] = set()
        self.is_stopping = False

    def stop(self) -> None:
        """Lets what is under way be the last."""
        self.is_stopping = True

    def drain(self) -> None:
        """Does what nobody is at, until there is none, or it is told to stop. Raises Missing where an outside thing is not
        there; what that left undone comes up again."""
        while not self.is_stopping and (item := self._take()) is not None:
            self.busy.add(item.number)
            try:
                self.do(item)
            except Missing:
                self._put_off(item)
                raise
            finally:
                self.busy.discard(item.number)
            log.info("%s %d done %d ms after it came", item.kind, item.number, self._age(item))

    def _take(self) -> Taken | None:
        now = self.now()
        with self.database.writing() as session:
            return inbox.take(session, self.name, now, now + LEASE)

    def _put_off(self, item: Taken) -> None:
        with self.database.writing() as session:
            inbox.put_off(session, self.name, item.number, self.now() + LATER)

    def _age(self, item: Taken) -> float:
        return (self.now() - item.received_at) / timedelta(milliseconds=1)

    def beat(self) -> None:
        """Says that this process lives, where it is at something."""
        if busy := list(self.busy):
            with self.database.writing() as session:
                inbox.keep_taken(session, self.name, busy, self.now() + LEASE)

    def give_back(self) -> None:
        """Leaves what is not done to other processes, at once."""
        if busy := list(self.busy):
            with self.database.writing() as session:
                inbox.give_back(session, self.name, busy)
