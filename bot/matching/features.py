"""What speaks against two names being the same subject's: named features, each a share from 0 (nothing) to 1, with a sentence."""

from collections.abc import Callable, Sequence

from rapidfuzz.distance import Indel

from bot.matching.align import Alignment
from bot.matching.name import Name, Word

IDENTITY = ("brand", "name", "number")
"""Kinds of words that tell one subject from another."""

BUSINESS = ("sector", "common")
"""Kinds of words that say what a subject does or is."""

LEFT_OUT = ("corporate", "particle", "title", "suffix", "kunya")
"""Kinds of words that people leave out in speech."""

LONG = 8
"""Letters of a word, at the least, that is known in a longer name though it is mistyped and all that agrees."""

TAIL = frozenset(("technology", "industry", "development", "international", "trading", "equipment"))
"""Words at the end of a name that people leave out in speech."""


class Compared:
    """Two names side by side, their words paired."""

    def __init__(self, asked: Name, stored: Name, kind: str, alignment: Alignment) -> None:
        self.asked, self.stored, self.kind, self.alignment = asked, stored, kind, alignment
        self.brand = stored.brand
        """The words of the stored name that tell it from others."""
        self.needed = _needed(stored, self.brand)
        """The stored words without which the name is not meant."""
        left = alignment.stored
        self.missing = [word for word in self.needed if word in left and not _is_half(word, alignment)] if left else []
        """Those of them that nothing stands for."""

    @property
    def lacks_a_part(self) -> bool:
        """Whether a name without a brand lacks a word of what it is made of: all but the country in front of many others."""
        if self.brand or not self.missing:
            return False
        return len(self.needed) < 4 or any(word.kind != "place" or word.text not in COUNTRIES for word in self.missing)

    @property
    def says_little(self) -> bool:
        """Whether a single word is all that agrees, and it is not spelt as the stored one, or not what people call that firm by:
        the first word of its brand, with nothing but a place or the like in front, or half the weight of it."""
        pairs = [pair for pair in self.alignment.pairs if any(word.kind not in LEFT_OUT for word in pair.stored)]
        if len(pairs) != 1 or len(pairs[0].asked) > 1 or self.stored.schema == "Person" or not self.alignment.stored:
            return False
        word = pairs[0].stored[0]
        if pairs[0].how == "typo" and len(word.text) < LONG:
            return True
        ahead = self.stored.words[: self.stored.words.index(word)]
        if any(one.kind in ("direction", "common") for one in ahead):
            return True
        shared = sum(word.weight for word in pairs[0].stored if word.kind == "brand")
        return bool(self.brand) and word != self.brand[0] and 2 * shared < sum(word.weight for word in self.brand)


def _is_half(word: Word, alignment: Alignment) -> bool:
    """Whether a word is the half of what a Han one means that may be left out, and the other is there: 研究所 is an institute."""
    return (
        word.text == "research"
        and bool(word.han)
        and any(word.written == other.written for pair in alignment.pairs for other in pair.stored)
    )


def _needed(stored: Name, brand: Sequence[Word]) -> Sequence[Word]:
    """A name's brand and numbers; without a brand, all but what people leave out."""
    if brand:
        return [word for word in stored.words if word.kind in ("brand", "number")]
    parent = parent_of(stored)
    needed = [word for word in stored.words if word.kind not in LEFT_OUT and word not in parent]
    return needed[:-1] if len(needed) > 2 and needed[-1].text in TAIL else needed


COUNTRIES = frozenset(("china", "russia", "iran", "korea", "india", "turkey", "ukraine", "belarus", "japan", "germany"))
"""Places that firms of a whole country have in front, and people leave out."""

Feature = Callable[[Compared], float]


def unknown_words(one: Compared) -> float:
    """The share of what is asked, by weight, that nothing stored stands for."""
    return _share(one.alignment.asked, one.asked.words)


def unknown_brand(one: Compared) -> float:
    """Whether a word that tells one subject from another is asked for, and the stored name has nothing like it."""
    return float(any(word.kind in IDENTITY for word in one.alignment.asked))


def missing_brand(one: Compared) -> float:
    """The share of the stored name's brand and numbers that is not asked for; all of it where a name without a brand lacks a
    word of what it is made of."""
    if one.lacks_a_part:
        return 1.0
    return _share(one.missing, one.needed)


