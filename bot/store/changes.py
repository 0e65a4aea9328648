"""The log of what each version of a list changed, field by field."""

import dataclasses
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, FieldChange
from bot.store.tables import FieldChangeRow
from bot.store.versions import batches


def log(session: Session, changes: Iterable[FieldChange], workspace: str, now: datetime) -> None:
    """Records what changed, at `now`."""
    stamp = {"workspace": workspace, "recorded_at": now}
    if rows := [dataclasses.asdict(one) | stamp for one in changes]:
        session.execute(insert(FieldChangeRow), rows)


def of_entities(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> list[FieldChange]:
    """What changed in these records, as it was known at `known_at` (None: now), the newest first."""
    wanted = select(FieldChangeRow).where(FieldChangeRow.workspace.in_((PUBLIC, workspace)))
    if known_at is not None:
        wanted = wanted.where(FieldChangeRow.recorded_at <= known_at)
    rows: list[FieldChangeRow] = []
    for some in batches(ids):
        rows += session.scalars(wanted.where(FieldChangeRow.entity_id.in_(some)))
    return [change(row) for row in sorted(rows, key=lambda row: (row.version, row.pk), reverse=True)]


def change(row: FieldChangeRow) -> FieldChange:
    """The record of a row."""
    return FieldChange(**{field.name: getattr(row, field.name) for field in dataclasses.fields(FieldChange)})
