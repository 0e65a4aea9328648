"""Queries for messages that the outbox holds since their place, or the whole workspace, takes none: tried again when it does."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.store.mail_tables import OutboxRow


def release(session: Session, workspace: str, channel: str, now: datetime) -> None:
    """Has what is held for a channel be tried now."""
    _release(session, now, OutboxRow.workspace == workspace, OutboxRow.channel == channel)


def release_all(session: Session, workspace: str, but_for: Iterable[str], now: datetime) -> None:
    """Has what is held in a whole workspace be tried now, but for what is held for one of these reasons."""
    _release(session, now, OutboxRow.workspace == workspace, OutboxRow.why.not_in(but_for))


def _release(session: Session, now: datetime, *mine: ColumnElement[bool]) -> None:
    # What is not held, but waits for its next try, was reserved before now.
    held = (OutboxRow.settled_at.is_(None), OutboxRow.state == "waiting", OutboxRow.reserved_at > now)
    some = select(OutboxRow.pk).where(*held, OutboxRow.due_at > now, *mine)
    # Whoever is at one of them at this moment is not waited for while others are held: that could be for ever.
    free = some.order_by(OutboxRow.pk).with_for_update(skip_locked=True)
    tried = update(OutboxRow).where(OutboxRow.pk.in_(free)).values(due_at=now, reserved_at=now)
    session.execute(tried.execution_options(synchronize_session=False))
