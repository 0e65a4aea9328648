"""Where people of other companies read along: only records that everybody may see; and whose workspace is ours."""

from pathlib import Path

import pytest

from tests.fakes import FakeSlack
from tests.files import SMALL
from tests.slackside import Bot, buttons

ASKED = "is Acme Optics flagged?"


@pytest.mark.parametrize("shared", [True, None])
def test_private_records_are_not_shared_where_outsiders_may_read(
    fresh_bot: Bot, tmp_path: Path, shared: bool | None
) -> None:
    fresh_bot.load(tmp_path, SMALL, "T1")
    if shared:
        fresh_bot.mention("is Hikvision flagged?", shared=True)
    private = fresh_bot.command(ASKED)
    (reply,) = fresh_bot.press(private, "share")
    assert reply.ephemeral_to == "U1"
    assert "records of your own workspace" in reply.text
    assert private in fresh_bot.slack.in_channel("C1", "U1")


def test_they_are_shared_where_only_colleagues_read(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, SMALL, "T1")
    fresh_bot.mention("is Hikvision flagged?")
    (shared,) = fresh_bot.press(fresh_bot.command(ASKED), "share")
    assert "sells lenses" in shared.text


def test_a_share_that_fails_leaves_the_private_answer(fresh_bot: Bot) -> None:
    private = fresh_bot.command("is Hikvision flagged?")
    note = fresh_bot.people.press(private, "share")
    for url in fresh_bot.slack.response_urls.values():
        url.uses = 5
    fresh_bot.tell(note)
    assert fresh_bot.slack.in_channel("C1", "U1") == [private]


def test_an_event_that_came_by_way_of_another_company_is_ours(fresh_bot: Bot, slack: FakeSlack) -> None:
    note = slack.people.mention("C1", "is iRay flagged?", shared=True)
    note.payload["team_id"] = "TOTHER"
    (reply,) = fresh_bot.tell(note)
    (chosen,) = fresh_bot.press(reply, "choose_0_1", buttons(reply)["choose_0_1"])
    assert "chosen by a person" in chosen.text
    assert {row[0] for row in fresh_bot.rows("SELECT workspace FROM receipt")} == {"T1"}
