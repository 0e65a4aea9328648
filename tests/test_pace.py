"""Slack's pace is kept by all processes together: a message a second and channel, a budget for a workspace, the urgent first."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.errors import Missing
from bot.mail import ALERT, ANSWER, LEISURE, NEWS, SERIOUS, Outgoing
from bot.slack import Ending
from bot.store import outbox, pace
from bot.store.database import Database
from tests.conftest import NOW
from tests.fakes import FakeSlack, Fault
from tests.fakes.many import Slacks
from tests.sending import DAILY, DIRECT, POST, PUBLIC, Post
from tests.slackside import rows

LEASE = timedelta(seconds=20)


@pytest.fixture
def each_post(slack: FakeSlack, database: Database) -> Post:
    """On each kind of database in turn."""
    return Post(slack, database)


@pytest.fixture
def post(slack: FakeSlack, quick_url: str) -> Iterator[Post]:
    with Database(quick_url) as one:
        yield Post(slack, one)


def to(channel: str, number: int = 0, workspace: str = "T1", **more: object) -> Outgoing:
    payload = {"channel": channel, "text": f"{channel} {number}"}
    return Outgoing(f"{workspace}:{channel}:{number}", workspace, channel, payload, urgency=NEWS, **more)  # type: ignore[arg-type]


def claimed(database: Database, seconds: float = 0, most: int = 16, workspaces: tuple[str, ...] = ("T1",)) -> list[str]:
    """What is claimed when so much time has gone by, by its text; it counts as sent."""
    now = NOW + timedelta(seconds=10 + seconds)
    with database.writing() as session:
        found = outbox.claim(session, now, now + LEASE, most, workspaces)
        for one in found:
            outbox.settle(session, one.outgoing.key, "sent", now)
    return [one.outgoing.payload["text"] for one in found]


def test_two_processes_together_send_one_message_a_second_into_a_channel(each_post: Post) -> None:
    slack = each_post.slack
    slack.pace, slack.burst = 1.0, 1
    for channel in ("C1", "C2", "C3"):
        slack.invite(channel)
        each_post.reserve(*(to(channel, number) for number in range(3)))
    both = [each_post, Post(slack, each_post.database)]
    with ThreadPoolExecutor() as pool:
        assert sum(pool.map(lambda one: one.sender.deliver_all(), both)) == 9
    assert (Counter(each_post.said).most_common(1)[0][1], slack.limits.refused) == (1, 0)
    for channel in ("C1", "C2", "C3"):
        said = slack.in_channel(channel)
        assert [one.text for one in said] == [f"{channel} {number}" for number in range(3)]
        assert min(after.at - before.at for before, after in pairwise(said)) >= 1.0


def test_no_two_claim_the_same(each_post: Post) -> None:
    teams = tuple(f"T{n}" for n in range(10))
    each_post.reserve(*(to(f"C{n}", workspace=team) for team in teams for n in range(5)))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: len(claimed(each_post.database, most=8, workspaces=teams)), range(8)))
    assert sum(found) + sum(len(claimed(each_post.database, most=8, workspaces=teams)) for _ in range(7)) == 50


def test_a_workspace_gets_its_budget_and_no_other_pays_for_it(database: Database, slack: FakeSlack) -> None:
    Post(slack, database).reserve(*(to(f"C{n}") for n in range(60)), *(to(f"C{n}", workspace="T2") for n in range(3)))
    assert len(claimed(database, most=50)) == pace.BURST
    assert (claimed(database, most=50), len(claimed(database, most=50, workspaces=("T1", "T2")))) == ([], 3)
    assert (len(claimed(database, 1, most=50)), len(claimed(database, 60, most=50))) == (4, pace.BURST)


def test_workspaces_take_turns(database: Database, slack: FakeSlack) -> None:
    Post(slack, database).reserve(*(to(f"C{n}") for n in range(99)), to("D9", workspace="T2"))
    assert "D9 0" in claimed(database, most=4, workspaces=("T1", "T2"))


@pytest.mark.parametrize("urgencies", [(LEISURE, NEWS, SERIOUS, ALERT, ANSWER)])
def test_the_most_urgent_goes_first_whatever_came_first(each_post: Post, urgencies: tuple[int, ...]) -> None:
    each_post.reserve(*(replace(to("C1", urgency), urgency=urgency) for urgency in urgencies))
    assert [claimed(each_post.database, 30 * n) for n in range(5)] == [
        [f"C1 {urgency}"] for urgency in sorted(urgencies)
    ]


def test_one_claim_takes_the_most_urgent_of_all_channels(each_post: Post) -> None:
    each_post.reserve(*(to(f"C{n}") for n in range(9)), replace(to("C10"), urgency=SERIOUS))
    assert claimed(each_post.database, most=1) == ["C10 0"]


@pytest.mark.parametrize(
    "fault", [Fault.error(500), Fault.rate_limited(5), Fault.drop_before(), Fault.refusal("ratelimited")]
)
def test_a_lane_keeps_its_order_when_one_is_tried_again(each_post: Post, fault: Fault) -> None:
    each_post.slack.scopes = (*each_post.slack.scopes, "channels:history")
    lane = [to("C1", number, lane="a") for number in range(3)]
    each_post.slack.next(POST, fault, times=2)
    each_post.send(*lane)
    for _ in range(6):
        each_post.later(70)
    assert each_post.said == ["C1 0", "C1 1", "C1 2"]


def test_other_lanes_of_a_channel_go_on_meanwhile(each_post: Post) -> None:
    each_post.slack.scopes = (*each_post.slack.scopes, "channels:history")
    each_post.slack.next(POST, Fault.error(500))
    each_post.send(to("C1", 0, lane="a"))
    each_post.reserve(to("C1", 1, lane="a"), to("C1", 2, lane="b"))
    assert (each_post.later(1), each_post.said) == (1, ["C1 2"])


def test_an_answer_is_sent_at_once_and_others_keep_the_distance(each_post: Post) -> None:
    each_post.send(to("C1", 1))
    each_post.reserve(to("C1", 2))
    with each_post.database.writing() as session:
        sending = each_post.sender.reserve(session, PUBLIC)
    assert sending
    each_post.sender.send(sending)
    assert (each_post.said, each_post.sender.deliver_due()) == (["C1 1", "An answer"], 0)
    assert (each_post.later(1), each_post.said[2:]) == (1, ["C1 2"])


def test_what_goes_by_a_response_url_waits_for_nobody(post: Post) -> None:
    urls = [post.slack.response_url("C1", "U1") for _ in range(3)]
    post.send(
        to("C1"), *(replace(DIRECT, key=url, channel="C1", response_url=url, payload={"text": "Yours"}) for url in urls)
    )
    assert sorted(post.said) == ["C1 0", "Yours", "Yours", "Yours"]


def test_where_slack_means_the_whole_workspace_it_is_left_alone(each_post: Post) -> None:
    for n in range(2, 6):
        each_post.slack.invite(f"C{n}")
    each_post.slack.next(POST, Fault.rate_limited(30), times=3)
    each_post.send(to("C1"), to("C2"), to("C3"))
    each_post.reserve(to("C4"), to("C5"))
    assert (each_post.later(25), each_post.asked(POST)) == (0, 3)
    assert each_post.later(6) + each_post.later(1) + each_post.later(1) == 5
    assert sorted(each_post.said) == [f"C{n} 0" for n in range(1, 6)]


@pytest.fixture
def two(quick_url: str) -> Iterator[tuple[Post, FakeSlack, FakeSlack]]:
    """A sender for two workspaces, and these."""
    with Slacks(FakeSlack(team="T1", token="xoxb-1"), FakeSlack(team="T2", token="xoxb-2")) as slacks:
        one, other = slacks.workspaces
        with Database(quick_url) as database:
            post = Post(one, database, *slacks.token.split())
            other.ahead = one.ahead
            yield post, one, other
        assert slacks.complaints == []


def test_a_message_goes_to_its_own_workspace(two: tuple[Post, FakeSlack, FakeSlack]) -> None:
    post, one, other = two
    post.send(to("C1"), replace(to("C1", 2, workspace="T2"), key="other"), to("C1", workspace="T3"))
    assert ([said.text for said in one.messages], [said.text for said in other.messages]) == (["C1 0"], ["C1 2"])
    assert rows(post.database, "SELECT attempts FROM outbox WHERE workspace = 'T3'") == [(0,)]


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
def test_a_workspace_in_trouble_is_tried_with_one_message_and_others_go_on(
    two: tuple[Post, FakeSlack, FakeSlack], error: str
) -> None:
    post, one, other = two
    one.token_error = error
    for n in range(10):
        for slack in (one, other):
            slack.invite(f"C{n}")
    post.send(*(to(f"C{n}", workspace=team) for n in range(8) for team in ("T1", "T2")))
    before = post.asked(POST)
    for _ in range(10):
        post.later(30)
    assert (len(other.messages), one.messages, post.asked(POST) - before) == (8, [], 6)
    one.token_error = ""
    for _ in range(9):
        post.later(150)
    assert len(one.messages) == 8


def test_what_waited_a_day_for_a_workspace_in_trouble_is_given_up_and_heard_of(each_post: Post) -> None:
    each_post.slack.token_error = "token_revoked"
    each_post.send(*(to(f"C{n}", lane="a") for n in range(5)))
    each_post.later(86_000)
    assert each_post.settled == []
    each_post.later(1_000)
    assert sorted(each_post.settled) == [(f"T1:C{n}:0", "failed") for n in range(5)]
    assert (each_post.ending(to("C4")), each_post.later(1_000)) == (("failed", "token_revoked"), 0)


def test_each_ending_is_heard_once(each_post: Post) -> None:
    each_post.slack.next(POST, Fault.refusal("is_archived"))
    each_post.send(to("C1", 1))
    each_post.slack.next(POST, Fault.drop_after())
    each_post.later(1)
    each_post.send(replace(DAILY, key="daily:2"))
    each_post.later(60)
    each_post.reserve(to("C1", 3))
    each_post.later(1)
    assert each_post.settled == [("T1:C1:1", "failed"), ("daily:2", "unsettled"), ("T1:C1:3", "sent")]


def test_what_follows_from_an_ending_is_kept_with_it_or_not_at_all(each_post: Post) -> None:
    def away(session: Session, one: Outgoing, outcome: Ending, now: object) -> None:
        outbox.reserve(session, replace(DIRECT, key="a consequence"), NOW)
        raise Missing("gone")

    each_post.sender.settled = away
    each_post.send(DIRECT)
    assert (each_post.said, each_post.ending(DIRECT)[0]) == (["An answer"], "sending")
    each_post.sender.settled = each_post.hear
    each_post.later(60)
    assert (each_post.said, each_post.settled) == (["An answer"], [(DIRECT.key, "sent")])


def test_what_no_process_survives_is_given_up_some_time(post: Post) -> None:
    post.reserve(DIRECT)
    with post.database.writing() as session:
        session.execute(text("UPDATE outbox SET attempts = 500, state = 'sending'"))
    assert (post.sender.deliver_due(), post.said, post.ending(DIRECT)[0]) == (1, [], "unsettled")
