"""A file of pairs of names -> how alike they are, for calibration. Needs no database: word weights come with the project."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from bot import kinds
from bot.batches import Plan
from bot.errors import UserError
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.matching.score import MATCH, VERSION, compare_texts
from bot.questions import LONGEST
from bot.reply import Words

NEEDS = ("name1", "name2")
ADDS = ("score", "match", "reasons")


class Pair(NamedTuple):
    """A name as asked and one as stored; the kind of subject as matching knows it, empty where it is not known."""

    asked: str
    stored: str
    schema: str


def plan() -> Plan:
    """How a sheet of pairs is compared."""
    return Plan(NEEDS, ADDS, "match", read, comparing)


def basis(input: str) -> dict[str, Any]:
    """What the results of a run rest on, as JSON; `input` is the fingerprint of its file."""
    return {"verb": "compare", "input": input, "matcher": VERSION}


def read(cells: Mapping[str, str]) -> Pair:
    """The pair of a row. Raises UserError for one without a name, with one that is too long, or of an unknown kind."""
    for column in NEEDS:
        if not cells[column].strip():
            raise UserError(f"{column}: is empty")
        if len(cells[column]) > LONGEST:
            raise UserError(f"{column}: has {len(cells[column]):,} characters; {LONGEST:,} is the most")
    try:
        schema = kinds.kind(cells.get("schema", ""))
    except UserError as error:
        raise UserError(f"schema: {error}") from None
    return Pair(cells["name1"].strip(), cells["name2"].strip(), schema)


@contextmanager
def comparing() -> Iterator[Callable[[list[Pair]], list[list[str]]]]:
    """Makes a worker ready, in any process."""
    analyser, phrases = Analyser(words.load()), Words()
    yield lambda chunk: [compare(analyser, phrases, one) for one in chunk]


def compare(analyser: Analyser, phrases: Words, pair: Pair) -> list[str]:
    """The new cells for a pair, in the order of ADDS."""
    found = compare_texts(analyser, pair.asked, pair.stored, pair.schema)
    reasons = "; ".join(filter(None, map(phrases.reason, found.reasons)))
    return [f"{found.value:.3f}", "true" if found.value >= MATCH else "false", reasons]
