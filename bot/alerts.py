"""How a watched subject changed -> what is said of that in one place, of all the watches there that it is about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot import notices, outcomes
from bot.answers import ClaimFact, ListingFact, meant
from bot.changing import Changed
from bot.joining import dataset
from bot.mail import ALERT, SERIOUS
from bot.monitoring import Alert
from bot.notices import Notice, Telling
from bot.outcomes import Fact
from bot.records import DESIGNATING, Dataset
from bot.shifts import EXPLAIN, Shift
from bot.status import AGAINST, stands

LAW = ("listed", "ended", "removed", "measures", "programme")


@dataclass(frozen=True, slots=True)
class Act:
    """What differs of a list: how the subject (`who`, where it may be several) stands on it now, how it stood, and the dataset
    that says so."""

    shift: Shift
    who: str
    fact: ListingFact | None
    was: Fact | None
    dataset: Dataset | None


def by_subject(some: Sequence[Changed]) -> list[list[Changed]]:
    """Changes by what one message tells of: what is watched in one place, is the same subject, and of which the first of them
    says all that is new. What is watched nowhere is told by itself."""
    places = {(one.watch.id, one.watched.pk): place for place, one in enumerate(some)}
    groups: dict[tuple[object, ...], list[list[Changed]]] = {}
    # Whoever it is news to that somebody is meant at all is told most.
    for one in sorted(some, key=lambda one: -len(one.shifts)):
        mine = groups.setdefault(_subject(one), [])
        group = next((each for each in mine if _tells(each[0], one)), None)
        if group:
            group.append(one)
        else:
            mine.append([one])
    found = (group for mine in groups.values() for group in mine)
    return sorted(found, key=lambda group: min(places[one.watch.id, one.watched.pk] for one in group))


def _subject(one: Changed) -> tuple[object, ...]:
    """What two changes have in common that are of one subject in one place."""
    where = (one.watch.place or one.watch.id,)
    if one.after.entity_id and one.shifts[0].code != "another":
        return (*where, one.after.entity_id)
    several = frozenset(each.entity_id for each in one.after.candidates or one.before.candidates)
    return (*where, one.watched.name.casefold(), one.before.entity_id, one.after.entity_id, several)


def _tells(one: Changed, other: Changed) -> bool:
    """Whether what is said of one says all that is new of the other, and the same of it first."""
    return one.shifts[0].code == other.shifts[0].code and _news(other) <= _news(one)


def _news(one: Changed) -> set[Shift]:
    """What is new but for why, and whom a name means."""
    return {replace(each, before="", after="") for each in one.shifts if each.code not in (*EXPLAIN, "matched")}


def one(telling: Telling, some: Sequence[Changed]) -> Notice:
    """The alert about one subject, to some watches of one place; the first says all that is new."""
    change, watch, watched, subject = some[0], some[0].watch, some[0].watched, some[0].subject
    key = notices.key(watch, watched.pk, telling.seen.at)
    name = change.after.name or watched.name
    mine = {each.watch.id: each.watch for each in some}
    answer = replace(telling.answer(name), subjects=(subject,))
    message = telling.words.message(
        "alert",
        answer=answer,
        subject=subject,
        watched=watched,
        before=change.before,
        after=change.after,
        main=change.shifts[0],
        because=[shift for shift in change.shifts if shift.code in EXPLAIN],
        acts=list(_acts(change, telling)),
        said=_said(change),
        gone=[said for said in change.before.said if _is_gone(said.id, change)],
        some=list(some),
        watches=list(mine.values()),
    )
    asking = telling.asking(
        watch, name, [standing.entity.id for standing in meant(subject)] or change.before.records[:1]
    )
    kept = tuple(_alert(telling, each, key, answer.receipt) for each in some)
    body = telling.evidence_of_answer(kept[0], answer, message, asking)
    ours = tuple(mine.values())
    return Notice(ours, key, (message,), urgency(some), answer.receipt, body, kept, telling.is_inside)


def _alert(telling: Telling, one: Changed, key: str, receipt: str) -> Alert:
    before, after = outcomes.as_json(one.before), outcomes.as_json(one.after)
    return telling.alert(one.watch, one.shifts[0].code, key, receipt, before, after, one.watched.pk)


def urgency(some: Iterable[Changed]) -> int:
    """How urgent it is to tell of these changes."""
    return SERIOUS if any(_is_serious(shift) for change in some for shift in change.shifts) else ALERT


def _is_serious(one: Shift) -> bool:
    designates = one.code == "measures" and DESIGNATING in one.after and DESIGNATING not in one.before
    return one.code == "listed" or designates


def _acts(change: Changed, telling: Telling) -> Iterator[Act]:
    sets = {one.list: one for one in telling.coverage}
    for shift in change.shifts:
        if shift.code in LAW:
            pair = shift.authority, shift.list
            who, fact = _stands(change, pair)
            was = next((one for one in change.before.law if one.pair == pair), None)
            now = next((one for one in change.after.law if one.pair == pair), None)
            stating = now or was
            source = (ending(telling, stating) or sets.get(stating.dataset)) if stating else None
            yield Act(shift, who, fact, was, source)


def ending(telling: Telling, one: Fact) -> Dataset | None:
    """The list by whose version an entry has ended that another dataset still states: its publisher's own, which lacks it; None
    for all others."""
    own = telling.seen.reading.precedence.publisher(one) if one.state == "ended" else None
    return own if own and own.list != one.dataset and own.published_on == one.until else None


def _stands(change: Changed, pair: tuple[str, str]) -> tuple[str, ListingFact | None]:
    """Who of several stands how on a list: by what is new of it, or the first that there is."""
    known = {(one.dataset, one.record_id, one.state) for one in change.before.law}
    found = [
        (standing.entity.name if change.after.candidates else "", fact)
        for standing in meant(change.subject)
        for fact in standing.listings
        if (fact.listing.authority, fact.listing.list) == pair
    ]
    new = (one for one in found if (dataset(one[1].listing.id), one[1].listing.record_id, one[1].state) not in known)
    return next(new, found[0]) if found else ("", None)


def _said(change: Changed) -> list[ClaimFact]:
    """The claims that are new or taken back, with all that they answer and that denies them. What a subject denies in general
    stands beside all that is alleged of it."""
    facts = {fact.claim.id: fact for standing in meant(change.subject) for fact in standing.claims}
    told = {shift.claim for shift in change.shifts} & facts.keys()
    told |= {id for claim in told for id in facts[claim].claim.answers} & facts.keys()
    told |= {id for claim in told for id in facts[claim].denied_by} & facts.keys()
    general = {id for id, fact in facts.items() if fact.claim.stance == "denies" and not fact.claim.answers}
    alleged = {id for id, fact in facts.items() if fact.claim.stance in AGAINST and stands(fact)}
    if told & alleged:
        told |= general
    if told & general:
        told |= alleged
    return [fact for id, fact in facts.items() if id in told]


def _is_gone(id: str, change: Changed) -> bool:
    return any(shift.code == "withdrawn" and shift.claim == id for shift in change.shifts)
