"""The bot's home as a person sees it: what is watched, the summaries, the lists, what was asked; set and ended from there."""

from pathlib import Path

import pytest

from bot.records import PUBLIC
from bot.store import watches
from tests.fakes import Fault, View
from tests.files import SMALL
from tests.slackside import KNOWN, Bot, execute

DALIAN = "Dalian Machine Tool"


def opened(bot: Bot, user: str = "U1") -> View:
    """The home of somebody who opens it now."""
    bot.tell(bot.people.opens_home(user))
    home = bot.slack.home(user)
    assert home is not None
    return home


def rows(home: View) -> list[str]:
    """What stands beside buttons."""
    return [block["text"]["text"] for block in home.content["blocks"] if block["type"] == "section"]


def values(home: View) -> list[str]:
    return [block["accessory"]["value"] for block in home.content["blocks"] if block["type"] == "section"]


def shown(bot: Bot, begins: str) -> bool:
    """Whether U1's home is shown anew before long, with something in it that begins so; "" for nothing."""
    home = bot.slack.home("U1")
    assert home is not None
    return bot.slack.wait_for(lambda: any(row.startswith(begins) for row in rows(home)) if begins else not rows(home))


def filled(bot: Bot, action: str, **fields: str) -> None:
    """Opens a form from the home, fills it in and sends it off."""
    bot.press(opened(bot), action)
    bot.tell(bot.people.submits(bot.slack.views[-1], **fields))


def test_an_empty_home_says_how_to_begin(each_bot: Bot) -> None:
    home = opened(each_bot)
    assert "Nothing yet" in home.text
    assert "/exposure daily" in home.text
    assert "Lists: no official list is loaded" in home.text
    assert rows(home) == []


def test_opening_the_messages_shows_no_home(bot: Bot) -> None:
    bot.tell(bot.people.opens_home(tab="messages"))
    assert bot.slack.home("U1") is None


def test_mine_comes_first_then_my_channels_with_how_each_stands(bot: Bot) -> None:
    bot.command(f"watch {DALIAN}")
    bot.command("watch Zhonghe Lens Works for me")
    home = opened(bot)
    first, second = rows(home)
    assert first.startswith("“Zhonghe Lens Works”\n")
    assert second.startswith(f"{DALIAN}\n")
    assert "General Technology Group Dalian Machine Tool Co., Ltd: LISTED" in second
    assert "'channel_id': 'C1'" in home.text


def test_what_others_watch_where_i_never_asked_is_not_shown(fresh_bot: Bot) -> None:
    fresh_bot.command(f"watch {DALIAN}", user="U2")
    fresh_bot.command("watch Zhonghe Lens Works for me", user="U2")
    assert rows(opened(fresh_bot)) == []
    fresh_bot.command("is Hikvision flagged?")
    assert len(rows(opened(fresh_bot))) == 1


def test_summaries_are_shown_with_when_the_next_comes(bot: Bot) -> None:
    bot.command("daily 09:00 Europe/London")
    assert "09:00 Europe/London; the next 2026-11-24 at 09:00" in opened(bot).text


def test_a_paused_summary_and_a_paused_watch_say_so(bot: Bot) -> None:
    bot.command("daily 09:00")
    bot.command(f"watch {DALIAN}")
    execute(
        bot.running.database, "UPDATE subscription SET paused_at = '2026-11-23 10:00:00', paused_why = 'is_archived'"
    )
    with bot.running.database.writing() as session:
        watches.pause(session, "T1", "C1", bot.watch(), "is_archived")
    assert opened(bot).text.count("PAUSED since 2026-11-23: is archived") == 2


def test_what_i_asked_lately_is_there_with_its_receipt_and_nobody_elses(each_bot: Bot) -> None:
    each_bot.command(KNOWN)
    each_bot.command("is Hikvision flagged?", user="U2")
    home = opened(each_bot)
    ((receipt,),) = each_bot.rows("SELECT id FROM receipt WHERE number = 1")
    assert f"{KNOWN} — " in home.text
    assert receipt in home.text
    assert "Hikvision" not in home.text


