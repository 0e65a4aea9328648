"""Finds the claims that speak of what a question asks about when it names nobody."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.matching.align import budget
from bot.matching.analysis import Analyser

LABEL, STATEMENT = 2.0, 1.0
"""What a word counts that stands in a claim's topics, and one that stands only in what it says."""

ENOUGH = 0.35
"""The share of the words asked with that claims must be labelled with; words they only mention count half."""

NEAR_BEST = 0.6
"""Claims are found that score at least this share of the best one."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim as topics see it: its labels (category and topics) and its statement."""

    id: str
    labels: Sequence[str]
    statement: str


class Topics:
    """The words of all claims, ready to be searched."""

    def __init__(self, analyser: Analyser, claims: Iterable[Labelled]) -> None:
        self.analyser = analyser
        self.words: dict[str, dict[str, float]] = {}
        self.used: Counter[str] = Counter()
        self.labels: set[str] = set()
        for claim in claims:
            said = dict.fromkeys(self._stems(claim.statement), STATEMENT)
            labels = dict.fromkeys(self._stems(" ".join(claim.labels).replace("_", " ")), LABEL)
            # Several versions of a claim are found by the words of each.
            self.words[claim.id] = self.words.get(claim.id, {}) | said | labels
            self.used.update(said | labels)
            self.labels |= labels.keys()

    def _stems(self, text: str, but: tuple[str, ...] = ("particle",)) -> list[str]:
        """The stems of the words of a text, but for words of some kinds."""
        words = self.analyser.analyse(text).words
        texts = (text for word in words if word.kind not in but for text in (word.text, *word.others))
        return [stem(text) for text in texts if len(text) > 1]

    def knows(self, text: str) -> bool:
        """Whether every word of `text` is one that claims are labelled with, misspelt or not."""
        stems = self._stems(text)
        spelt = stems if text[:1].isupper() else [self._spelt(one) for one in stems]
        return bool(stems) and all(one in self.labels for one in spelt)

    def _spelt(self, one: str) -> str:
        if one in self.used or len(one) < 5:
            return one
        found = process.extractOne(one, self.used.keys(), scorer=OSA.distance, score_cutoff=budget(len(one)))
        return str(found[0]) if found else one

    def search(self, text: str) -> list[str]:
        """The ids of the claims that `text` asks about, best first; none where too few of its words are labels."""
        asked = {self._spelt(one) for one in self._stems(text)}
        # Nearly every claim is about the same few countries.
        telling = {self._spelt(one) for one in self._stems(text, ("particle", "place"))}
        labels, mentioned = telling & self.labels, telling & self.used.keys()
        if not labels or len(labels) + len(mentioned - labels) / 2 < len(telling) * ENOUGH:
            return []
        scores: dict[str, float] = defaultdict(float)
        for id, words in self.words.items():
            for one in asked & words.keys():
                scores[id] += words[one] * math.log(1 + len(self.words) / self.used[one])
        best = max(scores.values())
        found = [id for id, score in scores.items() if score >= best * NEAR_BEST]
        return sorted(found, key=lambda id: (-scores[id], id))


def stem(word: str) -> str:
    """A word without its commonest English endings, so that "payments" meets "payment" and "producing" "produce"."""
    for ending in ("ing", "ies", "es", "ed", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
