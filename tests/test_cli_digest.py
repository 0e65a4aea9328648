"""The verb `digest`: what would be posted, and posting it, from the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot.mail import WEEKLY
from bot.store.database import Database
from tests.fakes import FakeSlack
from tests.files import SMALL
from tests.summing import subscribe
from tests.test_digest import load

NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(days=3)


@pytest.fixture
def flagpost(
    quick_url: str, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs the verb in this process: exit status, what was printed, what was complained of."""
    settings = {"DATABASE_URL": quick_url, "SLACK_BOT_TOKEN": slack.token, "SLACK_API_URL": slack.url}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> tuple[int, str, str]:
        return cli.main(("digest", *arguments)), *capsys.readouterr()

    return run


@pytest.fixture
def database(quick_url: str, tmp_path: Path) -> Database:
    """With news of two days ago."""
    one = Database(quick_url)
    load(one, tmp_path, SMALL, NOW - timedelta(days=2))
    return one


def test_a_channel_without_a_summary_is_shown_what_it_would_be_told(
    database: Database, flagpost: Callable[..., tuple[int, str, str]]
) -> None:
    status, out, _ = flagpost("--dry-run", "--edition", WEEKLY)
    assert status == 0
    assert "weekly, 09:00 UTC" in out
    assert "sells lenses" in out
    assert "Receipt" not in out


def test_each_edition_is_shown_by_itself_and_nothing_counts_as_told(
    database: Database, flagpost: Callable[..., tuple[int, str, str]]
) -> None:
    subscribe(database, set_at=BEFORE)
    subscribe(database, channel="C2", edition=WEEKLY, days=(0,), set_at=BEFORE)
    for _ in range(2):
        shown = json.loads(flagpost("--dry-run", "--json")[1])
        assert [(one["channel"], one["edition"]) for one in shown] == [("C1", "daily"), ("C2", "weekly")]
        assert "sells lenses" in shown[0]["messages"][0]["text"]
    assert len(json.loads(flagpost("--dry-run", "--json", "--edition", WEEKLY)[1])) == 1


def test_what_is_due_is_posted_once(
    database: Database, slack: FakeSlack, flagpost: Callable[..., tuple[int, str, str]]
) -> None:
    subscribe(database, at=f"{NOW - timedelta(minutes=1):%H:%M}", set_at=BEFORE)
    key = f"daily:T1:C1:{(NOW - timedelta(minutes=1)).date()}"
    status, out, _ = flagpost("--json")
    assert (status, json.loads(out)) == (0, [key])
    assert flagpost()[:2] == (0, "Nothing was posted.\n")
    assert ["1 newly named" in one.text for one in slack.in_channel("C1")] == [True]


def test_only_the_edition_that_is_named_is_posted(
    database: Database, flagpost: Callable[..., tuple[int, str, str]]
) -> None:
    for edition in ("daily", WEEKLY):
        subscribe(database, edition=edition, at=f"{NOW - timedelta(minutes=1):%H:%M}", quiet="line", set_at=BEFORE)
    keys = json.loads(flagpost("--json", "--edition", "weekly")[1])
    assert [key.partition(":")[0] for key in keys] == ["weekly"]


@pytest.mark.parametrize("more", [(), ("--channel", "C9"), ("--edition", "weekly")])
def test_where_none_is_set_that_is_said(
    database: Database, flagpost: Callable[..., tuple[int, str, str]], more: tuple[str, ...]
) -> None:
    status, out, err = flagpost(*more)
    assert (status, out) == (2, "")
    assert "summary is set" in err
