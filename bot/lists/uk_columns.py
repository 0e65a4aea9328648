"""Tells the forms of the UK's lists apart and gives out their rows alike, by the column names of the UK Sanctions List.

Formats: https://www.gov.uk/guidance/format-guide-for-the-uk-sanctions-list and, of the OFSI Consolidated List (closed on
2026-01-28), https://www.gov.uk/government/publications/uk-sanctions-list-change-in-format. Either is a line with the date of
the file, a line with the names of the columns, then a row for each name of a subject.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from bot import dates
from bot.errors import BadFile
from bot.lists import files, uk_workbook
from bot.lists.files import clean

Row: TypeAlias = dict[str, str]
"""What a row says, by column; columns without a value are left out."""

SANCTIONS_LIST = (
    *("unique id", "name 6", "name 1", "name type", "regime name", "designation type", "sanctions imposed"),
    "date designated",
)
"""What the UK Sanctions List has for columns, at the least; they stand in any order, in any case."""

CONSOLIDATED = ("group id", "name 6", "name 1", "alias type", "group type", "regime", "other information")
"""What the OFSI Consolidated List has, at the least."""

RENAMED = {
    **{f"address {number}": f"address line {number}" for number in range(1, 7)},
    "post/zip code": "address postal code",
    "country": "address country",
    "dob": "d.o.b",
    "nationality": "nationality(/ies)",
    "passport details": "passport additional information",
    "national identification number": "national identifier number",
    "national identification details": "national identifier additional information",
    "group type": "designation type",
    "alias type": "name type",
    "alias quality": "alias strength",
    "regime": "regime name",
    "uk sanctions list date designated": "date designated",
    "group id": "ofsi group id",
}
"""Column of the Consolidated List → that of the UK Sanctions List."""

LABELS = {
    "UK Sanctions List Ref": "unique id",
    "UN Ref": "un reference number",
    "UK Statement of Reasons": "uk statement of reasons",
    "Gender": "gender",
    "Phone number": "phone number",
    "Website": "website",
    "Email address": "email address",
    "Type of entity": "type of entity",
    "Subsidiaries": "subsidiaries",
    "Parent company": "parent company",
    "Business Reg No": "business registration number (s)",
    "IMO number": "imo number",
    "Current owners": "current owner/operator (s)",
    "Flag of ship": "current believed flag of ship",
    "Previous flags": "previous flags",
    "Type of ship": "type of ship",
    "Tonnage of ship": "tonnage of ship",
    "Length of ship": "length of ship",
    "Year built": "year built",
}
"""What the Consolidated List tells in "Other Information", as `(Gender):Male`, → column of the UK Sanctions List."""

REFERENCE = r"[A-Za-z]{2,5}(?:\.\s?)?\d{3,5}"
"""The id of an entry: RUS2137; the list also has a few of the UN's form, SDi.005, now and then with a space in it."""

_FIRST = ("UK Sanctions List Ref", "UN Ref")
"""The labels after whose value comes, with no label, what else is to be said."""

