"""A name is watched until somebody bears it: who is only alike is told of, and nobody is watched whom no one meant."""

from pathlib import Path

import pytest

from bot import watching, wishes
from bot.records import Entry
from bot.store import channels, watches
from bot.store.database import Database
from bot.watching import Proposal
from bot.wishes import Wish
from tests.conftest import Desk
from tests.fakes import FakeSlack
from tests.joins import entry
from tests.watched import CHANNEL, SDN, WORKSPACE, Watchers
from tests.withholding import Sending

FIRST, SECOND, THIRD = "2026-11-20", "2026-11-21", "2026-11-22"
LARRYCOM = entry("ofac:1", "Larrycom for Investment Ltd", act=SDN)
LATICOM = entry("ofac:2", "Laticom Ltd", act=SDN)
INTEGRAL = entry("ofac:3", "Public Joint Stock Company Integral", act=SDN)
OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(10, 20)]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


def watch_of(world: Watchers) -> tuple[str, str]:
    with world.database.reading() as session:
        one = watches.by_id(session, "w-1", WORKSPACE)
    assert one
    return one.kind, one.target


def test_a_watch_on_a_name_goes_to_whoever_bears_it_and_not_to_somebody_alike(world: Watchers) -> None:
    world.load(FIRST, LARRYCOM, *OTHERS)
    world.watch("name", "LATICOM LTD")
    assert watch_of(world) == ("name", "LATICOM LTD")
    assert world.subject().entity_id == "ofac:1"
    world.load(SECOND, LARRYCOM, LATICOM, *OTHERS)
    (said,) = world.look()
    assert "Laticom Ltd" in said
    assert watch_of(world) == ("entity", "ofac:2")


def test_so_does_one_that_somebody_alike_came_for_later(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "LATICOM LTD")
    world.load(SECOND, LARRYCOM, *OTHERS)
    said = world.said()
    assert "matched to “Larrycom for Investment Ltd”, likeness 0." in said
    assert "from now on" not in said.casefold()
    assert watch_of(world) == ("name", "LATICOM LTD")
    world.load(THIRD, LARRYCOM, LATICOM, *OTHERS)
    assert "From now on Laticom Ltd is watched" in world.said()
    assert watch_of(world) == ("entity", "ofac:2")


def test_so_does_one_where_somebody_alike_comes_to_bear_it(world: Watchers) -> None:
    world.load(FIRST, LARRYCOM, *OTHERS)
    world.watch("name", "LATICOM LTD")
    world.load(SECOND, entry("ofac:1", "Larrycom for Investment Ltd", "Laticom Ltd", act=SDN), *OTHERS)
    assert world.look() == []
    assert watch_of(world) == ("entity", "ofac:1")


