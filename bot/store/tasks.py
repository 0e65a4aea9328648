"""Queries for tasks: what is to be done when, taken by one process at a time."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bot.store import once
from bot.store.mail_tables import TaskRow

SUMMARY, WATCHES = "summary", "watches"
"""Kinds of tasks: posting a channel's summary, looking at what a workspace watches."""


class Task(NamedTuple):
    """A task that a process has taken: its key, whose it is, when it was due (UTC), and how often it was taken before."""

    key: str
    workspace: str
    due_at: datetime
    attempts: int


def put(session: Session, key: str, kind: str, workspace: str, due_at: datetime) -> None:
    """Sets when a task is due next; whoever is at it loses it."""
    once.replace(
        session,
        TaskRow,
        key=key,
        kind=kind,
        workspace=workspace,
        due_at=due_at,
        taken_by="",
        taken_until=None,
        attempts=0,
    )


def hasten(session: Session, kind: str, due_at: datetime, workspaces: Iterable[str] | None = None) -> None:
    """Has all tasks of a kind (only of these workspaces) be due by a moment at the latest. Whoever is at one goes on, and it is
    due again after that."""
    wanted = update(TaskRow).where(TaskRow.kind == kind, TaskRow.due_at > due_at)
    if workspaces is not None:
        wanted = wanted.where(TaskRow.workspace.in_(list(workspaces)))
    session.execute(wanted.values(due_at=due_at).execution_options(synchronize_session=False))


def remove(session: Session, key: str) -> None:
    """Takes a task away; whoever is at it loses it."""
    if row := session.get(TaskRow, key):
        session.delete(row)
        session.flush()


def take(
    session: Session, kind: str, owner: str, now: datetime, until: datetime, most: int, workspaces: Iterable[str]
) -> list[Task]:
    """Up to `most` tasks of a kind, of these workspaces, that are due and that no living process is at, those first that have
    waited longest; now taken by `owner` until then."""
    free = or_(TaskRow.taken_until.is_(None), TaskRow.taken_until <= now)
    rows = session.scalars(
        select(TaskRow)
        .where(TaskRow.kind == kind, TaskRow.due_at <= now, free, TaskRow.workspace.in_(list(workspaces)))
        .order_by(TaskRow.due_at, TaskRow.key)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    found = []
    for row in rows:
        row.taken_by, row.taken_until, row.attempts = owner, until, row.attempts + 1
        found.append(Task(row.key, row.workspace, row.due_at, row.attempts - 1))
    session.flush()
    return found


def keep_taken(session: Session, owner: str, keys: Iterable[str], until: datetime) -> None:
    """Says that `owner` lives, and is still at these, as far as they are its own."""
    mine = and_(TaskRow.taken_by == owner, TaskRow.key.in_(list(keys)))
    session.execute(update(TaskRow).where(mine).values(taken_until=until))


def done(session: Session, task: Task, owner: str, due_at: datetime) -> bool:
    """Ends a task, which is due next at that moment, or already was hastened. False where it is not this owner's any more: then
    the caller leaves no trace either. PostgreSQL lets nobody else at it until the end of the transaction."""
    row = session.scalars(select(TaskRow).where(TaskRow.key == task.key).with_for_update()).first()
    if row is None or row.taken_by != owner:
        return False
    if row.due_at == task.due_at:
        row.due_at = due_at
    row.taken_by, row.taken_until, row.attempts = "", None, 0
    session.flush()
    return True


def put_off(session: Session, task: Task, owner: str, due_at: datetime) -> None:
    """Nobody takes it before that moment; what failed is not forgotten."""
    mine = and_(TaskRow.key == task.key, TaskRow.taken_by == owner)
    session.execute(update(TaskRow).where(mine).values(taken_by="", taken_until=due_at))


def due(session: Session, kind: str) -> dict[str, datetime]:
    """When each task of a kind is due, by its key."""
    rows = session.execute(select(TaskRow.key, TaskRow.due_at).where(TaskRow.kind == kind))
    return {row.key: row.due_at for row in rows}
