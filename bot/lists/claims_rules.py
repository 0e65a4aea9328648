"""The form of a claims file: its sections and fields, and the rules their values keep."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import msgspec

from bot import dates
from bot.records import ENTITY_KINDS, IDENTIFIER_SCHEMES, MEASURES, NAME_KINDS, STANCES

Place: TypeAlias = tuple[str | int, ...]

SECTIONS = ("sources", "origins", "entities", "listings", "claims")
REFERENCES = (
    ("listings", "entity", "entities"),
    ("listings", "sources", "sources"),
    ("claims", "subjects", "entities"),
    ("claims", "possible_subjects", "entities"),
    ("claims", "answers", "claims"),
    ("claims", "supersedes", "claims"),
    ("claims", "origin", "origins"),
    ("claims", "sources", "sources"),
)
"""Section, its field, and the section the field's values are ids of."""


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mapping of the file; a field without default must be there."""


class DatasetForm(_Form, frozen=True):
    id: str
    title: str
    publisher: str
    version: str
    url: str = ""


class SourceForm(_Form, frozen=True):
    id: str
    publisher: str
    title: str
    url: str
    published: str
    retrieved: str = ""


class OriginForm(_Form, frozen=True):
    id: str
    speaker: str
    occasion: str = ""
    uttered: str = ""


class NameForm(_Form, frozen=True):
    value: str
    kind: str = "alias"


class IdentifierForm(_Form, frozen=True):
    scheme: str
    value: str


class EntityForm(_Form, frozen=True):
    id: str
    kind: str
    name: str
    names: list[NameForm] = []
    countries: list[str] = []
    identifiers: list[IdentifierForm] = []
    note: str = ""


class ListingForm(_Form, frozen=True):
    id: str
    entity: str
    authority: str
    list: str
    measures: tuple[str, ...]
    as_of: str
    sources: tuple[str, ...]
    programme: str = ""
    legal_basis: str = ""
    listed: str = ""
    ended: str = ""
    first_seen: str = ""
    last_absent: str = ""
    record: str = ""
    reason: str = ""


class ClaimForm(_Form, frozen=True):
    id: str
    stance: str
    category: str
    statement: str
    asserted_by: str
    origin: str
    sources: list[str]
    subjects: list[str] = []
    possible_subjects: list[str] = []
    named_as: str = ""
    hedge: str = ""
    stated: str = ""
    period: str = ""
    answers: list[str] = []
    supersedes: list[str] = []
    topics: list[str] = []


class ClaimsFile(_Form, frozen=True):
    dataset: DatasetForm
    sources: list[SourceForm] = []
    origins: list[OriginForm] = []
    entities: list[EntityForm] = []
    listings: list[ListingForm] = []
    claims: list[ClaimForm] = []


def _matches(pattern: str, words: str) -> Callable[[str], str]:
    return lambda value: "" if re.fullmatch(pattern, value) else words


def _one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    return lambda value: "" if value in values else f"is not one of {', '.join(values)}"


def _partial_date(value: str) -> str:
    return "" if dates.is_partial_date(value) else "is not a date like 2024, 2024-04 or 2024-04-12"


def _period(value: str) -> str:
    try:
        dates.span(value)
    except ValueError:
        return "is not a period like 2023, 2023-Q4, 2024-04 or 2023-10/2023-12"
    return ""


def _whole_date(value: str) -> str:
    try:
        return "" if date.fromisoformat(value).isoformat() == value else "is not a date like 2024-04-12"
    except ValueError:
        return "is not a date like 2024-04-12"


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        return "is not a URL"
    good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s<>|]", value)
    return "" if good else "is not an http or https URL"


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")
_ID = _matches(r"[a-z0-9][a-z0-9-]{0,63}", "is not an id of a-z, 0-9 and hyphens, 64 characters at most")
_REFERENCE = _matches(r"([a-z0-9][a-z0-9-]{0,99}:)?[a-z0-9][a-z0-9-]{0,63}", "is not an id, nor DATASET:ID")

CHECKS: dict[str, Callable[[str], str]] = {
    "id": _ID,
    "version": _whole_date,
    "url": _url,
    **dict.fromkeys(("published", "retrieved", "uttered", "listed", "ended", "stated"), _partial_date),
    **dict.fromkeys(("first_seen", "last_absent", "as_of"), _partial_date),
    "period": _period,
    "countries": _matches(r"[a-z]{2}", "is not a country code of two small letters"),
    "scheme": _one_of(IDENTIFIER_SCHEMES),
    "stance": _one_of(STANCES),
    "measures": _one_of(MEASURES),
    "category": _matches(r"[a-z][a-z_]*", "is not a topic of a-z and _"),
    **{field: _REFERENCE for _, field, _ in REFERENCES if field != "sources"},
}
"""Field → what is wrong with a value, empty when nothing is. A `kind` depends on its section."""

KINDS = {"entities": _one_of(ENTITY_KINDS), "names": _one_of(NAME_KINDS[1:])}


def broken(file: ClaimsFile) -> Iterator[tuple[Place, str]]:
    """The rules the file breaks, in the order of the file: the place in the document and what is wrong."""
    yield from _fields(file.dataset, ("dataset",))
    for section in SECTIONS:
        for number, one in enumerate(getattr(file, section)):
            yield from _fields(one, (section, number))
    for number, listing in enumerate(file.listings):
        yield from (((("listings", number)), f"listings: {why}") for why in _listing(listing))
    for number, claim in enumerate(file.claims):
        yield from (((("claims", number)), f"claims: {why}") for why in _claim(claim))


def _fields(form: Any, place: Place) -> Iterator[tuple[Place, str]]:
    needed = {field.name for field in msgspec.structs.fields(form) if field.required}
    for name in form.__struct_fields__:
        value = getattr(form, name)
        here = (*place, name)
        if not value and name in needed:
            yield here, f"{name} is empty"
        for number, item in enumerate(value if isinstance(value, (list, tuple)) else [value]):
            if isinstance(item, _Form):
                yield from _fields(item, (*here, number))
            elif item and (why := _plain_text(item) or _check(place, name)(item)):
                yield here, f"{name}: {item!r} {why}"


def _plain_text(value: str) -> str:
    if not value.strip():
        return "is blank"
    return "" if value.replace("\n", " ").isprintable() or not _CONTROL.search(value) else "holds a control character"


def _check(place: Place, name: str) -> Callable[[str], str]:
    if name == "kind":
        return KINDS[[step for step in place if isinstance(step, str)][-1]]
    if name == "sources" and place[0] in ("listings", "claims"):
        return _REFERENCE
    return CHECKS.get(name, lambda value: "")


def _listing(one: ListingForm) -> Iterator[str]:
    if not one.listed and not one.first_seen:
        yield "an entry needs `listed` or `first_seen`"
    if one.listed and one.ended and dates.last_day(one.ended) < dates.first_day(one.listed):
        yield f"ended {one.ended} is before listed {one.listed}"
    if one.first_seen and one.last_absent and dates.last_day(one.first_seen) <= dates.first_day(one.last_absent):
        yield f"first_seen {one.first_seen} is not after last_absent {one.last_absent}"


def _claim(one: ClaimForm) -> Iterator[str]:
    if len(one.possible_subjects) == 1:
        yield "possible_subjects has one entity: say `subjects`, or name the others it may be"
    if set(one.subjects) & set(one.possible_subjects):
        yield "an entity is either among the subjects or among the possible_subjects"
    if one.stance == "retracts" and not one.answers:
        yield "a claim that retracts needs `answers`"
