"""A whole sheet through one piece of work: chunk by chunk, rows that cannot be taken set aside, results written in order."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from bot.crew import Task, in_order
from bot.errors import UserError
from bot.records import Rejected
from bot.results import Results
from bot.sheets import Row, Sheet

CHUNK = 200
"""Rows that are worked on, and written, together."""

FIRST = 20
"""How many those are at first, so that somebody who waits sees something; then a quarter of the rows before."""

MOST_REJECTED = 1000
"""How many rejected rows are kept with their reasons; all are counted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with a sheet: the columns it needs and those it gets; `read` takes what is asked from the cells of a row, and
    raises UserError where it cannot; `task` opens a worker that gives the new cells for each. `counted` is the column whose
    values are counted."""

    needs: tuple[str, ...]
    adds: tuple[str, ...]
    counted: str
    read: Callable[[Mapping[str, str]], Any]
    task: Task


@dataclass(slots=True)
class Tally:
    """What became of the rows so far: how many were in the results before, how often each value of the counted column was given,
    and which rows were rejected."""

    before: int = 0
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rejected_rows: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def reject(self, where: str, why: str) -> None:
        """Counts a rejected row."""
        self.rejected_rows += 1
        if len(self.rejected) < MOST_REJECTED:
            self.rejected.append(Rejected(where, why))


class _Item(NamedTuple):
    """A row with what it asks, or why it is rejected."""

    row: Row
    asked: Any
    why: str


def size(given: int) -> int:
    """How many rows are worked on together after so many."""
    return min(CHUNK, max(FIRST, given // 4))


class Batch:
    """One run of a plan over a sheet. `tally` tells how far it is."""

    def __init__(self, plan: Plan, sheet: Sheet, results: Results) -> None:
        self.plan, self.sheet, self.results = plan, sheet, results
        self.counted = plan.adds.index(plan.counted)
        self.tally = Tally()

    def run(self, workers: int) -> Iterator[int]:
        """Does it, in the order of the rows, and says after each chunk how many rows are in the results.

        Raises BadFile where the results are of another sheet, Missing where they cannot be written or a worker dies.
        """
        rows = self.sheet.rows()
        for row, added in self.results.written(rows):
            self._count(self._item(row), added)
        self.tally.before = self.tally.rows
        yield self.tally.rows
        under_way: deque[list[_Item]] = deque()
        with closing(in_order(self.plan.task, self._asked(rows, under_way), workers)) as all_found:
            for found in all_found:
                self._write(under_way.popleft(), found)
                yield self.tally.rows

    def _asked(self, rows: Iterator[Row], under_way: deque[list[_Item]]) -> Iterator[list[Any]]:
        given = 0
        while chunk := [self._item(row) for row in islice(rows, size(given))]:
            given += len(chunk)
            under_way.append(chunk)
            yield [one.asked for one in chunk if not one.why]

    def _item(self, row: Row) -> _Item:
        try:
            return _Item(row, self.plan.read(self.sheet.named(row)), "")
        except UserError as error:
            return _Item(row, None, str(error))

    def _write(self, chunk: Sequence[_Item], found: Sequence[Sequence[str]]) -> None:
        left = iter(found)
        nothing = [""] * len(self.plan.adds)
        added = [nothing if one.why else next(left) for one in chunk]
        self.results.write([[*self.sheet.padded(one.row), *cells] for one, cells in zip(chunk, added, strict=True)])
        for one, cells in zip(chunk, added, strict=True):
            self._count(one, cells)

    def _count(self, one: _Item, added: Sequence[str]) -> None:
        self.tally.rows += 1
        if one.why:
            self.tally.reject(f"{self.sheet.path}, line {one.row.line}", one.why)
        else:
            self.tally.counts[added[self.counted]] += 1
