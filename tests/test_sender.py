"""Each message to Slack is sent once, however Slack answers: too many, failing, silent, refusing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.mail import Outgoing
from bot.store import outbox
from bot.store.database import Database
from tests.conftest import NOW
from tests.fakes import FakeSlack, Fault
from tests.fakes.model import Reply
from tests.sending import DAILY, DIRECT, LOST, POST, PUBLIC, SECTION, TAKEN, Post
from tests.slackside import rows


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.TIMEOUT", 0.2)


@pytest.fixture
def post(slack: FakeSlack, quick_url: str, hasty: None) -> Iterator[Post]:
    with Database(quick_url) as database:
        yield Post(slack, database)


@pytest.fixture
def each_post(slack: FakeSlack, database: Database, hasty: None) -> Post:
    """On each kind of database in turn."""
    return Post(slack, database)


def test_a_message_is_sent_once_and_erased(each_post: Post) -> None:
    each_post.send(DIRECT)
    each_post.send(DIRECT)
    assert (each_post.said, each_post.ending(DIRECT)) == (["An answer"], ("sent", ""))
    assert rows(each_post.database, "SELECT payload, ts FROM outbox") == [(None, each_post.slack.messages[0].ts)]


def test_two_processes_send_a_message_once(each_post: Post) -> None:
    each_post.reserve(DIRECT)
    other = Post(each_post.slack, each_post.database)
    each_post.slack.next(POST, Fault(takes=True, wait=0.1))
    with ThreadPoolExecutor() as pool:
        assert sorted(pool.map(lambda one: one.sender.deliver_due(), [each_post, other] * 3)) == [0] * 5 + [1]
    assert each_post.said == ["An answer"]


def test_too_many_messages_wait_as_long_as_slack_says(post: Post) -> None:
    post.slack.next(POST, Fault.rate_limited(30))
    post.send(DIRECT)
    assert (post.later(29), post.asked(POST), post.ending(DIRECT)) == (0, 1, ("waiting", "ratelimited"))
    assert (post.later(1.5), post.said) == (1, ["An answer"])


@pytest.mark.parametrize("said", ["soon", "", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", "0", "\xb2"])
def test_a_wait_that_cannot_be_read_is_a_second(post: Post, said: str) -> None:
    odd = Reply(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": said})
    post.slack.next(POST, Fault(odd))
    post.send(DIRECT)
    assert (post.later(0.5), post.later(1), post.said) == (0, 1, ["An answer"])


def test_a_channel_that_is_full_does_not_hold_up_others(post: Post) -> None:
    post.slack.next(POST, Fault.rate_limited(30))
    post.send(PUBLIC)
    post.send(replace(DAILY, key="daily:2"), DIRECT)
    assert (post.asked(POST), post.said) == (2, ["An answer"])
    assert (post.later(31), post.later(1), post.said[1:]) == (1, 1, ["An answer", "A summary"])


def numbered(count: int) -> list[Outgoing]:
    return [replace(PUBLIC, key=f"reply:{n}", payload={**PUBLIC.payload, "text": f"No. {n}"}) for n in range(count)]


def test_what_waits_in_a_channel_keeps_its_order(each_post: Post) -> None:
    each_post.slack.next(POST, Fault.rate_limited(30))
    each_post.send(*numbered(5))
    assert [each_post.later(seconds) for seconds in (31, 1, 1, 1, 1)] == [1] * 5
    assert each_post.said == [f"No. {n}" for n in range(5)]


def test_the_real_pace_of_slack_is_kept_to(post: Post) -> None:
    post.slack.pace, post.slack.burst = 1.0, 1
    post.reserve(*numbered(3))
    assert post.sender.deliver_all() == 3
    assert (len(post.said), post.slack.limits.refused) == (3, 0)


@pytest.mark.parametrize("fault", TAKEN)
def test_a_direct_message_that_arrived_is_found_and_not_sent_again(each_post: Post, fault: Fault) -> None:
    each_post.slack.next(POST, fault)
    each_post.send(DIRECT)
    assert (each_post.later(60), each_post.said, each_post.ending(DIRECT)[0]) == (1, ["An answer"], "sent")
    assert (each_post.asked(POST), each_post.later(600)) == (1, 0)


@pytest.mark.parametrize("fault", TAKEN)
def test_a_reply_in_a_thread_that_arrived_is_found(post: Post, fault: Fault) -> None:
    thread = post.slack.user_says("D1", "a question")
    post.slack.next(POST, fault)
    post.send(replace(DIRECT, payload={**DIRECT.payload, "thread_ts": thread}))
    post.later(60)
    assert (post.said, post.asked(POST), post.ending(DIRECT)[0]) == (["An answer"], 1, "sent")


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("one", [DIRECT, PUBLIC])
def test_an_answer_that_did_not_arrive_is_sent_again(post: Post, fault: Fault, one: Outgoing) -> None:
    post.slack.next(POST, fault, times=3)
    post.send(one)
    for _ in range(4):
        post.later(60)
    assert (post.said, post.ending(one)) == (["An answer"], ("sent", ""))


@pytest.mark.parametrize("fault", TAKEN)
def test_where_nobody_may_look_an_answer_is_rather_sent_twice_than_lost(post: Post, fault: Fault) -> None:
    post.slack.next(POST, fault)
    post.send(PUBLIC)
    assert (post.later(60), post.said, post.ending(PUBLIC)[0]) == (1, ["An answer"] * 2, "sent")


@pytest.mark.parametrize("fault", TAKEN)
def test_where_nobody_may_look_a_summary_is_not_sent_twice_but_noted(post: Post, fault: Fault) -> None:
    post.slack.next(POST, fault)
    post.send(DAILY)
    assert (post.later(60), post.said) == (1, ["A summary"])
    assert post.ending(DAILY) == ("unsettled", "missing_scope")
    assert post.later(100_000) == 0


@pytest.mark.parametrize("fault", [*TAKEN, *LOST])
def test_where_the_bot_may_look_a_summary_is_sent_exactly_once(post: Post, fault: Fault) -> None:
    post.slack.scopes = (*post.slack.scopes, "channels:history")
    post.slack.next(POST, fault)
    post.send(DAILY)
    assert (post.later(60), post.said, post.ending(DAILY)) == (1, ["A summary"], ("sent", ""))


@pytest.mark.parametrize("fault", [Fault.drop_before(), Fault.hang(0.3), Fault.rate_limited(5), Fault.error(500)])
def test_looking_is_tried_again_before_anything_is_sent_again(post: Post, fault: Fault) -> None:
    post.slack.next(POST, Fault.drop_after())
    post.slack.next("conversations.history", fault)
    post.send(DIRECT)
    post.later(60)
    post.later(600)
    assert (post.said, post.asked(POST), post.ending(DIRECT)[0]) == (["An answer"], 1, "sent")


@pytest.mark.parametrize("thread", [False, True])
def test_a_summary_that_is_not_seen_among_too_many_messages_is_not_sent_again(post: Post, thread: bool) -> None:
    post.slack.scopes = (*post.slack.scopes, "channels:history")
    begun = {"thread_ts": post.slack.user_says("C1", "parent")} if thread else {}
    for n in range(201 * thread):
        post.slack.user_says("C1", f"talk {n}", **{"thread": begun["thread_ts"]} if thread else {})
    post.slack.next(POST, Fault.drop_after())
    post.send(replace(DAILY, payload={**DAILY.payload, **begun}))
    for n in range(201):
        post.slack.user_says("C1", f"more talk {n}")
    post.later(60)
    assert post.said == ["A summary"]


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel", "msg_too_long", "no_text"])
def test_what_slack_refuses_for_good_is_not_tried_again(post: Post, error: str) -> None:
    post.slack.next(POST, Fault.refusal(error))
    post.send(PUBLIC)
    assert (post.ending(PUBLIC), post.later(100_000), post.said) == (("failed", error), 0, [])


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive", "missing_scope"])
def test_what_can_be_mended_waits_until_it_is(post: Post, error: str) -> None:
    post.slack.next(POST, Fault.refusal(error), times=3)
    post.send(PUBLIC)
    for _ in range(4):
        post.later(60)
    assert post.said == ["An answer"]


def test_what_cannot_be_sent_for_a_day_is_given_up(each_post: Post) -> None:
    each_post.slack.token_error = "token_revoked"
    each_post.send(PUBLIC, DIRECT)
    assert (each_post.later(86_000), each_post.ending(PUBLIC)[0]) == (1, "waiting")
    each_post.later(1_000)
    assert [each_post.ending(one) for one in (PUBLIC, DIRECT)] == [("failed", "token_revoked")] * 2
    assert rows(each_post.database, "SELECT count(payload) FROM outbox") == [(0,)]


def test_tries_become_rarer_and_never_rarer_than_five_minutes(post: Post) -> None:
    post.slack.token_error = "token_revoked"
    post.send(DIRECT)
    tries = sum(post.later(1) for _ in range(60))
    for _ in range(10):
        post.later(301)
    assert (tries, post.asked(POST)) == (4, 15)


def test_no_connection_at_all_is_waited_for(post: Post) -> None:
    post.workspaces.known["T1"].client.base_url = "http://127.0.0.1:1/api/"
    post.send(DAILY)
    post.workspaces.known["T1"].client.base_url = post.slack.url
    assert post.ending(DAILY)[0] == "waiting"
    assert (post.later(60), post.said) == (1, ["A summary"])


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"])
def test_blocks_that_slack_does_not_show_are_left_out(post: Post, error: str) -> None:
    post.slack.next(POST, Fault.refusal(error))
    post.send(replace(DIRECT, payload={**DIRECT.payload, "blocks": [SECTION]}))
    assert [(one.text, one.blocks) for one in post.slack.messages] == [("An answer", [])]


@pytest.mark.parametrize("blocks", [[SECTION] * 51, [{**SECTION, "text": {"type": "mrkdwn", "text": "x" * 3001}}]])
def test_blocks_beyond_the_limits_are_not_even_tried(post: Post, blocks: list[dict[str, Any]]) -> None:
    post.send(replace(DIRECT, payload={**DIRECT.payload, "blocks": blocks}))
    assert (post.asked(POST), post.said, post.slack.messages[0].blocks) == (1, ["An answer"], [])


CHILD = replace(DAILY, key="daily:1:1", parent="daily:1", payload={"channel": "C1", "text": "More"})


def test_what_belongs_under_a_message_waits_for_it(each_post: Post) -> None:
    each_post.slack.next(POST, Fault.rate_limited(30))
    each_post.send(DAILY, CHILD)
    assert each_post.said == []
    each_post.later(31)
    each_post.later(31)
    assert each_post.said == ["A summary", "More"]
    assert each_post.slack.messages[1].thread_ts == each_post.slack.messages[0].ts


def test_what_belongs_under_a_message_that_failed_fails_too(post: Post) -> None:
    post.slack.next(POST, Fault.refusal("is_archived"))
    post.send(DAILY, CHILD)
    post.later(60)
    assert (post.said, post.ending(CHILD)[0]) == ([], "failed")


def answer(post: Post) -> Outgoing:
    url = post.slack.response_url("C1", "U1")
    return replace(DIRECT, response_url=url, payload={"text": "An answer", "response_type": "ephemeral"})


@pytest.mark.parametrize(
    "fault", [Fault.rate_limited(2), Fault.error(500), Fault.drop_before(), Fault.hang(0.3, takes=False)]
)
def test_a_private_answer_that_did_not_arrive_is_sent_again(post: Post, fault: Fault) -> None:
    one = answer(post)
    post.slack.next("response_url", fault)
    post.send(one)
    assert post.said == []
    assert (post.later(60), post.said, post.ending(one)) == (1, ["An answer"], ("sent", ""))


@pytest.mark.parametrize(("minutes", "ending"), [(29, "sent"), (31, "failed")])
def test_a_private_answer_is_given_up_when_its_address_is_no_more(post: Post, minutes: int, ending: str) -> None:
    one = answer(post)
    post.reserve(one)
    post.later(minutes * 60)
    assert post.ending(one)[0] == ending
    assert one.response_url not in str(rows(post.database, "SELECT * FROM outbox"))


def test_a_process_that_died_while_sending_is_followed_by_another(each_post: Post) -> None:
    each_post.reserve(DIRECT)
    with each_post.database.writing() as session:
        outbox.claim(session, NOW + timedelta(seconds=1), NOW + timedelta(seconds=20), 1, ["T1"])
    assert (each_post.later(15), each_post.later(10), each_post.said) == (0, 1, ["An answer"])
