"""CSV files of any length: read row by row and checked; written so that spreadsheets read them and run nothing."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from bot.errors import BadFile, UserError

LONGEST_LINE = 32 * 2**20
"""Bytes of a line, and characters of a cell, at the most: what is longer is no table of names."""

PARTED = {",": "commas", ";": "semicolons", "\t": "tabs"}
"""What columns may be parted by, and how that is called."""

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What a spreadsheet's own files begin with, the newer and the older ones."""

MOST_NAMED = 12
"""How many of the columns that were found an error names."""

MOST_COLUMNS = 1_000
"""Columns at the most: every row gets a cell for each."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would run as a formula."""

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What turns the reading direction around, so that a cell looks like another one."""


class Row(NamedTuple):
    """A row, and the line of the file on which it begins, from 1."""

    line: int
    cells: list[str]


class Lines:
    """The lines of a UTF-8 file as text. `end` is how many bytes were read, `hash` the SHA-256 of them.

    With `whole`, a last line without a line break is left out. Raises BadFile for what is not text.
    """

    def __init__(self, path: Path, *, whole: bool = False) -> None:
        self.path, self.whole = path, whole
        self.number = self.end = 0
        self.hash = hashlib.sha256()
        self.has_mark = False

    def __iter__(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            while line := file.readline(LONGEST_LINE + 1):
                if self.whole and not line.endswith(b"\n"):
                    return
                self.number += 1
                yield self._text(line)

    def _text(self, line: bytes) -> str:
        if len(line) > LONGEST_LINE:
            raise self._bad(f"is longer than {LONGEST_LINE // 2**20} MB")
        if self.number == 1 and line.startswith(WORKBOOKS):
            raise BadFile(str(self.path), 0, "is a workbook; save it as CSV (UTF-8)")
        if b"\0" in line:
            raise self._bad("has NUL characters; save the file as CSV in UTF-8")
        self.end += len(line)
        self.hash.update(line)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise self._bad("is not UTF-8 text; save the file as CSV in UTF-8") from None
        if self.number == 1:
            self.has_mark = text.startswith("\ufeff")
            text = text.removeprefix("\ufeff")
        return text

    def _bad(self, why: str) -> BadFile:
        return BadFile(str(self.path), self.number, why)


def each_row(lines: Lines, delimiter: str = ",") -> Iterator[Row]:
    """The rows of CSV; blank lines are none. Raises BadFile for what is not CSV, without `whole` lines for a cut-off row too."""
    csv.field_size_limit(LONGEST_LINE)
    # Not strict, an open quotation mark would swallow all names behind it in silence.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if lines.whole and "unexpected end" in str(error):
                return
            raise BadFile(str(lines.path), first, f"is not CSV: {error}") from None
        if cells is None:
            return
        if cells:
            yield Row(first, cells)


def _columns(header: Iterable[str]) -> list[str]:
    """The names of columns, as they are compared."""
    return [name.strip().casefold() for name in header]


def parted_by(path: Path, wanted: Collection[str], usual: str = ",") -> str:
    """What the columns of a file are parted by: the `usual`, or else that of PARTED by which its header has a `wanted` column, or
    has most columns. What cannot be read is parted as usual."""

    def merit(delimiter: str) -> tuple[bool, int]:
        try:
            columns = _columns(next(each_row(Lines(path), delimiter), Row(0, [])).cells)
        except (BadFile, OSError):
            return False, 0
        return not set(wanted).isdisjoint(columns), len(columns)

    return max((usual, *PARTED), key=merit)


class Sheet:
    """A CSV file with a header, columns parted by commas or another `delimiter`. `needs` are columns that it must have, `adds`
    those that its results get beside its own; `other` names of a column, by its own one, are taken for it where it is not there.
    Reads it through once: `count` is its rows, `sha256` its fingerprint.

    Raises BadFile for a file that cannot be read, is not UTF-8 or CSV, or has another header.
    """

    def __init__(
        self,
        path: Path,
        needs: Sequence[str],
        adds: Sequence[str],
        delimiter: str = ",",
        other: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.path, self.needs, self.adds, self.delimiter, self.other = path, needs, adds, delimiter, other or {}
        self.sha256 = ""
        if not path.is_file():
            raise BadFile(str(path), 0, "is not a file" if path.exists() else "cannot be read: there is no such file")
        lines = Lines(path)
        try:
            found = each_row(lines, delimiter)
            self.header = tuple(next(found, Row(0, [])).cells)
            self.columns = self._checked(self.header)
            self.count = sum(1 for _ in found)
        except OSError as error:
            raise BadFile(str(path), 0, f"cannot be read: {error.strerror}") from None
        self.has_mark, self.sha256 = lines.has_mark, lines.hash.hexdigest()

    def _checked(self, header: Sequence[str]) -> list[str]:
        """The names of the columns, as they are compared."""
        columns = _columns(header)
        if not columns:
            raise BadFile(str(self.path), 0, "is empty; it begins with a header")
        if len(columns) > MOST_COLUMNS:
            raise BadFile(str(self.path), 1, f"the header has {len(columns):,} columns; {MOST_COLUMNS:,} are the most")
        for name in self.needs:
            others = [place for place, one in enumerate(columns) if one in self.other.get(name, ())]
            if name not in columns and len(others) == 1:
                columns[others[0]] = name
            if columns.count(name) != 1:
                raise BadFile(str(self.path), 1, self._without(name, columns, others))
        if taken := [name for name in columns if name in self.adds]:
            raise BadFile(str(self.path), 1, f"the column {taken[0]!r} is one that the results get; rename it")
        return columns

    def _without(self, name: str, columns: Sequence[str], others: Sequence[int]) -> str:
        """Why there is not just one column of a name."""
        parted = f"(columns are parted by {PARTED[self.delimiter]})"
        if name in columns:
            return f"the header has several columns {name!r} {parted}"
        if others:
            several = ", ".join(repr(columns[place]) for place in others)
            return f"the header has several columns that may be {name!r}: {several}; call the right one so"
        found = ", ".join(repr(one[:40]) for one in columns[:MOST_NAMED])
        more = f" and {len(columns) - MOST_NAMED:,} more" if len(columns) > MOST_NAMED else ""
        called = (
            f"; {name!r} may also be called {', '.join(map(repr, self.other[name]))}" if self.other.get(name) else ""
        )
        return f"the header has no column {name!r} {parted}; it has {found}{more}{called}"

    def rows(self) -> Iterator[Row]:
        """The rows below the header. Raises BadFile at the end of a file that changed since it was read through."""
        lines = Lines(self.path)
        found = each_row(lines, self.delimiter)
        next(found, None)
        yield from found
        if lines.hash.hexdigest() != self.sha256:
            raise BadFile(str(self.path), 0, "was changed while it was read")

    def named(self, row: Row) -> dict[str, str]:
        """The cells of a row by column; those that are not there are empty. Raises UserError for a row with more than columns."""
        if len(row.cells) > len(self.header):
            raise UserError(f"has {len(row.cells)} fields, and the header has {len(self.header)}")
        return dict(zip(self.columns, self.padded(row), strict=True))

    def padded(self, row: Row) -> list[str]:
        """The cells of a row, as many as there are columns."""
        some = row.cells[: len(self.header)]
        return some + [""] * (len(self.header) - len(some))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A whole file of harmless cells. Spreadsheets know it for UTF-8 by the mark before it."""
    return codecs.BOM_UTF8 + csv_of(chain([header], rows))


def csv_of(some: Iterable[Sequence[str]]) -> bytes:
    """Rows of harmless cells as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in some)
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that reads as it stands, and that no spreadsheet runs: an apostrophe goes before what begins like a formula."""
    plain = TURNING.sub("", cell)
    return f"'{plain}" if plain.startswith(FORMULA) else plain
