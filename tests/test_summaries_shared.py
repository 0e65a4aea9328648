"""Summaries that several processes share, and that die in the middle of it: all or nothing, and each once."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import receipts
from bot.digest import Due
from bot.hands import LEASE
from bot.mail import Scope
from bot.press import Press
from bot.reply import Words
from bot.store import editions, outbox, subscriptions, tasks
from bot.store.database import Database, lock
from bot.summaries import Summaries
from tests.files import SMALL
from tests.slackside import Log, rows
from tests.summing import Paper, subscribe
from tests.test_digest import MORNING, SINCE, load

HOUR = timedelta(hours=1)
FIRST = "daily:T1:C1:2026-11-24"
CHANNELS = [f"C{number}" for number in range(60)]


@pytest.fixture
def paper(database: Database, phrases: Words) -> Paper:
    return Paper(database, phrases)


def together(*jobs: Callable[[], object]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def test_two_processes_share_what_is_due_and_each_channel_is_told_once(
    url: str, phrases: Words, tmp_path: Path
) -> None:
    with Database(url) as one, Database(url) as other:
        for number, channel in enumerate(CHANNELS):
            subscribe(one, channel, workspace=f"T{number % 3}", quiet="line")
        load(one, tmp_path, SMALL, SINCE + HOUR)
        ids = ("T0", "T1", "T2")
        both = [Summaries(database, phrases, lambda: MORNING, lambda: ids) for database in (one, other)]
        together(*(each.round for each in both), *(each.round for each in both))
        told = Counter(key for (key,) in rows(one, "SELECT key FROM outbox WHERE parent = ''"))
        assert told == Counter(f"daily:T{n % 3}:{channel}:2026-11-24" for n, channel in enumerate(CHANNELS))
        with one.reading() as session:
            assert [list(receipts.breaks(session, workspace)) for workspace in ids] == [[], [], []]


def test_a_summary_that_is_changed_while_it_is_made_is_made_as_it_is_wanted_then(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(paper.database, quiet="line")
    make = paper.summaries.wait_for_writers

    def change(until: Any) -> None:
        make(until)
        monkeypatch.undo()
        subscribe(paper.database, quiet="silent", set_at=MORNING)

    monkeypatch.setattr(paper.summaries, "wait_for_writers", change)
    assert paper.at(MORNING) == []
    assert paper.one().last_day == MORNING.date()


def test_a_summary_that_is_switched_off_while_it_is_made_is_not_told(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(paper.database, quiet="line")

    def stop(until: Any) -> None:
        with paper.database.writing() as session:
            subscriptions.switch_off(session, "T1", "C1")

    monkeypatch.setattr(paper.summaries, "wait_for_writers", stop)
    assert paper.at(MORNING) == []


STEPS = [
    (subscriptions, "told"),
    (tasks, "done_all"),
    (editions, "add"),
    (outbox, "reserve_all"),
    (receipts, "keep_all"),
]


@pytest.mark.parametrize(("room", "step"), STEPS, ids=[step for _, step in STEPS])
def test_who_dies_at_any_step_leaves_nothing_and_the_next_tells_it(
    paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: Log, room: Any, step: str
) -> None:
    subscribe(paper.database)
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    done = getattr(room, step)

    def die(*given: Any) -> None:
        done(*given)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(room, step, die)
        assert paper.at(MORNING) == []
    kept = [rows(paper.database, f"SELECT count(*) FROM {table}") for table in ("edition", "outbox", "receipt")]
    assert kept == [[(0,)]] * 3
    assert paper.one().told_until == SINCE
    assert paper.at(MORNING + HOUR) == [FIRST]


def test_one_that_cannot_be_kept_does_not_stop_the_others_of_its_workspace(
    paper: Paper, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    for channel in ("C1", "C2", "C3"):
        subscribe(paper.database, channel, quiet="line")
    keep = outbox.reserve_all

    def refuse(session: Any, some: Any, now: Any) -> None:
        keep(session, some, now)
        if any(one.channel == "C2" for one in some):
            raise ZeroDivisionError

    monkeypatch.setattr(outbox, "reserve_all", refuse)
    assert paper.at(MORNING) == [FIRST, "daily:T1:C3:2026-11-24"]
    monkeypatch.undo()
    assert paper.at(MORNING + HOUR) == ["daily:T1:C2:2026-11-24"]


def test_what_a_dead_process_had_taken_is_told_by_another_when_its_time_is_over(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    with paper.database.writing() as session:
        tasks.take(session, tasks.SUMMARY, "who died", MORNING, MORNING + LEASE, 9, ["T1"])
    assert paper.at(MORNING + LEASE / 2) == []
    assert paper.at(MORNING + LEASE) == [FIRST]


def test_who_lives_keeps_what_it_took(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    with paper.database.writing() as session:
        (task,) = tasks.take(session, tasks.SUMMARY, paper.summaries.name, MORNING, MORNING + LEASE, 9, ["T1"])
    paper.summaries.busy, paper.now = {task.key}, MORNING + LEASE / 2
    paper.summaries.beat()
    other = Paper(paper.database, paper.words)
    assert other.at(MORNING + LEASE) == []


def test_who_stops_gives_back_what_it_took(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    for channel in ("C1", "C2"):
        subscribe(paper.database, channel, quiet="line")
    monkeypatch.setattr(paper.summaries, "wait_for_writers", lambda until: paper.summaries.stop())
    assert paper.at(MORNING) == [FIRST]
    assert Paper(paper.database, paper.words).at(MORNING) == ["daily:T1:C2:2026-11-24"]


def test_whoever_writes_records_is_waited_for_once_a_moment(paper: Paper, tmp_path: Path) -> None:
    for channel in ("C1", "C2"):
        subscribe(paper.database, channel)
    begun, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with Database(str(paper.database.url.render_as_string(hide_password=False))) as other:
            with other.writing() as session:
                lock(session, "records")
                begun.set()
                go_on.wait(5)
            load(other, tmp_path, SMALL, MORNING - timedelta(seconds=1))

    writing = threading.Thread(target=write)
    writing.start()
    begun.wait()
    threading.Timer(0.3, go_on.set).start()
    paper.now = MORNING
    paper.summaries.wait_for_writers(MORNING)
    assert go_on.is_set()
    writing.join()
    assert len(paper.at(MORNING)) == 2


def test_channels_that_are_told_the_same_are_gathered_for_once(paper: Paper) -> None:
    topics = {channel: ("optics",) if channel < "C2" else () for channel in CHANNELS}
    some = [subscribe(paper.database, channel, scope=Scope(topics=topics[channel])) for channel in CHANNELS]
    press = Press(paper.words)
    with paper.database.reading() as session:
        for one in some:
            press.make(session, Due(one, MORNING.date(), MORNING))
    assert (len(press.digests), len(press.printed)) == (2, 2)
