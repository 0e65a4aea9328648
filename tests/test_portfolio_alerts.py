"""A portfolio that is exchanged for a newer one: what stays is told no second time, what is new begins with how it stands."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from bot import dates, portfolio, watchexport
from bot.ownership import Owner
from bot.portfolio import Exchanged
from bot.store import watches
from bot.store.database import Database
from bot.watching import Added
from tests.joins import entry
from tests.watched import CHANNEL, SDN, WORKSPACE, Watchers

OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
DELTA, GAMMA = (
    entry(f"ofac:{id}", name, act=SDN) for id, name in (("98", "Delta Motors JSC"), ("99", "Gamma Bearings OOO"))
)
WHERE = Owner(WORKSPACE, channel=CHANNEL)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


def put(world: Watchers, *names: str) -> Added | Exchanged:
    world.later(minutes=1)
    read = portfolio.of_bytes("\n".join(["name", *names]).encode(), "partners.csv")
    with world.database.writing() as session:
        return portfolio.add(session, read, WHERE, "U1", world.now)


def test_what_stays_is_told_no_second_time_and_what_is_new_is_told_with_all(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS, GAMMA)
    put(world, "Delta Motors", "Acme Optics")
    assert world.look() == ["WATCHING 2 NAMES of the portfolio “partners”: 2 NO RECORD"]
    world.load("2026-11-21", *OTHERS, GAMMA, DELTA)
    assert world.look() == ["LISTED: Delta Motors JSC (before: NO RECORD)"]
    put(world, "Delta Motors", "Gamma Bearings")
    assert world.look() == ["WATCHING 2 NAMES of the portfolio “partners”: 2 LISTED"]


def test_what_is_new_is_watched_from_then_on_and_what_left_no_longer(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS, GAMMA, DELTA)
    put(world, "Delta Motors")
    world.look()
    put(world, "Gamma Bearings")
    world.look()
    world.load("2026-11-21", *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Gamma Bearings OOO (before: LISTED)"]


def test_two_of_one_name_that_fit_others_are_told_each_for_itself(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("portfolio", names=[("Marta Zenit", "C-1", "Person"), ("Marta Zenit", "C-2", "Company")])
    some = [entry(f"ofac:{number}", "Marta Zenit", act=SDN) for number in range(91, 95)]
    people = [replace(one, entity=replace(one.entity, kind="Person")) for one in some[:2]]
    world.load("2026-11-21", *OTHERS, *people, *some[2:])
    assert world.look() == ["POSSIBLE MATCH: “Marta Zenit” fits 2 records (before: NO RECORD)"] * 2
    several = [sorted(each["entity_id"] for each in one.after["candidates"]) for one in world.alerts()[-2:]]
    assert sorted(several) == [["ofac:91", "ofac:92"], ["ofac:93", "ofac:94"]]


def test_the_same_file_again_says_nothing(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS, DELTA)
    put(world, "Delta Motors")
    world.look()
    put(world, "Delta Motors")
    assert world.look() == []


def test_a_file_of_it_says_how_each_name_stood_when_it_was_last_looked_at(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS, DELTA)
    one = put(world, "Delta Motors", "Acme Optics").watch
    world.look()
    with world.database.reading() as session:
        (watch,) = watches.active(session, WORKSPACE)
        known = world.desk.know(session, WORKSPACE)
        some = {
            file.name: file for file in watchexport.files(session, known, world.desk.words, [watch], "x", world.now)
        }
    assert list(some) == ["watches-x.csv", f"portfolio-{one.id}-x.csv", "alerts-x.csv"]
    rows = csv.DictReader(io.StringIO(some[f"portfolio-{one.id}-x.csv"].data.decode("utf-8-sig")))
    assert [(row["name"], row["seen_until"], row["last_status"], row["last_entity_id"]) for row in rows] == [
        ("Delta Motors", dates.moment(watch.set_at), "listed", "ofac:98"),
        ("Acme Optics", dates.moment(watch.set_at), "no_record", ""),
    ]