_LABEL = re.compile(rf"\(({'|'.join(LABELS)})\):")
_REFERENCES = re.compile(rf"\s*({REFERENCE}(?:(?:,| and|, and)\s+{REFERENCE})*)\s*(?:\.(?=\s|$)\s*)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = re.compile(r"(?:(?:(\d{1,2}|dd)[-/.\s])?(\d{1,2}|mm|[a-z]{3,9})[-/.\s])?(\d{4})", re.IGNORECASE)
_DATED = re.compile(r"\d{1,2}[-/ ](?:\d{1,2}|[A-Za-z]{3,9})[-/ ]\d{4}|\d{4}-\d{2}-\d{2}")
_HOURS = re.compile(r"(?<=\d\d)[T ]\d\d:.*")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file of the list: the date it states (ISO, else empty), its columns as they are called here and as published, whether
    it is of the Consolidated List, and the fields of its rows."""

    path: Path
    published_on: str
    columns: Sequence[str]
    is_consolidated: bool
    fields: Iterator[tuple[int, list[str]]]

    @property
    def key(self) -> str:
        """The column by which rows belong together."""
        return "ofsi group id" if self.is_consolidated else "unique id"

    def rows(self) -> Iterator[tuple[int, Row | None]]:
        """Each row with its line, None for one with another number of fields. Raises BadFile where that is the last: the file is
        cut off."""
        line, is_whole, width = 0, True, len(self.columns)
        for line, fields in self.fields:
            is_whole = len(fields) == width
            row = {name: text for name, text in zip(self.columns, fields, strict=False) if text}
            if row:
                yield line, row if is_whole else None
        if not is_whole:
            raise BadFile(str(self.path), line, "ends within a row: it is not whole")


def opened(path: Path) -> Opened:
    """Opens a file of either list, as CSV or as a workbook. Raises BadFile for what is neither."""
    # The lists are UTF-8, copies of them saved with a spreadsheet often Windows-1252.
    found = uk_workbook.rows(path) if uk_workbook.is_archive(path) else files.rows(path, otherwise="cp1252")
    published_on = ""
    for _, fields in islice(found, 5):
        header = [clean(name).casefold() or f"column {number}" for number, name in enumerate(fields, 1)]
        if "name 6" in header:
            is_consolidated = "unique id" not in header
            _check(path, header, is_consolidated)
            columns = [RENAMED.get(name, name) for name in header] if is_consolidated else header
            return Opened(path, published_on, columns, is_consolidated, found)
        stated = _DATED.search(" ".join(fields))
        published_on = published_on or (day(stated[0]) if stated else "")
    raise BadFile(
        str(path), 1, "is neither the UK Sanctions List nor the OFSI Consolidated List: no line names columns"
    )


def _check(path: Path, header: Sequence[str], is_consolidated: bool) -> None:
    what = "the OFSI Consolidated List" if is_consolidated else "the UK Sanctions List"
    needed = CONSOLIDATED if is_consolidated else SANCTIONS_LIST
    if missing := [name for name in needed if name not in header]:
        raise BadFile(str(path), 1, f"is not {what}: the header lacks {', '.join(missing)}")
    if len(set(header)) < len(header):
        raise BadFile(str(path), 1, "repeats a column in its header")


def references(text: str) -> list[str]:
    """The ids that stand in a text, as `AQD0194 and SOM0003`."""
    return [re.sub(r"\s", "", one) for one in re.findall(REFERENCE, text)]


class Subject:
    """What the rows of one subject say: by row, and by column."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        found: dict[str, dict[str, None]] = {}
        for row in rows:
            for column, text in row.items():
                found.setdefault(column, {})[text] = None
        self.columns = {column: list(texts) for column, texts in found.items()}
        self.cleaned: dict[str, list[str]] = {}

    def raw(self, column: str) -> list[str]:
        """The distinct values of a column, as they stand there."""
        return self.columns.get(column, [])

    def all(self, column: str) -> list[str]:
        """The distinct values of a column, each on one line."""
        if column not in self.columns:
            return []
        if column not in self.cleaned:
            self.cleaned[column] = list(dict.fromkeys(filter(None, map(clean, self.columns[column]))))
        return self.cleaned[column]


def told(rows: Sequence[Row]) -> list[Row]:
    """The rows of a group of the Consolidated List with what "Other Information" tells in columns of its own. Since all rows
    of a group repeat the same text, that stands in the first of them."""
    seen: set[str] = set()
    found = []
    for row in rows:
        text = row.get("other information", "")
        rest = {name: value for name, value in row.items() if name != "other information"}
        found.append(rest if text in seen else rest | labelled(text))
        seen.add(text)
    return found


def labelled(text: str) -> Row:
    """`(UK Sanctions List Ref):RUS0001. Also known. (Gender):Male` → by column; what has no label as other information."""
    before, *parts = _LABEL.split(text)
    found: dict[str, list[str]] = {"other information": [before]}
    for label, value in zip(parts[::2], parts[1::2], strict=True):
        if label in _FIRST:
            reference = _REFERENCES.match(value)
            found["other information"].append(value[reference.end() :] if reference else value)
            value = reference[1] if reference else ""
        found.setdefault(LABELS[label], []).append(value)
    whole = {name: " ".join(values).strip() for name, values in found.items()}
    return {name: value for name, value in whole.items() if value}


@lru_cache(maxsize=4096)
def day(text: str) -> str:
    """A date as these lists write it, as ISO text: 13/06/2024, 00/00/1962, dd/mm/1962, 03/1962, 1962, 02-Oct-2026, a day
    number of a workbook. Empty where it is none."""
    text = _HOURS.sub("", clean(text))
    if dates.is_partial_date(text):
        return text
    if _SERIAL.fullmatch(text):
        return uk_workbook.day_of_serial(int(float(text)))
    if not (found := _DAY.fullmatch(text)):
        return ""
    number, month, year = (part or "" for part in found.groups())
    if month[:3].casefold() in _MONTHS:
        month = str(_MONTHS.index(month[:3].casefold()) + 1)
    parts = [year]
    for part in (month, number):
        if not part.strip("0dDmM"):
            break
        parts.append(part.zfill(2))
    iso = "-".join(parts)
    return iso if dates.is_partial_date(iso) else ""
