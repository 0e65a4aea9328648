"""How watched subjects changed -> what is said of that: of each by itself, or of many in one."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import notices, outcomes
from bot.answers import STATUSES, ClaimFact, ListingFact, Subject, meant
from bot.mail import ALERT, SERIOUS, Attachment
from bot.monitoring import Watch, Watched
from bot.notices import Notice, Telling
from bot.outcomes import EXPLAIN, Fact, Outcome, Shift
from bot.records import DESIGNATING, Dataset
from bot.reply import Message
from bot.sheets import harmless
from bot.status import AGAINST, stands
from bot.watches import Changed

MANY = 50
"""More changed subjects of one watch at one moment are told in one."""

FIRST, PAGE, PAGES = 12, 25, 8
"""How many lines the first message of many shows, how many each one in its thread, and how many follow; the sheet has all."""

LAW = ("listed", "ended", "removed", "measures", "programme")


@dataclass(frozen=True, slots=True)
class Act:
    """What differs of a list: how the subject stands on it now, how it stood, and the dataset that says so."""

    shift: Shift
    fact: ListingFact | None
    was: Fact | None
    dataset: Dataset | None


@dataclass(frozen=True, slots=True)
class Line:
    """A subject as it is told among many: what differs most, the entry of a list or who says what it is about, the source."""

    watched: Watched
    before: Outcome
    after: Outcome
    shift: Shift
    fact: Fact | None
    by: str
    source: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How the subjects of a portfolio stand: how many there are, how many by status, the first of each status that somebody
    bears, and the number of the last."""

    total: int
    counts: Counter[str]
    first: tuple[tuple[Watched, Outcome], ...]
    last: int = 0


def one(telling: Telling, change: Changed) -> Notice:
    """The alert about one subject."""
    watch, watched, subject = change.watch, change.watched, change.subject
    key = notices.key(watch, watched.pk, telling.seen.at)
    name = change.after.name or watched.name
    answer = replace(telling.answer(name), subjects=(subject,))
    message = telling.words.message(
        "alert",
        answer=answer,
        subject=subject,
        watch=watch,
        watched=watched,
        before=change.before,
        after=change.after,
        main=change.shifts[0],
        because=[shift for shift in change.shifts if shift.code in EXPLAIN],
        acts=list(_acts(change, telling)),
        said=_said(change),
        gone=[said for said in change.before.said if _is_gone(said.id, change)],
        becomes=bool(change.becomes),
    )
    asking = telling.asking(
        watch, name, [standing.entity.id for standing in meant(subject)] or change.before.records[:1]
    )
    before, after = outcomes.as_json(change.before), outcomes.as_json(change.after)
    alert = telling.alert(watch, change.shifts[0].code, key, answer.receipt, before, after, watched.pk)
    body = telling.evidence_of_answer(alert, answer, message, asking)
    return Notice((watch,), key, (message,), _urgency([change]), answer.receipt, body, (alert,))


def _urgency(some: Iterable[Changed]) -> int:
    return SERIOUS if any(_is_serious(shift) for change in some for shift in change.shifts) else ALERT


def _is_serious(one: Shift) -> bool:
    designates = one.code == "measures" and DESIGNATING in one.after and DESIGNATING not in one.before
    return one.code == "listed" or designates


def _acts(change: Changed, telling: Telling) -> Iterator[Act]:
    facts = [fact for standing in meant(change.subject) for fact in standing.listings]
    sets = {one.list: one for one in telling.coverage}
    for shift in change.shifts:
        if shift.code in LAW:
            pair = shift.authority, shift.list
            fact = next((one for one in facts if (one.listing.authority, one.listing.list) == pair), None)
            was = next((one for one in change.before.law if one.pair == pair), None)
            now = next((one for one in change.after.law if one.pair == pair), None)
            stating = now or was
            yield Act(shift, fact, was, sets.get(stating.dataset) if stating else None)


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


