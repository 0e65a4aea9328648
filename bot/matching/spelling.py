"""Folds how a name is spelt: compatibility forms, case, accents, look-alike letters, initials, apostrophes."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Mapping

from anyascii import anyascii

from bot.scripts import is_han

_TOKEN = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0971-\u0e3a\u0e40-\u109f\u1780-\u17d3\u200c\u200d])+")
"""Letters and digits; in the scripts of India and its neighbours vowels are marks on them."""
_HAN_EDGE = re.compile(r"[\u3400-\u9fff〇\U00020000-\U0003134f]+|[^\u3400-\u9fff〇\U00020000-\U0003134f]+")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b\.?)?")
_POSSESSIVE = re.compile(r"(?<=\w)['’`´](?:s\b|(?=\s|$))", re.IGNORECASE)
_LATIN_ACCENTS = re.compile(r"([a-z])[\u0300-\u036f]+")
_APOSTROPHES = re.compile("['’‘`´ʼʻ′]")
_POINTS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
"""Vowel points of Hebrew and Arabic."""
_FINAL_SIGMA = re.compile(r"(?<=\w)σ\b")
"""Case folding makes one letter of both."""
_LATIN = re.compile("[a-z]")
_FOREIGN = re.compile("[\u0370-\u052f]")
_LEET = str.maketrans("0134578", "oieastb")
_SPECIAL = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"})


def normalise(text: str) -> str:
    """Compatibility forms and case folded, accents off, dotted initials closed up, possessives and apostrophes off."""
    if text.isascii():
        plain = text.casefold()
    else:
        plain = unicodedata.normalize("NFKC", text).casefold()
        # Accents come off Latin letters only: й is not и.
        bare = _LATIN_ACCENTS.sub(r"\1", unicodedata.normalize("NFD", plain))
        plain = unicodedata.normalize("NFC", _POINTS.sub("", bare)).translate(_SPECIAL)
        plain = _FINAL_SIGMA.sub("ς", plain)
    plain = _POSSESSIVE.sub("", plain)
    if "." in plain:
        plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", plain)
    return _APOSTROPHES.sub("", plain.replace("&", " and "))


def tokens(plain: str) -> list[str]:
    """The words of a normalised text; runs of Han stand by themselves."""
    found = _TOKEN.findall(plain)
    if plain.isascii():
        return found
    return [part for token in found for part in (_HAN_EDGE.findall(token) if any(map(is_han, token)) else (token,))]


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for case, accents and punctuation."""
    return one == other or tokens(normalise(one)) == tokens(normalise(other))


def unmask(
    words: list[str], look_alikes: Mapping[str, str], known: Container[str], own: Container[str]
) -> tuple[list[str], list[str]]:
    """The words with letters of other alphabets that only look Latin put right, and those of them that were so: letters of
    two alphabets in one word, or look-alikes alone that spell a `known` word ("Со., Ltd." with a Cyrillic Со), but for words
    that are their `own` alphabet's (ООО)."""
    if not any(map(_FOREIGN.search, words)):
        return words, []
    fixed = [word if word in own else _unmasked(word, look_alikes, known) for word in words]
    return fixed, [word for word, plain in zip(words, fixed, strict=True) if word != plain]


def _unmasked(word: str, look_alikes: Mapping[str, str], known: Container[str]) -> str:
    if not _FOREIGN.search(word):
        return word
    plain = "".join(look_alikes.get(one, one) for one in word)
    return plain if _LATIN.search(word) or plain in known else word


def without_digits(word: str) -> str:
    """A word with digits that stand for letters ("1gor", "sech1n") put right; as it is where they are numbers."""
    counts = Counter(map(str.isdigit, word))
    if counts[True] and counts[False] > counts[True] and word[-1:].isalpha():
        return word.translate(_LEET)
    return word


def latin(word: str) -> str:
    """A word in small Latin letters and digits, transliterated where it is in another script."""
    if word.isascii():
        return word
    return "".join(character for character in anyascii(word).lower() if character.isascii() and character.isalnum())
