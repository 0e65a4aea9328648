"""One process speaks for several workspaces, each by its token; what is of none of them is left alone."""

import logging
import time
from collections.abc import Iterator

import pytest

from bot import checkup, config
from bot.errors import BadSetting, Missing, Refused
from bot.reply import Words
from bot.slack import OPTIONAL, SCOPES
from bot.store import subscriptions
from bot.store.database import Database
from bot.workspaces import Workspaces
from tests.conftest import NOW
from tests.fakes import Fault
from tests.fakes.many import Slacks
from tests.slackside import KNOWN, Bot, Log, settings, workspace
from tests.summing import subscribe


@pytest.fixture
def slacks() -> Iterator[Slacks]:
    one = workspace(team="T1", team_name="First", token="xoxb-of-the-first")
    other = workspace(team="T2", team_name="Second", token="xoxb-of-the-second")
    with Slacks(one, other) as both:
        yield both
    assert both.complaints == []


def workspaces(slacks: Slacks) -> Workspaces:
    return Workspaces(slacks.token.split(), slacks.url)


def test_each_token_says_which_workspace_it_is_of(slacks: Slacks) -> None:
    ours = workspaces(slacks)
    assert [who.workspace_name for who in ours.introduce()] == ["First", "Second"]
    assert (ours.ids, ours.of("T3"), ours.all_known) == (("T1", "T2"), None, True)
    assert [slack.client.token for id in ours.ids if (slack := ours.of(id))] == slacks.token.split()


def test_two_tokens_of_one_workspace_are_refused(slacks: Slacks) -> None:
    slacks.workspaces[1].team = "T1"
    with pytest.raises(Refused, match=r"two tokens of the workspace Second \(T1\)"):
        workspaces(slacks).introduce()


def test_a_token_that_slack_does_not_take_is_refused(slacks: Slacks) -> None:
    slacks.workspaces[1].token_error = "account_inactive"
    with pytest.raises(Refused, match="account_inactive"):
        workspaces(slacks).introduce()


