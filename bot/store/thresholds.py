"""Queries for thresholds: from which scores a workspace wants names shown and matched."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.records import Thresholds
from bot.store.tables import ThresholdRow


def of(session: Session, workspace: str) -> Thresholds | None:
    """What a workspace has set last; None where it has set nothing, or gone back to what is shipped."""
    rows = select(ThresholdRow.show, ThresholdRow.match).where(ThresholdRow.workspace == workspace)
    row = session.execute(rows.order_by(ThresholdRow.pk.desc()).limit(1)).first()
    return Thresholds(row.show, row.match) if row and row.match else None


def put(session: Session, workspace: str, wanted: Thresholds | None, now: datetime) -> None:
    """Sets the thresholds of a workspace from now on; None goes back to what is shipped."""
    show, match = (wanted.show, wanted.match) if wanted else (0.0, 0.0)
    session.add(ThresholdRow(workspace=workspace, show=show, match=match, set_at=now))
