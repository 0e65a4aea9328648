"""The names that a text holds besides itself: in brackets, behind "formerly", in another script, behind the "M/V" of a vessel."""

import re
from collections.abc import Container, Iterator
from itertools import groupby

from bot.scripts import of_text

_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]?")
_FORMER = re.compile(
    r"(?<![\s,;])[\s,;]+(?:[fan]\.?k\.?a\.?|formerly(?: known as)?|also known as|ex\.)[\s,:]+", re.IGNORECASE
)
_VESSEL = re.compile(r"\s*(?:(?:M[/.]?[VTSY]|S[/.]?[SV]|F[/.]?V)\.?|m[/.][vtsy]\.?)\s+(?=\S)")
"""What stands before the name of a vessel: motor vessel, motor tanker, steamship …"""

_PART = re.compile(r"[^\W_]+(?:[^\w\s]*[^\W_]+)*|\S")

_WORD = re.compile(r"[^\W_]+")

LETTERS = {"Han": 2, "Japanese": 2, "Hangul": 2}
"""Letters of a script that make a name of their own; of others, FOUR."""

FOUR = 4


def others(text: str, places: Container[str] = ()) -> list[str]:
    """The names within `text`, without `text` itself; none in most. One of the `places` (in small letters) in brackets is no
    name, but part of that around it."""
    found = dict.fromkeys(part.strip(" ,;:'\"«»“”‘’-") for part in _within(text, places))
    return [part for part in found if part and part != text.strip() and _is_name(part)]


def _within(text: str, places: Container[str]) -> Iterator[str]:
    brackets = [found for found in _BRACKETS.finditer(text) if found[1].strip()]
    outside = of_text(_BRACKETS.sub(" ", text)) if brackets else ""
    inside = [found for found in brackets if _is_own_name(found, outside, places)]
    if inside:
        own = {found[1] for found in inside}
        yield _BRACKETS.sub(lambda found: " " if found[1] in own else found[0], text)
        # In the middle they name a parent: "… Group (CSIC) 712th Research Institute".
        yield from (found[1] for found in inside if found.end() >= len(text.rstrip(" .\"'»”’")))
    parts = _FORMER.split(text)
    if len(parts) > 1:
        yield from parts
    if found := _VESSEL.match(text):
        yield text[found.end() :]
    if not text.isascii():
        yield from _by_script(text)


def _is_own_name(found: re.Match[str], outside: str, places: Container[str]) -> bool:
    """Whether brackets hold a name and not a place: several words, the initials of what stands in front, or another script than
    `outside`."""
    part = " ".join(found[1].split())
    if part.casefold() in places:
        return False
    initials = (
        part.isupper() and part.isalpha() and len(part) >= FOUR and _are_initials(part, found.string[: found.start()])
    )
    return " " in part or initials or (bool(of_text(part)) and of_text(part) != outside)


def _are_initials(part: str, text: str) -> bool:
    """Whether capitals begin as a text does and are first letters of its words, in their order."""
    first = [word[0].upper() for word in _WORD.findall(text)]
    if not first or first[0] != part[0]:
        return False
    left = iter(first)
    return all(letter in left for letter in part)


def _by_script(text: str) -> Iterator[str]:
    """Runs of words of one script, where there are several."""
    words = [(of_text(found[0]), found.start(), found.end()) for found in _PART.finditer(text)]
    written = [one for one in words if one[0]]
    runs = [list(run) for _, run in groupby(written, key=lambda one: one[0])]
    if len(runs) > 1:
        yield from (text[run[0][1] : run[-1][2]] for run in runs)


def _is_name(part: str) -> bool:
    return sum(map(str.isalpha, part)) >= LETTERS.get(of_text(part), FOUR)
