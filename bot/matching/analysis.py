"""Reads a name once: its words with their kinds and weights, its legal form, its keys."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import opencc
from anyascii import anyascii

from bot.matching.words import WEIGHTS, Gloss, Tables
from bot.scripts import is_han

_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?\b\.?")
_POSSESSIVE = re.compile(r"['’`´](?:s\b|(?=\s|$))", re.IGNORECASE)
_LATIN_ACCENTS = re.compile(r"([a-z])[\u0300-\u036f]+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)?")
_HAN_ORDINAL = re.compile(r"第([零〇一二三四五六七八九十百\d]+)")
_HAN_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: in canonical Latin form, as written, its kind, its weight, and its Han characters if it has any."""

    text: str
    written: str
    kind: str
    han: str = ""
    others: tuple[str, ...] = ()

    @property
    def weight(self) -> float:
        """How much identity the word carries, 0–1."""
        return WEIGHTS[self.kind]


@dataclass(frozen=True, slots=True)
class Name:
    """An analysed name. `key` is the words without legal form, `full` with it; `acronyms` are those it can be called by."""

    text: str
    words: tuple[Word, ...]
    legal: tuple[str, ...]
    key: str
    full: str
    acronyms: frozenset[str]
    is_han: bool

    @property
    def brand(self) -> tuple[Word, ...]:
        """The words that tell this name from others; none in a name made of place, sector and form."""
        return tuple(word for word in self.words if word.kind == "brand")


