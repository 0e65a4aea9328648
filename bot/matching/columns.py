"""Named arrays in one file that is mapped into memory: written aside and renamed, checked when opened, never changed.

The file: eight bytes MAGIC, eight bytes each the length and the checksum of the header, the header (JSON: version, what the
writer says of it, and for each array its type, length, place and checksum), then the arrays, each at a multiple of 64 bytes.
"""

import json
import mmap
import os
import secrets
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"FLAGPOST"
VERSION = 2
"""Rises when files of an older program can no longer be read: they are made anew."""

_ALIGNED = 64

Array = NDArray[Any]


class Damaged(Exception):
    """A file is not what was written: cut off, changed, of another version. Whoever opens it makes it anew."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Arrays by name, and what was said of them. The arrays cannot be written to."""

    arrays: Mapping[str, Array]
    about: Mapping[str, Any]


def write(file: Path, columns: Columns) -> None:
    """Writes a file that is there whole or not at all, whenever the process dies. Raises OSError where it cannot."""
    arrays = {name: np.ascontiguousarray(one) for name, one in columns.arrays.items()}
    header, places, size = _header(arrays, columns.about)
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("wb") as out:
            out.write(MAGIC + struct.pack("<QQ", len(header), zlib.crc32(header)) + header)
            for name, place in places.items():
                out.seek(place)
                out.write(arrays[name].view(np.uint8).data)
            out.truncate(size)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def _header(arrays: Mapping[str, Array], about: Mapping[str, Any]) -> tuple[bytes, dict[str, int], int]:
    """The header, padded; where each array begins; and where the file ends. In it, places are counted from its own end."""
    places: dict[str, int] = {}
    entries: dict[str, list[Any]] = {}
    place = 0
    for name, one in arrays.items():
        entries[name] = [one.dtype.str, len(one), place, _checksum(one)]
        places[name] = place
        place += -(-one.nbytes // _ALIGNED) * _ALIGNED
    text = json.dumps({"version": VERSION, "about": dict(about), "arrays": entries}).encode()
    padded = text.ljust(-(-(len(text) + 24) // _ALIGNED) * _ALIGNED - 24)
    start = len(padded) + 24
    return padded, {name: start + one for name, one in places.items()}, start + place


def read(file: Path) -> Columns:
    """Opens a file. Raises Damaged where it is not whole, not ours or of another version, OSError where there is none."""
    with file.open("rb") as opened:
        if opened.seek(0, os.SEEK_END) < len(MAGIC) + 16:
            raise Damaged(f"{file.name} is cut off")
        whole = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    if whole[: len(MAGIC)] != MAGIC:
        raise Damaged(f"{file.name} is no index")
    length, checksum = struct.unpack("<QQ", whole[8:24])
    try:
        text = whole[24 : 24 + length]
        if zlib.crc32(text) != checksum:
            raise Damaged(f"{file.name} has a damaged header")
        header = json.loads(text)
        about = header["about"]
        if header["version"] != VERSION:
            raise Damaged(f"{file.name} is of version {header['version']}")
        arrays = {name: _array(whole, 24 + length, *entry) for name, entry in header["arrays"].items()}
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{file.name} is not whole: {error}") from error
    if hasattr(mmap, "MADV_DONTNEED"):
        # What was only read to be checked must not count as this process's memory.
        whole.madvise(mmap.MADV_DONTNEED)
    return Columns(arrays, about)


def _array(whole: mmap.mmap, start: int, kind: str, length: int, place: int, checksum: int) -> Array:
    found = np.frombuffer(whole, np.dtype(kind), length, start + place)
    if _checksum(found) != checksum:
        raise ValueError("a checksum does not fit")
    return found


def _checksum(one: Array) -> int:
    """A sum over all bytes, as 64-bit numbers: as quick as reading the file, and no change of one place leaves it as it is."""
    data = np.ascontiguousarray(one).view(np.uint8)
    whole = len(data) // 8 * 8
    words = data[:whole].view(np.uint64)
    mixed = int(words.sum(dtype=np.uint64)) ^ (int(np.bitwise_xor.reduce(words)) << 1 if whole else 0)
    return (mixed ^ int.from_bytes(data[whole:].tobytes(), "little")) & 0x7FFFFFFFFFFFFFFF


def strings(texts: Sequence[str]) -> tuple[Array, Array]:
    """Texts as two arrays: all their UTF-8, and where each begins (one more than there are texts)."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    starts = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(one) for one in encoded], out=starts[1:])
    return np.frombuffer(b"".join(encoded), np.uint8), starts


def text(blob: Array, starts: Array, place: int) -> str:
    """One of the texts that `strings` put away."""
    return blob[starts[place] : starts[place + 1]].tobytes().decode("utf-8", "surrogatepass")
