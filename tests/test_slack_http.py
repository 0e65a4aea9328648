"""Asking and pressing buttons over HTTP, against a Slack that refuses what Slack refuses."""

import json
import threading
from pathlib import Path

import pytest

from bot.records import PUBLIC
from tests.fakes import Fault, Posted, View
from tests.files import SMALL, many_claims
from tests.slackside import KNOWN, TWO, Bot, buttons, seen

HOSTILE = "<!channel> *Bold* _Optics_ & `Sons` <https://evil.example|Click> @here Ltd"


def test_a_command_is_answered_to_its_asker_alone(bot: Bot) -> None:
    reply = bot.command(KNOWN)
    assert reply.text.startswith("LISTED — designated by EU")
    assert (reply.channel, reply.ephemeral_to, reply.via) == ("C1", "U1", "response_url")
    assert set(buttons(reply)) == {"sources", "share", "watch_1"}


def test_a_mention_is_answered_in_the_thread_of_the_message(bot: Bot) -> None:
    note = bot.people.mention("C1", KNOWN)
    (reply,) = bot.tell(note)
    assert reply.text.startswith("LISTED — designated by EU")
    assert (reply.channel, reply.thread_ts, reply.ephemeral_to) == ("C1", note.payload["event"]["ts"], "")
    assert set(buttons(reply)) == {"sources", "watch_1"}


def test_a_mention_in_a_thread_is_answered_there(bot: Bot) -> None:
    thread = bot.slack.user_says("C1", "what do we know?")
    assert bot.mention(KNOWN, thread=thread).thread_ts == thread


def test_a_direct_message_is_answered_in_place(bot: Bot) -> None:
    reply = bot.direct(KNOWN)
    assert reply.text.startswith("LISTED — designated by EU")
    assert (reply.channel, reply.thread_ts) == ("D1", "")


def test_a_direct_message_in_a_thread_is_answered_there(bot: Bot) -> None:
    thread = bot.slack.user_says("D1", "about machine tools")
    assert bot.direct(KNOWN, thread=thread).thread_ts == thread


@pytest.mark.parametrize("question", ["", "help", "  "])
def test_nothing_asked_gets_help(bot: Bot, question: str) -> None:
    assert "Ask whether somebody is listed" in bot.command(question).text


def test_a_choice_among_candidates_replaces_what_one_person_sees(bot: Bot) -> None:
    asked = bot.command(TWO)
    assert bot.press(asked, "choose_0_2", buttons(asked)["choose_0_2"]) == []
    (left,) = bot.slack.in_channel("C1", "U1")
    assert (left.ts, left.replaced) == (asked.ts, True)
    assert left.text.startswith("LISTED")
    assert "Yantai Iray Technology" in left.text
    assert set(buttons(left)) == {"sources", "share", "watch_1"}


def test_a_choice_in_a_channel_is_answered_below_what_was_asked(bot: Bot) -> None:
    asked = bot.mention(TWO)
    (chosen,) = bot.press(asked, "choose_0_1", user="U2")
    assert (chosen.thread_ts, asked.replaced) == (asked.thread_ts, False)
    assert "chosen by a person" in chosen.text


def test_the_same_choice_twice_is_answered_once(bot: Bot) -> None:
    asked = bot.mention(TWO)
    presses = [bot.people.press(asked, "choose_0_1", user=user) for user in ("U1", "U2", "U3")]
    assert len(bot.tell(*presses)) == 1
    assert bot.press(asked, "choose_0_1") == []


def test_another_choice_is_another_answer(bot: Bot) -> None:
    asked = bot.mention(TWO)
    first, second = bot.press(asked, "choose_0_1") + bot.press(asked, "choose_0_2")
    assert seen(first) != seen(second)


def test_a_choice_in_a_direct_message_is_answered_in_place(bot: Bot) -> None:
    (chosen,) = bot.press(bot.direct(TWO), "choose_0_1")
    assert (chosen.channel, chosen.thread_ts) == ("D1", "")


def test_every_source_is_shown_in_a_modal(bot: Bot) -> None:
    assert bot.press(bot.mention(KNOWN), "sources", user="U2") == []
    (view,) = bot.slack.views
    assert (view.user, view.content["title"]["text"], buttons(view)) == ("U2", "All sources", {})
    assert "eur-lex.europa.eu" in view.text


