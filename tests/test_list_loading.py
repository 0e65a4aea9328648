"""Loading official lists from the command line: what is said of it, which day counts, how much memory it takes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot.lists import LISTS
from tests.acts import row, rows, sdn, today

ROOT = Path(__file__).parent.parent
LISTS_FOLDER = Path(__file__).parent / "lists"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(quick_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a verb in this process: exit status, what was printed, what was complained of."""
    monkeypatch.setenv("DATABASE_URL", quick_url)
    monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))

    def verb(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(one) for one in arguments])
        return status, *capsys.readouterr()

    return verb


def covered(run: Run, name: str = "ofac") -> dict[str, object]:
    (one,) = [one for one in json.loads(run("coverage", "--json")[1]) if one["list"] == name]
    return dict(one)


def test_what_was_loaded_is_json_of_the_contract(run: Run, tmp_path: Path) -> None:
    status, out, err = run(
        "load", "ofac", sdn(tmp_path, "2026-11-20", rows([1, 2, 3, 4, 5, 6]) + row(7, kind="ship")), "--json"
    )
    loaded = json.loads(out)
    assert (status, err) == (1, "sdn_2026-11-20.csv, line 7 (uid 7): type: 'ship' is not known\n")
    assert loaded.pop("seconds") > 0
    assert loaded == {
        "list": "ofac",
        "version": "2026-11-20",
        "published_on": "2026-11-20",
        "entities": 6,
        "added": 6,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "lacks": ["ADD", "ALT"],
        "rejected": [{"where": "sdn_2026-11-20.csv, line 7 (uid 7)", "why": "type: 'ship' is not known"}],
    }


def test_coverage_is_json_of_the_contract(run: Run, tmp_path: Path) -> None:
    run("load", "ofac", sdn(tmp_path, today()))
    one = covered(run)
    assert {"list", "version", "published", "fetched", "entities", "names", "state"} <= one.keys()
    assert (one["version"], one["published"], one["state"]) == (str(today()), str(today()), "fresh")
    assert (one["entities"], one["names"]) == (40, 40)
    assert str(one["fetched"]).endswith("Z")


def test_each_line_says_what_a_version_changed(run: Run, tmp_path: Path) -> None:
    first = sdn(tmp_path, "2026-11-19")
    second = sdn(tmp_path, "2026-11-20", rows(range(2, 40)) + row(40, "Renamed Orbel GmbH") + row(41))
    said = "ofac version {}: 40 entities; records: {} added, {} changed, {} removed, {} unchanged"
    said += "; without ALT and ADD: what stands there is missing\n"
    assert run("load", "ofac", first) == (0, said.format("2026-11-19", 40, 0, 0, 0), "")
    assert run("load", "ofac", second) == (0, said.format("2026-11-20", 1, 1, 1, 38), "")
    assert run("load", "ofac", second) == (0, said.format("2026-11-20", 0, 0, 0, 40), "")


def test_an_older_version_is_taken_into_history(run: Run, tmp_path: Path) -> None:
    run("load", "ofac", sdn(tmp_path, "2026-11-20"))
    status, out, _ = run("load", "ofac", sdn(tmp_path, "2026-11-01", rows(range(1, 39)) + row(99, "Long Gone GmbH")))
    assert (status, "ofac version 2026-11-01, taken into history: 39 entities" in out) == (0, True)
    assert (covered(run)["version"], covered(run)["entities"]) == ("2026-11-20", 40)
    asked = json.loads(run("ask", "--json", "is Long Gone GmbH flagged?")[1])["subjects"][0]
    assert (asked["status"], asked["listings"][0]["ended_on"]) == ("formerly_listed", "2026-11-20")


def test_the_day_that_is_told_counts_before_that_of_the_file(run: Run, tmp_path: Path) -> None:
    run("load", "ofac", sdn(tmp_path, "2026-11-20"), "--published", "2026-11-18")
    assert (covered(run)["version"], covered(run)["published"]) == ("2026-11-18", "2026-11-18")


