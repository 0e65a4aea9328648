"""Keeps the index of names in step with the store: the bulk in files, made before their transaction is committed, and what is
newer in memory. What a transaction recorded is found by the next question, in every process."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from bot.matching.analysis import Analyser
from bot.matching.building import Builder, build, micros
from bot.matching.index import Index
from bot.matching.segment import Segment
from bot.matching.shelf import Shelf, Volume
from bot.records import Change, IndexedName
from bot.store import names

FEW = 2_000
"""Names and numbers that are kept in memory only, at the most: reading them anew takes some tenths of a second."""

FILES = 6
"""How many files there may be before a new one takes in those before it: reading their names anew is most of the work."""

SMALLER = 2
"""It then takes in those that are not this many times larger, so that there are only ever a few."""

SMALL = 10_000
"""Names and numbers of a file that is taken in at once: reading them anew is no work to speak of."""

Progress = Callable[[int], object]
"""Is told how many more names were read."""


class Names:
    """One process's index of all names of one database; `folder` is where files are kept for all processes of the machine (None:
    nowhere)."""

    def __init__(self, analyser: Analyser, folder: Path | None) -> None:
        self.analyser = analyser
        self.shelf = Shelf(folder, analyser)
        self.at = self.base = Change()
        self.newer = Builder(analyser)
        self.index: Index | None = None

    def current(self, session: Session) -> Index:
        """The index of what is stored, as this transaction sees it. Threads take turns in calling this."""
        now = names.last_change(session)
        if self.index is None or now != self.at:
            self.index = self._read(session, now)
        return self.index

    def make_ahead(self, session: Session, progress: Progress | None = None) -> None:
        """Makes the file that readers will look for once the transaction of `session`, which changed records, is committed; none
        where it changed few. Then they have nothing to read in."""
        self._extend(session, self._volumes(session), names.last_change(session), progress)

    def _read(self, session: Session, now: Change) -> Index:
        volumes = self._volumes(session)
        if self._waiting(session, volumes, now) > FEW:
            with self.shelf.alone():
                volumes = self._extend(session, self._volumes(session), now)
        base = _change(session, volumes[-1].until if volumes else 0)
        # A backup that was put back, or a copy of the database, has another past than what was read in.
        if base != self.base or _change(session, self.at.number) != self.at:
            self.newer, self.at = Builder(self.analyser), base
        for one in names.added(session, max(self.at, base, key=lambda change: change.number), now):
            self.newer.add(one)
        self.at, self.base = now, base
        oldest = _change(session, volumes[0].until if volumes else 0)
        ended = {row: micros(until) for row, until in names.closed(session, oldest).items()}
        segments = [one.segment for one in volumes]
        if len(self.newer):
            segments.append(Segment(self.newer.columns(), self.analyser))
        return Index(self.analyser, segments, ended)

    def _volumes(self, session: Session) -> list[Volume]:
        happened = names.changes(session, self.shelf.untils())
        return self.shelf.volumes({number: one.token for number, one in happened.items()})

    def _waiting(self, session: Session, volumes: list[Volume], now: Change) -> int:
        """How many names and numbers are in no file, at the most."""
        return _between(_change(session, volumes[-1].until if volumes else 0), now)

    def _extend(
        self, session: Session, volumes: list[Volume], now: Change, progress: Progress | None = None
    ) -> list[Volume]:
        """The files, with one at their end that reaches up to `now` where many names are in none."""
        waiting = self._waiting(session, volumes, now)
        if waiting <= FEW or self.shelf.folder is None:
            return volumes
        kept = list(volumes)
        while kept and _is_taken_in(kept[-1].segment.size, waiting, len(kept)):
            waiting += kept.pop().segment.size
        since = _change(session, kept[-1].until if kept else 0)
        made = build(self.analyser, _counted(names.added(session, since, now), progress))
        volume = self.shelf.put(since.number, now.number, now.token, made)
        if volume is None:
            return volumes
        # What it takes in is in force until its transaction is committed.
        self.shelf.sweep([*volumes, volume])
        return [*kept, volume]


def _is_taken_in(size: int, waiting: int, files: int) -> bool:
    """Whether a new file of so many names takes in the one before it, of that size."""
    return size < SMALLER * waiting and (size < SMALL or files >= FILES)


def _change(session: Session, number: int) -> Change:
    """The transaction of this number; the one before the first where there is none."""
    return names.changes(session, [number]).get(number, Change())


def _between(one: Change, other: Change) -> int:
    """How many names and numbers were recorded between two transactions, at the most."""
    return sum(getattr(other, key) - getattr(one, key) for key in ("name_pk", "identifier_pk", "listing_pk"))


def _counted(some: Iterable[IndexedName], progress: Progress | None) -> Iterator[IndexedName]:
    for number, one in enumerate(some, 1):
        if progress and number % 1000 == 0:
            progress(1000)
        yield one
