"""The command line from outside: exit statuses, one line of error, JSON, conversations."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import __main__ as cli
from tests.files import SMALL, write

ROOT = Path(__file__).parent.parent
VERBS = ("init", "ask", "chat", "load", "coverage", "doctor")


@pytest.fixture
def flagpost(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs a verb in this process on each kind of database: exit status, what was printed, what was complained of."""
    monkeypatch.setenv("DATABASE_URL", url)

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            status = cli.main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    return run


def process(*arguments: str, url: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, input=stdin, env=environment, capture_output=True, text=True, check=False)


def test_ask_answers_in_words_and_exits_0(flagpost: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = flagpost("ask", "is Dalian Machine Tool flagged?")
    assert (status, err) == (0, "")
    assert out.startswith("LISTED — designated by EU")


def test_ask_needs_no_quotes_and_takes_a_day(flagpost: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = flagpost("ask", "Wuhan", "Tongsheng", "--as-of", "2024-04-30", "--json")
    answer = json.loads(out)
    assert (status, answer["as_of"], answer["subjects"][0]["status"]) == (0, "2024-04-30", "named")


def test_ask_of_the_time_before_anything_was_known(flagpost: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = flagpost("ask", "Hikvision", "--known-at", "2024-04-30", "--json")
    answer = json.loads(out)
    assert answer["known_at"].startswith("2024-04-30T23:59:59")
    assert answer["subjects"][0]["status"] == "cannot_say"


def test_an_answer_to_nothing_on_record_is_an_answer(flagpost: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = flagpost("ask", "Acme Optics Ltd")
    assert (status, "NO RECORD" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("ask",), "the following arguments are required"),
        (("ask", "x", "--as-of", "whenever"), "is not a date like"),
        (("ask", "x", "--as-of", "2030-01-01"), "lies ahead"),
        (("ask", "x", "--known-at", "2024-13"), "is no day of the calendar"),
        (("ask", "x" * 4001), "4,000 is the most"),
        (("load", "claims", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
        (("load", "ofax", "sdn.csv"), "'ofax' is not a list that can be loaded"),
        (("dance",), "invalid choice"),
        ((), "required: VERB"),
    ],
)
def test_bad_usage_is_one_line_and_2(
    flagpost: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], why: str
) -> None:
    status, out, err = flagpost(*arguments)
    assert (status, out) == (2, "")
    assert why in err
    assert err.count("\n") == 1


def test_load_reports_the_difference(flagpost: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    file = str(write(tmp_path, SMALL))
    _, out, _ = flagpost("load", "claims", file, "--json")
    report = json.loads(out)
    assert report.pop("seconds") >= 0
    assert report == {
        "list": "claims",
        "version": "2026-11-20",
        "published_on": "2026-11-20",
        "entities": 1,
        "added": 2,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "rejected": [],
    }
    assert flagpost("load", "claims", file)[1] == (
        "desk version 2026-11-20: 1 entity; records: 0 added, 0 changed, 0 removed, 2 unchanged\n"
    )


def test_a_date_of_publication_that_is_given_is_said_beside_the_version_of_the_file(
    flagpost: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    out = flagpost("load", "claims", str(write(tmp_path, SMALL)), "--published", "2026-11-21")[1]
    assert out.startswith("desk version 2026-11-20 (published 2026-11-21): 1 entity; ")


def test_a_refused_file_leaves_everything_as_it_was(
    flagpost: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    good, bad = (
        write(tmp_path, SMALL, "good.yaml"),
        write(tmp_path, SMALL.replace("id: desk", "id: other") + "x", "bad.yaml"),
    )
    status, _, err = flagpost("load", "claims", str(good), str(bad))
    assert (status, err.count("\n"), "bad.yaml, line" in err) == (2, 1, True)
    assert [one["list"] for one in json.loads(flagpost("coverage", "--json")[1])] == ["starter"]


def test_init_is_safe_to_repeat(flagpost: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = flagpost("init")
    assert (status, "0 added, 0 changed, 0 removed, 69 unchanged" in out) == (0, True)


def test_coverage_and_doctor_say_what_is_there(flagpost: Callable[..., tuple[int, str, str]]) -> None:
    assert "Flagpost starter records (starter): version 2026-11-23" in flagpost("coverage")[1]
    status, out, _ = flagpost("doctor")
    assert (status, "All is well" in out) == (0, True)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(flagpost: Callable[..., tuple[int, str, str]], verb: str) -> None:
    status, out, _ = flagpost(verb, "--help")
    assert (status, f"example: python -m bot {verb}" in out) == (0, True)


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    done = process("ask", "x", url=f"sqlite:///{tmp_path / 'none.db'}")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "the database is not set up for this version; run: python -m bot init\n"


def test_a_server_that_is_not_there_is_one_line_and_3() -> None:
    done = process("ask", "x", url="postgresql://nobody:secret@localhost:1/none")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "secret" not in done.stderr


def test_a_file_that_is_no_database_is_one_line_and_3(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("this is not a database at all" * 100)
    done = process("doctor", url=f"sqlite:///{tmp_path / 'x.db'}")
    assert (done.returncode, done.stderr) == (3, "")
    assert "file is not a database" in done.stdout


def test_a_wrong_setting_is_one_line_and_2() -> None:
    done = process("ask", "x", url="mysql://x")
    assert (done.returncode, done.stderr) == (2, "setting DATABASE_URL: begins with sqlite:/// or postgresql://\n")


def test_a_chat_remembers_what_it_was_about(url: str) -> None:
    done = process(
        "chat",
        url=url,
        stdin="is iRay flagged?\ndid they deny it?\nwhat about Hikvision?\nwho says so?\n\n03/04/2024\nx\n",
    )
    assert done.returncode == 0
    assert done.stdout.count("X-ray imaging") == 2
    assert "Origin: Senior U.S. officials" in done.stdout
    assert done.stderr.count("can be read in two ways") == 1


def test_on_a_terminal_the_answer_is_set_for_reading(url: str) -> None:
    script = f"{sys.executable} -m bot ask 'is Hikvision flagged?'"
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run(
        ["script", "-qec", script, "/dev/null"], env=environment, capture_output=True, text=True, check=True
    )
    assert "\x1b[1m" in done.stdout
    assert "  • " in done.stdout