def test_what_becomes_of_somebody_alike_is_told_meanwhile(world: Watchers) -> None:
    world.load(FIRST, LARRYCOM, *OTHERS)
    world.watch("name", "LATICOM LTD")
    world.load(SECOND, *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Larrycom for Investment Ltd (before: LISTED)"]


def test_where_that_could_not_be_told_it_is_a_name_again(world: Watchers, slack: FakeSlack) -> None:
    sending = Sending(world, slack)
    world.load(FIRST, LARRYCOM, *OTHERS)
    world.watch("name", "LATICOM LTD")
    world.load(SECOND, entry("own:1", "Laticom Ltd"), workspace=WORKSPACE, form="own")
    world.alerting.round()
    assert watch_of(world) == ("entity", "own:1")
    with world.database.writing() as session:
        channels.seen(session, WORKSPACE, CHANNEL, outsiders=True, now=world.now)
    for _ in range(3):
        sending.all()
        world.alerting.round()
    assert slack.messages == []
    assert watch_of(world) == ("name", "LATICOM LTD")


def propose(world: Watchers, wish: Wish) -> Proposal:
    with world.database.reading() as session:
        return watching.propose(session, world.desk.know(session, WORKSPACE), wish, WORKSPACE, world.now)


@pytest.fixture
def quick(quick_desk: Desk, tmp_path: Path) -> Watchers:
    world = Watchers(quick_desk.database, tmp_path)
    gmbh = entry("ofac:4", "Rheingold Edelmetall AG", act=SDN)
    world.load(FIRST, LARRYCOM, INTEGRAL, gmbh, *OTHERS)
    return world


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("Larrycom for Investment Ltd", "ofac:1"),
        ("LARRYCOM FOR INVESTMENT", "ofac:1"),
        ("Laricom for Investment Ltd", ""),
        ("Larrycom", ""),
        ("Laticom Ltd", ""),
        ("Joint Stock Company Integral Zapad", ""),
        ("Rheingold Edelmetall GmbH", ""),
    ],
)
def test_a_name_is_that_of_an_entity_only_where_that_bears_it(quick: Watchers, said: str, id: str) -> None:
    for wish in (wishes.read(f'"{said}"'), wishes.of("name", said)):
        found = propose(quick, wish)
        assert (found.kind, found.target) == (("entity", id) if id else ("name", said))


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("Laricom for Investment Ltd", "ofac:1"),
        ("Hikvison", "starter:hikvision"),
        ("Laticom Ltd", ""),
        ("Joint Stock Company Integral Zapad", ""),
        ("Rheingold Edelmetall GmbH", ""),
    ],
)
def test_of_other_words_the_entity_is_meant_where_it_is_very_much_alike(quick: Watchers, said: str, id: str) -> None:
    found = propose(quick, wishes.read(said))
    assert (found.kind, found.target) == (("entity", id) if id else ("", ""))
    assert found.subject
    assert found.subject.standing


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Hikvision, Dalian Machine Tool", ("Hikvision", "Dalian Machine Tool")),
        ("Dalian Machine Tool and Wuhan Tongsheng", ("Dalian Machine Tool", "Wuhan Tongsheng")),
        ("Wuhan Tongsheng or Hikvision", ("Wuhan Tongsheng", "Hikvision")),
        ("大连机床和海康威视", ("大连机床", "海康威视")),
        ("Zhonghe Lens Works and Kunlun Optics", ("Zhonghe Lens Works", "Kunlun Optics")),
        ('"Hikvision" and "DMTG"', ("Hikvision", "DMTG")),
    ],
)
def test_several_names_are_seen_as_such(quick: Watchers, said: str, names: tuple[str, ...]) -> None:
    found = propose(quick, wishes.read(said))
    assert (found.kind, found.names, found.is_open) == ("", names, True)


ONE = [
    *("Acme Trading and Supply Co", "Foo Co., Ltd.", "Acme Optics, Inc.", "Smith & Wesson", "O'Neill & Sons Ltd"),
    *("Institute of Physics and Technology", "Foo Import and Export Corp", "China National Import & Export Co., Ltd."),
    "Beijing Foo Science and Technology Co., Ltd., Shenzhen Branch",
]


@pytest.mark.parametrize("said", ONE)
def test_one_firm_with_and_or_a_comma_in_its_name_is_one(quick: Watchers, said: str) -> None:
    assert (propose(quick, wishes.read(said)).kind, propose(quick, wishes.read(said)).names) == ("name", ())


def test_a_stored_firm_with_and_in_its_name_is_one(quick: Watchers) -> None:
    firm: Entry = entry("eu:1", "Foo Optics and Bar Lens Ltd")
    quick.load(FIRST, firm, form="eu")
    assert propose(quick, wishes.read("Foo Optics and Bar Lens")).target == "eu:1"


def test_said_to_be_a_name_they_are_one(quick: Watchers) -> None:
    said = "Hikvision and DMTG"
    for wish in (wishes.of("name", said), wishes.read(f'"{said}"')):
        assert (propose(quick, wish).kind, propose(quick, wish).label) == ("name", said)


def test_who_is_meant_is_told_by_the_records(quick: Watchers) -> None:
    with quick.database.reading() as session:
        known = quick.desk.know(session, WORKSPACE)
        assert "starter:hikvision" in watching.meant(session, known, "Hikvison", WORKSPACE, quick.now)
        assert watching.meant(session, known, "Laticom Ltd", WORKSPACE, quick.now) == ()
