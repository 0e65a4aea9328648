"""Finds the identifiers in a question: those that are stored, and those that are certainly one by their label or check digit."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.matching import identifiers
from bot.matching.index import Index, Match, View
from bot.records import Reason


@dataclass(frozen=True, slots=True)
class Number:
    """An identifier in a text, with its label, from `start` on; the entities it is stored for; and why it cannot be one of its
    kind, where it cannot."""

    text: str
    start: int
    matches: tuple[Match, ...]
    wrong: tuple[Reason, ...]


def numbers(index: Index, text: str, view: View) -> Iterator[Number]:
    """The identifiers in `text`, in its order."""
    for one in identifiers.find(text):
        matches = tuple(index.identified(one.value, view))
        if matches or one.is_labelled or one.is_checked:
            wrong = (Reason("wrong_identifier", one.scheme, one.value),) if one.is_wrong else ()
            yield Number(text[one.start : one.end], one.start, matches, wrong)
