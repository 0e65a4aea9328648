"""`join` and `separate` on the command line: what they do, print and refuse, and that it can be taken back."""

import json
from typing import Any

import pytest

from bot import __main__ as cli

MAKER, TRADER = "starter:dalian-machine-tool", "starter:dalian-machine-tool-import-export"


@pytest.fixture
def run(quick_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs one verb on a database with the starter records; its exit status, and what it printed and complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", quick_url)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_two_records_are_joined_and_the_next_answer_says_so(run: Any) -> None:
    assert run("join", MAKER, TRADER, "--why", "one group", "--by", "ann") == (
        0,
        f"one subject: {MAKER}, {TRADER}\n",
        "",
    )
    status, out, _ = run("ask", "tell me about Dalian Machine Tool Group", "--json")
    entity = json.loads(out)["subjects"][0]["entity"]
    assert (status, entity["records"]) == (0, [MAKER, TRADER])
    assert entity["joined"] == ["joined by a person: one group"]


def test_a_join_is_taken_back_and_stays_on_record(run: Any) -> None:
    run("join", MAKER, TRADER, "--why", "one group", "--by", "ann")
    status, out, _ = run("join", TRADER, MAKER, "--undo", "--why", "two registrations", "--by", "bob", "--json")
    told = json.loads(out)
    assert (status, told["undone_by"], told["records"]) == (0, "bob", [[TRADER], [MAKER]])
    _, out, _ = run("separate", "--list")
    assert out.count("\n") == 1
    assert f"join {MAKER} {TRADER} by ann: one group; undone" in out
    _, out, _ = run("join", "--list", "--json")
    assert [one["why"] for one in json.loads(out)] == ["one group"]


def test_what_is_joined_can_be_separated(run: Any) -> None:
    run("join", MAKER, TRADER, "--why", "one group")
    _, out, _ = run("separate", MAKER, TRADER, "--why", "two registrations")
    assert out == f"one subject: {MAKER}\none subject: {TRADER}\n"


def test_a_decision_of_a_workspace_is_its_own(run: Any) -> None:
    run("join", MAKER, TRADER, "--why", "one group", "--workspace", "T1")
    _, out, _ = run("ask", "tell me about Dalian Machine Tool Group", "--json")
    assert json.loads(out)["subjects"][0]["entity"]["records"] == [MAKER]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((MAKER, TRADER), "--why is missing"),
        ((MAKER, MAKER, "--why", "x"), "name two"),
        ((MAKER, "ofac:1", "--why", "x"), "there is no record 'ofac:1'"),
        ((MAKER, "--why", "x"), "name two records"),
        ((MAKER, TRADER, "--undo", "--why", "x"), "nothing to undo"),
    ],
)
def test_what_cannot_be_decided_is_one_clear_line(run: Any, arguments: tuple[str, ...], says: str) -> None:
    status, out, err = run("join", *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err
