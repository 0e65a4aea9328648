"""What others find names with: rapidfuzz over all names, PostgreSQL's pg_trgm, SQLite's FTS5; asks them in turn with ours."""

import math
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Protocol, TypeAlias

import psycopg
from rapidfuzz import fuzz, process, utils
from rapidfuzz.distance import OSA, JaroWinkler

from tests import postgres

TOP = 10
"""Names that a rival gives for a query, best first."""

GRAMS = 8
"""Grams of a query that FTS5 looks for: the rarest ones."""


Found: TypeAlias = tuple[str, str]
"""The id of an entity and the name it was found by."""

WARM_UP = "Warm Sea Trading Limited"


class Rival(Protocol):
    """A way to find names: told all of them once, gives the positions of those like a text."""

    name: str

    def build(self, values: Sequence[str]) -> None: ...

    def search(self, text: str) -> list[int]: ...


class Fuzzy:
    """rapidfuzz: one scorer over all names, letters and digits in small letters."""

    def __init__(self, name: str, scorer: Callable[..., Any]) -> None:
        self.name = name
        self.scorer = scorer
        self.values: list[str] = []

    def build(self, values: Sequence[str]) -> None:
        self.values = [utils.default_process(value) for value in values]

    def search(self, text: str) -> list[int]:
        found = process.extract(utils.default_process(text), self.values, scorer=self.scorer, limit=TOP)
        return [position for _, _, position in found]


class PgTrgm:
    """PostgreSQL: the names over the similarity threshold by a GIN index of trigrams, the most similar first."""

    name = "pg_trgm GIN"

    def __init__(self, host: str) -> None:
        self.host = host
        self.connection = psycopg.connect(host=host, user="flagpost", dbname="postgres", autocommit=True)

    def build(self, values: Sequence[str]) -> None:
        # In the server's own locale, C, letters outside ASCII have no trigrams.
        self.connection.execute("CREATE DATABASE names TEMPLATE template0 LC_CTYPE 'C.UTF-8'")
        self.connection.close()
        self.connection = psycopg.connect(host=self.host, user="flagpost", dbname="names", autocommit=True)
        self.connection.execute("CREATE EXTENSION pg_trgm")
        self.connection.execute("CREATE TABLE name (position int PRIMARY KEY, value text NOT NULL)")
        with self.connection.cursor() as cursor, cursor.copy("COPY name FROM STDIN") as rows:
            for row in enumerate(values):
                rows.write_row(row)
        self.connection.execute("CREATE INDEX name_grams ON name USING gin (value gin_trgm_ops)")
        self.connection.execute("VACUUM ANALYZE name")

    def search(self, text: str) -> list[int]:
        asked = "SELECT position FROM name WHERE value %% %s ORDER BY similarity(value, %s) DESC LIMIT %s"
        return [position for (position,) in self.connection.execute(asked, (text, text, TOP))]


class Fts5:
    """SQLite: the names that share the rarest trigrams of a query, by BM25."""

    name = "FTS5 trigram"

    def __init__(self) -> None:
        # A database without a name is a file that goes with its connection.
        self.connection = sqlite3.connect("")
        self.counts: dict[str, int] = {}

    def build(self, values: Sequence[str]) -> None:
        run = self.connection.execute
        run("CREATE VIRTUAL TABLE name USING fts5(value, content='', tokenize='trigram')")
        self.connection.executemany("INSERT INTO name (rowid, value) VALUES (?, ?)", enumerate(values))
        run("INSERT INTO name (name) VALUES ('optimize')")
        run("CREATE VIRTUAL TABLE gram USING fts5vocab(name, 'row')")
        self.counts = dict(run("SELECT term, doc FROM gram"))

    def search(self, text: str) -> list[int]:
        plain = text.lower()
        grams = {plain[start : start + 3] for start in range(len(plain) - 2)} & self.counts.keys()
        rarest = sorted(grams, key=lambda gram: (self.counts[gram], gram))[:GRAMS]
        # MATCH takes no empty expression.
        asked = " OR ".join('"{}"'.format(gram.replace('"', '""')) for gram in rarest) or '""'
        found = self.connection.execute("SELECT rowid FROM name WHERE name MATCH ? ORDER BY rank LIMIT ?", (asked, TOP))
        return [position for (position,) in found]


@dataclass
class Engine:
    """One way to find names: what it found for each query and the milliseconds that took; it stops after `patience` seconds."""

    name: str
    search: Callable[[str], Sequence[Found]]
    patience: float = math.inf
    taken: list[float] = field(default_factory=list)
    found: list[Sequence[Found]] = field(default_factory=list)

    def ask(self, text: str) -> None:
        if sum(self.taken) < self.patience * 1000:
            started = time.perf_counter()
            self.found.append(self.search(text))
            self.taken.append((time.perf_counter() - started) * 1000)

    def again(self) -> "Engine":
        """The same, without what it has done."""
        return Engine(self.name, self.search, self.patience)

    def quantile(self, share: float) -> float:
        return sorted(self.taken)[math.ceil(share * len(self.taken)) - 1]

    def times_faster(self, other: "Engine") -> float:
        """By the medians of the queries that both have answered."""
        both = min(len(self.taken), len(other.taken))
        return median(other.taken[:both]) / median(self.taken[:both])


def interleave(engines: Sequence[Engine], texts: Sequence[str]) -> None:
    """Asks all engines each query in turn, so that what else the machine does hits all alike."""
    for engine in engines:
        engine.search(WARM_UP)
    for text in texts:
        for engine in engines:
            engine.ask(text)


WRATIO = "rapidfuzz WRatio"
"""The rival that others are compared with."""


def osa() -> Fuzzy:
    """Every name compared letter by letter, swapped neighbours being one mistake."""
    return Fuzzy("rapidfuzz OSA", OSA.normalized_similarity)


@contextmanager
def rivals() -> Iterator[list[Rival]]:
    """All rivals, with a PostgreSQL of their own where this machine has one."""
    found: list[Rival] = [
        Fuzzy(WRATIO, fuzz.WRatio),
        Fuzzy("rapidfuzz token_sort", fuzz.token_sort_ratio),
        Fuzzy("rapidfuzz JaroWinkler", JaroWinkler.similarity),
        Fts5(),
    ]
    programs = postgres.binaries()
    if not programs:
        yield found
        return
    with postgres.server(programs, "jit=off", "shared_buffers=512MB", "maintenance_work_mem=512MB") as host:
        trgm = PgTrgm(host)
        yield [*found, trgm]
        trgm.connection.close()
