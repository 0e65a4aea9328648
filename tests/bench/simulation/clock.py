"""The clock that the processes of a simulation share: how far ahead it is, in a small file that all of them have mapped."""

import mmap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

AHEAD, TURNS, CALLS, OPEN, TOO_FAST = range(5)
"""Seconds ahead of the machine's clock, how often it was moved on; calls that the fake Slack has answered, those that it is at,
and those that came faster than it allows."""

CELLS = 8


class Clock:
    """A clock that one process sets and all read; each cell is written by one process only."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(bytes(8 * CELLS))
        with file.open("r+b") as opened:
            self.cells = memoryview(mmap.mmap(opened.fileno(), 8 * CELLS)).cast("d")

    def now(self) -> datetime:
        """The time of the simulation, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.cells[AHEAD])

    def turn(self, to: datetime) -> None:
        """Moves the clock on, never back."""
        self.cells[AHEAD] = (
            max(self.cells[AHEAD], to.timestamp() - time.time()) if self.turns else to.timestamp() - time.time()
        )
        self.cells[TURNS] += 1

    @property
    def turns(self) -> int:
        """How often it was moved on."""
        return int(self.cells[TURNS])
