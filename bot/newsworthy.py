"""Which changes of records are worth telling, what each is, and which comes first. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, date

from bot import dates
from bot.answers import GROUP, GROUPS, NEWS, Event, RecordChange
from bot.joining import dataset
from bot.records import Claim, Entity, Listing
from bot.status import AGAINST, SERIOUSNESS, stands
from bot.store.news import Change

TERMS = ("authority", "list", "measures", "programme", "legal_basis", "listed_on", "ended_on", "reason")
"""What of a listing is told when it changes; the rest says only where and when it was read."""

TELLS = {"alleges": "named", "confirms": "named", "denies": "denied", "retracts": "retracted", "reports": "reported"}
"""Stance of a new claim → what it is in NEWS."""


@dataclass(frozen=True, slots=True)
class Act:
    """A change of a listing: what it is in NEWS, the listing as it is now, or was where it is gone, and as it was before
    where its terms changed."""

    what: str
    record: Listing
    was: Listing | None = None

    @property
    def about(self) -> tuple[str, ...]:
        """The ids of the entities it is about."""
        return (self.record.entity_id,)

    @property
    def dataset(self) -> str:
        """The dataset whose listing it is."""
        return dataset(self.record.id)


@dataclass(frozen=True, slots=True)
class Statement:
    """A change of a claim: what it is in NEWS, and the claim as it is now, or was where it is gone."""

    what: str
    record: Claim

    @property
    def about(self) -> tuple[str, ...]:
        """The ids of the entities it is, or may be, about."""
        return (*self.record.subject_ids, *self.record.possible_ids)

    @property
    def dataset(self) -> str:
        """The dataset whose claim it is."""
        return dataset(self.record.id)


ORDER = {what: (list(GROUPS).index(group), NEWS.index(what)) for what, group in GROUP.items()}


def order(event: Event) -> tuple[int, int, int, str, str]:
    """Sorts by what it means, and what means the same by how serious it is, then by name; what was taken back since is last."""
    group, what = ORDER[event.what]
    measures = event.listing.listing.measures if event.listing else ()
    is_over = event.claim is not None and not stands(event.claim)
    measure = min((SERIOUSNESS.get(one, 9) for one in measures), default=10 if is_over else 9)
    return group, measure, what, " ".join(one.name.casefold() for one in event.entities), event.record_id


def acts(changes: Iterable[Change[Listing]], now: date, versions: Mapping[str, str]) -> Iterator[Act]:
    """What changed of the law up to a day. `versions` are those that were known before, by their datasets: what an older version
    had that was loaded since is no news."""
    for change in changes:
        before, after = change.before, change.after
        if before and after is None:
            yield Act("removed", before)
        elif before is None and after and after.last_seen:
            if after.first_seen > versions.get(dataset(after.id), after.first_seen):
                yield Act("listed_and_ended", after)
        elif after and (what := _act(before, after, change.since.astimezone(UTC).date(), now)):
            yield Act(what, after, before if what == "terms" else None)


def _act(before: Listing | None, after: Listing, then: date, now: date) -> str:
    """What a listing that is new or differs is in NEWS; empty where it says the same as before."""
    ended = _has_ended(after, now)
    if before is None or ended != _has_ended(before, then):
        return "ended" if ended else "listed"
    return "terms" if any(getattr(before, term) != getattr(after, term) for term in TERMS) else ""


def _has_ended(listing: Listing, day: date) -> bool:
    return bool(listing.ended_on) and dates.last_day(listing.ended_on) <= day


def statements(changes: Iterable[Change[Claim]]) -> Iterator[Statement]:
    """What changed of reporting. A denial that is told beside a new allegation is not told a second time."""
    told = list(filter(None, map(_statement, changes)))
    others = [one.record for one in told if one.what == "named"]
    answered = {id for one in others for id in (one.id, *one.answers) if one.stance != "denies"}
    named = {id for one in others for id in one.subject_ids if one.stance in AGAINST}
    yield from (one for one in told if one.what != "denied" or not _is_beside(one.record, answered, named))


def _is_beside(denial: Claim, answered: Set[str], named: Set[str]) -> bool:
    """Whether a denial answers one of these claims, or denies in general what is said of one of these entities."""
    return bool(answered & set(denial.answers) if denial.answers else named & set(denial.subject_ids))


def _statement(change: Change[Claim]) -> Statement | None:
    """What a claim that came, went or differs is in NEWS; None where it says the same as before."""
    before, after = change.before, change.after
    if after is None:
        return Statement("withdrawn", before) if before else None
    if before is None or _whom(before) != _whom(after):
        return Statement(TELLS[after.stance], after)
    return Statement("reworded", after) if replace(before, topics=after.topics) != after else None


def _whom(claim: Claim) -> tuple[str, frozenset[str]]:
    return claim.stance, frozenset((*claim.subject_ids, *claim.possible_ids))


def others(changes: Iterable[Change[Entity]], told: Set[str]) -> Iterator[tuple[RecordChange, Entity]]:
    """Changes of entities' own records, each with the entity; of one that came or went, what is told about it (by its id) says
    enough."""
    for change in changes:
        if one := change.after or change.before:
            what = "removed" if change.after is None else "changed" if change.before else "added"
            if what == "changed" or one.id not in told:
                yield RecordChange(what, one.id, one.name), one
