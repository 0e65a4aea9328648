"""Queries for the outbox: a message is reserved once, sent by one process at a time, and settled."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.mail import GIVE_UP, SETTING, Attachment, Outgoing, Sending
from bot.store import files, once, pace, withheld
from bot.store.mail_tables import OutboxRow, PaceRow
from bot.store.versions import batches


class Stuck(NamedTuple):
    """A message that was not delivered: its key, its channel, `failed` or `unsettled`, why, and when it was given up."""

    key: str
    channel: str
    state: str
    why: str
    at: datetime


SPARE = 4
"""How many times as many messages are looked at as are claimed: others may be claiming the first of them at this moment."""

OPEN = OutboxRow.settled_at.is_(None)
FREE = and_(OPEN, or_(OutboxRow.taken_until.is_(None), OutboxRow.taken_until <= bindparam("now")))
PARENT, OLDER = aliased(OutboxRow), aliased(OutboxRow)
PARENT_IS_OPEN = select(PARENT.pk).where(PARENT.key == OutboxRow.parent, PARENT.settled_at.is_(None))
OLDER_IN_LANE = select(OLDER.pk).where(
    OLDER.lane == OutboxRow.lane, OLDER.lane != "", OLDER.pk < OutboxRow.pk, OLDER.settled_at.is_(None)
)
BUSY = select(PaceRow.channel).where(
    PaceRow.workspace == OutboxRow.workspace,
    PaceRow.channel == OutboxRow.channel,
    PaceRow.free_at > bindparam("now"),
    OutboxRow.response_url == "",
)
# Nobody is at it, what must be dealt with before it was, and its channel takes a message now.
MAY_BE_SENT = and_(
    FREE,
    OutboxRow.due_at <= bindparam("now"),
    OutboxRow.workspace.in_(bindparam("workspaces", expanding=True)),
    ~PARENT_IS_OPEN.exists(),
    ~OLDER_IN_LANE.exists(),
    ~BUSY.exists(),
)
_ORDER = (OutboxRow.urgency, OutboxRow.due_at, OutboxRow.pk)
# A channel takes one at a time; what goes by a response URL does not count.
_IN_CHANNEL = (OutboxRow.workspace, OutboxRow.channel, OutboxRow.response_url)
_READY = (
    select(
        OutboxRow.pk,
        OutboxRow.workspace,
        OutboxRow.urgency,
        OutboxRow.due_at,
        func.row_number().over(partition_by=_IN_CHANNEL, order_by=_ORDER).label("place"),
    )
    .where(MAY_BE_SENT)
    .subquery()
)
_FIRST = select(
    _READY.c.pk,
    _READY.c.urgency,
    _READY.c.due_at,
    func.row_number()
    .over(partition_by=(_READY.c.workspace, _READY.c.urgency), order_by=(_READY.c.due_at, _READY.c.pk))
    .label("turn"),
).where(_READY.c.place == 1)
_TURNS = _FIRST.subquery()
# Workspaces take turns: one that may send little must not fill what is looked at.
_BY_TURN = (_TURNS.c.urgency, _TURNS.c.turn, _TURNS.c.due_at, _TURNS.c.pk)
_CANDIDATES = select(_TURNS).order_by(*_BY_TURN).limit(bindparam("spare")).subquery()
# Put together once: that takes SQLAlchemy longer than the database takes to find it.
CLAIM = (
    select(OutboxRow)
    .join(_CANDIDATES, _CANDIDATES.c.pk == OutboxRow.pk)
    .where(FREE, OutboxRow.due_at <= bindparam("now"))
    .order_by(_CANDIDATES.c.urgency, _CANDIDATES.c.turn, _CANDIDATES.c.due_at, _CANDIDATES.c.pk)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=OutboxRow)
)
ANY = select(OutboxRow.pk).where(MAY_BE_SENT).limit(1)


def reserve(session: Session, outgoing: Outgoing, now: datetime, sending_until: datetime | None = None) -> bool:
    """Keeps a message that is to be sent, or is being sent by who reserves it until some moment. False where one of the same
    key was reserved before, and not withheld."""
    values = _values(outgoing, now)
    _keep_files(session, [outgoing], now)
    if sending_until:
        values |= {"state": "sending", "taken_until": sending_until, "attempts": 1}
    return once.insert(session, OutboxRow, **values) or withheld.is_replaced(session, values)


def reserve_all(session: Session, some: Iterable[Outgoing], now: datetime) -> None:
    """Keeps messages that are to be sent, in their order, whose keys nobody else has."""
    some = list(some)
    _keep_files(session, some, now)
    for has_file, group in groupby(some, lambda one: one.attachment is not None):
        if has_file:
            for one in group:
                once.insert(session, OutboxRow, **_values(one, now))
        else:
            once.insert_all(session, OutboxRow, [_values(one, now) for one in group])


def _keep_files(session: Session, some: Iterable[Outgoing], now: datetime) -> None:
    files.keep(session, (one.attachment.data for one in some if one.attachment), now)


def _values(outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    names = ("key", "workspace", "channel", "parent", "response_url", "only_once", "lane", "urgency")
    values = {name: getattr(outgoing, name) for name in names} | {"payload": withheld.payload(outgoing)}
    values |= _packed(outgoing.attachment)
    return values | {"state": "waiting", "attempts": 0, "reserved_at": now, "due_at": now, "ts": "", "why": ""}


def _packed(attachment: Attachment | None) -> dict[str, Any]:
    """The columns that tell of a file; none where there is none."""
    if attachment is None:
        return {"file": ""}
    told = {name: getattr(attachment, name) for name in ("kind", "name", "title", "alt")}
    return {"attachment": told, "file": files.fingerprint(attachment.data)}


def hold(session: Session, outgoing: Outgoing, until: datetime, why: str) -> None:
    """Takes back that a message failed: it keeps its place in its lane, and is tried again at that moment, as if it were new."""
    values = {"state": "waiting", "settled_at": None, "due_at": until, "reserved_at": until, "why": why, "attempts": 0}
    again = values | {"payload": withheld.payload(outgoing)} | _packed(outgoing.attachment)
    _keep_files(session, [outgoing], until)
    session.execute(update(OutboxRow).where(OutboxRow.key == outgoing.key).values(again))


def claim(session: Session, now: datetime, until: datetime, most: int, workspaces: Collection[str]) -> list[Sending]:
    """The most urgent messages of these workspaces that may be sent now, at the most one for each channel, now being sent until
    then; the channels take nothing else until then. Nobody else claims the same, nor more than Slack takes."""
    able = pace.may_send(session, now, workspaces)
    given = {"now": now, "workspaces": able, "most": most, "spare": most * SPARE}
    rows = session.scalars(CLAIM, given).all() if able and most > 0 else []
    kept = _at_pace(session, rows, now, until)
    parents = _threads(session, {row.parent for row in kept if row.parent})
    held = files.read(session, (row.file for row in kept))
    taken = []
    for row in kept:
        may_have_arrived = row.state == "sending"
        if row.lane and not row.attempts and now - row.reserved_at >= GIVE_UP:
            # It waited for what was before it: its own time begins now.
            row.reserved_at = now
        row.state, row.taken_until, row.attempts = "sending", until, row.attempts + 1
        one = _outgoing(row, held, parents.get(row.parent, ""))
        taken.append(Sending(one, row.reserved_at, row.attempts, may_have_arrived))
    session.flush()
    return taken


def _at_pace(session: Session, rows: Sequence[OutboxRow], now: datetime, until: datetime) -> list[OutboxRow]:
    """Those that Slack takes now."""
    paced = [row for row in rows if not row.response_url]
    if not paced:
        return list(rows)
    left = pace.spend(session, Counter(row.workspace for row in paced), now, until)
    places: dict[pace.Where, OutboxRow] = {}
    for row in paced:
        if left[row.workspace] > 0:
            left[row.workspace] -= 1
            places[row.workspace, row.channel] = row
    held = pace.hold(session, places, now, until)
    return [
        row for row in rows if row.response_url or ((row.workspace, row.channel) in held and row in places.values())
    ]


def _threads(session: Session, parents: Iterable[str]) -> dict[str, str]:
    """Slack's name for each of these messages, where they were sent: what follows them stands in their thread."""
    if not (keys := list(parents)):
        return {}
    rows = session.execute(select(OutboxRow.key, OutboxRow.ts).where(OutboxRow.key.in_(keys)))
    return {row.key: row.ts for row in rows}


