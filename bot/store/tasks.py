"""Queries for tasks: what is to be done when, taken by one process at a time."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bot.store import once
from bot.store.mail_tables import TaskRow

SUMMARY, WATCHES = "summary", "watches"
"""Kinds of tasks: posting a channel's summary, looking at what a workspace watches."""

LONGEST = timedelta(days=1)
"""For how long a task is taken, or put off, at the most."""


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
    # Of one that somebody is at, what is done may have begun before what it is hastened for.
    wanted = update(TaskRow).where(TaskRow.kind == kind, or_(TaskRow.due_at > due_at, TaskRow.taken_by != ""))
    if workspaces is not None:
        wanted = wanted.where(TaskRow.workspace.in_(list(workspaces)))
    session.execute(wanted.values(due_at=due_at).execution_options(synchronize_session=False))


def hold(session: Session, kind: str, workspaces: Iterable[str] | None = None) -> None:
    """Has whoever ends or takes any task of a kind (only of these workspaces) wait until the end of this transaction. For who
    changes what such a task is about: first the task, then that, as whoever is at the task does."""
    wanted = select(TaskRow.key).where(TaskRow.kind == kind).order_by(TaskRow.key).with_for_update()
    session.execute(wanted if workspaces is None else wanted.where(TaskRow.workspace.in_(list(workspaces)))).all()


def remove(session: Session, key: str) -> None:
    """Takes a task away; whoever is at it loses it."""
    if row := session.get(TaskRow, key):
        session.delete(row)
        session.flush()


def take(
    session: Session,
    kind: str,
    owner: str,
    now: datetime,
    until: datetime,
    most: int,
    workspaces: Iterable[str],
    keys: Collection[str] | None = None,
) -> list[Task]:
    """Up to `most` tasks of a kind, of these workspaces (and of these keys), that are due and that no living process is at, those
    first that have waited longest; now taken by `owner` until then."""
    # Nothing is taken for as long as that: a clock was ahead.
    free = or_(TaskRow.taken_until.is_(None), TaskRow.taken_until <= now, TaskRow.taken_until > now + LONGEST)
    some = [] if keys is None else [TaskRow.key.in_(keys)]
    rows = session.scalars(
        select(TaskRow)
        .where(TaskRow.kind == kind, TaskRow.due_at <= now, free, TaskRow.workspace.in_(list(workspaces)), *some)
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
    """Says that `owner` lives, and is still at these, as far as they are its own. What is being ended at this moment is left out:
    waiting for that while others are held here could be for ever."""
    mine = select(TaskRow.key).where(TaskRow.taken_by == owner, TaskRow.key.in_(list(keys)))
    still = update(TaskRow).where(TaskRow.key.in_(mine.with_for_update(skip_locked=True)))
    session.execute(still.values(taken_until=until).execution_options(synchronize_session=False))


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


def done_all(session: Session, due_at: Mapping[str, datetime], taken: Iterable[Task], owner: str) -> set[str]:
    """Ends those of these tasks that are still this owner's, each due next as given by its key: their keys. PostgreSQL lets
    nobody else at them until the end of the transaction."""
    before = {task.key: task.due_at for task in taken}
    mine = select(TaskRow.key, TaskRow.due_at).where(TaskRow.key.in_(due_at), TaskRow.taken_by == owner)
    rows = session.execute(mine.order_by(TaskRow.key).with_for_update()).all()
    free = {"taken_by": "", "taken_until": None, "attempts": 0}
    # What was hastened meanwhile keeps that.
    next = {row.key: due_at[row.key] if row.due_at == before[row.key] else row.due_at for row in rows}
    if next:
        session.execute(update(TaskRow), [{"key": key, "due_at": at, **free} for key, at in next.items()])
    return set(next)


def put_off(session: Session, task: Task, owner: str, due_at: datetime) -> None:
    """Nobody takes it before that moment; what failed is not forgotten."""
    mine = and_(TaskRow.key == task.key, TaskRow.taken_by == owner)
    session.execute(update(TaskRow).where(mine).values(taken_by="", taken_until=due_at))


def due(session: Session, kind: str) -> dict[str, datetime]:
    """When each task of a kind is due, by its key."""
    rows = session.execute(select(TaskRow.key, TaskRow.due_at).where(TaskRow.kind == kind))
    return {row.key: row.due_at for row in rows}
