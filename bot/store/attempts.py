"""Attempts to bring lists up to date: what failed last, and when a publisher was last seen to have nothing newer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC
from bot.store.tables import AttemptRow


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt: the form of the list, when (UTC), its outcome (`loaded`, `confirmed`, `failed`), and why it failed."""

    form: str
    at: datetime
    outcome: str
    why: str


def note(session: Session, form: str, outcome: str, workspace: str, now: datetime, why: str = "") -> None:
    """Records how an attempt ended."""
    session.execute(insert(AttemptRow).values(workspace=workspace, form=form, at=now, outcome=outcome, why=why[:1000]))


def latest(session: Session, workspace: str, known_at: datetime | None = None) -> dict[str, Attempt]:
    """The last attempt at each form that was known at `known_at` (None: now)."""
    newest = select(func.max(AttemptRow.pk)).where(AttemptRow.workspace.in_((PUBLIC, workspace)))
    if known_at is not None:
        newest = newest.where(AttemptRow.at <= known_at)
    rows = session.scalars(select(AttemptRow).where(AttemptRow.pk.in_(newest.group_by(AttemptRow.form))))
    return {row.form: Attempt(row.form, row.at, row.outcome, row.why) for row in rows}
