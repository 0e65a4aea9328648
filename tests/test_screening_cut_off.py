"""The verb `screen` with several workers, and cut off: killed, stopped, on a full disk; and how it goes on."""

import json
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as cli
from bot.crew import Work, in_order
from bot.errors import Missing
from bot.matching.score import VERSION
from tests.files import SMALL, write
from tests.screened import Started, begin, listed, many, rows, wait_until

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


def test_wherever_it_was_cut_off_it_goes_on_to_the_same_file(screen: Verb, quick_url: str, tmp_path: Path) -> None:
    file, out = listed(tmp_path, "name,note\n" + 'iRay,"大\r\n,""x"\n' * 3), tmp_path / "out.csv"
    screen(file)
    whole = out.read_bytes()
    for cut in range(0, len(whole), 41):
        out.write_bytes(whole[:cut])
        begin(quick_url, file, out)
        assert screen(file, "--resume")[0] == 0
        assert out.read_bytes() == whole


def test_what_goes_on_answers_for_the_day_and_the_records_of_its_beginning(
    screen: Verb, quick_url: str, tmp_path: Path
) -> None:
    file, out = listed(tmp_path, "name\nWuhan Tongsheng\nAcme Optics\n"), tmp_path / "out.csv"
    screen(file, "--as-of", "2024-04-30")
    whole = out.read_bytes()
    begin(quick_url, file, out, date(2024, 4, 30))
    assert cli.main(["load", "claims", str(write(tmp_path, SMALL))]) == 0
    out.write_bytes(whole[: whole.index(b"Wuhan")])
    assert screen(file, "--resume")[0] == 0
    assert out.read_bytes() == whole


def test_another_day_is_not_mixed_with_the_first(screen: Verb, quick_url: str, tmp_path: Path) -> None:
    file, out = listed(tmp_path, "name\nWuhan Tongsheng\n"), tmp_path / "out.csv"
    begin(quick_url, file, out, date(2024, 4, 30))
    status, _, err = screen(file, "--resume", "--as-of", "2024-05-01")
    assert (status, err.count("\n"), "it was begun for 2024-04-30" in err, out.exists()) == (2, 1, True, False)
    assert screen(file, "--resume", "--as-of", "2024-04")[0] == 0
    assert [row["status"] for row in rows(out)] == ["named"]


@pytest.mark.parametrize(
    ("what", "value", "why"),
    [
        ("matcher", "0", "another version of the matcher"),
        ("input", "0", "not of the results of the input as it is now"),
        ("workspace", "T1", "for another workspace"),
        ("data", [], "with other lists"),
        ("verb", "compare", "results of another verb"),
        ("thresholds", {}, "out.csv.run cannot be read"),
        ("as_of", "soon", "out.csv.run cannot be read"),
        ("thresholds", None, "out.csv.run cannot be read"),
    ],
)
def test_what_rests_on_something_else_is_not_gone_on_with(
    screen: Verb, quick_url: str, tmp_path: Path, what: str, value: object, why: str
) -> None:
    file, out, beside = listed(tmp_path, "name\nHikvision\n"), tmp_path / "out.csv", tmp_path / "out.csv.run"
    screen(file)
    whole = out.read_bytes()
    begin(quick_url, file, out)
    beside.write_text(json.dumps({**json.loads(beside.read_text()), what: value}))
    status, _, err = screen(file, "--resume")
    assert (status, err.count("\n"), why in err, "--force" in err) == (2, 1, True, True)
    assert (out.read_bytes(), beside.exists()) == (whole, True)


def test_before_the_first_row_it_is_told_what_the_results_rest_on(
    start: Callable[..., Started], screen: Verb, tmp_path: Path
) -> None:
    file, out, beside = many(tmp_path, 3000), tmp_path / "out.csv", tmp_path / "out.csv.run"
    killed = start(file, out, "--as-of", "2024-04-30", "--workers", "1")
    wait_until(lambda: out.exists() and out.stat().st_size > 0)
    killed.process.kill()
    killed.process.communicate()
    told = json.loads(beside.read_text())
    assert (told["as_of"], told["matcher"], told["data"][0]["list"]) == ("2024-04-30", VERSION, "starter")
    assert screen(file, "--force")[0] == 0
    assert not beside.exists()


def test_results_that_were_never_begun_are_begun_by_resume(screen: Verb, tmp_path: Path) -> None:
    assert screen(listed(tmp_path, "name\nHikvision\n"), "--resume")[0] == 0
    assert len(rows(tmp_path / "out.csv")) == 1
