"""Gathers what became known between two moments, with all that belongs to it: the news of a summary."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from bot import newsworthy, repeats, trends
from bot.answers import ClaimFact, Digest, Event, RecordChange
from bot.dossier import Reading
from bot.lists import PUBLICATIONS
from bot.lists.publications import STARTER
from bot.mail import DAILY, WEEKLY
from bot.newsworthy import Act, Statement
from bot.records import Dataset, Entity
from bot.scoping import Wanted
from bot.status import AGAINST, stands
from bot.store import changes, news
from bot.store.news import Span

ALL = Wanted()

GONE = ("removed", "withdrawn")
"""What is told of records that are there no more."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was known before: at the first of two moments, and of each dataset that has `begun` since, by its first version."""

    then: Reading
    begun: Mapping[str, Reading]
    baselines: tuple[Dataset, ...]

    @property
    def versions(self) -> dict[str, str]:
        """When the versions that were known were published, by their datasets."""
        known = (*self.then.coverage, *self.baselines)
        return {one.list: one.published_on for one in known if one.published_on}

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All that can be looked into."""
        return (self.then, *self.begun.values())

    def of(self, one: Act | Statement) -> Reading:
        """Where the record of a change is found as it was."""
        return self.begun.get(one.dataset, self.then)


def gather(
    session: Session,
    workspace: str,
    since: datetime,
    until: datetime,
    wanted: Wanted | None = None,
    edition: str = DAILY,
    required: Collection[str] = (),
) -> Digest:
    """What became known to a workspace after `since`, up to `until`, net of what was taken back in that time; only what is
    `wanted` (None: all). For the weekly `edition`, with what each list's versions of the last weeks changed. `required` are the
    lists that must be fresh."""
    first, newer = news.loads(session, workspace, since, until)
    # What others published long ago is no news; a team's own claims file is, at once.
    baselines = tuple(one for one in first if one.form in PUBLICATIONS or one.list == STARTER)
    loaded = {one.list: one for one in (*first, *newer)}
    lists = tuple(name for name, one in loaded.items() if one not in baselines)
    span = Span(workspace, since, until, lists, {one.list: one.loaded_at for one in baselines if one.loaded_at})
    now = _reading(session, workspace, until, required)
    past = _past(span, baselines, now)
    acts = list(newsworthy.acts(news.listings(session, span), now.day, past.versions))
    said = list(newsworthy.statements(news.claims(session, span)))
    all_told: list[Act | Statement] = [*repeats.without(acts, past.then, now), *said]
    known = _subjects(all_told, past, now)
    told = [one for one in all_told if (wanted or ALL).tells(one, known)]
    others = list(_others(span, (*acts, *said), now))
    records = _records(others, wanted, now)
    found = Digest(
        since=since,
        until=until,
        counts=Counter(one.what for one in told),
        events=tuple(_events(told, known, past, now)),
        records=tuple(records),
        fields=tuple(changes.between(session, span, (one.entity_id for one in records))),
        baselines=tuple(one for one in baselines if (wanted or ALL).tells_dataset(one)),
        loaded=tuple(loaded.values()),
        coverage=now.coverage,
        outside=len(all_told) + len(others) - len(told) - len(records),
        is_narrowed=wanted is not None,
    )
    if edition == WEEKLY:
        return replace(found, weeks=trends.weeks(now.day), trend=trends.trend(now, wanted))
    return found


def _reading(session: Session, workspace: str, at: datetime, required: Collection[str]) -> Reading:
    return Reading(session, workspace, at, at.astimezone(UTC).date(), tuple(required))


def _past(span: Span, baselines: tuple[Dataset, ...], now: Reading) -> Past:
    def reading(at: datetime) -> Reading:
        return _reading(now.session, span.workspace, at, now.required)

    begun = {name: reading(at) for name, at in span.begun.items() if name in span.lists}
    return Past(reading(span.since), begun, baselines)


def _subjects(told: Sequence[Act | Statement], past: Past, now: Reading) -> dict[str, Entity]:
    """Those that news are about; of those that are gone, as they were."""
    ids = {id for one in told for id in one.about}
    found: dict[str, Entity] = {}
    for reading in (now, *past.readings):
        found |= news.briefly(now.session, ids - found.keys(), reading.workspace, reading.known_at)
    return found


def _others(span: Span, told: Sequence[Act | Statement], now: Reading) -> Iterator[tuple[RecordChange, Entity]]:
    """The other changes of records, one of each subject."""
    some = news.entities(now.session, span)
    about = {id for one in told for id in one.about}
    ids = {one.id for change in some for one in (change.before, change.after) if one}
    groups = repeats.subjects((*ids, *about), now)
    about = {record for id in about for record in groups.together(id)}
    yield from repeats.records(newsworthy.others(some, about), groups)


def _records(others: Sequence[tuple[RecordChange, Entity]], wanted: Wanted | None, now: Reading) -> list[RecordChange]:
    """Those changes of records that are told."""
    if wanted is None:
        return [change for change, _ in others]
    held: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in news.held(now.session, (one.id for _, one in others), now.workspace, now.known_at):
        held[one.entity_id].add((one.authority, one.list))
    return [change for change, one in others if wanted.tells_record(one, held[one.id])]


def _events(told: Sequence[Act | Statement], known: Mapping[str, Entity], past: Past, now: Reading) -> list[Event]:
    """What is told, with all that belongs to it: by what is known now, and of what is gone by what was known before."""
    found: list[Event] = []
    for reading in (now, *past.readings):
        some = [one for one in told if (past.of(one) if one.what in GONE else now) is reading]
        found += _acts([one for one in some if isinstance(one, Act)], known, reading)
        found += _statements([one for one in some if isinstance(one, Statement)], known, reading)
    return sorted(found, key=newsworthy.order)


def _acts(told: Sequence[Act], known: Mapping[str, Entity], reading: Reading) -> Iterator[Event]:
    """Each with its listing as it stood."""
    for one, fact in zip(told, reading.listing_facts(one.record for one in told), strict=True):
        yield Event(fact.since, one.what, _about(one, known), fact, was=one.was)


def _about(one: Act | Statement, known: Mapping[str, Entity]) -> tuple[Entity, ...]:
    return tuple(known[id] for id in dict.fromkeys(one.about) if id in known)


def _statements(told: Sequence[Statement], known: Mapping[str, Entity], reading: Reading) -> Iterator[Event]:
    """Each with the denials stored of it, and with what it answers."""
    bearing = news.concerning(reading.session, (one.record for one in told), reading.workspace, reading.known_at)
    # Whatever day they speak of: what counts is that it became known.
    facts = {fact.claim.id: fact for fact in replace(reading, day=date.max).claim_facts(bearing)}
    general: dict[str, list[str]] = defaultdict(list)
    for fact in facts.values():
        if fact.claim.stance == "denies" and not fact.claim.answers and stands(fact):
            for id in fact.claim.subject_ids:
                general[id].append(fact.claim.id)
    for one in told:
        fact = facts[one.record.id]
        answered = tuple(facts[id] for id in one.record.answers if id in facts)
        denials = tuple(facts[id] for id in _denials(fact, answered, general))
        yield Event(fact.counts_from, one.what, _about(one, known), None, fact, denials, answered)


def _denials(fact: ClaimFact, answered: Sequence[ClaimFact], general: Mapping[str, list[str]]) -> list[str]:
    """The denials of a claim: its own, those of what it confirms or retracts, and what its subjects deny in general."""
    if fact.claim.stance == "denies":
        return []
    ids = [*fact.denied_by, *(id for one in answered for id in one.denied_by)]
    if fact.claim.stance in AGAINST:
        ids += [id for subject in fact.claim.subject_ids for id in general.get(subject, ())]
    return list(dict.fromkeys(ids))
