"""Finds the stored names that an asked name may mean, and ranks the entities they belong to."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching.align import budget
from bot.matching.analysis import Analyser, Name
from bot.matching.score import MATCH, SHOW, Score, compare
from bot.records import IndexedName, Reason

CANDIDATES = 100
REMEMBERED = 10_000
"""How many words' near words are kept: a question looks the same word up many times."""

NEAR_TIE = 0.03
"""Entities that score this close together are equally likely."""

COMPUTED_ACRONYM = 0.8
"""The score of initials that no record states."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that may be meant: the score (0–1), the stored name behind it and that name's kind, the reasons."""

    entity_id: str
    score: float
    name: str
    kind: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    stored: IndexedName
    name: Name


class Index:
    """All stored names, analysed once. Pure: what it knows is what it was given."""

    def __init__(self, analyser: Analyser, names: Iterable[IndexedName]) -> None:
        self.analyser = analyser
        self.entries: list[_Entry] = []
        self.identifiers: dict[str, list[IndexedName]] = defaultdict(list)
        self.nearest: dict[str, list[str]] = {}
        self.by_word: dict[str, list[int]] = defaultdict(list)
        self.by_joined: dict[str, list[int]] = defaultdict(list)
        self.by_acronym: dict[str, list[int]] = defaultdict(list)
        for one in names:
            if one.kind == "identifier":
                # A ticker is known with and without its exchange: 688301.SS, 002415 CN.
                for value in {one.value, one.value.replace(".", " ").split(" ")[0]}:
                    if key := identifier_key(value):
                        self.identifiers[key].append(one)
            else:
                self._add(_Entry(one, analyser.analyse(one.value)))

    def _add(self, entry: _Entry) -> None:
        place = len(self.entries)
        self.entries.append(entry)
        words = {text for word in entry.name.words for text in (word.text, *word.others)}
        for text in words:
            self.by_word[text].append(place)
        self.by_joined["".join(word.text for word in entry.name.words)].append(place)
        for letters in entry.name.acronyms:
            self.by_acronym[letters].append(place)

    def match(self, text: str, at: datetime | None = None) -> list[Match]:
        """The entities that `text` may mean by the names known at `at` (None: now), best first, none below SHOW."""
        if found := self._by_identifier(text, at):
            return found
        asked = self.analyser.analyse(text)
        best: dict[str, Match] = {}
        for place, score in self._scored(asked, at):
            stored = self.entries[place].stored
            known = best.get(stored.entity_id)
            if score.value >= SHOW and (known is None or score.value > known.score):
                best[stored.entity_id] = Match(stored.entity_id, score.value, stored.value, stored.kind, score.reasons)
        return sorted(best.values(), key=lambda one: (-one.score, one.entity_id))

    def _by_identifier(self, text: str, at: datetime | None) -> list[Match]:
        key = identifier_key(text)
        stored = self.identifiers.get(key, ()) if key else ()
        ids = dict.fromkeys(one.entity_id for one in stored if one.known_at(at))
        return [Match(id, 1.0, text.strip(), "identifier", (Reason("identifier", text.strip()),)) for id in ids]

    def _scored(self, asked: Name, at: datetime | None) -> Iterator[tuple[int, Score]]:
        for place in self._candidates(asked, at):
            entry = self.entries[place]
            yield place, compare(asked, entry.name, entry.stored.kind)
        if len(asked.words) == 1 and not asked.is_han:
            letters = asked.words[0].text
            if letters not in self.analyser.tables.english:
                for place in self._known(self.by_acronym.get(letters, ()), at):
                    reason = Reason("initials", letters.upper(), self.entries[place].name.text)
                    yield place, Score(COMPUTED_ACRONYM, (reason,))

    def _known(self, places: Iterable[int], at: datetime | None) -> Iterator[int]:
        return (place for place in places if self.entries[place].stored.known_at(at))

    def _candidates(self, asked: Name, at: datetime | None) -> list[int]:
        """Places of entries, those sharing the rarest words first, at most CANDIDATES."""
        hits: dict[int, float] = defaultdict(float)
        for text, places in self._postings(asked):
            rarity = math.log(1 + len(self.entries) / len(places)) * max(1, len(text)) ** 0.5
            for place in self._known(places, at):
                hits[place] += rarity
        return heapq.nlargest(CANDIDATES, hits, key=hits.__getitem__)

    def _postings(self, asked: Name) -> Iterator[tuple[str, list[int]]]:
        texts = [text for word in asked.words for text in (word.text, *word.others)]
        pairs = ["".join(word.text for word in asked.words[i : i + 2]) for i in range(len(asked.words) - 1)]
        for text in dict.fromkeys((*texts, *pairs)):
            for near in self.near_words(text):
                yield near, self.by_word[near]
        for text in texts:
            for cut in range(3, len(text) - 2):
                if text[:cut] in self.by_word and text[cut:] in self.by_word:
                    yield text[:cut], self.by_word[text[:cut]]
        joined = "".join(word.text for word in asked.words)
        if places := self.by_joined.get(joined):
            yield joined, places

    def near_words(self, text: str) -> list[str]:
        """The words of stored names that `text` is, or is a mistyping of."""
        if text in self.by_word:
            return [text]
        if text not in self.nearest:
            if len(self.nearest) >= REMEMBERED:
                self.nearest.clear()
            self.nearest[text] = self._near_words(text)
        return self.nearest[text]

    def _near_words(self, text: str) -> list[str]:
        most = budget(len(text))
        if not most or text.isdigit():
            return []
        found = process.extract(text, self.by_word.keys(), scorer=OSA.distance, score_cutoff=most, limit=10)
        return [word for word, _, _ in found]

    def touches(self, text: str) -> bool:
        """Whether a word of a question occurs in a stored name, stands for one, or is an identifier."""
        words = self.analyser.analyse(text)
        return (
            bool(words.legal)
            or identifier_key(text) in self.identifiers
            or any(
                self.near_words(word.text) or word.text in self.by_acronym or self._split_known(word.text)
                for word in words.words
            )
        )

    def is_common(self, word: str) -> bool:
        """Whether a word in small letters is a common English one, its plural, or a mistyping of it."""
        english = self.analyser.tables.english
        if word in english or word.removesuffix("s") in english or not word.isascii():
            return word.isascii()
        return len(word) > 4 and process.extractOne(word, english, scorer=OSA.distance, score_cutoff=1) is not None

    def _split_known(self, text: str) -> bool:
        return text in self.by_joined or any(
            text[:cut] in self.by_word and text[cut:] in self.by_word for cut in range(3, len(text) - 2)
        )


def identifier_key(text: str) -> str:
    """An identifier without case, spaces and punctuation; empty for what has no digit and so is no identifier."""
    key = "".join(character for character in text.casefold() if character.isalnum())
    return key if any(character.isdigit() for character in key) and len(key) >= 5 else ""


def decide(matches: list[Match]) -> list[Match]:
    """The entities equally likely to be meant: one for a clear match, several for a near-tie, none where none is likely."""
    likely = [one for one in matches if one.score >= MATCH]
    return [one for one in likely if one.score >= likely[0].score - NEAR_TIE]
