"""The fake's HTTP: a server for what the app asks of Slack, and a client for what Slack tells the app."""

import hashlib
import hmac
import json
import socket
import sys
import threading
import time
from contextlib import suppress
from email.message import Message
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.fakes import methods, responses
from tests.fakes.model import Answer, Call, Json, Note, Refused, Reply, Request

if TYPE_CHECKING:
    from tests.fakes import FakeSlack


class Server(ThreadingHTTPServer):
    """Takes calls, each connection in a thread of its own; closing it closes and joins them all."""

    request_queue_size = 128
    daemon_threads = False

    def __init__(self, slack: "FakeSlack") -> None:
        self.slack = slack
        self.connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            self.slack.complain([f"the fake itself failed: {error!r}"])

    def close(self) -> None:
        self.shutdown()
        for connection in list(self.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self.thread.join()


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive; what is written goes out at once."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = _take(self.server.slack, self.path, self.headers, body)
        if reply.status == 0:
            self.close_connection = True
        else:
            self._answer(reply)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def _answer(self, reply: Reply) -> None:
        is_json = isinstance(reply.body, dict)
        body = (json.dumps(reply.body) if is_json else str(reply.body)).encode()
        kind = "application/json; charset=utf-8" if is_json else "text/html"
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _take(slack: "FakeSlack", path: str, headers: Message, body: bytes) -> Reply:
    """Does what is asked, or what was scripted to go wrong with it, and keeps a record."""
    address = urlsplit(path).path
    method = address.removeprefix("/api/") if address.startswith("/api/") else "response_url"
    fault = slack.fault(method)
    args: Json = {}
    try:
        args = _arguments(path, headers, body)
        token = str(headers.get("Authorization") or "").removeprefix("Bearer ") or str(args.pop("token", ""))
        reply = fault.instead or Reply(200)
        if fault.takes:
            reply = _do(slack, method, address, token, args)
    except Refused as refused:
        reply = refused.reply
    reply_seen = fault.instead or reply
    slack.calls.append(Call(method, args, reply_seen.status, reply_seen.error, time.monotonic()))
    slack.closing.wait(fault.wait)
    return reply_seen


def _do(slack: "FakeSlack", method: str, address: str, token: str, args: Json) -> Reply:
    with slack.lock:
        if method == "response_url":
            return responses.respond(slack, address, args)
        return Reply(200, methods.call(slack, method, token, args), {"X-OAuth-Scopes": ",".join(slack.scopes)})


def _arguments(path: str, headers: Message, body: bytes) -> Json:
    """A form, or JSON, whose token must be in a header: https://docs.slack.dev/apis/web-api#posting-json"""
    asked: Json = dict(parse_qsl(urlsplit(path).query))
    kind = (headers.get("Content-Type") or "").partition(";")[0]
    if kind == "application/json":
        try:
            found = json.loads(body or b"{}")
        except ValueError:
            raise Refused("invalid_json") from None
        return {key: value for key, value in found.items() if key != "token" and value is not None}
    if body and kind != "application/x-www-form-urlencoded":
        raise Refused("invalid_post_type")
    return asked | dict(parse_qsl(body.decode(), keep_blank_values=True))


def signed(secret: str, note: Note, timestamp: str, retry: int) -> Request:
    """A note as it is posted: https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    if note.kind == "events_api":
        body, kind = json.dumps(note.payload).encode(), "application/json"
    else:
        form = note.payload if note.kind == "slash_commands" else {"payload": json.dumps(note.payload)}
        body, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
    signature = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}
    retried = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
    return Request(note, body, {**headers, **retried})


def deliver(app_url: str, request: Request, seconds: float) -> Answer:
    """Posts a request to the app, which Slack gives three seconds to answer."""
    url, began = urlsplit(app_url), time.monotonic()
    connection = HTTPConnection(url.hostname or "", url.port, timeout=seconds)
    try:
        connection.request("POST", "/slack/events", request.body, request.headers)
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(), time.monotonic() - began)
    except (OSError, HTTPException) as error:
        return Answer(0, repr(error), time.monotonic() - began)
    finally:
        connection.close()
