"""A summary as it is set, anew and for whom: what is not said stays, and what is not understood is said plainly."""

import re

import pytest

from tests.slackside import Bot
from tests.test_slack_daily import DAY, post


def test_setting_one_thing_keeps_the_rest_and_all_that_holds_is_told(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 Europe/London weekdays line list SDN country China")
    notice = fresh_bot.command("daily 8:30").text
    assert notice.startswith("Daily summary at 08:30, Europe/London\n")
    assert (
        "Monday to Friday, with sources, what became known since the last one on the SDN list; of that, only what"
        in notice
    )
    assert "On a day without changes: one line" in notice
    assert "09:00" not in fresh_bot.command("daily silent").text.partition("\n")[0]
    reset = fresh_bot.command("daily 09:00 every day UTC all changes").text
    assert reset.startswith("Daily summary at 09:00, UTC\n")
    assert "every day, with sources, all that became known since the last one." in reset


def test_after_it_was_off_nothing_is_kept(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 Europe/London weekdays")
    fresh_bot.command("daily off")
    assert fresh_bot.command("daily 10:00").text.startswith("Daily summary at 10:00, UTC\n")


def test_a_topic_that_nothing_speaks_of_is_refused(fresh_bot: Bot) -> None:
    refused = fresh_bot.command("daily 09:00 topic flurb")
    assert (refused.ephemeral_to, refused.text.partition(".")[0]) == ("U1", "Nothing stored speaks of “flurb”")
    assert "is off here" in fresh_bot.command("daily status").text
    assert "about machine tools" in fresh_bot.command("daily 09:00 topic machine tools").text


def test_where_nothing_is_watched_that_is_said_when_it_is_set_and_later(fresh_bot: Bot) -> None:
    plain = "This channel watches nothing yet, so there is nothing to tell until something is watched"
    assert plain in fresh_bot.command("daily 09:00 watched").text
    assert plain in fresh_bot.command("daily status").text
    fresh_bot.command("watch Acme Optics")
    assert plain not in fresh_bot.command("daily status").text


def test_one_for_me_is_mine_wherever_it_is_said(fresh_bot: Bot) -> None:
    direct, reply = fresh_bot.tell(fresh_bot.people.command("daily 09:00 list SDN line for me"))
    assert (direct.ephemeral_to, reply.ephemeral_to, direct.text) == ("", "U1", reply.text)
    assert direct.channel != "C1"
    assert "for you alone" in reply.text
    assert "is off here" in fresh_bot.command("daily status").text
    assert "is on: 09:00" in fresh_bot.command("daily status for me").text
    assert "is on: 09:00" in fresh_bot.direct("daily status").text
    fresh_bot.later(DAY)
    assert post(fresh_bot) == (["daily:T1:U1:2026-11-24"], True)
    ended = fresh_bot.command("daily off for me")
    assert (ended.ephemeral_to, ended.text.partition("\n")[0]) == ("U1", "No more daily summary for you")
    assert "is off for you" in fresh_bot.command("daily status for me").text


@pytest.mark.parametrize(
    "wish",
    [
        *("daily 08:30 London watched for me", "daily for me", "daily preview for me", "daily off for me"),
        *("weekly for me", "weekly preview for me", "weekly off for me", "weekly nonsense for me"),
    ],
)
def test_what_is_said_of_my_own_names_commands_for_me_alone(fresh_bot: Bot, wish: str) -> None:
    fresh_bot.command("daily 09:00")
    fresh_bot.tell(fresh_bot.people.command("daily 09:00 for me"))
    said = [*fresh_bot.tell(fresh_bot.people.command(wish)), fresh_bot.direct(wish.removesuffix(" for me"))]
    for one in said:
        commands = re.findall(r"/exposure (?!is )[^.;\n]*", one.text)
        assert [each for each in commands if not re.search(r"for me( sets all anew)?$", each)] == []
    assert "is on: 09:00" in fresh_bot.command("daily status").text


def test_what_ends_my_own_leaves_the_channels(fresh_bot: Bot) -> None:
    fresh_bot.command("weekly tuesday 09:00")
    _, reply = fresh_bot.tell(fresh_bot.people.command("weekly thursday 08:00 London for me"))
    ended = fresh_bot.command(reply.text.rpartition("To stop: /exposure ")[2])
    assert ended.text.endswith("To start again: /exposure weekly thursday 08:00 Europe/London for me")
    assert "on Tuesdays" in fresh_bot.command("weekly status").text
    assert fresh_bot.command("weekly off").text.endswith("To start again: /exposure weekly tuesday 09:00 UTC")


def test_what_holds_for_all_is_said_once(fresh_bot: Bot) -> None:
    said = [fresh_bot.command(text).text for text in ("daily 09:00", "daily 08:00", "weekly monday 9", "weekly line")]
    assert ["Until somebody mentions me" in one for one in said] == [True, False, False, False]
    assert ["What is not said anew stays" in one for one in said] == [True, False, True, False]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("daily", "How a summary stands is told by the command, in its channel: /exposure daily status"),
        (
            "daily preview",
            "What a summary would say now is told by the command, in its channel: /exposure daily preview",
        ),
        ("weekly off", "A summary is ended by the command, in its channel: /exposure weekly off"),
        (
            "daily status for me",
            "How a summary stands is told by the command, wherever you are: /exposure daily status for me",
        ),
        (
            "daily 9 London",
            "A summary is set by the command, in the channel that is to have it: /exposure daily 9 London",
        ),
        ("daily nonsense", "I do not understand “nonsense” of a daily summary. Say when, like /exposure daily 09:00 "),
    ],
)
def test_who_wishes_something_by_a_mention_hears_which_command_does_it(bot: Bot, wish: str, said: str) -> None:
    assert bot.mention(wish).text.startswith(said)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("daily nonsense", "I do not understand “nonsense” of a daily summary. Say when, like /exposure daily 09:00"),
        ("weekly funday", "I do not know the day “funday”; write it like “monday 09:00 Europe/London”."),
        ("daily 9 list Foo", "“foo” is no list that I know. The nearest are: "),
    ],
)
def test_what_is_not_understood_gets_one_line_of_what_can_be_said(bot: Bot, wish: str, said: str) -> None:
    reply = bot.command(wish)
    assert reply.text.startswith(said)
    assert "\n" not in reply.text
