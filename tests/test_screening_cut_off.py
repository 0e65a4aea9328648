"""The verb `screen` with several workers, and cut off: killed, stopped, on a full disk; and how it goes on."""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as cli
from bot.crew import Work, in_order
from bot.errors import Missing
from tests.screened import Started, listed, many, rows, wait_until

Verb = Callable[..., tuple[int, str, str]]


@pytest.fixture
def screen(quick_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verb:
    """Screens in this process, on SQLite, into `out.csv`: exit status, what was printed, what was complained of."""
    monkeypatch.setenv("DATABASE_URL", quick_url)
    monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))

    def run(file: Path, *options: object) -> tuple[int, str, str]:
        status = cli.main(["screen", str(file), "--out", str(tmp_path / "out.csv"), *map(str, options)])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def start(quick_url: str) -> Iterator[Callable[..., Started]]:
    started: list[Started] = []

    def begin(*arguments: Any) -> Started:
        started.append(Started(quick_url, *arguments))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.communicate()


def test_two_workers_keep_the_order_and_find_the_same(screen: Verb, tmp_path: Path) -> None:
    file = many(tmp_path, 1000)
    screen(file, "--workers", 1)
    alone = (tmp_path / "out.csv").read_bytes()
    screen(file, "--workers", 2, "--force")
    assert (tmp_path / "out.csv").read_bytes() == alone
    assert [row["no"] for row in rows(tmp_path / "out.csv")] == [str(n) for n in range(1000)]


def test_a_full_disk_is_one_line_and_resume_goes_on(
    start: Callable[..., Started], screen: Verb, tmp_path: Path
) -> None:
    file, out = many(tmp_path, 1500), tmp_path / "out.csv"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, before[1]))
    try:
        status, _, err = screen(file, "--workers", 1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (status, err.count("\n"), "File too large; " in err, "--resume goes on" in err) == (3, 1, True, True)
    assert out.read_bytes().endswith(b"\n")
    assert screen(file, "--resume")[0] == 0
    assert len(rows(out)) == 1500


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_was_killed_goes_on_to_the_same_file(
    start: Callable[..., Started], screen: Verb, tmp_path: Path, workers: str
) -> None:
    file, cut = many(tmp_path, 1600), tmp_path / "cut.csv"
    killed = start(file, cut, "--workers", workers)
    assert killed.end(signal.SIGKILL)[0] == -signal.SIGKILL
    wait_until(killed.is_alone)
    assert 0 < len(rows(cut)) < 1600
    screen(file)
    with start(file, cut, "--resume", "--workers", workers).process as resumed:
        resumed.communicate(timeout=60)
    assert cut.read_bytes() == (tmp_path / "out.csv").read_bytes()


@contextmanager
def ready(work: Work) -> Iterator[Work]:
    yield work


def die(chunk: list[Any]) -> list[Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return chunk


def fail(chunk: list[Any]) -> list[Any]:
    raise Missing("the database has gone")


@pytest.mark.parametrize(("work", "why"), [(die, "a worker process ended"), (fail, "the database has gone")])
def test_what_ends_a_worker_is_told(work: Work, why: str) -> None:
    with pytest.raises(Missing, match=why):
        list(in_order(partial(ready, work), iter([[n] for n in range(20)]), 2))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_run_says_how_far_it_is(
    start: Callable[..., Started], tmp_path: Path, number: signal.Signals
) -> None:
    stopped = start(many(tmp_path, 5000), tmp_path / "cut.csv", "--workers", "2")
    status, complaints = stopped.end(number)
    done = len(rows(tmp_path / "cut.csv"))
    assert (status, complaints.count("\n")) == (1, 1)
    assert complaints.startswith(f"Stopped: {done:,} of 5,000 rows are done; the same with --resume goes on")
    wait_until(stopped.is_alone)


def test_wherever_it_was_cut_off_it_goes_on_to_the_same_file(screen: Verb, tmp_path: Path) -> None:
    file, out = listed(tmp_path, "name,note\n" + 'iRay,"大\r\n,""x"\n' * 3), tmp_path / "out.csv"
    screen(file)
    whole = out.read_bytes()
    for cut in range(0, len(whole), 41):
        out.write_bytes(whole[:cut])
        assert screen(file, "--resume")[0] == 0
        assert out.read_bytes() == whole
