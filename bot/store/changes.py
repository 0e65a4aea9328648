"""The log of what each version of a list changed, field by field."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, insert, literal, not_, or_, select
from sqlalchemy.orm import Session

from bot.filters import Filters
from bot.records import PUBLIC, FieldChange
from bot.store.listings import of_sort, on_lists, since_day
from bot.store.news import Span
from bot.store.tables import DatasetRow, EntityRow, FieldChangeRow, ListingRow
from bot.store.versions import batches, visible


@dataclass(frozen=True, slots=True)
class Window:
    """Where to look: what a workspace sees, as known at a moment (None: now), in a time from the first to the last day, of the
    lists, countries and kinds that are asked for, about these entities (none: about all). For the datasets in `after` the
    time begins after its first day."""

    workspace: str
    known_at: datetime | None
    period: tuple[date, date]
    filters: Filters
    ids: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Logged:
    """What a version did to a record, in short, with a list that the record is on; or a listing that began or ended in the time
    by its own date: `listed`, `first_seen` or `ended`. Of a changed record, `listing_id` and `field` tell of entries that came
    (`listed`) or went (`ended_on`)."""

    what: str
    on: str
    version: str
    dataset: str
    entity_id: str
    name: str
    listing_id: str
    field: str
    authority: str
    list: str


def log(session: Session, changes: Iterable[FieldChange], workspace: str, now: datetime) -> None:
    """Records what changed, at `now`."""
    stamp = {"workspace": workspace, "recorded_at": now}
    if rows := [dataclasses.asdict(one) | stamp for one in changes]:
        session.execute(insert(FieldChangeRow), rows)


def of_entities(
    session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None, after: str = ""
) -> list[FieldChange]:
    """What versions published later than `after` (ISO date) changed in these records, as it was known at `known_at` (None:
    now), the newest first."""
    wanted = select(FieldChangeRow).where(_seen(workspace, known_at), FieldChangeRow.version > after)
    rows: list[FieldChangeRow] = []
    for some in batches(ids):
        rows += session.scalars(wanted.where(FieldChangeRow.entity_id.in_(some)))
    return [change(row) for row in sorted(rows, key=lambda row: (row.version, row.pk), reverse=True)]


def between(session: Session, span: Span, ids: Iterable[str]) -> list[FieldChange]:
    """What the versions that were loaded in a span of time changed in these records, the oldest first."""
    row = FieldChangeRow
    columns = [getattr(row, field.name) for field in dataclasses.fields(FieldChange)]
    within = and_(row.recorded_at > span.since, row.recorded_at <= span.until, row.field != "")
    wanted = select(row.pk, *columns).where(
        row.workspace.in_((PUBLIC, span.workspace)), row.list.in_(span.lists), within
    )
    rows = [one for some in batches(ids) for one in session.execute(wanted.where(row.entity_id.in_(some)))]
    return [FieldChange(*one[1:]) for one in sorted(rows, key=lambda one: one.pk)]


def change(row: FieldChangeRow) -> FieldChange:
    """The record of a row."""
    return FieldChange(**{field.name: getattr(row, field.name) for field in dataclasses.fields(FieldChange)})


def _seen(workspace: str, known_at: datetime | None) -> ColumnElement[bool]:
    mine = FieldChangeRow.workspace.in_((PUBLIC, workspace))
    return mine if known_at is None else and_(mine, FieldChangeRow.recorded_at <= known_at)


def logged(session: Session, window: Window) -> list[Logged]:
    """The log of a time, by the day of the version or by the list's own; one for each list that a record is on."""
    row = FieldChangeRow
    of_record = and_(
        ListingRow.entity_id == row.entity_id,
        or_(row.listing_id == "", row.listing_id == ListingRow.id),
        visible(ListingRow, window.workspace, window.known_at),
    )
    acts = row.field.in_(("listed", "ended_on"))
    wanted = (
        select(
            *(row.what, row.on, row.version, row.list, row.entity_id, row.name),
            *(case((acts, row.listing_id), else_=""), case((acts, row.field), else_="")),
            *(func.coalesce(ListingRow.authority, ""), func.coalesce(ListingRow.official_list, "")),
        )
        .distinct()
        .outerjoin(ListingRow, of_record)
        .where(_seen(window.workspace, window.known_at), or_(_within(row.on, window), _within(row.version, window)))
        .where(not_(and_(row.list.in_(window.after), row.version == window.period[0].isoformat())))
    )
    if sort := of_sort(window.filters):
        seen = visible(EntityRow, window.workspace, window.known_at)
        wanted = wanted.where(exists().where(EntityRow.id == row.entity_id, seen, *sort))
    if window.filters.changes:
        wanted = wanted.where(or_(row.what.in_(window.filters.changes), acts))
    return [Logged(*one) for one in _narrowed(session, wanted, row.entity_id, window)]


def dated(session: Session, window: Window) -> list[Logged]:
    """The listings that began or ended in a time by their own date, or by that of a version later than the first one stored."""
    began, ended = _within(since_day(), window), _within(ListingRow.ended_on, window)
    first = select(func.min(DatasetRow.published_on)).where(
        DatasetRow.list == ListingRow.list, DatasetRow.workspace == ListingRow.workspace
    )
    tells = or_(
        ListingRow.listed_on != "", ListingRow.last_absent != "", ListingRow.first_seen != first.scalar_subquery()
    )
    found: list[Logged] = []
    for fits, what, on in (
        (and_(began, tells), case((ListingRow.listed_on != "", "listed"), else_="first_seen"), since_day()),
        (and_(ListingRow.ended_on != "", ended), literal("ended"), ListingRow.ended_on),
    ):
        wanted = (
            select(
                *(what, on, ListingRow.read_on, ListingRow.list, ListingRow.entity_id, EntityRow.name),
                *(ListingRow.id, literal(""), ListingRow.authority, ListingRow.official_list),
            )
            .join(EntityRow, EntityRow.id == ListingRow.entity_id)
            .where(fits, visible(ListingRow, window.workspace, window.known_at))
            .where(not_(and_(ListingRow.list.in_(window.after), on == window.period[0].isoformat())))
            .where(visible(EntityRow, window.workspace, window.known_at), *of_sort(window.filters))
        )
        found += (Logged(*one) for one in _narrowed(session, wanted, ListingRow.entity_id, window))
    return found


def _within(column: Any, window: Window) -> ColumnElement[bool]:
    """Whether a day, which may be partial, is one of the time's."""
    first, last = (day.isoformat() for day in window.period)
    return and_(column <= last, column >= func.substr(first, 1, func.length(column)))


def _narrowed(session: Session, wanted: Any, about: Any, window: Window) -> list[Any]:
    """The rows of a query of the lists and entities that are asked for."""
    wanted = wanted.where(*on_lists(window.filters))
    if not window.ids:
        return list(session.execute(wanted))
    return [row for some in batches(window.ids) for row in session.execute(wanted.where(about.in_(some)))]


def versions(session: Session, workspace: str, known_at: datetime | None) -> dict[str, list[str]]:
    """The days on which the versions of each dataset were published that a workspace sees, the oldest first."""
    wanted = select(DatasetRow.list, DatasetRow.published_on).where(DatasetRow.workspace.in_((PUBLIC, workspace)))
    if known_at is not None:
        wanted = wanted.where(DatasetRow.loaded_at <= known_at)
    found: dict[str, list[str]] = {}
    for name, day in session.execute(wanted.distinct().order_by(DatasetRow.published_on)):
        found.setdefault(name, []).append(day)
    return found
