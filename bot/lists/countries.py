"""Reads a country as lists write it, in English, by code or by nationality: the two-letter code of ISO 3166-1.

The table `countries.tsv` holds a code and its names, parted by ` | `: the three-letter code, the names of ISO 3166-1 and their
variants, former ones, and the nationality: https://www.iso.org/obp/ui/#search/code/. Some codes are not assigned now: of
countries that are no more (ISO 3166-3), of the European Union, of Kosovo (user-assigned `xk`).
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".tsv")

LONGEST = 120
"""Characters of a text that may still be a country."""

_LEFT_OUT = {"the", "of", "and"}
_SHORT = {"st": "saint", "rep": "republic", "dem": "democratic"}
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_NUMBER = re.compile(r"\(\d+(?:\s*(?:-|to)\s*\(?\d+)?\)(?:\s*(?:-|to)\s*\(\d+\))?")
_NOW = re.compile(r"\b(?:now|currently)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)?")


def code(name: str) -> str:
    """The code of a country in small letters; empty where it is not known. Of several numbered ones, that of the first."""
    return next(iter(codes(name)), "")


def codes(text: str) -> tuple[str, ...]:
    """The codes of a field that holds a country, or several as `(1) Cyprus (2) Russia`; each once, unknown ones left out."""
    found = (_one(part) for part in _NUMBER.split(text) if len(part) <= LONGEST)
    return tuple(dict.fromkeys(one for one in found if one))


def fold(name: str) -> tuple[str, ...]:
    """A name without what differs from list to list: case, accents, punctuation, small words, the order of words."""
    joined = _INITIALS.sub(lambda found: found[0].replace(".", ""), name.casefold()).replace("'", "").replace("’", "")
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", joined) if not unicodedata.combining(sign))
    words = sorted(_SHORT.get(word, word) for word in re.findall(r"[^\W_]+", plain))
    # `AND` alone is Andorra.
    return tuple(word for word in words if word not in _LEFT_OUT) or tuple(words)


@cache
def _table() -> dict[tuple[str, ...], str]:
    rows = (line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:])
    return {fold(name): code for code, names in rows for name in (code, *names.split(" | "))}


@lru_cache(maxsize=4096)
def _one(name: str) -> str:
    # In small letters it is how lists say "not applicable"; in capitals it is Namibia.
    if name.strip() == "na":
        return ""
    table = _table()
    # `Former USSR, now Ukraine` is Ukraine, `Georgia (former USSR)` Georgia, and `Estonia, Russia` the first of two.
    now = _NOW.split(name)[-1]
    tries = (name, now, _BRACKETS.sub(" ", now), re.split(r"[,.;/]", now)[0])
    return next((found for one in tries if (found := table.get(fold(one), ""))), "")
