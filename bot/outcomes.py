"""What an answer about a watched subject rests on, reduced to what may alert. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from bot.answers import ClaimFact, ListingFact, Matched, Standing, Subject, meant
from bot.bearing import BORNE
from bot.joining import dataset
from bot.records import Reason
from bot.status import AGAINST

NOBODY = ("no_record", "cannot_say")
"""Statuses of a name that nobody on record bears. That a source died is no change of a subject: it is told for itself."""


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
class Likeness:
    """How alike a name that is watched and a stored one are: the score (0–1), the stored name, and why."""

    score: float
    name: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a watched subject stood: the status and its flags; the entity that it is (its id, its name and the ids of its records),
    or those that it may be (`candidates`, each as if it were the one); the facts of the law and what was said of it, or of all
    candidates; for a name, how alike it is to that of the entity, which is never told for itself."""

    status: str
    contested: bool = False
    named: bool = False
    entity_id: str = ""
    name: str = ""
    records: tuple[str, ...] = ()
    candidates: tuple["Outcome", ...] = ()
    law: tuple[Fact, ...] = ()
    said: tuple[Said, ...] = ()
    likeness: Likeness | None = None

    @property
    def is_near(self) -> bool:
        """Whether the entity does not bear the very name, but one like it."""
        return self.likeness is not None and self.likeness.score < BORNE

    @property
    def is_nobody(self) -> bool:
        """Whether nothing on record fits."""
        return not self.entity_id and not self.candidates

    @property
    def accusers(self) -> tuple[str, ...]:
        """Who says something against it that stands; where anybody certainly means it, only those."""
        some = [one for one in self.said if one.stands and one.stance in AGAINST]
        return tuple(dict.fromkeys(one.by for one in some if one.certain or not self.is_accused))

    @property
    def is_accused(self) -> bool:
        """Whether any of these certainly means it."""
        return any(one.stands and one.certain and one.stance in AGAINST for one in self.said)

    @property
    def deniers(self) -> tuple[str, ...]:
        """Who denies what is said of it, or anything in general."""
        return tuple(dict.fromkeys(one.by for one in self.said if one.stands and one.stance == "denies"))


def outcome(subject: Subject) -> Outcome:
    """What of an answer about a subject may alert."""
    each = [_of(one) for one in meant(subject)]
    if subject.standing:
        return each[0]
    return Outcome(
        *(subject.status, subject.contested, subject.named),
        candidates=tuple(sorted(each, key=lambda one: one.entity_id)),
        law=tuple(dict.fromkeys(fact for one in each for fact in one.law)),
        said=tuple(dict.fromkeys(one for some in each for one in some.said)),
    )


def _of(one: Standing) -> Outcome:
    return Outcome(
        *(one.status, one.contested, one.named, one.entity.id, one.entity.name, one.records),
        law=tuple(dict.fromkeys(map(_fact, one.listings))),
        said=tuple(dict.fromkeys(map(_said, one.claims))),
        likeness=_likeness(one.match) if one.match else None,
    )


def _likeness(one: Matched) -> Likeness:
    return Likeness(round(one.score, 4), one.name, one.reasons)


def links(subject: Subject) -> tuple[str, ...]:
    """The ids of the records that the outcome rests on."""
    return tuple(dict.fromkeys(id for one in meant(subject) for id in one.records))


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
    plain["candidates"] = tuple(map(_candidate, said["candidates"]))
    plain["law"] = tuple(Fact(**{**one, "measures": tuple(one["measures"])}) for one in said["law"])
    plain["said"] = tuple(Said(**one) for one in said["said"])
    if alike := said.get("likeness"):
        plain["likeness"] = Likeness(**{**alike, "reasons": tuple(Reason(**why) for why in alike["reasons"])})
    return Outcome(**plain)


def _candidate(said: Mapping[str, Any] | Sequence[str]) -> Outcome:
    """One of those it may be; once, only its id, its name and its status were written down."""
    if isinstance(said, Mapping):
        return from_json(said)
    id, name, status = said
    return Outcome(status, entity_id=id, name=name, records=(id,))
