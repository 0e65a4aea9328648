"""Queries for editions: the summaries that were reserved, and how each ended."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from bot.mail import Subscription
from bot.store.mail_tables import EditionRow, OutboxRow
from bot.store.versions import batches

OPEN = ("waiting", "sending")

LOOKED_BACK = timedelta(days=31)
"""How old a summary may be, at the most, of which the next still says that nobody knows whether it arrived."""


class Told(NamedTuple):
    """A summary that was reserved: the key of its first message, whose it is, of which local day, and what time it covers."""

    key: str
    workspace: str
    channel: str
    edition: str
    day: date
    since: datetime
    until: datetime


class Past(NamedTuple):
    """What is known of a channel's summaries before the next: whether the newest is still on its way, and the days of those of
    which nobody knows whether they arrived, where none that came later said so."""

    is_open: bool = False
    unsettled: tuple[date, ...] = ()


def add(session: Session, some: Iterable[tuple[Told, str]], now: datetime) -> None:
    """Keeps that summaries were reserved, each with its receipt."""
    rows = [{**told._asdict(), "receipt": receipt, "reserved_at": now} for told, receipt in some]
    if rows:
        session.execute(insert(EditionRow), rows)


def by_key(session: Session, key: str) -> Told | None:
    """The summary whose first message has this key."""
    row = session.get(EditionRow, key)
    return Told(**{name: getattr(row, name) for name in Told._fields}) if row else None


def free_keys(session: Session, days: Iterable[tuple[Subscription, date]]) -> dict[str, str]:
    """The keys of the summaries of some days, by those of the subscriptions. There is one of that day already where it failed, or
    where a clock was ahead: then the key says the how manieth this is."""
    found: dict[str, str] = {}
    wanted = {f"{one.key}:{day}": one.key for one, day in days}
    for keys in batches(wanted):
        taken = set(session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(keys))))
        found |= {wanted[key]: _next(session, key) if key in taken else key for key in keys}
    return found


def _next(session: Session, key: str) -> str:
    again = session.scalar(select(func.count()).select_from(EditionRow).where(EditionRow.key.startswith(f"{key}/")))
    return f"{key}/{(again or 0) + 2}"


def is_tried_since(session: Session, one: Subscription, since: datetime) -> bool:
    """Whether a summary was reserved after that moment."""
    return session.scalar(select(EditionRow.key).where(*_of(one), EditionRow.reserved_at > since).limit(1)) is not None


def _of(one: Subscription) -> tuple[ColumnElement[bool], ...]:
    return (
        EditionRow.workspace == one.workspace,
        EditionRow.channel == one.channel,
        EditionRow.edition == one.edition,
    )


def pasts(session: Session, some: Iterable[Subscription], now: datetime) -> dict[str, Past]:
    """What is known of the summaries before the next, by the keys of the subscriptions; of one that was never told, nothing."""
    wanted = {one.key: one for one in some}
    found: dict[str, Past] = {}
    for channels in batches(one.channel for one in wanted.values()):
        workspaces = {one.workspace for one in wanted.values()}
        rows = session.execute(_endings(workspaces, channels, now - LOOKED_BACK))
        for key, told in groupby(rows, lambda row: f"{row.edition}:{row.workspace}:{row.channel}"):
            found[key] = _past(list(told))
    return found


def _endings(workspaces: Iterable[str], channels: Iterable[str], since: datetime) -> Any:
    whose = (EditionRow.workspace, EditionRow.channel, EditionRow.edition)
    return (
        select(*whose, EditionRow.day, EditionRow.reserved_at, OutboxRow.state, OutboxRow.settled_at)
        .join(OutboxRow, OutboxRow.key == EditionRow.key)
        .where(EditionRow.workspace.in_(workspaces), EditionRow.channel.in_(channels), EditionRow.reserved_at > since)
        .order_by(*whose, EditionRow.reserved_at, EditionRow.key)
    )


def _past(told: list[Any]) -> Past:
    """What was settled before the last that arrived was reserved, that one told of."""
    said = max((row.reserved_at for row in told if row.state == "sent"), default=None)
    lost = (row.day for row in told if row.state == "unsettled" and (said is None or row.settled_at > said))
    return Past(told[-1].state in OPEN, tuple(dict.fromkeys(lost)))
