"""Queries for listings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, exists, false, func, literal, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bot.filters import Filters, OfficialList
from bot.records import Listing
from bot.store.tables import EntityRow, ListingRow
from bot.store.versions import fetch, listing, visible


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


@dataclass(frozen=True, slots=True)
class Own:
    """A loaded list that states itself what is on a list of an authority (empty: on all of its lists): its name and day, and the
    loaded lists whose older copies give way to it; those of `dated` say themselves of which day they are."""

    authority: str
    list: str
    dataset: str
    published_on: str
    older: tuple[str, ...]
    dated: tuple[str, ...] = ()


def of_entities(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> list[Listing]:
    """The listings of these entities known at `known_at` (None: now), in the order they were recorded in."""
    return [listing(row) for row in fetch(session, ListingRow.entity_id, ids, workspace, known_at)]


def grounds(session: Session, parts: Iterable[str], workspace: str) -> list[tuple[str, str]]:
    """The programmes and reasons of the listings that a workspace sees, each once; only those that have all of these parts of
    words, where they are of plain letters."""
    row, ascii_parts = ListingRow, [one for one in parts if one.isascii()]
    text = func.lower(row.programme + " " + row.reason)
    wanted = select(row.programme, row.reason).distinct().where(visible(row, workspace, None))
    wanted = wanted.where(*(text.contains(one, autoescape=True) for one in ascii_parts))
    return [(programme, reason) for programme, reason in session.execute(wanted)]


def held(
    session: Session,
    filters: Filters,
    day: date,
    workspace: str,
    known_at: datetime | None,
    since: date | None = None,
    own: Iterable[Own] = (),
) -> list[Held]:
    """What was on the lists that are asked for on a day, or had been; with `since`, what has been from that day on. An older copy
    is its publisher's (`own`) entry; where that has it no more, it has ended."""
    begin, stated = since_day(), _state(day)
    settled = [
        (_is_older_copy(one), _original(one), _has_entry(one, day, workspace, known_at))
        for one in own
        if one.published_on <= day.isoformat()
    ]
    gone = [and_(copy, not_(there)) for copy, _, there in settled]
    whose = [(and_(copy, there), id) for copy, id, there in settled]
    state = case((and_(stated == "active", or_(*gone)), "ended"), else_=stated) if gone else stated
    holder = case(*whose, else_=ListingRow.entity_id) if whose else ListingRow.entity_id
    wanted = (
        select(
            *(holder, EntityRow.name, ListingRow.list, ListingRow.authority, ListingRow.official_list),
            state.label("state"),
        )
        .join(EntityRow, EntityRow.id == ListingRow.entity_id)
        .where(visible(ListingRow, workspace, known_at), visible(EntityRow, workspace, known_at))
        .where(*of_sort(filters), *_of_measures(filters), stated != "not_yet")
    )
    wanted = wanted.where(*on_lists(filters))
    if since is not None:
        wanted = wanted.where(begin >= func.substr(since.isoformat(), 1, func.length(begin)))
    return [Held(*row) for row in session.execute(wanted)]


def holders(
    session: Session, one: OfficialList, workspace: str, known_at: datetime | None, own: Iterable[Own] = ()
) -> list[str]:
    """The datasets that have entries of a list, without those that only copied it before its publisher's newest (`own`)."""
    wanted = select(ListingRow.list).where(on_list(one), visible(ListingRow, workspace, known_at)).distinct()
    return sorted(session.scalars(wanted.where(*(not_(_is_older_copy(each)) for each in own))))


def called(session: Session, words: Iterable[str], workspace: str, known_at: datetime | None) -> list[str]:
    """The names of official lists that have all these words in them."""
    name = func.lower(ListingRow.official_list)
    holds = (name.contains(word.lower(), autoescape=True) for word in words)
    wanted = select(ListingRow.official_list).where(*holds, visible(ListingRow, workspace, known_at)).distinct()
    return sorted(session.scalars(wanted))


def _is_older_copy(one: Own) -> ColumnElement[bool]:
    """Which listings are older copies of what a list states itself."""
    of = [func.lower(ListingRow.official_list) == one.list.lower()] if one.list else []
    same = and_(func.lower(ListingRow.authority) == one.authority.lower(), *of, ListingRow.record_id != "")
    read = ListingRow.read_on
    dated = and_(
        ListingRow.list.in_(one.dated),
        func.length(read) > 6,
        read < func.substr(one.published_on, 1, func.length(read)),
    )
    return and_(same, or_(ListingRow.list.in_(one.older), dated))


def _original(one: Own) -> ColumnElement[str]:
    """The id of the record that a publisher has of a copy."""
    return literal(f"{one.dataset}:").concat(func.replace(func.trim(ListingRow.record_id), " ", "-"))


def _has_entry(one: Own, day: date, workspace: str, known_at: datetime | None) -> ColumnElement[bool]:
    """Whether the publisher of a copy has its entry still."""
    original = aliased(ListingRow)
    goes_on = or_(original.ended_on == "", original.ended_on > day.isoformat())
    return exists().where(original.entity_id == _original(one), visible(original, workspace, known_at), goes_on)


def on_lists(filters: Filters) -> list[ColumnElement[bool]]:
    """Which listings are on one of the lists, in the datasets and of the programmes that are asked for."""
    found = [or_(*map(on_list, filters.lists))] if filters.lists else []
    found += [ListingRow.list.in_(filters.datasets)] if filters.datasets else []
    of = [_of_programme(one) for one in filters.programmes]
    return [*found, or_(*of)] if of and filters.any_list else [*found, *of]


def _of_programme(name: str) -> ColumnElement[bool]:
    """Whether an entry is of a programme: one of those it names is called so, or ends in it after a hyphen (`eo14024`)."""
    said = literal("; ").concat(func.lower(ListingRow.programme)).concat(";")
    return or_(said.contains(f" {name};", autoescape=True), said.contains(f"-{name};", autoescape=True))


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
    if filters.countryless:
        found.append(cast(EntityRow.countries, Text).in_(("[]", "null")))
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
