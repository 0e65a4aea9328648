"""Joins questions and matching: which names a question mentions, stored or not, and which words are left as its topic."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.matching.index import NOW, Index, Match, View
from bot.matching.numbers import numbers
from bot.matching.score import MATCH
from bot.matching.spot import Piece, Span, spot
from bot.matching.topics import Topics
from bot.namelike import INNER, Looks
from bot.questions import Question
from bot.questions.text import Token
from bot.records import Reason

NEAR = 0.45
"""What the stored name inside a longer, unknown one scores at the most: near, and not a match."""

LONGEST_WHOLE = 40
"""Words of a question that may be nothing but a name, at the most."""

WHOLE = 0.9
"""From this score on a question that has all the words of a stored name, and no others, is that name."""

SURE = 0.8
"""From this score on a stored name of several words is seen as such among other words that look like names."""

LONGEST = 16
"""Words of a name at the most; a longer run of unknown words is looked up by its first ones."""

NEGATIONS = frozenset(("not", "isn't", "aren't", "wasn't", "doesn't", "不是"))
"""Words that no name runs across: "why is X not Y?"."""

PARTING = frozenset("+[|<>=")
"""Characters between two names."""

_ABBREVIATED = re.compile(r"(?:\.\w|\b(?:co|inc|corp|ltd|ltda|llc|jsc|bros|int))\.$", re.IGNORECASE)

BARRIERS = frozenset('?!;\n。；？！"')
"""Punctuation that no name runs across."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a question and the stored entities it may mean, best first. `is_sure` tells a name from words that may be one;
    `wrong` says of a number that it cannot be one of its kind."""

    text: str
    start: int
    matches: tuple[Match, ...]
    is_sure: bool = True
    wrong: tuple[Reason, ...] = ()

    def holds(self, place: int) -> bool:
        """Whether it stands at that place of the question."""
        return self.start <= place < self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """The names of a question in its order, and the words it leaves as a topic."""

    names: tuple[Mention, ...]
    topic: str


class _Reader:
    """Reads one question against the index and the topics."""

    def __init__(self, index: Index, topics: Topics, question: Question, view: View, match: float) -> None:
        self.index, self.topics, self.text, self.view, self.match = index, topics, question.text, view, match
        self.numbers = [
            Mention(one.text, one.start, one.matches, wrong=one.wrong) for one in numbers(index, self.text, view)
        ]
        self.tokens = [
            token
            for token in question.tokens
            if token.role in ("word", "frame", "joint") and not any(one.holds(token.start) for one in self.numbers)
        ]
        self.all = question.tokens
        self.looked_up: dict[str, tuple[Match, ...]] = {}
        self.looks = Looks(index.analyser, topics, question, self.tokens)
        self.spans = self._spans()
        self.spotted = {place for span in self.spans for place in range(span.first, span.last)}

    def _spans(self) -> list[Span]:
        ends = [token.end for token in self.all if token.role in ("break", "quote", "time") and token.text in BARRIERS]
        ends += [one.start + len(one.text) for one in self.numbers]
        pieces = []
        before = 0
        for token in self.tokens:
            barrier = (
                self._ends_a_name(before, token)
                or any(before < end <= token.start for end in ends)
                or token.text.lower() in NEGATIONS
            )
            inner = token.role == "joint" or token.text.lower() in INNER
            pieces.append(Piece(token.text, token.start, token.end, barrier, inner, token.role == "frame"))
            before = token.start
            ends += [token.end] if token.text.lower() in NEGATIONS else []
        found = spot(self.index, self.text, pieces, self.view, self.match)
        return [span for span in found if any(token.role == "word" for token in self.tokens[span.first : span.last])]

    def _ends_a_name(self, before: int, token: Token) -> bool:
        """Whether a name ended before a word: with a legal form and a comma, or where a square bracket opens."""
        between = self.text[before : token.start]
        if PARTING & set(between):
            return True
        last = self.text[before:].split(None, 1)[0].strip(".,;") if before else ""
        return "," in between and self.looks.reads_as_form(last) and not self.looks.reads_as_form(token.text)

    def read(self) -> Iterator[Mention | str]:
        """Mentions, and as plain text the words that name nobody."""
        yield from self.numbers
        for run in self._runs():
            inside = [span for span in self.spans if run[0] <= span.first <= run[-1]]
            if not inside:
                yield from self._unspotted(run)
            elif self._is_crowded(run, inside):
                yield from self._crowded(run, inside)
            else:
                yield from self._parted(run, inside)

    def _crowded(self, run: Sequence[int], inside: Sequence[Span]) -> Iterator[Mention | str]:
        """Several words that look like names: one name where that is stored, else the stored ones that stand alone among them,
        else one name that is not stored."""
        whole = self._extension(run, inside)
        alone = [span for span in inside if self._stands_alone(span, run)]
        if not alone or (whole.matches and whole.matches[0].score >= self.match):
            yield whole
        else:
            yield from self._parted(run, alone)

    def _is_crowded(self, run: Sequence[int], inside: Sequence[Span]) -> bool:
        """Whether a run is more than one stored name with common words beside it: several, or a word that looks like a name."""
        return len(inside) > 1 or any(self.looks.is_strong(place) for place in run if place not in self.spotted)

    def _stands_alone(self, span: Span, run: Sequence[int]) -> bool:
        """Whether a stored name is meant though other names stand beside it: several words of it, or the whole of one, but not
        what may as well be a part of a person's name ("Sergei", "Kim Jong", "Iris" beside "Camila")."""
        given = self.index.analyser.tables.given
        words = {place: self.tokens[place].text.lower() for place in run}
        own = [word for place, word in words.items() if span.first <= place < span.last]
        best = span.matches[0]
        is_whole = best.reasons[0].code.startswith("exact")
        if not is_whole and all((word,) in given for word in own):
            return False
        if len(self.index.analyser.analyse(self._text_of(span)).words) > 1:
            return best.score >= SURE
        return is_whole and not any((word,) in given for word in words.values())

    def _text_of(self, span: Span) -> str:
        return self.text[self.tokens[span.first].start : self.tokens[span.last - 1].end]

    def _parted(self, run: Sequence[int], inside: Sequence[Span]) -> Iterator[Mention | str]:
        """The stored names of a run, each by itself or the one of them as part of a longer name, and the words beside them."""
        taken = {place for span in inside for place in range(span.first, span.last)}
        if extended := self._extended(run, inside, taken):
            yield self._extension(extended, inside)
            return
        yield from map(self._mention, inside)
        yield from self._leftover([place for place in run if place not in taken])

    def _extended(self, run: Sequence[int], inside: Sequence[Span], taken: set[int]) -> list[int]:
        """The words of a run that belong to a longer name than the stored one in it ("Beijing Hikvision", "CETC 12", "Acme
        Hikvision Trading"); none where the words beside it are other names or none."""
        kept = taken & set(run)
        while reached := [
            place
            for place in run
            if place not in kept
            and {place - 1, place + 1} & kept
            and (self.looks.is_material(place) or self.looks.is_strong(place))
        ]:
            kept |= set(reached)
        added = kept - taken
        return sorted(kept) if any(self.looks.is_material(place) for place in added) and len(inside) == 1 else []

    def _extension(self, places: Sequence[int], inside: Sequence[Span]) -> Mention:
        """A longer name, matched as a whole; what the stored name in it means is shown as near at the least."""
        whole = self._unknown(self.tokens[places[0]].start, self.tokens[places[-1]].end)
        found = {match.entity_id: match for match in whole.matches}
        for match in (match for span in inside for match in span.matches if match.score >= self.match):
            found.setdefault(match.entity_id, replace(match, score=min(match.score, NEAR)))
        return replace(whole, matches=tuple(sorted(found.values(), key=lambda match: -match.score)))

    def _mention(self, span: Span) -> Mention:
        return Mention(self._text_of(span), self.tokens[span.first].start, span.matches)

    def _leftover(self, places: Sequence[int]) -> Iterator[Mention | str]:
        """Words beside a stored name, in small letters: another name, or nothing."""
        for place in places:
            token = self.tokens[place]
            if token.role == "word" and self.looks.is_strong(place):
                yield self._unknown(token.start, token.end)
            elif token.role == "word":
                yield token.text

    def _unspotted(self, run: Sequence[int]) -> Iterator[Mention | str]:
        first, last = self.tokens[run[0]], self.tokens[run[-1]]
        words = self.text[first.start : last.end]
        strong = [place for place in run if self.looks.is_strong(place)]
        if (
            strong
            or self.looks.is_shaped(run)
            or self.looks.is_quoted(first)
            or self.index.analyser.analyse(words).legal
        ):
            capitals = any(self.tokens[place].text[0].isupper() for place in strong)
            written_as_name = self.looks.is_quoted(first) or capitals or self.looks.is_shaped(run)
            yield self._unknown(first.start, last.end, is_sure=written_as_name)
        else:
            yield words

    def _unknown(self, start: int, end: int, *, is_sure: bool = True) -> Mention:
        words = self.text[start:end]
        looked_up = " ".join(words.split()[:LONGEST])
        if looked_up not in self.looked_up:
            self.looked_up[looked_up] = tuple(self.index.match(looked_up, self.view))
        return Mention(words, start, self.looked_up[looked_up], is_sure)

    def _runs(self) -> Iterator[list[int]]:
        """Words that stand together as one phrase: frame words, "and" and most punctuation part them."""
        run: list[int] = []
        for place, token in enumerate(self.tokens):
            belongs = place in self.spotted or token.role == "word" or self.looks.is_name_part(place)
            if run and not self._continues(run[-1], place):
                yield run
                run = []
            if belongs:
                run.append(place)
        if run:
            yield run

    def _continues(self, before: int, place: int) -> bool:
        token, last = self.tokens[place], self.tokens[before]
        if self._same_span(before, place):
            return True
        between = [
            one for one in self.all if last.end <= one.start and one.end <= token.start and one not in (last, token)
        ]
        if PARTING & set(self.text[last.end : token.start]):
            return False
        if any(one.role in ("break", "quote", "time") for one in between):
            return self.looks.is_legal(place)
        joints = [one for one in between if one.role != "frame" or one.text.lower() not in INNER]
        if joints:
            return (
                all(one.text.lower() in ("and", "&") for one in joints)
                and self.looks.is_light(before)
                and self.looks.is_light(place)
            )
        return (
            token.role == "word"
            or place in self.spotted
            or self.looks.is_name_part(place)
            or self.looks.leads_on(place)
        )

    def _same_span(self, one: int, other: int) -> bool:
        return any(span.first <= one < span.last and span.first <= other < span.last for span in self.spans)


