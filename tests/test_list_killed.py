"""kill -9 while a list is loaded over an older version of it, loads side by side, readers meanwhile: each sees one version."""

import os
import random
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import __main__ as cli
from bot.desk import Desk
from bot.lookup import Asking
from bot.store.database import Database
from tests.acts import consolidated, row, sdn, today
from tests.test_killed import timed, was_killed

MOMENTS = 10
SIZE = 2_100
"""Entries of a version: more than are written at a time, and more names than are kept in memory only."""

STEP = 10
"""Each entry whose number is divisible by this is another in each version."""

WORDS = ("Renamed Orbel", "Brazen Teapot")
"""What these firms are called in versions of an even day, and of an odd one."""

Verb = Callable[..., int]


@pytest.fixture
def verb(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Verb:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))
    return lambda *arguments: cli.main([str(one) for one in arguments])


def version(folder: Path, number: int) -> Path:
    """A version: its day tells the name and the programme of what changes, and which entries there are."""
    day = today() - timedelta(days=40 - number)
    name, programme = f"{WORDS[day.toordinal() % 2]} {{}} GmbH", f"P{day.toordinal()}"
    entries = (row(n) if n % STEP else row(n, name.format(n), programme) for n in range(number + 1, number + 1 + SIZE))
    return sdn(folder, day, "".join(entries))


def stored(database: Database) -> str:
    """The day of the version that is stored. Anything that is not of that version fails."""
    acts = "SELECT {} FROM listing WHERE list = 'ofac' AND known_until IS NULL AND last_seen = ''"
    names = "SELECT DISTINCT substr(name, 1, 13) FROM entity WHERE known_until IS NULL AND id IN ({})"
    with database.reading() as session:
        newest = "SELECT version, entities FROM dataset WHERE list = 'ofac' ORDER BY pk DESC LIMIT 1"
        ((day, held),) = session.execute(text(newest))
        ((count, subjects),) = session.execute(text(acts.format("count(*), count(DISTINCT entity_id)")))
        programmes = set(session.scalars(text(acts.format("DISTINCT programme"))))
        called = set(session.scalars(text(names.format(acts.format("entity_id") + " AND programme != 'SDGT'"))))
    number = date.fromisoformat(day).toordinal()
    assert (held, count, subjects, programmes) == (SIZE, SIZE, SIZE, {"SDGT", f"P{number}"})
    assert called == {WORDS[number % 2]}
    return str(day)


def answered(desk: Desk) -> set[int]:
    """Asks for a firm by both its names: whether the day of the list, of the name and of the act found is even or odd."""
    found = set()
    for number, words in enumerate(WORDS):
        prepared = desk.prepare(Asking(f"is {words} 770 GmbH flagged?", "local", datetime.now(UTC)))
        answer = desk.document(prepared.answer, prepared.message)
        days = {
            date.fromisoformat(one["version"]).toordinal() % 2 for one in answer["coverage"] if one["list"] == "ofac"
        }
        if answer["subjects"][0]["status"] == "listed":
            acts = {int(one["programme"][1:]) % 2 for one in answer["subjects"][0]["listings"]}
            assert days == acts == {number}, answer
            found.add(number)
        else:
            assert days == {1 - number}, answer
    return found


@contextmanager
def reader(url: str, folder: Path) -> Iterator[None]:
    """A process that asks all the time and must get one version whole; it must have been answered by the end."""
    child = os.fork()
    if not child:
        status = 1
        try:
            status = 0 if reads_well(url, folder) else 2
        finally:
            if status:
                traceback.print_exc()
            os._exit(status)
    yield
    (folder / "done").touch()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def reads_well(url: str, folder: Path) -> bool:
    asked = 0
    with Database(url) as database:
        desk = Desk(database, "test", folder / "index")
        while not (folder / "done").exists():
            stored(database)
            asked += len(answered(desk))
            time.sleep(0.1)
    return asked > 0


def test_a_load_that_is_killed_leaves_the_old_version_or_the_new_one_and_readers_see_one_whole(
    url: str, verb: Verb, tmp_path: Path
) -> None:
    verb("load", "ofac", version(tmp_path, 0))
    whole = timed(lambda: verb("load", "ofac", version(tmp_path, 1)))
    killed, at = 0, 1
    with Database(url) as database, reader(url, tmp_path):
        for moment in range(MOMENTS):
            after = (moment + random.random()) / MOMENTS * whole
            killed += was_killed(after, partial(verb, "load", "ofac", version(tmp_path, at + 1)))
            day = stored(database)
            at += version(tmp_path, at + 1).name == f"sdn_{day}.csv"
            assert version(tmp_path, at).name == f"sdn_{day}.csv"
        assert killed > 0
        assert verb("load", "ofac", version(tmp_path, at + 1)) == 0
        assert version(tmp_path, at + 1).name == f"sdn_{stored(database)}.csv"
    assert left_over(url, tmp_path) == []


def left_over(url: str, folder: Path) -> list[str]:
    """Tables that nobody looks at any more, and files of the index that are no part of it."""
    with Database(url) as database, database.reading() as session:
        where = "sqlite_master" if database.is_sqlite else "pg_tables"
        column = "name" if database.is_sqlite else "tablename"
        tables = session.scalars(text(f"SELECT {column} FROM {where} WHERE {column} LIKE 'seen%'")).all()
    files = [one for one in (folder / "index").rglob("*") if one.is_file() and one.suffix not in (".names", ".lock")]
    return [*tables, *map(str, files)]


def test_two_lists_can_be_loaded_at_the_same_time(url: str, verb: Verb, tmp_path: Path) -> None:
    orders = [("ofac", version(tmp_path, 0)), ("un", consolidated(tmp_path, today(), SIZE))]
    children = []
    for form, file in orders:
        child = os.fork()
        if not child:
            status = 1
            try:
                status = verb("load", form, file)
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0]
    with Database(url) as database, database.reading() as session:
        loaded = session.execute(text("SELECT list, entities FROM dataset WHERE list != 'starter' ORDER BY list")).all()
    assert [tuple(one) for one in loaded] == [("ofac", SIZE), ("un", SIZE)]
