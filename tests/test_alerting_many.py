"""Many subjects at once; watches that are paused or end; processes that are killed, and several at a time."""

import codecs
import random
import threading
from functools import partial
from pathlib import Path

import pytest

from bot import bundles, changing
from bot.alerting import Alerting
from bot.desk import Desk
from bot.filters import Filters, OfficialList
from bot.receipts import breaks
from bot.steps import keep
from bot.store import receipts
from bot.store import watches as stored
from bot.store.database import Database
from tests.joins import entry
from tests.slackside import execute
from tests.test_killed import was_killed
from tests.watched import CHANNEL, SDN, WORKSPACE, Watchers

COUNT = 60
OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
MANY = [entry(f"ofac:{1000 + number}", f"Quillon Bearings {number} GmbH", act=SDN) for number in range(COUNT)]
NAMES = [(f"Quillon Bearings {number}", f"C-{number}") for number in range(COUNT)]
DELTA = entry("ofac:99", "Delta Motors JSC", act=SDN, countries="ru")


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


@pytest.fixture
def quick(quick_url: str, tmp_path: Path) -> Watchers:
    return Watchers(Database(quick_url), tmp_path)


def test_the_first_load_of_a_list_is_one_alert_a_watch(world: Watchers) -> None:
    world.watch("portfolio", names=NAMES[:5], id="w-1", label="Suppliers")
    world.watch("portfolio", names=NAMES[3:8], id="w-2", label="Banks")
    world.watch("name", "Quillon Bearings 59", id="w-3")
    world.load("2026-11-20", *MANY)
    assert sorted(world.look()) == [
        "5 CHANGED of the portfolio “Banks”: 5 LISTED now",
        "5 CHANGED of the portfolio “Suppliers”: 5 LISTED now",
        "LISTED: Quillon Bearings 59 GmbH (before: NO RECORD)",
    ]
    assert [one.what for one in world.alerts()].count("listed") == 3


