"""Watching as people do it in Slack: by command, mention, direct message, button and form; listed, ended, exported."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reply import Words
from bot.store import watches
from bot.watchdesk import wish
from tests.conftest import NOW
from tests.fakes import FakeSlack, Posted, View
from tests.files import SMALL
from tests.slackside import KNOWN, TWO, Bot, buttons, execute

DALIAN = "watch Dalian Machine Tool"
NEW = "Zhonghe Lens Works"
"""A name that is on no record."""


def watched(bot: Bot) -> list[tuple[str, str, str, str]]:
    """What is watched: kind, label, channel, person."""
    return bot.rows('SELECT kind, label, channel, "user" FROM watch WHERE ended_at IS NULL ORDER BY set_at, label')


def press(bot: Bot, where: Posted | View, action: str, **more: str) -> Posted:
    (reply,) = bot.press(where, action, buttons(where)[action], **more)
    return reply


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Watch list", "list"),
        ("watch export", "export"),
        ("watch portfolio", "portfolio"),
        ("watch ?", "list"),
        ("watch ,", "add"),
        ("watch list SDN", "add"),
        ("watch The List Company", "add"),
        ("tell me when Acme Optics appears", "add"),
        ("stop watching it", "end"),
        ('watch "??"', "add"),
        ("is Watch Ltd flagged?", ""),
    ],
)
def test_what_is_wanted_of_the_watches_is_told_by_the_words(said: str, wanted: str) -> None:
    assert wish(said)[0] == wanted


# For a channel


def test_a_channels_watch_is_said_to_all_with_how_it_stands_and_how_to_stop(each_bot: Bot) -> None:
    notice = each_bot.command(DALIAN)
    assert (notice.ephemeral_to, notice.via) == ("", "chat.postMessage")
    assert notice.text.startswith("Watching Dalian Machine Tool")
    for told in ("Today: ", "@u1 set it", "Alerts come here", "/exposure unwatch Dalian Machine Tool"):
        assert told in notice.text
    ((kind, _, channel, user),) = watched(each_bot)
    assert (kind, channel, user) == ("entity", "C1", "")


def test_a_mention_is_answered_in_its_thread(bot: Bot) -> None:
    reply = bot.mention(DALIAN)
    assert reply.thread_ts
    assert reply.text.startswith("Watching Dalian Machine Tool")
    assert [row[2:] for row in watched(bot)] == [("C1", "")]


def test_what_is_watched_already_is_one_watch_and_only_the_asker_hears_that(bot: Bot) -> None:
    bot.command(DALIAN)
    again = bot.command(DALIAN, user="U2")
    assert again.ephemeral_to == "U2"
    assert again.text.startswith("Already watched")
    assert len(watched(bot)) == 1


def test_where_the_bot_is_not_it_is_watched_for_the_asker_alone(fresh_bot: Bot) -> None:
    fresh_bot.slack.remove("C1")
    reply = fresh_bot.command(DALIAN)
    assert reply.ephemeral_to == "U1"
    assert "/invite @Flagpost" in reply.text
    assert [row[2:] for row in watched(fresh_bot)] == [("", "U1")]


def test_only_public_records_are_told_where_outsiders_read_along(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, SMALL, "T1")
    assert "NO RECORD" in fresh_bot.mention("watch Acme Optics", shared=True).text
    assert "NO RECORD" not in fresh_bot.command("watch Acme Optics for me").text


def test_what_outsiders_may_not_hear_of_is_watched_by_a_press_for_the_asker_alone(
    fresh_bot: Bot, tmp_path: Path
) -> None:
    fresh_bot.load(tmp_path, SMALL, "T1")
    reply = press(fresh_bot, fresh_bot.command("is Acme Optics flagged?"), "watch_1")
    assert reply.ephemeral_to == "U1"
    assert "only your workspace may see" in reply.text
    fresh_bot.mention("is Hikvision flagged?")
    assert press(fresh_bot, fresh_bot.command("is Acme Optics flagged?"), "watch_1").ephemeral_to == ""


# For one person


def test_for_me_is_between_us(bot: Bot) -> None:
    reply = bot.command(f"{DALIAN} for me")
    assert reply.ephemeral_to == "U1"
    assert "as a direct message" in reply.text
    assert [row[2:] for row in watched(bot)] == [("", "U1")]


@pytest.mark.parametrize("said", [DALIAN, "tell me when Dalian Machine Tool changes", "Watch: Dalian Machine Tool"])
def test_in_a_direct_message_it_is_for_the_person(bot: Bot, said: str) -> None:
    assert bot.direct(said).text.startswith("Watching Dalian Machine Tool")
    assert [row[2:] for row in watched(bot)] == [("", "U1")]


def test_a_name_on_no_record_is_watched_until_it_appears_and_what_it_is_not_is_told(bot: Bot) -> None:
    reply = bot.command(f"watch {NEW}")
    assert "NO RECORD in" in reply.text
    assert "not a clearance" in reply.text
    assert "watched until it appears" in reply.text
    assert watched(bot)[0][:2] == ("name", NEW)


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("watch list SDN China", "list", "when an entry is added, changed or removed"),
        ("watch list UN", "list", "Not loaded: the official file of the UN list"),
        ("watch SDN", "list", "Not loaded: the official file of the SDN list"),
        ("watch topic nitrocellulose", "topic", "stored claim"),
    ],
)
def test_lists_and_topics_are_watched_too(bot: Bot, said: str, kind: str, told: str) -> None:
    assert told in bot.command(said).text
    assert watched(bot)[0][0] == kind


def test_a_wish_that_names_nothing_hears_how_it_is_said(bot: Bot) -> None:
    assert "Say what to watch" in bot.command('watch "??"').text
    assert watched(bot) == []


# Who is meant


def test_of_several_one_is_chosen_and_a_second_press_changes_nothing(each_bot: Bot) -> None:
    asked = each_bot.command("watch iRay")
    assert asked.ephemeral_to == "U1"
    assert asked.text.startswith("POSSIBLE MATCH")
    assert watched(each_bot) == []
    assert press(each_bot, asked, "watch_choose_1").text.startswith("Watching")
    assert press(each_bot, asked, "watch_choose_1").text.startswith("Already watched")
    assert [row[2:] for row in watched(each_bot)] == [("C1", "")]


def test_just_the_name_can_be_watched_where_several_are_meant(bot: Bot) -> None:
    press(bot, bot.command("watch iRay for me"), "watch_choose_0")
    assert watched(bot) == [("name", "iRay", "", "U1")]


# From an answer


def test_an_answer_is_watched_by_one_press_and_that_is_undone_by_another(bot: Bot) -> None:
    notice = press(bot, bot.command(KNOWN), "watch_1")
    assert notice.ephemeral_to == ""
    assert [row[0] for row in watched(bot)] == ["entity"]
    assert press(bot, notice, "unwatch").text.startswith("No longer watched")
    assert watched(bot) == []


def test_a_public_answer_is_watched_in_its_thread(bot: Bot) -> None:
    answer = bot.mention(KNOWN)
    assert press(bot, answer, "watch_1").thread_ts == answer.thread_ts


def test_of_several_answers_each_has_its_button(bot: Bot) -> None:
    answer = bot.command("is Dalian Machine Tool flagged? and Hikvision?")
    labels = [one["text"]["text"] for block in answer.blocks for one in block.get("elements", []) if "action_id" in one]
    assert len([label for label in labels if label.startswith("Watch ")]) == 2


def test_who_is_not_settled_has_no_button_before_he_is_chosen(bot: Bot) -> None:
    asked = bot.command(TWO)
    assert "watch_1" not in buttons(asked)
    bot.press(asked, "choose_0_1")
    assert "watch_1" in buttons(asked)


def test_an_answer_about_nobody_on_record_offers_the_name(bot: Bot) -> None:
    press(bot, bot.direct(f"is {NEW} flagged?"), "watch_1")
    assert watched(bot) == [("name", NEW, "", "U1")]


@pytest.mark.parametrize("way", ["command", "mention"])
def test_it_is_whoever_was_talked_of_before(bot: Bot, way: str) -> None:
    answer = getattr(bot, way)(KNOWN)
    getattr(bot, way)("watch it", **({"thread": answer.thread_ts} if answer.thread_ts else {}))
    assert [row[0] for row in watched(bot)] == ["entity"]


# Who may


@pytest.fixture
def strict_bot(quick_url: str, slack: FakeSlack, phrases: Words, brisk: None) -> Iterator[Bot]:
    """One where only U9 watches for channels."""
    with Bot(slack, quick_url, NOW, phrases, channel_watchers=("U9",)) as one:
        yield one


def test_who_may_not_watch_for_a_channel_watches_for_himself(strict_bot: Bot) -> None:
    reply = strict_bot.command(DALIAN)
    assert reply.ephemeral_to == "U1"
    assert "for you alone" in reply.text
    strict_bot.command(DALIAN, user="U9")
    assert [row[2:] for row in watched(strict_bot)] == [("", "U1"), ("C1", "")]


def test_who_may_not_hears_so_where_he_insists(strict_bot: Bot) -> None:
    assert "Only some people" in strict_bot.command(f"{DALIAN} here").text
    assert watched(strict_bot) == []


def test_who_may_not_does_not_end_a_channels_watch(strict_bot: Bot) -> None:
    notice = strict_bot.command(DALIAN, user="U9")
    assert "Only some people" in press(strict_bot, notice, "unwatch").text
    assert len(watched(strict_bot)) == 1


# No longer


def test_ending_a_channels_watch_is_said_to_all_once(bot: Bot) -> None:
    notice = bot.command(DALIAN)
    assert bot.command("unwatch dalian machine tool", user="U2").ephemeral_to == ""
    late = press(bot, notice, "unwatch")
    assert (late.ephemeral_to, late.text) == ("U1", "It was watched no longer")


def test_somebody_elses_watch_is_not_mine_to_end(bot: Bot) -> None:
    bot.command(f"{DALIAN} for me", user="U2")
    (id,) = bot.rows("SELECT id FROM watch WHERE ended_at IS NULL")[0]
    mine = bot.command(f"watch {NEW} for me")
    forged = bot.people.press(mine, "unwatch", buttons(mine)["unwatch"])
    forged.payload["actions"][0]["value"] = id
    (reply,) = bot.tell(forged)
    assert "no such watch" in reply.text
    assert len(watched(bot)) == 2


def test_a_forged_id_of_another_workspace_does_nothing(fresh_bot: Bot) -> None:
    notice = fresh_bot.command(DALIAN)
    execute(fresh_bot.running.database, "UPDATE watch SET workspace = 'T2'")
    assert "no such watch" in press(fresh_bot, notice, "unwatch").text
    assert len(watched(fresh_bot)) == 1


def test_what_is_not_watched_is_not_ended_and_what_is_is_told(bot: Bot) -> None:
    bot.command(DALIAN)
    assert "Dalian Machine Tool" in bot.command("unwatch Hikvision").text
    assert len(watched(bot)) == 1


# All there is


def test_where_nothing_is_watched_the_list_says_how_to_begin(bot: Bot) -> None:
    assert bot.command("watch").text.startswith("Nothing is watched here yet")
    assert bot.direct("watch list").text.startswith("Nothing is watched for you yet")


def test_the_list_tells_how_each_stands_and_what_is_paused(fresh_bot: Bot) -> None:
    fresh_bot.command(DALIAN)
    fresh_bot.command(f"watch {NEW} for me")
    with fresh_bot.running.database.writing() as session:
        watches.pause(session, "T1", "U1", fresh_bot.watch(), "user_disabled")
    said = fresh_bot.command("watch list")
    assert said.ephemeral_to == "U1"
    assert "This channel watches 1 thing" in said.text
    assert "LISTED" in said.text
    assert "PAUSED since 2026-11-23: user disabled" in said.text
    rows = [block for block in said.blocks if block["type"] == "section"]
    assert [row["accessory"]["action_id"] for row in rows] == ["unwatch", "unwatch"]


def test_in_public_only_the_channels_watches_are_listed(bot: Bot) -> None:
    bot.command(f"watch {NEW} for me")
    assert NEW not in bot.mention("watch").text


def test_a_long_list_has_no_buttons_and_says_how_many_more_there_are(bot: Bot) -> None:
    for number in range(60):
        bot.send(bot.people.command(f"watch Acme {number} Optical Trading for me"))
    bot.rest()
    said = bot.command("watch list")
    assert "You watch 60 things" in said.text
    assert "more: see the export" in said.text
    assert "unwatch" not in buttons(said)
