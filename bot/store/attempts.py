"""Attempts to bring lists up to date: what failed last, and when a publisher was last seen to have nothing newer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC
from bot.store.tables import AttemptRow


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt: the form of the list, when (UTC), its outcome (`loaded`, `confirmed`, `failed`), and why it failed; of
    several that failed one after the other the last, and `since` is when the first of them did."""

    form: str
    at: datetime
    outcome: str
    why: str
    since: datetime


def note(session: Session, form: str, outcome: str, workspace: str, now: datetime, why: str = "") -> None:
    """Records how an attempt ended."""
    session.execute(insert(AttemptRow).values(workspace=workspace, form=form, at=now, outcome=outcome, why=why[:1000]))


def latest(session: Session, workspace: str, known_at: datetime | None = None) -> dict[str, Attempt]:
    """The last attempt at each form that was known at `known_at` (None: now)."""
    known = _known(workspace, known_at)
    last = select(func.max(AttemptRow.pk)).where(known).group_by(AttemptRow.form)
    rows = session.scalars(select(AttemptRow).where(AttemptRow.pk.in_(last))).all()
    return {row.form: Attempt(row.form, row.at, row.outcome, row.why, _since(session, row, known)) for row in rows}


def _known(workspace: str, known_at: datetime | None) -> ColumnElement[bool]:
    mine = AttemptRow.workspace.in_((PUBLIC, workspace))
    return mine if known_at is None else mine & (AttemptRow.at <= known_at)


def _since(session: Session, row: AttemptRow, known: ColumnElement[bool]) -> datetime:
    """When what failed last began to fail."""
    mine = known & (AttemptRow.form == row.form)
    good = select(func.coalesce(func.max(AttemptRow.pk), 0)).where(mine, AttemptRow.outcome != "failed")
    first = select(func.min(AttemptRow.at)).where(mine, AttemptRow.pk > good.scalar_subquery())
    return (session.scalar(first) if row.outcome == "failed" else None) or row.at