def test_one_that_cannot_be_reached_is_asked_again_now_and_then(
    slacks: Slacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.workspaces.ASK_AGAIN", 0.2)
    slacks.workspaces[1].next("auth.test", Fault.error(503), times=2)
    ours = workspaces(slacks)
    assert [who.workspace for who in ours.introduce()] == ["T1"]
    assert (ours.ids, ours.all_known, ours.of("T2")) == (("T1",), False, None)
    with pytest.raises(Missing):
        ours.among({"T2"})
    time.sleep(0.25)
    assert (ours.ids, len(slacks.workspaces[1].calls)) == (("T1",), 2)
    time.sleep(0.25)
    assert (ours.ids, ours.among({"T2"}) is not None) == (("T1", "T2"), True)


def test_no_token_is_logged(slacks: Slacks, log: Log) -> None:
    slacks.workspaces[0].next("auth.test", Fault.drop_before())
    slacks.workspaces[1].token_error = "token_revoked"
    ours = workspaces(slacks)
    with pytest.raises(Refused) as refused:
        ours.introduce()
    logging.getLogger("flagpost").info("%s %s", ours, settings(slacks, "sqlite://"))
    assert "xoxb" not in log.text + str(refused.value)


@pytest.mark.parametrize(
    ("given", "tokens"),
    [
        ("xoxb-1", ("xoxb-1",)),
        ("xoxb-1,xoxb-2", ("xoxb-1", "xoxb-2")),
        (" xoxb-1  xoxb-2,\txoxb-3 ", ("xoxb-1", "xoxb-2", "xoxb-3")),
    ],
)
def test_tokens_are_parted_by_commas_or_spaces(
    monkeypatch: pytest.MonkeyPatch, given: str, tokens: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", given)
    assert config.read().slack_bot_tokens == tokens
    assert "xoxb" not in repr(config.read())


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("xapp-secret", "SLACK_BOT_TOKEN: a bot token begins with xoxb-$"),
        ("xoxb-1,xapp-secret", "begins with xoxb-; not so number 2"),
        ("xoxb-secret xoxb-secret", "the same bot token stands there twice"),
    ],
)
def test_tokens_that_are_none_are_told_of_without_showing_them(
    monkeypatch: pytest.MonkeyPatch, given: str, why: str
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", given)
    with pytest.raises(BadSetting, match=why) as error:
        config.read()
    assert "secret" not in str(error.value)


@pytest.fixture
def between(slacks: Slacks, quick_url: str, phrases: Words, brisk: None) -> Iterator[Bot]:
    """A bot in two workspaces; it is told of what happens in the first."""
    first, second = slacks.workspaces
    first.token = slacks.token
    bot = Bot(first, quick_url, NOW, phrases)
    first.token = "xoxb-of-the-first"
    second.ahead = first.ahead
    with bot:
        second.app_url = bot.address
        yield bot


def test_everybody_is_answered_in_his_own_workspace(between: Bot, slacks: Slacks) -> None:
    first, second = slacks.workspaces
    between.send(between.people.mention("C1", KNOWN))
    assert second.send(second.people.direct(KNOWN)).status == 200
    between.rest()
    assert [[one.channel for one in each.messages] for each in (first, second)] == [["C1"], ["D1"]]
    assert sorted(between.rows("SELECT workspace FROM receipt")) == [("T1",), ("T2",)]


def test_a_button_opens_its_modal_in_its_own_workspace(between: Bot, slacks: Slacks) -> None:
    _, second = slacks.workspaces
    second.send(second.people.mention("C1", KNOWN))
    between.rest()
    second.send(second.people.press(second.messages[0], "sources"))
    between.rest()
    assert len(second.views) == 1


def test_what_is_of_no_workspace_of_ours_is_dropped(between: Bot) -> None:
    note = between.people.mention("C1", KNOWN)
    note.payload["team_id"] = "T9"
    note.payload.pop("authorizations", None)
    assert between.slack.send(note).status == 200
    between.rest()
    assert (between.slack.messages, between.rows("SELECT * FROM inbox")) == ([], [])


def test_doctor_looks_at_every_token(slacks: Slacks, quick_url: str) -> None:
    slacks.workspaces[1].token_error = "token_revoked"
    found = {one.code: one for one in checkup.examine(settings(slacks, quick_url), NOW)}
    assert (found["slack"].detail, found["slack_refuses"].severity) == ("First (T1)", checkup.MISSING)


def test_doctor_says_which_optional_scopes_each_workspace_does_not_grant(
    slacks: Slacks, quick_url: str, phrases: Words
) -> None:
    slacks.workspaces[0].scopes = (*SCOPES, *OPTIONAL)
    slacks.workspaces[1].scopes = (*SCOPES, "files:read", "channels:history")
    found = [one for one in checkup.examine(settings(slacks, quick_url), NOW) if one.code.startswith("without_")]
    assert [(one.code, one.detail) for one in found] == [
        ("without_files:write", "Second (T2)"),
        ("without_groups:history", "Second (T2)"),
    ]
    assert {one.severity for one in found} == {checkup.GOOD}
    told = phrases.message("doctor", findings=found).text
    assert "– Slack: Second (T2) does not grant files:write, which is optional: " in told
    assert "whether it arrived in a private channel" in told


@pytest.mark.parametrize("scope", OPTIONAL)
def test_the_cost_of_each_scope_that_is_not_granted_is_said(scope: str, phrases: Words) -> None:
    said = phrases.message("doctor", findings=[checkup.Finding(f"without_{scope}", "Second (T2)", checkup.GOOD)]).text
    assert f"does not grant {scope}, which is optional: " in said


@pytest.mark.parametrize(("why", "cure"), [("missing_scope", "the token and its scopes"), ("is_archived", "invited")])
def test_doctor_says_how_what_is_paused_goes_on(
    slacks: Slacks, quick_url: str, phrases: Words, why: str, cure: str
) -> None:
    with Database(quick_url) as database:
        subscribe(database)
        with database.writing() as session:
            subscriptions.pause(session, "T1", "C1", NOW, why)
    found = [one for one in checkup.examine(settings(slacks, quick_url), NOW) if one.code.startswith("paused")]
    assert cure in phrases.message("doctor", findings=found).text


def test_doctor_finds_two_tokens_of_one_workspace(slacks: Slacks, quick_url: str, phrases: Words) -> None:
    slacks.workspaces[1].team = "T1"
    found = [one for one in checkup.examine(settings(slacks, quick_url), NOW) if one.code == "slack_twice"]
    assert [one.severity for one in found] == [checkup.MISSING]
    assert "two tokens of Second (T1)" in phrases.message("doctor", findings=found).text