def _outgoing(row: OutboxRow, held: Mapping[str, bytes], thread: str = "") -> Outgoing:
    payload: dict[str, Any] = dict(row.payload or {})
    inside = bool(payload.pop(withheld.INSIDE, False))
    if row.parent:
        payload["thread_ts"] = thread
    return Outgoing(
        row.key,
        row.workspace,
        row.channel,
        payload,
        row.response_url,
        row.only_once,
        row.parent,
        row.lane,
        row.urgency,
        Attachment(**row.attachment, data=held[row.file]) if row.attachment else None,
        inside,
    )


def may_send_by(session: Session, at: datetime, workspaces: Collection[str]) -> bool:
    """Whether something can be claimed by that moment, if all stays as it is."""
    able = pace.may_send(session, at, workspaces)
    return bool(able) and session.scalar(ANY, {"now": at, "workspaces": able}) is not None


def keep_taken(session: Session, keys: Iterable[str], until: datetime) -> None:
    """Says that whoever sends these lives, and is still at them; what was given back a moment ago stays so."""
    mine = (OutboxRow.key.in_(keys), OutboxRow.taken_until.is_not(None))
    session.execute(update(OutboxRow).where(OPEN, *mine).values(taken_until=until))


def again(session: Session, sending: Sending, due_at: datetime, why: str, *, may_have_arrived: bool) -> None:
    """It is tried again at that moment: looked for first, where it may have arrived. Not where somebody else is at it by now."""
    state = "sending" if may_have_arrived else "waiting"
    values = {"state": state, "due_at": due_at, "taken_until": None, "why": why}
    mine = (OutboxRow.key == sending.outgoing.key, OutboxRow.attempts == sending.attempts)
    session.execute(update(OutboxRow).where(OPEN, *mine).values(values))