def turned(bot: Bot, button: str) -> list[str]:
    """What a modal shows as its pages are turned as far as that goes."""
    (view,) = bot.slack.views
    found = [view.text]
    while button in buttons(view):
        bot.press(view, button)
        found.append(view.text)
    return found


def test_a_huge_answer_is_shown_page_by_page_there_and_back_and_nothing_is_lost(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, many_claims(60), "T1")
    fresh_bot.press(fresh_bot.mention("who says so about Hikvision?"), "sources")
    there, back = turned(fresh_bot, "page_next"), turned(fresh_bot, "page_previous")
    assert (len(there), back) == (2, there[::-1])
    shown = "".join(there)
    assert [n for n in range(60) if f"https://example.org/{n}'" not in shown or f"Witness {n}:" not in shown] == []
    assert (shown.count("Origin: Court"), shown.count("The maker: sells nothing")) == (90, 30)


def test_a_modal_that_slack_no_longer_opens_is_told_of(bot: Bot) -> None:
    press = bot.people.press(bot.mention(KNOWN), "sources", user="U2")
    bot.slack.ahead += 4
    (told,) = bot.tell(press)
    assert (told.ephemeral_to, bot.slack.views) == ("U2", [])
    assert "press the button again" in told.text


@pytest.mark.parametrize("fault", [Fault.rate_limited(1), Fault.error(500), Fault.drop_before(), Fault.drop_after()])
def test_a_modal_that_fails_to_open_is_told_of(bot: Bot, fault: Fault) -> None:
    reply = bot.command(KNOWN)
    bot.slack.next("views.open", fault)
    (told,) = bot.press(reply, "sources")
    assert "press the button again" in told.text
    assert (told.ephemeral_to, reply.replaced) == ("U1", False)


def test_sharing_says_who_asked_and_takes_the_private_answer_away(bot: Bot) -> None:
    reply = bot.command(KNOWN)
    (shared,) = bot.press(reply, "share")
    bot.slack.wait_for(lambda: reply.deleted)
    assert (shared.channel, shared.ephemeral_to) == ("C1", "")
    assert shared.text.startswith(f"@u1 asked: “{KNOWN}”\nLISTED")
    assert {"type": "user", "user_id": "U1"} in shared.blocks[0]["elements"][0]["elements"]
    assert set(buttons(shared)) == {"sources"}


def test_sharing_twice_says_it_once(bot: Bot) -> None:
    reply = bot.command(KNOWN)
    presses = [bot.people.press(reply, "share") for _ in range(3)]
    assert len(bot.tell(*presses)) == 1
    bot.slack.wait_for(lambda: reply.deleted)


def test_a_choice_that_was_made_is_shared_as_chosen(bot: Bot) -> None:
    asked = bot.command(TWO)
    bot.press(asked, "choose_0_2")
    (shared,) = bot.press(asked, "share")
    assert "Yantai Iray Technology" in shared.text.partition("\n")[2]
    assert "POSSIBLE MATCH" not in shared.text


def test_a_button_without_its_answer_is_explained_to_whoever_pressed(bot: Bot) -> None:
    reply = bot.command(TWO)
    reply.blocks = json.loads(json.dumps(reply.blocks).replace(buttons(reply)["share"], "20261123-000000000000"))
    for button in ("choose_0_1", "sources", "share"):
        (told,) = bot.press(reply, button)
        assert (told.text, told.ephemeral_to) == ("There is no stored answer to that button. Please ask again.", "U1")
    assert (reply.deleted, reply.replaced) == (False, False)


def test_each_page_of_long_claims_is_within_the_limits(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, many_claims(60, statement="x" * 900 + " {}"), "T1")
    fresh_bot.press(fresh_bot.mention("who says so about Hikvision?"), "sources")
    assert len(turned(fresh_bot, "page_next")) > 3


def test_too_long_a_question_is_answered_with_one_sentence(bot: Bot) -> None:
    for reply in (bot.mention("x" * 4001), bot.command("x" * 4001), bot.direct("是" * 4001)):
        assert reply.text.startswith("The question has 4,001 characters; 4,000 is the most.")
        assert "\n" not in reply.text


