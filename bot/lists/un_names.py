"""Takes the names out of a name field of the UN list, which may hold several, remarks in brackets, or `LAST, First`."""

import re
from collections.abc import Iterable, Iterator

from bot import scripts
from bot.lists.files import clean

_PERSONS, _ENTITIES = re.compile(r"[()]|;|\s[b-z]\)\s"), re.compile(r"[()]|;|\s/\s")
_LABEL = re.compile(r"^[a-z]?\)\s*|^original script:\s*|\s*\(original script\)$|\s+-\s+sub-unit name$", re.IGNORECASE)
_SUFFIX = re.compile(r"(?i:jr|sr|[iv]+)\b\.?|(?i:ltd|inc|co)\b|.*\d")
_BIOGRAPHY = re.compile(r",?\s+born\b.*|,\s*$", re.IGNORECASE)
_QUOTES = "\"“”'‘’« »"
_SHORT = re.compile(r"(?=[^A-Z]*[A-Z][^A-Z]*[A-Z])[A-Z0-9][A-Za-z0-9/&.-]{1,9}")
"""What an acronym may look like: two capitals at least."""


def names_in(text: str | None, kind: str, is_person: bool, levels: int = 3) -> Iterator[tuple[str, str]]:
    """The names of a field, each with its kind: `kind`, or `acronym` for a short form in brackets. What is in brackets is a
    name where it is in another script than what stands before; else it is part of the name of an entity, and a remark on
    that of a person. `levels` is how many brackets within brackets are looked into."""
    for part in _parted(clean(text), is_person):
        yield from _one(part, kind, is_person, levels)


def _parted(text: str, is_person: bool) -> Iterator[str]:
    """`A; B` and `A b) B` are two names, of entities also `A / B`, where that is not in brackets."""
    start = depth = 0
    cuts = []
    for found in (_PERSONS if is_person else _ENTITIES).finditer(text):
        if found[0] in "()":
            depth += 1 if found[0] == "(" else -1
        elif depth <= 0:
            cuts.append((start, found.start()))
            start = found.end()
    for first, last in (*cuts, (start, len(text))):
        if part := _LABEL.sub("", text[first:last].strip()).strip():
            yield part


def _one(text: str, kind: str, is_person: bool, levels: int) -> Iterator[tuple[str, str]]:
    outer, inner = _brackets(text) if levels else (text, [])
    script = scripts.of_text(outer) if inner else ""
    own = [part for part in inner if _is_acronym(part, outer) or _is_foreign(part, script, is_person)]
    name = outer if own or (is_person and outer) else text
    yield from _person(name, kind) if is_person else ((name, kind),)
    for part in own:
        if _is_acronym(part, outer):
            yield part, "acronym"
        else:
            yield from names_in(part, kind, is_person, levels - 1)


def _brackets(text: str) -> tuple[str, list[str]]:
    """A text without its brackets, and what is in each; the text alone where they do not match."""
    outer: list[str] = []
    inner: list[str] = []
    depth = start = 0
    for found in re.finditer(r"[()]", text):
        opens, place = found[0] == "(", found.start()
        if depth == (0 if opens else 1):
            (outer if opens else inner).append(text[start:place])
            start = place + 1
        depth += 1 if opens else -1
        if depth < 0:
            return text, []
    return (text, []) if depth else (clean(" ".join((*outer, text[start:]))), inner)


def _is_foreign(text: str, script: str, is_person: bool) -> bool:
    return bool(script) and any(scripts.of_text(part) not in ("", script) for part in _parted(text, is_person))


def _is_acronym(short: str, long: str) -> bool:
    """Whether a bracket holds the initials, or so, of what it stands in: its letters come there in their order."""
    if not _SHORT.fullmatch(short):
        return False
    letters: Iterable[str] = iter(long.casefold())
    return all(letter in letters for letter in short.casefold() if letter.isalnum())


def _person(text: str, kind: str) -> Iterator[tuple[str, str]]:
    """`LAST, First` is given in the natural order, too; what follows `born` is no name."""
    name = _BIOGRAPHY.sub("", text).strip()
    yield name, kind
    last, comma, first = (part.strip(_QUOTES) for part in name.partition(","))
    if comma and first and "," not in first and not _SUFFIX.match(first):
        yield f"{first} {last}", "alias" if kind == "primary" else kind
