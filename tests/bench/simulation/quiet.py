"""When nothing is left to be done at the moment in a simulation, and when something is again.

Who lives says every quarter of a second what it is at, and moves on until when that is its own. What nobody moved on for 0.9 s is
of a process that was killed: nobody does it before its time is over, and the clock may be moved on to there. Where none was
killed, the machine is only slow, and that is waited for.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.store import outbox
from bot.store.database import Database
from bot.store.mail_tables import OutboxRow, PaceRow, TaskRow
from tests.bench.simulation.clock import CALLS, OPEN, Clock

ORPHANED = 0.9
"""Seconds without a change after which what a process that was killed was at is not being done by anybody: the living say more
often than that what they are at."""

STUCK = 10.0
"""Seconds for which the living are given time to take up what they may."""

LOOK = 0.02

_OPEN = OutboxRow.settled_at.is_(None)
_OUTBOX = select(func.max(OutboxRow.taken_until), func.count(), func.sum(OutboxRow.attempts)).where(_OPEN)
# What is put off is nobody's.
_OWNED = func.max(TaskRow.taken_until).filter(TaskRow.taken_by != "")
_TASKS = select(_OWNED, func.sum(TaskRow.attempts), func.min(TaskRow.due_at))


class Lookout:
    """Looks at what is stored, and at what the fake Slack says it is at; `ids` are the workspaces that the workers speak for."""

    def __init__(self, database: Database, clock: Clock, ids: Sequence[str]) -> None:
        self.database, self.clock, self.ids = database, clock, ids
        self.may_be_orphaned = False

    def is_quiet(self) -> bool:
        """Whether nothing is left that somebody who lives can do now, or is at."""
        before, since = self._state(), time.monotonic()
        while self._is_busy(before):
            if time.monotonic() - since > self._patience(before):
                return True
            time.sleep(LOOK)
            if self._state() != before:
                return False
        self.may_be_orphaned = False
        return True

    def _patience(self, state: "State") -> float:
        return ORPHANED if self.may_be_orphaned and state.is_taken and not state.is_free else STUCK

    def _is_busy(self, state: "State") -> bool:
        return state.is_taken or state.is_free or state.mark[0] > 0

    def is_open(self) -> bool:
        """Whether messages wait to be sent."""
        with self.database.reading() as session:
            return bool(session.scalar(select(func.count()).select_from(OutboxRow).where(_OPEN)))

    def next(self, planned: Sequence[datetime]) -> datetime:
        """When something can be done next, at the earliest, or is planned; now where something may be done, or never is."""
        now = self.clock.now()
        if self._state().is_free:
            return now
        with self.database.reading() as session:
            moments = [*_moments(session, now), *planned]
        return min((one for one in moments if one > now), default=now)

    def _state(self) -> "State":
        now, cells = self.clock.now(), self.clock.cells
        with self.database.reading() as session:
            mail, work = session.execute(_OUTBOX).one(), session.execute(_TASKS).one()
            unowned = or_(TaskRow.taken_until.is_(None), TaskRow.taken_until <= now)
            free = session.scalar(select(func.count()).where(TaskRow.due_at <= now, unowned))
            is_free = bool(free) or (mail[1] > 0 and outbox.may_send_by(session, now, self.ids))
        is_taken = any(one and one > now for one in (mail[0], work[0]))
        return State(is_taken, is_free, (cells[OPEN], cells[CALLS], *mail, *work))


class State(NamedTuple):
    """Whether somebody is at something, or says so still; whether something may be taken up; and what changes where anything is
    done, first how many calls Slack is at."""

    is_taken: bool
    is_free: bool
    mark: tuple[Any, ...]


def _moments(session: Session, now: datetime) -> Iterator[datetime]:
    places = select(OutboxRow.channel).where(_OPEN)
    of_channels = or_(PaceRow.channel == "", PaceRow.channel.in_(places))
    wanted = (
        select(func.min(TaskRow.due_at)).where(TaskRow.due_at > now),
        select(func.min(TaskRow.taken_until)).where(TaskRow.taken_until > now),
        select(func.min(OutboxRow.due_at)).where(_OPEN, OutboxRow.due_at > now),
        select(func.min(OutboxRow.taken_until)).where(_OPEN, OutboxRow.taken_until > now),
        select(func.min(PaceRow.free_at)).where(PaceRow.free_at > now, of_channels, places.exists()),
    )
    yield from (found for one in wanted if (found := session.scalar(one)))
