"""Answers questions about all records at once: who is listed or named, and how many."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import dates, happenings
from bot.answers import STATUSES, Answer, Standing, StoredList, Subject
from bot.dossier import Reading
from bot.filters import Filters, OfficialList
from bot.records import DESIGNATING
from bot.store import changes, joins, listings
from bot.store.listings import Held

FLAGGED = ("listed", "formerly_listed", "named")

SHOWN = 50
"""How many subjects of a list are told of; the others are counted."""

KEPT = 1000
"""How many ids of them an answer holds."""

ANY = Filters()

STATES = {"active": "listed", "ended": "formerly_listed"}


@dataclass(frozen=True, slots=True)
class Counted:
    """A subject that is counted: one of its records, what that is called, and its status."""

    id: str
    name: str
    status: str


def fill(empty: Answer, reading: Reading) -> Answer:
    """The answer to a question of intent `list` or `changes`; others need nothing but what `empty` holds."""
    if empty.intent not in ("list", "changes"):
        return empty
    known = replace(empty, filters=_understood(empty.filters, reading))
    return _listed(known, reading) if empty.intent == "list" else happenings.fill(known, reading)


def _understood(filters: Filters, reading: Reading) -> Filters:
    """The filters with those lists that are called by their own names, or by those of their datasets; other words stay unread."""
    lists, datasets, unread = list(filters.lists), list(filters.datasets), []
    for said in filters.unread:
        words = [word for word in said.casefold().split() if word not in ("and", "of", "the", "for", "on")]
        names = listings.called(reading.session, words, reading.workspace, reading.known_at)
        sets = [one.list for one in reading.coverage if all(word in one.title.casefold() for word in words)]
        if names:
            lists.append(OfficialList(f"{said} list", (), tuple(name.lower() for name in names)))
        elif sets:
            datasets += sets
        else:
            unread.append(said)
    return replace(filters, lists=tuple(lists), datasets=tuple(datasets), unread=tuple(unread))


def _listed(empty: Answer, reading: Reading) -> Answer:
    """Who is on the lists that are asked for; with nothing asked, everyone who is listed or named. What only lists tell is
    counted without reading the records."""
    filters, since = empty.filters, _since(empty)
    held = [] if _is_about_reporting(filters) else _held(filters, reading, since)
    law = dict(_by_law(held, filters, reading))
    said = [] if since or (filters.asks_law and not _is_about_reporting(filters)) else _by_reporting(filters, reading)
    found = [*law.values(), *_others(said, law)]
    if not found and filters.countries:
        nowhere = replace(filters, countries=(), countryless=1)
        empty = replace(empty, filters=replace(filters, countryless=_count(nowhere, reading, since)))
    order = sorted(found, key=lambda one: (STATUSES.index(one.status), one.name.casefold(), one.id))
    return replace(
        _with_lists(empty, reading),
        subjects=tuple(_subjects(order[:SHOWN], reading)),
        counts=Counter(one.status for one in order),
        ids=tuple(one.id for one in order[:KEPT]),
        unsure=len({one.entity_id for one in held if one.state == "unknown"}),
    )


def _since(empty: Answer) -> date | None:
    """The day from which entries count, where the question has one: "listed since 2025"."""
    return empty.period[0] if empty.period and empty.period[1] == empty.asked_at.date() else None


def _is_about_reporting(filters: Filters) -> bool:
    """Whether what is asked for cannot be told from lists alone."""
    asked = filters.words
    return bool({"contested", "not listed"} & asked) or ("named" in asked and "listed" not in asked)


def _held(filters: Filters, reading: Reading, since: date | None) -> list[Held]:
    own = happenings.own(reading)
    return listings.held(reading.session, filters, reading.day, reading.workspace, reading.known_at, since, own)


def _count(filters: Filters, reading: Reading, since: date | None) -> int:
    return sum(1 for _ in _by_law(_held(filters, reading, since), filters, reading))


def _by_law(held: Sequence[Held], filters: Filters, reading: Reading) -> Iterator[tuple[str, Counted]]:
    """The subjects whose entries fit, each once however many records it has."""
    ids = (one.entity_id for one in held)
    of = joins.subjects(reading.session, ids, reading.workspace, reading.known_at).of
    entries: dict[str, list[Held]] = {}
    for one in held:
        entries.setdefault(of.get(one.entity_id, one.entity_id), []).append(one)
    wanted = _statuses(filters)
    for subject, some in entries.items():
        states = {one.state for one in some if one.state in STATES}
        status = STATES["active" if "active" in states else "ended"] if states else ""
        if status in wanted and _is_on_all(some, filters, "active" if status == "listed" else "ended"):
            first = next((one for one in some if one.entity_id == subject), some[0])
            yield subject, Counted(first.entity_id, first.name, status)


def _statuses(filters: Filters) -> tuple[str, ...]:
    if "formerly listed" in filters:
        return ("formerly_listed",)
    return ("listed",) if filters.asks_law else ("listed", "formerly_listed")


def _is_on_all(some: Sequence[Held], filters: Filters, state: str) -> bool:
    """Whether entries are on every list that is asked for, or on one where one will do."""
    if filters.any_list or len(filters.lists) < 2:
        return True
    there = [one for one in some if one.state == state]
    return all(any(wanted.is_called(one.authority, one.list) for one in there) for wanted in filters.lists)


def _by_reporting(filters: Filters, reading: Reading) -> list[Standing]:
    """Whoever claims are about, and fits."""
    about = (id for one in reading.all_claims() for id in (*one.subject_ids, *one.possible_ids))
    found = {one.entity.id: one for one in reading.standings(about).values()}
    return [one for one in found.values() if _fits(one, filters)]


def _fits(one: Standing, filters: Filters) -> bool:
    """Whether a subject belongs in the list that was asked for; without filters, everyone who is listed or named."""
    acts = [fact.listing for fact in one.listings if fact.state == "active"]
    on = [any(wanted.holds(act) for act in acts) for wanted in filters.lists]
    if on and not (any(on) if filters.any_list else all(on)):
        return False
    if not _is_of_sort(one, filters) or ("contested" in filters and not one.contested):
        return False
    if "not listed" in filters and one.status == "listed":
        return False
    if "designated" in filters:
        return any(DESIGNATING in act.measures for act in acts)
    if "named" in filters and "listed" not in filters:
        return one.status == "named" or one.named
    return one.status in FLAGGED or "contested" in filters


def _is_of_sort(one: Standing, filters: Filters) -> bool:
    countries, kinds = filters.countries, filters.kinds
    return (not countries or bool({*countries} & {*one.entity.countries})) and (not kinds or one.entity.kind in kinds)


def _others(said: Iterable[Standing], law: dict[str, Counted]) -> Iterator[Counted]:
    """Those subjects that are not counted already."""
    there = {*law, *(one.id for one in law.values())}
    for one in said:
        if not there & {one.entity.id, *one.records}:
            yield Counted(one.entity.id, one.entity.name, one.status)


def _subjects(some: Sequence[Counted], reading: Reading) -> Iterator[Subject]:
    standings = reading.standings(one.id for one in some)
    for one in some:
        if one.id in standings:
            found = standings[one.id]
            yield Subject(found.entity.name, one.status, found.contested, found.named, found)


def _with_lists(empty: Answer, reading: Reading) -> Answer:
    """The answer with the datasets that have entries of the lists asked for, and the lists that are in none."""
    known = changes.versions(reading.session, reading.workspace, reading.known_at)
    titles = {one.list: one.title for one in reading.coverage}
    lists = empty.filters.lists
    held = [happenings.holders(one, reading) for one in lists]
    names = dict.fromkeys(name for some in (*held, empty.filters.datasets) for name in some if name in known)
    stored = tuple(StoredList(titles.get(name, name), tuple(known[name]), known[name][0]) for name in names)
    return replace(
        empty, stored=stored, missing=tuple(one.label for one, some in zip(lists, held, strict=True) if not some)
    )


def reach(reading: Reading, filters: Filters = ANY) -> str:
    """The first day for which every list that somebody publishes has a stored version, or those that have what is asked for;
    empty where there is none."""
    known = changes.versions(reading.session, reading.workspace, reading.known_at)
    published = reading.precedence.publications
    names = {one.list for one in reading.coverage if one.form in published and published[one.form].rhythm}
    asked = {name for one in filters.lists for name in happenings.holders(one, reading)}
    days = (known[name][0] for name in names & known.keys() & (asked or names))
    return max(days, key=dates.first_day, default="")
