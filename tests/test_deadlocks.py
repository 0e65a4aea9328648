"""Processes that want the same rows at the same time: none waits for another that waits for it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import digest, endings
from bot.errors import Missing
from bot.mail import DAILY, WEEKLY, Attachment, Outgoing
from bot.reply import Words
from bot.store import outbox, subscriptions, tasks
from bot.store.database import Database, analyze
from bot.store.tasks import SUMMARY
from tests.fakes import FakeSlack
from tests.sending import PUBLIC, Post
from tests.slackside import rows
from tests.summing import subscribe
from tests.test_digest import MORNING, SINCE

LATER = MORNING + timedelta(minutes=1)
CHANNELS = [f"C{number:03}" for number in range(200)]


@pytest.fixture
def other(url: str) -> Iterator[Database]:
    with Database(url) as one:
        yield one


@contextmanager
def meanwhile(job: Callable[[], object]) -> Iterator[None]:
    """Another process does something until it ends, or waits; what goes wrong there is raised at the end."""
    wrong: list[Missing] = []

    def run() -> None:
        try:
            job()
        except Missing as error:
            wrong.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(0.3)
    yield
    thread.join()
    assert wrong == []


def send(database: Database, workspaces: Sequence[str], channels: Sequence[str]) -> None:
    """Reserves for each channel a message with a file, which is the same in each workspace; one workspace after the other."""
    for workspace in workspaces:
        posts = [
            Outgoing(
                f"{workspace}:{one}", workspace, one, {}, attachment=Attachment("sheet", "x.csv", "", one.encode())
            )
            for one in channels
        ]
        with database.writing() as session:
            outbox.reserve_all(session, posts, MORNING)


def test_two_workspaces_that_are_sent_the_same_files_in_any_order_do_not_block_each_other(
    database: Database, other: Database
) -> None:
    with meanwhile(lambda: send(other, ("T1", "T2", "T3"), CHANNELS[::-1])):
        send(database, ("T4", "T5", "T6"), CHANNELS)
    assert rows(database, "SELECT count(*) FROM file") == [(len(CHANNELS),)]
    assert rows(database, "SELECT count(*) FROM outbox WHERE file <> ''") == [(6 * len(CHANNELS),)]


def test_a_sign_of_life_does_not_block_who_ends_what_is_done(database: Database, other: Database) -> None:
    for channel, at in (("C2", "08:00"), ("C1", "09:00")):
        subscribe(database, channel, at=at)
    second, first = take(database), take(database)
    with database.writing() as session:
        # What it knows of so few, PostgreSQL comes to as they were taken.
        analyze(session, "task")
    with database.writing() as session:
        assert tasks.done(session, first, "we", LATER)
        with meanwhile(lambda: keep_taken(other, [first.key, second.key])):
            assert tasks.done(session, second, "we", LATER)
            session.commit()
    assert rows(database, "SELECT taken_by FROM task WHERE taken_by <> ''") == []


def take(database: Database) -> tasks.Task:
    with database.writing() as session:
        (task,) = tasks.take(session, SUMMARY, "we", MORNING, LATER, 1, ["T1"])
        return task


def keep_taken(database: Database, keys: list[str]) -> None:
    with database.writing() as session:
        tasks.keep_taken(session, "we", keys, LATER)


def switch_off(database: Database) -> None:
    with database.writing() as session:
        digest.switch_off(session, "T1", "C1", "daily")


def return_to(database: Database) -> None:
    with database.writing() as session:
        endings.returned(session, "T1", "C1", MORNING, is_member=True)


def test_giving_up_what_waits_for_several_channels_holds_one_at_a_time(
    database: Database, other: Database, slack: FakeSlack, phrases: Words
) -> None:
    first, second = (subscribe(database, channel) for channel in ("C1", "C2"))
    one = Post(slack, other)
    one.sender.settled = lambda session, *how: endings.settled(session, phrases, *how)
    one.slack.token_error = "token_revoked"
    one.send(*(replace(PUBLIC, key=channel, channel=channel) for channel in ("C3", "C2", "C1")))
    with database.writing() as session:
        assert subscriptions.holds(session, first)
        with meanwhile(lambda: one.later(86_401)):
            assert subscriptions.holds(session, second)
            session.commit()
    assert rows(database, "SELECT count(*) FROM outbox WHERE state = 'failed'") == [(3,)]


def take_back(database: Database) -> None:
    with database.writing() as session:
        subscriptions.took_back(session, "T1", "C1", WEEKLY, SINCE)
        subscriptions.pause(session, "T1", "C1", MORNING, "is_archived")


def test_what_follows_from_how_a_weekly_summary_ended_does_not_block_who_reserves_the_daily(
    database: Database, other: Database
) -> None:
    daily, weekly = (subscribe(database, edition=edition) for edition in (DAILY, WEEKLY))
    with database.writing() as session:
        assert subscriptions.holds(session, daily)
        with meanwhile(lambda: take_back(other)):
            assert subscriptions.holds(session, weekly)
            session.commit()
    assert rows(database, "SELECT paused_why FROM subscription") == [("is_archived",)] * 2


@pytest.mark.parametrize("change", [switch_off, return_to])
def test_a_summary_that_is_changed_while_it_is_reserved_waits_for_that(
    change: Callable[[Database], None], database: Database, other: Database
) -> None:
    subscribe(database)
    with database.writing() as session:
        subscriptions.pause(session, "T1", "C1", MORNING, "is_archived")
    task = take(database)
    with database.writing() as session:
        (one,) = subscriptions.active(session)
        assert subscriptions.holds(session, one)
        with meanwhile(lambda: change(other)):
            assert tasks.done(session, task, "we", LATER)
            session.commit()
