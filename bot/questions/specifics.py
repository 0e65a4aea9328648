"""Finds the programmes that a question names, and the words before "list" that name no list that is known by them."""

import re
from collections.abc import Iterator, Sequence

from bot.questions.intents import is_frame

_CODE = re.compile(r"(?<![\w/-])(?=\S*\d)(?:[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+|[A-Z]{2,}\d{3,})(?![\w/-])")
_ORDER = re.compile(r"(?<![\w-])(?:E\.?O\.?|executive order)\s*(\d{5})\b", re.IGNORECASE)
_UNDER = re.compile(
    r"\b(?:under|programme?s?)\s+(?:the\s+|programme?\s+)*(?P<name>[A-Za-z][\w-]{2,})(?![\w/])", re.IGNORECASE
)
_MORE = re.compile(r"(?:,\s*and|,|\s+and|\s+or)\s+([A-Z][A-Z0-9-]{2,})(?![\w/])")
_NO_PROGRAMME = frozenset(
    "asset travel export arms chinese russian article section regulation council freeze title chapter executive".split()
)
_BIG = r"[A-Z0-9][\w'’&./-]*"
_CALLED = re.compile(rf"(?<![\w-])(?P<name>{_BIG}(?:\s+(?:(?:and|of|the|for|on|against)\s+)*{_BIG})*)\s+[Ll]ists?\b")


def programmes(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Parts of names of programmes, in small letters; what lies in `taken` is of something else."""
    for found in _ORDER.finditer(text):
        yield f"eo{found[1]}"
    for found in _CODE.finditer(text):
        if not _lies_in(found.span(), taken):
            yield found[0].lower()
    for found in _UNDER.finditer(text):
        name = found["name"].lower()
        if not _lies_in(found.span("name"), taken) and not is_frame(name) and name not in _NO_PROGRAMME:
            yield name
            yield from _more(text, found.end(), taken)


def _more(text: str, start: int, taken: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Those that are named beside one: "under IRAN and SDGT"."""
    while (found := _MORE.match(text, start)) and not _lies_in(found.span(1), taken):
        yield found[1].lower()
        start = found.end()


def unread(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Runs of words with capitals before "list"; not those in `taken`, which are known."""
    for found in _CALLED.finditer(text):
        if _lies_in(found.span("name"), taken):
            continue
        words = found["name"].split()
        while words and (is_frame(words[0]) or not words[0][0].isalnum()):
            words.pop(0)
        if words:
            yield " ".join(words)


def _lies_in(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Whether two stretches of the text overlap anywhere."""
    return any(first < span[1] and span[0] < last for first, last in taken)
