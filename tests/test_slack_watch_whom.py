"""Whom people mean by what they want watched in Slack: asked back where that is open, told where it is somebody alike."""

import pytest

from tests.fakes import Posted
from tests.slackside import Bot, buttons

NEAR = "Hikvision Optics"
"""A name that is like a stored one, and is not it."""


def watched(bot: Bot) -> list[tuple[str, str]]:
    """What is watched: kind and label."""
    return bot.rows("SELECT kind, label FROM watch WHERE ended_at IS NULL ORDER BY label")


def press(bot: Bot, where: Posted, action: str) -> Posted:
    (reply,) = bot.press(where, action, buttons(where)[action])
    return reply


@pytest.mark.parametrize("way", ["command", "mention"])
def test_of_several_names_each_has_a_button(bot: Bot, way: str) -> None:
    asked = getattr(bot, way)("watch Hikvision, Dalian Machine Tool")
    assert asked.text.startswith("“Hikvision, Dalian Machine Tool” is several names — please choose")
    assert watched(bot) == []
    press(bot, asked, "watch_choose_1")
    press(bot, asked, "watch_choose_2")
    assert watched(bot) == [("entity", "Dalian Machine Tool"), ("entity", "Hikvision")]


def test_or_all_of_it_is_one_name(bot: Bot) -> None:
    asked = bot.direct("watch Zhonghe Lens Works and Kunlun Optics")
    press(bot, asked, "watch_choose_0")
    assert watched(bot) == [("name", "Zhonghe Lens Works and Kunlun Optics")]


@pytest.mark.parametrize("name", ["Acme Trading and Supply Co", "Foo Co., Ltd"])
def test_one_firm_is_watched_whatever_is_in_its_name(bot: Bot, name: str) -> None:
    assert bot.direct(f"watch {name}").text.startswith(f"Watching “{name}”, a name that nobody on record bears today")
    assert watched(bot) == [("name", name)]


def test_whoever_is_only_alike_is_offered_beside_the_name(bot: Bot) -> None:
    asked = bot.direct(f"watch {NEAR}")
    assert asked.text.startswith(f"Nobody on record is called quite “{NEAR}” — please choose")
    assert "likeness 0." in asked.text
    assert watched(bot) == []
    assert press(bot, asked, "watch_choose_1").text.startswith("Watching Hangzhou Hikvision Digital")
    said = press(bot, asked, "watch_choose_0").text
    assert said.startswith(f"Watching “{NEAR}”\n")
    assert "nobody on record is called quite so. The nearest is Hangzhou Hikvision Digital" in said
    assert [kind for kind, _ in watched(bot)] == ["entity", "name"]


def test_what_is_said_to_be_a_name_stays_one(bot: Bot) -> None:
    assert "nobody on record is called quite so" in bot.direct(f'watch "{NEAR}"').text
    assert watched(bot) == [("name", NEAR)]


def test_the_list_tells_whose_the_standing_is(fresh_bot: Bot) -> None:
    fresh_bot.direct("watch Hikvision")
    assert "Hikvision — Hangzhou Hikvision Digital Technology Co., Ltd.: " in fresh_bot.direct("what is watched?").text


def test_a_watch_is_ended_by_any_name_of_whom_it_is_on(bot: Bot) -> None:
    bot.direct("watch Hikvison")
    assert watched(bot) == [("entity", "Hikvison")]
    assert bot.direct("unwatch Hikvision").text.startswith("No longer watched: Hikvison")
    assert watched(bot) == []


def test_what_is_no_name_is_refused_before_anybody_hears_of_it(bot: Bot) -> None:
    said = bot.command("watch everything")
    assert (said.ephemeral_to, said.text[:12]) == ("U1", "“everything”")
    assert watched(bot) == []
