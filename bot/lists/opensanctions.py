"""Reads the simplified table of OpenSanctions, `targets.simple.csv`: https://www.opensanctions.org/docs/bulk/csv/"""

import csv
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, TypeAlias

from bot import dates, scripts
from bot.errors import BadFile
from bot.records import ENTITY_KINDS, Dataset, Entity, Identifier, Listing, Name, Records, Rejected, Source

Row: TypeAlias = dict[str, str]
"""A row by the names of its columns; empty where it has another number of fields than the header."""

PUBLISHER = "OpenSanctions"
URL = "https://www.opensanctions.org/datasets/"
COLUMNS = ("id", "schema", "name", "aliases", "countries", "identifiers", "sanctions", "dataset", "first_seen")
"""What every file has; older ones lack `program_ids` and `last_change`."""

KINDS = {**{kind: kind for kind in ENTITY_KINDS}, "LegalEntity": "Organization"}
"""Schema → kind. Rows of other schemas (CryptoWallet, Security, Vehicle …) are about things, and are reported as left out."""

MEASURES = ("public identification",)
"""A row does not tell what follows from the entry in law: that it names the subject in public is all that is certain."""

MOST_BROKEN = 0.2
"""The share of broken rows above which a file is taken for something else."""

ID_LENGTH = 120
LIST_ID_LENGTH = 64

_DATE_IN_NAME = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ue000-\uf8ff]")
_ITEM = re.compile(r'(?:"((?:[^"]++|"")*+)"|([^;]*))(?:;|$)')


@dataclass(slots=True)
class _List:
    """What was read of one dataset so far."""

    id: str
    title: str
    version: str = ""
    entities: dict[str, Entity] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)

    @property
    def source_id(self) -> str:
        return f"{self.id}:targets-simple"

    def records(self) -> Records:
        """The version of the dataset. Where the files do not tell its date, that is empty, and so is what rests on it."""
        found = Dataset(self.id, self.title, PUBLISHER, self.version, self.version, URL)
        names = sum(len(one.names) for one in self.entities.values())
        return Records(
            dataset=replace(found, entities=len(self.entities), names=names),
            sources=(Source(self.source_id, PUBLISHER, self.title, URL, self.version),),
            entities=tuple(self.entities.values()),
            listings=tuple(self.listings),
        )

    def add(self, row: Row, on: str) -> None:
        """Takes a row in; `on` says which lists it stands on, in words."""
        one = _entity(f"{self.id}:{row['id']}", row)
        self.entities[row["id"]] = one
        programmes, sanctions = items(row.get("program_ids", "")), items(row["sanctions"])
        if programmes or sanctions:
            self.listings.append(
                Listing(
                    *(one.id, one.id, on, on, MEASURES),
                    # Not the version's date, with which every entry would differ from one version to the next.
                    read_on=_day(row.get("last_change", "")),
                    source_ids=(self.source_id,),
                    programme="; ".join(programmes),
                    first_seen=_day(row["first_seen"]),
                    record_id=row["id"],
                    reason="; ".join(sanctions),
                )
            )


@dataclass(slots=True)
class _Table:
    """What was read of one file so far; `lists` and `rejected` are shared by the files of a version."""

    path: Path
    lists: dict[str, _List]
    rejected: list[Rejected]
    rows: int = 0
    broken: int = 0
    newest: str = ""
    touched: dict[str, _List] = field(default_factory=dict)

    def read(self) -> None:
        row: Row = {}
        for line, row in _rows(self.path):
            self._take(f"{self.path}, line {line}", row)
        if not row:
            why = "ends within a row: it is not whole" if self.rows else "has a header and no rows"
            raise BadFile(str(self.path), 0, why)
        if self.broken > self.rows * MOST_BROKEN:
            first = next(one for one in self.rejected if one.where.startswith(f"{self.path}, "))
            why = f"{self.broken} of {self.rows} rows cannot be read, the first at {first.where}: {first.why}"
            raise BadFile(str(self.path), 0, why)
        version = max(filter(dates.is_partial_date, _DATE_IN_NAME.findall(self.path.name)), default=self.newest)
        for one in self.touched.values():
            one.version = max(one.version, version)

    def _take(self, where: str, row: Row) -> None:
        self.rows += 1
        if why := _wrong(row):
            self.broken += 1
            self.rejected.append(Rejected(where, why))
            return
        self.newest = max(self.newest, _day(row.get("last_change", "")))
        if row["schema"] not in KINDS:
            self.rejected.append(Rejected(where, f"schema: {row['schema']!r} is no kind of subject that is kept"))
            return
        titles = items(row["dataset"])
        named = {id: self.lists.get(id) or _List(id, title) for title in titles for id in (list_id(title),)}
        self.lists |= named
        self.touched |= named
        new = [one for one in named.values() if row["id"] not in one.entities]
        for one in new:
            one.add(row, on="; ".join(titles))
        if not new:
            self.rejected.append(Rejected(where, f"id: {row['id']!r} is there already"))


