"""Says how two words of persons' names stand for each other: one spelling, one sound, an initial, a slip of the pen."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA, Indel

from bot.matching.name import Word
from bot.matching.pinyin import is_pinyin
from bot.matching.sounds import Sounds, consonants, in_korean
from bot.scripts import of_text

ABJADS = ("Arabic", "Hebrew")
"""Scripts that leave vowels out."""

SOUND = 0.85
"""How well words stand for each other that sound the same in a language of few syllables."""

HALF = 0.5
"""How alike the letters of two spellings of one name are at the least."""

SYLLABIC = ("Japanese", "Han", "Hangul", "Khmer", "Thai")
"""Scripts that write foreign names by syllables of their own language."""

FOREIGN = 3
"""Characters of a Han word that is no Chinese name but a foreign one, written by its sound."""

NAMES = ("name", "given", "patronymic")
"""Kinds of words that are names."""

_ARTICLE = re.compile(r"(?:[ae]l|[aeu]([bdnrstz])(?=\1)|([dnrstz])(?=\2))-?(?=.{4})")

_ALIKE = str.maketrans("rvb", "lpp")

Likeness = tuple[str, float]


def likeness(one: Word, other: Word, sounds: Sounds) -> Likeness | None:
    """How two words that are not the same stand for each other, and how well; None where they do not."""
    if (one.han and other.han) or one.text.isdigit() or other.text.isdigit():
        return None
    if 1 in (len(one.text), len(other.text)):
        return _initial(one, other)
    if one.kind not in NAMES or other.kind not in NAMES:
        return _short_form(one, other) or _short_form(other, one)
    if one.kind == other.kind == "given":
        return _slip(one.written, other.written, most=1)
    scripts = {_script(one), _script(other)}
    if scripts.intersection(ABJADS):
        return _consonants(one, other, sounds)
    if scripts.intersection(SYLLABIC) and len(scripts) > 1:
        return _by_syllables(one, other, sounds)
    found = [_spelt(form, known, sounds) for form in _forms(one) for known in _forms(other)]
    return max(filter(None, found), key=lambda one: one[1], default=None)


def _script(word: Word) -> str:
    return "" if word.written.isascii() else of_text(word.written)


def _initial(one: Word, other: Word) -> Likeness | None:
    if (korean := in_korean(one.text)) and korean == in_korean(other.text):
        return "spelling", SOUND
    alike = (
        one.text[0] == other.text[0] and len(one.text) != len(other.text) and (one.kind in NAMES or other.kind in NAMES)
    )
    return ("initial", 0.89) if alike else None


def _short_form(short: Word, long: Word) -> Likeness | None:
    """Whether a particle is the short form of a name: Ben of Benjamin."""
    alike = short.written == "ben" and long.kind in NAMES and long.text.startswith(short.written)
    return ("abbreviation", 0.85) if alike else None


def _consonants(one: Word, other: Word, sounds: Sounds) -> Likeness | None:
    bare = [consonants(sounds.of(word.text, person=True)) for word in (one, other)]
    return ("reading", 0.92) if bare[0] == bare[1] and len(bare[0]) > 2 else None


def _by_syllables(one: Word, other: Word, sounds: Sounds) -> Likeness | None:
    """A Chinese or Korean word as it is read; a foreign name by its consonants."""
    found = _spelt(one.text, other.text, sounds)
    script, plain = (_script(one), other.text) if _script(one) in SYLLABIC else (_script(other), one.text)
    if (script == "Han" and len(one.han or other.han) < FOREIGN) or (script == "Hangul" and in_korean(plain)):
        return ("reading", SOUND) if (sound := in_korean(one.text)) and sound == in_korean(other.text) else None
    bare = [_skeleton(sounds.of(word.text, person=True)) for word in (one, other)]
    least = 2 if script == "Khmer" else 3
    if bare[0] == bare[1] and len(bare[0]) >= least:
        return "reading", 0.9
    return ("reading", found[1]) if found else None


def _skeleton(sound: str) -> str:
    """The consonants by which a foreign name is written in syllables: l and r are one, and v, b and p."""
    bare = re.sub("[aeiouywh]", "", sound).translate(_ALIKE)
    return re.sub(r"(.)\1+", r"\1", bare)


def _forms(word: Word) -> tuple[str, ...]:
    """A word in its canonical form, as written, and without an article."""
    texts = [word.text]
    if word.written != word.text and word.written.isascii() and word.written.isalpha():
        texts.append(word.written)
    bare = _ARTICLE.sub("", word.text, count=1) if _ARTICLE.match(word.text) else word.text
    return (*texts, bare) if bare != word.text else tuple(texts)


def _spelt(one: str, other: str, sounds: Sounds) -> Likeness | None:
    """How alike two spellings are: of one sound, of the same consonants, or within the errors that a name may have."""
    longest = max(len(one), len(other))
    if longest > 3 and Indel.normalized_similarity(one, other) < HALF:
        return None
    sound, other_sound = sounds.of(one, person=True), sounds.of(other, person=True)
    if one == other or (sound == other_sound and longest > 2):
        return "spelling", 0.95
    if (korean := in_korean(one)) and korean == in_korean(other):
        return "spelling", SOUND
    if not (is_pinyin(one) and is_pinyin(other)) and (found := _other_vowels(sound, other_sound, longest)):
        return found
    return _slip(one, other)


def _other_vowels(one: str, other: str, longest: int) -> Likeness | None:
    """How alike two words are, as they sound, that differ in vowels only."""
    bare, vowels = consonants(one), OSA.distance(one, other)
    alike = len(bare) + longest > 6 and vowels < len(bare) and bare == consonants(other)
    return ("spelling", 0.95 - 0.6 * vowels / longest) if alike else None


def _slip(one: str, other: str, most: int = 3) -> Likeness | None:
    """How alike two words are of which one is mistyped: fewer letters bear fewer errors."""
    longest = max(len(one), len(other))
    most = min(most, budget(longest))
    edits = OSA.distance(one, other, score_cutoff=most)
    if edits > most or (one[0] != other[0] and (edits > 1 or (longest < 6 and sorted(one) != sorted(other)))):
        return None
    return "typo", 1 - edits / (longest - 1) * (1.0 if one[0] == other[0] else 1.3)


def budget(length: int) -> int:
    """How many errors a name of this length may have."""
    return 0 if length < 3 else 1 if length < 7 else 2 if length < 11 else 3


def of_the_rest(asked: Sequence[Word], stored: Sequence[Word], agreed: int, sounds: Sounds) -> float:
    """How alike the names are that are left over, behind some words that agree: as one word ("Myongc-hin" and "Myong-jin"),
    or with one slip in the last of them, in whatever letter."""
    if not asked or not stored or any(word.han for word in (*asked, *stored)):
        return 0.0
    one, other = ("".join(word.text for word in left) for left in (asked, stored))
    if len(asked) == len(stored) == 1:
        return 0.6 if agreed > 1 and min(len(one), len(other)) > 3 and OSA.distance(one, other) == 1 else 0.0
    if min(len(one), len(other)) < 5:
        return 0.0
    found = _spelt(one, other, sounds)
    return found[1] * 0.97 if found and found[1] > 0.8 else 0.0
