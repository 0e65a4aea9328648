"""Queries for the inbox: what somebody did in Slack is accepted once, taken by one process at a time, and done once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.mail import Incoming, Taken
from bot.store import once
from bot.store.mail_tables import InboxRow

OPEN = InboxRow.done_at.is_(None)
FREE = or_(InboxRow.taken_until.is_(None), InboxRow.taken_until <= bindparam("now"))
OLDER = aliased(InboxRow)
OLDER_IN_LANE = select(OLDER.pk).where(OLDER.lane == InboxRow.lane, OLDER.pk < InboxRow.pk, OLDER.done_at.is_(None))
OLDEST = select(InboxRow.pk).where(OPEN, FREE, ~OLDER_IN_LANE.exists()).order_by(InboxRow.pk).limit(1)
# Put together once: that takes SQLAlchemy longer than the database takes to do it, and every question takes it twice.
TAKE = (
    update(InboxRow)
    .where(InboxRow.pk == OLDEST.with_for_update(skip_locked=True).correlate(None).scalar_subquery())
    .values(taken_by=bindparam("owner"), taken_until=bindparam("until"), attempts=InboxRow.attempts + 1)
    .returning(InboxRow.pk, InboxRow.kind, InboxRow.payload, InboxRow.received_at, InboxRow.attempts)
    .execution_options(synchronize_session=False)
)


def accept(session: Session, incoming: Incoming, now: datetime) -> bool:
    """Keeps what came in. False where it, or the message that it is an edit of, came before."""
    return once.insert(
        session,
        InboxRow,
        key=incoming.key,
        subject=incoming.subject or None,
        lane=incoming.lane,
        kind=incoming.kind,
        payload=incoming.payload,
        received_at=now,
        attempts=0,
        taken_by="",
    )


def take(session: Session, owner: str, now: datetime, until: datetime) -> Taken | None:
    """The oldest that no living process is at, now taken by `owner` until then; None where there is none. Nothing is taken
    while something older of the same conversation is open."""
    row = session.execute(TAKE, {"owner": owner, "now": now, "until": until}).first()
    return Taken(row.pk, row.kind, row.payload or {}, row.received_at, row.attempts) if row else None


def keep_taken(session: Session, owner: str, numbers: Iterable[int], until: datetime) -> None:
    """Says that `owner` lives, and is still at these, as far as they are its own."""
    session.execute(update(InboxRow).where(_own(owner), InboxRow.pk.in_(numbers)).values(taken_until=until))


def give_back(session: Session, owner: str, numbers: Iterable[int]) -> None:
    """Lets other processes take these of `owner` at once."""
    values = {"taken_until": None, "taken_by": ""}
    session.execute(update(InboxRow).where(_own(owner), InboxRow.pk.in_(numbers)).values(values))


def put_off(session: Session, owner: str, number: int, until: datetime) -> None:
    """Nobody takes it until then, and this time does not count as an attempt."""
    values = {"taken_by": "", "taken_until": until, "attempts": InboxRow.attempts - 1}
    session.execute(update(InboxRow).where(_own(owner), InboxRow.pk == number).values(values))


def _own(owner: str) -> ColumnElement[bool]:
    return and_(OPEN, InboxRow.taken_by == owner)


def done(session: Session, number: int, now: datetime) -> None:
    """Nothing is left to do: what was asked is erased, its key stays so that a repeat is known as one."""
    session.execute(update(InboxRow).where(InboxRow.pk == number).values(done_at=now, payload=null(), taken_until=None))


def waiting(session: Session) -> int:
    """How many are not done."""
    return session.scalar(select(func.count()).where(OPEN)) or 0
