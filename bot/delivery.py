"""Hands one message to Slack: looks first whether it is there, uploads what goes with it, leaves out what Slack refuses."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot import limits
from bot.mail import WITHHELD, Attachment, Outgoing, Sending
from bot.slack import Ending, Slack
from bot.store import channels, pace
from bot.store.database import Database

log = logging.getLogger("flagpost")

UNSHOWABLE = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")

LOOKING = timedelta(seconds=3)
"""How long one look through what was said keeps other processes from theirs, at most."""

PATIENCE = 5.0
"""Seconds that a look waits for the others of this process."""

PROCESSING = (1.0, 3.0)
"""Seconds that Slack is given, again and again, to get ready a picture that was uploaded.
https://github.com/slackapi/python-slack-sdk/issues/1521"""

MOST_UPLOADS, UPLOADING = 3, timedelta(minutes=10)
"""How often, and for how long, a message is tried with its file at least; then it goes without."""


class Delivery:
    """One process's way to Slack; what others must know of what it does is in the database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self.database, self.now = database, now
        self.looking = threading.Lock()

    def deliver(self, slack: Slack, sending: Sending) -> Ending:
        """Sends a message, unless it is found to have arrived before, or others read along who may not read it."""
        one = sending.outgoing
        is_withheld = one.inside and not self._is_inside(one)
        if one.parent and not one.payload.get("thread_ts"):
            why = WITHHELD if is_withheld else "the message it belongs under was not sent"
            return Ending("failed", why=why, asked=False)
        if sending.may_have_arrived:
            found = self._found(slack, sending)
            if found.state != "absent":
                return found
        if is_withheld:
            return Ending("failed", why=WITHHELD, asked=False)
        if one.response_url:
            return self._post(slack, one)
        is_enough = sending.attempts > MOST_UPLOADS and self.now() - sending.reserved_at > UPLOADING
        file = None if is_enough else one.attachment
        if file and file.kind == "sheet":
            return self._share(slack, one, file)
        return self._show(slack, one, file) if file else self._post(slack, one)

    def _is_inside(self, one: Outgoing) -> bool:
        with self.database.reading() as session:
            return channels.is_inside(session, one.workspace, one.channel)

    def _found(self, slack: Slack, sending: Sending) -> Ending:
        """Whether a message that was being sent has arrived. Where that cannot be known, an answer is sent again, since
        somebody waits for it; what must never be said twice is not."""
        one = sending.outgoing
        if one.response_url:
            return Ending("absent")
        found = self._look(slack, one, sending.reserved_at)
        if found.state == "unknown":
            return replace(found, state="unsettled") if one.only_once else Ending("absent")
        return replace(found, state="unsure") if found.state == "later" else found

    def _look(self, slack: Slack, one: Outgoing, since: datetime) -> Ending:
        channel = self._conversation(one)
        if channel.startswith(channels.PERSON):
            why = "it is not known which conversation with this person is the direct one"
            return Ending("unknown", why=why, asked=False)
        if not self.looking.acquire(timeout=PATIENCE):
            return Ending("later", why="others are looked for")
        try:
            return self._look_in_turn(slack, one, channel, since)
        finally:
            self.looking.release()

    def _look_in_turn(self, slack: Slack, one: Outgoing, channel: str, since: datetime) -> Ending:
        """One at a time in a workspace: some apps may look once a minute, and of many looks Slack refuses all but the first."""
        looks, now = (one.workspace, pace.LOOKS), self.now()
        with self.database.writing() as session:
            is_ours = looks in pace.hold(session, {looks}, now, now + LOOKING)
            free_at = pace.free_at(session, looks) or now
        if not is_ours:
            return Ending("later", why="others are looked for", seconds=max(1.0, (free_at - now).total_seconds()))
        file = one.attachment.name if one.attachment and one.attachment.kind == "sheet" else ""
        found = slack.find(one.key, file, {**one.payload, "channel": channel}, since)
        with self.database.writing() as session:
            pace.free(session, looks, self.now() + timedelta(seconds=found.seconds))
        return found

    def _conversation(self, one: Outgoing) -> str:
        """The channel as Slack lists it: what is sent to a person stands in the direct conversation."""
        channel = str(one.payload["channel"])
        if not channel.startswith(channels.PERSON):
            return channel
        with self.database.reading() as session:
            return channels.direct(session, one.workspace, channel) or channel

    def _post(self, slack: Slack, one: Outgoing) -> Ending:
        payload = one.payload
        if wrong := limits.broken(payload.get("text") or "-", payload.get("blocks") or []):
            log.error("%s is sent as plain text: %s", one.key, "; ".join(wrong))
            payload = {**payload, "blocks": []}
        url = one.response_url
        ending = slack.respond(url, payload) if url else slack.post(one.key, payload)
        if ending.why in UNSHOWABLE and payload.get("blocks"):
            return self._post(slack, replace(one, payload={**payload, "blocks": []}))
        return ending

    def _show(self, slack: Slack, one: Outgoing, picture: Attachment) -> Ending:
        """Posts a message with a picture below, or without where Slack does not show it."""
        uploaded = self._uploaded(slack, picture)
        ended = slack.share(uploaded.file, picture) if uploaded.state == "sent" else uploaded
        if ended.state != "sent":
            return self._without(slack, one, ended)
        shown: dict[str, Any] = {
            "type": "image",
            "slack_file": {"id": uploaded.file},
            "alt_text": picture.alt or picture.title,
            "title": {"type": "plain_text", "text": picture.title},
        }
        payload = {**one.payload, "blocks": [*(one.payload.get("blocks") or []), shown]}
        if limits.broken(payload.get("text") or "-", payload["blocks"]):
            return self._post(slack, one)
        ending = slack.post(one.key, payload)
        for seconds in PROCESSING:
            if ending.why not in UNSHOWABLE:
                return ending
            time.sleep(seconds)
            ending = slack.post(one.key, payload)
        return self._post(slack, one) if ending.why in UNSHOWABLE else ending

    def _share(self, slack: Slack, one: Outgoing, sheet: Attachment) -> Ending:
        """Shares a file with the message's text beside it, or says the text alone where that is refused."""
        uploaded = self._uploaded(slack, sheet)
        if uploaded.state != "sent":
            return self._without(slack, one, uploaded)
        where = {"channel_id": self._conversation(one), "initial_comment": one.payload.get("text") or ""}
        if thread := one.payload.get("thread_ts"):
            where["thread_ts"] = thread
        ended = slack.share(uploaded.file, sheet, where)
        return ended if ended.state in ("sent", "unsure") else self._without(slack, one, ended)

    def _uploaded(self, slack: Slack, file: Attachment) -> Ending:
        """Until an upload is ended nobody sees it: it can be done again."""
        ending = slack.upload(file)
        return replace(ending, state="later") if ending.state == "unsure" else ending

    def _without(self, slack: Slack, one: Outgoing, ending: Ending) -> Ending:
        """The message without its file, where Slack does not take that; where it could not be asked, all waits."""
        if ending.state == "failed" or ending.why == "missing_scope":
            log.warning("%s goes without %s: %s", one.key, one.attachment.name if one.attachment else "", ending.why)
            return self._post(slack, one)
        return replace(ending, state="later")
