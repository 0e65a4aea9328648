"""A folder with the files of an index, each of which holds the names of some transactions that followed one another.

A file is called `SINCE-UNTIL-TOKEN.names`: it holds what was recorded after transaction SINCE up to UNTIL, whose token is TOKEN.
It is written before that transaction is committed, and no reader looks for it until then: the commit is what puts it in force.
"""

import hashlib
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.matching import columns
from bot.matching.analysis import Analyser
from bot.matching.columns import Columns, Damaged
from bot.matching.segment import Segment

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("flagpost")

STALE = 3600.0
"""Seconds after which a file that nothing refers to is removed: before, its transaction may still be under way."""

_ENDING = ".names"


@dataclass(frozen=True, slots=True)
class Volume:
    """A file that was opened, and the transactions it holds the names of: after `since` up to `until`."""

    path: Path
    since: int
    until: int
    segment: Segment


class Shelf:
    """The files of one database on one machine. `folder` None: there are none, and none are made."""

    def __init__(self, folder: Path | None, analyser: Analyser) -> None:
        self.folder, self.analyser = folder, analyser
        self.opened: dict[Path, Segment] = {}

    def untils(self) -> set[int]:
        """The transactions that files end with."""
        return {until for _, _, until, _ in self._files()}

    def volumes(self, tokens: Mapping[int, str]) -> list[Volume]:
        """The files that follow one another from the first transaction on, of two with one beginning the one that reaches
        further. `tokens` are those of the transactions that happened; a file of any other is no part of this past."""
        files = sorted(self._files(), key=lambda one: -one[2])
        good = [(path, since, until) for path, since, until, token in files if tokens.get(until) == token]
        found: list[Volume] = []
        while following := next((one for one in good if one[1] == (found[-1].until if found else 0)), None):
            good.remove(following)
            if segment := self._open(following[0]):
                found.append(Volume(*following, segment))
        self.opened = {one.path: one.segment for one in found}
        return found

    def _files(self) -> Iterator[tuple[Path, int, int, str]]:
        for path in self.folder.glob(f"*{_ENDING}") if self.folder and self.folder.is_dir() else ():
            parts = path.name.removesuffix(_ENDING).split("-")
            if len(parts) == 3 and parts[0].isdigit() and parts[1].isdigit():
                yield path, int(parts[0]), int(parts[1]), parts[2]

    def _open(self, path: Path) -> Segment | None:
        if path not in self.opened:
            try:
                found = columns.read(path)
                if found.about.get("reading") != self.analyser.tables.fingerprint:
                    raise Damaged(f"{path.name} was made with other word tables")
                self.opened[path] = Segment(found, self.analyser)
            except (Damaged, OSError) as error:
                log.warning("a file of the index cannot be used, and is made anew: %s", error)
                return None
        return self.opened[path]

    def put(self, since: int, until: int, token: str, names: Columns) -> Volume | None:
        """Writes a file and opens it; None where that cannot be. Whenever the process dies, it is whole or not there."""
        if self.folder is None:
            return None
        path = self.folder / f"{since}-{until}-{token}{_ENDING}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            columns.write(path, names)
        except OSError as error:
            log.warning("the index cannot be kept in %s, so each process makes its own: %s", self.folder, error)
            return None
        segment = self._open(path)
        return Volume(path, since, until, segment) if segment else None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Has the processes of a machine make files one after the other, where the system can: the next finds what it needs."""
        if self.folder is None or fcntl is None:
            yield
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            opened = (self.folder / ".making").open("a")
        except OSError:
            yield
            return
        with opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            yield

    def sweep(self, kept: list[Volume]) -> None:
        """Removes what is long out of use. A process that has such a file open keeps it until it ends."""
        used = {one.path for one in kept}
        for path in self.folder.iterdir() if self.folder and self.folder.is_dir() else ():
            try:
                if path not in used and path.stat().st_mtime < time.time() - STALE:
                    path.unlink()
            except OSError as error:
                log.warning("%s cannot be removed: %s", path, error.strerror)


def folder_for(folder: Path, address: str) -> Path:
    """Where the files of the database at an address are kept, below `folder`: a folder of its own for each."""
    return folder / hashlib.sha256(address.encode()).hexdigest()[:16]
