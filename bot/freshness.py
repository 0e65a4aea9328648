"""Says how fresh each list is that an answer rests on: which were searched, in which version, and which cannot be relied on."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot import dates
from bot.filters import Filters, OfficialList
from bot.lists import LISTS, PUBLICATIONS
from bot.records import Dataset
from bot.store import attempts, datasets, listings
from bot.store.attempts import Attempt

ORDER = {form: number for number, form in enumerate(LISTS)}
"""Publishers' own lists come before copies, and what people wrote last."""

TOO_OLD = 3
"""How many times its usual rhythm a list may be old."""


def coverage(
    session: Session, workspace: str, known_at: datetime | None, day: date, required: Collection[str] = ()
) -> tuple[Dataset, ...]:
    """The lists that were loaded at `known_at` (None: now), each with its state on a day, and those that should have been.

    `required` are the names of the lists that must be fresh for a negative; where there are none, all that were ever loaded.
    """
    tried = attempts.latest(session, workspace, known_at)
    day = min(day, known_at.date()) if known_at else day
    loaded = datasets.current(session, workspace, known_at)
    counted = [replace(one, counts=not required or bool({one.list, one.form} & set(required))) for one in loaded]
    there = {name for one in loaded for name in (one.list, one.form)}
    judged = [_judged(one, tried.get(one.form), day) for one in counted]
    return (*sorted(judged, key=lambda one: ORDER.get(one.form, len(ORDER))), *_absent(there, tried, required))


def official(session: Session, workspace: str, one: OfficialList, coverage: Collection[Dataset]) -> tuple[Dataset, ...]:
    """The published lists of a `coverage` that state the entries of an official list: what was loaded from its publisher, else
    whatever has copies of them. What comes with the bot, and what people wrote, is none."""
    there = [set for set in coverage if set.loaded_at and set.form in PUBLICATIONS]
    for form in one.forms:
        if own := tuple(set for set in there if set.form == form):
            return own
    copies = listings.holders(session, one, workspace, None)
    return tuple(set for set in there if set.list in copies)


def stating(
    session: Session, workspace: str, narrowed: Filters, coverage: Collection[Dataset]
) -> tuple[tuple[Dataset, ...], tuple[str, ...]]:
    """The loaded lists of a `coverage` that state the entries of the lists which something is narrowed to, and what those lists
    are called of which none does."""
    some = {one.label: official(session, workspace, one, coverage) for one in narrowed.lists}
    for name in narrowed.datasets:
        mine = [one for one in coverage if one.list == name]
        some[mine[0].title if mine else name] = tuple(one for one in mine if one.loaded_at)
    sets = tuple(dict.fromkeys(set for each in some.values() for set in each))
    return sets, tuple(label for label, each in some.items() if not each)


def _judged(one: Dataset, attempt: Attempt | None, day: date) -> Dataset:
    """A loaded list with its state: what failed by that day comes before what is only old."""
    if attempt and attempt.outcome == "failed" and attempt.since.date() <= day:
        return replace(one, state="failed", why=attempt.why, failed_at=attempt.since)
    confirmed = attempt.at if attempt and attempt.outcome == "confirmed" else None
    rhythm = PUBLICATIONS[one.form].rhythm if one.form in PUBLICATIONS else 0
    # A version that its publisher says is still the newest is no old one.
    newest = max(dates.last_day(one.published_on), confirmed.date() if confirmed else date.min)
    is_stale = bool(rhythm) and (day - newest).days > TOO_OLD * rhythm
    return replace(one, state="stale" if is_stale else "fresh", confirmed_at=confirmed)


def _absent(there: Collection[str], tried: Mapping[str, Attempt], required: Collection[str]) -> Iterator[Dataset]:
    """Lists that are not there: those that must be, and those that could not be loaded."""
    for name in sorted({*required, *(form for form, one in tried.items() if one.outcome == "failed")} - set(there)):
        publication, attempt = PUBLICATIONS.get(name), tried.get(name)
        title, publisher = (publication.title, publication.publisher) if publication else (name, "")
        one = Dataset(name, title, publisher, "", "", form=name, state="missing", counts=name in required)
        yield replace(one, state="failed", why=attempt.why, failed_at=attempt.since) if attempt else one
