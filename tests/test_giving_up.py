"""A workspace that takes nothing for more than a day: what is told there is neither lost nor told twice."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot import endings
from bot.mail import ALERT, Outgoing
from bot.monitoring import Watch, Watched
from bot.reply import Words
from bot.slack import MENDABLE, Ending
from bot.store import channels, editions, subscriptions, watches
from bot.store.database import Database
from bot.store.editions import Told
from tests.conftest import NOW
from tests.fakes import FakeSlack, Fault
from tests.sending import DAILY, POST, PUBLIC, Post
from tests.slackside import rows
from tests.summing import subscribe

DAY = 86_400.0
BEFORE = NOW - timedelta(days=1)


def alert(number: int, channel: str = "C1") -> Outgoing:
    payload = {"channel": channel, "text": f"Alert {number}"}
    return Outgoing(
        f"alert:w{number}", "T1", channel, payload, only_once=True, lane=f"alert:T1:{channel}", urgency=ALERT
    )


class Desk(Post):
    """A sender whose messages' endings have the consequences that they have."""

    words: Words

    def hear(self, session: Session, one: Outgoing, ending: Ending, now: datetime) -> None:
        endings.settled(session, self.words, one, ending, now)

    def days(self, count: int) -> None:
        """Some days go by, and what is due is tried every six hours."""
        for _ in range(4 * count):
            self.later(DAY / 4)

    def mended(self) -> None:
        """Slack takes messages again, and that is found out within the hour."""
        self.slack.token_error = ""
        for seconds in (3601, 2, 2, 2):
            self.later(seconds)


@pytest.fixture
def desk(slack: FakeSlack, database: Database, phrases: Words) -> Desk:
    slack.invite("C2")
    one = Desk(slack, database)
    one.words = phrases
    return one


def watch(desk: Desk, place: str) -> None:
    one = Watch(f"w-{place}", "T1", "name", "Acme Optics", "U1", NOW, place)
    with desk.database.writing() as session:
        watches.add(session, one, [Watched(0, one.id, 1, "Acme Optics")])


def told_in(desk: Desk, one: Outgoing, channel: str = "C1") -> None:
    """A summary was reserved that tells a day."""
    subscribe(desk.database, channel, set_at=BEFORE)
    told = Told(one.key, "T1", channel, "daily", NOW.date(), BEFORE, NOW)
    with desk.database.writing() as session:
        editions.add(session, [(told, "")], NOW)
        subscriptions.told(session, [(each, NOW, NOW.date()) for each in subscriptions.active(session)])


def is_told_anew(desk: Desk) -> bool:
    with desk.database.reading() as session:
        return subscriptions.active(session)[0].told_until == BEFORE


@pytest.mark.parametrize("one", [alert(1), DAILY])
def test_what_may_have_arrived_before_the_workspace_took_nothing_is_not_told_again(desk: Desk, one: Outgoing) -> None:
    desk.slack.scopes = (*desk.slack.scopes, "channels:history")
    told_in(desk, DAILY)
    desk.slack.next(POST, Fault.drop_after())
    desk.send(one)
    desk.slack.token_error = "token_revoked"
    desk.reserve(alert(2, "C2"))
    desk.days(3)
    assert (desk.ending(one)[0], is_told_anew(desk)) == ("sending", False)
    desk.mended()
    assert sorted(desk.said) == sorted([one.payload["text"], "Alert 2"])
    assert (desk.ending(one), is_told_anew(desk)) == (("sent", ""), False)


def test_where_nobody_may_look_it_is_unsettled_and_not_told_again(desk: Desk) -> None:
    told_in(desk, DAILY)
    desk.slack.next(POST, Fault.drop_after())
    desk.send(DAILY)
    desk.slack.token_error = "token_revoked"
    desk.days(2)
    desk.mended()
    assert (desk.said, desk.ending(DAILY)[0], is_told_anew(desk)) == (["A summary"], "unsettled", False)


@pytest.mark.parametrize("error", MENDABLE)
def test_alerts_outlast_days_in_which_somebody_could_mend_it(desk: Desk, error: str) -> None:
    watch(desk, "C1")
    watch(desk, "C2")
    desk.slack.token_error = error
    desk.send(alert(1), alert(2), alert(3, "C2"))
    desk.days(3)
    assert {desk.ending(alert(number))[0] for number in (1, 2)} == {"waiting"}
    desk.mended()
    assert sorted(desk.said) == ["Alert 1", "Alert 2", "Alert 3"]
    assert desk.said.index("Alert 1") < desk.said.index("Alert 2")
    with desk.database.reading() as session:
        assert [one.paused_at for one in watches.active(session, "T1")] == [None, None]


def test_alerts_outlast_days_without_a_connection(desk: Desk) -> None:
    client = desk.workspaces.known["T1"].client
    client.base_url, url = "http://127.0.0.1:1/api/", client.base_url
    desk.send(alert(1))
    desk.days(3)
    client.base_url = url
    desk.mended()
    assert desk.said == ["Alert 1"]


def test_what_is_held_is_tried_as_often_as_what_is_new(desk: Desk) -> None:
    desk.slack.token_error = "token_revoked"
    desk.send(alert(1))
    desk.later(DAY + 1)
    assert rows(desk.database, "SELECT state, attempts FROM outbox") == [("waiting", 0)]


def test_all_that_is_held_is_sent_at_once_when_the_workspace_takes_messages(desk: Desk) -> None:
    desk.slack.token_error = "missing_scope"
    desk.send(alert(1), alert(2, "C2"))
    desk.later(DAY + 301)
    desk.slack.token_error = ""
    desk.later(600)
    assert desk.said == []
    desk.send(PUBLIC)
    desk.later(2)
    assert sorted(desk.said) == ["Alert 1", "Alert 2", "An answer"]


def test_what_waits_for_a_place_that_is_closed_is_not_tried_because_another_is_open(desk: Desk) -> None:
    desk.slack.next(POST, Fault.refusal("is_archived"))
    desk.send(alert(1))
    desk.slack.token_error = "token_revoked"
    desk.send(alert(2, "C2"))
    desk.mended()
    assert desk.said == ["Alert 2"]


def test_what_waited_behind_one_that_was_held_is_not_given_up_at_its_first_try(desk: Desk) -> None:
    desk.slack.next(POST, Fault.refusal("is_archived"))
    desk.send(alert(1), alert(2), alert(3))
    desk.later(DAY + 1)
    desk.slack.next(POST, Fault.rate_limited(5))
    for _ in range(3):
        desk.later(6)
    assert desk.said == ["Alert 1", "Alert 2", "Alert 3"]


def test_what_outsiders_may_not_read_does_not_show_that_the_workspace_takes_messages(desk: Desk) -> None:
    with desk.database.writing() as session:
        channels.seen(session, "T1", "C2", outsiders=True, now=NOW)
    desk.slack.token_error = "token_revoked"
    desk.send(alert(1))
    desk.later(DAY + 1)
    desk.reserve(replace(alert(2, "C2"), inside=True))
    tried = desk.asked(POST)
    desk.later(600)
    assert (desk.ending(alert(2))[0], desk.asked(POST)) == ("failed", tried)


def test_a_summary_that_could_not_be_posted_for_want_of_a_scope_is_told_by_the_next(desk: Desk) -> None:
    told_in(desk, DAILY)
    desk.slack.token_error = "missing_scope"
    desk.send(DAILY)
    desk.later(DAY + 301)
    assert (desk.ending(DAILY), is_told_anew(desk)) == (("failed", "missing_scope"), True)
