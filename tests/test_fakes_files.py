"""The fake Slack's files and its several workspaces, with Slack's own client on the other side."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient, WebhookClient
from slack_sdk.errors import SlackApiError

from tests.fakes import FakeSlack, Fault
from tests.fakes.many import Slacks
from tests.test_fakes import refusal

SCOPES = ("chat:write", "im:history", "channels:history", "files:read", "files:write")
PICTURE = b"\x89PNG and so on"


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack(scopes=SCOPES) as one:
        yield one


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient("xoxb-test", base_url=slack.url, timeout=2, retry_handlers=[])


def image(**file: str) -> dict[str, Any]:
    return {"channel": "C1", "text": "a", "blocks": [{"type": "image", "alt_text": "lines", "slack_file": file}]}


def uploaded(client: WebClient, name: str = "lines.png", data: bytes = PICTURE, **more: Any) -> dict[str, Any]:
    """What Slack says of a file after the upload in its three steps."""
    file: dict[str, Any] = client.files_upload_v2(filename=name, content=data, title="Lines", **more)["file"]
    return file


def fetched(url: str, token: str) -> tuple[str, bytes]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as response:
        return response.headers["Content-Type"], response.read()


def test_a_file_without_a_channel_is_kept_and_shown_to_nobody(slack: FakeSlack, client: WebClient) -> None:
    file = uploaded(client, alt_txt="two lines")
    assert (slack.messages, slack.files[file["id"]].data) == ([], PICTURE)
    assert (file["name"], file["title"], file["mimetype"], file["alt_txt"]) == (
        "lines.png",
        "Lines",
        "image/png",
        "two lines",
    )


def test_a_file_is_shared_as_a_message_with_its_comment(slack: FakeSlack, client: WebClient) -> None:
    uploaded(client, "all.csv", b"a,b", channel="C1", initial_comment="All of it")
    (posted,) = slack.in_channel("C1")
    assert (posted.text, posted.via, [file.data for file in posted.files]) == ("All of it", "file", [b"a,b"])
    (seen,) = client.conversations_history(channel="C1")["messages"]
    assert ([file["name"] for file in seen["files"]], "metadata" in seen) == (["all.csv"], False)


def test_a_file_is_shared_in_a_thread(slack: FakeSlack, client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C1", text="News")["ts"]
    uploaded(client, "all.csv", b"a,b", channel="C1", initial_comment="All of it", thread_ts=parent)
    assert [one.thread_ts for one in slack.in_channel("C1")] == ["", parent]
    (_, seen) = client.conversations_replies(channel="C1", ts=parent)["messages"]
    assert [file["name"] for file in seen["files"]] == ["all.csv"]


def test_a_file_is_completed_once_and_only_when_it_was_uploaded(slack: FakeSlack, client: WebClient) -> None:
    id = client.files_getUploadURLExternal(filename="a.csv", length=3)["file_id"]
    assert refusal(client, "files.completeUploadExternal", files=[{"id": id}]) == "file_not_found"
    again = [{"id": uploaded(client)["id"]}]
    assert refusal(client, "files.completeUploadExternal", files=again) == "file_not_found"
    assert refusal(client, "files.completeUploadExternal", files=[]) == "invalid_arguments"
    assert refusal(client, "files.getUploadURLExternal", filename="a.csv") == "invalid_arguments"


@pytest.mark.parametrize(
    ("channel", "more", "error"),
    [
        ("C9", {}, "channel_not_found"),
        ("C2", {}, "not_in_channel"),
        ("C3", {}, "is_archived"),
        ("U1", {}, "channel_not_found"),
        ("C1", {"thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
def test_a_file_that_cannot_be_shared_can_be_shared_elsewhere(
    slack: FakeSlack, client: WebClient, channel: str, more: dict[str, str], error: str
) -> None:
    slack.remove("C2")
    slack.archive("C3")
    told = client.files_getUploadURLExternal(filename="a.csv", length=3)
    urllib.request.urlopen(told["upload_url"], b"a,b").close()
    files = [{"id": told["file_id"]}]
    assert refusal(client, "files.completeUploadExternal", files=files, channel_id=channel, **more) == error
    client.files_completeUploadExternal(files=files, channel_id="D1", initial_comment="All of it")
    assert [one.channel for one in slack.messages] == ["D1"]


def test_a_picture_in_a_message_must_be_a_file_that_was_uploaded(slack: FakeSlack, client: WebClient) -> None:
    file = uploaded(client)
    client.api_call("chat.postMessage", json=image(id=file["id"]))
    client.api_call("chat.postMessage", json=image(url=file["permalink"]))
    for wrong in ({"id": "F123456789"}, {"id": "f1"}, {}, {"id": file["id"], "url": file["permalink"]}):
        assert refusal(client, "chat.postMessage", **image(**wrong)) == "invalid_blocks"
    assert refusal(client, "chat.postMessage", **image(id=uploaded(client, "a.csv")["id"])) == "invalid_blocks"
    assert (len(slack.messages), slack.complaints) == (2, [])


def test_a_picture_can_stand_in_a_message_only_after_it_was_processed(slack: FakeSlack, client: WebClient) -> None:
    slack.processing = 3
    file = uploaded(client)
    assert file["mimetype"] == ""
    assert refusal(client, "chat.postMessage", **image(id=file["id"])) == "invalid_blocks"
    slack.ahead += 3
    assert client.files_info(file=file["id"])["file"]["mimetype"] == "image/png"
    client.api_call("chat.postMessage", json=image(id=file["id"]))


def test_bytes_that_do_not_arrive_whole_are_not_taken(slack: FakeSlack, client: WebClient) -> None:
    told = client.files_getUploadURLExternal(filename="a.csv", length=4)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(told["upload_url"], b"a,b")
    slack.next("upload", Fault.error(500))
    with pytest.raises(urllib.error.HTTPError):
        uploaded(client)
    assert [(call.method, call.status) for call in slack.calls if call.method == "upload"] == [
        ("upload", 400),
        ("upload", 500),
    ]


def test_a_file_of_a_persons_is_given_to_who_may_read_files(slack: FakeSlack) -> None:
    url = slack.upload("names.csv", b"name\nAcme")["url_private_download"]
    assert fetched(url, "xoxb-test") == ("text/csv", b"name\nAcme")
    assert fetched(url, "xoxb-other")[0] == "text/html"
    slack.scopes = ("chat:write",)
    assert b"Sign in" in fetched(url, "xoxb-test")[1]


def test_files_need_their_scope(slack: FakeSlack, client: WebClient) -> None:
    slack.scopes = ("chat:write",)
    assert refusal(client, "files.getUploadURLExternal", filename="a.csv", length=3) == "missing_scope"
    assert refusal(client, "files.info", file="F1") == "missing_scope"


def test_a_message_to_a_person_is_found_in_the_channel_of_direct_messages(slack: FakeSlack, client: WebClient) -> None:
    assert client.chat_postMessage(channel="U7", text="News")["channel"] == "D7"
    assert [one["text"] for one in client.conversations_history(channel="D7")["messages"]] == ["News"]
    assert refusal(client, "conversations.history", channel="U7") == "channel_not_found"


def test_a_channel_comes_back_from_the_archive_and_the_bot_into_it(slack: FakeSlack, client: WebClient) -> None:
    slack.archive("C1")
    slack.remove("C1")
    assert refusal(client, "chat.postMessage", channel="C1", text="x") == "is_archived"
    slack.archive("C1", back=True)
    assert refusal(client, "chat.postMessage", channel="C1", text="x") == "not_in_channel"
    slack.invite("C1")
    client.chat_postMessage(channel="C1", text="x")


def test_a_workspace_takes_no_more_than_its_budget(slack: FakeSlack, client: WebClient) -> None:
    slack.budget, slack.burst = 2, 1
    for number in range(2):
        client.chat_postMessage(channel=f"D{number}", text="x")
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="D9", text="x")
    assert (error.value.response.headers["Retry-After"], slack.limits.refused) == ("1", 1)
    slack.ahead += 1
    client.chat_postMessage(channel="D9", text="x")


def test_each_call_goes_to_the_workspace_of_its_token() -> None:
    one, two = FakeSlack(scopes=SCOPES), FakeSlack(token="xoxb-two", team="T2", team_name="Two", scopes=SCOPES)
    with Slacks(one, two) as slacks:
        clients = [WebClient(token, base_url=slacks.url) for token in slacks.token.split()]
        assert [client.auth_test()["team_id"] for client in clients] == ["T1", "T2"]
        clients[1].chat_postMessage(channel="C1", text="Second")
        uploaded(clients[1], "a.csv", channel="C1", initial_comment="It")
        assert refusal(WebClient("xoxb-other", base_url=slacks.url), "auth.test") == "invalid_auth"
        WebhookClient(two.response_url("C1", "U1")).send(text="Third")
    assert ([post.text for post in one.messages], [post.text for post in two.messages]) == (
        [],
        ["Second", "It", "Third"],
    )
    assert slacks.complaints == []
