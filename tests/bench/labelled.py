"""Reads the labelled data beside the checkout, and is the one place where the benches call the matcher and its rivals."""

import argparse
import csv
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any, TypeAlias

from rapidfuzz import fuzz, process, utils

from bot.matching import words
from bot.matching.analysis import Analyser
from bot.matching.index import Index, Match
from bot.matching.score import MATCH, compare_texts
from bot.matching.topics import Topics
from bot.mentions import find
from bot.questions import read
from bot.records import IndexedName, Reason

ROOT = Path(__file__).parents[2]
THRESHOLD = MATCH

RATE = 0.01
"""The share of negatives that may match where methods are compared at one rate of false positives."""

RIVALS: dict[str, Callable[..., float]] = {"WRatio": fuzz.WRatio, "token_sort": fuzz.token_sort_ratio}

# One alias that is a well-formed quoted field, or anything up to the next semicolon.
_ALIAS = re.compile(r'(?:^|;)(?:"((?:[^"]|"")*)"(?=;|$)|([^;]*))')


@dataclass(frozen=True, slots=True)
class Stored:
    """A name to be found, of an entity of a schema."""

    entity_id: str
    value: str
    kind: str = "primary"
    schema: str = "Company"


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that a method found, by which stored name, with its reasons where it has any."""

    entity_id: str
    score: float
    name: str
    reasons: str = ""


Finder: TypeAlias = Callable[[str], Sequence[Found]]
"""A method: a name in, entities out, best first."""


@dataclass(frozen=True, slots=True)
class Spotted:
    """A name that was seen in a question, where, and whom it may mean, best first."""

    text: str
    start: int
    found: Sequence[Found]

    @property
    def end(self) -> int:
        """Where the name ends."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query of one method: the rank of a right entity (0: not found) and what was found."""

    query: str
    kind: str
    rank: int
    found: Sequence[Found]

    @property
    def score(self) -> float:
        """The score of the first entity found; 0 where none was."""
        return self.found[0].score if self.found else 0.0


# --- the matcher: switch it here -------------------------------------------------------------------------------------


def make_analyser() -> Analyser:
    """The analyser of names."""
    return Analyser(words.load())


def make_index(analyser: Analyser, stored: Iterable[Stored]) -> Index:
    """An index of stored names."""
    schemas = {"LegalEntity": ""}
    names = (
        IndexedName(one.entity_id, one.value, one.kind, schema=schemas.get(one.schema, one.schema)) for one in stored
    )
    return Index.of(analyser, names)


def match(index: Index, text: str) -> list[Found]:
    """What the matcher finds for a name, best first."""
    return _found(index.match(text))


def spot(index: Index, question: str, today: date) -> tuple[str, list[Spotted]]:
    """A question as it was read, and the names that it mentions; nothing is known of topics."""
    asked = read(question, today)
    mentioned = find(index, Topics(index.analyser, ()), asked)
    return asked.text, [Spotted(one.text, one.start, _found(one.matches)) for one in mentioned.names]


def _found(matches: Iterable[Match]) -> list[Found]:
    return [Found(one.entity_id, one.score, one.name, worded(one.reasons)) for one in matches]


def compare(analyser: Analyser, asked: str, stored: str, schema: str = "Company") -> tuple[float, str]:
    """The score of two names and its reasons."""
    score = compare_texts(analyser, asked, stored, "" if schema == "LegalEntity" else schema)
    return score.value, worded(score.reasons)


# ---------------------------------------------------------------------------------------------------------------------


def worded(reasons: Iterable[Reason]) -> str:
    """Reasons on one line."""
    return "; ".join(
        f"{one.code}({one.one}{f' | {one.other}' if one.other else ''})" if one.one else one.code for one in reasons
    )


def built(stored: Iterable[Stored]) -> Index:
    """An index of stored names; prints how long it took."""
    started = time.perf_counter()
    names = list(stored)
    index = make_index(make_analyser(), names)
    print(f"{len(names)} names indexed in {time.perf_counter() - started:.1f} s")
    return index


