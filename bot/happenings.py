"""Answers what changed: what versions of lists added, removed, changed; what began or ended by its own date; what was said."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot import dates
from bot.answers import Answer, ClaimFact, Event, ListingFact, StoredList, meant, units
from bot.dossier import Reading
from bot.filters import OfficialList
from bot.joining import PEOPLES, rank
from bot.lists import LISTS
from bot.records import Entity
from bot.store import changes, entities, joins, listings
from bot.store.changes import Logged, Window
from bot.store.listings import Own

USUAL_PERIOD = timedelta(days=7)
"""How far back "what changed?" looks."""

EVER = date(1900, 1, 1)
"""How far back "what changed for X?" looks."""

SHOWN = 40
"""How many changes of lists are told of; the others are counted."""

GROUPS = {"added": "added", "listed": "added", "first_seen": "added"}
GROUPS |= {"removed": "removed", "ended": "removed", "changed": "changed"}
"""What happened → what it is counted as."""


@dataclass(slots=True)
class Happening:
    """What one version of a list did to one record, or what a list's own date says of it; `pairs` are the lists that the record
    is on."""

    first: Logged
    pairs: set[tuple[str, str]] = field(default_factory=set)

    @property
    def group(self) -> str:
        """Whether it counts as `added`, `removed` or `changed`."""
        return GROUPS[self.first.what]


def fill(empty: Answer, reading: Reading) -> Answer:
    """The answer to what changed in a time, or of subjects."""
    ids = tuple(dict.fromkeys(id for subject in empty.subjects for one in meant(subject) for id in one.records))
    if empty.subjects and not ids:
        return replace(empty, period=empty.period or (EVER, reading.day))
    usual = EVER if ids else reading.day - USUAL_PERIOD
    period = empty.period or (usual, reading.day)
    after = tuple(_published_on(period[0], reading)) if empty.filters.after else ()
    window = Window(reading.workspace, reading.known_at, period, empty.filters, ids, after)
    rows = changes.logged(reading.session, window)
    found = [one for one in _happenings(rows, window, reading) if _is_wanted(one, empty)]
    said = list(_said_in(period, ids, reading)) if _asks_all(empty) else []
    told = _allotted(found)
    return replace(
        empty,
        period=period,
        events=(*_events(told, reading), *said),
        counts=Counter(one.group for one in found) + Counter(said=len(said)),
        ids=tuple(dict.fromkeys(one.first.entity_id for one in found))[:1000],
        stored=tuple(_stored(rows, window, reading)),
        missing=tuple(_missing(empty, reading)),
    )


def _published_on(day: date, reading: Reading) -> Iterator[str]:
    """The datasets of which a version was published on this very day."""
    known = changes.versions(reading.session, reading.workspace, reading.known_at)
    yield from (name for name, days in known.items() if day.isoformat() in days)


def _asks_all(empty: Answer) -> bool:
    """Whether what was said is asked for too."""
    filters = empty.filters
    return not (
        filters.changes
        or filters.lists
        or filters.datasets
        or filters.programmes
        or filters.asks_who
        or filters.measures
    )


def _is_wanted(one: Happening, empty: Answer) -> bool:
    return not empty.filters.changes or one.group in empty.filters.changes


def _happenings(rows: Iterable[Logged], window: Window, reading: Reading) -> list[Happening]:
    """What happened, each once, the newest first; what a list tells by its own date is not told where its log does."""
    found: dict[tuple[str, ...], Happening] = {}
    for row in rows:
        one = found.setdefault((row.what, row.entity_id, row.version), Happening(row))
        one.pairs.add((row.authority, row.list))
    told = {(one.group, one.first.entity_id) for one in found.values()}
    told |= {("added" if row.field == "listed" else "removed", row.listing_id) for row in rows if row.listing_id}
    for row in changes.dated(reading.session, window):
        group = GROUPS[row.what]
        if (group, row.entity_id) not in told and (group, row.listing_id) not in told:
            found[row.what, row.listing_id, row.on] = Happening(row, {(row.authority, row.list)})
    return list(_distinct(found.values(), reading))


def _distinct(found: Iterable[Happening], reading: Reading) -> Iterator[Happening]:
    """Without what copies of a list tell again; what counts most is told."""
    found = sorted(found, key=lambda one: rank(one.first.entity_id, tuple(LISTS)))
    ids = (one.first.entity_id for one in found)
    of = joins.subjects(reading.session, ids, reading.workspace, reading.known_at).of
    by: dict[tuple[str, str, str, str], str] = {}
    kept = []
    for one in found:
        keys = [(one.group, of.get(one.first.entity_id, one.first.entity_id), *pair) for pair in one.pairs]
        if any(by.setdefault(key, one.first.dataset) == one.first.dataset for key in keys):
            kept.append(one)
    kept.sort(key=lambda one: (one.first.name.casefold(), one.first.entity_id))
    yield from sorted(kept, key=lambda one: one.first.on, reverse=True)


def _allotted(found: Sequence[Happening]) -> list[Happening]:
    """Those that are told of: of each group a fair share, and what the others leave."""
    groups = [[one for one in found if one.group == group] for group in ("added", "removed", "changed")]
    fair = SHOWN // len(groups)
    told: list[Happening] = []
    for place, some in enumerate(groups):
        later = sum(min(len(other), fair) for other in groups[place + 1 :])
        told += some[: SHOWN - len(told) - later]
    return told


def _events(told: Sequence[Happening], reading: Reading) -> Iterator[Event]:
    ids = [one.first.entity_id for one in told]
    known = entities.by_ids(reading.session, ids, reading.workspace, reading.known_at)
    acts = listings.of_entities(reading.session, ids, reading.workspace, reading.known_at)
    facts: dict[str, list[ListingFact]] = {}
    for fact in reading.listing_facts(acts):
        facts.setdefault(fact.listing.entity_id, []).append(fact)
    logged = changes.of_entities(reading.session, ids, reading.workspace, reading.known_at)
    for one in told:
        row = one.first
        entity = known.get(row.entity_id) or Entity(row.entity_id, "", row.name)
        same = (row.what, row.entity_id, row.version)
        fields = tuple(change for change in logged if (change.what, change.entity_id, change.version) == same)
        yield Event(row.on, row.what, (entity,), _act(one, facts.get(row.entity_id, ())), fields=fields[::-1])


def _act(one: Happening, facts: Sequence[ListingFact]) -> ListingFact | None:
    """The listing that a happening is about, or of which it changed the record."""
    mine = [fact for fact in facts if (fact.listing.authority, fact.listing.list) in one.pairs]
    exact = [fact for fact in mine if fact.listing.id == one.first.listing_id]
    over = [fact for fact in mine if bool(fact.listing.ended_on) == (one.group == "removed")]
    return next(iter((*exact, *over, *mine)), None)


def _said_in(period: tuple[date, date], ids: Sequence[str], reading: Reading) -> Iterator[Event]:
    """What was said in a time; of the subjects alone that are asked about."""
    claims = reading.all_claims()
    about = {id for one in claims for id in (*one.subject_ids, *one.possible_ids)}
    known = entities.by_ids(reading.session, about, reading.workspace, reading.known_at)
    found: list[Event] = []
    for fact, denials in units(reading.claim_facts(claims)):
        if _within(fact.counts_from, period):
            found.append(_said(fact, denials, known))
        else:
            found += [_said(one, (), known) for one in denials if _within(one.counts_from, period)]
    mine = (one for one in found if not ids or {*ids} & {entity.id for entity in one.entities})
    yield from sorted(mine, key=lambda event: (not event.entities, event.on))


def _said(fact: ClaimFact, denials: tuple[ClaimFact, ...], known: Mapping[str, Entity]) -> Event:
    ids = dict.fromkeys((*fact.claim.subject_ids, *fact.claim.possible_ids))
    about = tuple(known[id] for id in ids if id in known)
    return Event(fact.counts_from, fact.claim.stance, about, claim=fact, denials=denials)


def _within(day: str, period: tuple[date, date]) -> bool:
    first, last = dates.span(day)
    return period[0] <= last and first <= period[1]


def _stored(rows: Iterable[Logged], window: Window, reading: Reading) -> Iterator[StoredList]:
    """The datasets whose changes are told, with the versions that were compared; of the lists asked for also those without
    any."""
    known = changes.versions(reading.session, reading.workspace, reading.known_at)
    titles = {one.list: one.title for one in reading.coverage}
    once = {(row.dataset, row.what, row.entity_id, row.version) for row in rows}
    counts = Counter((dataset, what) for dataset, what, *_ in once)
    asked = {*window.filters.datasets, *(name for one in window.filters.lists for name in holders(one, reading))}
    for name in sorted(known.keys() & {*asked, *(dataset for dataset, _ in counts)}):
        days = known[name]
        first, last = (day.isoformat() for day in window.period)
        before = [day for day in days if day < first or (name in window.after and day == first)][-1:]
        within = [day for day in days if first <= day <= last and day not in before]
        told = (counts[name, what] for what in ("added", "changed", "removed"))
        yield StoredList(titles.get(name, name), (*before, *within), days[0], *told)


def _missing(empty: Answer, reading: Reading) -> Iterator[str]:
    """The lists that are asked for and are in no dataset."""
    yield from (one.label for one in empty.filters.lists if not holders(one, reading))


def holders(one: OfficialList, reading: Reading) -> list[str]:
    """The datasets whose word counts for a list."""
    return listings.holders(reading.session, one, reading.workspace, reading.known_at, own(reading))


def own(reading: Reading) -> list[Own]:
    """The loaded lists that state entries themselves, for each list of an authority the one that counts."""
    loaded = reading.precedence.loaded
    found: dict[tuple[str, str], Own] = {}
    for name, publication in reading.precedence.publications.items():
        for authority, of in publication.covers if name in loaded else ():
            first = dates.first_day(loaded[name].published_on)
            others = [one for one in loaded.values() if one.list != name]
            older = (one.list for one in others if one.form not in PEOPLES and dates.last_day(one.published_on) < first)
            dated = (one.list for one in others if one.form in PEOPLES)
            one = Own(authority, of, name, loaded[name].published_on, tuple(older), tuple(dated))
            found.setdefault((authority, of), one)
    return list(found.values())
