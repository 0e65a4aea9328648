"""Summaries as a channel sets and gets them, through the command, the clock and the sender."""

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from bot import intake
from bot.records import PUBLIC
from bot.store.database import Database, lock
from tests.fakes import Fault
from tests.files import SMALL, many_claims, write
from tests.slackside import Bot, execute, seen

DAY = timedelta(days=1).total_seconds()


def post(bot: Bot) -> tuple[list[str], bool]:
    """The clock looks once, and what waits is sent."""
    done = bot.running.post_daily()
    bot.rest()
    return done


def first_lines(bot: Bot) -> list[str]:
    return seen(*bot.slack.in_channel("C1"))


def test_setting_it_is_said_to_all_and_the_next_day_is_told_once(each_bot: Bot, tmp_path: Path) -> None:
    notice = each_bot.command("daily 09:00 Europe/London")
    assert (notice.ephemeral_to, notice.text.partition("\n")[0]) == ("", "Daily summary at 09:00, Europe/London")
    each_bot.load(tmp_path, SMALL, PUBLIC)
    each_bot.later(DAY)
    keys, went_well = post(each_bot)
    assert (len(keys), went_well) == (1, True)
    assert post(each_bot) == ([], True)
    assert "1 newly named" in first_lines(each_bot)[1]


def test_a_fortnight_with_a_restart_each_day_tells_each_day_once(each_bot: Bot) -> None:
    each_bot.slack.pace = None
    each_bot.command("daily 09:00 Europe/London line")
    for _ in range(14):
        each_bot.later(DAY)
        each_bot.restart()
        post(each_bot)
        post(each_bot)
    assert len(first_lines(each_bot)) == 15
    days = each_bot.rows("SELECT key FROM outbox WHERE key LIKE 'daily:%'")
    assert len(set(days)) == 14


@pytest.mark.parametrize("fault", [Fault.rate_limited(1), Fault.drop_before(), Fault.refusal("invalid_auth")])
def test_the_thread_waits_for_a_first_message_that_is_late(fresh_bot: Bot, tmp_path: Path, fault: Fault) -> None:
    fresh_bot.command("daily 09:00")
    fresh_bot.slack.scopes = (*fresh_bot.slack.scopes, "channels:history")
    fresh_bot.load(tmp_path, many_claims(40), PUBLIC)
    fresh_bot.later(DAY)
    fresh_bot.slack.pace = None
    fresh_bot.slack.next("chat.postMessage", fault)
    post(fresh_bot)
    _, parent, *thread = fresh_bot.slack.in_channel("C1")
    assert thread
    assert {one.thread_ts for one in thread} == {parent.ts}


