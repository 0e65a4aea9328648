"""One process's hands on tasks of one kind: taken for a while, kept while it lives, put off where they go wrong."""

import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from bot.store import tasks
from bot.store.database import Database
from bot.store.tasks import Task

LEASE = timedelta(seconds=60)
"""How long a task stays with a process that gives no sign of life."""

LATER = timedelta(seconds=30)
"""How long what went wrong waits, and twice that the next time."""

LATEST = timedelta(hours=1)


def wait(times: int) -> timedelta:
    """How long that waits which went wrong so many times before."""
    return min(LATER * (1 << min(times, 10)), LATEST)


class Hands:
    """What a process does of the tasks of a `kind` in the workspaces of `ids`; `now` is the time."""

    def __init__(
        self, database: Database, kind: str, now: Callable[[], datetime], ids: Callable[[], Collection[str]]
    ) -> None:
        self.database, self.kind, self.now, self.ids = database, kind, now, ids
        self.name = uuid.uuid4().hex
        self.busy: set[str] = set()
        self.is_stopping = False

    def stop(self) -> None:
        """Lets what is under way be the last."""
        self.is_stopping = True

    def beat(self) -> None:
        """Says that this process lives, where it is at something."""
        if busy := list(self.busy):
            with self.database.writing() as session:
                tasks.keep_taken(session, self.name, busy, self.now() + LEASE)

    def take(self, most: int, keys: Collection[str] | None = None) -> list[Task]:
        """Up to so many tasks that are due (only of these keys), which are this process's until it lets go of them; none where
        it is to stop."""
        now, ids = self.now(), self.ids()
        if self.is_stopping or not ids:
            return []
        with self.database.writing() as session:
            taken = tasks.take(session, self.kind, self.name, now, now + LEASE, most, ids, keys)
        self.busy |= {one.key for one in taken}
        return taken

    def let_go(self, some: Iterable[Task]) -> None:
        """Is at these no more: they are done, put off, or whoever comes next may take them after their time."""
        self.busy -= {one.key for one in some}

    def put_off(self, task: Task, time: timedelta) -> None:
        """Has nobody take a task for so long."""
        with self.database.writing() as session:
            tasks.put_off(session, task, self.name, self.now() + time)