def test_a_file_without_a_day_is_of_today_and_that_is_said(run: Run, tmp_path: Path) -> None:
    file = sdn(tmp_path, "of_some_day")
    status, out, _ = run("load", "ofac", file)
    assert (status, covered(run)["version"]) == (0, str(today()))
    assert "its files give no date, so that of today; --published DATE tells another" in out
    assert "give no date" not in run("load", "ofac", file, "--published", str(today()))[1]


def test_a_day_that_is_none_or_lies_ahead_is_refused(run: Run, tmp_path: Path) -> None:
    file = sdn(tmp_path, "2026-11-20")
    assert run("load", "ofac", file, "--published", "whenever")[0] == 2
    assert run("load", "ofac", file, "--published", str(today() + timedelta(days=2)))[0] == 2


def test_a_list_that_is_unknown_is_refused_with_those_that_there_are(run: Run, tmp_path: Path) -> None:
    status, out, err = run("load", "opensanction", sdn(tmp_path, "2026-11-20"))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert all(name in err for name in LISTS)


def test_a_file_of_several_lists_is_told_of_list_by_list(run: Run) -> None:
    status, out, err = run("load", "opensanctions", LISTS_FOLDER / "targets.simple_2026-11-20.csv")
    names = [line.partition(" version ")[0] for line in out.splitlines()]
    assert (status, len(names), err.count("\n")) == (1, 2, 2)
    assert all(covered(run, name)["version"] == "2026-11-20" for name in names)


def test_rejected_rows_are_told_in_a_few_lines(run: Run, tmp_path: Path) -> None:
    bad = "".join(row(number, kind="ship") for number in range(501, 531))
    status, out, err = run("load", "ofac", sdn(tmp_path, "2026-11-20", rows(range(1, 201)) + bad), "--json")
    assert (status, len(json.loads(out)["rejected"])) == (1, 30)
    assert (err.count("\n"), err.splitlines()[-1]) == (21, "… and 10 more")


def test_progress_is_drawn_on_a_terminal_only(quick_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": quick_url, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
    command = f"{sys.executable} -m bot load ofac {sdn(tmp_path, '2026-11-20')}"
    options = {"env": environment, "cwd": tmp_path, "capture_output": True, "text": True, "check": True}
    plain = subprocess.run(command.split(), **options)  # type: ignore[call-overload]
    drawn = subprocess.run(["script", "-qec", command, "/dev/null"], **options)  # type: ignore[call-overload]
    assert (plain.stderr, "loading ofac" in drawn.stdout) == ("", True)
    assert drawn.stdout.rstrip().endswith("40 unchanged; without ALT and ADD: what stands there is missing")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured on Linux")
def test_memory_does_not_grow_with_a_file(tmp_path: Path) -> None:
    small, large = (read_in_a_process(big(tmp_path, size)) for size in (20, 60))
    assert small < 200
    assert large < small + 20


def big(folder: Path, megabytes: int) -> Path:
    """A table of OpenSanctions of that size: long rows, so that it is read soon."""
    file = folder / f"targets.simple_2026-11-{megabytes}.csv"
    head, good, *_ = (LISTS_FOLDER / "targets.simple_2026-11-20.csv").read_text("utf-8").split('"NK-')[:2]
    one = f'"NK-{good}'.replace('"ru;cn","",', '"ru;cn","' + "Long Street 5, Kestra;" * 400 + '",')
    with file.open("w", encoding="utf-8") as out:
        out.write(head)
        for number in range((megabytes << 20) // len(one.encode())):
            out.write(one.replace("NK-aCme01", f"NK-aCme{number}"))
    return file


def read_in_a_process(file: Path) -> int:
    """The most memory that a process needs to read a file, in MB."""
    code = "import sys; from pathlib import Path; from bot.lists import LISTS\n"
    code += "assert sum(1 for _ in LISTS['opensanctions']([Path(sys.argv[1])])) > 1000\n"
    # Not ru_maxrss: a process inherits that of the one it was started by.
    code += "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True, cwd=ROOT)
    return int(done.stdout) // 1024
