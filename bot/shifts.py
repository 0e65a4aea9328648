"""What differs between two outcomes of a watched subject so that it is told. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.outcomes import Fact, Outcome
from bot.records import DESIGNATING
from bot.status import AGAINST

SHIFTS = (
    "another",
    *("listed", "ended", "removed", "measures", "programme"),
    *("named", "denied", "retracted", "reported", "withdrawn"),
    *("matched", "ambiguous", "lost", "status", "joined", "separated"),
)
"""What may differ, the most serious first: who is meant where that is somebody else than before, for nothing of what differs then
became of anybody; of the law, of reporting, of who is meant. The last two only say why."""

EXPLAIN = ("joined", "separated")

TELLS = {"alleges": "named", "confirms": "named", "denies": "denied", "retracts": "retracted", "reports": "reported"}
"""Stance of a claim → what differs where it is new."""

_PARTS = re.compile(r"[;,\[\]()]")


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that differs: one of SHIFTS, the list or the claim it is about, and what it was before and is after, in the words
    of the records."""

    code: str
    authority: str = ""
    list: str = ""
    claim: str = ""
    before: str = ""
    after: str = ""


def compare(before: Outcome, after: Outcome) -> list[Shift]:
    """What differs so that it is told, the most serious first; nothing where only words, order or sources do, or where another
    dataset states the same."""
    if after.is_nobody:
        return [] if before.is_nobody else [Shift("lost", before=before.status, after=after.status)]
    whom = list(_whom(before, after))
    if whom and after.candidates:
        # Of those that it may be, nothing is known for certain.
        return whom
    known = Outcome(before.status) if whom else before
    law = (shift for old, new in _each(known, after) for shift in _law(old, new))
    found = [*whom, *dict.fromkeys(law), *_reporting(known, after)]
    if not found and _differ(before, after):
        found.append(Shift("status", before=before.status, after=after.status))
    if found:
        found += _joins(before, after)
    return sorted(found, key=lambda one: SHIFTS.index(one.code))


def _whom(before: Outcome, after: Outcome) -> Iterator[Shift]:
    """Who is meant now, where that is somebody else than before."""
    if after.candidates:
        if not _are_same(before.candidates, after.candidates):
            yield Shift("ambiguous", before=before.status, after=after.status)
    elif before.is_nobody or (before.entity_id != after.entity_id and not set(before.records) & set(after.records)):
        yield Shift("another" if before.entity_id else "matched", before=before.name, after=after.name)


def _each(before: Outcome, after: Outcome) -> Iterable[tuple[Outcome, Outcome]]:
    """Between what the law is compared: of those that it may be each by itself, where it was written down whose an entry was."""
    is_known = any(one.law for one in before.candidates) or not before.law
    return _pairs(before.candidates, after.candidates) if after.candidates and is_known else [(before, after)]


def _are_same(some: Sequence[Outcome], others: Sequence[Outcome]) -> bool:
    """Whether these are the same subjects: each shares a record with one of the others."""
    both = [
        all(any(_shares(one, other) for other in there) for one in here)
        for here, there in ((some, others), (others, some))
    ]
    return len(some) == len(others) and all(both)


def _pairs(some: Iterable[Outcome], others: Sequence[Outcome]) -> Iterator[tuple[Outcome, Outcome]]:
    """The subjects that are among both."""
    return ((one, other) for one in some for other in others if _shares(one, other))


def _shares(one: Outcome, other: Outcome) -> bool:
    return not {*one.records, one.entity_id}.isdisjoint({*other.records, other.entity_id})


def _differ(before: Outcome, after: Outcome) -> bool:
    """Whether the headline says something else, or that of one of those that it may be."""
    said = [(_headline(one), one.contested, one.named) for one in (before, after)]
    pairs = _pairs(before.candidates, after.candidates)
    return said[0] != said[1] or any(_headline(one) != _headline(other) for one, other in pairs)


def _headline(one: Outcome) -> str:
    """The status. That records do not reach back is no change."""
    return "mentioned" if one.status == "cannot_say" else one.status


def _law(before: Outcome, after: Outcome) -> Iterator[Shift]:
    """What differs of each list."""
    for pair in dict.fromkeys(one.pair for one in (*after.law, *before.law)):
        old, new = ([one for one in some.law if one.pair == pair] for some in (before, after))
        was, now = _state(old), _state(new)
        if "active" in (was, now) and was != now:
            code = "listed" if now == "active" else "ended" if now == "ended" else "removed"
            yield Shift(code, *pair, before=was, after=now)
        elif was != now and "ended" in (was, now):
            yield Shift("ended" if now == "ended" else "removed", *pair, before=was, after=now)
        elif was == now == "active":
            yield from _terms(pair, _active(old), _active(new))


def _state(some: Iterable[Fact]) -> str:
    """How a subject stands on a list, by all its entries there."""
    states = {one.state for one in some}
    return next((state for state in ("active", "ended", "unknown") if state in states), "")


def _active(some: Iterable[Fact]) -> list[Fact]:
    return [one for one in some if one.state == "active"]


def _terms(pair: tuple[str, str], old: list[Fact], new: list[Fact]) -> Iterator[Shift]:
    """What differs of the terms, by the datasets that state them before and after. Of what another states in its own words, only
    whether it is a designation counts."""
    both = {one.dataset for one in old} & {one.dataset for one in new}
    same = [[one for one in some if one.dataset in both] for some in (old, new)]
    measures, every = ([_measures(some) for some in sides] for sides in (same, (old, new)))
    if (DESIGNATING in every[0]) != (DESIGNATING in every[1]):
        measures = every
    if measures[0] != measures[1]:
        yield Shift("measures", *pair, before=", ".join(measures[0]), after=", ".join(measures[1]))
    programmes = [{part for one in some for part in _parts(one.programme)} for some in same]
    if programmes[0] != programmes[1]:
        said = ["; ".join(dict.fromkeys(one.programme for one in some if one.programme)) for some in same]
        yield Shift("programme", *pair, before=said[0], after=said[1])


def _measures(some: Iterable[Fact]) -> list[str]:
    return sorted({measure for one in some for measure in one.measures})


def _parts(programme: str) -> set[str]:
    return {" ".join(part.casefold().split()) for part in _PARTS.split(programme)} - {""}


def _reporting(before: Outcome, after: Outcome) -> Iterator[Shift]:
    """What is said now and was not, and what is said no more."""
    old, new = ({one.id: one for one in some.said} for some in (before, after))
    for one in after.said:
        was = old.get(one.id)
        if one.stands and not (was and was.stands and was.stance == one.stance and was.certain >= one.certain):
            yield Shift(TELLS[one.stance], claim=one.id, after=one.by)
    taken_back = {id for id, one in new.items() if one.standing == "retracted" and old.get(id, one).stands}
    told = any(one.stance == "retracts" and one.id not in old for one in after.said)
    for id in () if told else taken_back & old.keys():
        yield Shift("retracted", claim=id, before=old[id].by)
    for one in before.said:
        gone = one.id not in new or (one.certain and not new[one.id].certain)
        if gone and one.stands and one.stance in (*AGAINST, "denies"):
            yield Shift("withdrawn", claim=one.id, before=one.by)


def _joins(before: Outcome, after: Outcome) -> Iterator[Shift]:
    """Where records that were known before are of the subject now, or no more: why the rest differs."""
    old, new = set(before.records), set(after.records)
    if old & new and new - old:
        yield Shift("joined", after=", ".join(sorted(new - old)))
    if old & new and old - new:
        yield Shift("separated", before=", ".join(sorted(old - new)))
