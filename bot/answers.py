"""What lookup gives out: an answer, its subjects and all they rest on, as frozen dataclasses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.filters import Filters
from bot.records import Claim, Dataset, Entity, FieldChange, Listing, Origin, Reason, Source

OVER_ALL = ("help", "unknown", "coverage", "list")
"""Intents of answers that are about nobody in particular."""

STATUSES = ("listed", "formerly_listed", "named", "mentioned", "ambiguous", "no_record", "cannot_say")
"""The headline of an answer, exactly one, the most serious first."""

GROUPS = {
    "listed": ("listed",),
    "delisted": ("ended", "removed", "listed_and_ended"),
    "named": ("named",),
    "denied": ("denied",),
    "retracted": ("retracted",),
    "changed": ("terms",),
    "other": ("reported", "withdrawn", "reworded"),
}
"""What a summary tells of, grouped by what it means, the most serious first."""

GROUP = {what: group for group, some in GROUPS.items() for what in some}

NEWS = tuple(GROUP)
"""The same without the groups."""


@dataclass(frozen=True, slots=True)
class ListingFact:
    """A listing as it stood on the asked-for day: `state` is `active`, `ended`, `not_yet` or `unknown` (the list cannot answer
    for that day). `since` is the day it counts from, and `since_is_published` says whether that is the list's own date. `copies`
    are listings of the same entry in other files; what they rest on stands behind its own sources."""

    listing: Listing
    state: str
    since: str
    since_is_published: bool
    sources: tuple[Source, ...]
    copies: tuple[Listing, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """A claim with its standing on the asked-for day, its origin, its sources, and the ids of the denials stored of it."""

    claim: Claim
    counts_from: str
    standing: str
    origin: Origin
    sources: tuple[Source, ...]
    denied_by: tuple[str, ...] = ()
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Matched:
    """How a mention was matched: the score (0–1), the stored name behind it, that name's kind, the reasons, and the listing
    under which the name stands as another one of the subject's."""

    score: float
    name: str
    kind: str
    reasons: tuple[Reason, ...]
    listed_under: Listing | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is recorded of one subject on the asked-for day: its status, the two flags, and the facts behind them. `records` are
    the ids of the records that are about it, and `joined` says why they are one."""

    entity: Entity
    status: str
    contested: bool
    named: bool
    listings: tuple[ListingFact, ...] = ()
    claims: tuple[ClaimFact, ...] = ()
    match: Matched | None = None
    records: tuple[str, ...] = ()
    joined: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing the question asks about. `standing` is None where nothing or more than one entity fits `mention`; `reasons` say
    why nothing can, where that is known."""

    mention: str
    status: str
    contested: bool = False
    named: bool = False
    standing: Standing | None = None
    candidates: tuple[Standing, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a period by its own date, or that became known in it. `what` is `listed`, `first_seen`,
    `ended`, or the stance of a claim; for what a version of a list changed, `added`, `removed` or `changed`, and in which fields;
    and for what became known one of NEWS. The denials of a claim go with it, and what it answers; with a listing whose terms
    changed, how it was before."""

    on: str
    what: str
    entities: tuple[Entity, ...]
    listing: ListingFact | None = None
    claim: ClaimFact | None = None
    denials: tuple[ClaimFact, ...] = ()
    answered: tuple[ClaimFact, ...] = ()
    was: Listing | None = None
    fields: tuple[FieldChange, ...] = ()

    @property
    def record_id(self) -> str:
        """The id of the listing or claim that it tells of."""
        return self.listing.listing.id if self.listing else self.claim.claim.id if self.claim else ""


@dataclass(frozen=True, slots=True)
class StoredList:
    """A dataset behind an answer about many records: its title, the days on which its stored versions were published, oldest
    first; for a time, only the last before it and those in it, `first` being the first of all, and how many records they added,
    changed and removed."""

    title: str
    versions: tuple[str, ...]
    first: str
    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `as_of` is the day asked about, `known_at` the moment whose stored records were used (UTC).

    Of an answer about many records, `counts` says how many there are by status or by what happened, `ids` are those of the first
    of them, `subjects` and `events` the few that are shown; `stored` are the lists they are from, `missing` the lists that were
    asked for and are in no dataset, `unsure` the entries that may have been on the list on that day. `reach` is the first day for
    which every list has a version.
    """

    receipt: str
    question: str
    intent: str
    as_of: date
    known_at: datetime
    asked_at: datetime
    subjects: tuple[Subject, ...] = ()
    claims: tuple[ClaimFact, ...] = ()
    coverage: tuple[Dataset, ...] = ()
    events: tuple[Event, ...] = ()
    period: tuple[date, date] | None = None
    permission: bool = False
    topic: str = ""
    filters: Filters = field(default_factory=Filters)
    counts: Mapping[str, int] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    stored: tuple[StoredList, ...] = ()
    missing: tuple[str, ...] = ()
    unsure: int = 0
    reach: str = ""

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return sum(self.counts.values())

    @property
    def is_past(self) -> bool:
        """Whether the question is about a day before the one it was asked on."""
        return self.as_of < self.asked_at.date()

    @property
    def is_replayed(self) -> bool:
        """Whether the answer leaves out what became known after some moment in the past."""
        return self.known_at < self.asked_at


@dataclass(frozen=True, slots=True)
class Context:
    """What a conversation was about, for follow-ups: mentions with the entities they meant, the intent, the day."""

    subjects: tuple[tuple[str, tuple[str, ...]], ...] = ()
    intent: str = ""
    as_of: date | None = None
    topic: str = ""


def context(answer: Answer, before: Context) -> Context:
    """What the conversation is about after `answer`; an answer about nothing in particular leaves it as it was."""
    day = answer.as_of if answer.is_past else None
    if answer.intent in OVER_ALL:
        return before
    if answer.intent == "changes" and not answer.subjects:
        return before
    if answer.topic:
        return Context((), answer.intent, day, answer.topic)
    subjects = tuple((one.mention, tuple(standing.entity.id for standing in meant(one))) for one in answer.subjects)
    return Context(subjects, answer.intent, day)


def meant(subject: Subject) -> tuple[Standing, ...]:
    """The entities that a subject is, or may equally well be; not those that were only near."""
    if subject.standing:
        return (subject.standing,)
    return subject.candidates if subject.status == "ambiguous" else ()


def units(facts: Sequence[ClaimFact]) -> list[tuple[ClaimFact, tuple[ClaimFact, ...]]]:
    """Claims as they are told: each with the denials of it, so that no rendering can part them; denials of none of them last."""
    by_id = {fact.claim.id: fact for fact in facts}
    told: set[str] = set()
    found: list[tuple[ClaimFact, tuple[ClaimFact, ...]]] = []
    denials = {id for fact in facts for id in fact.denied_by}
    for fact in sorted(facts, key=lambda fact: fact.claim.id in denials):
        if fact.claim.id not in told:
            replies = tuple(by_id[id] for id in fact.denied_by if id in by_id and id not in told)
            found.append((fact, replies))
            told |= {fact.claim.id, *(reply.claim.id for reply in replies)}
    return found


@dataclass(frozen=True, slots=True)
class RecordChange:
    """An entity whose own record (names, numbers, notes) was `added`, `changed` or `removed`, where no event tells of it."""

    what: str
    entity_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ListWeeks:
    """How many entries the versions of each week added to a list of an authority and took off it, the oldest week first; and the
    dataset whose word that is."""

    authority: str
    list: str
    dataset: str
    added: tuple[int, ...]
    removed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What became known after `since` up to `until` (UTC): the events of each kind in NEWS, in that order, and how many of each;
    other changes to records, and what they were, field by field; of the datasets, those loaded for the first time that are a
    baseline and no news, all that were loaded in that time, and all there are.

    `outside` is how many changes were left out because they are not asked for; `is_narrowed`, whether something is. `unsettled`
    are the days whose summaries may not have arrived. For a weekly edition, `weeks` are the last days of the weeks that are
    looked back on, the oldest first, and `trend` the lists that changed in them.
    """

    since: datetime
    until: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    records: tuple[RecordChange, ...] = ()
    fields: tuple[FieldChange, ...] = ()
    baselines: tuple[Dataset, ...] = ()
    loaded: tuple[Dataset, ...] = ()
    coverage: tuple[Dataset, ...] = ()
    outside: int = 0
    is_narrowed: bool = False
    unsettled: tuple[date, ...] = ()
    weeks: tuple[date, ...] = ()
    trend: tuple[ListWeeks, ...] = ()

    @property
    def total(self) -> int:
        """How many events there are."""
        return len(self.events)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.events or self.records or self.baselines)