@pytest.mark.parametrize("question", ["Wuhan Tongsheng as of 31.02.2024", "is Hikvision flagged as of 2030-01-01?"])
def test_what_the_asker_can_mend_is_told_as_it_stands(bot: Bot, question: str) -> None:
    assert len(bot.mention(question).text.split("\n")) == 1


def shown(reply: Posted | View) -> str:
    return str(reply.blocks if isinstance(reply, Posted) else reply.content)


def test_hostile_names_are_shown_as_they_are_and_call_nobody(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, SMALL.replace('"Acme Optics Co., Ltd."', f"'{HOSTILE}'"), PUBLIC)
    reply = fresh_bot.command(f"is {HOSTILE} flagged?")
    fresh_bot.press(reply, "sources")
    (shared,) = fresh_bot.press(reply, "share")
    assert all(HOSTILE in shown(one) for one in (reply, shared, fresh_bot.slack.views[0]))


@pytest.mark.parametrize(
    "question", [HOSTILE, "<@U1> & <#C1|general>", "a\x07b \u202e & \u200b", "?" * 300, "&lt;b&gt;"]
)
def test_a_hostile_question_is_echoed_and_calls_nobody(bot: Bot, question: str) -> None:
    reply, private = bot.mention(question), bot.command(question)
    bot.press(private, "share")
    assert reply.text


def test_two_threads_do_not_mix(bot: Bot) -> None:
    first, second = bot.mention("is iRay Technology flagged?"), bot.mention("is Hikvision flagged?")
    told = bot.mention("did they deny it?", thread=first.thread_ts)
    assert "iRay" in told.text
    assert "Hikvision" not in told.text
    assert "Hikvision" in bot.mention("did they deny it?", thread=second.thread_ts).text


def test_one_persons_commands_do_not_mix_with_anothers(bot: Bot) -> None:
    bot.command("is Hikvision flagged?", user="U1")
    bot.command("is Dalian Machine Tool flagged?", user="U2")
    assert "Hikvision" in bot.command("did they deny it?", user="U1").text
    assert "Dalian" in bot.command("did they deny it?", user="U2").text


def test_a_follow_up_is_about_what_was_chosen(bot: Bot) -> None:
    asked = bot.mention(TWO)
    bot.press(asked, "choose_0_2", user="U2")
    told = bot.mention("who says so?", thread=asked.thread_ts)
    assert "Yantai Iray" in told.text


def test_what_comes_in_quick_succession_is_done_in_order(bot: Bot) -> None:
    first = [bot.people.direct("is Hikvision flagged?"), bot.people.direct("did they deny it?")]
    then = [bot.people.direct("is Dalian Machine Tool flagged?"), bot.people.direct("who says so?")]
    replies = bot.tell(*first, *then)
    assert ["Hikvision" in one.text for one in replies] == [True, True, False, False]
    assert ["Dalian" in one.text for one in replies] == [False, False, True, True]


def test_many_ask_at_once_and_each_gets_one_answer(bot: Bot) -> None:
    notes = [bot.people.direct(KNOWN, user=f"U{n}") for n in range(12)]
    threads = [threading.Thread(target=bot.send, args=(note,)) for note in notes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bot.rest()
    assert sorted(one.channel for one in bot.slack.messages) == sorted(f"D{n}" for n in range(12))


@pytest.mark.parametrize("private", ["T1", "T2"])
def test_records_of_a_workspace_are_shown_only_there(fresh_bot: Bot, tmp_path: Path, private: str) -> None:
    fresh_bot.load(tmp_path, SMALL, private)
    assert ("sells lenses" in fresh_bot.mention("is Acme Optics flagged?").text) == (private == "T1")


def test_where_outsiders_read_only_public_records_are_shown(fresh_bot: Bot, tmp_path: Path) -> None:
    fresh_bot.load(tmp_path, SMALL, "T1")
    inside, outside = (
        fresh_bot.mention("is Acme Optics flagged?"),
        fresh_bot.mention("is Acme Optics flagged?", shared=True),
    )
    assert "sells lenses" in inside.text
    fresh_bot.press(outside, "sources")
    assert "sells lenses" not in outside.text + fresh_bot.slack.views[0].text
    assert "Acme" not in fresh_bot.mention("what changed this week?", shared=True).text
    assert "LISTED" in fresh_bot.mention(KNOWN, shared=True).text
