"""Reads a list of one's own: a CSV file with a header, a row for each subject, and `name` as the one column that it must have.

The other columns are those of COLUMNS. Cells that hold several values part them by semicolons. The file may be what a
spreadsheet exports: as UTF-8 with or without a byte order mark, parted by commas or, where those stand in numbers, semicolons.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from bot import dates
from bot.errors import BadFile
from bot.lists import countries, files, parts
from bot.lists.ofac_record import natural
from bot.lists.parts import Tally
from bot.lists.publications import Publication
from bot.records import (
    ENTITY_KINDS,
    IDENTIFIER_SCHEMES,
    MEASURES,
    Dataset,
    Edition,
    Entity,
    Entry,
    Item,
    Listing,
    Source,
)

NAME = "own"
LIST, AUTHORITY, MEASURE = "Own list", "Our desk", "public identification"
"""What a row says that leaves these columns empty."""

COLUMNS = (
    *("name", "id", "kind", "country", "aliases", "identifiers", "list", "authority", "measure", "programme"),
    *("listed_on", "ended_on", "reason", "url", "note"),
)

KINDS = {
    **{kind.casefold(): kind for kind in ENTITY_KINDS},
    **dict.fromkeys(("firm", "business", "corporation", "enterprise", "bank"), "Company"),
    **dict.fromkeys(
        ("", "organisation", "organization", "entity", "university", "institute", "group", "ngo"), "Organization"
    ),
    **dict.fromkeys(("government", "ministry", "agency", "authority"), "PublicBody"),
    **dict.fromkeys(("individual", "man", "woman"), "Person"),
    **dict.fromkeys(("ship", "boat"), "Vessel"),
    **dict.fromkeys(("aircraft", "plane", "helicopter"), "Airplane"),
}
"""Word, without spaces and signs → kind; none does not tell a firm from an organisation."""

PUBLICATION = Publication(
    name=NAME, title=LIST, publisher=AUTHORITY, page="", licence="Your own", rhythm=0, is_free=False
)

Row: TypeAlias = dict[str, str]
"""The cells of a row by the names of their columns, each on one line."""

_SOURCE_ID = f"{NAME}:list"
_ID = re.compile(r"[!-~]{1,120}")
_URL = re.compile(r"https?://[^\s/]\S*")


def read(paths: Sequence[Path]) -> Iterator[Item]:
    """The list from its files. A row without an id gets one from its name, kind and countries, which stays the same wherever the
    row stands. Raises BadFile."""
    version = next((day for path in paths if (day := files.day_in_name(path))), "")
    source = Source(_SOURCE_ID, AUTHORITY, LIST, "", version)
    yield Edition(Dataset(NAME, LIST, AUTHORITY, version, version), (source,))
    for path in paths:
        yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Item]:
    found = files.rows(path, delimiter=_delimiter(path))
    header = _header(path, next(found, (1, []))[1])
    tally = Tally(path)
    last = 1, header
    for line, fields in found:
        # Spreadsheets export empty rows that were once in use.
        if not any(map(str.strip, fields)):
            continue
        tally.seen += 1
        last = line, fields
        row = dict(zip(header, map(files.clean, fields), strict=False))
        where = f"{path.name}, line {line}{_named(row)}"
        if why := _wrong(header, fields, row):
            yield tally.reject(where, why)
        else:
            yield _entry(row, where)
    if len(last[1]) < len(header):
        why = f"ends within a row: it has {len(last[1])} fields, the header {len(header)}"
        raise BadFile(str(path), last[0], why)
    tally.finish()


def _named(row: Row) -> str:
    return f" (id {row['id'][:120]})" if row.get("id") else ""


def _delimiter(path: Path) -> str:
    """What parts the cells: told by the header, since no column has either sign in its name."""
    header = next((line for line in files.lines(path) if line.strip()), "")
    return ";" if ";" in header and "," not in header else ","


def _header(path: Path, given: list[str]) -> list[str]:
    """The names of the columns as they are here. Raises BadFile: a misspelt one would be lost without a word."""
    header = [files.clean(name).casefold() for name in given]
    named = [name for name in header if name]
    if "name" not in named:
        raise BadFile(str(path), 1, "is no list of your own: its header lacks the column name")
    if unknown := [repr(name) for name in named if name not in COLUMNS]:
        why = f"has columns that are not known: {', '.join(unknown)}; there are: {', '.join(COLUMNS)}"
        raise BadFile(str(path), 1, why)
    if len(set(named)) < len(named):
        raise BadFile(str(path), 1, "repeats a column in its header")
    return header


def _wrong(header: list[str], fields: list[str], row: Row) -> str:
    """What makes a row one that cannot be taken, with the column; empty when nothing does."""
    if len(fields) != len(header):
        hint = ": a cell with the sign that parts cells needs quotation marks" if len(fields) > len(header) else ""
        return f"has {len(fields)} fields, the header {len(header)}{hint}"
    if any(text.strip() for name, text in zip(header, fields, strict=True) if not name):
        return "has a value in a column without a name"
    if not row["name"]:
        return "name is empty"
    if row.get("id") and not _ID.fullmatch(_folded(row["id"])):
        return f"id: {row['id'][:120]!r} is not an id of 120 plain characters at most"
    return _wrong_value(row)


def _wrong_value(row: Row) -> str:
    if _word(row) not in KINDS:
        return (
            f"kind: {row['kind'][:40]!r} is no kind of subject, like company, organisation, person, vessel or aircraft"
        )
    if unknown := next((one for one in _items(row, "country") if not _country(one)), ""):
        return f"country: {unknown[:40]!r} is not known; write its two-letter code"
    if unknown := next((one for one in _items(row, "measure") if one.casefold() not in MEASURES), ""):
        return f"measure: {unknown[:40]!r} is none of: {', '.join(MEASURES)}"
    schemes = (scheme for scheme, _ in map(_identifier, _items(row, "identifiers")))
    if unknown := next((scheme for scheme in schemes if scheme not in IDENTIFIER_SCHEMES), ""):
        return f"identifiers: {unknown[:40]!r} is none of: {', '.join(IDENTIFIER_SCHEMES)}"
    if row.get("url") and not _URL.fullmatch(row["url"]):
        return f"url: {row['url'][:80]!r} is no address that begins with https:// or http://"
    return _wrong_dates(row)


def _wrong_dates(row: Row) -> str:
    for column in ("listed_on", "ended_on"):
        if (day := row.get(column, "")) and not dates.is_partial_date(day):
            return f"{column}: {day[:40]!r} is not a date like 2024, 2024-04 or 2024-04-12"
    listed, ended = row.get("listed_on"), row.get("ended_on")
    if listed and ended and dates.last_day(ended) < dates.first_day(listed):
        return f"ended_on: {ended} is before listed_on, {listed}"
    return ""


def _entry(row: Row, where: str) -> Entry:
    kind = KINDS[_word(row)]
    codes = tuple(dict.fromkeys(map(_country, _items(row, "country"))))
    id = f"{NAME}:{_folded(row.get('id', '')) or _checksum(row['name'], kind, codes)}"
    others = [row["name"], *_items(row, "aliases")]
    if kind == "Person":
        others = [name for one in others for name in (one, natural(one))]
    numbers = map(_identifier, _items(row, "identifiers"))
    entity = Entity(
        id=id,
        kind=kind,
        name=row["name"],
        names=parts.names(row["name"], [(name, "alias") for name in others]),
        countries=codes,
        identifiers=parts.identifiers(numbers),
        note=row.get("note", ""),
    )
    return Entry(entity, (_listing(id, row),), where)


def _listing(id: str, row: Row) -> Listing:
    return Listing(
        id=id,
        entity_id=id,
        authority=row.get("authority") or AUTHORITY,
        list=row.get("list") or LIST,
        measures=tuple(dict.fromkeys(one.casefold() for one in _items(row, "measure"))) or (MEASURE,),
        read_on="",
        source_ids=(_SOURCE_ID,),
        programme=row.get("programme", ""),
        listed_on=row.get("listed_on", ""),
        ended_on=row.get("ended_on", ""),
        record_id=row.get("id", ""),
        reason=row.get("reason", ""),
        url=row.get("url", ""),
    )


def _checksum(name: str, kind: str, codes: tuple[str, ...]) -> str:
    """An id for what has none; that somebody writes capitals or countries in another order makes no other subject."""
    text = "\n".join((name.casefold(), kind, *sorted(codes)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _folded(id: str) -> str:
    return "-".join(id.split())


def _word(row: Row) -> str:
    """The kind of a row as KINDS has it."""
    return "".join(filter(str.isalnum, row.get("kind", ""))).casefold()


def _items(row: Row, column: str) -> list[str]:
    return [one for part in row.get(column, "").split(";") if (one := part.strip())]


def _country(text: str) -> str:
    # In small letters `na` would be "not applicable".
    return countries.code(text.upper() if len(text) == 2 else text)


def _identifier(text: str) -> tuple[str, str]:
    """Scheme and value of `uscc:914201000668186736`; without a scheme it is a registration number."""
    scheme, colon, value = text.partition(":")
    return (scheme.strip().casefold(), value.strip()) if colon else ("registration", text)
