"""Reads a name once: its words with their kinds and weights, its legal form, its keys, its initials."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import opencc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching import persons
from bot.matching.mending import mended
from bot.matching.name import Name, Word
from bot.matching.readings import others
from bot.matching.sounds import Sounds
from bot.matching.spelling import latin, normalise, tokens, unmask
from bot.matching.words import WEIGHTS, Gloss, Tables
from bot.scripts import is_han

_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)?")
_HAN_ORDINAL = re.compile(r"第([零〇一二三四五六七八九十百\d]+)")
_HAN_INSTITUTE = re.compile(r"([一二三四五六七八九十百\d]+)(?:研究)?所")
"""十一所 is the 11th Research Institute."""
_HAN_DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}
_ENDING = re.compile(
    "(?:ич|ическ|еческ|ск|н|енн|онн|ов|ев|ств|ени|ани|аци|яци|ци|тельн|льн|ированн|ник|щик|ост|ат|ящ|ющ|ующ)*"
    "[аеиоуыэюяйьъіїєґмхвцкг]{0,4}"
)
"""What stands behind the stem of a Russian or Ukrainian word; anything else makes another word of it."""
_ROMAN = {
    numeral: str(number)
    for number, numeral in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split(), 1)
}

REMEMBERED = 10_000
"""Of how many words is kept whether they are common: a conversation has the same ones again and again."""

REMEMBERED_NAMES = 32_768
"""How many names of firms are kept as they were read: a list that is loaded has each looked at twice."""


class _Phrases:
    """A table of phrases, to be found where they stand among words."""

    def __init__(self, table: dict[tuple[str, ...], str]) -> None:
        self.table, self.longest = table, max(map(len, table))
        self.first = frozenset(phrase[0] for phrase in table)

    def at(self, tokens: Sequence[str], place: int) -> tuple[int, str]:
        """The longest phrase that stands at a place: its length in words (0: none) and what it says."""
        if tokens[place] in self.first:
            for size in range(min(self.longest, len(tokens) - place), 0, -1):
                if found := self.table.get(tuple(tokens[place : place + size])):
                    return size, found
        return 0, ""


class Analyser:
    """Analyses names with the tables it is given."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.simplify = opencc.OpenCC("t2s").convert
        self.sounds = Sounds()
        self.common: dict[str, bool] = {}
        self.legal = _Phrases(tables.legal)
        self.equivalents = _Phrases(tables.equivalents)
        self._firm = lru_cache(REMEMBERED_NAMES)(self._of_firm)

    def analyse(self, text: str, schema: str = "") -> Name:
        """The words of `text`, read as the name of a subject of that kind (a FollowTheMoney schema, "" for unknown)."""
        if schema == "Person":
            plain, masked = self.plain(persons.apart(text, self.tables))
            return Name(text, persons.words(plain, self.tables, self.weight), (), tuple(masked), schema)
        found = self._firm(text)
        return found._replace(schema=schema) if schema else found

    def _of_firm(self, text: str) -> Name:
        tables = self.tables
        plain, masked = self.plain(text)
        rest, legal = self._split_legal(mended(plain, tables.known, tables.long, tables.legal_typos))
        if not rest:
            # "BEHDAD" is a ship and no misspelt "Berhad".
            rest, legal = self._split_legal(plain)
        words = tuple(self._numbered(list(self._words(rest))))
        return Name(text, words, tuple(legal), tuple(masked), tokens=tuple(plain))

    def readings(self, text: str, schema: str = "") -> list[Name]:
        """`text` read as one name, and each name within it: in brackets, behind "formerly", in another script."""
        whole = self.analyse(text, schema)
        within = [self.analyse(one, schema) for one in others(text, self.tables.places)]
        # What only lacks a legal form in another script ("AO Рособоронэкспорт") is no other name.
        return [whole, *(name for name in within if name.key != whole.key)]

    def plain(self, text: str) -> tuple[list[str], list[str]]:
        """The words of `text` in one spelling, Han simplified; and those that letters of another alphabet stood in."""
        plain = normalise(text)
        if any(map(is_han, plain)):
            plain = self.simplify(plain)
        return unmask(tokens(plain), self.tables.look_alikes, self.tables.latin_forms, self.tables.own_forms)

    def canonical(self, word: str) -> str:
        """The canonical form of one Latin word: its group of equivalents, digits for ordinals, no plural of a known word."""
        found = self.tables.equivalents.get((word,))
        if found:
            return found
        if word[0].isdigit() and (ordinal := _ORDINAL.fullmatch(word)) is not None:
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

    def word(self, text: str, written: str, kind: str, han: str = "", others: tuple[str, ...] = ()) -> Word:
        """A word with the weight that its kind and its rarity give it."""
        return Word(text, written, kind, han, others, self.weight(text, kind))

    def weight(self, text: str, kind: str) -> float:
        """How much identity a word carries, 0–1: by its kind, and a brand or name that many bear counts less."""
        weight = WEIGHTS[kind]
        return weight * self.tables.rarity.get(text, 1.0) if kind in ("name", "given") else weight

    def is_common(self, word: str) -> bool:
        """Whether a word in small letters is a common English one, its plural, or a mistyping of it."""
        if not word.isascii():
            return False
        if word not in self.common:
            if len(self.common) >= REMEMBERED:
                self.common.clear()
            self.common[word] = self._is_common(word)
        return self.common[word]

    def _is_common(self, word: str) -> bool:
        english = self.tables.english
        if word in english or word.removesuffix("s") in english:
            return True
        if len(word) == len("when"):
            return any("".join((word[:i], word[i + 1], word[i], word[i + 2 :])) in english for i in (1, 2))
        return len(word) > 4 and process.extractOne(word, english, scorer=OSA.distance, score_cutoff=1) is not None

    def _split_legal(self, tokens: list[str]) -> tuple[list[str], list[str]]:
        """Takes the legal forms out, wherever they stand; a name that is nothing else keeps none of its words."""
        rest: list[str] = []
        legal: list[str] = []
        place = 0
        while place < len(tokens):
            size, form = self.legal.at(tokens, place)
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

    def _strip_han_forms(self, token: str) -> tuple[str, list[str]]:
        forms: list[str] = []
        if is_han(token[0]):
            while form := next((form for form in self.tables.han_legal if token.endswith(form)), ""):
                token = token.removesuffix(form)
                forms.append(self.tables.legal.get((form,), "ltd"))
        return token, forms

    def _words(self, tokens: list[str]) -> Iterator[Word]:
        spelt = [self.canonical(token) for token in tokens]
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if is_han(token[0]):
                yield from self._han_words(token)
                place += 1
                continue
            size, text = self.equivalents.at(tokens, place)
            if size < 2:
                # "Sci Prod Association" is what "Scientific Production Association" is.
                more, phrase = self.equivalents.at(spelt, place)
                size, text = (more, phrase) if more > 1 else (size, text)
            if size:
                yield self.word(text, " ".join(tokens[place : place + size]), self.kind(text))
                place += size
                continue
            # "No. 11" is the number 11.
            if not (token in ("no", "nr", "№") and place + 1 < len(tokens) and tokens[place + 1].isdigit()):
                yield from self._plain_word(token)
            place += 1

    def _numbered(self, words: list[Word]) -> Iterator[Word]:
        """The words; a Roman numeral or a letter behind all others is a number: Elena II, Elena B."""
        yield from words[:-1]
        for last in words[-1:]:
            number = _ROMAN.get(last.written)
            is_letter = len(last.written) == 1 and last.written.isascii() and last.written.isalpha()
            if len(words) < 2 or not (number or is_letter) or words[-2].written == "and":
                yield last
            elif is_letter:
                yield self.word(last.written, last.written, "number", others=(number,) if number else ())
            else:
                yield self.word(number or last.text, last.written, "number")

    def _plain_word(self, token: str) -> Iterator[Word]:
        if token.isascii():
            # "№ 11" is "no11" by now.
            text = token[2:] if token.startswith("no") and token[2:].isdigit() else self.canonical(token)
            yield self.word(text, token, self.kind(text))
        elif (gloss := self._stem(token)) is not None:
            yield from self._glossed(gloss, token, "")
        elif plain := latin(token):
            text = self.canonical(plain)
            yield self.word(text, token, self.kind(text))

    def _stem(self, token: str) -> Gloss | None:
        for size in range(len(token), 2, -1):
            if found := self.tables.stems.get(token[:size]):
                return found if _ENDING.fullmatch(token, size) else None
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
        if ordinal := _HAN_ORDINAL.match(run, place) or _HAN_INSTITUTE.match(run, place):
            number = str(_han_number(ordinal[1]))
            return len(ordinal[0]), [self.word(number, ordinal[0], "number", number), *self._institute(ordinal[0])]
        for size in range(min(self.tables.longest_han, len(run) - place), 1, -1):
            chunk = run[place : place + size]
            if gloss := self.tables.han.get(chunk):
                return size, list(self._glossed(gloss, chunk, chunk))
        return 0, []

    def _institute(self, written: str) -> Iterator[Word]:
        if not written.startswith("第"):
            yield from self._glossed(self.tables.han["研究所"], written, "研究所")

    def _glossed(self, gloss: Gloss, written: str, han: str) -> Iterator[Word]:
        first, *rest = gloss.readings
        others = tuple(dict.fromkeys(self.canonical("".join(reading)) for reading in rest))
        joined = self.tables.equivalents.get(first)
        words = (joined,) if joined else tuple(map(self.canonical, first))
        if gloss.kind == "brand" and han:
            # Among its own other readings: a brand that is known, and not only one that sounds so.
            others = tuple(dict.fromkeys((*words, *others, latin(han))))
        for number, text in enumerate(words):
            kind = self.kind(text) if gloss.kind in ("legal", "ordinal") else gloss.kind
            shown = (han if number == 0 else "\u200b") if han else ""
            yield self.word(text, written, "corporate" if text in ("group", "company") else kind, shown, others)

    def _han_brand(self, run: str) -> Iterator[Word]:
        if run:
            yield self.word(latin(run), run, "brand", run)


def _han_number(text: str) -> int:
    """The number that Han numerals say, as 十一 (11), 一百零八 (108) or digit by digit 七〇一 (701)."""
    if not set(text) & set("十百"):
        return int("".join(str(_HAN_DIGITS.get(digit, digit)) for digit in text))
    hundreds, hundred, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    units = _HAN_DIGITS.get(ones[-1:], 0)
    tenfold = _HAN_DIGITS.get(tens[-1:], 1) if ten else 0
    return 100 * (_HAN_DIGITS.get(hundreds[-1:], 1) if hundred else 0) + 10 * tenfold + units
