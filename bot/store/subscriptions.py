"""Queries for daily summaries: which channel wants one when, and up to where it has been told."""

from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.mail import Subscription
from bot.store.mail_tables import SubscriptionRow


def active(session: Session) -> list[Subscription]:
    """All that are switched on, in every workspace."""
    rows = (
        select(SubscriptionRow)
        .where(SubscriptionRow.is_on)
        .order_by(SubscriptionRow.workspace, SubscriptionRow.channel)
    )
    return [_subscription(row) for row in session.scalars(rows)]


def of_channel(session: Session, workspace: str, channel: str) -> Subscription | None:
    """The daily summary of a channel, where it is switched on."""
    row = session.get(SubscriptionRow, (workspace, channel))
    return _subscription(row) if row and row.is_on else None


def switch_on(session: Session, wanted: Subscription) -> Subscription:
    """Sets a channel's daily summary, and gives it as it is then: what it has been told and which day was done stay as they
    are when there was one."""
    row = session.get(SubscriptionRow, (wanted.workspace, wanted.channel))
    if row is None:
        row = SubscriptionRow(**{field.name: getattr(wanted, field.name) for field in fields(wanted)})
        session.add(row)
    elif not row.is_on:
        row.told_until = wanted.told_until
    row.is_on, row.at, row.zone, row.quiet = True, wanted.at, wanted.zone, wanted.quiet
    row.set_by, row.set_at = wanted.set_by, wanted.set_at
    return _subscription(row)


def switch_off(session: Session, workspace: str, channel: str) -> bool:
    """Ends a channel's daily summary; says whether there was one."""
    row = session.get(SubscriptionRow, (workspace, channel))
    was_on = bool(row and row.is_on)
    if row:
        row.is_on = False
    return was_on


def told(session: Session, one: Subscription, until: datetime, day: date) -> bool:
    """Notes that a channel is told up to a moment, by the summary of a local day. False where another process was first, or
    where the summary was changed meanwhile; the caller holds the lock `daily`."""
    row = session.get(SubscriptionRow, (one.workspace, one.channel))
    if row is None or not row.is_on or _subscription(row) != one:
        return False
    row.told_until, row.last_day = until, day
    return True


def _subscription(row: SubscriptionRow) -> Subscription:
    return Subscription(**{field.name: getattr(row, field.name) for field in fields(Subscription)})
