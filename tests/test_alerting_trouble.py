"""Watches that cannot be looked at stop no other, and are tried again; names that are added to a portfolio are told each time."""

from pathlib import Path

import pytest

from bot.checkup import examine
from bot.config import Settings
from bot.errors import Missing
from bot.monitoring import Watch
from bot.store import watches
from bot.store.database import Database
from tests.joins import entry
from tests.slackside import execute
from tests.test_portfolio_alerts import put
from tests.watched import SDN, WORKSPACE, Watchers

OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
DELTA = entry("ofac:99", "Delta Motors JSC", act=SDN, countries="ru")
TOLD = "LISTED: Delta Motors JSC (before: NO RECORD)"


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    one = Watchers(database, tmp_path)
    one.load("2026-11-20", *OTHERS)
    return one


def break_list(world: Watchers, id: str) -> None:
    execute(world.database, f"""UPDATE watch SET narrowed = '{{"lists": 5}}' WHERE id = '{id}'""")


def mend(world: Watchers, id: str) -> None:
    execute(world.database, f"""UPDATE watch SET narrowed = '{{}}' WHERE id = '{id}'""")


def test_a_watch_that_cannot_be_looked_at_stops_no_other(world: Watchers, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3):
        world.watch("list", "", f"w-list-{number}", label="Lists")
    world.watch("name", "Delta Motors")
    break_list(world, "w-list-1")
    world.load("2026-11-21", *OTHERS, DELTA)
    assert sorted(world.look()) == [TOLD, "Lists: 1 added", "Lists: 1 added"]
    assert "watch w-list-1 of T1 failed" in caplog.text


def test_it_is_tried_again_and_then_told_nothing_less(world: Watchers) -> None:
    world.watch("list", "", "w-list", label="Lists")
    world.watch("name", "Delta Motors")
    break_list(world, "w-list")
    world.load("2026-11-21", *OTHERS, DELTA)
    assert world.look() == [TOLD]
    world.load("2026-11-22", *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Delta Motors JSC (before: LISTED)"]
    mend(world, "w-list")
    assert world.look() == []
    world.later(hours=1)
    assert world.look() == ["Lists: 1 added", "Lists: 1 removed"]


def test_what_is_told_once_is_told_once_though_a_watch_beside_cannot_be_looked_at(world: Watchers) -> None:
    for number in range(3):
        world.watch("portfolio", id=f"w-{number}", label=f"Partners {number}", names=[("Delta Motors", "C-1")])
    world.watch("list", "", "w-list", label="Lists")
    break_list(world, "w-list")
    world.load("2026-11-21", *OTHERS, DELTA)
    assert world.look() == [TOLD]
    assert {one.watch_id for one in world.alerts() if one.what == "listed"} == {"w-0", "w-1", "w-2"}


def test_what_does_not_go_together_is_looked_at_in_parts(world: Watchers) -> None:
    for number in range(3):
        world.watch("name", f"Nobody Known {number}", f"w-{number}")
    trouble = world.alerting.trouble
    with world.database.reading() as session:
        some = watches.active(session, WORKSPACE)

        def job(mine: list[Watch]) -> list[str]:
            if len(mine) > 1:
                raise ValueError("too many")
            return [one.id for one in mine]

        assert trouble.look(session, some, job) == [["w-0"], ["w-1"], ["w-2"]]
    assert trouble.without(some) == some


def test_a_new_watch_that_cannot_be_looked_at_stops_no_other(world: Watchers) -> None:
    world.watch("portfolio", names=[("Nobody Known", ""), ("Somebody Known", "")], id="w-2")
    world.watch("name", "Delta Motors")
    outcome = """'{"seen_as": "T1", "seen_at": "2026-01-01T00:00:00+00:00"}'"""
    execute(world.database, f"UPDATE watched SET outcome = {outcome} WHERE number = 1 AND watch_id = 'w-2'")
    execute(world.database, "UPDATE watched SET outcome = NULL WHERE number = 2 AND watch_id = 'w-2'")
    world.load("2026-11-21", *OTHERS, DELTA)
    assert world.look() == [TOLD]


def test_a_database_that_is_away_is_no_fault_of_a_watch(world: Watchers, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise Missing("no database")

    world.begin("name", "Example Works 3")
    world.watch("name", "Delta Motors", "w-2")
    monkeypatch.setattr("bot.changing.changed", away)
    world.load("2026-11-21", *OTHERS, DELTA)
    with world.database.reading() as session, pytest.raises(Missing):
        world.alerting.prepare(session, "T1", world.now)
    assert world.alerting.trouble.out == {}


def left_behind(world: Watchers, folder: Path) -> list[str]:
    """The watches that `doctor` says were not looked at."""
    url = world.database.url.render_as_string(hide_password=False)
    found = examine(Settings(database_url=url, index_folder=folder / "index"), world.now)
    return [one.detail.partition(" since")[0] for one in found if one.code == "watch_behind"]


def test_doctor_names_a_watch_that_was_left_behind(world: Watchers, tmp_path: Path) -> None:
    world.watch("list", "", "w-list", label="Lists")
    world.watch("name", "Delta Motors")
    break_list(world, "w-list")
    for day in (21, 22, 23):
        world.load(f"2026-11-{day}", *OTHERS, *([DELTA] if day == 22 else []))
    world.look()
    assert left_behind(world, tmp_path) == ["w-list of T1 was not looked at"]


def test_a_watch_is_not_behind_while_nothing_became_known(world: Watchers, tmp_path: Path) -> None:
    world.begin("topic", "optics")
    world.later(hours=5)
    world.watch("topic", "drones", "w-2")
    world.later(seconds=1)
    world.look()
    world.later(hours=2)
    assert left_behind(world, tmp_path) == []


def test_names_that_are_added_are_told_each_time_whatever_their_numbers(world: Watchers) -> None:
    told = []
    for last in ("Gamma", "", "Kappa", "", "Sigma"):
        put(world, "Delta Motors", "Acme Optics", *filter(None, [last]))
        told.append(world.look())
    watching = "WATCHING 3 NAMES of the portfolio “partners”: 3 NO RECORD"
    assert told == [[watching], [], [watching], [], [watching]]