def settle(session: Session, key: str, state: str, now: datetime, ts: str = "", why: str = "") -> bool:
    """Ends it as `sent` (with Slack's `ts` of the message), `failed` or `unsettled`, and erases what it said. False where it has
    ended before."""
    values = _settled(state, now, why) | {"ts": ts}
    ended = update(OutboxRow).where(OPEN, OutboxRow.key == key).values(values).returning(OutboxRow.pk)
    return session.execute(ended).first() is not None


def settle_below(session: Session, key: str, state: str, now: datetime, why: str) -> None:
    """Ends so what stands below a message and nobody is at."""
    below = (OPEN, OutboxRow.parent == key, OutboxRow.state == "waiting")
    session.execute(update(OutboxRow).where(*below).values(_settled(state, now, why)))


def _settled(state: str, now: datetime, why: str) -> dict[str, Any]:
    ended: dict[str, Any] = {"state": state, "settled_at": now, "taken_until": None, "why": why}
    return ended | {"payload": null(), "response_url": "", "attachment": null(), "file": ""}


def _old(workspace: str, before: datetime) -> ColumnElement[bool]:
    """What surely did not arrive, waits since before some moment, and nobody is at."""
    mine = (OutboxRow.workspace == workspace, OutboxRow.state == "waiting", OutboxRow.reserved_at < before)
    return and_(FREE, *mine)


def given_up_in(session: Session, workspace: str, now: datetime, before: datetime, most: int) -> list[str]:
    """The channels of a workspace for which something is to be given up."""
    found = select(OutboxRow.channel).where(_old(workspace, before)).distinct().order_by(OutboxRow.channel)
    return list(session.scalars(found.limit(most), {"now": now}))


def given_up(session: Session, where: pace.Where, now: datetime, before: datetime, most: int) -> list[Outgoing]:
    """What waits for a channel since before some moment, surely did not arrive, and nobody is at; the oldest first."""
    old = and_(_old(where[0], before), OutboxRow.channel == where[1])
    rows = select(OutboxRow).where(old).order_by(OutboxRow.pk).limit(most).with_for_update(skip_locked=True)
    found = session.scalars(rows, {"now": now}).all()
    held = files.read(session, (row.file for row in found))
    return [_outgoing(row, held) for row in found]


def limited(session: Session, workspace: str, now: datetime) -> set[str]:
    """The channels of a workspace in which something waits because Slack took no more there."""
    some = and_(OPEN, OutboxRow.workspace == workspace, OutboxRow.why == "ratelimited", OutboxRow.taken_until.is_(None))
    found = select(OutboxRow.channel).where(some, BUSY.exists())
    return set(session.scalars(found.distinct(), {"now": now}))


def ending(session: Session, key: str) -> tuple[str, str]:
    """The state of a message, and why; both empty where there is none of that key."""
    row = session.execute(select(OutboxRow.state, OutboxRow.why).where(OutboxRow.key == key)).first()
    return (row.state, row.why) if row else ("", "")


def endings(session: Session, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The same of several, by their keys; those of which there is none are left out."""
    wanted = select(OutboxRow.key, OutboxRow.state, OutboxRow.why)
    rows = (row for some in batches(keys) for row in session.execute(wanted.where(OutboxRow.key.in_(some))))
    return {row.key: (row.state, row.why) for row in rows}


def waiting(session: Session) -> int:
    """How many messages are not settled."""
    return session.scalar(select(func.count()).where(OPEN)) or 0


def stuck(session: Session, since: datetime, most: int) -> list[Stuck]:
    """What since then could not be sent, or is not known to have been; newest first."""
    rows = select(OutboxRow.key, OutboxRow.channel, OutboxRow.state, OutboxRow.why, OutboxRow.settled_at)
    rows = rows.where(OutboxRow.state.in_(("failed", "unsettled")), OutboxRow.settled_at >= since)
    # That something could not be set, its asker has heard.
    rows = rows.where(*(~OutboxRow.key.startswith(one) for one in SETTING))
    found = session.execute(rows.order_by(OutboxRow.pk.desc()).limit(most))
    return [Stuck(key, channel, state, why, at) for key, channel, state, why, at in found if at]