def missing_first(one: Compared) -> float:
    """Whether the first word of the stored name's brand, by which people call it, is not asked for."""
    return float(bool(one.brand) and one.brand[0] in one.alignment.stored)


def unknown_business(one: Compared) -> float:
    """Whether a line of business is asked for that the stored name does not have; two words of it say it in full."""
    return min(1.0, 0.6 * sum(word.kind in BUSINESS for word in one.alignment.asked))


def unknown_place(one: Compared) -> float:
    """Whether a place is asked for that the stored name does not have."""
    return float(any(word.kind == "place" for word in one.alignment.asked))


def missing_words(one: Compared) -> float:
    """The share of the stored name's other words that is not asked for."""
    needed = one.needed
    rest = [word for word in one.stored.words if word not in needed]
    return _share([word for word in one.alignment.stored if word not in needed], rest) if rest else 0.0


def misspelt(one: Compared) -> float:
    """How far the paired words are from being the same."""
    paired = [(word.weight, pair.likeness) for pair in one.alignment.pairs for word in pair.stored]
    total = sum(weight for weight, _ in paired)
    return sum(weight * (1 - likeness) for weight, likeness in paired) / total if total else 1.0


def conflict(one: Compared) -> float:
    """How much each says that the other does not: the smaller of what is left over of identity on either side."""
    asked = sum(word.weight for word in one.alignment.asked if word.kind in IDENTITY)
    return min(1.0, asked, sum(word.weight for word in one.alignment.stored if word.kind in IDENTITY))


def little_shared(one: Compared) -> float:
    """How little identity the names share, whatever share of them that is: 0 from the weight of two rare words on."""
    shared = sum(word.weight * pair.likeness for pair in one.alignment.pairs for word in pair.stored)
    return max(0.0, 1 - shared / 2)


def other_business(one: Compared) -> float:
    """Whether each says what the firm does, or something else of little identity, and not the same: Logistics, Technology."""
    asked, stored = (
        any(word.kind in BUSINESS for word in left) for left in (one.alignment.asked, one.alignment.stored)
    )
    return float(asked and stored)


def other_form(one: Compared) -> float:
    """Whether both name a legal form, and not the same."""
    return float(bool(forms_that_differ(one.asked, one.stored)))


def looks_unlike(one: Compared) -> float:
    """How far what is asked is from being the same row of letters as the stored name, or as those words of it that are paired."""
    left = one.alignment.stored
    paired = "".join(word.text for word in one.stored.words if word not in left)
    asked = one.asked.joined
    return 1 - max(Indel.normalized_similarity(asked, paired), Indel.normalized_similarity(asked, one.stored.joined))


def less_than_a_name(one: Compared) -> float:
    """Whether the stored name is one its publisher calls weak or former."""
    return {"weak_alias": 1.0, "former": 0.3}.get(one.kind, 0.0)


def forms_that_differ(asked: Name, stored: Name) -> tuple[list[str], list[str]] | None:
    """The legal forms of both where both have one and they differ. "Co." alone is the beginning of most forms."""
    one, other = ([form for form in name.legal if form != "co"] for name in (asked, stored))
    return (one, other) if one and other and set(one) != set(other) else None


def parent_of(name: Name) -> tuple[Word, ...]:
    """The group that a name begins with ("General Technology Group Dalian Machine Tool"), which people leave out."""
    for place, word in enumerate(name.words):
        rest = name.words[place + 1 :]
        if word.text == "group" and len(rest) > 1 and any(other.kind == "place" for other in rest):
            return name.words[:place]
    return ()


def _share(some: Sequence[Word], all: Sequence[Word]) -> float:
    total = sum(word.weight for word in all)
    return sum(word.weight for word in some) / total if total else float(bool(some))


COMPANY: dict[Feature, float] = {
    unknown_words: -0.8,
    unknown_brand: -1.6,
    missing_brand: -2.3,
    missing_words: -0.9,
    missing_first: -0.6,
    unknown_business: -2.2,
    unknown_place: -3.2,
    misspelt: -3.0,
    conflict: -0.5,
    little_shared: -1.4,
    other_business: -0.8,
    other_form: -0.5,
    looks_unlike: -3.0,
    less_than_a_name: -0.5,
}
"""Feature → what a full share of it takes off the logarithm of the odds, for names of all but persons."""

BASE = 4.0
"""The logarithm of the odds of two names that nothing speaks against."""
