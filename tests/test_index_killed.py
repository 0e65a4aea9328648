"""kill -9 while the index is built or brought up to date; readers while it changes: no answer is ever wrong."""

import os
import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot.indexing import Names
from bot.matching.analysis import Analyser
from bot.matching.shelf import folder_for
from bot.records import PUBLIC
from bot.store import datasets
from bot.store.database import Database
from tests.files import many_entities, write
from tests.test_killed import timed, was_killed

MOMENTS = 10
SIZE = 2_100
"""Names of one file: more than are kept in memory only."""


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., int]:
    def run(url: str, *arguments: str) -> int:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))
        return cli.main(arguments)

    return run


def found(url: str, analyser: Analyser, folder: Path) -> tuple[set[str], set[str]]:
    """The datasets that are stored, and those that a fresh process finds a name of."""
    with Database(url) as database, database.reading() as session:
        stored = {one.list for one in datasets.current(session, PUBLIC)} - {"starter"}
        index = Names(analyser, folder_for(folder, database.address)).current(session)
        matches = index.match(f"Quillon Works {SIZE - 1}")
        return stored, {one.entity_id.partition(":")[0] for one in matches if one.score >= 0.9}


def test_whenever_a_load_is_killed_what_is_stored_is_found_and_nothing_else(
    url: str, verb: Callable[..., int], analyser: Analyser, tmp_path: Path
) -> None:
    files = [str(write(tmp_path, many_entities(SIZE, f"crowd{n}"), f"{n}.yaml")) for n in range(MOMENTS + 1)]
    whole = timed(lambda: verb(url, "load", "claims", files[MOMENTS]))
    killed = 0
    for number, file in enumerate(files[:MOMENTS]):
        moment = (number + random.random()) / MOMENTS * 1.2 * whole
        killed += was_killed(moment, partial(verb, url, "load", "claims", file))
        stored, matched = found(url, analyser, tmp_path / "index")
        assert matched == stored
    assert killed > 0


def test_a_reader_that_is_killed_while_it_makes_the_index_leaves_it_to_the_next(
    url: str, verb: Callable[..., int], analyser: Analyser, tmp_path: Path
) -> None:
    verb(url, "load", "claims", str(write(tmp_path, many_entities(SIZE), "crowd.yaml")))
    for _ in range(MOMENTS):
        for file in (tmp_path / "index").rglob("*.names"):
            file.unlink()
        was_killed(random.uniform(0.02, 0.8), partial(found, url, analyser, tmp_path / "index"))
        assert found(url, analyser, tmp_path / "index") == ({"crowd"}, {"crowd"})


def test_two_processes_read_while_a_third_changes_what_is_stored(
    url: str, verb: Callable[..., int], analyser: Analyser, tmp_path: Path
) -> None:
    readers = [os.fork() for _ in range(2)]
    if 0 in readers:
        os._exit(_reads_well(url, analyser, tmp_path / "index"))
    for number in range(3):
        verb(url, "load", "claims", str(write(tmp_path, many_entities(SIZE, f"crowd{number}"), f"{number}.yaml")))
    (tmp_path / "done").touch()
    assert [os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]) for reader in readers] == [0, 0]


def _reads_well(url: str, analyser: Analyser, folder: Path) -> int:
    """Whether every answer was what the transaction saw stored; ends when there is a file "done". The exit status."""
    with Database(url) as database:
        held = Names(analyser, folder_for(folder, database.address))
        while not (folder.parent / "done").exists():
            with database.reading() as session:
                index = held.current(session)
                stored = {one.list for one in datasets.current(session, PUBLIC)} - {"starter"}
            matches = index.match(f"Quillon Works {SIZE - 1}")
            if {one.entity_id.partition(":")[0] for one in matches if one.score >= 0.9} != stored:
                return 1
            time.sleep(0.01)
    return 0


def test_threads_that_ask_at_once_get_what_one_gets(url: str, analyser: Analyser, tmp_path: Path) -> None:
    with Database(url) as database, database.reading() as session:
        index = Names(analyser, None).current(session)
    asked = ["Hikvision", "大连机床", "Wuhan Tongsheng Technology", "iRay", "NCRIEO", "Yantai iRay Technology Co"] * 5
    expected = [index.match(text) for text in asked]
    answers: list[object] = [None] * 8

    def ask(number: int) -> None:
        answers[number] = [index.match(text) for text in asked]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(answers))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [expected] * len(answers)
