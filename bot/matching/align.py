"""Pairs the words of an asked name with those of a stored one: equal, known to be equivalent, joined, split, mistyped."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.matching import namesakes
from bot.matching.name import Name, Word
from bot.matching.pinyin import is_pinyin
from bot.matching.sounds import Sounds, base, consonants
from bot.matching.spelling import latin

SURE = 0.9
"""From this likeness a pair is taken before others are looked at."""

FAR = 4
"""Letters in which two spellings of one word differ at the most."""

SHORT = 4

KNOWN = frozenset(("direction", "place", "sector", "common", "corporate"))
"""Kinds of words that stand in the tables: two of them that are not the same are two words, and none is a mistyping."""

_ABJADS = ("\u0590", "\u08ff")
"""The first and the last letter of the scripts that leave vowels out: Hebrew, Arabic and those between."""


class Pair(NamedTuple):
    """Words that stand for each other: how (`equal`, `variant`, `reading`, `gloss`, `spelling`, `joined`, `typo`,
    `abbreviation`, `initial`, `homophone`) and how well, 0–1."""

    how: str
    asked: tuple[Word, ...]
    stored: tuple[Word, ...]
    likeness: float


class Alignment(NamedTuple):
    """All pairs, and what is left over on either side."""

    pairs: list[Pair]
    asked: list[Word]
    stored: list[Word]


Likeness = tuple[str, float]


class Aligner:
    """Pairs the words of one asked name with those of many stored ones; each two words are looked at once."""

    def __init__(self, asked: Name, sounds: Sounds | None = None) -> None:
        self.asked, self.key = asked.words, asked.key
        self.sounds = sounds or Sounds()
        self.is_person = asked.schema == "Person"
        self.known: list[dict[Word, Likeness | None]] = [{} for _ in self.asked]

    def align(self, stored: Sequence[Word]) -> Alignment:
        """The best pairing found: the surest pairs first, each word once."""
        found = []
        for place, (one, known) in enumerate(zip(self.asked, self.known, strict=True)):
            for other_place, other in enumerate(stored):
                if other in known:
                    likeness = known[other]
                else:
                    likeness = known[other] = self.likeness(one, other)
                if likeness:
                    found.append((-likeness[1], abs(place - other_place), place, other_place, likeness[0]))
        return self._taken(found, stored)

    def _taken(self, found: list[tuple[float, int, int, int, str]], stored: Sequence[Word]) -> Alignment:
        pairs: list[Pair] = []
        asked_left, stored_left = dict(enumerate(self.asked)), dict(enumerate(stored))
        unsure = []
        for candidate in sorted(found):
            likeness, _, place, other_place, how = candidate
            if -likeness < SURE:
                unsure.append(candidate)
            elif place in asked_left and other_place in stored_left:
                pairs.append(Pair(how, (asked_left.pop(place),), (stored_left.pop(other_place),), -likeness))
        if asked_left and stored_left:
            _take_joined(pairs, asked_left, stored_left)
            for likeness, _, place, other_place, how in unsure:
                if place in asked_left and other_place in stored_left:
                    pairs.append(Pair(how, (asked_left.pop(place),), (stored_left.pop(other_place),), -likeness))
            if self.is_person:
                self._take_rest(pairs, asked_left, stored_left)
        return Alignment(pairs, list(asked_left.values()), list(stored_left.values()))

    def _take_rest(self, pairs: list[Pair], asked: dict[int, Word], stored: dict[int, Word]) -> None:
        """Pairs all names of a person that are left over, where they are one row of letters."""
        some, others = ([word for word in left.values() if word.kind in namesakes.NAMES] for left in (asked, stored))
        if likeness := namesakes.of_the_rest(some, others, len(pairs), self.sounds):
            pairs.append(Pair("joined", tuple(some), tuple(others), likeness))
            for left, taken in ((asked, some), (stored, others)):
                for place in [place for place, word in left.items() if word in taken]:
                    del left[place]

    def likeness(self, one: Word, other: Word) -> Likeness | None:
        """How two words stand for each other, and how well; None where they do not."""
        if one.text == other.text:
            return _equal(one, other)
        if self.is_person:
            return namesakes.likeness(one, other, self.sounds)
        if one.text in other.others or other.text in one.others:
            return "gloss", 0.97
        if one.kind == "number" or other.kind == "number" or (one.han and other.han):
            return None
        return self._near(one, other)

    def _near(self, one: Word, other: Word) -> Likeness | None:
        if one.kind in KNOWN and other.kind in KNOWN:
            # Electronics and Electro-Optics are two words, however alike.
            return None
        if _is_without_vowels(one) or _is_without_vowels(other):
            return self._consonants(one, other)
        if _is_abbreviation(one, other) or _is_abbreviation(other, one):
            return "abbreviation", 0.88
        if one.han or other.han:
            return self._foreign(one, other)
        if _is_adjective(one.text, other.text):
            return "spelling", 0.92
        may_be_chinese = one.kind not in KNOWN and other.kind not in KNOWN
        found = [
            self._spelt(spelling, known, may_be_chinese) for spelling in _spellings(one) for known in _spellings(other)
        ]
        return max(filter(None, found), key=lambda likeness: likeness[1], default=_short_typo(one, other))

    def _consonants(self, one: Word, other: Word) -> Likeness | None:
        bare = [consonants(self.sounds.of(word.text, person=False)) for word in (one, other)]
        return ("reading", 0.92) if bare[0] == bare[1] and len(bare[0]) > 2 else None

    def _foreign(self, one: Word, other: Word) -> Likeness | None:
        """A foreign brand written in Han by its sound has its consonants: 莫斯特 is read "mosite"."""
        alike = one.kind == other.kind == "brand" and self._consonants(one, other)
        return ("reading", 0.8) if alike else None

    def _spelt(self, one: str, other: str, may_be_chinese: bool) -> Likeness | None:
        """How alike two spellings are: of one sound, or within the errors that a word of their length may have."""
        longest = max(len(one), len(other))
        if OSA.distance(one, other, score_cutoff=FAR) > FAR:
            return None
        sound, other_sound = self.sounds.of(one, person=False), self.sounds.of(other, person=False)
        syllables = may_be_chinese and is_pinyin(one) and is_pinyin(other)
        if sound == other_sound and longest > 2:
            return "spelling", 0.85 if syllables else 0.95
        most = budget(longest)
        if not most or (one[0] != other[0] and longest < 6):
            return None
        if syllables and sorted(one) != sorted(other):
            # Tongsheng and Tongcheng are two names; Tongsheng and Tongsehng one.
            return None
        edits = min(
            OSA.distance(one, other, score_cutoff=most), 0.3 + OSA.distance(sound, other_sound, score_cutoff=most)
        )
        if edits > most:
            return None
        return "typo", 1 - edits / (longest - 1) * (1.0 if one[0] == other[0] else 1.3)


def _short_typo(one: Word, other: Word) -> Likeness | None:
    """A short word that is one error away from a known one: a brand is not mistyped so, "toll" for "tool" is."""
    is_short = len(one.text) == len(other.text) == SHORT and (one.kind in KNOWN or other.kind in KNOWN)
    return ("typo", 0.7) if is_short and OSA.distance(one.text, other.text, score_cutoff=1) == 1 else None


def _is_adjective(one: str, other: str) -> bool:
    """Whether one is the other made a Russian adjective: Murom, Muromskiy."""
    return (
        one[0] == other[0]
        and "sk" in one + other
        and (base(one) == other or base(other) == one or base(one) == base(other))
    )


def _spellings(word: Word) -> tuple[str, ...]:
    """A word in its canonical form, and as written where that is another."""
    is_latin = word.written.isascii() and word.written.isalpha()
    return (word.text, word.written) if is_latin and word.written != word.text else (word.text,)


def budget(length: int) -> int:
    """How many typing errors a word of this length may have and still be meant: none up to four letters."""
    return 0 if length <= 4 else 1 if length <= 7 else 2 if length <= 11 else 3


def _equal(one: Word, other: Word) -> Likeness:
    if bool(one.han) != bool(other.han):
        return ("reading" if {one.kind, other.kind} & {"brand", "place", "name", "given"} else "gloss"), 0.98
    if one.han != other.han and one.kind in ("brand", "name", "given") and latin(one.han) == one.text:
        # Two Han brands that only sound alike are two brands.
        return "homophone", 0.5
    if one.written.isascii() != other.written.isascii():
        return "reading", 0.99
    return ("equal" if one.written == other.written else "variant"), 1.0


def _is_without_vowels(word: Word) -> bool:
    return _ABJADS[0] <= word.written[:1] <= _ABJADS[1]


def _is_abbreviation(short: Word, long: Word) -> bool:
    """Whether a word is the beginning of a common one: "sci" of "scientific", "elec" of "electronics"."""
    return (
        long.kind in ("sector", "common", "corporate")
        and short.kind in ("brand", "sector", "common")
        and 3 <= len(short.text) <= len(long.text) - 2
        and long.text.startswith(short.text)
    )


def _take_joined(pairs: list[Pair], asked: dict[int, Word], stored: dict[int, Word]) -> None:
    """Pairs one word here with two to four in a row there, by any of their spellings, with one typing error in long ones."""
    for turned, whole, parts in ((False, asked, stored), (True, stored, asked)):
        for place in list(whole) if len(parts) > 1 else ():
            one = whole[place]
            for run in _runs(one, parts):
                some = tuple(parts[other] for other in run)
                if likeness := _joined(one, some):
                    pairs.append(
                        Pair("joined", some, (one,), likeness) if turned else Pair("joined", (one,), some, likeness)
                    )
                    del whole[place]
                    for other in run:
                        del parts[other]
                    break


def _runs(one: Word, words: dict[int, Word]) -> Iterator[range]:
    """Places of two to four words in a row that may be one word written apart: they begin with its letter and are as long."""
    forms = _forms(one)
    first_letters, lengths = {form[:1] for form in forms}, {len(form) for form in forms}
    for first, word in words.items():
        if first + 1 not in words or not first_letters & {word.text[:1], word.written[:1]}:
            continue
        text, letters = len(word.text), len(word.written)
        for last in range(first + 1, first + 4):
            if last not in words:
                break
            text, letters = text + len(words[last].text), letters + len(words[last].written)
            if any(abs(text - length) <= 1 or abs(letters - length) <= 2 for length in lengths):
                yield range(first, last + 1)


def _joined(one: Word, some: Sequence[Word]) -> float:
    joined, written = "".join(word.text for word in some), "".join(word.written for word in some).replace(" ", "")
    own = one.written.replace(" ", "")
    if max(len(own), len(one.text)) < 2:
        return 0.0
    if _forms(one) & {joined, written}:
        return 0.97
    if len(one.text) > 7 and min(OSA.distance(one.text, joined), OSA.distance(own, written)) <= 1:
        return 0.88
    return 0.0


def _forms(word: Word) -> set[str]:
    """A word in each of its spellings, without spaces."""
    return {word.text, word.written.replace(" ", ""), *word.others}
