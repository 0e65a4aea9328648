"""Folds spellings that stand for one sound in one transliteration and not in another: Taksan and Taxan, Yousef and Youssef."""

import re
from collections.abc import Sequence

_COMMON = (
    ("sch", "sh"),
    ("tsch", "ch"),
    ("tch", "ch"),
    ("ph", "f"),
    ("zh", "j"),
    ("ck", "k"),
    ("qu", "ku"),
    ("ks", "x"),
    ("q", "k"),
    ("c(?![heiy])", "k"),
    ("w", "v"),
    ("yi|iy|ij", "i"),
    ("y", "i"),
    (r"([b-df-hj-np-tv-z])\1", r"\1"),
)
_PERSON = (
    ("ough?", "u"),
    ("ou|oo|eu", "u"),
    ("ee|ie(?=[^aeiou])", "i"),
    ("kh", "h"),
    ("^x", "sh"),
    ("gh", "g"),
    ("dh|dj", "d"),
    ("th", "t"),
    ("ch", "sh"),
    ("a[ie](?=[^aeiou]|$)|e[iy]", "ai"),
    ("o", "u"),
    ("e", "i"),
    (r"([aeiou])\1", r"\1"),
    ("h$", ""),
)
_KOREAN = re.compile(
    "(?:(kk|tt|pp|ss|jj|tch|ch|sh|[kgtdpbsjrlmnh]|)(yae|yeo|woo|ya|ye|yo|yu|wa|we|wo|wi|ae|eo|eu|oe|oo|ou|ui|[aeiou])"
    "(ng|[kgtlrmnpb](?![aeiouyw])|))"
)
_ONSETS = {"kk": "k", "g": "k", "tt": "t", "d": "t", "pp": "p", "b": "p", "ss": "s", "sh": "s", "r": "l"}
_ONSETS |= dict.fromkeys(("jj", "tch", "ch"), "j")
_NUCLEI = {"eo": "o", "yeo": "yo", "woo": "u", "oo": "u", "ou": "u", "yae": "ye", "ae": "e", "eu": "u", "wo": "o"}
_CODAS = {"g": "k", "b": "p", "r": "l"}
_VOWELS = re.compile("[aeiouyw]")


def _compiled(rules: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), other) for pattern, other in rules)


_FOR_ALL, _FOR_PERSONS = _compiled(_COMMON), _compiled(_PERSON)


def folded(text: str, *, person: bool = False) -> str:
    """A word in one of its spellings: by the rules for all names, and for personal ones by more."""
    for pattern, other in (*_FOR_PERSONS, *_FOR_ALL) if person else _FOR_ALL:
        text = pattern.sub(other, text)
    return text


_ADJECTIVE = re.compile(r"(.{4,}?)(?:n|ev|ov|in)?(?:sk|ck)(?:ii|iy|yi|yy|ij|y|i|aya|aia|oe|oye|ogo|oi|oy|ie|iye)")
"""A Russian place or name made an adjective: Permskiy, Kazanskaya."""


def base(text: str) -> str:
    """A transliterated Russian adjective without its ending; any other word as it is."""
    found = _ADJECTIVE.fullmatch(text)
    return found[1] if found else text


REMEMBERED = 50_000


class Sounds:
    """Folded spellings of words that come up again and again, kept."""

    def __init__(self) -> None:
        self.known: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def of(self, text: str, *, person: bool) -> str:
        """What `folded` gives."""
        known = self.known[person]
        if text not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            known[text] = folded(text, person=person)
        return known[text]


def consonants(text: str) -> str:
    """What a script without vowels leaves of a word; its first letter stays."""
    bare = _VOWELS.sub("", text[1:])
    return text[:1] + re.sub(r"(.)\1", r"\1", bare)


def in_korean(text: str) -> str:
    """A word of one or two Korean syllables as it sounds, whatever the transliteration; nothing of any other."""
    found = _KOREAN.findall(text)
    if not 0 < len(found) < 3 or "".join(map("".join, found)) != text:
        return ""
    return "".join(_ONSETS.get(on, on) + _NUCLEI.get(in_, in_) + _CODAS.get(off, off) for on, in_, off in found)
