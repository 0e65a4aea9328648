"""Watches that fire on a change of outcome, each time exactly once, and on nothing else."""

from pathlib import Path

import pytest

from bot.store.database import Database
from tests.joins import entry
from tests.watched import SDN, Watchers

OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
DELTA = entry("ofac:99", "Delta Motors JSC", act=SDN, countries="ru")
FIRST, SECOND, THIRD, FOURTH = "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


def test_back_and_forth_within_a_day_is_three_alerts(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    assert world.look() == ["LISTED: Delta Motors JSC (before: NO RECORD)"]
    world.load(THIRD, *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Delta Motors JSC (before: LISTED)"]
    world.load(FOURTH, *OTHERS, DELTA)
    assert world.look() == ["LISTED: Delta Motors JSC (before: FORMERLY LISTED)"]
    assert [one.what for one in world.alerts()] == ["listed", "ended", "listed"]
