"""Whatever Slack delivers is done once: repeats, edits, crashes at each step, databases that are away."""

import re
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.lookup import Asking
from bot.mail import Place, Taken
from bot.office import letter
from bot.reply import TEMPLATES, Words
from bot.slack import Slack
from bot.store import inbox, outbox
from tests.conftest import NOW
from tests.fakes import FakeSlack, Fault, Posted
from tests.slackside import KNOWN, TWO, Bot, Log, execute, locked, seen

MINUTE = timedelta(minutes=1)


def test_a_repeated_delivery_is_answered_once(each_bot: Bot) -> None:
    note = each_bot.people.mention("C1", KNOWN)
    assert len(each_bot.tell(note, note, note)) == 1
    assert each_bot.tell(note, retry=1) == []


def test_an_edited_mention_is_answered_once(each_bot: Bot) -> None:
    note = each_bot.people.mention("C1", KNOWN)
    assert len(each_bot.tell(note, each_bot.people.edited(note, TWO))) == 1
    assert each_bot.tell(each_bot.people.edited(note, "is Hikvision flagged?")) == []


def test_deliveries_at_the_same_moment_are_answered_once(each_bot: Bot) -> None:
    notes = [each_bot.people.mention("C1", KNOWN), each_bot.people.command(KNOWN), each_bot.people.direct(KNOWN)]
    threads = [threading.Thread(target=each_bot.send, args=(note,)) for note in notes * 5]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    each_bot.rest()
    assert len(each_bot.slack.messages) == 3


def test_the_same_command_typed_again_is_answered_again(bot: Bot) -> None:
    assert len(bot.tell(bot.people.command(KNOWN), bot.people.command(KNOWN))) == 2


def test_the_same_number_in_two_channels_is_two_messages(bot: Bot) -> None:
    bot.slack.invite("C2")
    first, second = bot.people.mention("C1", KNOWN), bot.people.mention("C2", KNOWN)
    bot.slack.user_says("C2", KNOWN)
    second.payload["event"]["ts"] = first.payload["event"]["ts"]
    bot.send(first, second)
    bot.slack.wait_for(lambda: len(bot.rows("SELECT key FROM outbox")) == 2)


def test_what_was_said_is_erased_when_it_is_done(each_bot: Bot) -> None:
    asked = each_bot.command(TWO)
    each_bot.press(asked, "choose_0_1")
    each_bot.press(asked, "sources")
    each_bot.press(asked, "share")
    each_bot.mention(KNOWN)
    assert each_bot.rows("SELECT count(*), count(payload), count(done_at) FROM inbox") == [(5, 0, 5)]
    assert each_bot.rows("SELECT count(payload), max(response_url), max(state) FROM outbox") == [(0, "", "sent")]


# What a process that died left behind: each step does what the one before does, and one thing more.


def kept(bot: Bot) -> Taken:
    """Accepted by the door, done by nobody."""
    bot.send(bot.people.direct(KNOWN))
    return Taken(1, "direct", {}, NOW, 0)


def taken(bot: Bot) -> Taken:
    kept(bot)
    with bot.running.database.writing() as session:
        found = inbox.take(session, "died", NOW, NOW + MINUTE)
    assert found is not None
    return found


def looked_up(bot: Bot) -> Taken:
    """With the receipt kept that goes into the answer."""
    item = taken(bot)
    bot.running.office.desk.ask(Asking(KNOWN, "T1", NOW))
    return item


def reserved(bot: Bot) -> Taken:
    item = looked_up(bot)
    message = bot.running.office.desk.words.message("late")
    one = letter(Place("T1", "D1", "U1"), message, f"reply:{item.number}", {})
    with bot.running.database.writing() as session:
        outbox.reserve(session, one, NOW)
        inbox.done(session, item.number, NOW)
    return item


def being_sent(bot: Bot) -> Taken:
    item = reserved(bot)
    with bot.running.database.writing() as session:
        outbox.claim(session, NOW, NOW + MINUTE, 1, ["T1"])
    return item


def sent(bot: Bot) -> Taken:
    """Slack has taken it, and nobody noted that."""
    item = being_sent(bot)
    payload = {"channel": "D1", "text": "Slack gave up waiting"}
    assert bot.running.office.slack("T1").post(f"reply:{item.number}", payload).state == "sent"
    return item


STEPS = (kept, taken, looked_up, reserved, being_sent, sent)


@pytest.mark.parametrize("step", STEPS)
def test_what_a_process_left_at_any_step_is_finished_by_the_next_once(
    url: str, slack: FakeSlack, phrases: Words, brisk: None, step: Callable[[Bot], Taken]
) -> None:
    with Bot(slack, url, NOW, phrases, loops=False) as died:
        step(died)
    with Bot(slack, url, NOW + 2 * MINUTE, phrases) as lives:
        lives.rest()
        assert lives.rows("SELECT state, payload FROM outbox") == [("sent", None)]
    assert len(slack.in_channel("D1")) == 1


