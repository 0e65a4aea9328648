"""A place that takes no messages any more: what is told there is paused, its owner hears of it once, and nothing is lost."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import endings
from bot.mail import WEEKLY, Outgoing
from bot.monitoring import Watch, Watched
from bot.reply import Words
from bot.slack import Ending
from bot.store import outbox, subscriptions, watches
from bot.store.database import Database
from tests.files import SMALL
from tests.slackside import rows
from tests.summing import GONE, Paper, subscribe
from tests.test_digest import MORNING, SINCE, load

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FIRST = "daily:T1:C1:2026-11-24"


@pytest.fixture
def paper(database: Database, phrases: Words, tmp_path: Path) -> Paper:
    """A channel with news to be told on the first morning."""
    subscribe(database)
    load(database, tmp_path, SMALL, SINCE + HOUR)
    return Paper(database, phrases)


def watch(paper: Paper, id: str = "w1", by: str = "U1", place: str = "C1") -> None:
    channel, user = ("", place) if place.startswith("U") else (place, "")
    one = Watch(id, "T1", "name", "Acme Optics", by, SINCE, channel, user)
    with paper.database.writing() as session:
        watches.add(session, one, [Watched(0, id, 1, "Acme Optics")])


def owners_told(paper: Paper) -> list[str]:
    return [one.channel for one in paper.posts() if one.key.startswith("paused:")]


def returned(paper: Paper, *, is_member: bool, channel: str = "C1", user: str = "") -> None:
    with paper.database.writing() as session:
        endings.returned(session, "T1", channel, paper.now, is_member=is_member, user=user)


def told(paper: Paper) -> int:
    """How many summaries told the news."""
    return len(
        rows(paper.database, "SELECT key FROM outbox WHERE parent = '' AND state = 'sent' AND key LIKE 'daily:%'")
    )


def test_a_summary_that_failed_for_good_is_told_by_the_next(paper: Paper) -> None:
    assert paper.at(MORNING, Ending("failed", why="msg_too_long")) == [FIRST]
    assert (paper.one().told_until, paper.one().paused_at) == (SINCE, None)
    assert paper.at(MORNING + HOUR) == []
    assert paper.at(MORNING + DAY) == ["daily:T1:C1:2026-11-25"]
    assert owners_told(paper) == []


@pytest.mark.parametrize("why", ["channel_not_found", "not_in_channel", "is_archived", "restricted_action"])
def test_where_nothing_can_be_posted_it_is_paused_and_its_owner_told_once(paper: Paper, why: str) -> None:
    subscribe(paper.database, edition=WEEKLY, days=(2,), set_by="U1")
    for day in range(3):
        paper.at(MORNING + day * DAY, None)
        paper.end(Ending("failed", why=why), "C1")
    assert owners_told(paper) == ["U1"]
    with paper.database.reading() as session:
        assert {one.paused_why for one in subscriptions.of_place(session, "T1", "C1")} == {why}


def test_each_owner_is_told_of_what_he_set(paper: Paper) -> None:
    for id, by in (("w1", "U2"), ("w2", "U2"), ("w3", "slack T1/C1/U3"), ("w4", "somebody")):
        watch(paper, id, by)
    paper.at(MORNING, GONE)
    assert owners_told(paper) == ["U1", "U2", "U3"]
    texts = [(one.payload or {})["text"].partition("\n")[0] for one in paper.posts() if one.key.startswith("paused:")]
    assert texts == [
        "Paused: the daily summary in C1",
        "Paused: the alerts of 2 watches in C1",
        "Paused: the alerts of 1 watch in C1",
    ]


def test_the_words_say_what_where_why_and_what_to_do(phrases: Words) -> None:
    one = Watch("w1", "T1", "name", "Acme Optics", "U1", SINCE, channel="C1")
    said = phrases.message("paused", channel="C1", why="is_archived", summaries=[], watches=[one])
    assert "Paused: the alerts of 1 watch in" in said.text
    assert "the channel is archived" in said.text
    assert "unarchive the channel" in said.text
    assert "Acme Optics" in said.text


def test_it_is_tried_again_at_each_of_its_hours_and_goes_on_when_that_arrives(paper: Paper) -> None:
    assert paper.at(MORNING, GONE) == [FIRST]
    assert paper.at(MORNING + HOUR, GONE) == []
    assert paper.at(MORNING + DAY, GONE) == ["daily:T1:C1:2026-11-25"]
    assert paper.one().paused_at
    assert paper.at(MORNING + 2 * DAY) == ["daily:T1:C1:2026-11-26"]
    assert paper.one().paused_at is None
    assert told(paper) == 1


def test_a_mention_has_it_told_at_once_and_no_day_twice(paper: Paper) -> None:
    paper.at(MORNING, GONE)
    paper.now = MORNING + 3 * HOUR
    returned(paper, is_member=True)
    assert paper.one().paused_at is None
    assert paper.at(MORNING + 3 * HOUR) == [f"{FIRST}/2"]
    assert paper.at(MORNING + 4 * HOUR) == []
    assert paper.at(MORNING + DAY) == []
    assert told(paper) == 1


def test_a_command_is_a_reason_to_try_but_not_again_and_again(paper: Paper) -> None:
    paper.at(MORNING, GONE)
    returned(paper, is_member=False)
    assert paper.at(MORNING + HOUR / 2) == []
    paper.now = MORNING + 2 * HOUR
    returned(paper, is_member=False)
    assert paper.at(MORNING + 2 * HOUR, GONE) == [f"{FIRST}/2"]
    assert owners_told(paper) == ["U1"]


def test_what_was_told_before_the_channel_closed_is_not_told_again(paper: Paper) -> None:
    assert paper.at(MORNING) == [FIRST]
    with paper.database.writing() as session:
        outbox.reserve(session, alert(1), MORNING)
    paper.end(GONE)
    assert paper.one().paused_at
    returned(paper, is_member=True)
    assert paper.at(MORNING + HOUR) == []


def alert(number: int) -> Outgoing:
    return Outgoing(
        f"alert:w1:1:{number}", "T1", "C1", {"channel": "C1", "text": f"Alert {number}"}, lane="alert:T1:C1"
    )


def fail(paper: Paper, why: str) -> None:
    """Two alerts are made for a channel that is watched, and Slack takes not the first."""
    watch(paper)
    with paper.database.writing() as session:
        outbox.reserve_all(session, [alert(1), alert(2)], MORNING)
        outbox.settle(session, alert(1).key, "failed", MORNING, why=why)
        endings.settled(session, paper.words, alert(1), Ending("failed", why=why), MORNING)


def sendable(paper: Paper, now: datetime) -> list[str]:
    """The keys of what may be sent to the channel at that time; nothing is taken."""
    with paper.database.writing() as session:
        found = [one.outgoing for one in outbox.claim(session, now, now + HOUR, 9, ["T1"])]
        session.rollback()
    return [one.key for one in found if one.channel == "C1"]


def test_alerts_are_held_in_their_order_until_the_place_takes_them(paper: Paper) -> None:
    fail(paper, "not_in_channel")
    with paper.database.reading() as session:
        assert [one.paused_why for one in watches.of_place(session, "T1", "C1")] == ["not_in_channel"]
    assert sendable(paper, MORNING + HOUR) == []
    paper.now = MORNING + 2 * HOUR
    returned(paper, is_member=True)
    assert sendable(paper, MORNING + 2 * HOUR) == [alert(1).key]
    with paper.database.reading() as session:
        assert [one.paused_at for one in watches.of_place(session, "T1", "C1")] == [None]


def test_an_alert_that_is_held_is_tried_once_a_day(paper: Paper) -> None:
    fail(paper, "is_archived")
    assert [sendable(paper, MORNING + hours * HOUR) for hours in (23, 24)] == [[], [alert(1).key]]


def test_nobody_is_told_of_his_own_conversation_or_of_a_workspace_that_left_us(paper: Paper) -> None:
    subscribe(paper.database, channel="U5")
    watch(paper, "w5", "U5", "U5")
    paper.at(MORNING, None)
    paper.end(Ending("failed", why="user_disabled"), "U5")
    paper.end(Ending("failed", why="account_inactive"), "C1")
    assert owners_told(paper) == []
    assert paper.one("U5").paused_why == "user_disabled"
    assert paper.one().paused_why == "account_inactive"


def test_a_direct_message_has_a_persons_own_go_on(paper: Paper) -> None:
    subscribe(paper.database, channel="U5")
    paper.at(MORNING, None)
    paper.end(Ending("failed", why="messages_tab_disabled"), "U5")
    returned(paper, is_member=True, channel="D5", user="U5")
    assert paper.one("U5").paused_at is None


@pytest.mark.parametrize("key", ["daily-set:1", "watch-set:1"])
def test_a_notice_of_what_was_set_that_fails_pauses_nothing_and_its_asker_alone_hears(paper: Paper, key: str) -> None:
    notice = Outgoing(key, "T1", "C1", {"channel": "C1", "text": "Set"})
    with paper.database.writing() as session:
        outbox.reserve_all(session, [notice, alert(1)], MORNING)
        for one in (notice, alert(1)):
            outbox.settle(session, one.key, "failed", MORNING, why="not_in_channel")
        endings.settled(session, paper.words, notice, GONE, MORNING)
        assert [one.key for one in outbox.stuck(session, MORNING, 9)] == [alert(1).key]
    assert paper.one().paused_at is None


def test_setting_it_anew_has_it_go_on(paper: Paper) -> None:
    paper.at(MORNING, GONE)
    subscribe(paper.database, quiet="line", set_at=MORNING + HOUR)
    assert paper.one().paused_at is None
    assert paper.at(MORNING + DAY) == ["daily:T1:C1:2026-11-25"]
    assert told(paper) == 1
