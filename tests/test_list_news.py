"""What the daily summary tells of official lists: additions, removals, what is back; nothing of baselines and of history."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot import gathering, intake
from bot.records import PUBLIC, Entry
from bot.store.database import Database
from bot.taking import Terms
from tests.conftest import LOADED
from tests.joins import entry, items

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
