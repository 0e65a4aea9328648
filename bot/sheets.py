"""CSV files of any length: read row by row and checked, written so that a run that was cut off goes on where it ended."""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

from bot.errors import BadFile, Missing, UserError

LONGEST_LINE = 32 * 2**20
"""Bytes of a line, and characters of a cell, at the most: what is longer is no table of names."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet would run as a formula."""


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


def _rows(lines: Lines) -> Iterator[Row]:
    """The rows of CSV; blank lines are none. Raises BadFile for what is not CSV, without `whole` lines for a cut-off row too."""
    csv.field_size_limit(LONGEST_LINE)
    # Not strict, an open quotation mark would swallow all names behind it in silence.
    reader = csv.reader(lines, strict=True)
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


class Sheet:
    """A CSV file with a header, columns parted by commas. `needs` are columns that it must have, `adds` those that its results
    get beside its own. Reads it through once: `count` is its rows, `sha256` its fingerprint.

    Raises BadFile for a file that cannot be read, is not UTF-8 or CSV, or has another header.
    """

    def __init__(self, path: Path, needs: Sequence[str], adds: Sequence[str]) -> None:
        self.path, self.needs, self.adds = path, needs, adds
        self.sha256 = ""
        if not path.is_file():
            raise BadFile(str(path), 0, "is not a file" if path.exists() else "cannot be read: there is no such file")
        lines = Lines(path)
        try:
            found = _rows(lines)
            self.header = tuple(next(found, Row(0, [])).cells)
            self.columns = self._checked(self.header)
            self.count = sum(1 for _ in found)
        except OSError as error:
            raise BadFile(str(path), 0, f"cannot be read: {error.strerror}") from None
        self.has_mark, self.sha256 = lines.has_mark, lines.hash.hexdigest()

    def _checked(self, header: Sequence[str]) -> list[str]:
        """The names of the columns, as they are compared."""
        columns = [name.strip().casefold() for name in header]
        if not columns:
            raise BadFile(str(self.path), 0, "is empty; it begins with a header")
        for name in self.needs:
            if columns.count(name) != 1:
                many = "has several columns" if name in columns else "has no column"
                raise BadFile(str(self.path), 1, f"the header {many} {name!r} (columns are parted by commas)")
        if taken := [name for name in columns if name in self.adds]:
            raise BadFile(str(self.path), 1, f"the column {taken[0]!r} is one that the results get; rename it")
        return columns

    def rows(self) -> Iterator[Row]:
        """The rows below the header. Raises BadFile at the end of a file that changed since it was read through."""
        lines = Lines(self.path)
        found = _rows(lines)
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


class Results:
    """The file of results of a sheet, to be used in a `with`. A row is there whole once it is written; `done` are those that are.

    An existing file is gone on with if `resume`, or written anew if `force`. Raises UserError where neither is said, or the
    file cannot be made.
    """

    def __init__(self, path: Path, sheet: Sheet, *, resume: bool = False, force: bool = False) -> None:
        self.path, self.sheet = path, sheet
        self.done = 0
        if path.exists() and not path.is_file():
            raise UserError(f"{path} is not a file that results can be written to")
        if path.exists() and path.samefile(sheet.path):
            raise UserError(f"{path} is the input; write the results to another file")
        try:
            self.file = path.open("r+b" if resume and path.exists() else "wb" if force else "xb", buffering=0)
        except FileExistsError:
            raise UserError(f"{path} is there already: --resume goes on with it, --force writes it anew") from None
        except OSError as error:
            raise UserError(f"{path} cannot be written: {error.strerror}") from None
        self.end = path.stat().st_size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Leaves whole rows only, however it ends."""
        with self.file:
            self.file.truncate(self.end)

    def written(self, rows: Iterator[Row]) -> Iterator[tuple[Row, list[str]]]:
        """The rows that are in the file already, taken from `rows`, each with the cells that were added; then the file is ready
        for the rest, without what was half written. Raises BadFile, and leaves the file as it is, where it has other rows."""
        lines = Lines(self.path, whole=True)
        found = _rows(lines)
        end = done = 0
        if header := next(found, None):
            self._compare(header, self._header())
            end = lines.end
        for one in found:
            row = next(rows, None)
            self._compare(one, self.sheet.padded(row) if row else None)
            end, done = lines.end, done + 1
            if row:
                yield row, one.cells[len(self.sheet.header) :]
        self.file.truncate(end)
        self.file.seek(end)
        self.end, self.done = end, done
        if not end:
            self._put(codecs.BOM_UTF8 if self.sheet.has_mark else b"")
            self._put(_csv([self._header()]))

    def _header(self) -> list[str]:
        return [*self.sheet.header, *self.sheet.adds]

    def _compare(self, written: Row, wanted: Sequence[str] | None) -> None:
        """Refuses a row that is not what is wanted there, as far as that goes."""
        is_wide = len(written.cells) == len(self._header())
        if wanted is None or not is_wide or written.cells[: len(wanted)] != [*map(harmless, wanted)]:
            why = f"is not of the results of {self.sheet.path}; --force writes the file anew"
            raise BadFile(str(self.path), written.line, why)

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Adds rows, the cells of the sheet and those added. Raises Missing where there is no room for them."""
        self._put(_csv(rows))
        self.done += len(rows)

    def _put(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left:
                left = left[self.file.write(left) :]
        except OSError as error:
            raise Missing(f"{self.path} cannot be written: {error.strerror}") from None
        self.end += len(data)

    def sha256(self) -> str:
        """The fingerprint of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe goes before what begins like a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
