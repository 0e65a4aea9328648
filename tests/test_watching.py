"""A wish becomes a watch by what is stored; the same is watched once in a place; it is ended by who may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot import config, ownership, watching, wishes
from bot.answers import Context
from bot.errors import BadSetting, UserError
from bot.mail import Place
from bot.monitoring import Watch
from bot.ownership import Owner
from bot.store import tasks, watches
from bot.store.database import Database
from bot.watching import Added, Proposal
from bot.wishes import HERE, ME
from tests.conftest import NOW, Desk
from tests.joins import Lists, entry

HERE_IN = Owner("local", channel="C1")
MINE = Owner("local", user="U1")
LATER = NOW + timedelta(days=1)

Propose = Callable[..., Proposal]
Add = Callable[..., Added]


@pytest.fixture
def propose(quick_desk: Desk) -> Propose:
    """What some words mean by the starter records."""

    def propose(said: str, context: Context | None = None) -> Proposal:
        with quick_desk.database.reading() as session:
            known = quick_desk.know(session, "local")
            return watching.propose(session, known, wishes.read(said), "local", NOW, context)

    return propose


@pytest.fixture
def add(desk: Desk) -> Add:
    """Has what some words mean be watched, on each kind of database in turn."""

    def add(said: str, where: Owner = HERE_IN, now: datetime = NOW) -> Added:
        with desk.database.writing() as session:
            known = desk.know(session, where.workspace)
            proposal = watching.propose(session, known, wishes.read(said), where.workspace, now)
            return watching.add(session, proposal, where, "U1", now)

    return add


def watched(database: Database, where: Owner = HERE_IN) -> list[Watch]:
    with database.reading() as session:
        return watching.of(session, where)


@pytest.mark.parametrize(
    ("said", "kind", "target"),
    [
        ("Dalian Machine Tool", "entity", "starter:dalian-machine-tool"),
        ("大连机床", "entity", "starter:dalian-machine-tool"),
        ("DMTG", "entity", "starter:dalian-machine-tool"),
        ("starter:yantai-iray", "entity", "starter:yantai-iray"),
        ("entity starter:yantai-iray", "entity", "starter:yantai-iray"),
        ("Acme Optics", "name", "Acme Optics"),
        ("acme optics", "name", "acme optics"),
        ("Wuhan Technology", "name", "Wuhan Technology"),
        ('"SDN"', "name", "SDN"),
        ("name nitrocellulose", "name", "nitrocellulose"),
        ("name iRay", "name", "iRay"),
        ("nitrocellulose", "topic", "nitrocellulose"),
        ("machine tools", "topic", "machine tools"),
        ("topic tungsten carbide", "topic", "tungsten carbide"),
        ("SDN", "list", ""),
        ("the Entity List", "list", ""),
        ("list own", "list", ""),
    ],
)
def test_what_words_mean_is_looked_up(propose: Propose, said: str, kind: str, target: str) -> None:
    found = propose(said)
    assert (found.kind, found.target) == (kind, target)


def test_of_an_entity_it_is_told_how_it_stands(propose: Propose) -> None:
    subject = propose("Dalian Machine Tool").subject
    assert subject
    assert subject.standing
    assert (subject.status, subject.named, subject.standing.entity.id) == (
        "listed",
        True,
        "starter:dalian-machine-tool",
    )


def test_a_name_that_fits_several_is_left_open_with_all_of_them(propose: Propose) -> None:
    found = propose("iRay")
    assert found.is_open
    assert found.subject
    assert {one.entity.id for one in found.subject.candidates} == {"starter:shanghai-iray", "starter:yantai-iray"}


def test_of_a_name_on_no_record_the_nearest_are_shown(propose: Propose) -> None:
    found = propose("Wuhan Technology")
    assert found.subject
    assert found.subject.status == "no_record"
    assert "starter:wuhan-tongsheng" in {one.entity.id for one in found.subject.candidates}


def test_a_list_is_narrowed_to_a_country(propose: Propose) -> None:
    found = propose("SDN China")
    assert (found.label, found.narrowed.countries) == ("SDN list, Chinese", ("cn",))


def test_it_is_told_how_many_claims_speak_of_a_topic(propose: Propose) -> None:
    assert (propose("nitrocellulose").claims, propose("topic tungsten carbide").claims) == (1, 0)


@pytest.mark.parametrize(
    ("said", "absent"), [("SDN", "SDN list"), ("Entity List", "Entity List"), ("UN list", "UN list")]
)
def test_a_list_of_which_only_what_comes_with_the_bot_is_there_is_not_loaded(
    propose: Propose, said: str, absent: str
) -> None:
    found = propose(said)
    assert (found.sets, found.absent) == ((), (absent,))


def test_of_a_list_that_is_loaded_its_own_file_is_known_before_copies_of_it(desk: Desk) -> None:
    act = ("OFAC", "Specially Designated Nationals")
    lists = Lists(desk.database, desk.names.analyser)
    lists.load("2026-11-22", entry("csl:1", "ACME OPTICS LTD", act=act), form="csl")
    with desk.database.reading() as session:
        first = watching.propose(session, desk.know(session, "local"), wishes.read("SDN and UN"), "local", lists.now)
    lists.load("2026-11-02", entry("ofac:1", "ACME OPTICS LTD", act=act))
    with desk.database.reading() as session:
        then = watching.propose(session, desk.know(session, "local"), wishes.read("list SDN"), "local", lists.now)
    assert [(one.list, one.version, one.state) for one in first.sets] == [("csl", "2026-11-22", "fresh")]
    assert [(one.list, one.version, one.state) for one in then.sets] == [("ofac", "2026-11-02", "stale")]
    assert (first.absent, then.absent) == (("UN list",), ())


def test_who_was_talked_of_can_be_watched(propose: Propose) -> None:
    context = Context((("DMTG", ("starter:dalian-machine-tool",)),))
    assert propose("it", context).target == "starter:dalian-machine-tool"
    with pytest.raises(UserError, match="by the name"):
        propose("it")


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("entity ofac:1", "no stored entity with the id ofac:1"),
        ("list Grey Goods", "No stored list is called Grey Goods. Say for instance SDN"),
    ],
)
def test_what_is_not_stored_is_said_in_a_sentence(propose: Propose, said: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        propose(said)


def test_a_watch_is_kept_and_is_looked_at_as_soon_as_may_be(desk: Desk, add: Add) -> None:
    one = add("Dalian Machine Tool").watch
    assert watched(desk.database) == [one]
    with desk.database.reading() as session:
        assert [each.entity_id for each in watches.watched(session, [one.id])] == ["starter:dalian-machine-tool"]
        assert tasks.due(session, tasks.WATCHES) == {"watches:local": NOW}


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("Dalian Machine Tool", "大连机床"),
        ("Acme Optics", "ACME  optics"),
        ("SDN", "list SDN list"),
        ("nitrocellulose", "topic Nitrocellulose"),
    ],
)
def test_the_same_is_watched_once_in_a_place(desk: Desk, add: Add, first: str, again: str) -> None:
    one, same = add(first), add(again, now=LATER)
    assert (same.watch.id, same.watch.set_at, same.is_new) == (one.watch.id, NOW, False)
    assert add(again, MINE).is_new
    assert len(watched(desk.database)) == len(watched(desk.database, MINE)) == 1


def test_ids_are_short_and_differ(add: Add) -> None:
    ids = {add(f"Acme {number}").watch.id for number in range(20)}
    assert len(ids) == 20
    assert all(len(id) <= 8 and id.startswith("w-") for id in ids)


def test_what_is_open_cannot_be_watched(add: Add) -> None:
    with pytest.raises(UserError, match="say which one"):
        add("iRay")


def test_a_place_watches_so_much_and_no_more(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST", 1)
    add("Acme Optics")
    with pytest.raises(UserError, match="watched as one portfolio"):
        add("Other Optics")


def end(database: Database, said: str, *places: Owner) -> list[str]:
    with database.writing() as session:
        return [one.label for one in watching.end(session, said, places or (HERE_IN,), "U2", LATER)]


@pytest.mark.parametrize("said", ["acme optics", "all", "Acme  Optics"])
def test_a_watch_is_ended_by_what_it_is_called(desk: Desk, add: Add, said: str) -> None:
    id = add("Acme Optics").watch.id
    assert end(desk.database, said) == ["Acme Optics"]
    with desk.database.reading() as session:
        ended = watches.by_id(session, id, "local")
    assert ended
    assert (ended.ended_at, ended.ended_by) == (LATER, "U2")


def test_a_watch_is_ended_by_its_id_its_target_or_its_list(desk: Desk, add: Add) -> None:
    id = add("Acme Optics").watch.id
    add("Dalian Machine Tool")
    add("SDN")
    assert end(desk.database, id.upper()) == ["Acme Optics"]
    assert end(desk.database, "starter:dalian-machine-tool") == ["Dalian Machine Tool"]
    assert end(desk.database, "the SDN") == ["SDN list"]
    assert watched(desk.database) == []


def test_what_was_ended_can_be_watched_again(desk: Desk, add: Add) -> None:
    before = add("Acme Optics").watch.id
    end(desk.database, "Acme Optics")
    assert add("Acme Optics").watch.id != before


def test_the_first_place_that_watches_it_no_longer_does(desk: Desk, add: Add) -> None:
    add("Acme Optics", MINE)
    add("Acme Optics")
    assert end(desk.database, "Acme Optics", HERE_IN, MINE) == ["Acme Optics"]
    assert (watched(desk.database), len(watched(desk.database, MINE))) == ([], 1)
    assert end(desk.database, "Acme Optics", HERE_IN, MINE) == ["Acme Optics"]
    assert watched(desk.database, MINE) == []


def test_what_is_not_watched_gets_a_list_of_what_is(desk: Desk, add: Add) -> None:
    with pytest.raises(UserError, match="Nothing is watched here"):
        end(desk.database, "Acme Optics")
    one = add("Acme Optics").watch
    with pytest.raises(UserError, match=f"Nobody is not watched here. These are: {one.id} Acme Optics"):
        end(desk.database, "Nobody")
    with pytest.raises(UserError, match=r"Say what is to be watched no longer\. These are"):
        end(desk.database, " ")


CHANNEL, DIRECT = Place("T1", "C1", "U1"), Place("T1", "D1", "U1")


def test_in_a_channel_it_is_the_channels_and_elsewhere_the_askers() -> None:
    everyone = (config.EVERYONE,)
    assert ownership.for_whom("", CHANNEL, everyone) == Owner("T1", channel="C1")
    assert ownership.for_whom(ME, CHANNEL, everyone) == Owner("T1", user="U1")
    assert ownership.for_whom("", DIRECT, everyone) == ownership.for_whom(HERE, DIRECT, ()) == Owner("T1", user="U1")


def test_who_may_not_watch_for_a_channel_does_for_themselves_and_is_told() -> None:
    assert ownership.for_whom("", CHANNEL, ("U2",)) == Owner("T1", user="U1", instead=True)
    assert ownership.for_whom("", CHANNEL, ("U1",)) == Owner("T1", channel="C1")
    with pytest.raises(UserError, match="you can watch for yourself: say “for me”"):
        ownership.for_whom(HERE, CHANNEL, ())


def test_who_may_not_watch_for_a_channel_ends_only_their_own() -> None:
    everyone = (config.EVERYONE,)
    assert ownership.whose("", CHANNEL, everyone) == [Owner("T1", channel="C1"), Owner("T1", user="U1")]
    assert [one.user for one in ownership.whose("", CHANNEL, ())] == ["U1"]
    assert ownership.whose(HERE, CHANNEL, everyone) == [Owner("T1", channel="C1")]
    assert ownership.whose(ME, CHANNEL, everyone) == [Owner("T1", user="U1")]


@pytest.mark.parametrize(
    ("value", "means"),
    [("everyone", ("everyone",)), ("Nobody", ()), ("U02AB, W03CD", ("U02AB", "W03CD")), ("", ("everyone",))],
)
def test_a_setting_says_who_may(monkeypatch: pytest.MonkeyPatch, value: str, means: tuple[str, ...]) -> None:
    monkeypatch.setenv("CHANNEL_WATCHERS", value)
    assert config.read().channel_watchers == means


def test_a_setting_that_cannot_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNEL_WATCHERS", "U02AB @ann")
    with pytest.raises(BadSetting, match="'@ann' is neither everyone, nobody nor the id of a person"):
        config.read()


def test_two_who_want_the_same_at_once_get_one_watch(desk: Desk, add: Add) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda number: add("Acme Optics", now=NOW + timedelta(seconds=number)), range(4)))
    assert sorted(one.is_new for one in done) == [False, False, False, True]
    assert len({one.watch.id for one in done}) == len(watched(desk.database)) == 1
