"""Watches that are changed while what is due for them is kept: neither waits for the other for ever."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import portfolio
from bot.monitoring import Watch, Watched
from bot.ownership import Owner
from bot.store import tasks, watches
from bot.store.database import Database
from bot.store.watches import Known
from tests.conftest import NOW
from tests.test_deadlocks import meanwhile

WHERE = Owner("T1", channel="C1")
LATER = NOW + timedelta(minutes=1)
IDS = ("w-1", "w-2")


def add(database: Database) -> None:
    with database.writing() as session:
        for id in reversed(IDS):
            one = Watch(id, "T1", "portfolio", f"Clients {id}", "U1", NOW, channel="C1", size=2)
            watches.add(session, one, [Watched(0, "", 1, "Acme"), Watched(0, "", 2, "Delta")])


def exchange(database: Database) -> None:
    read = portfolio.of_bytes(b"name\nAcme\nGamma\n", "clients.csv")
    with database.writing() as session:
        one = watches.by_id(session, "w-1", "T1")
        assert one
        portfolio.exchange(session, one, read, "U1", LATER)


def end(database: Database) -> None:
    with database.writing() as session:
        for id in reversed(IDS):
            watches.end(session, id, "U1", LATER)


def pause(database: Database) -> None:
    with database.writing() as session:
        watches.pause(session, "T1", "C1", LATER, "is_archived")


def resume(database: Database) -> None:
    with database.writing() as session:
        watches.resume(session, "T1", "C1")


@pytest.mark.parametrize("change", [exchange, end, pause, resume])
def test_watches_that_are_changed_while_an_alert_is_kept_wait_for_that(
    change: Callable[[Database], None], database: Database, url: str
) -> None:
    add(database)
    if change is resume:
        pause(database)
    with database.writing() as session:
        (task,) = tasks.take(session, tasks.WATCHES, "we", LATER, LATER, 1, ["T1"])
    with Database(url) as other, database.writing() as session:
        assert tasks.done(session, task, "we", LATER)
        watches.still(session, IDS[:1])
        with meanwhile(lambda: change(other)):
            rows = watches.watched(session, IDS)
            watches.know(session, [Known(one.pk, "", {}, ["a:1"]) for one in rows])
            watches.still(session, IDS[1:])
            session.commit()
