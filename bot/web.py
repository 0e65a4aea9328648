"""The HTTP side: Slack's requests to Bolt, and beside them whether the process lives, can answer, and what it counted."""

import logging
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot import config
from bot.errors import FlagpostError, Missing
from bot.running import Running
from bot.signature import Signature

log = logging.getLogger("flagpost")

EVENTS = "/slack/events"

LARGEST = 1_000_000
"""Bytes of a request that are read; Slack's own are far smaller."""

PLAIN = "text/plain; charset=utf-8"


class Site:
    """The WSGI application."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.slack = SlackRequestHandler(running.doing.app, path=EVENTS)
        self.signature = Signature(running.office.settings.slack_signing_secret)
        self.pages = {
            "/healthz": self._lives,
            "/readyz": self._is_ready,
            "/metrics": self._metrics,
            EVENTS: self._lives,
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """One request. https://peps.python.org/pep-3333/"""
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == EVENTS and method == "POST":
            return self._from_slack(environ, start_response)
        if path in self.pages and method in ("GET", "HEAD"):
            status, body = self.pages[path]()
            return _respond(start_response, status, body if method == "GET" else b"")
        return _respond(start_response, "404 Not Found", b"not found\n")

    def _from_slack(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Nothing of a request is read but its bytes before its signature is found to fit."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST:
            return _respond(start_response, "413 Content Too Large", b"too large\n")
        body = environ["wsgi.input"].read(int(length))
        timestamp, signature = (environ.get(f"HTTP_X_SLACK_{name}", "") for name in ("REQUEST_TIMESTAMP", "SIGNATURE"))
        if not self.signature.fits(body, timestamp, signature):
            self.running.metrics.refused.inc()
            log.warning("a request without a valid signature was refused")
            return _respond(start_response, "401 Unauthorized", b"invalid signature\n")
        return self.slack({**environ, "wsgi.input": BytesIO(body)}, start_response)

    def close(self) -> None:
        """Ends the bot behind it."""
        self.running.stop()

    def _lives(self) -> tuple[str, bytes]:
        return "200 OK", b"ok\n"

    def _is_ready(self) -> tuple[str, bytes]:
        try:
            self.running.make_ready()
        except Missing as error:
            log.error("not ready: %s", error)
            return "503 Service Unavailable", b"the database does not answer, or is not set up\n"
        return "200 OK", b"ready\n"

    def _metrics(self) -> tuple[str, bytes]:
        try:
            return "200 OK", self.running.metrics.text(self.running.waiting())
        except Missing:
            return "200 OK", self.running.metrics.text({})


def _respond(start_response: Callable[..., Any], status: str, body: bytes) -> Iterable[bytes]:
    start_response(status, [("Content-Type", PLAIN), ("Content-Length", str(len(body)))])
    return [body]


def create(clock: bool = True) -> Site:
    """The site for a WSGI server, with its loops running: `gunicorn --config python:bot.gunicorn_conf "bot.web:create()"`.
    Ends the process with status 3 and one line where something is missing."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    log.setLevel(logging.INFO)
    try:
        site = Site(Running(config.read(), with_clock=clock))
        site.running.start()
    except FlagpostError as error:
        log.critical("%s", error)
        sys.exit(3)
    return site