def _whole(index: Index, question: Question, view: View, match: float) -> Mention | None:
    """A question that is nothing but a stored name: the whole of one, or where nothing in it asks, one that it matches."""
    name = question.text.strip(" ?!,;\n")
    # The last dot ends the question, or belongs to the name as in "C.A." and "Ltd.".
    name = name if _ABBREVIATED.search(name) else name.rstrip(". ")
    if not name or len(name.split()) > LONGEST_WHOLE:
        return None
    matches = tuple(index.match(name, view))
    codes = {why.code for why in matches[0].reasons} if matches else set()
    is_whole = bool(matches) and matches[0].score >= WHOLE and not codes & {"only_asked", "only_stored", "initials"}
    is_bare = not question.explicit and "?" not in question.text and all(one.role != "frame" for one in question.tokens)
    is_meant = is_whole or (is_bare and bool(matches) and matches[0].score >= match)
    return Mention(name, question.text.index(name), matches) if is_meant else None


def find(index: Index, topics: Topics, question: Question, view: View = NOW, match: float = MATCH) -> Mentioned:
    """The names that a question mentions, by the names that count in a view, in its order, and what is left as a topic. From the
    score `match` on, a stored name is meant.

    Words that may be a name but are not written as one give way to a topic that claims speak of.
    """
    if whole := _whole(index, question, view, match):
        return Mentioned((whole,), "")
    found = list(_Reader(index, topics, question, view, match).read())
    names = sorted((one for one in found if isinstance(one, Mention)), key=lambda one: one.start)
    topic = " ".join(one for one in found if isinstance(one, str))
    if topics.search(topic) and not any(one.is_sure for one in names):
        names = []
    return Mentioned(tuple(names), topic)
