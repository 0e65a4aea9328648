"""Makes the arrays of a segment from names, one after the other: what it holds of each is numbers, so that a million fit."""

from array import array
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from bot.matching import grams
from bot.matching.analysis import Analyser
from bot.matching.columns import Array, Columns, strings
from bot.matching.identifiers import key as identifier_key
from bot.matching.name import Name, Word
from bot.records import ENTITY_KINDS, NAME_KINDS, IndexedName

KINDS = (*NAME_KINDS, "identifier")
SCHEMAS = ("", *ENTITY_KINDS)
LEGAL = "legal"
"""The kind under which legal forms stand among the words of a stored name."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Builder:
    """Takes names in and gives the arrays out. A name that holds others (in brackets, in another script) has a place for each."""

    def __init__(self, analyser: Analyser) -> None:
        self.analyser = analyser
        self.vocabulary: dict[Word, int] = {}
        self.texts: dict[str, dict[str, int]] = {"entity": {}, "workspace": {}}
        self.values: list[str] = []
        self.numbers = {name: array(kind) for name, kind in _NUMBERS.items()}
        self.words, self.word_counts = array("I"), array("H")
        self.wholes, self.whole_counts = array("I"), array("H")
        self.keys: list[tuple[int, int]] = []
        self.places: dict[tuple[str, str, str, str, str], list[int]] = {}

    def __len__(self) -> int:
        return len(self.values)

    def add(self, stored: IndexedName) -> None:
        """Takes in a name, read by the rules of the kind of its subject, or an identifier. A name that several versions of a
        record have is one, known from the first of them to the end of the last."""
        key = (stored.entity_id, stored.value, stored.kind, stored.schema, stored.workspace)
        if known := self.places.get(key):
            for place in known:
                self._prolong(place, stored)
            return
        first = len(self)
        self._add(stored)
        self.places[key] = list(range(first, len(self)))

    def _prolong(self, place: int, stored: IndexedName) -> None:
        since, until, row = (self.numbers[name] for name in ("since", "until", "row"))
        since[place] = min(since[place], micros(stored.known_from))
        # What is recorded later is a later version; the earlier one may have ended since it was taken in.
        until[place], row[place] = micros(stored.known_until), stored.row

    def _add(self, stored: IndexedName) -> None:
        if stored.kind == "identifier":
            self.keys += [(number_of(key), len(self)) for key in identifier_keys(stored.value)]
            self._place(stored, None)
        else:
            for name in self.analyser.readings(stored.value, stored.schema):
                self._place(stored, name)

    def _place(self, stored: IndexedName, name: Name | None) -> None:
        self.values.append(stored.value)
        for field, value in (("entity", stored.entity_id), ("workspace", stored.workspace)):
            self.numbers[field].append(self.texts[field].setdefault(value, len(self.texts[field])))
        self.numbers["kind"].append(KINDS.index(stored.kind))
        self.numbers["schema"].append(SCHEMAS.index(stored.schema))
        self.numbers["row"].append(stored.row)
        self.numbers["since"].append(micros(stored.known_from))
        self.numbers["until"].append(micros(stored.known_until))
        words = (*name.words, *(Word(form, form, LEGAL) for form in name.legal)) if name else ()
        self.words.extend(self.vocabulary.setdefault(word, len(self.vocabulary)) for word in words)
        self.word_counts.append(len(words))
        wholes = set(grams.of_name(name)) if name else ()
        self.wholes.extend(wholes)
        self.whole_counts.append(len(wholes))

    def columns(self) -> Columns:
        """The arrays, and what they were read with."""
        starts = _starts(self.word_counts)
        word_ids = np.array(self.words, np.uint32)
        keys = sorted(self.keys)
        arrays = {
            **{name: np.array(values, _TYPES[values.typecode]) for name, values in self.numbers.items()},
            **_texts("value", self.values),
            **_texts("entity", self.texts["entity"]),
            **_texts("workspace", self.texts["workspace"]),
            **_texts("word", map(_packed, self.vocabulary)),
            "word_starts": starts,
            "word_ids": word_ids,
            "identifier": np.array([number for number, _ in keys], np.uint64),
            "identifier_names": np.array([place for _, place in keys], np.uint32),
            **self._postings(starts, word_ids),
        }
        return Columns(arrays, {"names": len(self), "reading": self.analyser.tables.fingerprint})

    def _postings(self, starts: Array, word_ids: Array) -> dict[str, Array]:
        """For each gram the names that have it, in order, and for each name the weight of all its grams."""
        of_words = [grams.of_word(word) if word.kind != LEGAL else () for word in self.vocabulary]
        word_starts = _starts([len(some) for some in of_words])
        flat = np.fromiter((gram for some in of_words for gram in some), np.uint32, int(word_starts[-1]))
        lengths = np.diff(word_starts)[word_ids]
        numbers = np.arange(len(self), dtype=np.uint32)
        owners = np.repeat(numbers, np.diff(starts))
        names = np.concatenate([np.repeat(owners, lengths), np.repeat(numbers, np.array(self.whole_counts))])
        codes = np.concatenate([flat[_ranges(word_starts[word_ids], lengths)], np.array(self.wholes, np.uint32)])
        pairs = codes.astype(np.uint64) << np.uint64(32)
        pairs |= names
        pairs.sort()
        pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])] if len(pairs) else pairs
        codes, names = (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)
        distinct, first, counts = np.unique(codes, return_index=True, return_counts=True)
        rarity = np.log1p(len(self) / counts).astype(np.float32)
        weights = np.bincount(names, np.repeat(rarity, counts), len(self)).astype(np.float32)
        starts = np.append(first, len(codes)).astype(np.int64)
        return {"gram": distinct, "gram_starts": starts, "gram_names": names, "weight": weights}


_NUMBERS = {"entity": "I", "workspace": "H", "kind": "B", "schema": "B", "row": "q", "since": "q", "until": "q"}
_TYPES = {"I": np.uint32, "H": np.uint16, "B": np.uint8, "q": np.int64}


def build(analyser: Analyser, names: Iterable[IndexedName]) -> Columns:
    """The arrays of some names."""
    builder = Builder(analyser)
    for one in names:
        builder.add(one)
    return builder.columns()


def _starts(counts: Iterable[int]) -> Array:
    return np.concatenate([[0], np.cumsum(np.fromiter(counts, np.int64))])


def _texts(name: str, texts: Iterable[str]) -> dict[str, Array]:
    blob, starts = strings(list(texts))
    return {f"{name}_blob": blob, f"{name}_blob_starts": starts}


def _packed(word: Word) -> str:
    return "\t".join((word.text, word.written, word.kind, word.han, "|".join(word.others)))


def _ranges(starts: Array, lengths: Array) -> Array:
    """All places of several ranges, one behind the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    places: Array = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return places


@lru_cache(4096)
def micros(at: datetime | None) -> int:
    """Microseconds since 1970, UTC; 0 for none."""
    return (at - _EPOCH) // _MICROSECOND if at else 0


def moment(value: int) -> datetime | None:
    """The moment that `micros` made a number of."""
    return _EPOCH + value * _MICROSECOND if value else None


def identifier_keys(value: str) -> set[str]:
    """The keys of an identifier. A ticker is known with and without its exchange: 688301.SS, 002415 CN; an IMO number with and
    without its letters."""
    bare = value.replace(".", " ").split(" ")[0]
    return {found for one in (value, bare, value.upper().removeprefix("IMO")) if (found := identifier_key(one))}


def number_of(key: str) -> int:
    """Sixty-four bits of an identifier's key."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")
