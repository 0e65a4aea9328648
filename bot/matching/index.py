"""Finds the stored names that an asked name may mean, and ranks the entities they belong to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import zip_longest
from typing import NamedTuple, Self

import numpy as np

from bot.matching import acronyms, grams, search
from bot.matching.align import Aligner
from bot.matching.analysis import Analyser
from bot.matching.building import build, micros, moment
from bot.matching.identifiers import key as identifier_key
from bot.matching.name import Name
from bot.matching.score import MATCH, NOT_ENOUGH, SHOW, Weighed, explain, weigh
from bot.matching.segment import Segment
from bot.records import PUBLIC, IndexedName, Reason

CANDIDATES = 100
"""How many names of a segment are looked at closely."""

FIRST = 40
"""How many of them are always looked at."""

CROSSING = 0.05
"""How much better a name in another script must fit to be the one that is shown of an entity."""

CLEAR = 0.9
"""From this score on a name is so clearly meant that those sharing less are not looked at."""

LONGEST = 600
"""Characters of a name that are looked at."""

NEAR_TIE = 0.03
"""Entities that score this close together are equally likely."""

MOST = 20
"""Entities that are given out at the most, and as many more as score like the last of them."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that may be meant: the score (0–1), the stored name behind it and that name's kind, the reasons."""

    entity_id: str
    score: float
    name: str
    kind: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Which stored names count: those that `workspace` may see and that were known at `at` (None: now). A name that its record no
    longer had then is only near, but on a `day` (None: today) on which it had it, it counts. From `show` on an entity is near."""

    workspace: str = PUBLIC
    at: datetime | None = None
    day: date | None = None
    show: float = SHOW

    @property
    def ended_by(self) -> int:
        """A name that ended by this moment (microseconds) is an earlier one; 0: any that ended is."""
        if self.day is None:
            return micros(self.at)
        end = datetime.combine(self.day, time.max, UTC)
        return micros(min(end, self.at) if self.at else end)


NOW = View()


class Entry(NamedTuple):
    """A stored name: the segment it is in and its place there."""

    segment: Segment
    place: int


class Asked:
    """A text read as the name of a firm and as that of a person, ready to be compared with many stored ones."""

    def __init__(self, analyser: Analyser, text: str, schema: str = "") -> None:
        self.analyser = analyser
        text = text[:LONGEST]
        self.firms = [] if schema == "Person" else analyser.readings(text, schema)
        self.persons = analyser.readings(text, "Person") if schema in ("", "Person") else []
        self.aligners = {id(name): Aligner(name, analyser.sounds) for name in (*self.firms, *self.persons)}
        self.may_be_initials = bool(self.firms) and acronyms.may_be(self.firms[0])

    def weigh(self, stored: Name, kind: str) -> Weighed | None:
        """The best score of its readings against a stored name; None where none goes by the rules of that name's subject."""
        if self.may_be_initials:
            stored = stored._replace(tokens=tuple(self.analyser.plain(stored.text)[0]))
        some = self.persons if stored.schema == "Person" else self.firms
        found = [weigh(self.aligners[id(name)], name, stored, kind) for name in some]
        return max(found, key=lambda one: one.value, default=None)


class _Best(NamedTuple):
    """The best name of an entity so far."""

    value: float
    entry: Entry
    weighed: Weighed
    earlier_until: int

    @property
    def rank(self) -> tuple[float, bool]:
        """What decides which name of an entity is shown: its score, behind that of one in the asker's script, then that the
        record still has it."""
        compared = self.weighed.compared
        crossing = CROSSING if compared and compared.asked.is_han != compared.stored.is_han else 0.0
        return self.value - crossing, not self.earlier_until