def bundle(telling: Telling, watch: Watch, some: Sequence[Changed], first: Sequence[Dataset]) -> Notice:
    """One alert about many subjects; `first` are the lists that were loaded for the first time."""
    key = notices.key(watch, 0, telling.seen.at)
    receipt = telling.answer("").receipt
    ranked = sorted(some, key=lambda one: (outcomes.SHIFTS.index(one.shifts[0].code), one.watched.number))
    titles = {one.list: f"{one.title} {one.version}" for one in telling.coverage}
    lines = [_line(one, titles) for one in ranked]
    counts = Counter(one.after.status for one in lines)
    common: dict[str, Any] = {
        "watch": watch,
        "first": first,
        "total": len(lines),
        "counts": [(status, counts[status]) for status in STATUSES if counts[status]],
        "receipt": receipt,
        "answer": telling.answer(watch.label),
    }
    said = tuple(_pages(telling, lines, common))
    after = {"subjects": len(lines), "codes": Counter(one.shift.code for one in lines)}
    alert = telling.alert(watch, lines[0].shift.code, key, receipt, {}, after)
    body = telling.evidence(alert, said) | {"rows": [_cells(one) for one in lines]}
    sheet = _sheet(key, watch, [HEADER, *map(_cells, lines)]) if len(lines) > FIRST else None
    beside = telling.words.message("alert_sheet", watch=watch, total=len(lines)) if sheet else None
    return Notice((watch,), key, said, _urgency(some), receipt, body, (alert,), sheet, beside)


def _line(one: Changed, titles: dict[str, str]) -> Line:
    shift = one.shifts[0]
    pair = shift.authority, shift.list
    facts = [fact for some in (one.after, one.before) for fact in some.law]
    on = [fact for fact in facts if fact.pair == pair]
    # Of who is only matched now, the first entry says most.
    fact = next(iter(on), None) or (next(iter(one.after.law), None) if shift.code in ("matched", "status") else None)
    return Line(one.watched, one.before, one.after, shift, fact, shift.after or shift.before, _title(fact, titles))


def _title(fact: Fact | None, titles: dict[str, str]) -> str:
    return titles.get(fact.dataset, fact.dataset) if fact else ""


def _pages(telling: Telling, lines: Sequence[Line], common: dict[str, Any]) -> Iterator[Message]:
    most = FIRST + PAGE * PAGES
    yield telling.words.message("alert_bundle", lines=lines[:FIRST], left=len(lines) - FIRST, **common)
    for start in range(FIRST, min(len(lines), most), PAGE):
        some = lines[start : start + PAGE]
        left = len(lines) - most if start + PAGE >= most else 0
        yield telling.words.message("alert_more", lines=some, start=start + 1, left=left, **common)


HEADER = [
    "row",
    "reference",
    "name",
    "entity_id",
    "entity_name",
    "before",
    "after",
    "what",
    "authority",
    "list",
    "measures",
]
HEADER += ["since", "source"]


def _cells(one: Line) -> list[str]:
    fact = one.fact
    act = [fact.authority, fact.list, "; ".join(fact.measures), fact.since] if fact else [""] * 4
    who = [str(one.watched.number), one.watched.reference, one.watched.name, one.after.entity_id, one.after.name]
    return [*who, one.before.status, one.after.status, one.shift.code, *act, one.source]


def _sheet(key: str, watch: Watch, rows: Iterable[Sequence[str]]) -> Attachment:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    name = f"{key.replace(':', '-')}.csv"
    return Attachment("sheet", name, watch.label[:100], text.getvalue().encode())


def portfolio(telling: Telling, watch: Watch, tally: Tally) -> Notice:
    """What is said of a portfolio when it is known how its names stand, also those that were added later."""
    key = notices.key(watch, f"names-{tally.last}" if watch.seen_until else 0, telling.seen.at)
    answer = telling.answer(watch.label)
    counts = [(status, tally.counts[status]) for status in STATUSES if tally.counts[status]]
    common: dict[str, Any] = {"watch": watch, "tally": tally, "counts": counts, "answer": answer}
    message = telling.words.message("alert_portfolio", **common)
    alert = telling.alert(watch, "baseline", key, answer.receipt, {}, {"total": tally.total, "counts": dict(counts)})
    body = telling.evidence(alert, [message])
    return Notice((watch,), key, (message,), ALERT, answer.receipt, body, (alert,))


NOBODY = Subject("", "no_record")
"""Stands in for how a subject stands where there are too many to be told of each by itself."""
