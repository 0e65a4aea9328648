"""The fake Slack: what it takes, what it refuses and what it lets go wrong, with Slack's own client on the other side."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError

from tests.fakes import FakeSlack, Fault

DIVIDER = {"type": "divider"}
BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}
ACTIONS = {"type": "actions", "elements": [BUTTON]}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Settings"}, "blocks": [DIVIDER]}
META = {"event_type": "sent", "event_payload": {"key": "k"}}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as one:
        yield one


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient("xoxb-test", base_url=slack.url, timeout=2, retry_handlers=[])


def refusal(client: WebClient, method: str, **args: Any) -> str:
    with pytest.raises(SlackApiError) as error:
        client.api_call(method, json=args)
    return str(error.value.response["error"])


def test_a_message_is_kept_as_it_was_posted(slack: FakeSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C1", text="here &amp; now", blocks=[DIVIDER], metadata=META)["ts"]
    (posted,) = slack.in_channel("C1")
    assert (posted.ts, posted.text, posted.blocks, posted.metadata) == (ts, "here &amp; now", [DIVIDER], META)
    assert slack.complaints == []


def test_who_asks_is_told_of_the_workspace_and_the_scopes(client: WebClient) -> None:
    answer = client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T1", "UBOT", "BBOT")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "C9"}, "channel_not_found"),
        ({"channel": "C2"}, "not_in_channel"),
        ({"channel": "C3"}, "is_archived"),
        ({"text": " "}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"thread_ts": "1.000001"}, "thread_not_found"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "alert"}]}, "invalid_blocks"),
        ({"blocks": [DIVIDER] * 51}, "invalid_blocks"),
        ({"blocks": [{**DIVIDER, "block_id": "a"}] * 2}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2700}}] * 5}, "msg_blocks_too_long"),
        ({"metadata": {"event_type": "sent"}}, "invalid_metadata_schema"),
        ({"metadata": "{"}, "invalid_metadata_format"),
    ],
)
def test_a_message_that_slack_refuses_is_refused(
    slack: FakeSlack, client: WebClient, args: dict[str, Any], error: str
) -> None:
    slack.remove("C2")
    slack.archive("C3")
    assert refusal(client, "chat.postMessage", **{"channel": "C1", "text": "x", **args}) == error
    assert slack.messages == []


@pytest.mark.parametrize(
    ("text", "blocks", "complaint"),
    [
        ("<!channel> look", [], "notifies everybody"),
        ("@everyone look", [], "notifies everybody"),
        ("this & that", [], "is not escaped"),
        ("a <b>", [], "is not escaped"),
        ("x" * 4001, [], "4001 characters"),
        ("", [DIVIDER], "no text beside"),
        ("x", [{"type": "section", "text": {"type": "mrkdwn", "text": "@here"}}], "notifies everybody"),
    ],
)
def test_what_slack_takes_and_we_do_not_want_is_a_complaint(
    slack: FakeSlack, client: WebClient, text: str, blocks: list[dict[str, Any]], complaint: str
) -> None:
    client.api_call("chat.postMessage", json={"channel": "C1", "text": text, "blocks": blocks})
    assert complaint in " ".join(slack.complaints)


@pytest.mark.parametrize("text", ["&lt;!channel&gt;", "<https://x.test?a&amp;b|me@here.test>", "<!date^1^{date}|then>"])
def test_escaped_text_is_no_complaint(slack: FakeSlack, client: WebClient, text: str) -> None:
    client.chat_postMessage(channel="C1", text=text)
    assert slack.complaints == []


def test_tokens_and_scopes_are_checked(slack: FakeSlack, client: WebClient) -> None:
    assert refusal(WebClient(base_url=slack.url), "auth.test") == "not_authed"
    assert refusal(WebClient("xoxb-other", base_url=slack.url), "auth.test") == "invalid_auth"
    assert refusal(client, "apps.connections.open") == "not_allowed_token_type"
    assert refusal(client, "conversations.history", channel="C1") == "missing_scope"
    assert refusal(client, "chat.postSong") == "unknown_method"
    slack.token_error = "token_revoked"
    assert refusal(client, "auth.test") == "token_revoked"


def test_more_than_a_burst_in_one_channel_is_too_fast(slack: FakeSlack, client: WebClient) -> None:
    for _ in range(4):
        client.chat_postMessage(channel="C1", text="x")
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="C1", text="x")
    assert (error.value.response.status_code, error.value.response.headers["Retry-After"]) == (429, "1")
    client.chat_postMessage(channel="D1", text="x")


def test_a_message_is_replaced_and_deleted_by_who_posted_it(slack: FakeSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C1", text="old")["ts"]
    client.chat_update(channel="C1", ts=ts, text="new")
    assert [(one.text, one.replaced) for one in slack.in_channel("C1")] == [("new", True)]
    client.chat_delete(channel="C1", ts=ts)
    assert slack.in_channel("C1") == []
    assert refusal(client, "chat.update", channel="C1", ts=ts, text="x") == "message_not_found"
    said = slack.user_says("C1", "mine")
    assert refusal(client, "chat.update", channel="C1", ts=said, text="x") == "cant_update_message"


def test_history_gives_metadata_only_when_asked(slack: FakeSlack, client: WebClient) -> None:
    asked = slack.user_says("D1", "is it?")
    client.chat_postMessage(channel="D1", text="it is", thread_ts=asked, metadata=META)
    client.chat_postMessage(channel="D1", text="news")
    assert [one["text"] for one in client.conversations_history(channel="D1")["messages"]] == ["news", "is it?"]
    plain = client.conversations_replies(channel="D1", ts=asked)["messages"]
    whole = client.conversations_replies(channel="D1", ts=asked, include_all_metadata=True)["messages"]
    assert [one.get("metadata") for one in (*plain, *whole)] == [None, None, None, META]


def test_history_comes_in_pages_and_between_times(slack: FakeSlack, client: WebClient) -> None:
    first, second, third = (slack.user_says("D1", text) for text in ("one", "two", "three"))
    pages = [[one["ts"] for one in page["messages"]] for page in client.conversations_history(channel="D1", limit=2)]
    assert pages == [[third, second], [first]]
    found = client.conversations_history(channel="D1", oldest=first, latest=second)["messages"]
    assert [one["ts"] for one in found] == []
    found = client.conversations_history(channel="D1", oldest=first, latest=second, inclusive=True)["messages"]
    assert [one["ts"] for one in found] == [second, first]


def test_a_view_is_opened_once_with_a_fresh_trigger(slack: FakeSlack, client: WebClient) -> None:
    trigger, old = slack.trigger("U1"), slack.trigger("U1")
    view = client.views_open(trigger_id=trigger, view=MODAL)["view"]
    assert refusal(client, "views.open", trigger_id=trigger, view=MODAL) == "exchanged_trigger_id"
    assert refusal(client, "views.open", trigger_id="1.2.x", view=MODAL) == "invalid_trigger_id"
    assert refusal(client, "views.update", view_id="V9", view=MODAL) == "not_found"
    assert refusal(client, "views.update", view_id=view["id"], hash="old", view=MODAL) == "hash_conflict"
    slack.ahead = 4
    assert refusal(client, "views.open", trigger_id=old, view=MODAL) == "expired_trigger_id"
    client.views_update(view_id=view["id"], hash=view["hash"], view={**MODAL, "callback_id": "second"})
    assert [one.content["callback_id"] for one in slack.views] == ["second"]


def test_views_are_three_deep_and_within_their_limits(slack: FakeSlack, client: WebClient) -> None:
    client.views_open(trigger_id=slack.trigger("U1"), view=MODAL)
    for _ in range(2):
        client.views_push(trigger_id=slack.trigger("U1", slack.views[-1]), view=MODAL)
    fourth = {"trigger_id": slack.trigger("U1", slack.views[-1]), "view": MODAL}
    assert refusal(client, "views.push", **fourth) == "push_limit_reached"
    long = {**MODAL, "private_metadata": "x" * 3001}
    assert refusal(client, "views.open", trigger_id=slack.trigger("U1"), view=long) == "invalid_arguments"


def test_a_home_is_published_over_the_one_before(slack: FakeSlack, client: WebClient) -> None:
    for text in ("one", "two"):
        client.views_publish(user_id="U1", view={"type": "home", "blocks": [DIVIDER], "callback_id": text})
    assert [view.content["callback_id"] for view in slack.views] == ["two"]


def test_a_response_url_works_five_times(slack: FakeSlack) -> None:
    url = WebhookClient(slack.response_url("C1", "U1"))
    assert [url.send(text="x").status_code for _ in range(6)] == [200] * 5 + [404]
    assert [one.ephemeral_to for one in slack.messages] == ["U1"] * 5
    late = WebhookClient(slack.response_url("C1", "U1"))
    slack.ahead = 31 * 60
    assert "expired_url" in late.send(text="x").body


def test_a_response_to_an_action_replaces_its_message(slack: FakeSlack, client: WebClient) -> None:
    client.chat_postMessage(channel="C1", text="old", blocks=[ACTIONS])
    pressed = slack.people.press(slack.messages[0], "go").payload
    assert pressed["actions"][0]["value"] == "7"
    WebhookClient(pressed["response_url"]).send(text="new", replace_original=True)
    assert [(one.text, one.replaced) for one in slack.messages] == [("new", True)]
    WebhookClient(pressed["response_url"]).send(delete_original=True)
    assert (slack.in_channel("C1"), slack.complaints) == ([], [])


@pytest.mark.parametrize(
    ("fault", "status", "taken"),
    [
        (Fault.rate_limited(7), 429, 0),
        (Fault.error(503), 503, 0),
        (Fault.error(500, takes=True), 500, 1),
        (Fault.refusal("restricted_action"), 200, 0),
        (Fault.drop_before(), 0, 0),
        (Fault.drop_after(), 0, 1),
    ],
)
def test_what_is_scripted_goes_wrong_once(
    slack: FakeSlack, client: WebClient, fault: Fault, status: int, taken: int
) -> None:
    slack.next("chat.postMessage", fault)
    with pytest.raises((SlackApiError, ConnectionError)):
        client.chat_postMessage(channel="C1", text="x")
    assert (slack.calls[-1].status, len(slack.messages)) == (status, taken)
    client.chat_postMessage(channel="C1", text="x")


def test_a_hanging_call_is_taken_and_answered_late(slack: FakeSlack) -> None:
    slack.next("chat.postMessage", Fault.hang(30))
    with pytest.raises(TimeoutError):
        WebClient("xoxb-test", base_url=slack.url, timeout=0.1, retry_handlers=[]).chat_postMessage(  # type: ignore[arg-type]
            channel="C1", text="x"
        )
    assert len(slack.messages) == 1


def test_it_is_quick(slack: FakeSlack, client: WebClient) -> None:
    slack.pace = None
    began = time.monotonic()
    for _ in range(150):
        client.chat_postMessage(channel="C1", text="x")
    assert time.monotonic() - began < 5
