"""Reads a run of stored names from the arrays that `building` makes: the same in memory and in a file of `columns`."""

import numpy as np

from bot.matching.analysis import Analyser
from bot.matching.building import KINDS, LEGAL, SCHEMAS, number_of
from bot.matching.columns import Columns, text
from bot.matching.name import Name, Word

REMEMBERED = 50_000
"""How many words of a segment are kept ready at the most."""


class Segment:
    """Stored names by their place. Never changes."""

    def __init__(self, columns: Columns, analyser: Analyser) -> None:
        self.columns, self.analyser = columns, analyser
        self.arrays = columns.arrays
        self.size = int(columns.about["names"])
        self.words: dict[int, Word] = {}
        self.workspaces = [
            self._text("workspace", place) for place in range(len(self.arrays["workspace_blob_starts"]) - 1)
        ]

    def _text(self, name: str, place: int) -> str:
        return str(text(self.arrays[f"{name}_blob"], self.arrays[f"{name}_blob_starts"], place))

    def value(self, place: int) -> str:
        """The name as published."""
        return self._text("value", place)

    def entity(self, place: int) -> str:
        """The id of the entity it belongs to."""
        return self._text("entity", int(self.arrays["entity"][place]))

    def kind(self, place: int) -> str:
        """The kind of name."""
        return str(KINDS[self.number("kind", place)])

    def workspace(self, place: int) -> str:
        """The workspace that sees it."""
        return self.workspaces[self.number("workspace", place)]

    def number(self, name: str, place: int) -> int:
        """What is known of it by number: its `row`, and `since` and `until` when it was known (microseconds, 0 for open)."""
        return int(self.arrays[name][place])

    def name(self, place: int) -> Name:
        """The analysed name; its tokens are not filled in."""
        starts = self.arrays["word_starts"]
        ids = self.arrays["word_ids"][starts[place] : starts[place + 1]].tolist()
        known = self.words
        words = [known[id] if id in known else self._word(id) for id in ids]
        schema = SCHEMAS[self.number("schema", place)]
        if words and words[-1].kind == LEGAL:
            legal = tuple(word.text for word in words if word.kind == LEGAL)
            return Name(self.value(place), tuple(words[: -len(legal)]), legal, (), schema)
        return Name(self.value(place), tuple(words), (), (), schema)

    def _word(self, id: int) -> Word:
        word, written, kind, han, others = self._text("word", id).split("\t")
        weight = 0.0 if kind == LEGAL else self.analyser.weight(word, kind)
        found = Word(word, written, kind, han, tuple(others.split("|")) if others else (), weight)
        if len(self.words) >= REMEMBERED:
            self.words.clear()
        self.words[id] = found
        return found

    def with_gram(self, gram: int) -> list[int]:
        """The places of the names that have a gram."""
        grams, starts = self.arrays["gram"], self.arrays["gram_starts"]
        found = int(np.searchsorted(grams, np.uint32(gram)))
        if found == len(grams) or grams[found] != gram:
            return []
        places: list[int] = self.arrays["gram_names"][starts[found] : starts[found + 1]].tolist()
        return places

    def with_identifier(self, key: str) -> list[int]:
        """The places of the identifiers that have this key."""
        numbers, wanted = self.arrays["identifier"], np.uint64(number_of(key))
        first, last = np.searchsorted(numbers, wanted), np.searchsorted(numbers, wanted, "right")
        places: list[int] = self.arrays["identifier_names"][first:last].tolist()
        return places