def ours(stored: Iterable[Stored]) -> Finder:
    """Our matcher over stored names."""
    index = built(stored)
    return lambda text: match(index, text)


def rival(scorer: Callable[..., float], stored: Iterable[Stored]) -> Finder:
    """rapidfuzz over all stored names, best name of each entity; scores 0–1."""
    names = list(stored)
    plain = [utils.default_process(one.value) for one in names]

    def find(text: str) -> list[Found]:
        best: dict[str, Found] = {}
        for _, score, place in process.extract(utils.default_process(text), plain, scorer=scorer, limit=60):
            one = names[place]
            best.setdefault(one.entity_id, Found(one.entity_id, score / 100, one.value))
        return list(best.values())[:10]

    return find


def ask(find: Finder, query: str, kind: str, right: frozenset[str]) -> Outcome:
    """Asks a method for one name."""
    found = find(query)
    ranks = [rank for rank, one in enumerate(found, 1) if one.entity_id in right]
    return Outcome(query, kind, ranks[0] if ranks else 0, found[:5])


def recall(outcomes: Sequence[Outcome], at: int = 1, threshold: float = 0.0) -> float:
    """The share of outcomes with a right entity among the first `at` and the first one's score over a threshold."""
    right = [one for one in outcomes if 0 < one.rank <= at and one.score >= threshold]
    return len(right) / len(outcomes) if outcomes else 0.0


def threshold_at(rate: float, negatives: Sequence[float]) -> float:
    """The lowest threshold that at most this share of the scores of negatives reaches."""
    ordered = sorted(negatives, reverse=True)
    return ordered[int(rate * len(ordered))] + 1e-6 if ordered else 0.0


def over(scores: Sequence[float], threshold: float) -> int:
    """How many scores reach a threshold."""
    return sum(score >= threshold for score in scores)


def timed(find: Finder, asked: Sequence[str]) -> tuple[list[Sequence[Found]], str]:
    """What a method finds for each name, and the time it takes in words."""
    found, taken = [], []
    for one in asked:
        started = time.perf_counter()
        found.append(find(one))
        taken.append((time.perf_counter() - started) * 1000)
    return found, f"median {median(taken):.1f} ms, p99 {quantiles(taken, n=100)[98]:.1f} ms"


def show_miss(outcome: Outcome, right: str) -> None:
    """Prints what was found instead of the right entity, with reasons."""
    print(f"\n{outcome.kind}: {outcome.query!r} → {right}   (rank {outcome.rank or '–'})")
    for one in outcome.found[:3]:
        print(f"    {one.score:.3f} {one.entity_id} {one.name!r}  {one.reasons}")


def arguments(description: str | None, *flags: tuple[str, dict[str, Any]]) -> argparse.Namespace:
    """The command line of a bench; ends it politely where the data is absent."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder with labelled/")
    for flag, settings in flags:
        parser.add_argument(flag, **settings)
    found = parser.parse_args()
    if not (found.data / "labelled").is_dir():
        print(f"No labelled data in {found.data}: nothing to measure. Name another folder with --data.")
        sys.exit(0)
    return found


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split_aliases(text: str) -> list[str]:
    """The aliases of a record: parted by semicolons, some quoted, some with quotes of their own."""
    parts = (quoted.replace('""', '"') if quoted else plain for quoted, plain in _ALIAS.findall(text))
    return [part.strip() for part in parts if part.strip()]


def records(data: Path) -> Iterator[Stored]:
    """The names of all organisations."""
    for row in rows(data / "labelled" / "retrieval" / "records.csv"):
        yield Stored(row["id"], row["name"], "primary", row["schema"])
        for alias in split_aliases(row["aliases"]):
            yield Stored(row["id"], alias, "alias", row["schema"])
