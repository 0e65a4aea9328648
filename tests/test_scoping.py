"""What a channel asked to be told of: by list, topic, country, and what it watches; the rest is only counted."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import filters, gathering, scoping
from bot.answers import Digest
from bot.errors import UserError
from bot.mail import Scope, Subscription
from bot.monitoring import Watch, Watched
from bot.questions import naming
from bot.questions.official_lists import NAMINGS
from bot.store import watches
from bot.store.database import Database
from tests.conftest import LOADED
from tests.test_digest import FIRST, MORNING, SECOND, SINCE, load, told

EVERYTHING = 12
"""How many changes the busy day has: eleven events and one record."""


class Channel:
    """A channel that wants a summary."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def gather(self, **scope: object) -> Digest:
        asked = Scope(**scope)  # type: ignore[arg-type]
        one = Subscription("T1", "C1", "09:00", "UTC", "silent", "U1", SINCE, SINCE, scope=asked)
        with self.database.reading() as session:
            wanted = scoping.wanted(session, one)
            return gathering.gather(session, "T1", SINCE, MORNING, wanted)

    def told(self, **scope: object) -> list[str]:
        return [id for _, id in told(self.gather(**scope))]

    def watch(self, kind: str, target: str, *, channel: str = "C1", entity: str = "") -> None:
        narrowed = filters.as_json(found) if kind == "list" and (found := naming.lists(target)) else {}
        one = Watch(f"{kind}-{target}"[:32], "T1", kind, target, "U1", SINCE, channel, "", target, narrowed)
        with self.database.writing() as session:
            watches.add(session, one, [Watched(0, one.id, 1, target, entity_id=entity)])


@pytest.fixture
def channel(database: Database, tmp_path: Path) -> Channel:
    load(database, tmp_path, FIRST, LOADED + timedelta(minutes=1))
    load(database, tmp_path, SECOND, SINCE + timedelta(hours=1))
    return Channel(database)


def test_without_a_scope_all_is_told(channel: Channel) -> None:
    found = channel.gather()
    assert len(found.events) + len(found.records) == EVERYTHING
    assert (found.outside, found.is_narrowed) == (0, False)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("SDN",), ["delta-sdn"]),
        (("the Entity List",), ["acme-el", "borg-el"]),
        (("OFAC", "EU"), ["delta-sdn", "crane-eu"]),
        (("UK",), []),
        (("a list that was renamed",), []),
    ],
)
def test_only_what_is_on_some_lists(channel: Channel, names: tuple[str, ...], expected: list[str]) -> None:
    assert channel.told(lists=names) == expected


def test_a_record_is_told_of_where_it_is_on_one_of_the_lists(channel: Channel) -> None:
    assert [one.name for one in channel.gather(lists=("Entity List",)).records] == ["Acme Optics Co., Ltd."]
    assert channel.gather(lists=("SDN",)).records == ()


@pytest.mark.parametrize(
    ("topics", "expected"),
    [
        (("drone",), ["delta-sdn", "engines", "gears-retracted", "rotors"]),
        (("OPTICS",), ["acme-denial"]),
        (("engine exports", "chips"), ["chips"]),
        (("nitrocellulose",), []),
    ],
)
def test_only_what_speaks_of_some_topics(channel: Channel, topics: tuple[str, ...], expected: list[str]) -> None:
    assert channel.told(topics=topics) == expected


def test_lists_and_topics_are_added_up_and_countries_narrow_both(channel: Channel) -> None:
    assert channel.told(lists=("Entity List",), topics=("optics",)) == ["acme-el", "borg-el", "acme-denial"]
    assert channel.told(lists=("Entity List",), topics=("optics",), countries=("cn",)) == ["acme-el", "acme-denial"]


def test_only_what_concerns_some_countries(channel: Channel) -> None:
    assert channel.told(countries=("CN", "ru")) == ["acme-el", "acme-denial"]
    assert channel.told(countries=("ru",)) == []


def test_what_is_left_out_is_counted(channel: Channel) -> None:
    found = channel.gather(countries=("cn",))
    assert found.outside == EVERYTHING - len(found.events) - len(found.records) == 9
    assert found.counts == {"listed": 1, "denied": 1}
    assert channel.gather(lists=("UK",)).outside == EVERYTHING


def test_nothing_in_the_scope_is_a_quiet_day(channel: Channel) -> None:
    assert channel.gather(lists=("UK",)).is_quiet
    assert channel.gather(watched=True).is_quiet


