"""What the fake Slack tells an app, over HTTP and over sockets, with Slack's own clients on the other side."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.fakes import FakeSlack
from tests.test_fakes import ACTIONS, MODAL


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as one:
        yield one


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient("xoxb-test", base_url=slack.url)


@pytest.fixture
def requests(slack: FakeSlack) -> Iterator[list[tuple[dict[str, str], bytes]]]:
    """What an app that answers {"text": "heard"} to everything is sent."""
    seen: list[tuple[dict[str, str], bytes]] = []

    class App(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"text": "heard"}')

        def log_message(self, format: str, *args: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), App) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        slack.app_url = f"http://127.0.0.1:{server.server_port}"
        yield seen
        server.shutdown()
        thread.join()


def test_what_slack_sends_is_signed(slack: FakeSlack, requests: list[tuple[dict[str, str], bytes]]) -> None:
    note = slack.people.mention("C1", "is A & B flagged?")
    answer = slack.send(note)
    slack.send(note, forged=True)
    slack.send(note, age=600)
    slack.send(note, timestamp="abc", retry=1)
    right = SignatureVerifier("secret")
    assert (answer.status, answer.body) == (200, '{"text": "heard"}')
    assert [right.is_valid_request(body, headers) for headers, body in requests[:3]] == [True, False, False]
    assert requests[3][0]["X-Slack-Retry-Num"] == "1"
    event = json.loads(requests[0][1])["event"]
    assert event["text"] == "<@UBOT> is A &amp; B flagged?"


def test_an_acknowledgement_of_a_command_is_shown_to_who_gave_it(
    slack: FakeSlack, requests: list[tuple[dict[str, str], bytes]]
) -> None:
    slack.send(slack.people.command("help"))
    assert requests[0][0]["Content-Type"] == "application/x-www-form-urlencoded"
    assert [(one.text, one.via, one.ephemeral_to) for one in slack.messages] == [("heard", "ack", "U1")]


def test_only_what_is_there_can_be_pressed(slack: FakeSlack, client: WebClient) -> None:
    client.chat_postMessage(channel="C1", text="x", blocks=[ACTIONS])
    pressed = slack.people.press(slack.messages[0], "go", "7").payload
    assert (pressed["container"]["message_ts"], pressed["message"]["text"]) == (slack.messages[0].ts, "x")
    with pytest.raises(AssertionError):
        slack.people.press(slack.messages[0], "go", "8")


def test_a_submitted_view_is_closed(
    slack: FakeSlack, client: WebClient, requests: list[tuple[dict[str, str], bytes]]
) -> None:
    client.views_open(trigger_id=slack.trigger("U1"), view=MODAL)
    slack.send(slack.people.submit(slack.views[0], {"who": {"who": {"value": "A"}}}))
    assert b"view_submission" in requests[0][1]
    assert not slack.views[0].is_open


def test_an_edited_mention_is_another_event_of_the_same_message(slack: FakeSlack, client: WebClient) -> None:
    first = slack.people.mention("C1", "is A flagged?")
    old, new = first.payload, slack.people.edited(first, "is B flagged?").payload
    assert old["event_id"] != new["event_id"]
    assert old["event"]["ts"] == new["event"]["ts"] < new["event"]["edited"]["ts"]
    client.chat_postMessage(channel="C1", text="no", thread_ts=new["event"]["ts"])


def test_a_socket_carries_what_http_carries(slack: FakeSlack) -> None:
    seen: list[str] = []

    def hear(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        seen.append(request.type)
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload={"text": "heard"}))

    client = SocketModeClient("xapp-test", web_client=WebClient(base_url=slack.url))
    client.socket_mode_request_listeners.append(hear)
    client.connect()
    try:
        assert (slack.socket_send(slack.people.mention("C1", "x")) or {})["payload"] == {"text": "heard"}
        slack.disconnect()
        assert slack.socket_send(slack.people.command("help")) is not None
    finally:
        client.close()
    assert seen == ["events_api", "slash_commands"]
    assert [one.via for one in slack.messages] == ["ack"]


def test_a_payload_goes_to_any_of_several_sockets(slack: FakeSlack) -> None:
    clients = [SocketModeClient("xapp-test", web_client=WebClient(base_url=slack.url)) for _ in range(2)]
    heard: set[BaseSocketModeClient] = set()
    for client in clients:
        client.socket_mode_request_listeners.append(lambda one, _: heard.add(one))
        client.connect()
    slack.wait_for(lambda: len(slack.socket.connections) == 2)
    assert [slack.socket_send(slack.people.command("x"), seconds=0.2) for _ in range(2)] == [None, None]
    for client in clients:
        client.close()
    assert heard == set(clients)
