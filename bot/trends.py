"""How many entries were added to each list and taken off it, week by week."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot import dates, repeats
from bot.answers import ListWeeks
from bot.dossier import Reading
from bot.filters import Filters
from bot.joining import rank
from bot.records import Entity
from bot.scoping import Wanted
from bot.store import changes, news
from bot.store.changes import Logged, Window

WEEKS = 6
"""How many weeks are looked back on."""

WEEK = timedelta(days=7)

MOVES = Filters(changes=frozenset(("added", "removed")))


@dataclass(frozen=True, slots=True)
class _Move:
    """An entry that came or went: `added` or `removed`, whose, and on which list."""

    what: str
    subject: str
    authority: str
    list: str


def weeks(last: date) -> tuple[date, ...]:
    """The last days of the weeks up to that of this day, the oldest first."""
    return tuple(last - WEEK * number for number in reversed(range(WEEKS)))


def trend(reading: Reading, wanted: Wanted | None) -> tuple[ListWeeks, ...]:
    """The lists that versions of the last weeks added to or took from, those with the most of that first. A version counts in the
    week in which it was published; a first version adds nothing."""
    ends = weeks(reading.day)
    counts: Counter[tuple[str, str, str, date]] = Counter()
    datasets: dict[tuple[str, str], str] = {}
    for one, week, dataset in _moves(reading, wanted, ends):
        counts[one.authority, one.list, one.what, week] += 1
        datasets.setdefault((one.authority, one.list), dataset)
    found = (
        ListWeeks(*pair, name, *(tuple(counts[*pair, what, end] for end in ends) for what in ("added", "removed")))
        for pair, name in sorted(datasets.items())
    )
    return tuple(sorted(found, key=lambda one: -sum(one.added) - sum(one.removed)))


def _moves(reading: Reading, wanted: Wanted | None, ends: tuple[date, ...]) -> Iterator[tuple[_Move, date, str]]:
    """Every move once in its week: of an entry that several files have, by the one whose word counts most."""
    period = ends[0] - WEEK + timedelta(days=1), ends[-1]
    window = Window(reading.workspace, reading.known_at, period, MOVES)
    rows = [row for row in changes.logged(reading.session, window) if row.list and _week(row, ends)]
    if wanted:
        known = news.briefly(reading.session, (row.entity_id for row in rows), reading.workspace, reading.known_at)
        rows = [row for row in rows if _is_wanted(row, wanted, known)]
    groups = repeats.subjects((row.entity_id for row in rows), reading)
    told: dict[_Move, str] = {}
    done: set[tuple[_Move, date]] = set()
    for row in sorted(rows, key=lambda row: rank(row.entity_id, repeats.ORDER)):
        one = _Move(_what(row), groups.of.get(row.entity_id, row.entity_id), row.authority, row.list)
        week = _week(row, ends)
        if week and told.setdefault(one, row.dataset) == row.dataset and (one, week) not in done:
            done.add((one, week))
            yield one, week, row.dataset


def _is_wanted(row: Logged, wanted: Wanted, known: Mapping[str, Entity]) -> bool:
    return row.entity_id in known and wanted.tells_record(known[row.entity_id], [(row.authority, row.list)])


def _what(row: Logged) -> str:
    return "added" if row.what == "added" or row.field == "listed" else "removed"


def _week(row: Logged, ends: tuple[date, ...]) -> date | None:
    """The last day of the week in which a version was published."""
    day = dates.last_day(row.version)
    return next((end for end in ends if end - WEEK < day <= end), None)
