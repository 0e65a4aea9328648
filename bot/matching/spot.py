"""Finds the stored names in a question: every span of words is tried, the best that do not overlap are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.matching.index import Index, Match
from bot.matching.score import MATCH

LONGEST_SPAN = 10
"""Words of a name in a question, at most (a run of Han counts as one)."""

COMMON = 0.35
"""What a common English word adds to the value of a span, where any other word adds 1."""

EXACT = 0.97
"""A lone common word is a name only when it is a whole stored name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a question and where it stands; `barrier` says that no name runs on from the word before, `inner` that a name
    neither begins nor ends with it."""

    text: str
    start: int
    end: int
    barrier: bool = False
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stored name found in a question: the pieces from `first` to before `last`, and the entities that it may mean."""

    first: int
    last: int
    matches: tuple[Match, ...]
    value: float


def spot(index: Index, text: str, pieces: Sequence[Piece], at: datetime | None = None) -> list[Span]:
    """The stored names in `text` that were known at `at` (None: now), in its order: spans that score MATCH or more, chosen for
    the highest sum of values."""
    touching = [not piece.inner and index.touches(piece.text) for piece in pieces]
    ending_at: dict[int, list[Span]] = {}
    for first, begins in enumerate(touching):
        if not begins:
            continue
        for last in range(first + 1, min(len(pieces), first + LONGEST_SPAN) + 1):
            if last > first + 1 and pieces[last - 1].barrier:
                break
            if touching[last - 1] and (span := _span(index, text, pieces[first:last], first, at)):
                ending_at.setdefault(last, []).append(span)
    return _best(ending_at, len(pieces))


def _span(index: Index, text: str, some: Sequence[Piece], first: int, at: datetime | None) -> Span | None:
    matches = index.match(text[some[0].start : some[-1].end], at)
    if not matches or matches[0].score < MATCH:
        return None
    common = [piece.text.lower() in index.analyser.tables.english for piece in some]
    if all(common) and (matches[0].score < EXACT or not matches[0].reasons[0].code.startswith("exact")):
        return None
    value = matches[0].score * sum(COMMON if one else 1.0 for one in common)
    return Span(first, first + len(some), tuple(matches), value)


def _best(ending_at: dict[int, list[Span]], pieces: int) -> list[Span]:
    """Weighted interval scheduling: the most valuable choice of spans up to each piece; of equal value, the fewest."""
    best: list[tuple[float, int, list[Span]]] = [(0.0, 0, [])]
    for last in range(1, pieces + 1):
        choices = [best[last - 1]]
        for span in ending_at.get(last, ()):
            value, number, spans = best[span.first]
            choices.append((value + span.value, number - 1, [*spans, span]))
        best.append(max(choices, key=lambda choice: choice[:2]))
    return best[pieces][2]
