"""Puts the words of a firm's name right before they are looked up: two in one, legal forms mistyped, Chinese words written
syllable by syllable."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from bot.matching.pinyin import is_pinyin

SHORTEST = 6
"""Letters of a legal form's word that is known with one letter wrong, too many or too few, at the least."""

LONGEST = 30
"""Letters of a word that may be a legal form mistyped, at the most."""

SYLLABLE = 6
"""Letters of a Chinese syllable at the most."""

GLUED, LONG, LEFT = 11, 6, 4
"""Letters of a word that may be two, of the known one of them, and of the other, at the least."""

_FEW = 4
"""Words of a name, at the least, that are taken for syllables where all of them may be."""

_WORD = 4
"""Syllables of a known word at the most."""


def deletions(word: str) -> set[str]:
    """A word as it is, and with each one of its letters left out."""
    return {word, *("".join(left) for left in combinations(word, len(word) - 1))}


def misspellings(words: Collection[str]) -> dict[str, str]:
    """What long words become when a letter is left out → the word."""
    return {short: word for word in words if len(word) >= SHORTEST for short in deletions(word)}


def mended(tokens: Sequence[str], known: Collection[str], long: Collection[str], typos: Mapping[str, str]) -> list[str]:
    """The tokens as they are looked up: long ones parted where they end in one of the words `long`, syllables put together to
    `known` words, and errors in legal forms put right by `typos`."""
    parted = [part for token in tokens for part in ((token,) if token in known else unglued(token, long))]
    return put_right(joined_syllables(parted, known), known, typos)


def put_right(tokens: Sequence[str], known: Collection[str], typos: Mapping[str, str]) -> list[str]:
    """The tokens, those that are no `known` word and one error away from one that has its entries in `typos` as that."""
    return [token if len(token) < SHORTEST - 1 or token in known else _meant(token, typos) for token in tokens]


def _meant(token: str, typos: Mapping[str, str]) -> str:
    is_short = token.isascii() and len(token) <= LONGEST
    found = {typos[short] for short in deletions(token) if short in typos} if is_short else set()
    # "Companies", "companys" are words of a sentence.
    close = [word for word in found if word[0] == token[0] and abs(len(word) - len(token)) <= 1 and token != f"{word}s"]
    return close[0] if len(close) == 1 else token


def unglued(token: str, words: Collection[str]) -> tuple[str, ...]:
    """A long token that ends or begins with one of the `words`, parted there: "sophontechnology"."""
    cuts = range(LEFT, len(token) - LEFT + 1) if len(token) >= GLUED else range(0)
    cut = next((cut for cut in cuts if token[cut:] in words), 0) or next(
        (cut for cut in cuts if token[:cut] in words), 0
    )
    return (token[:cut], token[cut:]) if cut else (token,)


def joined_syllables(tokens: Sequence[str], known: Collection[str]) -> list[str]:
    """The tokens of a name that is written syllable by syllable ("da lian ji chuang"), with those put together that make a
    `known` word."""
    if len(tokens) < _FEW or not all(len(token) <= SYLLABLE and is_pinyin(token) for token in tokens):
        return list(tokens)
    found: list[str] = []
    place = 0
    while place < len(tokens):
        sizes = range(min(_WORD, len(tokens) - place), 1, -1)
        size = next((size for size in sizes if "".join(tokens[place : place + size]) in known), 1)
        found.append("".join(tokens[place : place + size]))
        place += size
    return found
