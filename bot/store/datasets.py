"""Queries for datasets: which version of which list is loaded, and since when."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Dataset
from bot.store.tables import DatasetRow


def current(session: Session, workspace: str, known_at: datetime | None = None) -> list[Dataset]:
    """The version of each dataset that was in force at `known_at` (None: now), in the order of their names."""
    newest = select(func.max(DatasetRow.pk)).where(DatasetRow.workspace.in_((PUBLIC, workspace)))
    if known_at is not None:
        newest = newest.where(DatasetRow.loaded_at <= known_at)
    newest = newest.group_by(DatasetRow.workspace, DatasetRow.list)
    rows = session.scalars(select(DatasetRow).where(DatasetRow.pk.in_(newest)).order_by(DatasetRow.list))
    return [_dataset(row) for row in rows]


def loaded(session: Session, name: str, workspace: str) -> Dataset | None:
    """The version of the dataset `name` that was loaded last into exactly this workspace."""
    rows = select(DatasetRow).where(DatasetRow.list == name, DatasetRow.workspace == workspace)
    row = session.scalars(rows.order_by(DatasetRow.pk.desc()).limit(1)).first()
    return _dataset(row) if row else None


def first_published(session: Session, workspace: str, known_at: datetime | None = None) -> list[str]:
    """For each dataset loaded by `known_at` (None: now), the publication date of its earliest version."""
    first = select(func.min(DatasetRow.published_on)).where(DatasetRow.workspace.in_((PUBLIC, workspace)))
    if known_at is not None:
        first = first.where(DatasetRow.loaded_at <= known_at)
    return list(session.scalars(first.group_by(DatasetRow.list)))


def holders(session: Session, name: str) -> set[str]:
    """The workspaces that a dataset of this name was ever loaded into."""
    return set(session.scalars(select(DatasetRow.workspace).where(DatasetRow.list == name)))


def add(session: Session, dataset: Dataset, workspace: str, published_on: str, now: datetime) -> None:
    """Records that this version, published on that day, was loaded at `now`."""
    session.add(
        DatasetRow(
            workspace=workspace,
            list=dataset.list,
            title=dataset.title,
            publisher=dataset.publisher,
            version=dataset.version,
            published_on=published_on,
            url=dataset.url,
            fetched_at=dataset.fetched_at or now,
            loaded_at=now,
            entities=dataset.entities,
            names=dataset.names,
            claims=dataset.claims,
        )
    )


def _dataset(row: DatasetRow) -> Dataset:
    return Dataset(
        list=row.list,
        title=row.title,
        publisher=row.publisher,
        version=row.version,
        published_on=row.published_on,
        url=row.url,
        fetched_at=row.fetched_at,
        loaded_at=row.loaded_at,
        entities=row.entities,
        names=row.names,
        claims=row.claims,
    )
