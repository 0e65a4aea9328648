"""Opens published files so that reading them streams: plain or gzipped, with a limit on what they unfold to, refusing what is
no such file (empty, an HTML page, cut off, XML with declarations of its own)."""

import csv
import gzip
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bot import dates
from bot.errors import BadFile

LARGEST = 8 << 30
"""Bytes that a file may unfold to."""

MOST_FOLDED = 200
"""How many times its size a file may unfold to; tables of short rows fold some twenty times."""

SMALL = 64 << 20
"""Bytes that any file may unfold to."""

LONGEST = 8 << 20
"""Bytes that a line may have."""

BETWEEN = 2 << 20
"""Bytes of an XML file in which a record must end."""

_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ue000-\uf8ff]")


class _Unfolding:
    """Reads a gzipped file and counts what it unfolds to."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self.file, self.read_so_far = path, file, 0
        self.most = min(LARGEST, max(SMALL, path.stat().st_size * MOST_FOLDED))

    def _counted(self, data: bytes) -> bytes:
        self.read_so_far += len(data)
        if self.read_so_far > self.most:
            raise BadFile(str(self.path), 0, f"unfolds to more than {self.most:,} bytes: it is no list")
        return data

    def read(self, size: int = -1) -> bytes:
        return self._counted(self.file.read(size if size >= 0 else self.most + 1))

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self.file.readline(size))


class _Watched:
    """Reads an XML file, and refuses one in which no record ends for long: what is read so far is held in memory."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self.file, self.since = path, file, 0

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.since += len(data)
        if self.since > BETWEEN:
            raise BadFile(str(self.path), 0, f"has no record within {BETWEEN:,} bytes: it is no list")
        return data


@contextmanager
def binary(path: Path) -> Iterator[BinaryIO]:
    """A file's bytes, unfolded where it is gzipped. Raises BadFile where it is not there, empty, an HTML page, cut off, or
    unfolds to too much."""
    try:
        with path.open("rb") as raw:
            is_folded = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if is_folded else raw as file:
                head = file.read(2048)
                file.seek(0)
                if not head.strip(b"\xef\xbb\xbf \t\r\n\x00\x1a"):
                    raise BadFile(str(path), 0, "is empty")
                if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
                    raise BadFile(
                        str(path), 0, "is an HTML page and no list: perhaps an error message of its publisher"
                    )
                yield cast(BinaryIO, _Unfolding(path, cast(BinaryIO, file)) if is_folded else file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadFile(str(path), 0, f"is damaged or cut off: {error}") from error
    except OSError as error:
        raise BadFile(str(path), 0, f"cannot be read: {error.strerror or error}") from error


def byte_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """A file's lines with their numbers. Raises BadFile, also for a line that is too long: it would be read into memory whole."""
    with binary(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
            if len(line) > LONGEST:
                raise BadFile(str(path), number, f"is a line of more than {LONGEST:,} bytes: it is no list")
            yield number, line


def lines(path: Path, encoding: str = "utf-8", otherwise: str = "") -> Iterator[str]:
    """A file's lines as text; a line that is not `encoding` is read as `otherwise` where that is given. Raises BadFile."""
    for number, line in byte_lines(path):
        try:
            yield line.decode("utf-8-sig" if encoding == "utf-8" and number == 1 else encoding)
        except UnicodeDecodeError as error:
            if not otherwise:
                why = f"is not {encoding.upper()} text (byte {error.start} of the line)"
                raise BadFile(str(path), number, why) from error
            # Windows-1252 has bytes that mean nothing.
            yield line.decode(otherwise, "replace")


def rows(
    path: Path, encoding: str = "utf-8", otherwise: str = "", delimiter: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file that are not empty, each with the line it begins on. The byte 0x1A that some publishers end
    their files with is left out. Raises BadFile."""
    found = csv.reader(lines(path, encoding, otherwise), strict=True, delimiter=delimiter)
    try:
        while True:
            line = found.line_num + 1
            fields = next(found, None)
            if fields is None:
                return
            if fields and fields != ["\x1a"]:
                yield line, fields
    except csv.Error as error:
        why = "ends within a row: it is not whole" if "unexpected end" in str(error) else f"is not CSV: {error}"
        raise BadFile(str(path), found.line_num, why) from error


def table(
    path: Path, needed: Sequence[str], what: str, encoding: str = "utf-8"
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with a header, by the names of its columns, each with the line it begins on; a row with another
    number of fields than the header is empty. `what` is what the file should be. Raises BadFile, also where a `needed`
    column is missing or stands there twice."""
    found = rows(path, encoding)
    _, header = next(found, (1, []))
    if missing := [name for name in needed if name not in header]:
        raise BadFile(str(path), 1, f"is not {what}: the header lacks {', '.join(missing)}")
    if len(set(header)) < len(header):
        raise BadFile(str(path), 1, "repeats a column in its header")
    for line, fields in found:
        yield line, dict(zip(header, fields, strict=True)) if len(fields) == len(header) else {}


def elements(path: Path, root: str, tags: Collection[str], what: str) -> Iterator[Element]:
    """The root element of an XML file as it begins (with its attributes), then each element called one of `tags` once it is
    whole, in their order; what was given out is let go. Names are without namespaces. `what` is what the file should be.
    Raises BadFile, also where the root is not called `root`, and for a document with declarations (XML bombs)."""
    try:
        with binary(path) as file:
            yield from _walk(path, file, root, tags, what)
    except DefusedXmlException as error:
        raise BadFile(str(path), 0, "declares entities or a document type: that is refused") from error
    except ParseError as error:
        line, _ = error.position
        raise BadFile(str(path), line, f"is not whole or not XML: {error}") from error


def _walk(path: Path, file: BinaryIO, root: str, tags: Collection[str], what: str) -> Iterator[Element]:
    above: list[Element] = []
    watched = _Watched(path, file)
    for event, element in iterparse(watched, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            element.tag = element.tag.rpartition("}")[2]
            if not above and element.tag != root:
                raise BadFile(str(path), 1, f"is not {what}: its root is <{element.tag}>, not <{root}>")
            above.append(element)
            if len(above) == 1:
                yield element
            continue
        above.pop()
        if element.tag in tags:
            watched.since = 0
            yield element
            # What an element given out held is not needed again, nor is its place among its siblings.
            above[-1].remove(element)


def day_in_name(path: Path) -> str:
    """The ISO date that a file's name holds, the last one; else its folder's name where that is one; else empty."""
    days = [day for day in _DAY.findall(path.name) if dates.is_partial_date(day)]
    folder = path.resolve().parent.name
    return days[-1] if days else folder if _DAY.fullmatch(folder) and dates.is_partial_date(folder) else ""


def clean(text: str | None) -> str:
    """Text on one line, without control and private characters; empty for none."""
    return " ".join(_CONTROL.sub(" ", text or "").split())
