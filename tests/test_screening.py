"""The verb `screen`: a file of names in, a row of results for each, whatever the file."""

import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import __main__ as cli
from bot import screening
from bot.store import receipts
from bot.store.database import Database
from tests.conftest import Desk
from tests.screened import NAMES, ROOT, listed, many, rows

Verb = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Verb:
    """Runs a verb in this process: exit status, what was printed, what was complained of."""
    monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))

    def run(*arguments: object) -> tuple[int, str, str]:
        return cli.main([*map(str, arguments)]), *capsys.readouterr()

    return run


@pytest.fixture
def each(url: str, run: Verb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, str]]]:
    """Screens on each kind of database in turn, and reads the results."""
    monkeypatch.setenv("DATABASE_URL", url)

    def screen(file: Path, *options: object) -> list[dict[str, str]]:
        assert run("screen", file, "--out", tmp_path / "out.csv", *options)[0] == 0
        return rows(tmp_path / "out.csv")

    return screen


@pytest.fixture
def screen(quick_url: str, run: Verb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Screens on SQLite alone, into `out.csv`."""
    monkeypatch.setenv("DATABASE_URL", quick_url)
    return lambda file, *options: run("screen", file, "--out", tmp_path / "out.csv", *options)


def test_each_name_gets_the_answer_that_ask_gives(
    each: Callable[..., list[dict[str, str]]], desk: Desk, tmp_path: Path
) -> None:
    found = each(listed(tmp_path, "name\n" + "\n".join(NAMES)))
    answers = [desk.json(name)["subjects"][0] for name in NAMES]
    assert [one["name"] for one in found] == list(NAMES)
    assert [one["status"] for one in found] == [one["status"] for one in answers]
    assert [one["entity_id"] for one in found] == [(one["entity"] or {"id": ""})["id"] for one in answers]
    assert [one["score"] for one in found] == [
        f"{one['match']['score']:.3f}" if one["match"] else "" for one in answers
    ]


def test_a_day_is_asked_about_as_ask_does(each: Callable[..., list[dict[str, str]]], tmp_path: Path) -> None:
    file = listed(tmp_path, "name\nWuhan Tongsheng\nYantai iRay Technology\n")
    assert [one["status"] for one in each(file, "--as-of", "2024-04-30")] == ["named", "mentioned"]


def test_columns_of_the_input_are_kept_and_their_order_too(screen: Verb, tmp_path: Path) -> None:
    file = listed(tmp_path, '\ufeffid,Name,note\r\n007,Hikvision,"a, ""b""\nc"\r\n\r\n8,NCRIEO\r\n')
    assert screen(file)[0] == 0
    out = (tmp_path / "out.csv").read_bytes()
    assert out.startswith("\ufeffid,Name,note,status,entity_id,".encode())
    assert [(row["id"], row["note"]) for row in rows(tmp_path / "out.csv")] == [("007", 'a, "b"\nc'), ("8", "")]


def test_no_cell_is_a_formula(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, 'name,=x\n"=HYPERLINK(""http://x"")",+1\n@SUM(A1),-2\n"\tx","\rx"\nA,\u202e=3\n'))
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {'\'=HYPERLINK("http://x")', "'=x", "'+1", "'-2", "'=3"} < set(cells)


def test_a_row_that_cannot_be_read_is_named_and_the_others_are_done(screen: Verb, tmp_path: Path) -> None:
    bad = (
        f"name,kind\n,\nHikvision,starship\nHikvision,company,x\n{'x' * 4001},\n{'大' * 10_000_000},\nHikvision,ship\n"
    )
    status, out, err = screen(listed(tmp_path, bad), "--json")
    summary = json.loads(out)
    assert (status, err.count("\n"), summary["rows"], summary["statuses"]) == (1, 5, 6, {"listed": 1})
    assert [one["where"].rpartition(" ")[2] for one in summary["rejected"]] == ["2", "3", "4", "5", "6"]
    assert "names.csv, line 3: kind: 'starship' is no kind of subject" in err
    assert [row["status"] for row in rows(tmp_path / "out.csv")] == ["", "", "", "", "", "listed"]


def test_of_many_bad_rows_the_first_are_named(screen: Verb, tmp_path: Path) -> None:
    status, _, err = screen(listed(tmp_path, "name,kind\n" + ",\n" * 1234))
    assert (status, err.count("\n")) == (1, 21)
    assert err.endswith("… and 1,214 more\n")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty; it begins with a header"),
        ("title,id\nx,1\n", "line 1: the header has no column 'name'"),
        ("name;id\nx;1\n", "the header has no column 'name' (columns are parted by commas); it has 'name;id'"),
        (b"PK\x03\x04\0\0\n", "names.csv: is a workbook; save it as CSV (UTF-8)"),
        ("name,Name\nx,1\n", "the header has several columns 'name'"),
        ("name,status\nx,1\n", "the column 'status' is one that the results get; rename it"),
        ("name\nHikvision\nGesch\u00e4ft\n".encode("latin-1"), "line 3: is not UTF-8 text"),
        ("name\nHikvision\n".encode("utf-16"), "line 1: "),
        ("name" + "," * 1000 + "\nx\n", "line 1: the header has 1,001 columns; 1,000 are the most"),
        ("name\nHik\0vision\n", "line 2: has NUL characters"),
        ('name\nx\n"Hikvision\nNCRIEO\n', "line 3: is not CSV: unexpected end of data"),
        ('name\n"Hik"vision\n', "line 2: is not CSV"),
        ("name\n" + "x" * (33 * 2**20), "line 2: is longer than 32 MB"),
    ],
)
def test_a_file_that_is_no_table_of_names_is_refused_at_once(
    screen: Verb, tmp_path: Path, content: str | bytes, why: str
) -> None:
    status, out, err = screen(listed(tmp_path, content))
    assert (status, out, err.count("\n"), (tmp_path / "out.csv").exists()) == (2, "", 1, False)
    assert why in err


def test_a_header_alone_has_no_rows(screen: Verb, tmp_path: Path) -> None:
    status, out, err = screen(listed(tmp_path, "name\n"), "--json")
    assert (status, json.loads(out)["rows"], err) == (0, 0, "")
    assert (tmp_path / "out.csv").read_text() == "name," + ",".join(screening.ADDS) + "\n"


def test_an_output_that_cannot_be_written_is_one_line(
    run: Verb, quick_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", quick_url)
    file = listed(tmp_path, "name\nHikvision\n")
    (tmp_path / "there.csv").write_text("mine")
    for out in (tmp_path, tmp_path / "no" / "folder.csv", tmp_path / "there.csv", Path("/proc/x.csv"), file):
        status, _, err = run("screen", file, "--out", out)
        assert (status, err.count("\n")) == (2, 1)
    assert run("screen", file, "--out", file, "--force")[0] == 2
    assert ((tmp_path / "there.csv").read_text(), file.read_text()) == ("mine", "name\nHikvision\n")


@pytest.mark.parametrize("options", [("--as-of", "whenever"), ("--workers", "0"), ("--resume", "--force")])
def test_bad_options_are_refused_before_anything_is_written(
    screen: Verb, tmp_path: Path, options: tuple[str, ...]
) -> None:
    status, out, err = screen(listed(tmp_path, "name\nHikvision\n"), *options)
    assert (status, out, err.count("\n"), (tmp_path / "out.csv").exists()) == (2, "", 1, False)


def test_results_of_another_input_are_not_gone_on_with(screen: Verb, tmp_path: Path) -> None:
    screen(listed(tmp_path, "name\nHikvision\nNCRIEO\n"))
    whole = (tmp_path / "out.csv").read_bytes()
    for other in ("name\nHikvision\nDMTG\n", "name\nHikvision\n", "name,id\nHikvision,1\n"):
        status, _, err = screen(listed(tmp_path, other, "other.csv"), "--resume")
        assert (status, err.count("\n")) == (2, 1)
        assert "--force writes it anew" in err
    assert (tmp_path / "out.csv").read_bytes() == whole


def test_a_finished_run_has_nothing_to_go_on_with(screen: Verb, tmp_path: Path) -> None:
    file = listed(tmp_path, "name\nHikvision\n")
    screen(file)
    assert [one.name for one in tmp_path.glob("out.csv*")] == ["out.csv"]
    status, out, err = screen(file, "--resume")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "out.csv cannot be gone on with: out.csv.run is not there" in err
    assert screen(file, "--force")[0] == 0


def test_a_run_keeps_one_receipt_that_tells_both_files(each: Callable[..., Any], url: str, tmp_path: Path) -> None:
    file = listed(tmp_path, "name\nHikvision\niRay\n")
    each(file)
    with Database(url) as database, database.reading() as session:
        (kept,) = receipts.chain(session, "local")
    told = kept.body["screened"]
    assert told["input"] == {"file": "names.csv", "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "rows": 2}
    assert told["output"]["sha256"] == hashlib.sha256((tmp_path / "out.csv").read_bytes()).hexdigest()
    assert (told["statuses"], kept.body["data"][0]["list"]) == ({"listed": 1, "ambiguous": 1}, "starter")


def test_without_a_database_nothing_is_written(run: Verb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    status, _, err = run("screen", listed(tmp_path, "name\nx\n"), "--out", tmp_path / "out.csv")
    assert (status, err.count("\n"), (tmp_path / "out.csv").exists()) == (3, 1, False)


def test_on_a_terminal_a_bar_shows_how_far_it_is(
    quick_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("script"):
        pytest.skip("there is no script(1) on this machine")
    file = many(tmp_path, 500)
    command = f"{sys.executable} -m bot screen {file} --out {tmp_path / 'out.csv'}"
    monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))
    environment = {**os.environ, "DATABASE_URL": quick_url, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run(
        ["script", "-qec", command, "/dev/null"], env=environment, capture_output=True, text=True, check=True
    )
    assert "/500" in done.stdout
    assert "a second" in done.stdout
