"""One's own watches in Slack: answered to oneself, with commands that mean them; and how few words say what is set and ended."""

import pytest

from tests.fakes import Posted
from tests.slackside import Bot, buttons

DALIAN = "watch Dalian Machine Tool"


def watched(bot: Bot) -> list[tuple[str, str]]:
    """For which channel and which person something is watched."""
    return bot.rows('SELECT channel, "user" FROM watch WHERE ended_at IS NULL ORDER BY set_at, label')


def press(bot: Bot, where: Posted, action: str) -> Posted:
    (reply,) = bot.press(where, action, buttons(where)[action])
    return reply


def test_what_is_said_to_type_about_ones_own_watch_is_for_oneself_too(bot: Bot) -> None:
    bot.command(DALIAN)
    assert bot.command(f"{DALIAN} for me").text.endswith("/exposure unwatch Dalian Machine Tool for me")
    assert "with “for me” behind it for what you watch yourself" in bot.command("watches").text
    ended = bot.command("unwatch Dalian Machine Tool for me")
    assert ended.text.endswith("To go on: /exposure watch Dalian Machine Tool for me")
    assert watched(bot) == [("C1", "")]
    bot.command("watch topic optics for me")
    assert bot.command("unwatch optics for me").text.endswith("/exposure watch topic optics for me")


@pytest.mark.parametrize("said", [f"{DALIAN} for me", "watch iRay for me"])
def test_for_me_that_is_said_aloud_is_answered_in_a_direct_message(bot: Bot, said: str) -> None:
    reply = bot.mention(said)
    assert (reply.channel, reply.thread_ts) == ("D1", "")
    if "watch_choose_1" in buttons(reply):
        press(bot, reply, "watch_choose_1")
    assert watched(bot) == [("", "U1")]


def test_several_that_are_ended_are_told_as_several(bot: Bot) -> None:
    bot.command(DALIAN)
    bot.command("watch topic optics")
    assert "@u1 stopped them for this channel. No more alerts come of them here" in bot.command("unwatch all").text


def test_a_name_that_is_stored_just_so_is_told_without_a_likeness(bot: Bot) -> None:
    said = bot.command("watch Hikvision").text
    assert ", matched to the stored name “Hikvision” exactly." in said
    assert "likeness" not in said
