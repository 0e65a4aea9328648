"""Slack's Web API as we use it: each call says how it went, and whether what was sent can have arrived."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http.client import HTTPException
from typing import Any, TypeAlias
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot import transfer
from bot.errors import Missing, Refused
from bot.mail import Attachment, Identity

Payload: TypeAlias = Mapping[str, Any]

TIMEOUT = 10
"""Seconds to wait for an answer of Slack's."""

KEY = "flagpost_key"
"""What a message's metadata calls the key by which we find it again."""

ALT = 1000
"""Characters of the description of a picture, at most."""

RECENT = 200
"""How many messages are looked through for one that may have arrived."""

SCOPES = frozenset({"app_mentions:read", "chat:write", "commands", "im:history"})
"""What the bot must be allowed; manifest.json asks for it."""

OPTIONAL = ("files:read", "files:write", "channels:history", "groups:history")
"""What the bot can be without; manifest.json asks for it too."""

MENDABLE = ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope")
"""Refusals that whoever runs the bot can mend: what they refuse waits. https://docs.slack.dev/reference/methods/chat.postMessage"""

TROUBLE = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
"""Slack's own failures, after which nobody knows what was done."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call went: `sent`, `failed` (for good), `later` (surely not taken; try again), `unsure` (may have been taken);
    `absent` and `unknown` for what was looked for. `seconds` to wait first, where Slack says so. `everywhere`: so it goes with
    whatever is sent to this workspace for now. Of what was sent, `ts` and `channel` say where it stands; of a file, `file`
    is its id. `asked`: whether Slack was."""

    state: str
    ts: str = ""
    why: str = ""
    seconds: float = 0.0
    everywhere: bool = False
    channel: str = ""
    file: str = ""
    asked: bool = True


class Slack:
    """One workspace's Slack, by its token and the address of the Web API."""

    def __init__(self, token: str, url: str) -> None:
        # No retries: Slack has no key that would keep a second try from posting twice.
        self.client = WebClient(token=token, base_url=url, timeout=TIMEOUT, retry_handlers=[], logger=_silent())
        self.known: Identity | None = None

    def identity(self) -> Identity:
        """Who the token says we are; asked once. Raises Missing where Slack cannot be reached, Refused where it does not
        take the token."""
        if self.known is None:
            self.known = self._identity()
        return self.known

    def _identity(self) -> Identity:
        try:
            who = self.client.auth_test()
        except SlackApiError as error:
            why, ending = _code(error), _refused(error)
            if ending.state == "unsure" or ending.seconds:
                raise Missing(f"Slack cannot say at the moment who we are: {why}") from error
            raise Refused(f"Slack does not take SLACK_BOT_TOKEN: {why}") from error
        except (OSError, HTTPException) as error:
            raise Missing(f"Slack cannot be reached at {self.client.base_url}: {error}") from error
        scopes = str(_header(who.headers, "x-oauth-scopes")).split(",")
        return Identity(
            str(who.get("team_id", "")),
            str(who.get("team", "")),
            str(who.get("user_id", "")),
            str(who.get("bot_id", "")),
            frozenset(scope.strip() for scope in scopes if scope.strip()),
        )

    def post(self, key: str, payload: Payload) -> Ending:
        """Posts a message; its metadata carries `key`."""
        metadata = {"event_type": "flagpost_message", "event_payload": {KEY: key}}
        return self._call("chat.postMessage", {**payload, "metadata": metadata})

    def upload(self, attachment: Attachment) -> Ending:
        """Uploads a file that nobody sees yet: `sent` with its id."""
        about = {"filename": attachment.name, "length": len(attachment.data)}
        if attachment.alt:
            about["alt_txt"] = attachment.alt[:ALT]
        try:
            given = self.client.api_call("files.getUploadURLExternal", params=about)
            transfer.put(str(given["upload_url"]), attachment.data, TIMEOUT)
        except SlackApiError as error:
            return _refused(error)
        except (OSError, HTTPException) as error:
            return Ending("later", why=str(error) or type(error).__name__)
        return Ending("sent", file=str(given["file_id"]))

    def share(self, file: str, attachment: Attachment, where: Payload | None = None) -> Ending:
        """Ends an upload: the file stands in a channel then, in a thread or with a text where `where` says so, or it can be shown
        in messages. https://docs.slack.dev/reference/methods/files.completeUploadExternal"""
        files = [{"id": file, "title": attachment.title}]
        return self._call("files.completeUploadExternal", {"files": files, **(where or {})})

    def download(self, url: str, most: int) -> bytes:
        """A file that a person uploaded, by its `url_private`. Raises UserError where it is bigger than `most` bytes or may not
        be read, Missing where Slack cannot be reached."""
        return transfer.get(url, self.client.token or "", self.client.base_url, most, TIMEOUT)

    def open_view(self, trigger_id: str, view: Payload) -> Ending:
        """Opens a modal; a trigger is good for three seconds, once."""
        return self._call("views.open", {"trigger_id": trigger_id, "view": view})

    def update_view(self, view_id: str, view: Payload) -> Ending:
        """Shows another page in a modal that is open."""
        return self._call("views.update", {"view_id": view_id, "view": view})

    def publish_home(self, user: str, view: Payload) -> Ending:
        """Shows a person the app's home."""
        return self._call("views.publish", {"user_id": user, "view": view})

    def respond(self, url: str, payload: Payload) -> Ending:
        """Answers by a response URL: five times within half an hour.
        https://docs.slack.dev/interactivity/handling-user-interaction#message_responses"""
        try:
            response = WebhookClient(url, timeout=TIMEOUT, retry_handlers=[], logger=_silent()).send_dict(dict(payload))
        except (OSError, HTTPException) as error:
            return replace(_unanswered(error), everywhere=False)
        if response.status_code == 200:
            # "ok" as plain text, or JSON where something was wrong with what was said.
            why = "" if response.body.strip() in ("ok", "") else _said(response.body)
            return Ending("failed", why=why) if why else Ending("sent")
        if response.status_code == 429:
            return Ending("later", why="ratelimited", seconds=_wait(response.headers))
        why = f"{response.status_code} {response.body[:80]}"
        return Ending("unsure" if response.status_code >= 500 else "failed", why=why)

    def find(self, key: str, file: str, where: Payload, since: datetime) -> Ending:
        """Looks for a message that may have arrived in the channel or thread of `where`, by its key or its file: `sent`,
        `absent`, or `unknown` where that may not be read, or too much was said there since."""
        asked = {"channel": where["channel"], "oldest": f"{since.timestamp() - 60:.6f}", "limit": RECENT}
        if where.get("thread_ts"):
            method, asked = "conversations.replies", {**asked, "ts": where["thread_ts"]}
        else:
            method = "conversations.history"
        try:
            found = self.client.api_call(method, params={**asked, "include_all_metadata": True})
        except SlackApiError as error:
            ending = _refused(error)
            if ending.state == "failed" or ending.why == "missing_scope":
                return Ending("unknown", why=ending.why)
            return replace(ending, state="later")
        except (OSError, HTTPException) as error:
            return replace(_unanswered(error), state="later")
        ours = [one for one in found.get("messages") or [] if _is_ours(one, key, file)]
        if not ours and found.get("has_more"):
            return Ending("unknown", why=f"not among the {RECENT} messages that were looked through")
        return Ending("sent", ts=ours[0]["ts"], channel=where["channel"]) if ours else Ending("absent")

    def _call(self, method: str, body: dict[str, Any]) -> Ending:
        try:
            response = self.client.api_call(method, json=body)
        except SlackApiError as error:
            return _refused(error)
        except (OSError, HTTPException) as error:
            return _unanswered(error)
        return Ending("sent", ts=str(response.get("ts") or ""), channel=str(response.get("channel") or ""))


