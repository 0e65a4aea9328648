"""Queries for what only colleagues may read, and was not sent because others had come to read along: it is made anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, null, select, update
from sqlalchemy.orm import Session

from bot.mail import WITHHELD, Outgoing
from bot.monitoring import Alert
from bot.store import tasks
from bot.store.mail_tables import OutboxRow
from bot.store.watch_tables import AlertRow, WatchedRow, WatchRow

INSIDE = "inside"
"""Stands beside what Slack gets of a message that only colleagues may read."""

FIRST = "0"
"""What the key of the message says of a portfolio that tells how its names stand for the first time."""

JUST_BEFORE = timedelta(microseconds=1)


def payload(outgoing: Outgoing) -> dict[str, Any]:
    """What is kept of what a message says."""
    return {**outgoing.payload, INSIDE: True} if outgoing.inside else outgoing.payload


def is_replaced(session: Session, values: Mapping[str, Any]) -> bool:
    """Puts a message, given as columns of the outbox, in the place of the one of its key that was withheld; whether one was."""
    old = (OutboxRow.key == values["key"], OutboxRow.why == WITHHELD, OutboxRow.settled_at.is_not(None))
    new = {"attachment": null(), "settled_at": None, "taken_until": None, **values}
    return session.execute(update(OutboxRow).where(*old).values(new).returning(OutboxRow.pk)).first() is not None


def told(session: Session, some: Sequence[Alert]) -> list[str]:
    """The key of the message by which each of these alerts of one moment was told before, and was not withheld; empty where
    none was."""
    withheld = select(OutboxRow.pk).where(OutboxRow.key == AlertRow.key, OutboxRow.why == WITHHELD)
    of_moment = (AlertRow.workspace == some[0].workspace, AlertRow.at == some[0].at, ~withheld.exists())
    of_watches = AlertRow.watch_id.in_({one.watch_id for one in some})
    rows = session.execute(select(AlertRow.watch_id, AlertRow.watched_pk, AlertRow.key).where(*of_moment, of_watches))
    found = {_about(*row): row.key for row in rows}
    return [found.get(_about(one.watch_id, one.watched_pk, one.key), "") for one in some]


def _about(watch_id: str, pk: int | None, key: str) -> tuple[str, object]:
    """A subject of a watch, or what the key says of the watch as a whole."""
    return watch_id, pk or _subject(key)


def _subject(key: str) -> str:
    return key.split(":")[2]


def look_again(session: Session, workspace: str, key: str, now: datetime) -> None:
    """Sets the watches back that the alert of this key tells of: all since then is told by what whoever reads along may see."""
    made = session.scalars(select(AlertRow).where(AlertRow.workspace == workspace, AlertRow.key == key)).all()
    if made:
        # First the task, then its watches, as whoever looks at them: else two could wait for each other.
        tasks.hasten(session, tasks.WATCHES, now, [workspace])
        tasks.hold(session, tasks.WATCHES, [workspace])
    for one in made:
        _set_back(session, one)


def _set_back(session: Session, one: AlertRow) -> None:
    mine = update(WatchRow).where(WatchRow.id == one.watch_id, WatchRow.ended_at.is_(None))
    if one.what == "baseline":
        if _subject(one.key) == FIRST:
            session.execute(mine.where(WatchRow.set_at == one.at).values(seen_until=None))
        else:
            _is_grown_again(session, one.watch_id)
        return
    before = one.at - JUST_BEFORE
    session.execute(mine.where(WatchRow.seen_until > before).values(seen_until=before))
    if one.watched_pk and set(one.before.get("records", ())).isdisjoint(one.after.get("records", ())):
        _is_name_again(session, one.watched_pk)


def _is_grown_again(session: Session, id: str) -> None:
    """As if the newest name of a portfolio were not looked at yet: with it is told how all of them stand."""
    newest = select(func.max(WatchedRow.pk)).where(WatchedRow.watch_id == id).scalar_subquery()
    session.execute(update(WatchedRow).where(WatchedRow.pk == newest).values(outcome=null()))


def _is_name_again(session: Session, pk: int) -> None:
    """By the alert, a watch on a name may have become one on an entity that others may not hear of."""
    name, id = session.execute(select(WatchedRow.name, WatchedRow.watch_id).where(WatchedRow.pk == pk)).one()
    became = update(WatchRow).where(WatchRow.id == id, WatchRow.kind == "entity").values(kind="name", target=name)
    if session.execute(became.returning(WatchRow.id)).first():
        session.execute(update(WatchedRow).where(WatchedRow.pk == pk).values(entity_id=""))
