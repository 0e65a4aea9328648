"""Finds the stored names in a question: spans of its words are matched with names that share words with them, and the best that
do not overlap are kept."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.matching.align import Aligner
from bot.matching.index import Asked, Entry, Index, Match, View
from bot.matching.name import Name, Word
from bot.matching.score import MATCH

LONGEST_SPAN = 10
"""Words of a name in a question, at most (a run of Han counts as one)."""

COMMON = 0.35
"""What a common English word adds to the value of a span, where any other word adds 1."""

LONGEST_WHOLE = 6
"""Words of a name with some of the question's own in it, at most."""

EXACT = 0.9
"""Words that are all common, or that begin or end with one of the question's own, are a name from this score on, and only when
they are a whole stored name."""

OF_RUN, OF_PART = 60, 20
"""Stored names that are looked at closely for words that stand together, and for one or two of them."""

OF_SPAN = 16
"""Stored names that each span of words is compared with, those of which most is there."""

RELATED = 0.5
"""From this likeness a word of the question may stand for one of a stored name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a question and where it stands; `barrier` says that no name runs on from the word before, `inner` that a name
    neither begins nor ends with it, `frame` that it is one of the question's own."""

    text: str
    start: int
    end: int
    barrier: bool = False
    inner: bool = False
    frame: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stored name found in a question: the pieces from `first` to before `last`, and the entities that it may mean."""

    first: int
    last: int
    matches: tuple[Match, ...]
    value: float


def spot(index: Index, text: str, pieces: Sequence[Piece], view: View, match: float = MATCH) -> list[Span]:
    """The stored names in `text` that count in a view, in its order: spans that score `match` or more, chosen for the highest sum
    of values."""
    return _Spotter(index, text, pieces, view, match).best()


@dataclass(frozen=True, slots=True)
class _Part:
    """A word of a stored name may stand for these pieces of the question."""

    aligner: Aligner
    word: Word
    first: int
    last: int
    related: dict[Word, bool] = field(default_factory=dict)


class _Spotter:
    def __init__(self, index: Index, text: str, pieces: Sequence[Piece], view: View, match: float) -> None:
        self.index, self.text, self.pieces, self.view, self.match = index, text, pieces, view, match
        self.english = index.analyser.tables.english

    def best(self) -> list[Span]:
        """Weighted interval scheduling: the most valuable choice of spans up to each piece; of equal value, the fewest words."""
        ending_at: dict[int, list[Span]] = {}
        for (first, last), entries in self._spans().items():
            if span := self._span(first, last, entries):
                ending_at.setdefault(last, []).append(span)
        best: list[tuple[float, int, list[Span]]] = [(0.0, 0, [])]
        for last in range(1, len(self.pieces) + 1):
            choices = [best[last - 1]]
            for span in ending_at.get(last, ()):
                value, taken, spans = best[span.first]
                choices.append((value + span.value, taken - (span.last - span.first), [*spans, span]))
            best.append(max(choices, key=lambda choice: choice[:2]))
        return best[-1][2]

    def _text(self, first: int, last: int) -> str:
        return self.text[self.pieces[first].start : self.pieces[last - 1].end]

    def _pool(self) -> dict[Entry, tuple[int, int]]:
        """The stored names that share most with words that stand together, with two of them, and with each; and between which
        places they may stand."""
        found: dict[Entry, tuple[int, int]] = {}
        for first, last in self._runs():
            wanted = [(first, last, OF_RUN)]
            wanted += [(place, place + 1, OF_PART) for place in range(first, last) if last - first > 1]
            wanted += [(place, place + 2, OF_PART) for place in range(first, last - 1) if last - first > 2]
            for start, end, most in wanted:
                if any(not self._is_common(place) for place in range(start, end)) or end - start == last - first:
                    asked = Asked(self.index.analyser, self._text(start, end))
                    window = max(first, start - LONGEST_SPAN) - 2, min(last, end + LONGEST_SPAN) + 2
                    for entry in self.index.candidates((*asked.firms, *asked.persons), self.view, most):
                        known = found.get(entry, window)
                        found[entry] = min(known[0], window[0]), max(known[1], window[1])
        for first, last, entry in self._wholes():
            known = found.get(entry, (first, last))
            found[entry] = min(known[0], first), max(known[1], last)
        return found

    def _wholes(self) -> Iterator[tuple[int, int, Entry]]:
        """The stored names that words of the question are the whole of, though some of them are the question's own, and where."""
        for first in range(len(self.pieces)):
            for last in range(first + 2, min(first + LONGEST_WHOLE, len(self.pieces)) + 1):
                if self.pieces[last - 1].barrier:
                    break
                if any(piece.frame for piece in self.pieces[first:last]):
                    name = self.index.analyser.analyse(self._text(first, last))
                    yield from ((first, last, entry) for entry in self.index.named(name, self.view))

    def _runs(self) -> Iterator[tuple[int, int]]:
        """From where to where words stand together that are not the question's own."""
        start = None
        for place, piece in enumerate((*self.pieces, None)):
            ends = piece is None or piece.frame or piece.barrier
            if start is not None and ends and not (piece and piece.inner and not piece.barrier):
                yield start, place
                start = None
            if piece and start is None and not piece.frame and not piece.inner:
                start = place

    def _worth(self, piece: Piece, is_common: bool) -> float:
        """What a word adds to the value of a span: one of the question's own nothing, unless it says something in a name."""
        if not piece.frame:
            return COMMON if is_common else 1.0
        words = self.index.analyser.analyse(piece.text).words
        return COMMON / 2 if any(word.kind != "particle" for word in words) else 0.0

    def _is_common(self, place: int) -> bool:
        """Whether a word is no name by itself: a common English one, mistyped or not, a number, a letter."""
        text = self.pieces[place].text
        if len(text) == 1 and text.isascii():
            return True
        return text.isdigit() or (
            self.index.analyser.is_common(text) if text.islower() else text.lower() in self.english
        )

    def _spans(self) -> dict[tuple[int, int], list[Entry]]:
        """For each span that stored names of the pool may fill, those of which most is there."""
        firms, persons = self._parts(""), self._parts("Person")
        found: dict[tuple[int, int], dict[Entry, float]] = {}
        for entry, (start, end) in self._pool().items():
            name = entry.segment.name(entry.place)
            parts = persons if name.schema == "Person" else firms
            places, share = _related(
                name, [part for place in range(max(0, start), end) for part in parts.get(place, ())], end
            )
            for span in self._filled(places):
                found.setdefault(span, {})[entry] = share
        spans = {span: dict(entries) for span, entries in found.items()}
        for (first, last), entries in found.items():
            for (outer_first, outer_last), others in spans.items():
                inside = outer_first <= first and last <= outer_last
                if inside and 2 * (last - first) >= outer_last - outer_first:
                    others |= entries
        return {span: heapq.nlargest(OF_SPAN, entries, key=entries.__getitem__) for span, entries in spans.items()}

    def _parts(self, schema: str) -> dict[int, list[_Part]]:
        """The words of the question as stored names may have them, by their places: each piece, pairs in one word, phrases that
        are one."""
        analyser = self.index.analyser
        parts: dict[int, list[_Part]] = {}
        for first in range(len(self.pieces)):
            for last in range(first + 1, min(first + 4, len(self.pieces)) + 1):
                if last > first + 1 and self.pieces[last - 1].barrier:
                    break
                name = analyser.analyse(self._text(first, last), schema)
                if last == first + 1 or len(name.words) == 1:
                    parts.setdefault(first, []).extend(
                        _Part(Aligner(name, analyser.sounds), word, first, last) for word in name.words
                    )
                elif last == first + 2 and name.words:
                    joined = "".join(word.written for word in name.words)
                    one = _Part(Aligner(name, analyser.sounds), Word(joined, joined, "brand"), first, last)
                    parts.setdefault(first, []).append(one)
        return parts

    def _filled(self, places: Collection[int]) -> Iterator[tuple[int, int]]:
        """The spans of pieces, close together, among these places; without frame words at the ends too."""
        ordered = sorted(places)
        for first, last in dict.fromkeys((*self._clusters(ordered, 2), *self._clusters(ordered, 1))):
            yield first, last
            if last - first > 1:
                # A word beside the name may be in it by chance.
                yield first + 1, last
                yield first, last - 1
            inner = [
                place for place in range(first, last) if not self.pieces[place].frame and not self.pieces[place].inner
            ]
            if inner and (inner[0], inner[-1] + 1) != (first, last):
                yield inner[0], inner[-1] + 1

    def _clusters(self, places: Sequence[int], gap: int) -> Iterator[tuple[int, int]]:
        """Runs of places that are `gap` apart at the most; one word may stand between two of a name, or join two names."""
        start = places[0] if places else 0
        for one, other in pairwise((*places, len(self.pieces) + LONGEST_SPAN)):
            if other - one > gap or any(self.pieces[place].barrier for place in range(one + 1, other + 1)):
                if one + 1 - start <= LONGEST_SPAN:
                    yield start, one + 1
                start = other

    def _span(self, first: int, last: int, entries: Sequence[Entry]) -> Span | None:
        pieces = self.pieces[first:last]
        if pieces[0].inner or pieces[-1].inner:
            return None
        text = self._text(first, last)
        matches = self.index.weighed(Asked(self.index.analyser, text), entries, self.view)
        if not matches or matches[0].score < self.match:
            return None
        common = [self._is_common(place) for place in range(first, last)]
        if (all(common) or pieces[0].frame or pieces[-1].frame) and not _is_whole(
            matches[0], sum(not piece.frame for piece in pieces)
        ):
            return None
        worth = sum(self._worth(piece, one) for piece, one in zip(pieces, common, strict=True))
        return Span(first, last, tuple(matches), matches[0].score ** 2 * max(worth, COMMON))


def _related(name: Name, parts: Sequence[_Part], end: int) -> tuple[set[int], float]:
    """The places of the question, before `end`, that words of a stored name may stand for, and the share of its weight that those
    words are."""
    places: set[int] = set()
    weight = 0.0
    for word in name.words:
        related = [part for part in parts if part.last <= end and _is_related(part, word)]
        weight += word.weight if related else 0.0
        for part in related:
            places.update(range(part.first, part.last))
    return places, weight / (sum(word.weight for word in name.words) or 1.0)


def _is_related(part: _Part, word: Word) -> bool:
    """Whether a word of the question may stand for one of a stored name."""
    known = part.related
    if word not in known:
        likeness = part.aligner.likeness(part.word, word)
        known[word] = likeness is not None and likeness[1] >= RELATED
    return known[word]


def _is_whole(match: Match, words: int) -> bool:
    """Whether the words are the whole of a stored name: exactly, or where they are several, with a word of it mistyped."""
    codes = {why.code for why in match.reasons}
    if words == 1:
        return match.score >= EXACT and match.reasons[0].code.startswith("exact")
    return match.score >= EXACT and not codes & {"only_asked", "only_stored", "not_distinctive"}
