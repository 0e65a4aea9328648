"""Pairs the words of an asked name with those of a stored one: equal, known to be equivalent, joined, split, mistyped."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from bot.matching.analysis import Word

_PINYIN = re.compile(
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|er|[aeiouv]))+"
)
"""Words that can be read as Chinese syllables: https://en.wikipedia.org/wiki/Pinyin_table"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Words that stand for each other: how (`equal`, `reading`, `gloss`, `joined`, `typo`, `homophone`) and how well, 0–1."""

    how: str
    asked: tuple[Word, ...]
    stored: tuple[Word, ...]
    likeness: float


@dataclass(slots=True)
class Alignment:
    """All pairs, and what is left over on either side."""

    pairs: list[Pair] = field(default_factory=list)
    asked: list[Word] = field(default_factory=list)
    stored: list[Word] = field(default_factory=list)

    def covered(self, words: Sequence[Word], side: str) -> float:
        """The share of the weight of `words` that is paired, by likeness; 1 for a name without words."""
        total = sum(word.weight for word in words)
        paired = sum(word.weight * pair.likeness for pair in self.pairs for word in getattr(pair, side))
        return paired / total if total else 1.0


def align(asked: Sequence[Word], stored: Sequence[Word]) -> Alignment:
    """The best pairing found: the surest kind of pair first, each word once."""
    left = Alignment(asked=list(asked), stored=list(stored))
    for find in (_same, _joined, _mistyped):
        _take(left, find)
    return left


def _take(left: Alignment, find: Callable[[list[Word], list[Word]], Iterator[Pair]]) -> None:
    while (pair := next(find(left.asked, left.stored), None)) is not None:
        left.pairs.append(pair)
        for word in pair.asked:
            left.asked.remove(word)
        for word in pair.stored:
            left.stored.remove(word)


def _same(asked: list[Word], stored: list[Word]) -> Iterator[Pair]:
    for one in asked:
        for other in stored:
            if one.text == other.text:
                yield _equal(one, other)
            elif one.text in other.others or other.text in one.others:
                yield Pair("gloss", (one,), (other,), 0.97)


def _equal(one: Word, other: Word) -> Pair:
    if bool(one.han) != bool(other.han):
        how = "reading" if "brand" in (one.kind, other.kind) or "place" in (one.kind, other.kind) else "gloss"
        return Pair(how, (one,), (other,), 0.98)
    if one.han != other.han and one.kind == "brand":
        # Two Han brands that only sound alike are two brands.
        return Pair("homophone", (one,), (other,), 0.5)
    return Pair("equal", (one,), (other,), 1.0)


def _joined(asked: list[Word], stored: list[Word]) -> Iterator[Pair]:
    """One word here that is two or three in a row there."""
    for whole, parts, turned in ((asked, stored, False), (stored, asked, True)):
        for word in whole:
            for size in (2, 3):
                for start in range(len(parts) - size + 1):
                    some = tuple(parts[start : start + size])
                    if len(word.text) > 3 and word.text == "".join(part.text for part in some):
                        yield Pair("joined", some if turned else (word,), (word,) if turned else some, 0.97)


def _mistyped(asked: list[Word], stored: list[Word]) -> Iterator[Pair]:
    found = []
    for one in asked:
        for other in stored:
            edits = typing_errors(one, other)
            if edits:
                found.append((edits, one, other))
    for edits, one, other in sorted(found, key=lambda item: item[0]):
        yield Pair("typo", (one,), (other,), 1 - 0.5 * edits / max(4, min(len(one.text), len(other.text)) - 2))


def budget(length: int) -> int:
    """How many typing errors a word of this length may have and still be meant: none up to four letters."""
    return 0 if length <= 4 else 1 if length <= 7 else 2 if length <= 11 else 3


def typing_errors(one: Word, other: Word) -> int:
    """The number of typing errors between two words; 0 where they are too many, or where a typing error makes no sense:
    in the first letter, in numbers, directions and places, in Han read aloud, and between two words of Chinese syllables
    that differ in more than the order of their letters."""
    if one.han or other.han or "number" in (one.kind, other.kind) or one.kind == other.kind == "direction":
        return 0
    most = budget(min(len(one.text), len(other.text)))
    if not most or one.text[0] != other.text[0] or (one.kind == other.kind == "place"):
        return 0
    if _PINYIN.fullmatch(one.text) and _PINYIN.fullmatch(other.text) and sorted(one.text) != sorted(other.text):
        # Tongsheng and Tongcheng are two names; Tongsheng and Tongsehng one.
        return 0
    edits = OSA.distance(one.text, other.text, score_cutoff=most)
    return edits if edits <= most else 0
