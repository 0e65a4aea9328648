"""What speaks against two names being the same person's: named features, each a share from 0 (nothing) to 1, with a sentence."""

from collections.abc import Iterable, Sequence

from bot.matching.features import Compared, Feature, less_than_a_name, misspelt
from bot.matching.name import Word
from bot.matching.namesakes import NAMES

STRENGTH = {"name": 1.0, "given": 1.0, "patronymic": 0.6, "initial": 0.6, "kunya": 0.3, "servant": 0.2}
"""Kind of word → how much of a contradiction it is where the other name has another one."""

ENOUGH = 2.6
"""The weight of shared names from which they are enough to tell a person: three of which one is common."""


def unknown_names(one: Compared) -> float:
    """The share of what is asked, by weight, that nothing stored stands for."""
    return _share(one.alignment.asked, one.asked.words)


def unsaid_names(one: Compared) -> float:
    """The share of the stored person's names that is not asked for."""
    return _share(one.alignment.stored, one.stored.words)


def opposed(one: Compared) -> float:
    """Whether each has a name that the other has not."""
    return float(min(_strongest(one.alignment.asked), _strongest(one.alignment.stored)) == 1.0)


def opposed_initials(one: Compared) -> float:
    """Whether each has an initial or a father's name that is none of the other's."""
    strength = min(_strongest(one.alignment.asked), _strongest(one.alignment.stored))
    return strength if strength < 1.0 else 0.0


def initials_only(one: Compared) -> float:
    """The share of the paired names of which only an initial is written."""
    paired = sum(pair.how == "initial" for pair in one.alignment.pairs)
    return paired / max(1, len(one.alignment.pairs))


def lone_name(one: Compared) -> float:
    """Whether a single name is all that agrees, where more are asked for; half so where more are stored only."""
    if _names_paired(one) > 1:
        return 0.0
    return 1.0 if _count(one.asked.words) > 1 else 0.5 if _count(one.stored.words) > 1 else 0.0


def lone_of_many(one: Compared) -> float:
    """Whether a single name is all that agrees, where more are stored."""
    return float(_names_paired(one) < 2 and _count(one.stored.words) > 1)


def common_names(one: Compared) -> float:
    """How little the shared names tell one person from others."""
    if max(_count(one.asked.words), _count(one.stored.words)) < 2:
        return 0.0
    return max(
        0.0, 1 - sum(word.weight * pair.likeness for pair in one.alignment.pairs for word in pair.stored) / ENOUGH
    )


def unlike_letters(one: Compared) -> float:
    """The share of the letters of both names that are in no pair."""
    left = _letters((*one.alignment.asked, *one.alignment.stored))
    return left / max(1, _letters((*one.asked.words, *one.stored.words)))


def agrees(one: Compared) -> bool:
    """Whether any name is in both, written out in one of them at least: titles and particles alone mean nobody."""
    return any(_count(pair.asked) or _count(pair.stored) for pair in one.alignment.pairs)


def is_one_name(one: Compared) -> bool:
    """Whether a single name is all that is asked, and written out among several stored ones: a surname or a given name is borne
    by many."""
    pairs = one.alignment.pairs
    return (
        len(pairs) == 1
        and pairs[0].how in ("equal", "variant", "reading")
        and _count(one.asked.words) == _count(pairs[0].asked) == 1
        and _count(one.stored.words) > 1
    )


def _names_paired(one: Compared) -> int:
    return sum(
        max(_count(pair.asked), _count(pair.stored))
        for pair in one.alignment.pairs
        if pair.how not in ("initial", "homophone")
    )


def _count(words: Iterable[Word]) -> int:
    return sum(word.kind in NAMES for word in words)


def _strongest(words: Sequence[Word]) -> float:
    return max((STRENGTH.get(word.kind, 0.0) for word in words), default=0.0)


def _letters(words: Iterable[Word]) -> float:
    return sum(len(word.text) for word in words if word.weight > 0.1)


def _share(some: Iterable[Word], all: Iterable[Word]) -> float:
    total = sum(word.weight for word in all)
    return sum(word.weight for word in some) / total if total else 0.0


PERSON: dict[Feature, float] = {
    unknown_names: -5.2,
    unsaid_names: -4.2,
    misspelt: -8.9,
    opposed: -1.0,
    opposed_initials: -4.1,
    initials_only: -1.5,
    lone_name: -1.0,
    lone_of_many: -0.5,
    common_names: -3.4,
    unlike_letters: -0.9,
    less_than_a_name: -0.9,
}
"""Feature → what a full share of it takes off the logarithm of the odds, for names of persons."""

BASE = 4.3
"""The logarithm of the odds of two persons' names that nothing speaks against."""
