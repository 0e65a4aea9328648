"""The word tables that names are read with: legal forms, places, glosses, equivalents, light and common words."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bot.matching.mending import LONG, misspellings

DATA = Path(__file__).parent / "data"
Phrase: TypeAlias = tuple[str, ...]

CORPORATE = frozenset(("group", "holding", "holdings", "company", "enterprise", "corporation", "works"))
"""Words of a company's structure: a firm is called with and without them."""

READING = "2"
"""Rises when the program reads the same name with the same tables in another way: the index is made anew."""

TRADES = frozenset(("import", "export"))
"""Sectors that end brands: Rosoboronexport, Mashinoimport."""

WEIGHTS = {
    "brand": 1.0,
    "name": 1.0,
    "given": 1.0,
    "servant": 0.25,
    "patronymic": 0.4,
    "initial": 0.3,
    "kunya": 0.2,
    "suffix": 0.1,
    "title": 0.03,
    "number": 0.6,
    "direction": 0.5,
    "place": 0.35,
    "sector": 0.3,
    "common": 0.25,
    "corporate": 0.1,
    "particle": 0.03,
}
"""How much identity a word of each kind carries."""


@dataclass(frozen=True, slots=True)
class Gloss:
    """What a word of another script means: English words (the first reading counts first) and their kind."""

    readings: tuple[Phrase, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables, ready to look things up in."""

    legal: dict[Phrase, str]
    equivalents: dict[Phrase, str]
    kinds: dict[str, str]
    english: frozenset[str]
    countries: frozenset[str]
    places: frozenset[str]
    han: dict[str, Gloss]
    han_legal: tuple[str, ...]
    stems: dict[str, Gloss]
    longest_han: int
    look_alikes: dict[str, str]
    latin_forms: frozenset[str]
    own_forms: frozenset[str]
    rarity: dict[str, float]
    known: frozenset[str]
    long: frozenset[str]
    legal_typos: dict[str, str]
    given: dict[Phrase, str]
    name_words: dict[str, str]
    fingerprint: str


_NO_GLOSS = Gloss((), "")


def load() -> Tables:
    """Reads the tables that ship with the program."""
    legal = {tuple(form.split()): canonical for form, canonical, _ in _rows("legal_forms", 3)}
    legal_words = {word for phrase in legal for word in phrase}
    places = list(_rows("places", 3))
    equivalents = _several(places) | _equivalents()
    kinds = _kinds(equivalents, places)
    han = _han(places)
    single = [phrase[0] for phrase in (*legal, *equivalents) if len(phrase) == 1]
    return Tables(
        legal=legal,
        equivalents=equivalents,
        kinds=kinds,
        english=frozenset(word for (word,) in _rows("english", 1)),
        countries=frozenset(name for name, kind, _ in places if kind in ("country", "region")),
        places=frozenset(name for name, _, _ in places),
        han=han,
        han_legal=_suffixes(legal, han),
        longest_han=max(map(len, han)),
        look_alikes=dict(_rows("look_alikes", 2)),
        latin_forms=frozenset(word for word in single if word.isascii()),
        own_forms=frozenset(word for word in single if not word.isascii()),
        rarity={word: float(factor) for word, factor in _rows("common_names", 2)},
        known=frozenset((*kinds, *legal_words, *(word for phrase in equivalents for word in phrase))),
        long=frozenset(word for word, kind in kinds.items() if kind == "sector" and len(word) >= LONG) - TRADES,
        legal_typos=misspellings({word for word in legal_words if word.isascii() and word.isalpha()}),
        given=dict(_given()),
        name_words=dict(_rows("name_words", 2)),
        fingerprint=_fingerprint(),
        stems={stem: Gloss(_readings(words), kind) for stem, words, kind in _rows("gloss_ru", 3)},
    )


def _fingerprint() -> str:
    """What tells names read with these tables from names read with others."""
    found = hashlib.blake2b(READING.encode(), digest_size=16)
    for file in sorted(DATA.glob("*.tsv")):
        found.update(file.read_bytes())
    return found.hexdigest()


def _equivalents() -> dict[Phrase, str]:
    """Words and phrases → what stands for their group; phrases also as they are when their words are put right."""
    found = {_phrase(word): "".join(_phrase(group[0])) for group in _rows("equivalents", 0) for word in group}
    found |= _numerals(found)
    several = {phrase: group for phrase, group in found.items() if len(phrase) > 1}
    return found | {tuple(found.get((word,), word) for word in phrase): group for phrase, group in several.items()}


def _several(places: Sequence[Sequence[str]]) -> dict[Phrase, str]:
    """Places of several words → all in one: New Zealand."""
    return {_phrase(name): "".join(_phrase(name)) for name, _, _ in places if " " in name}


def _kinds(equivalents: Mapping[Phrase, str], places: Sequence[Sequence[str]]) -> dict[str, str]:
    """Canonical words → their kinds."""
    light = ((_phrase(word), kind) for word, kind in _rows("light_words", 2))
    found = {equivalents.get(phrase, "".join(phrase)): kind for phrase, kind in light}
    names = {equivalents.get(_phrase(name), name) for name, _, _ in places}
    found |= {name: "place" for name in names if found.get(name) != "direction"}
    return found | dict.fromkeys(CORPORATE, "corporate")


def _han(places: Sequence[Sequence[str]]) -> dict[str, Gloss]:
    """Han words → what they mean; of two spellings of a place, the first counts."""
    found = {word: Gloss(_readings(words), kind) for word, words, kind in _rows("gloss_zh", 3)}
    return found | {
        characters: Gloss(((name.replace(" ", ""),),), "place")
        for name, _, written in reversed(places)
        for characters in filter(None, written.split("|"))
        if found.get(characters, _NO_GLOSS).kind in ("place", "")
    }


def _numerals(equivalents: dict[Phrase, str]) -> dict[Phrase, str]:
    """Numbers of two words: forty four, forty 4."""
    tens = {
        word: number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
    }
    ones = {
        phrase[0]: int(one)
        for phrase, one in equivalents.items()
        if len(phrase) == 1 and len(one) == 1 and one.isdigit()
    }
    ones |= {str(one): one for one in range(1, 10)}
    found = {(ten, one): str(10 * number + more) for ten, number in tens.items() for one, more in ones.items()}
    return found | {(ten,): str(10 * number) for ten, number in tens.items()}


def _given() -> Iterator[tuple[Phrase, str]]:
    """Spellings of personal names → the canonical one."""
    for group in _rows("given_names", 0):
        for spelling in group:
            yield _phrase(spelling), "".join(_phrase(group[0]))


def _suffixes(legal: dict[Phrase, str], han: dict[str, Gloss]) -> tuple[str, ...]:
    """Han legal forms, longest first: they stand glued to the end of a name."""
    forms = {phrase[0] for phrase in legal if len(phrase) == 1 and "\u3400" <= phrase[0][0] <= "\u9fff"}
    forms |= {word for word, gloss in han.items() if gloss.kind == "legal"}
    return tuple(sorted(forms, key=len, reverse=True))


def _phrase(words: str) -> Phrase:
    return tuple(words.replace("-", " ").split())


def _readings(words: str) -> tuple[Phrase, ...]:
    return tuple(map(_phrase, words.split("|")))


def _rows(table: str, fields: int) -> Iterator[list[str]]:
    """The rows of a table; `fields` 0 leaves their number open, missing last fields are empty."""
    for line in (DATA / f"{table}.tsv").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            row = [field.strip() for field in line.split("\t")]
            yield [*row, *[""] * (fields - len(row))] if fields else [field for field in row if field]
