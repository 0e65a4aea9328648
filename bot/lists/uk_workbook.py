"""Reads the first sheet of a workbook (XLSX) as rows of text: https://ecma-international.org/publications-and-standards/standards/ecma-376/

A workbook is a ZIP archive of XML parts. It is unfolded once here, so that nothing damaged, folded without measure or spread
over a huge sheet comes to the library, which holds a sheet whole.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from bot.errors import BadFile
from bot.lists.files import MOST_FOLDED, SMALL

LARGEST = 1 << 30
"""Bytes that the parts of a workbook may unfold to together, since a sheet is held in memory."""

_BOOK = "xl/workbook.xml"
_CHUNK = 1 << 20
_FAR_AWAY = re.compile(rb'\sr="(?:[A-Z]{3}|[D-Z][A-Z]|[A-Z]{0,2}(?:[4-9]\d{5}|\d{7}))')
"""A cell or row beyond column CZ or row 399,999: between it and the first one, all cells would be held."""


def is_archive(path: Path) -> bool:
    """Whether a file begins as a ZIP archive does."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError as error:
        raise BadFile(str(path), 0, f"cannot be read: {error.strerror or error}") from error


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that are not empty, with their numbers. Raises BadFile for what is no whole workbook."""
    _check(path)
    try:
        sheet = _first_sheet(path)
    except (CalamineError, OSError) as error:
        raise BadFile(str(path), 0, f"is not a workbook that can be read: {error}") from error
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [cell if type(cell) is str else _text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _first_sheet(path: Path) -> CalamineSheet:
    book = CalamineWorkbook.from_path(str(path))
    if not book.sheet_names:
        raise BadFile(str(path), 0, "is a workbook without sheets")
    return book.get_sheet_by_index(0)


def _text(cell: object) -> str:
    """A cell as text: days as ISO dates, whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def day_of_serial(number: int) -> str:
    """The ISO date that a workbook means by a number of days: https://support.microsoft.com/office/date-systems-in-excel"""
    return (date(1899, 12, 30) + timedelta(days=number)).isoformat()


def _check(path: Path) -> None:
    """Raises BadFile unless the file is a whole archive with a workbook in it that unfolds to something bearable."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            if _BOOK not in archive.namelist():
                raise BadFile(str(path), 0, f"is a ZIP archive, but no workbook (XLSX): {_BOOK} is missing")
            left = min(LARGEST, max(SMALL, path.stat().st_size * MOST_FOLDED))
            for part in parts:
                left -= _unfold(path, file, part, left)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, NotImplementedError) as error:
        raise BadFile(str(path), 0, f"is damaged or cut off: {error}") from error


def _unfold(path: Path, file: BinaryIO, part: zipfile.ZipInfo, most: int) -> int:
    """Unfolds a part and lets it go; how many bytes it has. What its header says of its size is not relied upon."""
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & 1:
        raise BadFile(str(path), 0, f"is folded or locked in a way that is not read: {part.filename}")
    total, checksum, tail = 0, 0, b""
    for data in _unfolded(file, part):
        total, checksum = total + len(data), zlib.crc32(data, checksum)
        if total > most:
            raise BadFile(str(path), 0, "unfolds to more bytes than any list: it is no list")
        if "worksheets/" in part.filename and _FAR_AWAY.search(tail + data):
            raise BadFile(str(path), 0, f"has cells beyond those of any list: {part.filename}")
        tail = data[-32:]
    if total != part.file_size or checksum != part.CRC:
        raise BadFile(str(path), 0, f"is damaged: {part.filename} is not what its checksum says")
    return total


def _unfolded(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, some at a time. Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7"""
    file.seek(part.header_offset + 26)
    name, extra = struct.unpack("<HH", file.read(4))
    file.seek(name + extra, 1)
    left, inflating = part.compress_size, zlib.decompressobj(-zlib.MAX_WBITS)
    while left and (folded := file.read(min(_CHUNK, left))):
        left -= len(folded)
        if part.compress_type == zipfile.ZIP_STORED:
            yield folded
            continue
        while folded:
            yield inflating.decompress(folded, _CHUNK)
            folded = inflating.unconsumed_tail
    yield inflating.flush()
