"""A publisher of lists at the wire: a local web server with files, and with faults where a test asks for them."""

import gzip
import hashlib
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self, TypeAlias

Fault: TypeAlias = "Callable[[Handler], object]"


class Handler(BaseHTTPRequestHandler):
    """One request: the next fault of its path, else the file."""

    protocol_version = "HTTP/1.1"
    server: "Publisher"

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.asked.append((self.path, dict(self.headers)))
        faults = self.server.faults[self.path]
        if faults:
            faults.pop(0)(self)
        else:
            self.file()

    def file(self) -> None:
        """Serves the file, or says that it is not newer, or not there."""
        name = self.path.lstrip("/")
        if name not in self.server.files:
            self.answer(404, b"not here")
            return
        body = self.server.files[name]
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:8]}"'
        if self.headers.get("If-None-Match") == tag:
            self.answer(304, b"", ETag=tag)
        else:
            self.answer(200, body, ETag=tag, Last_Modified=formatdate(self.server.changed_at, usegmt=True))

    def answer(self, code: int, body: bytes, length: int | None = None, /, **headers: str) -> None:
        """Answers; `length` is what is said instead of the length of the body (-1: nothing is)."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if code != 304 and length != -1:
            self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


class Publisher(ThreadingHTTPServer):
    """Serves `files` by their names, below `url`. `faults` are what happens to the next requests for a path, in order; `asked` is
    each request with its headers. The files were last changed at `changed_at` (seconds since 1970)."""

    daemon_threads = True

    def __init__(self, **files: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = dict(files)
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.changed_at = 1_790_000_000.0
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()


def status(code: int, **headers: str) -> Fault:
    return lambda handler: handler.answer(code, b"<html>no</html>", **headers)


def redirect(to: str) -> Fault:
    return status(302, Location=to)


def page(text: bytes) -> Fault:
    return lambda handler: handler.answer(200, text, Content_Type="text/html")


def cut_off(body: bytes, missing: int) -> Fault:
    """Ends before as many bytes were sent as were promised."""
    return lambda handler: handler.answer(200, body, len(body) + missing)


def endless(handler: Handler) -> None:
    """Sends more and more, and never says how much it is."""
    handler.answer(200, b"", -1)
    while True:
        handler.wfile.write(b"x" * 65536)


def drip(handler: Handler) -> None:
    """Sends a byte now and then, and never says how many there are."""
    handler.answer(200, b"", -1)
    drop_on(handler)


def drip_headers(handler: Handler) -> None:
    """Never ends its headers."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    drop_on(handler)


def drop_on(handler: Handler) -> None:
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def folded(body: bytes, cut: int | None = None) -> Fault:
    """Gzipped on the way, and perhaps cut off in the middle."""
    return lambda handler: handler.answer(200, gzip.compress(body)[:cut], Content_Encoding="gzip")


def late(seconds: float) -> Fault:
    """Serves the file after a while."""

    def serve(handler: Handler) -> None:
        time.sleep(seconds)
        handler.file()

    return serve


def hang_up(handler: Handler) -> None:
    """Says nothing."""