def _is_ours(message: Mapping[str, Any], key: str, file: str) -> bool:
    files: Sequence[Mapping[str, Any]] = message.get("files") or ()
    named = (message.get("metadata") or {}).get("event_payload", {}).get(KEY)
    return named == key or (file != "" and any(one.get("name") == file for one in files))


def anonymous(url: str) -> WebClient:
    """A client that bears no token of a workspace."""
    return WebClient(base_url=url, timeout=TIMEOUT, retry_handlers=[], logger=_silent())


def app_token_fault(token: str, url: str) -> str:
    """Why an app token cannot open a Socket Mode connection; empty where it can."""
    try:
        anonymous(url).apps_connections_open(app_token=token)
    except SlackApiError as error:
        return _code(error)
    except (OSError, HTTPException) as error:
        return str(error)
    return ""


def _silent() -> logging.Logger:
    """What goes wrong is said by whoever called."""
    logger = logging.getLogger("flagpost.wire")
    logger.setLevel(logging.CRITICAL)
    return logger


def _refused(error: SlackApiError) -> Ending:
    status, code = error.response.status_code, _code(error)
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return Ending("later", why="ratelimited", seconds=_wait(error.response.headers))
    if status >= 500 or code in TROUBLE or not code.replace("_", "").isalnum():
        # Also where what came was not Slack's answer at all, but some proxy's page.
        return Ending("unsure", why=code)
    return Ending("later", why=code, everywhere=True) if code in MENDABLE else Ending("failed", why=code)


def _unanswered(error: Exception) -> Ending:
    """urllib wraps what goes wrong before the request is out; what is not wrapped went wrong while waiting for the answer."""
    why = str(error) or type(error).__name__
    return Ending("later", why=why, everywhere=True) if isinstance(error, URLError) else Ending("unsure", why=why)


def _code(error: SlackApiError) -> str:
    data = error.response.data
    return str(data.get("error", ""))[:200] if isinstance(data, dict) else f"HTTP {error.response.status_code}"


def _said(body: str) -> str:
    """The error in a JSON answer; empty for one that says ok."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("error", "refused")) if isinstance(told, dict) and told.get("ok") is False else ""


def _wait(headers: Mapping[str, Any]) -> float:
    """Seconds to wait by Retry-After; a second where it says nothing that can be read."""
    said = str(_header(headers, "retry-after"))
    return max(1.0, float(said)) if said.isascii() and said.replace(".", "", 1).isdigit() else 1.0


def _header(headers: Mapping[str, Any], name: str) -> Any:
    value = next((value for key, value in headers.items() if key.lower() == name), "")
    return value[0] if isinstance(value, list) and value else value