def read(paths: Sequence[Path]) -> list[Records]:
    """The records of the files of one version: one Records for each dataset that their rows name, those that could not be
    taken with the first. A row that names several datasets is in each.

    A version, `published_on`, `read_on` or `first_seen` that the files do not tell is empty. Raises BadFile with file, line
    and reason for what is not such a table, or not a whole one.
    """
    lists: dict[str, _List] = {}
    rejected: list[Rejected] = []
    for path in paths:
        _Table(path, lists, rejected).read()
    if not lists:
        raise BadFile(str(paths[0]), 0, f"has no row that can be taken; {rejected[0].where}: {rejected[0].why}")
    first, *others = [one.records() for one in lists.values()]
    return [replace(first, rejected=tuple(rejected)), *others]


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """The rows of a file below its header, each with the line it begins on."""
    try:
        with path.open("rb") as file:
            lines = csv.reader(_text(path, file), strict=True)
            header = next(lines, [])
            _check_header(path, header)
            while True:
                line = lines.line_num + 1
                fields = next(lines, None)
                if fields is None:
                    return
                if fields:
                    yield line, dict(zip(header, fields, strict=True)) if len(fields) == len(header) else {}
    except OSError as error:
        raise BadFile(str(path), 0, f"cannot be read: {error.strerror}") from error
    except csv.Error as error:
        raise BadFile(str(path), lines.line_num, f"is not CSV: {error}") from error


def _text(path: Path, file: BinaryIO) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadFile(str(path), number, f"is not UTF-8 text (byte {error.start} of the line)") from error


def _check_header(path: Path, header: list[str]) -> None:
    if not header:
        raise BadFile(str(path), 0, "is empty")
    if missing := [name for name in COLUMNS if name not in header]:
        why = f"is not a targets.simple.csv of OpenSanctions: the header lacks {', '.join(missing)}"
        raise BadFile(str(path), 1, why)
    if len(set(header)) < len(header):
        raise BadFile(str(path), 1, "repeats a column in its header")


def _wrong(row: Row) -> str:
    """What makes a row one that cannot be read; empty when nothing does."""
    if not row:
        return "has another number of fields than the header"
    if empty := next((name for name in ("id", "schema", "name", "dataset") if not items(row[name])), ""):
        return f"{empty} is empty"
    if len(row["id"]) > ID_LENGTH or not re.fullmatch(r"[!-~]+", row["id"]):
        return f"id: {row['id'][:ID_LENGTH]!r} is not an id of {ID_LENGTH} plain characters at most"
    days = ((name, row.get(name, "")) for name in ("first_seen", "last_change"))
    return next((f"{name}: {day!r} is not a date" for name, day in days if day and not _day(day)), "")


def _day(moment: str) -> str:
    """The day of a moment like 2025-10-06T14:15:21; empty where it is none."""
    return moment[:10] if len(moment) >= 10 and dates.is_partial_date(moment[:10]) else ""


def _entity(id: str, row: Row) -> Entity:
    name = _clean(row["name"])
    others = [value for value in items(row["aliases"]) if value != name]
    return Entity(
        id=id,
        kind=KINDS[row["schema"]],
        name=name,
        names=(
            Name(name, "primary", scripts.of_text(name)),
            *(Name(value, "alias", scripts.of_text(value)) for value in others),
        ),
        countries=tuple(items(row["countries"])),
        identifiers=tuple(Identifier(_scheme(value), value) for value in items(row["identifiers"])),
    )


def _scheme(number: str) -> str:
    return "imo" if re.fullmatch(r"IMO\d{7}", number) else "registration"


def items(text: str) -> list[str]:
    """The distinct values of a field that holds several: parted by semicolons, those with a semicolon or a quotation mark
    in them quoted as in CSV. A value that merely has quotation marks in it is taken as it stands."""
    if '"' not in text:
        parts = text.split(";")
    else:
        parts = [(quoted or "").replace('""', '"') or bare or "" for quoted, bare in _ITEM.findall(text)]
    return list(dict.fromkeys(one for part in parts if (one := _clean(part))))


def _clean(text: str) -> str:
    """Text on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def list_id(title: str) -> str:
    """The id of the list of a dataset: `US OFAC SDN List` → `opensanctions-us-ofac-sdn-list`. Titles that would lose letters
    that tell them apart get a checksum at the end."""
    folded = [sign for sign in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(sign)]
    id = "-".join(["opensanctions", *re.findall(r"[a-z0-9]+", "".join(folded))])
    if len(id) <= LIST_ID_LENGTH and all(sign.isascii() or not sign.isalnum() for sign in folded):
        return id
    return f"{id[: LIST_ID_LENGTH - 9].strip('-')}-{zlib.crc32(title.encode()):08x}"