def test_only_what_the_channel_watches(channel: Channel) -> None:
    channel.watch("entity", "desk:borg", entity="desk:borg")
    channel.watch("name", "Delta Motors", entity="desk:delta")
    channel.watch("name", "Unheard Of Ltd")
    channel.watch("entity", "desk:acme", entity="desk:acme", channel="C2")
    assert channel.told(watched=True) == ["delta-sdn", "borg-el", "engines", "gears-retracted", "rotors"]


def test_watched_lists_and_topics_count_as_watched(channel: Channel) -> None:
    channel.watch("list", "EU")
    channel.watch("topic", "freight")
    assert channel.told(watched=True) == ["crane-eu", "freight"]


def test_a_watched_list_may_be_narrowed(channel: Channel) -> None:
    channel.watch("list", "Entity List China")
    assert channel.told(watched=True) == ["acme-el"]


def test_watched_and_on_a_list_is_both(channel: Channel) -> None:
    channel.watch("entity", "desk:borg", entity="desk:borg")
    assert channel.told(watched=True, lists=("Entity List",)) == ["borg-el"]


def test_who_asked_for_the_same_is_told_the_same(channel: Channel) -> None:
    channel.watch("entity", "desk:borg", entity="desk:borg")
    channel.watch("topic", "freight")
    one = Subscription(
        "T1", "C1", "09:00", "UTC", "silent", "U1", SINCE, SINCE, scope=Scope(watched=True, lists=("SDN",))
    )
    with channel.database.reading() as session:
        assert len({scoping.wanted(session, one), scoping.wanted(session, one)}) == 1


@pytest.mark.parametrize("name", ["SDN", "sdn list", "the SDN List", "Specially Designated Nationals"])
def test_a_list_is_known_by_the_names_that_people_use(name: str) -> None:
    assert scoping.official(name).label == "SDN list"


@pytest.mark.parametrize("name", [one.list.label for one in NAMINGS])
def test_every_list_is_known_by_what_it_is_called(name: str) -> None:
    assert scoping.official(name).label == name
    assert name in scoping.known()


@pytest.mark.parametrize("name", ["", "  ", "Acme", "SDN and EU", "the Shopping List", "SDN China", "x" * 500])
def test_what_is_no_list_is_refused_with_what_is_known(name: str) -> None:
    with pytest.raises(UserError, match=r"is no list that I know\. The nearest are: .*[Ll]ist"):
        scoping.official(name)


def test_the_lists_that_are_called_alike_are_named_first() -> None:
    with pytest.raises(UserError, match="The nearest are: Unverified List, "):
        scoping.official("Unverifed")


@pytest.mark.parametrize("topic", ["drone", "freight", "Russia-EO14024"])
def test_a_topic_that_a_claim_or_the_grounds_of_a_listing_speak_of_is_known(channel: Channel, topic: str) -> None:
    with channel.database.reading() as session:
        assert scoping.topic(session, topic, "T1") == topic


@pytest.mark.parametrize("topic", ["flurb", "硝化", "%", "drones flurb"])
def test_a_topic_that_nothing_speaks_of_is_refused_with_some_that_are(channel: Channel, topic: str) -> None:
    with (
        channel.database.reading() as session,
        pytest.raises(UserError, match=r"Nothing stored speaks of “.*”\. Topics that are, for example: .*drones"),
    ):
        scoping.topic(session, topic, "T1")


def test_topics_of_a_workspaces_own_records_are_nobody_elses(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST.replace("drones", "gyrocopters"), SINCE, "T1")
    with database.reading() as session:
        assert scoping.topic(session, "gyrocopters", "T1")
        with pytest.raises(UserError):
            scoping.topic(session, "gyrocopters", "T2")


@pytest.mark.parametrize(
    ("topic", "text", "speaks"),
    [
        ("machine tools", "It makes a tool for a machine.", True),
        ("machine tools", "machine parts", False),
        ("machine_tools", "machine tools", True),
        ("硝化棉", "出口硝化棉的公司", True),
        ("", "anything", False),
        ("!!!", "anything", False),
    ],
)
def test_a_text_speaks_of_a_topic_where_it_has_all_its_words(topic: str, text: str, speaks: bool) -> None:
    assert scoping.speaks_of(topic, [text]) is speaks
