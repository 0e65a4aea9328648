"""Watches that are set back since outsiders came to read along: what is told anew is neither lost, nor told or noted twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.fakes import FakeSlack
from tests.files import SMALL
from tests.joins import entry
from tests.slackside import rows
from tests.test_alerting_eyes import OTHERS, read_by_others
from tests.test_alerting_many import MANY, NAMES
from tests.test_portfolio_alerts import put
from tests.watched import SDN, WORKSPACE, Watchers
from tests.withholding import Sending

DELTA = entry("ofac:98", "Delta Motors JSC", act=SDN)
BOTH = [("Acme Optics", "C-1"), ("Delta Motors", "C-2")]
LISTED = "LISTED: Delta Motors JSC (before: NO RECORD)"


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


@pytest.fixture
def sending(world: Watchers, slack: FakeSlack) -> Sending:
    return Sending(world, slack)


def said(slack: FakeSlack) -> list[str]:
    return [one.text.partition("\n")[0] for one in slack.messages]


def go_on(world: Watchers, sending: Sending) -> None:
    """What is sent has something be looked at again, and that something be sent."""
    for _ in range(3):
        sending.all()
        world.alerting.round()


def listed(world: Watchers) -> list[str]:
    return sorted(one.watch_id for one in world.alerts() if one.what == "listed")


def delta(world: Watchers) -> datetime:
    return world.load("2026-11-23", *OTHERS, DELTA)


def lost(world: Watchers) -> datetime:
    return world.attempt("ofac", "failed", "no answer")


@pytest.mark.parametrize("happens", [delta, lost])
def test_what_was_told_of_two_watches_is_told_no_second_time_of_the_second_alone(
    world: Watchers, sending: Sending, slack: FakeSlack, happens: Callable[[Watchers], datetime]
) -> None:
    world.load("2026-11-22", *OTHERS)
    world.watch("name", "Delta Motors")
    world.watch("portfolio", id="w-2", names=BOTH)
    world.claims(SMALL, workspace=WORKSPACE)
    world.alerting.round()
    read_by_others(world)
    happens(world)
    world.alerting.round()
    go_on(world, sending)
    assert len(said(slack)) == 1


def test_a_watch_that_was_left_out_counts_as_told_by_what_its_place_heard_of_another(
    world: Watchers, sending: Sending, slack: FakeSlack
) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("portfolio", names=BOTH)
    world.watch("name", "Delta Motors", "w-2")
    world.claims(SMALL, workspace=WORKSPACE)
    world.alerting.round()
    read_by_others(world)
    delta(world)
    world.alerting.trouble.out["w-2"] = (3, world.now + timedelta(seconds=30))
    world.alerting.round()
    sending.all()
    world.later(minutes=1)
    world.alerting.round()
    go_on(world, sending)
    assert (said(slack), listed(world)) == ([LISTED], ["w-1", "w-2"])


def test_how_a_portfolio_stands_with_names_that_were_added_is_told_to_outsiders_too(
    world: Watchers, sending: Sending, slack: FakeSlack
) -> None:
    world.load("2026-11-20", *OTHERS)
    put(world, "Delta Motors")
    world.look()
    put(world, "Delta Motors", "Acme Optics")
    world.alerting.round()
    read_by_others(world)
    go_on(world, sending)
    assert said(slack) == ["WATCHING 2 NAMES of the portfolio “partners”: 2 NO RECORD"]


def many(world: Watchers) -> None:
    """An alert with messages in its thread."""
    world.watch("portfolio", names=NAMES[:20])
    world.load("2026-11-20", *MANY[:20])
    world.alerting.round()


def test_the_thread_is_told_too_where_outsiders_left_before_its_turn(
    world: Watchers, sending: Sending, slack: FakeSlack
) -> None:
    many(world)
    read_by_others(world)
    sending.one()
    assert rows(world.database, "SELECT count(*) FROM outbox WHERE state = 'failed'") == [(3,)]
    read_by_others(world, outsiders=False)
    go_on(world, sending)
    assert [line[:10] for line in said(slack)] == ["20 CHANGED", "13 to 20 o", "All 20 of "]
    assert rows(world.database, "SELECT DISTINCT state FROM outbox") == [("sent",)]


def test_an_alert_whose_thread_is_told_anew_is_noted_once(world: Watchers, sending: Sending, slack: FakeSlack) -> None:
    many(world)
    sending.one()
    read_by_others(world)
    for _ in range(4):
        sending.one()
        world.alerting.round()
    assert [line[:10] for line in said(slack)] == ["20 CHANGED", "13 to 20 o", "All 20 of "]
    assert listed(world) == ["w-1"]
