"""Queries for listings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.filters import Filters, OfficialList
from bot.records import Listing
from bot.store.tables import EntityRow, ListingRow
from bot.store.versions import fetch, fetch_all, listing, visible


@dataclass(frozen=True, slots=True)
class Held:
    """One entry of a list, in short: whose record, in which dataset, on which list, and how it stood on a day (`active`, `ended`
    or `unknown`, where the list cannot answer for it)."""

    entity_id: str
    name: str
    dataset: str
    authority: str
    list: str
    state: str


def of_entities(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> list[Listing]:
    """The listings of these entities known at `known_at` (None: now), in the order they were recorded in."""
    return [listing(row) for row in fetch(session, ListingRow.entity_id, ids, workspace, known_at)]


def every(session: Session, workspace: str, known_at: datetime | None) -> list[Listing]:
    """All listings known at `known_at` (None: now), in the order they were recorded in."""
    return [listing(row) for row in fetch_all(session, ListingRow, workspace, known_at)]


def held(
    session: Session, filters: Filters, day: date, workspace: str, known_at: datetime | None, since: date | None = None
) -> list[Held]:
    """What was on the lists that are asked for on a day, or had been; with `since`, what has been from that day on."""
    begin, state = since_day(), _state(day)
    wanted = (
        select(
            *(ListingRow.entity_id, EntityRow.name, ListingRow.list, ListingRow.authority, ListingRow.official_list),
            state.label("state"),
        )
        .join(EntityRow, EntityRow.id == ListingRow.entity_id)
        .where(visible(ListingRow, workspace, known_at), visible(EntityRow, workspace, known_at))
        .where(*of_sort(filters), *_of_measures(filters), state != "not_yet")
    )
    if filters.lists:
        wanted = wanted.where(or_(*map(on_list, filters.lists)))
    if since is not None:
        wanted = wanted.where(begin >= func.substr(since.isoformat(), 1, func.length(begin)))
    return [Held(*row) for row in session.execute(wanted)]


def holders(session: Session, one: OfficialList, workspace: str, known_at: datetime | None) -> list[str]:
    """The datasets that have entries of a list."""
    wanted = select(ListingRow.list).where(on_list(one), visible(ListingRow, workspace, known_at)).distinct()
    return sorted(session.scalars(wanted))


def on_list(one: OfficialList) -> ColumnElement[bool]:
    """Which listings are on a list."""
    authority, name = func.lower(ListingRow.authority), func.lower(ListingRow.official_list)
    whose = [authority.in_(one.authorities)] if one.authorities else []
    called = [or_(*(name.contains(word, autoescape=True) for word in one.words))] if one.words else []
    return and_(*whose, *called)


def of_sort(filters: Filters) -> list[ColumnElement[bool]]:
    """Which entities are of the countries and kinds that are asked for."""
    found: list[ColumnElement[bool]] = []
    if filters.countries:
        found.append(or_(*(_has(EntityRow.countries, code) for code in filters.countries)))
    if filters.kinds:
        found.append(EntityRow.kind.in_(filters.kinds))
    return found


def _of_measures(filters: Filters) -> list[ColumnElement[bool]]:
    measures = {*filters.measures, *(("asset freeze",) if "designated" in filters else ())}
    return [_has(ListingRow.measures, one) for one in sorted(measures)]


def _has(column: InstrumentedAttribute[list[str]], value: str) -> ColumnElement[bool]:
    """Whether a list of texts, kept as JSON, holds one."""
    return cast(column, Text).contains(f'"{value}"', autoescape=True)


def since_day() -> ColumnElement[Any]:
    """The day a listing counts from."""
    return case((ListingRow.listed_on != "", ListingRow.listed_on), else_=ListingRow.first_seen)


def _state(day: date) -> ColumnElement[str]:
    """How a listing stood on a day, by the rules of `bot.status`. What is partial (`2024-04`) sorts before its days."""
    iso, ended = day.isoformat(), ListingRow.ended_on
    begun = since_day() <= iso
    tells = or_(ListingRow.listed_on != "", ListingRow.last_absent != "")
    cut = func.substr(iso, 1, func.length(ended))
    over = and_(ended != "", or_(and_(func.length(ended) == len(iso), ended <= iso), cut > ended, _closes(day)))
    return case((and_(~begun, tells), "not_yet"), (~begun, "unknown"), (over, "ended"), else_="active")


def _closes(day: date) -> ColumnElement[bool]:
    """Whether a partial end is over with this very day: the last of its month or year."""
    next_day = date.fromordinal(day.toordinal() + 1)
    months = [day.isoformat()[:7]] if next_day.day == 1 else []
    years = [day.isoformat()[:4]] if (next_day.month, next_day.day) == (1, 1) else []
    return ListingRow.ended_on.in_([*months, *years]) if months or years else false()
