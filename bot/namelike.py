"""Tells which words of a question look like parts of names."""

from collections.abc import Sequence

from bot.matching.analysis import Analyser
from bot.matching.name import Word
from bot.matching.topics import Topics
from bot.questions import Question
from bot.questions.intents import is_asking
from bot.questions.text import Token

INNER = frozenset(("of", "the", "for", "in"))
"""Frame words that may stand inside a name."""


class Looks:
    """The looks of the `tokens` of one question, by their places."""

    def __init__(self, analyser: Analyser, topics: Topics, question: Question, tokens: Sequence[Token]) -> None:
        self.analyser, self.topics, self.tokens, self.all = analyser, topics, tokens, question.tokens
        self.about_firms = question.intent in ("status", "profile")
        self.about_topic = question.intent == "topic"
        self.shouts = question.text.upper() == question.text

    def is_strong(self, place: int) -> bool:
        """Whether a word looks like part of a name: no common word, no topic, no country. A city does beside a light word."""
        token = self.tokens[place]
        words = self.analyser.analyse(token.text).words
        if token.text.lower() in self.analyser.tables.countries or self.topics.knows(token.text):
            return False
        if self._is_capital(place) or (self._is_city(words) and (len(words) > 1 or self._beside_light(place))):
            return True
        if any(word.han for word in words) and any(word.kind in ("number", "corporate") for word in words):
            return True
        unknown = [word for word in words if word.kind == "brand" and not self.topics.knows(word.written)]
        return any(word.han or not self.analyser.is_common(token.text.lower()) for word in unknown)

    def is_shaped(self, run: Sequence[int]) -> bool:
        """Whether words have the shape of a name, though each may be a common one: "Bank of America", "bank of moscow"."""
        words = [self.tokens[place].text for place in run]
        countries = self.analyser.tables.countries
        capitals = sum(word[0].isupper() and not word.isupper() and word.lower() not in countries for word in words)
        places = any(word[0].isupper() and word.lower() in countries for word in words)
        a_bank = (len(words) > 1 and "bank" in map(str.lower, words)) or any(
            word[:-2] and word.endswith("银行") for word in words
        )
        return not self.about_topic and (a_bank or (not self.shouts and (capitals > 1 or (capitals == 1 and places))))

    def is_material(self, place: int) -> bool:
        """Whether a word makes a longer name of the one beside it: a place, a number, a sector, a legal form."""
        token = self.tokens[place]
        words = self.analyser.analyse(token.text).words
        if token.text.islower() and (token.role == "frame" or not self.about_firms):
            return False
        return self.is_legal(place) or (
            bool(words) and all(word.kind in ("sector", "place", "number", "direction", "corporate") for word in words)
        )

    def is_name_part(self, place: int) -> bool:
        """Whether a frame word is part of a name all the same: written with a capital beside a word of a name ("Best Buy")."""
        token = self.tokens[place]
        if token.role != "frame" or self.shouts or not place or not token.text.istitle() or is_asking(token.text):
            return False
        beside = [self.tokens[other] for other in (place - 1, place + 1) if 0 <= other < len(self.tokens)]
        return any(other.role == "word" and other.text[0].isupper() for other in beside)

    def leads_on(self, place: int) -> bool:
        """Whether a frame word may be part of a name: it stands between two of its words."""
        token = self.tokens[place]
        if token.role == "joint":
            return True
        return token.text.lower() in INNER

    def is_light(self, place: int) -> bool:
        """Whether a word carries little identity: a place, a sector, a direction."""
        words = self.analyser.analyse(self.tokens[place].text).words
        return bool(words) and all(
            word.kind in ("sector", "common", "place", "direction", "corporate") for word in words
        )

    def is_legal(self, place: int) -> bool:
        """Whether a word is a legal form."""
        return self.reads_as_form(self.tokens[place].text)

    def is_quoted(self, token: Token) -> bool:
        """Whether a word stands in quotes."""
        marks = sum(one.role == "quote" and one.end <= token.start for one in self.all)
        return marks % 2 == 1

    def reads_as_form(self, word: str) -> bool:
        """Whether a text is nothing but a legal form."""
        found = self.analyser.analyse(word)
        return bool(found.legal) and not found.words

    def _is_capital(self, place: int) -> bool:
        word = self.tokens[place].text
        emphasis = word.isupper() and word.lower() in self.analyser.tables.english
        return not self.shouts and place > 0 and word[0].isupper() and not emphasis

    def _is_city(self, words: Sequence[Word]) -> bool:
        countries = self.analyser.tables.countries
        return any(word.kind == "place" and word.text not in countries for word in words)

    def _beside_light(self, place: int) -> bool:
        if len(self.tokens) == 1:
            return True
        beside = [other for other in (place - 1, place + 1) if 0 <= other < len(self.tokens)]
        return any(self.tokens[other].role == "word" and self.is_light(other) for other in beside)
