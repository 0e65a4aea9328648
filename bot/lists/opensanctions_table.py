"""Reads the simplified table of OpenSanctions, `targets.simple.csv`: https://www.opensanctions.org/docs/bulk/csv/"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from bot.errors import BadFile
from bot.lists import files, parts
from bot.lists.files import clean
from bot.lists.opensanctions_datasets import IDENTIFYING, SCREENED, SCREENING, Act, Listed, Lists
from bot.lists.opensanctions_ids import KINDS, country_codes, day, page, wrong_id
from bot.records import Entity, Entry, Item, Listing, Rejected

Row: TypeAlias = dict[str, str]
"""A row by the names of its columns; empty where it has another number of fields than the header."""

WHAT = "a targets.simple.csv of OpenSanctions"
COLUMNS = ("id", "schema", "name", "aliases", "countries", "identifiers", "sanctions", "dataset", "first_seen")
"""What every file has; older ones lack `program_ids` and `last_change`."""

LABELS = {"birth_date": "Born", "addresses": "Address", "phones": "Phone", "emails": "E-mail"}
"""Column → what it is called in a note."""

SHAPES = (
    ("imo", "", re.compile(r"IMO\d{7}")),
    ("lei", "", re.compile(r"(?=.*[A-Z])[0-9A-Z]{18}\d{2}")),
    ("mmsi", "Vessel", re.compile(r"[2-7]\d{8}")),
    ("call_sign", "Vessel", re.compile(r"(?=.*[A-Z])[A-Z0-9]{4,7}")),
    ("uscc", "cn", re.compile(r"[1-9]\d{7}[0-9A-HJ-NPQRTUWXY]{10}")),
    ("ogrn", "ru", re.compile(r"[15]\d{12}|3\d{14}")),
    ("inn", "ru", re.compile(r"\d{10}|\d{12}")),
)
"""Scheme, of what kind or country alone the subject is, form: the table does not tell what its numbers are."""

_ITEM = re.compile(r'(?:"((?:[^"]++|"")*+)"|([^;]*))(?:;|$)')


def newest(path: Path) -> str:
    """The day of the newest change that a row of the file tells of; empty where none does."""
    found = ""
    for _, row in files.table(path, COLUMNS, WHAT):
        text = row.get("last_change", "")
        # What is not newer is not looked at further: this goes through the whole file.
        found = day(text) or found if text[:10] > found else found
    return found


def read(path: Path, lists: Lists) -> Iterator[Item]:
    """The entries of a file: a row is one on each of the datasets it names. Raises BadFile."""
    tally = parts.Tally(path)
    row: Row = {}
    for line, row in files.table(path, COLUMNS, WHAT):
        tally.seen += 1
        where = f"{path.name}, line {line}"
        if why := _wrong(row):
            yield tally.reject(where, why)
        elif row["schema"] not in KINDS:
            yield Rejected(where, f"schema: {row['schema']!r} is no kind of subject that is kept")
        else:
            titles = items(row["dataset"])
            yield from lists.meet(titles, path)
            yield from _entries(row, lists.of(titles), f"{where} ({row['id']})")
    if tally.seen and not row:
        raise BadFile(str(path), 0, "ends within a row: it is not whole")
    tally.finish()


def _wrong(row: Row) -> str:
    """What makes a row one that cannot be read; empty when nothing does."""
    if not row:
        return "has another number of fields than the header"
    if empty := next((name for name in ("id", "schema", "name", "dataset") if not items(row[name])), ""):
        return f"{empty} is empty"
    if why := wrong_id(row["id"]):
        return why
    days = ((name, row.get(name, "")) for name in ("first_seen", "last_change"))
    return next((f"{name}: {text!r} is not a date" for name, text in days if text and not day(text)), "")


def _entries(row: Row, lists: Sequence[Listed], where: str) -> Iterator[Entry]:
    programmes, sanctions = items(row.get("program_ids", "")), items(row["sanctions"])
    names = parts.names(row["name"], ((value, "alias") for value in items(row["aliases"])))
    countries = country_codes(items(row["countries"]))
    # A number has the form that its country's have where there is but one that it can be of.
    hints = ("", row["schema"], *(countries if len(countries) == 1 else ()))
    subject = Entity(
        id=row["id"],
        kind=KINDS[row["schema"]],
        name=names[0].value,
        names=names,
        countries=countries,
        identifiers=parts.identifiers((_scheme(value, hints), value) for value in items(row["identifiers"])),
        note="; ".join(f"{label}: {' / '.join(values)}" for label, values in _told(row)),
    )
    for one in lists:
        entity = replace(subject, id=f"{one.id}:{subject.id}")
        # Of a row that names several datasets, the programmes of one are those that begin as its own do.
        own = programmes if len(lists) == 1 else one.original.own(programmes)
        acts = _acts(one, programmes) if programmes or sanctions else []
        listings = (_listing(row, one, act, slug, own, sanctions) for slug, act in acts)
        yield Entry(entity, tuple(listings), where)


def _acts(one: Listed, programmes: Sequence[str]) -> list[tuple[str, Act]]:
    """The acts that a row tells of on one dataset, each with what its id ends with."""
    screened = [(f"/{id.lower()}", SCREENED[id]) for id in programmes if id in SCREENED]
    if one.name == SCREENING and screened:
        return screened
    return [("", one.original.act or Act(one.title, one.title))]


def _listing(
    row: Row, one: Listed, act: Act, slug: str, programmes: Sequence[str], sanctions: Sequence[str]
) -> Listing:
    id = f"{one.id}:{row['id']}"
    # Most ships on the UK's list are banned from ports, and nothing of theirs is frozen.
    is_banned_ship = act.authority == "UK" and row["schema"] == "Vessel"
    return Listing(
        *(f"{id}{slug}", id, act.authority, act.list),
        measures=IDENTIFYING if is_banned_ship else act.measures,
        read_on="",
        source_ids=(one.source_id,),
        programme=slug[1:].upper() or "; ".join(programmes or sanctions),
        first_seen=day(row["first_seen"]),
        record_id=one.original.record_id([row["id"]]) or row["id"],
        reason="; ".join(sanctions),
        url=page(row["id"]),
    )


def _told(row: Row) -> Iterator[tuple[str, list[str]]]:
    for column, label in LABELS.items():
        if values := items(row.get(column, "")):
            yield label, values


def _scheme(number: str, hints: Collection[str]) -> str:
    fitting = (scheme for scheme, of, shape in SHAPES if of in hints and shape.fullmatch(number))
    return next(fitting, "registration")


def items(text: str) -> list[str]:
    """The distinct values of a field that holds several: parted by semicolons, those with a semicolon or a quotation mark
    in them quoted as in CSV. A value that merely has quotation marks in it is taken as it stands."""
    if not text:
        return []
    if '"' not in text:
        found = text.split(";")
    else:
        found = [(quoted or "").replace('""', '"') or bare or "" for quoted, bare in _ITEM.findall(text)]
    return list(dict.fromkeys(one for part in found if (one := clean(part))))
