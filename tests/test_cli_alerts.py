"""`watch alerts` tells in a line what an alert told: whom, before and after, since when and by whom, how much, the receipt."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as cli
from bot.cli.reporting import alert_in_json, alert_in_words, told_of
from bot.filters import Filters
from bot.questions import naming
from bot.store import watches
from bot.store.database import Database
from tests.files import SMALL
from tests.joins import entry
from tests.watched import SDN, WORKSPACE, Watchers

FIRST, SECOND, THIRD = "2026-11-20", "2026-11-21", "2026-11-22"
OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
DENIAL = """\
  - {id: no, subjects: [acme], stance: denies, category: optics, statement: has no military customers,
     asserted_by: Acme Optics, answers: [lenses], stated: 2026-11-20, origin: ministry, sources: [paper]}
"""
DELTA = entry("ofac:99", "Delta Motors JSC", act=SDN, countries="ru")


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    one = Watchers(database, tmp_path)
    one.load(FIRST, *OTHERS)
    return one


def lines(world: Watchers) -> list[str]:
    """What is told of each alert, without when and of which watch, and without its receipt."""
    world.said()
    with world.database.reading() as session:
        found = [alert_in_words(one) for one in told_of(session, WORKSPACE, None)]
    assert all(re.match(r"2026-\d\d-\d\d \d\d:\d\dZ w-1 .*; receipt \w", one) for one in found)
    return [re.sub(r"; receipt [^;]*", "", one.partition(" w-1 ")[2]) for one in found]


def told(world: Watchers) -> list[dict[str, Any]]:
    world.said()
    with world.database.reading() as session:
        return [alert_in_json(one) for one in told_of(session, WORKSPACE, None)]


def test_a_listing_is_told_with_who_it_is_the_list_its_date_and_the_source(world: Watchers) -> None:
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    world.load(THIRD, *OTHERS)
    first, second = lines(world)
    assert first == (
        "Delta Motors: listed, no_record → listed; is Delta Motors JSC (ofac:99); "
        f"{SDN[0]}, {SDN[1]} (asset freeze), since 2026-11-21, by ofac 99; sent"
    )
    assert second.startswith("Delta Motors: ended, listed → formerly_listed; ")
    assert "since 2026-11-21 until 2026-11-22, by ofac 99" in second


def test_a_row_of_a_portfolio_is_told_with_the_reference_of_its_owner(world: Watchers) -> None:
    world.watch("portfolio", names=[("Delta Motors JSC", "C-90"), ("Acme", "C-91")], label="Clients")
    world.load(SECOND, *OTHERS, DELTA)
    assert lines(world)[-1].startswith("Clients (Delta Motors JSC, C-90): listed, no_record → listed; OFAC")


def test_what_differs_where_the_status_stays_is_told(world: Watchers) -> None:
    world.load(SECOND, *OTHERS, DELTA)
    world.watch("entity", "ofac:99", label="Delta")
    act = replace(DELTA.listings[0], measures=("asset freeze", "travel ban"))
    world.load(THIRD, *OTHERS, replace(DELTA, listings=(act,)))
    (line,) = lines(world)
    assert line.startswith("Delta (ofac:99): measures, still listed; is Delta Motors JSC (ofac:99); ")
    assert "(asset freeze, travel ban), since 2026-11-21" in line


def test_of_a_list_it_is_told_how_many_entries_by_which_version_and_no_numbers(world: Watchers) -> None:
    narrowed = naming.lists("SDN")
    assert narrowed
    world.watch("list", filters=narrowed, label="SDN list")
    world.load(SECOND, *OTHERS[2:], DELTA)
    assert lines(world) == ["SDN list: 1 added, 2 removed; by ofac 2026-11-21; sent"]
    (one,) = told(world)
    assert one["after"] == {"counts": {"added": 1, "removed": 2}, "begun": 0, "sources": ["ofac 2026-11-21"]}


def test_a_list_that_begins_is_told_with_its_size(world: Watchers) -> None:
    world.watch("list", filters=Filters(datasets=("un",)), label="UN list")
    world.load(FIRST, entry("un:1", "Omega Trading"), entry("un:2", "Sigma Trading"), form="un")
    assert lines(world) == ["UN list: 2 loaded for the first time; by un 2026-11-20; sent"]


def test_a_source_that_died_is_told_with_what_rests_on_it(world: Watchers) -> None:
    world.watch("portfolio", names=[("Example Works 1 Ltd",), ("Acme",)], label="Clients")
    world.attempt("ofac", "failed", "the publisher answered 503")
    first, second = lines(world)
    assert first == "Clients: baseline, 2 names: 1 listed, 1 no_record; sent"
    assert second == "Clients: source_lost, ofac failed; 2 names rest on it, 1 listed, 1 on no record; sent"


def test_as_json_the_entity_the_entry_and_the_reference_have_fields_of_their_own(world: Watchers) -> None:
    world.watch("portfolio", names=[("Delta Motors", "C-90"), ("Acme", "")], label="Clients")
    world.load(SECOND, *OTHERS, DELTA)
    one = told(world)[-1]
    assert (one["name"], one["reference"]) == ("Delta Motors", "C-90")
    assert one["entity"] == {"id": "ofac:99", "name": "Delta Motors JSC"}
    assert (one["act"]["list"], one["act"]["since"], one["act"]["dataset"]) == (SDN[1], "2026-11-21", "ofac")
    assert (one["by"], one["before"]["status"], one["after"]["status"]) == (None, "no_record", "listed")


def test_reporting_is_told_with_who_says_it(world: Watchers) -> None:
    world.claims(SMALL, WORKSPACE)
    world.watch("name", "Acme Optics")
    world.claims(f"{SMALL}{DENIAL}".replace("2026-11-20", "2026-11-21"), WORKSPACE)
    (line,) = lines(world)
    assert "denied, named → named (contested); " in line
    assert line.endswith("; by Acme Optics; sent")


def test_many_names_that_change_at_once_are_told_as_counts(world: Watchers) -> None:
    world.watch("portfolio", names=[(f"Many Motors {number} JSC",) for number in range(51)], label="Clients")
    world.load(
        SECOND, *OTHERS, *(entry(f"ofac:9{number}", f"Many Motors {number} JSC", act=SDN) for number in range(51))
    )
    assert lines(world)[-1] == "Clients: listed, 51 names: 51 listed; sent"


def test_a_name_that_means_another_firm_is_told_with_who_was_nearest_before_and_how_near(world: Watchers) -> None:
    near = entry("ofac:45902", "LARRYCOM FOR INVESTMENT LTD", act=SDN)
    world.load(SECOND, *OTHERS, near)
    world.watch("name", "LATICOM LTD")
    world.load(THIRD, *OTHERS, near, entry("ofac:48481", "LATICOM LTD", act=SDN))
    (line,) = lines(world)
    assert line.startswith("LATICOM LTD: another, now listed; the one before: listed; is LATICOM LTD (ofac:48481); ")
    assert "was LARRYCOM FOR INVESTMENT LTD (ofac:45902), likeness 0.67 (typo" in line


def test_alerts_stand_in_the_order_of_the_times_that_are_shown(
    quick_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = Watchers(Database(quick_url), tmp_path)
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    world.look()
    (alert,) = world.alerts()
    with world.database.writing() as session:
        watches.note(session, [replace(alert, at=alert.at - timedelta(hours=1), what="ended")])
    monkeypatch.setenv("DATABASE_URL", quick_url)
    cli.main(("watch", "alerts", "--workspace", WORKSPACE))
    told = capsys.readouterr().out.splitlines()
    assert [line.partition("Delta Motors: ")[2].partition(",")[0] for line in told] == ["ended", "listed"]