def test_what_may_have_been_posted_is_not_posted_again(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 line")
    fresh_bot.later(DAY)
    fresh_bot.slack.next("chat.postMessage", Fault.drop_after())
    post(fresh_bot)
    assert len(first_lines(fresh_bot)) == 2
    assert fresh_bot.rows("SELECT state FROM outbox WHERE key LIKE 'daily:%'") == [("unsettled",)]


def test_where_the_bot_is_not_it_is_not_set(fresh_bot: Bot) -> None:
    fresh_bot.slack.remove("C1")
    reply = fresh_bot.command("daily 09:00")
    assert reply.ephemeral_to == "U1"
    assert "/invite" in reply.text
    assert "is off here" in fresh_bot.command("daily status").text


def test_after_another_time_on_the_same_day_the_next_is_tomorrow(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 UTC line")
    fresh_bot.later(DAY)
    post(fresh_bot)
    today = fresh_bot.watch().date()
    notice = fresh_bot.command("daily 23:59 UTC line")
    assert f"The next comes {today + timedelta(days=1)} at 23:59" in notice.text
    fresh_bot.later(DAY / 2)
    assert post(fresh_bot) == ([], True)


@pytest.mark.parametrize("what", ["daily", "daily status", "daily preview"])
def test_a_zone_that_is_known_no_more_is_said_and_how_to_set_another(fresh_bot: Bot, what: str) -> None:
    fresh_bot.command("daily 09:00 UTC line")
    execute(fresh_bot.running.database, "UPDATE subscription SET zone = 'Europe/Atlantis'")
    reply = fresh_bot.command(what)
    assert reply.ephemeral_to == "U1"
    assert "Europe/Atlantis, and I do not know that time zone any more" in reply.text
    assert "/exposure daily 09:00 Europe/London" in reply.text


@pytest.mark.parametrize("what", ["daily 09:00 Europe/London", "daily off", "daily off please"])
def test_where_a_zone_is_known_no_more_it_can_be_set_anew_or_off(fresh_bot: Bot, what: str) -> None:
    fresh_bot.command("daily 09:00 UTC line")
    execute(fresh_bot.running.database, "UPDATE subscription SET zone = 'Europe/Atlantis'")
    fresh_bot.command(what)
    assert "Atlantis" not in fresh_bot.command("daily status").text


def test_switching_it_off_is_said_to_all_and_nothing_comes(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 line")
    assert fresh_bot.command("daily off please").ephemeral_to == ""
    assert fresh_bot.command("daily off").ephemeral_to == "U1"
    fresh_bot.later(DAY)
    assert post(fresh_bot) == ([], True)


def test_a_preview_is_what_would_be_posted_and_nothing_counts_as_told(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.command("daily 09:00")
    fresh_bot.load(tmp_path, many_claims(40), PUBLIC)
    fresh_bot.later(DAY)
    previews = [fresh_bot.command("daily preview") for _ in range(2)]
    assert {one.ephemeral_to for one in previews} == {"U1"}
    assert previews[0].text == previews[1].text
    assert "Receipt" not in previews[0].text
    post(fresh_bot)
    _, parent, *thread = [one for one in fresh_bot.slack.in_channel("C1") if not one.ephemeral_to]
    assert seen(parent) == seen(previews[0])
    assert f"{len(thread) - 1} more messages would follow in its thread, and a table of everything" in previews[0].text


def test_a_preview_where_none_is_set_says_how_to_set_it(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, SMALL, PUBLIC)
    preview = fresh_bot.command("weekly preview")
    assert preview.ephemeral_to == "U1"
    assert "sells lenses" in preview.text
    assert "There is none here yet. To start one: /exposure weekly monday 09:00" in preview.text


def test_a_weekly_summary_is_set_beside_the_daily_one(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 line")
    assert "Weekly summary at 08:00" in fresh_bot.command("weekly tuesday 8:00 utc line").text
    fresh_bot.later(DAY)
    keys, went_well = post(fresh_bot)
    assert (sorted(keys), went_well) == (["daily:T1:C1:2026-11-24", "weekly:T1:C1:2026-11-24"], True)
    fresh_bot.command("weekly off")
    assert "is off here" in fresh_bot.command("weekly status").text
    assert "Daily summary is on" in fresh_bot.command("daily status").text


def test_what_it_tells_of_is_said_in_words(bot: Bot) -> None:
    notice = bot.command("daily 9 weekdays list sdn, entity list country china")
    assert "Monday to Friday, with sources, what became known since the last one on the SDN list or the " in notice.text


def test_a_persons_own_summary_comes_in_the_direct_conversation(fresh_bot: Bot) -> None:
    assert "for you alone" in fresh_bot.direct("daily 09:00 line").text
    fresh_bot.later(DAY)
    assert post(fresh_bot) == (["daily:T1:U1:2026-11-24"], True)
    assert "is on: 09:00" in fresh_bot.direct("daily status").text
    assert "No more daily summary here" in fresh_bot.direct("daily off").text
    assert "is off here" in fresh_bot.command("daily status").text


def test_where_it_cannot_be_posted_its_owner_hears_once_and_a_mention_has_it_come(
    fresh_bot: Bot, tmp_path: Path
) -> None:
    fresh_bot.command("daily 09:00")
    fresh_bot.load(tmp_path, SMALL, PUBLIC)
    fresh_bot.slack.remove("C1")
    for _ in range(3):
        fresh_bot.later(DAY)
        assert post(fresh_bot)[1] is False
    told = [one for one in fresh_bot.slack.messages if one.text.startswith("Paused:")]
    assert len(told) == 1
    assert "is paused: 09:00" in fresh_bot.command("daily status").text
    fresh_bot.slack.invite("C1")
    fresh_bot.mention("is Hikvision flagged?")
    post(fresh_bot)
    assert "1 newly named" in first_lines(fresh_bot)[-1]
    assert "is on: 09:00" in fresh_bot.command("daily status").text


def test_the_next_one_says_of_which_day_nobody_knows_whether_it_came(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.command("daily 09:00 line")
    fresh_bot.later(DAY)
    fresh_bot.slack.next("chat.postMessage", Fault.drop_after())
    post(fresh_bot)
    fresh_bot.load(tmp_path, SMALL, PUBLIC)
    fresh_bot.later(DAY)
    post(fresh_bot)
    assert "The summary of 2026-11-24 may not have arrived." in fresh_bot.slack.messages[-1].text


@pytest.mark.parametrize("wish", ["daily London 9:00", "daily every day at 9", "daily 9am", "Daily 09:00 please"])
def test_a_time_is_read_however_it_is_wished(bot: Bot, wish: str) -> None:
    assert "Daily summary at 09:00" in bot.command(wish).text


@pytest.mark.parametrize("question", ["Daily Mail", "is the Daily 3M flagged?"])
def test_what_only_sounds_like_it_is_a_question(bot: Bot, question: str) -> None:
    assert "NO RECORD" in bot.command(question).text


def test_who_wishes_it_by_message_hears_of_the_command(bot: Bot) -> None:
    assert "/exposure daily 09:00" in bot.mention("daily 09:00").text


def test_that_slack_does_not_tell_who_reads_along_is_said_with_the_first_thing_that_is_set_in_a_channel(
    bot: Bot,
) -> None:
    said = [
        bot.command(text) for text in ("watch Acme Optics", "watch Acme Lenses", "daily 09:00", "weekly monday 9am")
    ]
    assert ["Until somebody mentions me" in one.text for one in said] == [True, False, False, False]


def test_private_records_are_told_once_it_is_known_that_only_colleagues_read(fresh_bot: Bot, tmp_path: Path) -> None:
    assert "Until somebody mentions me" in fresh_bot.command("daily 09:00 line").text
    fresh_bot.load(tmp_path, SMALL, "T1")
    fresh_bot.later(DAY)
    post(fresh_bot)
    assert "0 changes" in first_lines(fresh_bot)[-1]
    fresh_bot.mention("is Hikvision flagged?")
    fresh_bot.load(tmp_path, SMALL.replace("2026-11-20", "2026-11-21").replace("lenses used", "lenses made"), "T1")
    fresh_bot.later(DAY)
    post(fresh_bot)
    assert "lenses made" in fresh_bot.slack.messages[-1].text


def test_what_is_being_loaded_while_a_summary_is_made_is_told(each_bot: Bot, tmp_path: Path) -> None:
    each_bot.command("daily 09:00 line")
    each_bot.later(DAY)
    (records,) = intake.read_claims([write(tmp_path, SMALL)])
    begun = threading.Event()

    def load() -> None:
        with Database(each_bot.url) as database, database.writing() as session:
            lock(session, "records")
            at = each_bot.watch()
            begun.set()
            time.sleep(0.3)
            intake.load(session, records, PUBLIC, at)

    loading = threading.Thread(target=load)
    loading.start()
    begun.wait()
    post(each_bot)
    loading.join()
    each_bot.later(DAY)
    post(each_bot)
    assert sum("sells lenses" in one.text for one in each_bot.slack.messages) == 1


def test_another_workspaces_summaries_are_not_ours_to_post(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 line")
    execute(fresh_bot.running.database, "UPDATE subscription SET workspace = 'T2'")
    fresh_bot.later(DAY)
    assert post(fresh_bot) == ([], True)


def test_a_summary_that_cannot_be_posted_is_not_called_done(fresh_bot: Bot) -> None:
    fresh_bot.command("daily 09:00 line")
    fresh_bot.later(DAY)
    fresh_bot.slack.remove("C1")
    assert post(fresh_bot) == ([], False)
