"""Whom `watch add` means: refused in one line where that is open, told with its likeness where it is somebody alike."""

import json
from collections.abc import Callable

import pytest

from bot import __main__ as cli

Run = Callable[..., tuple[int, str, str]]
NEAR = "Hikvision Optics"
"""A name that is like a stored one, and is not it."""


@pytest.fixture
def run(quick_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `watch`: exit status, what was printed, what was complained of."""
    monkeypatch.setenv("DATABASE_URL", quick_url)

    def run(*arguments: str) -> tuple[int, str, str]:
        return cli.main(("watch", *arguments)), *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ("Hikvision,", "Dalian", "Machine", "Tool"),
            "is several names: say one at a time (Hikvision · 'Dalian Machine",
        ),
        (("Wuhan Tongsheng and Hikvision",), "or --portfolio FILE · where it is one: --name 'Wuhan Tongsheng and"),
        ((NEAR,), "say whom you mean: --entity starter:hikvision (Hangzhou Hikvision Digital"),
        ((NEAR,), f"likeness 0.74) · --name '{NEAR}'"),
        (("everything",), "is nothing to watch"),
    ],
)
def test_what_is_open_is_refused_with_the_ways_to_say_it(run: Run, words: tuple[str, ...], says: str) -> None:
    status, out, err = run("add", *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err
    assert run("list")[1] == "nothing is watched\n"


@pytest.mark.parametrize("name", ["Acme Trading and Supply Co", "Foo Co., Ltd"])
def test_one_firm_is_watched_whatever_is_in_its_name(run: Run, name: str) -> None:
    status, out, _ = run("add", name)
    assert status == 0
    assert f" name {name}, since" in out
    assert "; now no_record in 1 source (not a clearance)" in out
    assert "; now no_record" not in run("list")[1]


def test_a_name_stays_one_where_somebody_is_only_alike(run: Run) -> None:
    _, out, _ = run("add", "--name", NEAR)
    assert f" name {NEAR}, since" in out
    assert "Co., Ltd. (starter:hikvision), likeness 0.74; the name is watched on, and goes to whoever" in out


def test_the_list_says_whose_the_standing_is(run: Run) -> None:
    run("add", "DMTG")
    assert " entity DMTG (General Technology Group Dalian Machine Tool Co., Ltd, starter:dalian-" in run("list")[1]
    (one,) = json.loads(run("list", "--json")[1])
    assert one["entity"]["id"] == "starter:dalian-machine-tool"