def test_a_few_of_a_portfolio_are_told_each_by_itself_and_nobody_else(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("portfolio", names=NAMES)
    world.load("2026-11-21", *OTHERS, *MANY[:5])
    assert sorted(world.look()) == [f"LISTED: Quillon Bearings {n} GmbH (before: NO RECORD)" for n in range(5)]
    assert world.look() == []


def test_very_many_at_one_moment_are_one_alert_with_all_in_a_sheet(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("portfolio", names=[*NAMES, ("=cmd()", "C-99")])
    world.load("2026-11-21", *OTHERS, *MANY)
    world.alerting.round()
    first, *thread = world.take()
    assert first.payload["text"].startswith(f"{COUNT} CHANGED of the portfolio “Suppliers”: {COUNT} LISTED now")
    assert {one.parent for one in thread} == {first.key}
    (sheet,) = (one.attachment for one in thread if one.attachment)
    assert sheet == thread[-1].attachment
    assert len(world.alerts()) == 2


def test_the_sheet_has_a_row_for_each_and_runs_nothing(quick: Watchers) -> None:
    quick.load("2026-11-20", *OTHERS)
    quick.watch("portfolio", names=[(name, f"={reference}") for name, reference in NAMES])
    quick.load("2026-11-21", *OTHERS, *MANY)
    with quick.database.reading() as session:
        (notice,) = quick.alerting.prepare(session, WORKSPACE, quick.now).notices
    assert notice.sheet
    assert notice.sheet.data.startswith(codecs.BOM_UTF8)
    rows = notice.sheet.data.decode("utf-8-sig").splitlines()
    assert tuple(rows[0].split(",")) == bundles.HEADER
    assert len(rows) == COUNT + 1
    assert "'=C-7" in notice.sheet.data.decode()


def test_a_large_portfolio_begins_in_portions_with_one_message(
    quick: Watchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alerting.AT_ONCE", 7)
    monkeypatch.setattr(changing, "AT_ONCE", 7)
    quick.load("2026-11-20", *MANY)
    quick.watch("portfolio", names=[*NAMES, ("Nobody Known", "")])
    assert quick.alerts()[0].after == {"total": COUNT + 1, "counts": {"listed": COUNT, "no_record": 1}}
    quick.load("2026-11-21", *MANY[1:])
    assert quick.look() == ["FORMERLY LISTED: Quillon Bearings 0 GmbH (before: LISTED)"]


def test_a_watch_that_was_paused_catches_up_in_order_when_it_goes_on(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("name", "Delta Motors")
    with world.database.writing() as session:
        stored.pause(session, WORKSPACE, CHANNEL, world.now, "is_archived")
    world.load("2026-11-21", *OTHERS, DELTA)
    world.load("2026-11-22", *OTHERS)
    assert world.look() == []
    with world.database.writing() as session:
        assert [one.id for one in stored.resume(session, WORKSPACE, CHANNEL)] == ["w-1"]
    assert [line.split(":")[0] for line in world.look()] == ["LISTED", "FORMERLY LISTED"]


def test_a_watch_that_goes_on_brings_nothing_twice_to_those_beside_it(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("name", "Delta Motors")
    world.watch("name", "Delta Motors", id="w-2", channel="", user="U2")
    with world.database.writing() as session:
        stored.pause(session, WORKSPACE, CHANNEL, world.now, "is_archived")
    world.load("2026-11-21", *OTHERS, DELTA)
    world.look()
    with world.database.writing() as session:
        stored.resume(session, WORKSPACE, CHANNEL)
    world.look()
    assert sorted(one.watch_id for one in world.alerts()) == ["w-1", "w-2"]


@pytest.mark.parametrize("what", ["ended", "paused"])
def test_what_ends_or_pauses_while_it_is_looked_at_tells_nothing(world: Watchers, what: str) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("name", "Delta Motors")
    world.load("2026-11-21", *OTHERS, DELTA)
    with world.database.reading() as session:
        step = world.alerting.prepare(session, WORKSPACE, world.now)
    with world.database.writing() as session:
        if what == "ended":
            stored.end(session, "w-1", "U1", world.now)
        else:
            stored.pause(session, WORKSPACE, CHANNEL, world.now, "gone")
    with world.database.writing() as session:
        keep(session, step, world.now)
    assert step.notices
    assert (world.told(), world.alerts()) == ([], [])


def test_a_process_that_was_too_slow_leaves_no_trace(world: Watchers) -> None:
    slow = stalled(world)
    world.load("2026-11-20", *OTHERS)
    world.watch("name", "Delta Motors")
    world.load("2026-11-21", *OTHERS, DELTA)
    slow.round()
    assert world.told() == ["told by the other"] or len(world.alerts()) == 1


def stalled(world: Watchers) -> Alerting:
    """A process that is held up after it has taken a workspace, while another does it."""
    desk = Desk(world.database, "slow")
    one = world.another()

    class Slow(Desk):
        held = False

        def know(self, session: object, workspace: str) -> object:  # type: ignore[override]
            if not self.held:
                self.held = True
                world.later(minutes=5)
                one.round()
            return super().know(session, workspace)  # type: ignore[arg-type]

    del desk
    return Alerting(world.database, Slow(world.database, "slow"), lambda: world.now, lambda: (WORKSPACE,))


def test_what_goes_wrong_in_one_workspace_stops_no_other(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS)
    world.watch("name", "Delta Motors")
    world.watch("list", "", id="w-2", workspace="T2", filters=Filters(lists=(OfficialList("SDN list", ("ofac",)),)))
    execute(world.database, """UPDATE watch SET narrowed = '{"lists": 5}' WHERE id = 'w-2'""")
    world.load("2026-11-21", *OTHERS, DELTA)
    assert world.look() == ["LISTED: Delta Motors JSC (before: NO RECORD)"]


def test_several_processes_at_once_make_each_alert_once(world: Watchers) -> None:
    world.load("2026-11-20", *OTHERS)
    teams = [f"T{number}" for number in range(6)]
    for team in teams:
        world.watch("name", "Delta Motors", id=f"w-{team}", workspace=team)
    world.load("2026-11-21", *OTHERS, DELTA)
    some = [Alerting(world.database, Desk(world.database, "test"), lambda: world.now, lambda: teams) for _ in range(3)]
    threads = [threading.Thread(target=one.round) for one in some]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with world.database.reading() as session:
        made = [alert for team in teams for alert in stored.alerts(session, team)]
    assert sorted(alert.watch_id for alert in made) == [f"w-{team}" for team in teams]


def test_a_process_that_is_killed_leaves_all_of_a_moment_or_nothing(quick: Watchers) -> None:
    quick.load("2026-11-20", *OTHERS)
    quick.watch("portfolio", names=NAMES[:20])
    quick.told()
    run = partial(quick.another().round)
    known = len(quick.alerts())
    for number in range(8):
        some = MANY[: 2 * number + 2]
        quick.load(f"2026-11-2{1 + number // 4}", *OTHERS, *some)
        quick.database.engine.dispose()
        was_killed(random.uniform(0.02, 0.4), run)
        assert (len(quick.alerts()) - known) % 2 == 0
        quick.later(minutes=5)
        quick.alerting.round()
        assert len(quick.alerts()) == known + 2 * number + 2
    told = [one.key for one in quick.take()]
    assert sorted(told) == sorted(one.key for one in quick.alerts() if one.what == "listed")
    with quick.database.reading() as session:
        assert list(breaks(session, WORKSPACE)) == []
        kept = [receipts.by_id(session, one.receipt, WORKSPACE) for one in quick.alerts()]
    assert (len(kept), None in kept) == (known + 16, False)