@pytest.mark.parametrize("step", [taken, looked_up, being_sent])
def test_what_a_living_process_is_at_is_left_to_it(
    quick_url: str, slack: FakeSlack, phrases: Words, brisk: None, step: Callable[[Bot], Taken]
) -> None:
    with Bot(slack, quick_url, NOW, phrases, loops=False) as busy:
        step(busy)
    with Bot(slack, quick_url, NOW, phrases, loops=False) as other:
        assert other.running.once()
    assert slack.messages == []


def test_what_is_at_hand_for_long_stays_with_the_process_that_lives(each_bot: Bot) -> None:
    each_bot.slack.next("chat.postMessage", Fault.hang(0.8))
    each_bot.send(each_bot.people.direct(KNOWN))
    each_bot.slack.wait_for(lambda: each_bot.rows("SELECT state FROM outbox WHERE state = 'sending'"))
    with Bot(each_bot.slack, each_bot.url, NOW, each_bot.running.office.desk.words, loops=False) as other:
        other.running.once()
    each_bot.rest()
    assert len(each_bot.slack.messages) == 1


def test_what_kills_whoever_takes_it_is_given_up_with_one_apology(
    url: str, slack: FakeSlack, phrases: Words, brisk: None
) -> None:
    with Bot(slack, url, NOW, phrases, loops=False) as died:
        kept(died)
        execute(died.running.database, "UPDATE inbox SET attempts = 3")
    with Bot(slack, url, NOW, phrases) as lives:
        lives.rest()
    (apology,) = slack.in_channel("D1")
    assert "went wrong on our side" in apology.text


def test_a_database_that_cannot_be_written_is_told_of_within_three_seconds(each_bot: Bot) -> None:
    note = each_bot.people.mention("C1", KNOWN)
    with locked(each_bot.url), ThreadPoolExecutor() as pool:
        refused, told = pool.map(each_bot.slack.send, (note, each_bot.people.command(KNOWN)))
    assert (refused.status, told.status, refused.seconds < 3, told.seconds < 3) == (503, 200, True, True)
    (sentence,) = each_bot.slack.in_channel("C1", "U1")
    assert (sentence.via, sentence.ephemeral_to) == ("ack", "U1")
    assert "cannot reach its database" in sentence.text
    assert len(each_bot.tell(note, each_bot.people.command(KNOWN), retry=1)) == 2


def test_what_came_in_before_it_was_known_who_we_are_is_answered_then(
    each_bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.workspaces.ASK_AGAIN", 0.3)
    each_bot.slack.next("auth.test", Fault.drop_before(), times=2)
    one = each_bot.running.workspaces
    one.unknown, one.known, one.ask_at = [Slack(each_bot.slack.token, each_bot.slack.url)], {}, 0.0
    assert seen(each_bot.mention(KNOWN))[0].startswith("LISTED")


def without(folder: Path, template: str) -> Words:
    """The bot's words with one template missing, as after a broken installation."""
    shutil.copytree(TEMPLATES, folder / "templates")
    (folder / "templates" / template).unlink()
    return Words(folder / "templates")


@pytest.mark.parametrize("ask", [Bot.mention, Bot.direct, Bot.command])
def test_a_mistake_of_ours_is_an_apology_with_a_reference_that_the_log_explains(
    fresh_bot: Bot, log: Log, tmp_path: Path, ask: Callable[[Bot, str], Posted]
) -> None:
    fresh_bot.running.office.desk.words = without(tmp_path, "status.jinja")
    apology = ask(fresh_bot, KNOWN)
    (reference,) = re.findall(r"\b[0-9a-f]{8}\b", apology.text)
    assert f"reference {reference}" in log.text
    assert "TemplateNotFound" in log.text
    assert not re.search("jinja|Error|NotFound|Traceback", str(apology))
    assert (apology.ephemeral_to != "", fresh_bot.rows("SELECT done_at IS NULL FROM inbox")) == (
        ask is Bot.command,
        [(False,)],
    )


def test_a_mistake_behind_a_button_is_told_to_whoever_pressed(fresh_bot: Bot, tmp_path: Path) -> None:
    asked = fresh_bot.mention(TWO)
    fresh_bot.running.office.desk.words = without(tmp_path, "status.jinja")
    (apology,) = fresh_bot.press(asked, "choose_0_1", user="U2")
    assert ("went wrong on our side" in apology.text, apology.ephemeral_to, asked.replaced) == (True, "U2", False)


def has_tried(bot: Bot, times: int) -> bool:
    return bot.rows("SELECT attempts FROM inbox") == [(times,)]


def test_where_even_the_apology_fails_it_ends_some_time(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.running.office.desk.words = without(tmp_path, "_blocks.jinja")
    fresh_bot.send(fresh_bot.people.direct(KNOWN))
    for attempt in range(1, 7):
        fresh_bot.slack.wait_for(partial(has_tried, fresh_bot, attempt))
        fresh_bot.later(20)
    fresh_bot.rest()
    assert fresh_bot.slack.messages == []
