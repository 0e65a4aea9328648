"""Verbs that run the bot: `serve`, `socket`, `work`."""

import argparse
import importlib.util
import logging
import os
import signal
import socket as listening
import sys
import threading

from bot.cli.parts import Verbs, moment, need, ready, verb
from bot.clock import Clock
from bot.config import Settings
from bot.errors import Missing, UserError
from bot.running import Running
from bot.socketmode import Connection
from bot.workspaces import Workspaces

log = logging.getLogger("flagpost")


def serve(verbs: Verbs) -> None:
    """Slack over HTTP."""
    one = verb(verbs, "serve", _serve, "run the Slack app over HTTP", "serve --port 3000")
    one.add_argument("--port", type=int, default=0, metavar="N", help="where to listen (default: PORT, or 3000)")
    _clock(one)


def socket(verbs: Verbs) -> None:
    """Slack over a connection that we open."""
    _clock(verb(verbs, "socket", _socket, "run the Slack app in Socket Mode", "socket"))


def work(verbs: Verbs) -> None:
    """The clock by itself."""
    does = "do what runs by the clock: lists, alerts, summaries, unfinished questions"
    one = verb(verbs, "work", _work, does, "work --once --now 2026-11-24T09:00Z")
    one.add_argument(
        "--once", action="store_true", help="do what is due and end (exit status 1 where something failed)"
    )
    one.add_argument("--now", default="", metavar="TIME", help="set the clock, for tests and simulations")


def _clock(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--no-clock", action="store_true", help="no alerts, summaries or lists: `work` does them, elsewhere"
    )


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    """Becomes gunicorn, which builds the site anew in its own process."""
    need(settings, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
    if importlib.util.find_spec("fcntl") is None:
        raise Missing("serve needs Linux or macOS; on Windows run: python -m bot socket")
    port = options.port or settings.port
    _need_port(port)
    Workspaces(settings.slack_bot_tokens, settings.slack_api_url).introduce()
    site = f"bot.web:create(clock={not options.no_clock})"
    arguments = ["-m", "gunicorn", "--config", "python:bot.gunicorn_conf", "--bind", f"0.0.0.0:{port}", site]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments])


def _need_port(port: int) -> None:
    """Raises UserError where another process listens there."""
    with listening.socket() as probe:
        probe.setsockopt(listening.SOL_SOCKET, listening.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except (OSError, OverflowError) as error:
            raise UserError(f"port {port} cannot be used: {error}") from None


def _socket(options: argparse.Namespace, settings: Settings) -> int:
    need(settings, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
    running = Running(settings, with_clock=not options.no_clock)
    connection = Connection(running.doing.app, settings)
    return _until_told(running, connection)


def _work(options: argparse.Namespace, settings: Settings) -> int:
    """Without Slack, too, lists are brought up to date and what is watched from the command line is looked at."""
    ready(settings).close()
    if not settings.slack_bot_tokens:
        log.warning("SLACK_BOT_TOKEN is not set: nothing is posted")
    running = Running(settings, now=Clock(moment(options.now) if options.now else None))
    if not options.once:
        return _until_told(running)
    try:
        return 0 if running.once() else 1
    finally:
        running.stop()


def _until_told(running: Running, connection: Connection | None = None) -> int:
    """Runs until a signal, or until the connection to Slack is lost for good."""
    logging.basicConfig(force=True, format="%(asctime)s %(levelname)s %(message)s")
    log.setLevel(logging.INFO)
    told = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda number, frame: told.set())
    running.start()
    try:
        if connection is None:
            # In short turns: on Windows a wait without end does not hear Ctrl-C.
            while not told.wait(1):
                pass
        else:
            connection.hold(told)
    finally:
        running.stop()
    return 0
