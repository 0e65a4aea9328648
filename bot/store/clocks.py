"""Queries for what a clock left behind that was ahead, and was set right: moments that are far away and mean now."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot.store.mail_tables import OutboxRow, PaceRow
from bot.store.outbox import OPEN

FAR = timedelta(days=2)
"""Nothing is put off for as long as that."""


def _far(now: datetime) -> tuple[tuple[Any, ColumnElement[bool]], ...]:
    """What waits, what somebody is at, and what Slack is given time for, until then."""
    return (
        (OutboxRow.pk, OPEN & (OutboxRow.due_at > now + FAR)),
        (OutboxRow.pk, OPEN & (OutboxRow.taken_until > now + FAR)),
        (PaceRow.channel, PaceRow.free_at > now + FAR),
    )


def was_ahead(session: Session, now: datetime) -> bool:
    """Whether there is anything of that."""
    return any(session.scalar(select(column).where(far).limit(1)) is not None for column, far in _far(now))


def set_right(session: Session, now: datetime) -> None:
    """Has messages be sent now that were reserved, or taken on, by such a clock, and channels take them."""
    (_, waits), (_, taken), (_, paced) = _far(now)
    bare = {"synchronize_session": False}
    session.execute(update(OutboxRow).where(waits).values(due_at=now, reserved_at=now).execution_options(**bare))
    session.execute(update(OutboxRow).where(taken).values(taken_until=None).execution_options(**bare))
    session.execute(delete(PaceRow).where(paced).execution_options(**bare))
