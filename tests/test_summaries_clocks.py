"""Summaries by clocks that are put forward and back, by law and by mistake: each local day once, and nothing is lost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.mail import WEEKLY
from bot.reply import Words
from bot.store import outbox, tasks
from bot.store import receipts as kept_receipts
from bot.store.database import Database
from tests.files import SMALL
from tests.summing import SENT, Paper, subscribe
from tests.test_digest import MORNING, load

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ZONES = {"C1": "Europe/London", "C2": "America/New_York", "C3": "Australia/Lord_Howe"}

BACK = datetime(2026, 10, 19, tzinfo=UTC)
"""British clocks go back on 25 October 2026, American ones a week later, on 1 November: both have 01:30 twice."""

FORWARD = datetime(2026, 3, 23, tzinfo=UTC)
"""British clocks go forward on 29 March 2026, on which there is no 01:30; on 5 April those of Lord Howe go back half an hour."""


@pytest.fixture
def paper(database: Database, phrases: Words) -> Paper:
    return Paper(database, phrases)


def told_of(paper: Paper, channel: str) -> list[str]:
    """What was told to a channel, one summary after the other."""
    with paper.database.reading() as session:
        bodies = [one.body for one in kept_receipts.chain(session, "T1")]
    return [what for body in bodies if body["asker"] == f"daily {channel}" for what in body["digest"]["told"]]


def days_of(keys: list[str], channel: str) -> list[date]:
    return [date.fromisoformat(key.rpartition(":")[2]) for key in keys if f":{channel}:" in key]


def hours(start: datetime, days: int) -> Iterator[datetime]:
    yield from (start + hour * HOUR for hour in range(24 * days))


@pytest.mark.parametrize("start", [BACK, FORWARD], ids=["back", "forward"])
def test_in_a_fortnight_across_a_change_of_clocks_each_local_day_is_told_once(paper: Paper, start: datetime) -> None:
    channels = dict(enumerate(product(ZONES.values(), ("00:00", "01:30", "02:15"))))
    for number, (zone, at) in channels.items():
        subscribe(paper.database, f"C{number}", at=at, zone=zone, quiet="line", set_at=start)
    keys = [key for now in hours(start, 14) for key in paper.at(now)]
    for number in channels:
        days = days_of(keys, f"C{number}")
        assert days == [days[0] + n * DAY for n in range(len(days))]
        assert 13 <= len(days) <= 14


def test_what_becomes_known_while_clocks_change_is_told_once_everywhere(paper: Paper, tmp_path: Path) -> None:
    channels = ("C1", "C2")
    for channel in channels:
        subscribe(paper.database, channel, at="01:30", zone=ZONES[channel], set_at=BACK)
    for now in hours(BACK, 14):
        if now.hour == 12:
            load(paper.database, tmp_path, SMALL.replace("sells lenses", f"sells lens {now.day // 3}"), now)
        paper.at(now)
    assert [told_of(paper, channel) for channel in channels] == [["named", *["reworded"] * 4]] * 2


def test_a_clock_that_is_set_back_posts_no_day_twice(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database, quiet="line")
    assert paper.at(MORNING) == ["daily:T1:C1:2026-11-24"]
    assert [key for now in hours(MORNING - 30 * HOUR, 2) for key in paper.at(now)] == []
    assert paper.at(MORNING + DAY) == ["daily:T1:C1:2026-11-25"]


def test_what_is_loaded_after_the_clock_was_set_back_is_not_lost(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    paper.at(MORNING)
    paper.at(MORNING - 5 * HOUR)
    load(paper.database, tmp_path, SMALL, MORNING - 4 * HOUR)
    assert paper.at(MORNING + HOUR) == []
    assert paper.at(MORNING + DAY) == ["daily:T1:C1:2026-11-25"]
    assert told_of(paper, "C1") == ["named"]


def test_a_clock_that_was_ahead_by_a_month_and_is_set_right_silences_nobody(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database, quiet="line")
    assert paper.at(MORNING + 30 * DAY) == ["daily:T1:C1:2026-12-24"]
    assert paper.at(MORNING - HOUR) == []
    assert paper.at(MORNING) == ["daily:T1:C1:2026-11-24"]
    load(paper.database, tmp_path, SMALL, MORNING + HOUR)
    assert paper.at(MORNING + DAY) == ["daily:T1:C1:2026-11-25"]
    assert told_of(paper, "C1") == ["named"]


def test_a_day_that_a_wrong_clock_told_is_told_when_it_comes(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    assert paper.at(MORNING + 30 * DAY) == ["daily:T1:C1:2026-12-24"]
    paper.at(MORNING)
    assert paper.at(MORNING + 30 * DAY) == ["daily:T1:C1:2026-12-24/2"]


def test_what_a_clock_that_was_ahead_left_unsent_is_sent_by_the_right_one_and_stops_nobody(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    ahead = MORNING + 30 * DAY
    assert paper.at(ahead, None) == ["daily:T1:C1:2026-12-24"]
    with paper.database.writing() as session:
        (taken,) = outbox.claim(session, ahead, ahead + HOUR, 9, ["T1"])
        outbox.again(session, taken, ahead + HOUR, "ratelimited", may_have_arrived=False)
    paper.at(MORNING - HOUR, None)
    with paper.database.writing() as session:
        assert [one.outgoing for one in outbox.claim(session, MORNING - HOUR, MORNING, 9, ["T1"])] == [taken.outgoing]
    paper.end(SENT)
    assert paper.at(MORNING) == ["daily:T1:C1:2026-11-24"]


def test_a_summary_that_was_set_by_a_clock_that_was_ahead_begins_by_the_right_one(paper: Paper) -> None:
    ahead = MORNING + 30 * DAY
    subscribe(paper.database, quiet="line", set_at=ahead)
    assert paper.at(MORNING - HOUR) == []
    assert paper.at(MORNING) == ["daily:T1:C1:2026-11-24"]


def test_what_was_taken_by_a_clock_that_was_ahead_is_free_by_the_right_one(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    ahead = MORNING + 30 * DAY
    with paper.database.writing() as session:
        tasks.take(session, tasks.SUMMARY, "who died", ahead, ahead + HOUR, 9, ["T1"])
    assert paper.at(MORNING) == ["daily:T1:C1:2026-11-24"]


def test_a_worker_that_was_down_at_the_hour_posts_late_and_once(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    keys = [key for minute in range(60) for key in paper.at(MORNING + 2 * HOUR + minute * timedelta(minutes=1))]
    assert keys == ["daily:T1:C1:2026-11-24"]


def test_a_weekly_edition_covers_its_week_across_a_change_of_clocks(paper: Paper) -> None:
    when: dict[str, Any] = {"days": (0,), "at": "01:30", "zone": "Europe/London", "set_at": BACK}
    subscribe(paper.database, edition=WEEKLY, quiet="line", **when)
    keys = [key for now in hours(BACK, 21) for key in paper.at(now)]
    assert keys == [f"weekly:T1:C1:2026-{day}" for day in ("10-19", "10-26", "11-02")]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quiet": "line"}, ["daily:T1:C1:2026-11-24"]),
        ({"at": "10:01"}, ["daily:T1:C1:2026-11-24"]),
        ({"at": "09:59"}, []),
        ({"zone": "Asia/Tokyo"}, []),
    ],
)
def test_a_summary_that_is_changed_at_the_very_minute_is_told_once_or_the_next_day(
    paper: Paper, changes: dict[str, str], told: list[str]
) -> None:
    subscribe(paper.database, at="10:00", quiet="line")
    subscribe(paper.database, **{"quiet": "line", **changes}, set_at=MORNING)
    keys = [key for minute in range(5) for key in paper.at(MORNING + minute * timedelta(minutes=1))]
    assert keys == told