class Analyser:
    """Analyses names with the tables it is given."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.simplify = opencc.OpenCC("t2s").convert
        self.longest = {
            "legal": max(map(len, tables.legal)),
            "equivalents": max(map(len, tables.equivalents)),
        }

    def analyse(self, text: str) -> Name:
        """The words, keys and acronyms of `text`; a name without any word has an empty key."""
        plain = normalise(text)
        has_han = any(map(is_han, plain))
        tokens = list(self._tokens(self.simplify(plain) if has_han else plain))
        tokens, legal = self._split_legal(tokens)
        words = tuple(self._words(tokens))
        weighty = [word for word in words if word.kind != "particle"]
        key = " ".join((word.han or word.text) for word in weighty)
        full = " ".join((key, *sorted(legal)))
        return Name(text, words, tuple(legal), key, full, _acronyms(weighty), has_han)

    def canonical(self, word: str) -> str:
        """The canonical form of one Latin word: its group of equivalents, digits for ordinals, no plural of a known word."""
        found = self.tables.equivalents.get((word,))
        if found:
            return found
        if (ordinal := _ORDINAL.fullmatch(word)) is not None:
            return str(int(ordinal[1]))
        singular = word[:-1]
        if (
            word.endswith("s")
            and len(word) > 4
            and (singular in self.tables.kinds or (singular,) in self.tables.equivalents)
        ):
            return self.tables.equivalents.get((singular,), singular)
        return word

    def kind(self, word: str) -> str:
        """The kind of a canonical word."""
        if word.isdigit():
            return "number"
        return self.tables.kinds.get(word, "brand")

    def _tokens(self, plain: str) -> Iterator[str]:
        for found in _TOKEN.finditer(plain):
            token = found[0]
            start = 0
            for place in range(1, len(token) + 1):
                if place == len(token) or is_han(token[place]) != is_han(token[place - 1]):
                    yield token[start:place]
                    start = place

    def _split_legal(self, tokens: list[str]) -> tuple[list[str], list[str]]:
        """Takes the legal forms out, wherever they stand; a name that is nothing else keeps none of its words."""
        rest: list[str] = []
        legal: list[str] = []
        place = 0
        while place < len(tokens):
            size, form = self._longest(self.tables.legal, "legal", tokens, place)
            at_an_end = place == 0 or place + size == len(tokens)
            # "AS", "SE", "PT" are legal forms only at an end of a name.
            if size and (at_an_end or len("".join(tokens[place : place + size])) > 3):
                legal.append(form)
                place += size
                continue
            token, forms = self._strip_han_forms(tokens[place])
            legal += forms
            rest += [token] if token else []
            place += 1
        return rest, legal

    def _longest(self, table: dict[tuple[str, ...], str], name: str, tokens: list[str], place: int) -> tuple[int, str]:
        for size in range(min(self.longest[name], len(tokens) - place), 0, -1):
            found = table.get(tuple(tokens[place : place + size]))
            if found:
                return size, found
        return 0, ""

    def _strip_han_forms(self, token: str) -> tuple[str, list[str]]:
        forms: list[str] = []
        if is_han(token[0]):
            while form := next((form for form in self.tables.han_legal if token.endswith(form)), ""):
                token = token.removesuffix(form)
                forms.append(self.tables.legal.get((form,), "ltd"))
        return token, forms

    def _words(self, tokens: list[str]) -> Iterator[Word]:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if is_han(token[0]):
                yield from self._han_words(token)
                place += 1
                continue
            size, text = self._longest(self.tables.equivalents, "equivalents", tokens, place)
            if size:
                yield Word(text, " ".join(tokens[place : place + size]), self.kind(text))
                place += size
                continue
            # "No. 11" is the number 11.
            if not (token in ("no", "nr", "№") and place + 1 < len(tokens) and tokens[place + 1].isdigit()):
                yield from self._plain_word(token)
            place += 1

    def _plain_word(self, token: str) -> Iterator[Word]:
        if not token.isascii() and (gloss := self._stem(token)) is not None:
            yield from self._glossed(gloss, token, "")
            return
        latin = re.sub(r"[^a-z0-9]", "", anyascii(token).lower())
        if latin:
            text = self.canonical(latin)
            yield Word(text, token, self.kind(text))

    def _stem(self, token: str) -> Gloss | None:
        for size in range(len(token), 3, -1):
            if found := self.tables.stems.get(token[:size]):
                return found
        return None

    def _han_words(self, run: str) -> Iterator[Word]:
        """Cuts a run of Han into known words, longest first; what lies between them is a brand."""
        start = place = 0
        while place < len(run):
            size, words = self._han_at(run, place)
            if size:
                yield from self._han_brand(run[start:place])
                yield from words
                start = place + size
            place += size or 1
        yield from self._han_brand(run[start:])

    def _han_at(self, run: str, place: int) -> tuple[int, list[Word]]:
        if ordinal := _HAN_ORDINAL.match(run, place):
            number = str(_han_number(ordinal[1]))
            return len(ordinal[0]), [Word(number, ordinal[0], "number", number)]
        for size in range(min(self.tables.longest_han, len(run) - place), 1, -1):
            chunk = run[place : place + size]
            if gloss := self.tables.han.get(chunk):
                return size, list(self._glossed(gloss, chunk, chunk))
        return 0, []

    def _glossed(self, gloss: Gloss, written: str, han: str) -> Iterator[Word]:
        first, *rest = gloss.readings
        others = tuple(self.canonical("".join(reading)) for reading in rest)
        joined = self.tables.equivalents.get(first)
        words = (joined,) if joined else tuple(map(self.canonical, first))
        for number, text in enumerate(words):
            kind = self.kind(text) if gloss.kind in ("legal", "ordinal") else gloss.kind
            shown = (han if number == 0 else "\u200b") if han else ""
            yield Word(text, written, "corporate" if text in ("group", "company") else kind, shown, others)

    def _han_brand(self, run: str) -> Iterator[Word]:
        if run:
            yield Word(re.sub(r"[^a-z0-9]", "", anyascii(run).lower()), run, "brand", run)


def normalise(text: str) -> str:
    """Compatibility forms and case folded, accents off, dotted initials closed up, possessives and apostrophes off."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _POSSESSIVE.sub("", plain)
    plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", plain)
    plain = plain.replace("&", " and ")
    # Accents come off Latin letters only: й is not и.
    bare = _LATIN_ACCENTS.sub(r"\1", unicodedata.normalize("NFD", plain))
    return re.sub(r"['’`´]", "", unicodedata.normalize("NFC", bare))


def _acronyms(words: list[Word]) -> frozenset[str]:
    """Initials of all words, of all but places, and of all but the words of structure; three letters at least."""
    if any(word.han for word in words):
        return frozenset()
    choices = (
        words,
        [word for word in words if word.kind != "place"],
        [word for word in words if word.kind != "corporate"],
    )
    initials = ("".join(word.text[0] for word in some) for some in choices)
    return frozenset(letters for letters in initials if 3 <= len(letters) <= 10)


def _han_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(_HAN_DIGITS.get(digit, 0)) for digit in text))
    return (_HAN_DIGITS.get(tens, 1) if tens else 1) * 10 + (_HAN_DIGITS.get(ones, 0) if ones else 0)
