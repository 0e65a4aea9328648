"""Channels that people of other companies come to read, or leave: what is told is by what they may see, and nothing is lost."""

from pathlib import Path

import pytest

from bot import watchstatus
from bot.dossier import Reading
from bot.filters import Filters, OfficialList
from bot.records import PUBLIC
from bot.store import channels
from bot.store import watches as stored
from bot.store.database import Database
from tests.fakes import FakeSlack
from tests.files import SMALL
from tests.joins import entry
from tests.test_alerting import DENIAL
from tests.test_bearing import LARRYCOM, LATICOM
from tests.watched import CHANNEL, SDN, WORKSPACE, Watchers
from tests.withholding import Sending

OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
ACME = entry("ofac:99", "Acme Optics Co., Ltd.", act=SDN)
OPEN = SMALL.replace("id: desk", "id: open")


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


def read_by_others(world: Watchers, outsiders: bool = True) -> None:
    with world.database.writing() as session:
        channels.seen(session, WORKSPACE, CHANNEL, outsiders, world.now)


@pytest.mark.parametrize("kind", ["name", "portfolio"])
def test_what_outsiders_may_not_see_is_no_change_when_they_come(world: Watchers, kind: str) -> None:
    world.claims(SMALL, workspace=WORKSPACE)
    world.watch(kind, "Acme Optics", names=[("Acme Optics", "C-1")] if kind == "portfolio" else ())
    read_by_others(world)
    world.load("2026-11-20", *OTHERS)
    assert world.look() == []
    assert world.alerts()[-1:] == [one for one in world.alerts()[-1:] if one.what == "baseline"]
    assert "lenses" not in str(world.subject().outcome)


def test_what_only_colleagues_see_is_no_change_when_outsiders_go(world: Watchers) -> None:
    read_by_others(world)
    world.claims(SMALL, workspace=WORKSPACE)
    world.watch("name", "Acme Optics")
    read_by_others(world, outsiders=False)
    world.load("2026-11-20", *OTHERS)
    assert world.look() == []
    world.claims(SMALL + DENIAL, workspace=WORKSPACE)
    assert [line.partition(":")[0] for line in world.look()] == ["DENIAL STORED"]


def test_what_changes_for_all_after_outsiders_came_is_told(world: Watchers) -> None:
    world.claims(SMALL, workspace=WORKSPACE)
    world.watch("portfolio", names=[("Acme Optics", "C-1")])
    read_by_others(world)
    world.load("2026-11-20", *OTHERS, ACME)
    assert world.look() == ["LISTED: Acme Optics Co., Ltd. (before: NO RECORD)"]


def test_of_a_name_that_only_colleagues_know_who_bears_what_is_listed_is_told_while_outsiders_read(
    world: Watchers,
) -> None:
    world.claims(SMALL, workspace=WORKSPACE)
    world.watch("name", "Acme Optics")
    read_by_others(world)
    world.load("2026-11-20", *OTHERS, ACME)
    assert world.look() == ["LISTED: Acme Optics Co., Ltd. (before: NO RECORD)"]
    world.load("2026-11-21", *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Acme Optics Co., Ltd. (before: LISTED)"]
    read_by_others(world, outsiders=False)
    world.claims(SMALL + DENIAL, workspace=WORKSPACE)
    assert [line.partition(":")[0] for line in world.look()] == ["DENIAL STORED"]
    assert world.subject().entity_id == "desk:acme"


def test_whoever_is_only_alike_is_not_watched_in_the_place_of_whom_only_colleagues_know(world: Watchers) -> None:
    world.load("2026-11-20", entry("own:1", "Laticom Ltd"), workspace=WORKSPACE, form="own")
    world.watch("name", "LATICOM LTD")
    read_by_others(world)
    world.load("2026-11-21", *OTHERS[3:], LARRYCOM)
    (told,) = world.look()
    assert told.startswith("LISTED: Larrycom for Investment Ltd")
    world.load("2026-11-22", *OTHERS[3:], LARRYCOM, LATICOM)
    (told,) = world.look()
    assert "Laticom Ltd" in told
    assert world.subject().entity_id == "own:1"


def test_whom_others_know_by_another_name_is_watched_on_when_they_come(world: Watchers) -> None:
    world.claims(SMALL, workspace=WORKSPACE)
    world.load("2026-11-20", *OTHERS, entry("ofac:99", "Lens Works", act=SDN))
    world.decide("join", "desk:acme", "ofac:99", WORKSPACE)
    world.watch("entity", "desk:acme")
    read_by_others(world)
    world.load("2026-11-21", *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Lens Works (before: LISTED)"]


def test_how_a_list_of_watches_says_it_stands_is_by_what_outsiders_may_see(world: Watchers) -> None:
    world.claims(SMALL, workspace=WORKSPACE)
    world.watch("portfolio", names=[("Acme Optics", "C-1")])
    counts = {}
    with world.database.reading() as session:
        for sees in (WORKSPACE, PUBLIC):
            reading = Reading(session, sees, None, world.now.date())
            counts[sees] = watchstatus.of(session, reading, stored.active(session, WORKSPACE))[0].counts
    assert counts == {WORKSPACE: {"named": 1}, PUBLIC: {}}


def test_what_waits_when_outsiders_come_is_not_sent_and_what_all_may_see_of_it_is_told_anew(
    world: Watchers, slack: FakeSlack
) -> None:
    sending = Sending(world, slack)
    world.watch("name", "Acme Optics")
    world.watch("list", "", "w-2", label="SDN", filters=Filters(lists=(OfficialList("SDN list", ("ofac",)),)))
    world.claims(SMALL, workspace=WORKSPACE)
    world.load("2026-11-20", *OTHERS)
    world.load("2026-11-21", *OTHERS, ACME)
    world.alerting.round()
    read_by_others(world)
    sending.all()
    assert slack.messages == []
    for _ in range(3):
        world.alerting.round()
        sending.all()
    assert [one.text.partition("\n")[0] for one in slack.messages] == [
        "SDN: ofac loaded for the first time, 20 entries",
        "LISTED: Acme Optics Co., Ltd. (before: NO RECORD)",
        "SDN: 1 added",
    ]


def test_what_was_sent_before_outsiders_came_is_told_no_second_time(world: Watchers, slack: FakeSlack) -> None:
    sending = Sending(world, slack)
    world.load("2026-11-20", *OTHERS)
    world.watch("portfolio", names=[("Acme Optics", "C-1"), ("Delta Motors", "C-2")])
    world.load("2026-11-21", *OTHERS, ACME, entry("ofac:98", "Delta Motors JSC", act=SDN))
    world.alerting.round()
    sending.one()
    read_by_others(world)
    for _ in range(3):
        sending.all()
        world.alerting.round()
    assert sorted(one.text.partition("\n")[0] for one in slack.messages) == [
        "LISTED: Acme Optics Co., Ltd. (before: NO RECORD)",
        "LISTED: Delta Motors JSC (before: NO RECORD)",
    ]


def test_a_portfolio_begins_with_how_it_stands_for_those_who_read_it(world: Watchers, slack: FakeSlack) -> None:
    sending = Sending(world, slack)
    world.claims(SMALL, workspace=WORKSPACE)
    world.begin("portfolio", names=[("Acme Optics", "C-1")])
    read_by_others(world)
    for _ in range(2):
        sending.all()
        world.alerting.round()
    sending.all()
    assert [one.text.partition("\n")[0] for one in slack.messages] == [
        "WATCHING 1 NAME of the portfolio “Suppliers”: 1 NO RECORD"
    ]
