"""Queries for summaries: which channel wants one when, and up to where it has been told."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.mail import DAILY, Scope, Subscription
from bot.store.mail_tables import SubscriptionRow

KEY = (SubscriptionRow.workspace, SubscriptionRow.channel, SubscriptionRow.edition)


def paused(session: Session, workspace: str, channel: str) -> list[Subscription]:
    """A channel's summaries that are on and paused."""
    return [one for one in of_place(session, workspace, channel) if one.paused_at]


def active(session: Session, workspace: str | None = None) -> list[Subscription]:
    """All that are switched on in a workspace (None: in every one); those that are paused too."""
    rows = select(SubscriptionRow).where(SubscriptionRow.is_on).order_by(*KEY)
    rows = rows if workspace is None else rows.where(SubscriptionRow.workspace == workspace)
    return [_subscription(row) for row in session.scalars(rows)]


def of_channel(session: Session, workspace: str, channel: str, edition: str = DAILY) -> Subscription | None:
    """A channel's summary of an edition, where it is switched on."""
    row = session.get(SubscriptionRow, (workspace, channel, edition))
    return _subscription(row) if row and row.is_on else None


def of_place(session: Session, workspace: str, channel: str) -> list[Subscription]:
    """A channel's summaries that are switched on."""
    rows = session.scalars(_on(workspace, channel))
    return [_subscription(row) for row in rows]


def by_keys(session: Session, keys: Iterable[str]) -> dict[str, Subscription]:
    """Those of these keys that are switched on, by their keys."""
    wanted = set(keys)
    found = {one.key: one for one in map(_subscription, session.scalars(_by_keys(wanted)))}
    return {key: one for key, one in found.items() if key in wanted}


def _by_keys(keys: Iterable[str]) -> Any:
    """Those that are switched on, with some others of the same channels' names and editions."""
    parts = [key.split(":") for key in keys]
    values = [[part[place] for part in parts] for place in range(3)] if parts else [[], [], []]
    same = (column.in_(set(some)) for column, some in zip((KEY[2], *KEY[:2]), values, strict=True))
    return select(SubscriptionRow).where(SubscriptionRow.is_on, *same)


def switch_on(session: Session, wanted: Subscription) -> Subscription:
    """Sets a channel's summary, and gives it as it is then: what it has been told and which day was done stay as they are when
    there was one, and it is not paused."""
    row = session.get(SubscriptionRow, (wanted.workspace, wanted.channel, wanted.edition))
    values = _values(wanted)
    if row is None:
        row = SubscriptionRow(**values)
        session.add(row)
    elif row.is_on:
        del values["told_until"]
    for name in values.keys() - {"last_day"}:
        setattr(row, name, values[name])
    row.is_on = True
    session.flush()
    return _subscription(row)


def switch_off(session: Session, workspace: str, channel: str, edition: str = DAILY) -> bool:
    """Ends a channel's summary; says whether there was one."""
    row = session.get(SubscriptionRow, (workspace, channel, edition))
    was_on = bool(row and row.is_on)
    if row:
        row.is_on = False
        session.flush()
    return was_on


def holds(session: Session, one: Subscription) -> bool:
    """Whether a summary is still on and as it was read; PostgreSQL lets nobody change it until the end of the transaction."""
    return one.key in held(session, [one])


def held(session: Session, some: Iterable[Subscription]) -> set[str]:
    """The same for several: the keys of those that are."""
    before = {one.key: one for one in some}
    rows = session.scalars(_by_keys(before).order_by(*KEY).with_for_update())
    return {one.key for one in map(_subscription, rows) if before.get(one.key) == one}


def told(session: Session, some: Iterable[tuple[Subscription, datetime, date]]) -> None:
    """Notes that channels are told up to a moment, by the summary of a local day. The caller holds them."""
    rows = [
        {"workspace": one.workspace, "channel": one.channel, "edition": one.edition, "told_until": at, "last_day": day}
        for one, at, day in some
    ]
    if rows:
        session.execute(update(SubscriptionRow), rows)


def took_back(session: Session, workspace: str, channel: str, edition: str, since: datetime) -> None:
    """What became known after that moment is still to be told: the summary that told it did not arrive, whatever its day."""
    mine = (SubscriptionRow.workspace == workspace, SubscriptionRow.channel == channel)
    # All of the channel in the order of `held`, also those that are paused next: else two could wait for each other.
    rows = select(SubscriptionRow).where(*mine).order_by(SubscriptionRow.edition).with_for_update()
    for row in session.scalars(rows.execution_options(populate_existing=True)):
        if row.edition == edition and row.told_until > since:
            row.told_until, row.last_day = since, None


def set_right(session: Session, one: Subscription, now: datetime, last_day: date | None) -> Subscription:
    """Has nothing be told or set after now, as it seems to be where a clock was ahead; gives it as it is then. The caller holds
    it."""
    row = session.get_one(SubscriptionRow, (one.workspace, one.channel, one.edition))
    row.told_until, row.set_at, row.last_day = min(row.told_until, now), min(row.set_at, now), last_day
    return _subscription(row)


def ahead_of(session: Session, now: datetime) -> list[Subscription]:
    """Those that seem to have been told, or set, after now."""
    later = or_(SubscriptionRow.told_until > now, SubscriptionRow.set_at > now)
    return [_subscription(row) for row in session.scalars(select(SubscriptionRow).where(SubscriptionRow.is_on, later))]


def pause(session: Session, workspace: str, channel: str, now: datetime, why: str) -> list[Subscription]:
    """Notes that a channel's summaries cannot be posted there; gives those that were not paused, as they were."""
    rows = session.scalars(_on(workspace, channel).where(SubscriptionRow.paused_at.is_(None)).with_for_update()).all()
    found = [_subscription(row) for row in rows]
    for row in rows:
        row.paused_at, row.paused_why = now, why
    return found


def resume(session: Session, workspace: str, channel: str) -> list[Subscription]:
    """Goes on with a channel's summaries that are paused; gives them as they are then."""
    rows = session.scalars(
        _on(workspace, channel).where(SubscriptionRow.paused_at.is_not(None)).with_for_update()
    ).all()
    for row in rows:
        row.paused_at, row.paused_why = None, ""
    return [_subscription(row) for row in rows]


def _on(workspace: str, channel: str) -> Any:
    mine = (SubscriptionRow.workspace == workspace, SubscriptionRow.channel == channel)
    return select(SubscriptionRow).where(SubscriptionRow.is_on, *mine).order_by(SubscriptionRow.edition)


def _values(one: Subscription) -> dict[str, Any]:
    values = {field.name: getattr(one, field.name) for field in fields(one)}
    scope = {field.name: getattr(one.scope, field.name) for field in fields(Scope)}
    lists = {name: list(said) if isinstance(said, tuple) else said for name, said in scope.items() if said}
    return values | {"days": ",".join(map(str, one.days)), "scope": lists}


def _subscription(row: SubscriptionRow) -> Subscription:
    values = {field.name: getattr(row, field.name) for field in fields(Subscription)}
    values["days"] = tuple(map(int, row.days.split(",")))
    scope: dict[str, Any] = {name: tuple(said) if isinstance(said, list) else said for name, said in row.scope.items()}
    return Subscription(**{**values, "scope": Scope(**scope)})
