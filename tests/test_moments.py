"""Moments in order: what is recorded gets a later one than all before, whatever the clocks show, and none passes a watch by."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import intake, portfolio, watching, wishes
from bot.loading import Loader, Order
from bot.monitoring import Watch
from bot.ownership import Owner
from bot.records import PUBLIC
from bot.store import attempts, datasets, joins, moments, watches
from bot.store.database import Database
from bot.watching import Proposal
from tests.conftest import LOADED, NOW
from tests.files import SMALL, write
from tests.test_alerting import DENIAL, DENIED, RETRACTION
from tests.watched import CHANNEL, WORKSPACE, Watchers

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
WHERE = Owner(WORKSPACE, channel=CHANNEL)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


def seen_until(database: Database) -> object:
    with database.reading() as session:
        one = watches.by_id(session, "w-1", WORKSPACE)
        return one and one.seen_until


def record(world: Watchers, text: str) -> None:
    """Loads claims the way a process does, by the clock of its host."""
    (records,) = intake.read_claims([write(world.folder, text)])
    loader = Loader(world.database, world.folder / "index", lambda: world.now)
    with world.database.writing() as session:
        loader.load_records(session, records, force=True)


@pytest.mark.parametrize("back", [timedelta(), HOUR, DAY])
def test_what_is_recorded_is_later_than_what_a_clock_recorded_that_was_ahead(
    back: timedelta, database: Database
) -> None:
    with database.writing() as session:
        assert moments.take(session, lambda: LOADED - back) == LOADED + TICK
        assert moments.settled(session, lambda: LOADED - back) == LOADED
        assert moments.take(session, lambda: NOW) == NOW


def test_what_is_recorded_is_later_than_what_was_looked_at_for_a_watch(database: Database) -> None:
    with database.writing() as session:
        watches.add(session, Watch("w-1", WORKSPACE, "topic", "optics", "U1", NOW, target="optics"), ())
        assert moments.take(session, lambda: NOW - HOUR) == NOW + TICK
        watches.seen(session, ["w-1"], NOW + HOUR)
        assert moments.take(session, lambda: NOW) == NOW + HOUR + TICK


def test_what_a_clock_recorded_that_was_years_ahead_does_not_count(database: Database) -> None:
    with database.writing() as session:
        attempts.note(session, "ofac", "failed", PUBLIC, NOW + 800 * DAY, "no answer")
        watches.add(session, Watch("w-1", WORKSPACE, "topic", "optics", "U1", LOADED, target="optics"), ())
        watches.seen(session, ["w-1"], NOW + 800 * DAY)
        assert moments.take(session, lambda: NOW) == NOW
    assert seen_until(database) == LOADED


@pytest.mark.parametrize("back", [3 * HOUR, 800 * DAY])
def test_what_is_loaded_after_the_clock_was_set_back_is_told_at_once(back: timedelta, world: Watchers) -> None:
    world.claims(SMALL)
    world.watch("name", "Acme Optics")
    if back > DAY:
        world.later(seconds=back.total_seconds())
        with world.database.writing() as session:
            watches.seen(session, ["w-1"], world.now)
    world.now -= back
    record(world, SMALL + DENIAL)
    assert world.look() == [DENIED]
    record(world, SMALL + DENIAL + RETRACTION)
    assert [line.partition(":")[0] for line in world.look()] == ["RETRACTION STORED"]


def test_a_load_and_an_attempt_are_later_than_what_a_clock_recorded_that_was_ahead(world: Watchers) -> None:
    loader = Loader(world.database, world.folder / "index", lambda: LOADED - HOUR)
    loader.load(Order("claims", (write(world.folder, SMALL),)))
    loader.confirm("ofac")
    with world.database.reading() as session:
        (at,) = (one.loaded_at for one in datasets.current(session, WORKSPACE) if one.list == "desk")
        assert (at, attempts.latest(session, WORKSPACE)["ofac"].at) == (LOADED + TICK, LOADED + 2 * TICK)


def test_what_a_person_joins_is_later_than_what_a_clock_recorded_that_was_ahead(
    quick_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", quick_url)
    ahead = datetime.now(UTC) + HOUR
    with Database(quick_url) as database:
        with database.writing() as session:
            attempts.note(session, "ofac", "confirmed", PUBLIC, ahead)
        assert cli.main(["join", "starter:hikvision", "starter:yantai-iray", "--why", "the registry says so"]) == 0
        with database.reading() as session:
            assert [one.at for one in joins.all_decisions(session, [PUBLIC])] == [ahead + TICK]


def proposed(world: Watchers) -> Proposal:
    with world.database.reading() as session:
        known = world.desk.know(session, WORKSPACE)
        return watching.propose(session, known, wishes.read("Acme Optics"), WORKSPACE, world.now)


def put(world: Watchers, database: Database, proposal: Proposal) -> None:
    with database.writing() as session:
        watching.add(session, proposal, WHERE, "U1", world.now)


def beside(job: Callable[[], None]) -> threading.Thread:
    """Another process does something, until it is done or waits."""
    thread = threading.Thread(target=job)
    thread.start()
    thread.join(0.3)
    return thread


def test_what_is_being_loaded_while_a_watch_is_set_is_told_to_whoever_set_it(world: Watchers, url: str) -> None:
    world.claims(SMALL)
    before = proposed(world)
    (records,) = intake.read_claims([write(world.folder, SMALL + DENIAL)])
    with Database(url) as other:
        with world.database.writing() as session:
            at = moments.take(session, lambda: world.now)
            world.later(minutes=1)
            intake.load(session, records, PUBLIC, at, force=True)
            thread = beside(lambda: put(world, other, before))
            # Who only sets a watch does not wait for a load where the database can do without.
            assert thread.is_alive() == other.is_sqlite
            session.commit()
        thread.join()
    assert world.look() == [DENIED]


def test_what_was_loaded_between_the_answer_and_the_watch_is_told_to_whoever_set_it(world: Watchers) -> None:
    world.claims(SMALL)
    before = proposed(world)
    world.claims(SMALL + DENIAL)
    put(world, world.database, before)
    assert world.look() == [DENIED]


def test_a_watch_begins_when_it_is_set_where_nothing_is_loaded(world: Watchers) -> None:
    at = world.claims(SMALL)
    before = proposed(world)
    world.later(days=3)
    put(world, world.database, before)
    with world.database.reading() as session:
        (one,) = watches.active(session, WORKSPACE)
    assert one.set_at == world.now > at + DAY


def test_a_watch_that_is_set_after_the_clock_was_set_back_begins_with_what_is_recorded(world: Watchers) -> None:
    at = world.claims(SMALL)
    world.now -= 5 * HOUR
    put(world, world.database, proposed(world))
    with world.database.reading() as session:
        (one,) = watches.active(session, WORKSPACE)
    assert one.set_at == at
    assert world.look() == []
    record(world, SMALL + DENIAL)
    assert len(world.look()) == 1


def test_a_portfolio_begins_with_what_is_recorded_though_the_clock_was_set_back(world: Watchers) -> None:
    world.claims(SMALL)
    world.now -= 5 * HOUR
    with world.database.writing() as session:
        portfolio.add(session, portfolio.of_bytes(b"name\nAcme Optics\n", "partners.csv"), WHERE, "U1", world.now)
    (first,) = world.look()
    assert "NAMED IN REPORTING" in first


def tomorrow(world: Watchers) -> date:
    return (world.now + DAY).date()


def test_a_claim_without_a_date_is_told_on_the_day_on_which_its_source_is_published(world: Watchers) -> None:
    world.claims(SMALL)
    world.watch("entity", "desk:acme")
    day = tomorrow(world)
    later = f'{{id: next, publisher: Daily Example, title: An answer, url: "https://example.org/b", published: {day}}}'
    said = DENIAL.replace("stated: 2026-11-20, ", "").replace("sources: [paper]", "sources: [next]")
    world.claims(SMALL.replace("origins:", f"  - {later}\norigins:") + said)
    assert world.look() == []
    world.later(days=1)
    assert world.look() == [DENIED]


def test_an_answer_that_names_nobody_is_told_on_the_day_on_which_it_is_given(world: Watchers) -> None:
    world.claims(SMALL)
    world.watch("entity", "desk:acme")
    world.claims(SMALL + RETRACTION.replace("2026-11-21", tomorrow(world).isoformat()))
    assert world.look() == []
    world.later(days=1)
    assert [line.partition(":")[0] for line in world.look()] == ["RETRACTION STORED"]
