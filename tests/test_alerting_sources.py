"""A list that answers rest on dies, or comes back: told once, with what rests on it, and apart from changes of subjects."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.joins import entry
from tests.watched import SDN, Watchers

OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
NAMES = [("Example Works 3", "C-1"), ("Nobody Known", "C-2"), ("Globex Holding", "C-3")]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    one = Watchers(database, tmp_path)
    one.load("2026-11-20", *OTHERS)
    return one


def test_a_source_that_dies_and_comes_back_is_told_once_each(world: Watchers) -> None:
    world.watch("portfolio", names=NAMES)
    world.attempt("ofac", "failed", "the publisher answered 503")
    said = world.said()
    assert said.startswith("CANNOT SAY for 2 of 3 watched names: ofac failed since 2026-11-23")
    assert "the publisher answered 503" in said
    assert "1 of 3 is on it, by the stored version: Example Works 3" in said
    world.attempt("ofac", "failed", "the publisher answered 503")
    assert world.look() == []
    world.attempt("ofac", "confirmed")
    assert world.look() == ["SOURCE BACK: ofac is fresh again"]
    assert [one.what for one in world.alerts()][1:] == ["source_lost", "source_back"]


def test_a_source_that_died_is_no_change_of_a_subject(world: Watchers) -> None:
    world.watch("name", "Nobody Known")
    world.attempt("ofac", "failed", "gone")
    assert [line.split(":")[0] for line in world.look()] == ["CANNOT SAY"]
    world.load("2026-11-21", *OTHERS, entry("ofac:99", "Nobody Known Ltd", act=SDN))
    assert world.look()[0] == "LISTED: Nobody Known Ltd (before: NO RECORD)"


def test_a_source_that_grows_stale_is_told_on_the_day(world: Watchers) -> None:
    world.watch("entity", "ofac:3")
    told = []
    for _ in range(40):
        world.later(days=1)
        told += world.look()
    assert told == ["SOURCE LOST: ofac is stale"]


def test_of_several_watches_of_a_place_one_message_tells(world: Watchers) -> None:
    world.watch("entity", "ofac:3", "w-1")
    world.watch("entity", "ofac:4", "w-2")
    world.watch("name", "Nobody Known", "w-3")
    world.attempt("ofac", "failed", "gone")
    assert world.look() == ["CANNOT SAY for 1 of 3 watched names: ofac failed since 2026-11-23 12:00 UTC"]
    assert sorted(one.watch_id for one in world.alerts()) == ["w-1", "w-2", "w-3"]


def test_a_list_that_does_not_count_is_told_only_where_somebody_is_on_it(world: Watchers) -> None:
    world.alerting.desk.required = ("un",)
    world.watch("name", "Nobody Known", "w-1")
    world.watch("entity", "ofac:3", "w-2")
    world.attempt("ofac", "failed", "gone")
    world.look()
    assert [one.watch_id for one in world.alerts()] == ["w-2"]


def test_a_source_that_died_while_a_process_was_away_is_told_with_when(world: Watchers) -> None:
    world.watch("name", "Nobody Known")
    at = world.attempt("ofac", "failed", "gone")
    world.later(days=3)
    world.look()
    assert world.alerts()[0].at == at
    assert world.alerts()[0].made_at >= at + timedelta(days=3)
