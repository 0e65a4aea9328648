"""Queries for the outbox: a message is reserved once, sent by one process at a time, and settled."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.mail import Outgoing, Sending
from bot.store import once
from bot.store.mail_tables import OutboxRow


class Stuck(NamedTuple):
    """A message that was not delivered: its key, its channel, `failed` or `unsettled`, why, and when it was given up."""

    key: str
    channel: str
    state: str
    why: str
    at: datetime


OPEN = OutboxRow.settled_at.is_(None)
OTHER = aliased(OutboxRow)
# Nobody is at it, and the message whose thread it belongs in, if any, has been dealt with. Put together once: that takes
# SQLAlchemy longer than the database takes to find it.
MAY_BE_SENT = and_(
    OPEN,
    or_(OutboxRow.taken_until.is_(None), OutboxRow.taken_until <= bindparam("now")),
    OutboxRow.parent.not_in(select(OTHER.key).where(OTHER.settled_at.is_(None))),
)
DUE = (
    select(OutboxRow.key, OutboxRow.workspace)
    .where(MAY_BE_SENT, OutboxRow.due_at <= bindparam("now"))
    .order_by(OutboxRow.pk)
    .limit(bindparam("most"))
)
WANTED = select(OutboxRow).where(MAY_BE_SENT, OutboxRow.key == bindparam("wanted")).with_for_update(skip_locked=True)


def reserve(session: Session, outgoing: Outgoing, now: datetime, sending_until: datetime | None = None) -> bool:
    """Keeps a message that is to be sent, or is being sent by who reserves it until some moment. False where one of the same
    key was reserved before."""
    return once.insert(
        session,
        OutboxRow,
        key=outgoing.key,
        workspace=outgoing.workspace,
        channel=outgoing.channel,
        parent=outgoing.parent,
        response_url=outgoing.response_url,
        only_once=outgoing.only_once,
        payload=outgoing.payload,
        state="sending" if sending_until else "waiting",
        taken_until=sending_until,
        attempts=1 if sending_until else 0,
        reserved_at=now,
        due_at=now,
        ts="",
        why="",
    )


def due(session: Session, now: datetime, most: int) -> list[tuple[str, str]]:
    """The keys and workspaces of what waits to be sent and may be by now, oldest first."""
    return [(key, workspace) for key, workspace in session.execute(DUE, {"now": now, "most": most})]


def take(session: Session, key: str, now: datetime, until: datetime) -> Sending | None:
    """The message of this key, now being sent until then; None where it is settled or another process is at it."""
    row = session.scalars(WANTED, {"now": now, "wanted": key}).first()
    if row is None:
        return None
    may_have_arrived = row.state == "sending"
    row.state, row.taken_until, row.attempts = "sending", until, row.attempts + 1
    return Sending(_outgoing(session, row), row.reserved_at, row.attempts, may_have_arrived)


def _outgoing(session: Session, row: OutboxRow) -> Outgoing:
    """A message in a thread learns here which: the one that its parent began."""
    payload: dict[str, Any] = dict(row.payload or {})
    if row.parent:
        payload["thread_ts"] = session.scalar(select(OutboxRow.ts).where(OutboxRow.key == row.parent)) or ""
    return Outgoing(row.key, row.workspace, row.channel, payload, row.response_url, row.only_once, row.parent)


def keep_taken(session: Session, keys: Iterable[str], until: datetime) -> None:
    """Says that whoever sends these lives, and is still at them."""
    session.execute(update(OutboxRow).where(OPEN, OutboxRow.key.in_(keys)).values(taken_until=until))


def again(session: Session, key: str, due_at: datetime, why: str, *, may_have_arrived: bool) -> None:
    """It is tried again at that moment: looked for first, where it may have arrived."""
    state = "sending" if may_have_arrived else "waiting"
    values = {"state": state, "due_at": due_at, "taken_until": None, "why": why}
    session.execute(update(OutboxRow).where(OPEN, OutboxRow.key == key).values(values))


def settle(session: Session, key: str, state: str, now: datetime, ts: str = "", why: str = "") -> None:
    """Ends it as `sent` (with Slack's `ts` of the message), `failed` or `unsettled`, and erases what it said."""
    values: dict[str, Any] = {"state": state, "settled_at": now, "taken_until": None, "ts": ts, "why": why}
    values |= {"payload": null(), "response_url": ""}
    session.execute(update(OutboxRow).where(OPEN, OutboxRow.key == key).values(values))


def ending(session: Session, key: str) -> tuple[str, str]:
    """The state of a message, and why; both empty where there is none of that key."""
    row = session.execute(select(OutboxRow.state, OutboxRow.why).where(OutboxRow.key == key)).first()
    return (row.state, row.why) if row else ("", "")


def waiting(session: Session) -> int:
    """How many messages are not settled."""
    return session.scalar(select(func.count()).where(OPEN)) or 0


def stuck(session: Session, since: datetime, most: int) -> list[Stuck]:
    """What since then could not be sent, or is not known to have been; newest first."""
    rows = select(OutboxRow.key, OutboxRow.channel, OutboxRow.state, OutboxRow.why, OutboxRow.settled_at)
    rows = rows.where(OutboxRow.state.in_(("failed", "unsettled")), OutboxRow.settled_at >= since)
    # That a summary could not be set, its asker has heard.
    rows = rows.where(~OutboxRow.key.startswith("daily-set:"))
    found = session.execute(rows.order_by(OutboxRow.pk.desc()).limit(most))
    return [Stuck(key, channel, state, why, at) for key, channel, state, why, at in found if at]
