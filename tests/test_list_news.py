"""What the daily summary tells of official lists: additions, removals, what is back; nothing of baselines and of history,
and nothing twice that several lists have."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot import gathering, intake
from bot.matching.analysis import Analyser
from bot.records import PUBLIC, Entry
from bot.store.database import Database
from bot.taking import Terms
from tests.conftest import LOADED
from tests.joins import Lists, entry, items

SDN = ("OFAC", "Specially Designated Nationals")
WHOLE = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
FIRST, SECOND, THIRD = "2026-10-01", "2026-10-08", "2026-10-15"


class Days:
    """Loads versions a day apart, and tells what each day's summary counts."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, LOADED + timedelta(hours=1)

    def after(self, published: str, entries: Sequence[Entry]) -> dict[str, int]:
        before = self.now
        self.now += timedelta(days=1)
        with self.database.writing() as session:
            intake.take(session, items(published, *entries), Terms("ofac", PUBLIC, self.now, force=True))
        return self.told(before)

    def told(self, since: datetime) -> dict[str, int]:
        with self.database.reading() as session:
            return dict(gathering.gather(session, "T1", since, self.now).counts)


@pytest.fixture
def days(database: Database) -> Days:
    return Days(database)


def test_a_first_version_is_no_news(days: Days) -> None:
    assert days.after(FIRST, WHOLE) == {}


def test_what_comes_goes_and_comes_back_is_told_each_day(days: Days) -> None:
    days.after(FIRST, WHOLE[1:])
    assert days.after(SECOND, WHOLE) == {"listed": 1}
    assert days.after(THIRD, WHOLE[1:]) == {"ended": 1}
    assert days.after("2026-10-22", WHOLE) == {"listed": 1}


def test_what_went_and_came_back_between_two_summaries_is_no_news(days: Days) -> None:
    days.after(FIRST, WHOLE)
    since = days.now
    days.after(SECOND, WHOLE[1:])
    days.after(THIRD, WHOLE)
    assert days.told(since) == {}


def test_an_older_version_is_no_news(days: Days) -> None:
    days.after(SECOND, WHOLE[1:])
    assert days.after(FIRST, WHOLE) == {}


EL = ("BIS", "Entity List")
USCC = "91420100MA4F0QA51W"


@pytest.fixture
def lists(database: Database, analyser: Analyser) -> Lists:
    return Lists(database, analyser)


def told(lists: Lists, since: datetime) -> list[tuple[str, str]]:
    with lists.database.reading() as session:
        found = gathering.gather(session, "T1", since, lists.now)
    return [(one.what, one.record_id) for one in found.events] + [(one.what, one.name) for one in found.records]


def same(dataset: str, *others: str, act: tuple[str, str] = SDN) -> Entry:
    """A record of one firm, as each of several lists has it."""
    return entry(f"{dataset}:9", "Wuhan Example Works", *others, act=act, uscc=USCC)


def filled(dataset: str, *others: Entry) -> list[Entry]:
    """A list with entries that are on no other."""
    return [entry(f"{dataset}:1", f"{dataset} Filler Ltd", act=(dataset.upper(), "List")), *others]


@pytest.fixture
def both(lists: Lists) -> Lists:
    lists.load(FIRST, *filled("ofac"))
    lists.load(FIRST, *filled("csl"), form="csl")
    return lists


def test_an_entry_that_two_lists_have_is_told_once_by_its_publisher(both: Lists) -> None:
    since = both.now
    both.load(SECOND, *filled("csl", same("csl")), form="csl")
    both.load(SECOND, *filled("ofac", same("ofac")))
    assert told(both, since) == [("listed", "ofac:9")]


@pytest.mark.parametrize(("first", "then"), [("ofac", "csl"), ("csl", "ofac")])
def test_what_one_list_told_before_another_does_not_tell_again(both: Lists, first: str, then: str) -> None:
    since = both.now
    both.load(SECOND, *filled(first, same(first)), form=first)
    assert told(both, since) == [("listed", f"{first}:9")]
    since = both.now
    both.load(SECOND, *filled(then, same(then)), form=then)
    assert told(both, since) == []


def test_a_copy_that_lags_behind_neither_ends_nor_keeps_an_entry(both: Lists) -> None:
    both.load(SECOND, *filled("ofac", same("ofac")))
    both.load(SECOND, *filled("csl", same("csl")), form="csl")
    since = both.now
    both.load(THIRD, *filled("csl"), form="csl")
    assert told(both, since) == []
    both.load(THIRD, *filled("ofac"))
    assert told(both, since) == [("ended", "ofac:9")]


def test_what_people_had_written_down_is_news_once_an_official_list_has_it(both: Lists) -> None:
    both.load(SECOND, *filled("claims", same("claims")), form="claims")
    since = both.now
    both.load(SECOND, *filled("ofac", same("ofac")))
    assert told(both, since) == [("listed", "ofac:9")]


def test_the_same_firm_on_another_list_is_news(both: Lists) -> None:
    both.load(SECOND, *filled("ofac", same("ofac")))
    since = both.now
    both.load(SECOND, *filled("csl", same("csl", act=EL)), form="csl")
    assert told(both, since) == [("listed", "csl:9")]


def test_a_name_that_two_lists_add_is_told_once(both: Lists) -> None:
    both.load(SECOND, *filled("ofac", same("ofac")))
    both.load(SECOND, *filled("csl", same("csl")), form="csl")
    since = both.now
    both.load(THIRD, *filled("ofac", same("ofac", "Example Lathes")))
    both.load(THIRD, *filled("csl", same("csl", "Example Lathes")), form="csl")
    assert told(both, since) == [("changed", "Wuhan Example Works")]
