"""Watches that cannot be looked at: each is left out, so that it stops no other, and is tried again later."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.clock import attempt
from bot.hands import wait
from bot.monitoring import Watch
from bot.store.database import AWAY

R = TypeVar("R")


class Trouble:
    """What one process could not look at, how often, and until when it is left out; `now` is the time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.out: dict[str, tuple[int, datetime]] = {}

    def without(self, some: Iterable[Watch]) -> list[Watch]:
        """Those of these watches that are not left out now."""
        now = self.now()
        return [one for one in some if one.id not in self.out or self.out[one.id][1] <= now]

    def again_at(self, some: Iterable[Watch]) -> datetime | None:
        """When the first of these watches is tried again that are left out; None where none is."""
        return min((self.out[one.id][1] for one in some if one.id in self.out), default=None)

    def look(self, session: Session, some: list[Watch], job: Callable[[list[Watch]], R]) -> list[R]:
        """Does a job with watches: with all together, and where that goes wrong, with ever fewer of them, until it is known which
        are to be left out; then with all others together. Gives what came of it, in parts where they do not go together at all;
        raises what the database raises where it does not answer."""
        parts = self._parts(session, some, job)
        if len(parts) > 1:
            together: list[R] = []
            good = [one for part, _ in parts for one in part]
            if self._went_well(session, good, lambda: together.append(job(good))):
                return together
        return [done for _, done in parts]

    def _parts(
        self, session: Session, some: list[Watch], job: Callable[[list[Watch]], R]
    ) -> list[tuple[list[Watch], R]]:
        """The largest parts with which the job goes well, each with what came of it; who it goes wrong with alone is left out."""
        done: list[R] = []
        if self._went_well(session, some, lambda: done.append(job(some))):
            for one in some:
                self.out.pop(one.id, None)
            return [(some, done[0])]
        if len(some) > 1:
            half = len(some) // 2
            return [*self._parts(session, some[:half], job), *self._parts(session, some[half:], job)]
        times = self.out[some[0].id][0] if some[0].id in self.out else 0
        self.out[some[0].id] = times + 1, self.now() + wait(times)
        return []

    def _went_well(self, session: Session, some: list[Watch], job: Callable[[], None]) -> bool:
        def within() -> None:
            # PostgreSQL takes nothing more in a transaction in which it refused something.
            with session.begin_nested():
                job()

        names = f"watch {some[0].id}" if len(some) == 1 else f"{len(some)} watches together"
        return attempt(f"{names} of {some[0].workspace}", within, let=AWAY)
