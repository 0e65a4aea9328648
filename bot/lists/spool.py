"""A store beside memory for the parts of a file that belong to records elsewhere in it, so that files of any size can be read."""

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self

import msgspec


class Spool:
    """Keeps lists of values by key in a file of its own that goes when it is closed. To be used in a `with`."""

    def __init__(self) -> None:
        # An empty name is a temporary database on disk: https://www.sqlite.org/inmemorydb.html#temp_db
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL)")
        self.is_sorted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def keep(self, some: Iterable[tuple[str, Any]]) -> None:
        """Keeps values that JSON can hold, each under its key, until the first is asked for."""
        rows = ((key, msgspec.json.encode(value)) for key, value in some)
        self.database.execute("BEGIN")
        self.database.executemany("INSERT INTO kept (key, value) VALUES (?, ?)", rows)
        self.database.execute("COMMIT")

    def of(self, key: str) -> list[Any]:
        """The values kept under a key, in the order they were kept in."""
        self._sort()
        rows = self.database.execute("SELECT value FROM kept WHERE key = ? ORDER BY number", (key,))
        return [msgspec.json.decode(value) for (value,) in rows]

    def groups(self) -> Iterator[tuple[str, list[Any]]]:
        """Each key with its values, in the order in which keys were first kept."""
        self._sort()
        keys = self.database.execute("SELECT key FROM kept GROUP BY key ORDER BY min(number)")
        for (key,) in keys:
            yield key, self.of(key)

    def _sort(self) -> None:
        if not self.is_sorted:
            self.database.execute("CREATE INDEX by_key ON kept (key, number)")
            self.is_sorted = True
