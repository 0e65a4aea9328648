"""The word tables that names are read with: legal forms, places, glosses, equivalents, light and common words."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

DATA = Path(__file__).parent / "data"
Phrase: TypeAlias = tuple[str, ...]

CORPORATE = frozenset(("group", "holding", "holdings", "company", "enterprise", "corporation"))
"""Words of a company's structure: a firm is called with and without them."""

WEIGHTS = {
    "brand": 1.0,
    "name": 1.0,
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
    han: dict[str, Gloss]
    han_legal: tuple[str, ...]
    stems: dict[str, Gloss]
    longest_han: int
    look_alikes: dict[str, str]
    latin_forms: frozenset[str]
    rarity: dict[str, float]
    given: dict[Phrase, str]
    name_words: dict[str, str]


_NO_GLOSS = Gloss((), "")


def load() -> Tables:
    """Reads the tables that ship with the program."""
    legal = {tuple(form.split()): canonical for form, canonical, _ in _rows("legal_forms", 3)}
    han = {word: Gloss(_readings(words), kind) for word, words, kind in _rows("gloss_zh", 3)}
    places = list(_rows("places", 3))
    equivalents = {_phrase(word): "".join(_phrase(group[0])) for group in _rows("equivalents", 0) for word in group}
    light = ((_phrase(word), kind) for word, kind in _rows("light_words", 2))
    kinds = {equivalents.get(phrase, "".join(phrase)): kind for phrase, kind in light}
    kinds |= {name: "place" for name, _, _ in places if " " not in name and kinds.get(name) != "direction"}
    kinds |= dict.fromkeys(CORPORATE, "corporate")
    han |= {
        character: Gloss(((name.replace(" ", ""),),), "place")
        for name, _, characters in reversed(places)
        for character in filter(None, characters.split("|"))
        if han.get(character, _NO_GLOSS).kind in ("place", "")
    }
    return Tables(
        legal=legal,
        equivalents=equivalents,
        kinds=kinds,
        english=frozenset(word for (word,) in _rows("english", 1)),
        countries=frozenset(name for name, kind, _ in places if kind in ("country", "region")),
        han=han,
        han_legal=_suffixes(legal, han),
        longest_han=max(map(len, han)),
        look_alikes=dict(_rows("look_alikes", 2)),
        latin_forms=frozenset(
            phrase[0] for phrase in (*legal, *equivalents) if len(phrase) == 1 and phrase[0].isascii()
        ),
        rarity={},
        given=dict(_given()),
        name_words=dict(_rows("name_words", 2)),
        stems={stem: Gloss(_readings(words), kind) for stem, words, kind in _rows("gloss_ru", 3)},
    )


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
