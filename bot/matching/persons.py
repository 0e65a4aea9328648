"""Reads the name of a person: spellings of one name become one, particles and titles count little, initials stand for names."""

import re
from collections.abc import Callable, Iterator, Sequence

from bot.matching.name import Word
from bot.matching.spelling import latin, without_digits
from bot.matching.words import Tables
from bot.scripts import is_han

_PATRONYMIC = re.compile(r".{3,}(?:[oe]vi(?:ch|c|tch|ts)|[oe]vna|ichna|yevich|yevna|ovych|ivna|ogly|ogli|qizi|kyzy)")
"""Endings of a father's name in Russian, Ukrainian and Turkic names."""

LONGEST = 4
"""Words of one name at the most: "abd al rahman"."""

Weigh = Callable[[str, str], float]


def words(tokens: Sequence[str], tables: Tables, weigh: Weigh) -> tuple[Word, ...]:
    """The words of a person's name, from its normalised tokens; one that is repeated counts once."""
    found: dict[str, Word] = {}
    for text, written, kind, han in _read(tokens, tables):
        found.setdefault(text, Word(text, written, kind, han, (), weigh(text, kind)))
    return tuple(found.values())


def _read(tokens: Sequence[str], tables: Tables) -> Iterator[tuple[str, str, str, str]]:
    place = 0
    while place < len(tokens):
        size, name = _known(tokens, place, tables)
        written = " ".join(tokens[place : place + max(1, size)])
        place += max(1, size)
        if name:
            yield name, written, "name", written if is_han(written[0]) else ""
        elif is_han(written[0]):
            yield latin(written), written, "name", written
        elif text := latin(without_digits(written)):
            yield text, written, _kind(text, written, tables), ""


def _known(tokens: Sequence[str], place: int, tables: Tables) -> tuple[int, str]:
    """The longest spelling of a known name at a place; a particle or title alone is none."""
    for size in range(min(LONGEST, len(tokens) - place), 0, -1):
        phrase = tuple(tokens[place : place + size])
        if (found := tables.given.get(phrase)) and not (size == 1 and phrase[0] in tables.name_words):
            return size, found
    return 0, ""


def _kind(text: str, written: str, tables: Tables) -> str:
    if kind := tables.name_words.get(written) or tables.name_words.get(text):
        return kind
    if len(text) == 1:
        return "initial"
    return "patronymic" if _PATRONYMIC.fullmatch(text) else "name"
