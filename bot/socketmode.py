"""Socket Mode: a connection that we open to Slack, where no address of ours can be reached from outside."""

import logging
import threading
import time
from http.client import HTTPException

from slack_bolt import App
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config import Settings
from bot.errors import Missing, Refused

log = logging.getLogger("flagpost")

LOOK = 1.0
"""Seconds between two looks at the connection."""

PING = 2.0
"""Seconds between two pings. Slack's client does not see that the other end is gone but by four or five pings without an
answer, and keeps a whole core busy until then."""

LOST = 60.0
"""Seconds without a connection after which the process ends, for whoever supervises it to start another."""


class Connection:
    """The connection; Slack's client renews it by itself as long as that works."""

    def __init__(self, app: App, settings: Settings) -> None:
        # The bot token goes with no call here: connections are opened by the app token alone.
        web = WebClient(base_url=settings.slack_api_url)
        self.quiet = logging.getLogger("flagpost.socket")
        self.handler = SocketModeHandler(
            app, settings.slack_app_token, logger=self.quiet, web_client=web, ping_interval=PING
        )

    def hold(self, told: threading.Event) -> None:
        """Connects, and stays so until told to end. Raises Refused where Slack does not take the token, Missing where the
        connection is lost for good."""
        try:
            self._connect()
            log.info("connected to Slack in Socket Mode")
            self._watch(told)
        finally:
            self.handler.close()

    def _connect(self) -> None:
        self.quiet.setLevel(logging.CRITICAL)  # what fails here is raised, and told once
        try:
            self.handler.connect()
        except SlackApiError as error:
            why = str(error.response.get("error", ""))
            if error.response.status_code != 200:
                raise Missing(f"Slack does not open a connection: {why}") from error
            raise Refused(f"Slack does not take SLACK_APP_TOKEN: {why}") from error
        except (OSError, HTTPException) as error:
            raise Missing(f"Slack cannot be reached: {error}") from error
        self.quiet.setLevel(logging.WARNING)

    def _watch(self, told: threading.Event) -> None:
        seen = time.monotonic()
        while not told.wait(LOOK):
            if self.handler.client.is_connected():
                seen = time.monotonic()
            elif time.monotonic() - seen > LOST:
                raise Missing(f"the connection to Slack has been lost for {LOST:.0f} seconds")
