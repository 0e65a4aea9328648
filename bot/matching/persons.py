"""Reads the name of a person: spellings of one name become one, particles and titles count little, initials stand for names."""

import re
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter

from bot.matching.name import Word
from bot.matching.spelling import latin, without_digits
from bot.matching.words import Tables
from bot.scripts import is_han

_PATRONYMIC = re.compile(r".{3,}(?:[oe]vi(?:ch|c|tch|ts)|[oe]vna|ichna|yevich|yevna|ovych|ivna|ogly|ogli|qizi|kyzy)")
"""Endings of a father's name in Russian, Ukrainian and Turkic names."""

_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")

_ABD = re.compile(r"(c?[ae]bd(?:[aeiou]{0,2}))(?=[a-z]{3})")
_ABD_ALONE = re.compile(r"c?[ae]bd(?:[aeo]l|ou?l|u[lrs]?|[ae]r)?|עבד|عبد")
_DIN = re.compile(r"(?:[aeiou]{1,2}(?:[dlt]|ll)?|l)?d(?:i|ee|ie)nn?e?|ettin|al?ddin")
_ULLAH = re.compile(r"[aou]{1,2}ll?(?:ah?|oh?)|ul+ah?")
_KIN = {
    "abu": "abi abil abo abol aboo abou aboul abu abul ebu abw",
    "umm": "om oum oumm um umm ummi ummu umu",
    "bin": "ben bn ibn ibnu",
}
_CANONICAL = {spelling: one for one, spellings in _KIN.items() for spelling in spellings.split()}
"""Spellings of "father of", "mother of", "son of" → one of them."""

_LINK = re.compile("[aeiu]l|[aeiu][dr]")
_ARTICLE = "ال"
_ARABIC = {"الدين": "din", "الله": "ullah"}
_HANGUL = re.compile("[가-힣]+")

LONGEST = 4
"""Words of one name at the most."""

Weigh = Callable[[str, str], float]
Part = tuple[str, str, str]
"""Of a word or a part of one: its canonical form, as written, its kind."""


def apart(text: str, tables: Tables) -> str:
    """A name with the letters of dotted initials apart ("J.F. Kennedy"), but in titles ("Ph.D.")."""
    if "." not in text:
        return text

    def parted(found: re.Match[str]) -> str:
        is_title = found[0].replace(".", "").casefold() in tables.name_words
        return found[0] if is_title else found[0].replace(".", " ")

    return _INITIALS.sub(parted, text)


def words(tokens: Sequence[str], tables: Tables, weigh: Weigh) -> tuple[Word, ...]:
    """The words of a person's name, from its normalised tokens; one that is repeated counts once."""
    found: dict[str, Word] = {}
    for text, written, kind in filter(itemgetter(0), _read(tokens, tables)):
        found.setdefault(text, Word(text, written, kind, written if is_han(written[0]) else "", (), weigh(text, kind)))
    return tuple(found.values())


def _read(tokens: Sequence[str], tables: Tables) -> Iterator[Part]:
    place, before = 0, ""
    while place < len(tokens):
        size, name = _known(tokens, place, tables)
        if name:
            parts = [(name, " ".join(tokens[place : place + size]), tables.name_words.get(name, "given"))]
        else:
            parts = _parts(tokens[place], before, len(tokens), tables)
        yield from parts
        place += max(1, size)
        if parts and not _LINK.fullmatch(parts[-1][0]):
            before = parts[-1][2]


def _known(tokens: Sequence[str], place: int, tables: Tables) -> tuple[int, str]:
    """The longest spelling of a known name at a place; a particle or title alone is none."""
    for size in range(min(LONGEST, len(tokens) - place), 0, -1):
        phrase = tuple(tokens[place : place + size])
        if size > 1 and " ".join(phrase) in tables.name_words:
            return size, " ".join(phrase)
        if (found := tables.given.get(phrase)) and not (size == 1 and phrase[0] in tables.name_words):
            return size, found
    return 0, ""


def _parts(token: str, before: str, count: int, tables: Tables) -> list[Part]:
    """What a token is that is no known spelling by itself: a word, a name with "abd", "din" or "ullah", a name of Han or
    Hangul in one."""
    if kind := tables.name_words.get(token):
        return [(_CANONICAL.get(latin(token), latin(token)), token, kind)]
    if is_han(token[0]) or _HANGUL.fullmatch(token):
        return _syllables(token, tables) if count == 1 else [(_sound(token, tables), token, "name")]
    text = latin(without_digits(token))
    if not text:
        return []
    if found := tables.given.get((text,)):
        return [(found, token, "given")]
    if servant := _servant(text, token, before):
        return [(servant, token, "servant")]
    return _compound(text, token, tables) or [(text, token, _kind(text, tables))]


def _kind(text: str, tables: Tables) -> str:
    if len(text) == 1:
        return "initial"
    return tables.name_words.get(text) or ("patronymic" if _PATRONYMIC.fullmatch(text) else "name")


def _servant(text: str, token: str, before: str) -> str:
    """The part of a compound that stands by itself: "abdul"; behind a name "din" and "ullah"."""
    if _ABD_ALONE.fullmatch(token):
        return "abd"
    if before not in ("given", "name"):
        return ""
    return _ARABIC.get(token) or ("din" if _DIN.fullmatch(text) else "ullah" if _ULLAH.fullmatch(text) else "")


def _compound(text: str, token: str, tables: Tables) -> list[Part]:
    """The parts of a name in one: abdelkader, nouredine, habibullah, الرحمن, عبدالرحمن; none of any other."""
    if not token.isascii() and (found := _arabic(token, tables)):
        return found
    if servant := _ABD.match(text):
        start = servant.end()
        for end in (start, start + 1):
            if found_name := tables.given.get((text[end:],)):
                return [("abd", text[:end], "servant"), (found_name, text[end:], "given")]
    for end in range(len(text) - 2, 2, -1):
        head = tables.given.get((text[:end],))
        if head and (rest := "din" if _DIN.fullmatch(text, end) else "ullah" if _ULLAH.fullmatch(text, end) else ""):
            return [(head, text[:end], "given"), (rest, text[end:], "servant")]
    return []


def _arabic(token: str, tables: Tables) -> list[Part]:
    """An Arabic name without its article, and "abd" apart."""
    bare = token.removeprefix("عبد")
    own = bare.removeprefix(_ARTICLE)
    if own == token or len(own) < 2:
        return []
    found = tables.given.get((own,))
    rest = (found, own, "given") if found else (latin(own), own, "name")
    if bare == token:
        return [rest]
    return [("abd", "عبد", "servant"), rest] if found else []


def _syllables(token: str, tables: Tables) -> list[Part]:
    """The family name and the given name of a Chinese or Korean person, written in one."""
    size = next((size for size in (2, 1) if len(token) > size and (token[:size],) in tables.given), 1)
    family, rest = token[:size], token[size:]
    if not 0 < len(rest) < 3:
        return [(_sound(token, tables), token, "name")]
    known = tables.given.get((family,))
    return [(known or latin(family), family, "given" if known else "name"), (_sound(rest, tables), rest, "name")]


def _sound(token: str, tables: Tables) -> str:
    """How Han or Hangul sounds, syllable by syllable."""
    if is_han(token[0]):
        return latin(token)
    return "".join(tables.given.get((one,)) or latin(one) for one in token)
