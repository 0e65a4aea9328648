"""What an answer about a watched subject rests on, reduced to what may alert; and what differs between two of these. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.answers import ClaimFact, ListingFact, Standing, Subject, meant
from bot.joining import dataset
from bot.records import DESIGNATING
from bot.status import AGAINST

NOBODY = ("no_record", "cannot_say")
"""Statuses of a name that nobody on record bears. That a source died is no change of a subject: it is told for itself."""

SHIFTS = (
    *("listed", "ended", "removed", "measures", "programme"),
    *("named", "denied", "retracted", "reported", "withdrawn"),
    *("matched", "ambiguous", "lost", "status", "joined", "separated"),
)
"""What may differ, the most serious first: of the law, of reporting, of who is meant. The last two only say why."""

EXPLAIN = ("joined", "separated")

TELLS = {"alleges": "named", "confirms": "named", "denies": "denied", "retracts": "retracted", "reports": "reported"}
"""Stance of a claim → what differs where it is new."""

_PARTS = re.compile(r"[;,\[\]()]")


@dataclass(frozen=True, slots=True)
class Fact:
    """An entry of a list as it stood: whose list, `active`, `ended` or `unknown`, which measures, under which programme, since
    when and until when, the dataset that states it, and the number of the entry."""

    authority: str
    list: str
    state: str
    measures: tuple[str, ...]
    programme: str
    since: str
    until: str
    dataset: str
    record_id: str

    @property
    def pair(self) -> tuple[str, str]:
        """The list that it is on."""
        return self.authority, self.list


@dataclass(frozen=True, slots=True)
class Said:
    """A claim as it stood: its id, its stance, its standing, whose it is, and whether it is about this subject for certain."""

    id: str
    stance: str
    standing: str
    by: str
    certain: bool

    @property
    def stands(self) -> bool:
        """Whether it has not been taken back or replaced."""
        return self.standing not in ("retracted", "superseded")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a watched subject stood: the status and its flags; the entity that it is (its id, its name and the ids of its records),
    or those that it may be (`candidates`: id, name and status of each); the facts of the law and what was said of it, or of all
    candidates."""

    status: str
    contested: bool = False
    named: bool = False
    entity_id: str = ""
    name: str = ""
    records: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str, str], ...] = ()
    law: tuple[Fact, ...] = ()
    said: tuple[Said, ...] = ()

    @property
    def is_nobody(self) -> bool:
        """Whether nothing on record fits."""
        return not self.entity_id and not self.candidates


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


def outcome(subject: Subject) -> Outcome:
    """What of an answer about a subject may alert."""
    some = meant(subject)
    one = subject.standing
    law = {_fact(fact): None for standing in some for fact in standing.listings}
    said = {_said(fact): None for standing in some for fact in standing.claims}
    return Outcome(
        status=subject.status,
        contested=subject.contested,
        named=subject.named,
        entity_id=one.entity.id if one else "",
        name=one.entity.name if one else "",
        records=one.records if one else (),
        candidates=() if one else tuple(sorted(_candidate(each) for each in some)),
        law=tuple(law),
        said=tuple(said),
    )


def links(subject: Subject) -> tuple[str, ...]:
    """The ids of the records that the outcome rests on."""
    return tuple(dict.fromkeys(id for one in meant(subject) for id in one.records))


def _candidate(one: Standing) -> tuple[str, str, str]:
    return one.entity.id, one.entity.name, one.status


def _fact(fact: ListingFact) -> Fact:
    one = fact.listing
    own = dataset(one.id)
    said = (one.authority, one.list, fact.state, one.measures, one.programme, fact.since, one.ended_on)
    return Fact(*said, own, one.record_id)


def _said(fact: ClaimFact) -> Said:
    one = fact.claim
    return Said(one.id, one.stance, fact.standing, one.asserted_by, fact.is_certain)


def as_json(one: Outcome) -> dict[str, Any]:
    """An outcome as JSON."""
    return asdict(one)


def from_json(said: Mapping[str, Any]) -> Outcome:
    """The outcome that `as_json` wrote down."""
    plain = {field.name: said[field.name] for field in fields(Outcome) if field.name in said}
    plain["records"] = tuple(said["records"])
    plain["candidates"] = tuple((str(id), str(name), str(status)) for id, name, status in said["candidates"])
    plain["law"] = tuple(Fact(**{**one, "measures": tuple(one["measures"])}) for one in said["law"])
    plain["said"] = tuple(Said(**one) for one in said["said"])
    return Outcome(**plain)


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
    found = [*whom, *_law(known, after), *_reporting(known, after)]
    if not found and _differ(before, after):
        found.append(Shift("status", before=before.status, after=after.status))
    if found:
        found += _joins(before, after)
    return sorted(found, key=lambda one: SHIFTS.index(one.code))


def _whom(before: Outcome, after: Outcome) -> Iterator[Shift]:
    """Who is meant now, where that is somebody else than before."""
    if after.candidates:
        if _statuses(after) != _statuses(before):
            yield Shift("ambiguous", before=before.status, after=after.status)
    elif before.entity_id != after.entity_id and not set(before.records) & set(after.records):
        yield Shift("matched", before=before.name, after=after.name)


def _statuses(one: Outcome) -> set[tuple[str, str]]:
    return {(id, status) for id, _, status in one.candidates}


def _differ(before: Outcome, after: Outcome) -> bool:
    """Whether the headline says something else. That records do not reach back is no change."""
    said = [
        ("mentioned" if one.status == "cannot_say" else one.status, one.contested, one.named) for one in (before, after)
    ]
    return said[0] != said[1]


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
    """What differs of the terms. Of what another dataset states in its own words, only whether it is a designation counts."""
    is_same = bool({one.dataset for one in old} & {one.dataset for one in new})
    measures = [sorted({measure for one in some for measure in one.measures}) for some in (old, new)]
    designates = [DESIGNATING in some for some in measures]
    if measures[0] != measures[1] and (is_same or designates[0] != designates[1]):
        yield Shift("measures", *pair, before=", ".join(measures[0]), after=", ".join(measures[1]))
    programmes = [{part for one in some for part in _parts(one.programme)} for some in (old, new)]
    if is_same and programmes[0] != programmes[1]:
        said = ["; ".join(dict.fromkeys(one.programme for one in some if one.programme)) for some in (old, new)]
        yield Shift("programme", *pair, before=said[0], after=said[1])


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
