"""The fake's HTTP: a server for what the app asks of Slack, and a client for what Slack tells the app."""

import hashlib
import hmac
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.fakes import files, methods, responses
from tests.fakes.model import Answer, Call, Json, Note, Refused, Reply, Request

if TYPE_CHECKING:
    from tests.fakes import FakeSlack


ADDRESSES = {"/upload/": "upload", "/files-pri/": "download", "/signin": "sign in"}
"""What is asked of other addresses than the Web API's; all others are response URLs."""


class Home(Protocol):
    """Whose calls a server takes: one workspace, or several."""

    def of(self, address: str, token: str) -> "FakeSlack":
        """The workspace that a call is for, by its path or by the token it bears."""

    def complain(self, complaints: list[str]) -> None: ...


class Server(ThreadingHTTPServer):
    """Takes calls, each connection in a thread of its own; closing it closes and joins them all. `count` hears of each call that
    begins (1) and that ends (-1)."""

    request_queue_size = 128
    daemon_threads = False

    def __init__(self, home: Home) -> None:
        self.home = home
        self.count: Callable[[int], object] = lambda step: None
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
            self.home.complain([f"the fake itself failed: {error!r}"])

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
        self.server.count(1)
        try:
            reply = _take(self.server.home, self.path, self.headers, body)
        finally:
            self.server.count(-1)
        if reply.status == 0:
            self.close_connection = True
        else:
            self._answer(reply)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def _answer(self, reply: Reply) -> None:
        body = json.dumps(reply.body) if isinstance(reply.body, dict) else reply.body
        data = body.encode() if isinstance(body, str) else body
        kind = "application/json; charset=utf-8" if isinstance(reply.body, dict) else "text/html"
        self.send_response(reply.status)
        for name, value in {"Content-Type": kind, **reply.headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _take(home: Home, path: str, headers: Message, body: bytes) -> Reply:
    """Does what is asked, or what was scripted to go wrong with it, and keeps a record."""
    address = urlsplit(path).path
    method = _method(address)
    args: Json = {}
    token = str(headers.get("Authorization") or "").removeprefix("Bearer ")
    wrong = None
    try:
        args = _arguments(path, headers, body) if method not in ADDRESSES.values() else {"size": len(body)}
    except Refused as refused:
        wrong = refused.reply
    slack = home.of(address, token or str(args.pop("token", "")))
    fault = slack.fault(method)
    reply = fault.instead or wrong or Reply(200)
    if fault.takes and not wrong:
        reply = _done(slack, method, address, token, args, body)
    reply_seen = fault.instead or reply
    slack.calls.append(Call(method, args, reply_seen.status, reply_seen.error, time.monotonic()))
    slack.closing.wait(fault.wait)
    return reply_seen


def _method(address: str) -> str:
    """What a call is named in the record."""
    if address.startswith("/api/"):
        return address.removeprefix("/api/")
    return next((name for begin, name in ADDRESSES.items() if address.startswith(begin)), "response_url")


def _done(slack: "FakeSlack", method: str, address: str, token: str, args: Json, body: bytes) -> Reply:
    try:
        with slack.lock:
            return _do(slack, method, address, token, args, body)
    except Refused as refused:
        return refused.reply


def _do(slack: "FakeSlack", method: str, address: str, token: str, args: Json, body: bytes) -> Reply:
    match method:
        case "response_url":
            return responses.respond(slack, address, args)
        case "upload":
            return files.upload(slack, address, body)
        case "download":
            return files.download(slack, address, token)
        case "sign in":
            return Reply(200, files.SIGN_IN)
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
