"""Answers questions about all records at once: who is flagged, what changed, what is loaded."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot import dates
from bot.answers import STATUSES, Answer, ClaimFact, Event, ListingFact, Standing, Subject, meant, units
from bot.dossier import Reading
from bot.records import DESIGNATING, Entity

FLAGGED = ("listed", "formerly_listed", "named")

USUAL_PERIOD = timedelta(days=7)
"""How far back "what changed?" looks."""

LIST_FILTERS = ("entity list", "specially designated nationals", "1260h")
AUTHORITY_FILTERS = ("ofac", "bis", "eu", "uk", "un")


def fill(empty: Answer, reading: Reading) -> Answer:
    """The answer to a question of intent `list` or `changes`; others need nothing but what `empty` holds."""
    if empty.intent == "list":
        return replace(empty, subjects=tuple(_flagged(empty, reading)))
    if empty.intent == "changes":
        period = empty.period or (reading.day - USUAL_PERIOD, reading.day)
        return replace(empty, period=period, events=tuple(_concerning(empty, _events(period, reading))))
    return empty


def _concerning(empty: Answer, events: Iterable[Event]) -> Iterator[Event]:
    """The events of the subjects asked about; all of them where nobody was."""
    ids = {one.entity.id for subject in empty.subjects for one in meant(subject)}
    yield from (event for event in events if not empty.subjects or ids & {entity.id for entity in event.entities})


def _flagged(empty: Answer, reading: Reading) -> Iterator[Subject]:
    standings = [one for one in reading.all_standings().values() if _fits(one, empty.filters, _since(empty))]
    for one in sorted(standings, key=lambda one: (STATUSES.index(one.status), one.entity.name.casefold())):
        yield Subject(one.entity.name, one.status, one.contested, one.named, one)


def _since(empty: Answer) -> date | None:
    """The day from which entries count, where the question has one: "listed since 2025"."""
    return empty.period[0] if empty.period and empty.period[1] == empty.asked_at.date() else None


def _fits(one: Standing, filters: frozenset[str], since: date | None) -> bool:
    """Whether an entity belongs in the list that was asked for; without filters, everyone who is listed or named."""
    active = [fact for fact in one.listings if fact.state == "active"]
    acts = [fact.listing for fact in active if since is None or dates.last_day(fact.since) >= since]
    if since is not None and not acts:
        return False
    if "contested" in filters and not one.contested:
        return False
    for name in filters & {*LIST_FILTERS, *AUTHORITY_FILTERS}:
        if not any(
            name in (act.authority.casefold(), act.list.casefold()) or name in act.list.casefold() for act in acts
        ):
            return False
    if "not listed" in filters and one.status == "listed":
        return False
    if "designated" in filters:
        return any(DESIGNATING in act.measures for act in acts)
    if "named" in filters and "listed" not in filters:
        return one.status == "named" or one.named
    if "listed" in filters:
        return one.status == "listed"
    return one.status in FLAGGED or "contested" in filters


def _events(period: tuple[date, date], reading: Reading) -> Iterator[Event]:
    """What happened in the period by its own date: entries and ends first, then what was said of somebody, then the rest."""
    standings = reading.all_standings()
    known = {id: one.entity for id, one in standings.items()}
    found: list[Event] = []
    for one in standings.values():
        for act in one.listings:
            found += _acts(one.entity, act, period)
    for fact, denials in units(reading.claim_facts(reading.all_claims())):
        if _within(fact.counts_from, period):
            found.append(_said(fact, denials, known))
        else:
            found += [_said(one, (), known) for one in denials if _within(one.counts_from, period)]
    yield from sorted(found, key=lambda event: (not event.listing, not event.entities, event.on))


def _said(fact: ClaimFact, denials: tuple[ClaimFact, ...], known: Mapping[str, Entity]) -> Event:
    ids = dict.fromkeys((*fact.claim.subject_ids, *fact.claim.possible_ids))
    entities = tuple(known[id] for id in ids if id in known)
    return Event(fact.counts_from, fact.claim.stance, entities, claim=fact, denials=denials)


def _acts(entity: Entity, act: ListingFact, period: tuple[date, date]) -> Iterator[Event]:
    if _within(act.since, period):
        yield Event(act.since, "listed" if act.since_is_published else "first_seen", (entity,), listing=act)
    if act.listing.ended_on and _within(act.listing.ended_on, period):
        yield Event(act.listing.ended_on, "ended", (entity,), listing=act)


def _within(day: str, period: tuple[date, date]) -> bool:
    first, last = dates.span(day)
    return period[0] <= last and first <= period[1]
