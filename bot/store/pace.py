"""Queries for the pace at which Slack takes messages, kept over all processes: by channel, and by workspace.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from bot.store import once
from bot.store.mail_tables import PaceRow

Where: TypeAlias = tuple[str, str]
"""A workspace and a channel of it."""

BETWEEN = timedelta(seconds=1)
"""From one message to the next in a channel: Slack takes one a second."""

INTERVAL = timedelta(seconds=0.25)
"""From one message to the next in a workspace, on the whole: Slack takes "several hundred" a minute and says no more; this makes
240 of them."""

BURST = 8
"""How many a workspace that was quiet gets at once."""

AHEAD = INTERVAL * (BURST - 1)
"""By how much a workspace's next moment may lie ahead."""

WHOLE = ""
"""The channel that stands for the whole workspace."""

TROUBLE = "!"
"""The channel whose moment says when a workspace that takes nothing is tried again, with one message; none where all is well."""

LOOKS = "?"
"""The channel that stands for looking through what was said, which Slack lets some apps do once a minute."""


def may_send(session: Session, now: datetime, workspaces: Iterable[str]) -> list[str]:
    """Those of these workspaces that take a message now."""
    is_spent = and_(PaceRow.channel == WHOLE, PaceRow.free_at > now + AHEAD)
    is_in_trouble = and_(PaceRow.channel == TROUBLE, PaceRow.free_at > now)
    closed = set(session.scalars(select(PaceRow.workspace).where(or_(is_spent, is_in_trouble))))
    return sorted(set(workspaces) - closed)


def spend(session: Session, wanted: Mapping[str, int], now: datetime, until: datetime) -> dict[str, int]:
    """Takes so many messages from what each workspace may send: how many it gets. One that took nothing gets one, and no more
    until then or until it is `well`. Until the end of the transaction, nobody else takes any of these workspaces."""
    names = sorted(wanted)
    _insert(session, [(name, WHOLE) for name in names], now)
    left = {name: (at, _left(at, now)) for name, at in _moments(session, WHOLE, names).items()}
    tried = _moments(session, TROUBLE, names)
    granted = {
        name: min(wanted[name], count, *([int(tried[name] <= now)] if name in tried else []))
        for name, (_, count) in left.items()
    }
    moments = {(name, WHOLE): max(at, now) + INTERVAL * granted[name] for name, (at, _) in left.items()}
    _put(session, moments | {(name, TROUBLE): until for name in tried if granted[name]})
    return granted


def _moments(session: Session, channel: str, workspaces: Iterable[str]) -> dict[str, datetime]:
    rows = select(PaceRow.workspace, PaceRow.free_at).where(
        PaceRow.channel == channel, PaceRow.workspace.in_(list(workspaces))
    )
    found = session.execute(rows.order_by(PaceRow.workspace).with_for_update())
    return {row.workspace: row.free_at for row in found}


def _left(free_at: datetime, now: datetime) -> int:
    return max(0, (now + AHEAD - max(free_at, now)) // INTERVAL + 1)


def hold(session: Session, places: Collection[Where], now: datetime, until: datetime) -> set[Where]:
    """Keeps these channels until some moment: those that were free. Of two that ask at the same time, one gets it."""
    if not places:
        return set()
    rows = [{"workspace": one, "channel": channel, "free_at": until} for one, channel in sorted(places)]
    statement = _statement(session).values(rows)
    statement = statement.on_conflict_do_update(
        index_elements=PaceRow.__mapper__.primary_key,
        set_={"free_at": statement.excluded.free_at},
        where=PaceRow.free_at <= now,
    ).returning(PaceRow.workspace, PaceRow.channel)
    return {(one.workspace, one.channel) for one in session.execute(statement)}


def free(session: Session, where: Where, at: datetime) -> None:
    """Says from when on a channel that we hold takes the next message."""
    _put(session, {where: at})


def delay(session: Session, where: Where, until: datetime) -> None:
    """Lets a channel take nothing before some moment, or before a later one that it waits for already."""
    rows = [{"workspace": where[0], "channel": where[1], "free_at": until}]
    statement = _statement(session).values(rows)
    statement = statement.on_conflict_do_update(
        index_elements=PaceRow.__mapper__.primary_key,
        set_={"free_at": statement.excluded.free_at},
        where=PaceRow.free_at < statement.excluded.free_at,
    )
    session.execute(statement)


def trouble(session: Session, workspace: str, until: datetime, *, is_tried: bool) -> None:
    """A workspace takes nothing: it is tried with one message after some moment, and all else waits until it is `well`.
    `is_tried`: that was found by trying; else an earlier moment than is set says nothing."""
    (free if is_tried else delay)(session, (workspace, TROUBLE), until)


def well(session: Session, workspace: str) -> bool:
    """A workspace takes messages; says whether it took none before."""
    ended = delete(PaceRow).where(PaceRow.workspace == workspace, PaceRow.channel == TROUBLE)
    return session.execute(ended.returning(PaceRow.workspace)).first() is not None


def free_at(session: Session, where: Where) -> datetime | None:
    """When a channel takes the next message; None where nothing is known of it."""
    return session.scalar(select(PaceRow.free_at).where(PaceRow.workspace == where[0], PaceRow.channel == where[1]))


def _insert(session: Session, places: Iterable[Where], now: datetime) -> None:
    rows = [{"workspace": one, "channel": channel, "free_at": now} for one, channel in places]
    session.execute(_statement(session).values(rows).on_conflict_do_nothing())


def _put(session: Session, moments: Mapping[Where, datetime]) -> None:
    rows = [{"workspace": one, "channel": channel, "free_at": at} for (one, channel), at in sorted(moments.items())]
    statement = _statement(session).values(rows)
    statement = statement.on_conflict_do_update(
        index_elements=PaceRow.__mapper__.primary_key, set_={"free_at": statement.excluded.free_at}
    )
    session.execute(statement)


def _statement(session: Session) -> Any:
    return once.INSERTS[session.get_bind().dialect.name](PaceRow)
