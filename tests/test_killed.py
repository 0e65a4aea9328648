"""kill -9 at random moments: what is stored is the old state or the new one, and the next run goes on."""

import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot.records import PUBLIC
from bot.store import datasets, entities
from bot.store.database import Database
from tests.files import many_entities, write

MOMENTS = 10
SIZE = 300


def timed(run: Callable[[], object]) -> float:
    started = time.monotonic()
    run()
    return time.monotonic() - started


def was_killed(seconds: float, run: Callable[[], object]) -> bool:
    """Runs something in a process of its own and kills it after that time; False where it had ended by then."""
    child = os.fork()
    if not child:
        try:
            run()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def stored(url: str) -> tuple[int, int]:
    """How many entities and how many datasets are stored."""
    database = Database(url)
    with database.reading() as session:
        found = len(entities.every(session, PUBLIC, None)), len(datasets.current(session, PUBLIC))
    database.close()
    return found


def ready(url: str) -> bool:
    database = Database(url)
    try:
        return database.is_ready()
    finally:
        database.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., int]:
    def verb(url: str, *arguments: str) -> int:
        monkeypatch.setenv("DATABASE_URL", url)
        return cli.main(arguments)

    return verb


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_init_leaves_nothing_or_a_whole_database(
    empty_url: str, run: Callable[..., int], tmp_path: Path, moment: int
) -> None:
    whole = timed(lambda: run(f"sqlite:///{tmp_path / 'measure.db'}", "init", "--quiet"))
    was_killed((moment + random.random()) / MOMENTS * whole, lambda: run(empty_url, "init", "--quiet"))
    assert not ready(empty_url) or stored(empty_url) == (8, 1)
    assert run(empty_url, "init", "--quiet") == 0
    assert stored(empty_url) == (8, 1)


def test_load_leaves_the_old_state_or_the_new_one(url: str, run: Callable[..., int], tmp_path: Path) -> None:
    files = [str(write(tmp_path, many_entities(SIZE, f"crowd{n}"), f"{n}.yaml")) for n in range(MOMENTS + 1)]
    whole = timed(lambda: run(url, "load", "claims", files[MOMENTS]))
    killed = 0
    for file in files[:MOMENTS]:
        killed += was_killed(random.uniform(0.1, 1) * whole, partial(run, url, "load", "claims", file))
        entities_there, datasets_there = stored(url)
        assert entities_there == 8 + SIZE * (datasets_there - 1)
    assert killed > 0
    assert run(url, "load", "claims", *files) == 0
    assert stored(url) == (8 + SIZE * len(files), 1 + len(files))
