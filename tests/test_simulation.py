"""A small simulation, of the kind that tests/bench/summaries.py makes big: real workers, a hostile Slack, a change of clocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bench.simulation import timetable
from tests.bench.simulation.conductor import Conductor, Options
from tests.bench.simulation.made_list import NEW, fate
from tests.bench.simulation.timetable import EVERY_DAY, Place, due, moment, places
from tests.bench.summaries import judged

SMALL = Options(*(12, 2, 2, 2), kills=1.5, most_kills=1, blind=0.5, long=15, begin=datetime(2026, 3, 28, tzinfo=UTC))
"""Two days across the change to summer time in Europe."""


def test_each_summary_comes_once_whatever_fails_and_whoever_is_killed(empty_url: str, tmp_path: Path) -> None:
    conductor = Conductor(SMALL, empty_url, tmp_path)
    told, verdict = conductor.run(), judged(conductor)
    assert verdict.wrong == {}
    assert (told.kills >= 1, told.too_fast, verdict.posted > 10) == (True, 0, True)
    assert (tmp_path / "complaints").read_text() == ""


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        ("2026-03-29", "02:30", "Europe/Berlin", "01:30"),
        ("2026-10-25", "02:30", "Europe/Berlin", "00:30"),
        ("2026-04-05", "01:45", "Australia/Lord_Howe", "14:45"),
        ("2026-03-29", "09:00", "Asia/Kathmandu", "03:15"),
    ],
)
def test_the_timetable_takes_the_first_of_two_hours_and_goes_past_a_skipped_one(
    day: str, at: str, zone: str, expected: str
) -> None:
    assert f"{moment(datetime.fromisoformat(day).date(), at, zone):%H:%M}" == expected


def test_each_local_day_is_due_once_across_changes_of_clocks() -> None:
    begin = datetime(2026, 3, 25, tzinfo=UTC)
    for zone, at in timetable.ODD:
        days = due(Place("T1", "C1", "daily", at, zone, EVERY_DAY, "line"), begin, begin + timedelta(days=14))
        assert len(days) == len({day for day, _ in days}) == 14, zone


def test_a_plan_has_every_kind_of_channel_and_of_change() -> None:
    planned = places(400, 4, range(50), seed=1)
    assert {place.quiet for place in planned} == {"silent", "line"}
    assert {place.edition for place in planned} == {"daily", "weekly"}
    assert {bool(place.watches) for place in planned} == {len(place.days) == 7 for place in planned} == {True, False}
    assert {zone for zone, _ in timetable.ODD} <= {place.zone for place in planned}
    changes = [subject for load in timetable.loads(SMALL.begin, 14, 60, 1) for subject in load.subjects]
    assert len(changes) == len(set(changes))
    assert NEW in map(fate, changes)
