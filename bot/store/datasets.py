"""Queries for datasets: which version of which list is loaded, and since when."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Dataset
from bot.store.join_tables import DecisionRow
from bot.store.tables import DatasetRow

FIELDS = (
    "list",
    "title",
    "publisher",
    "version",
    "published_on",
    "url",
    "fetched_at",
    "loaded_at",
    "entities",
    "names",
    "claims",
)


def current(session: Session, workspace: str, known_at: datetime | None = None) -> list[Dataset]:
    """The version of each dataset that was in force at `known_at` (None: now), in the order of their names."""
    newest = select(func.max(DatasetRow.pk)).where(_seen(workspace, known_at), ~DatasetRow.is_past)
    newest = newest.group_by(DatasetRow.workspace, DatasetRow.list)
    rows = session.scalars(select(DatasetRow).where(DatasetRow.pk.in_(newest)).order_by(DatasetRow.list))
    return [_dataset(row) for row in rows]


def first(session: Session, workspace: str, names: Collection[str], until: datetime) -> dict[str, Dataset]:
    """The version of each of these datasets that was loaded first, of those loaded up to `until`; by its name."""
    oldest = select(func.min(DatasetRow.pk)).where(_seen(workspace, until), ~DatasetRow.is_past)
    oldest = oldest.where(DatasetRow.list.in_(names)).group_by(DatasetRow.list)
    return {row.list: _dataset(row) for row in session.scalars(select(DatasetRow).where(DatasetRow.pk.in_(oldest)))}


def loaded(session: Session, name: str, workspace: str) -> Dataset | None:
    """The version of the dataset `name` that is in force in exactly this workspace."""
    rows = select(DatasetRow).where(DatasetRow.list == name, DatasetRow.workspace == workspace, ~DatasetRow.is_past)
    row = session.scalars(rows.order_by(DatasetRow.pk.desc()).limit(1)).first()
    return _dataset(row) if row else None


def versions(session: Session, name: str, workspace: str) -> Sequence[str]:
    """The days on which the loaded versions of a dataset were published, those taken into history too, the oldest first."""
    rows = select(DatasetRow.published_on).where(DatasetRow.list == name, DatasetRow.workspace == workspace)
    return session.scalars(rows.distinct().order_by(DatasetRow.published_on)).all()


def first_published(session: Session, workspace: str, known_at: datetime | None = None) -> list[tuple[str, str]]:
    """For each dataset loaded by `known_at` (None: now), its form and the publication date of its earliest version."""
    first = select(func.max(DatasetRow.form), func.min(DatasetRow.published_on)).where(_seen(workspace, known_at))
    return [(form, day) for form, day in session.execute(first.group_by(DatasetRow.list))]


def _seen(workspace: str, known_at: datetime | None) -> ColumnElement[bool]:
    mine = DatasetRow.workspace.in_((PUBLIC, workspace))
    return mine if known_at is None else mine & (DatasetRow.loaded_at <= known_at)


def holders(session: Session, name: str) -> set[str]:
    """The workspaces that a dataset of this name was ever loaded into."""
    return set(session.scalars(select(DatasetRow.workspace).where(DatasetRow.list == name)))


def owners(session: Session, workspaces: Collection[str]) -> set[str]:
    """Those of these workspaces that see anything else than all others do: they loaded a dataset, or decided what joins."""
    kept = (select(row.workspace).where(row.workspace.in_(workspaces)).distinct() for row in (DatasetRow, DecisionRow))
    return {one for some in kept for one in session.scalars(some)}


def add(
    session: Session, dataset: Dataset, workspace: str, published_on: str, now: datetime, *, is_past: bool = False
) -> None:
    """Records that this version, published on that day, was loaded at `now`."""
    values = {name: getattr(dataset, name) for name in (*FIELDS, "form")}
    values |= {"workspace": workspace, "published_on": published_on, "loaded_at": now, "is_past": is_past}
    session.execute(insert(DatasetRow).values(values | {"fetched_at": dataset.fetched_at or now}))


def _dataset(row: DatasetRow) -> Dataset:
    return Dataset(**{name: getattr(row, name) for name in (*FIELDS, "form")})