class Index:
    """All stored names, in segments. `closed` are versions of records that ended after their segment was made: row → moment in
    microseconds."""

    def __init__(
        self, analyser: Analyser, segments: Sequence[Segment], closed: Mapping[int, int] | None = None
    ) -> None:
        self.analyser, self.segments, self.closed = analyser, tuple(segments), closed or {}

    @classmethod
    def of(cls, analyser: Analyser, names: Iterable[IndexedName]) -> Self:
        """An index of these names, in memory."""
        return cls(analyser, [Segment(build(analyser, names), analyser)])

    def match(self, text: str, view: View = NOW, schema: str = "", most: int = CANDIDATES) -> list[Match]:
        """The entities that `text` may mean, best first, by up to `most` names of a segment; `schema` is the kind of subject
        where it is known."""
        if found := self.identified(text, view):
            return found
        asked = Asked(self.analyser, text, schema)
        readings = (*asked.firms, *asked.persons)
        # Of names that are all common words there are more candidates than are looked at; the name itself is one.
        whole = (entry for name in readings for entry in self.named(name, view))
        entries = dict.fromkeys((*whole, *self.candidates(readings, view, most)))
        return self.weighed(asked, entries, view, FIRST * len(self.segments))

    def candidates(self, readings: Iterable[Name], view: View = NOW, most: int = CANDIDATES) -> list[Entry]:
        """The stored names that share most with any of the readings of what is asked, up to `most` of each segment: the first
        of each, the second of each, and so on."""
        asked = grams.together(readings)
        found: list[list[Entry]] = []
        for segment in self.segments:
            visible = np.array([one in (PUBLIC, view.workspace) for one in segment.workspaces])
            places = search.candidates(segment, asked, visible, micros(view.at), most)
            found.append([Entry(segment, place) for place in places.tolist()])
        return [entry for rank in zip_longest(*found) for entry in rank if entry]

    def named(self, name: Name, view: View = NOW) -> Iterator[Entry]:
        """The stored names that are the words of `name` in one, as far as a view goes."""
        for segment in self.segments:
            for place in segment.with_gram(grams.of_whole(name))[:CANDIDATES]:
                is_known = not view.at or segment.number("since", place) <= micros(view.at)
                if is_known and segment.workspace(place) in (PUBLIC, view.workspace):
                    yield Entry(segment, place)

    def weighed(self, asked: Asked, entries: Iterable[Entry], view: View, first: int = 0) -> list[Match]:
        """The entities of some stored names, best first, that score `view.show` or more, each with its best name. Once the
        `first` of them are looked at (0: all), one that is CLEAR ends it: the rest share less."""
        best: dict[str, _Best] = {}
        for number, entry in enumerate(entries):
            if number == first and any(one.value >= CLEAR for one in best.values()):
                break
            segment, place = entry
            found = asked.weigh(segment.name(place), segment.kind(place))
            if found is None or found.value < view.show:
                continue
            until = self.earlier_until(entry, view)
            value = min(found.value, NOT_ENOUGH) if until else found.value
            known = best.get(id := segment.entity(place))
            one = _Best(value, entry, found, until)
            if known is None or one.rank > known.rank:
                best[id] = one
        ranked = sorted(best.items(), key=lambda item: (-item[1].value, item[0]))
        least = ranked[MOST - 1][1].value if len(ranked) >= MOST else 0.0
        return [_match(id, one) for id, one in ranked if one.value >= least]

    def earlier_until(self, entry: Entry, view: View) -> int:
        """The moment (microseconds) until which a record had a name that it no longer has in this view; 0 for one it has."""
        until = entry.segment.number("until", entry.place) or self.closed.get(
            entry.segment.number("row", entry.place), 0
        )
        return until if until and (not view.ended_by or until <= view.ended_by) else 0

    def identified(self, text: str, view: View = NOW) -> list[Match]:
        """The entities that an identifier is stored for, by its exact key."""
        key = identifier_key(text)
        found: dict[str, Match] = {}
        for segment in self.segments if key else ():
            for place in segment.with_identifier(key):
                is_seen = segment.workspace(place) in (PUBLIC, view.workspace)
                is_known = not view.at or segment.number("since", place) <= micros(view.at)
                if is_seen and is_known and not self.earlier_until(Entry(segment, place), view):
                    stored, id = segment.value(place), segment.entity(place)
                    found.setdefault(id, Match(id, 1.0, stored, "identifier", (Reason("identifier", text.strip()),)))
        return sorted(found.values(), key=lambda one: one.entity_id)


def _match(id: str, one: _Best) -> Match:
    segment, place = one.entry
    text = segment.value(place)
    ended = moment(one.earlier_until)
    earlier = (Reason("earlier_name", text, ended.date().isoformat()),) if ended else ()
    return Match(id, one.value, text, segment.kind(place), (*earlier, *explain(one.weighed)))


def decide(matches: Sequence[Match], match: float = MATCH) -> list[Match]:
    """The entities equally likely to be meant: one for a clear match, several for a near-tie, none where none scores `match`."""
    likely = [one for one in matches if one.score >= match]
    return [one for one in likely if one.score >= likely[0].score - NEAR_TIE]
