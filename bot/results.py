"""The file of results of a sheet: written so that a run that was cut off goes on where it ended."""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from bot.errors import BadFile, Missing, UserError
from bot.sheets import Lines, Row, Sheet, csv_of, each_row, harmless


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
        found = each_row(lines)
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
            self._put(csv_of([self._header()]))

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
        self._put(csv_of(rows))
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