def test_a_button_ends_a_watch_and_the_home_shows_that(each_bot: Bot) -> None:
    each_bot.command(f"watch {DALIAN} for me")
    home = opened(each_bot)
    assert each_bot.press(home, "unwatch", values(home)[0]) == []
    assert shown(each_bot, "")
    assert "Nothing yet" in home.text


def test_a_channel_hears_what_was_ended_from_a_home(bot: Bot) -> None:
    bot.command(f"watch {DALIAN}")
    home = opened(bot)
    (said,) = bot.press(home, "unwatch", values(home)[0])
    assert (said.channel, said.ephemeral_to) == ("C1", "")
    assert shown(bot, "")


def test_a_forged_id_is_refused_in_a_direct_message(bot: Bot) -> None:
    bot.command(f"watch {DALIAN} for me")
    note = bot.people.press(opened(bot), "unwatch")
    note.payload["actions"][0]["value"] = "w-0000"
    (said,) = bot.tell(note)
    assert "no such watch" in said.text


def test_something_is_watched_from_the_home_and_the_home_shows_it(each_bot: Bot) -> None:
    filled(each_bot, "home_watch", what=DALIAN)
    assert shown(each_bot, f"{DALIAN}\n")
    assert each_bot.slack.messages[-1].channel == "D1"


def test_a_channel_can_be_chosen_and_hears_of_it(bot: Bot) -> None:
    filled(bot, "home_watch", what=DALIAN, channel="C1")
    assert bot.slack.in_channel("C1")[-1].text.startswith(f"Watching {DALIAN}")


def test_a_portfolio_is_watched_from_the_home(bot: Bot) -> None:
    filled(bot, "home_portfolio", name="Few", text="Acme Optics\nAcme Lenses")
    assert shown(bot, "The portfolio Few (2 names)\n")


def test_the_export_is_there_once_something_is_watched(bot: Bot) -> None:
    assert "watch_export" not in opened(bot).text
    bot.command(f"watch {DALIAN} for me")
    (said,) = bot.press(opened(bot), "watch_export")
    assert said.channel == "D1"


def test_hundreds_of_watches_keep_within_slacks_limits(fresh_bot: Bot) -> None:
    text = "\n".join(f"Acme {number} Optical Trading" for number in range(120))
    fresh_bot.tell(fresh_bot.people.submits(form(fresh_bot), name="Many", text=text))
    for number in range(45):
        fresh_bot.send(fresh_bot.people.command(f"watch Acme {number} Optical Trading for me"))
        fresh_bot.send(fresh_bot.people.command(f"watch Acme {number} Precision Lenses"))
    fresh_bot.rest()
    home = opened(fresh_bot)
    assert len(home.content["blocks"]) <= 100
    assert "… and 25 more" in home.text


def form(bot: Bot) -> View:
    bot.tell(bot.people.command("watch portfolio"))
    return bot.slack.views[-1]


def test_records_of_the_workspace_are_told_in_its_homes(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, SMALL, "T1")
    fresh_bot.command("watch Acme Optics for me")
    assert "NAMED IN REPORTING" in rows(opened(fresh_bot))[0]


@pytest.mark.parametrize("fault", [Fault.error(500), Fault.rate_limited(1), Fault.refusal("not_enabled")])
def test_a_home_that_slack_does_not_take_is_there_the_next_time(bot: Bot, fault: Fault) -> None:
    bot.slack.next("views.publish", fault)
    bot.tell(bot.people.opens_home())
    assert "Nothing yet" in opened(bot).text


def test_what_is_loaded_shows_in_the_home_when_it_is_opened_again(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.command("watch Acme Optics for me")
    fresh_bot.load(tmp_path, SMALL, PUBLIC)
    assert len(rows(opened(fresh_bot))) == 1
