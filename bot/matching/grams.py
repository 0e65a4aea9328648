"""What a name is found by: trigrams of its words, pairs of Han characters, its words in one, its initials; each as a number."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from zlib import crc32

from bot.matching.acronyms import of_name as acronyms
from bot.matching.name import Name, Word
from bot.matching.sounds import folded

SHORT = 10
"""Letters of a name that is also found with any one letter left out, at the most."""

BOOST = 3.0
"""How much more a whole name and initials count than a trigram as rare."""


LIGHT = 0.4
"""How much the grams of a word without identity count, where those of a rare brand count 1."""


def of_word(word: Word) -> tuple[int, ...]:
    """The numbers of a word's grams: of its canonical form, its other readings, their sound, its Han."""
    texts = (word.text, *word.others)
    sounds = (f"s:{folded(text)}" for text in texts if len(text) > 3)
    return tuple(
        dict.fromkeys(_number(gram) for part in (*map(_trigrams, texts), _pairs(word.han), sounds) for gram in part)
    )


def _trigrams(text: str) -> Iterator[str]:
    padded = f" {text} "
    return (padded[place : place + 3] for place in range(len(padded) - 2))


def _pairs(han: str) -> Iterator[str]:
    """Pairs of Han characters, and each by itself: a brand of two is often written with one other."""
    yield from han.replace("\u200b", "")
    yield from (han[place : place + 2] for place in range(len(han) - 1))


def of_name(name: Name) -> Iterator[int]:
    """The numbers of what a stored name is found by as a whole, beside its words' grams."""
    yield of_whole(name)
    yield from shortened(name.joined)
    yield from (_number(f"a:{letters}") for letters in acronyms(name))


def of_whole(name: Name) -> int:
    """The number of all words of a name in one."""
    return _number(f"j:{name.joined}")


def shortened(joined: str) -> Iterator[int]:
    """The numbers of a short name as it is and with each letter left out; none of a long one."""
    if 3 < len(joined) <= SHORT:
        yield from dict.fromkeys(_number(f"d:{left}") for left in _deletions(joined))


def _deletions(text: str) -> Iterator[str]:
    yield text
    yield from ("".join(left) for left in combinations(text, len(text) - 1))


def asked_acronyms(name: Name) -> Iterator[int]:
    """The number of what may be initials in an asked name: all of it, with what stands in front."""
    if len(name.tokens) in (1, 2):
        yield _number(f"a:{' '.join(name.tokens)}")


def _number(gram: str) -> int:
    """32 bits of a gram: two that share them only bring a candidate too many."""
    return crc32(gram.encode())


def asked(name: Name) -> dict[int, float]:
    """What an asked name is looked up by: the number of each gram, and how much more it counts than others as rare."""
    found: dict[int, float] = {}
    for word in name.words:
        for number in of_word(word):
            found[number] = max(found.get(number, 0.0), LIGHT + (1 - LIGHT) * word.weight)
    found |= dict.fromkeys(shortened(name.joined), 1.0)
    return found | dict.fromkeys((of_whole(name), *asked_acronyms(name)), BOOST)


def together(names: Iterable[Name]) -> dict[int, float]:
    """What several readings of one asked text are looked up by."""
    found: dict[int, float] = {}
    for name in names:
        found |= asked(name)
    return found
