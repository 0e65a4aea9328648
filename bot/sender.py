"""Sends what the outbox holds: each message once, whoever else sends from it, and however often a process dies."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot import limits
from bot.mail import Outgoing, Sending
from bot.slack import Outcome, Slack
from bot.store import outbox
from bot.store.database import Database

log = logging.getLogger("flagpost")

LEASE = timedelta(seconds=20)
"""How long a message counts as being sent by a process that gives no sign of life."""

GIVE_UP = timedelta(days=1)
SLOWEST = 300
"""Seconds between two tries, at most."""

PORTION = 100
UNSHOWABLE = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")


class Sender:
    """Sends from one database to one workspace's Slack."""

    def __init__(self, database: Database, slack: Slack, now: Callable[[], datetime]) -> None:
        self.database, self.slack, self.now = database, slack, now
        self.blocked: dict[str, datetime] = {}
        self.under_way: set[str] = set()
        self.is_stopping = False

    def stop(self) -> None:
        """Lets what is under way be the last."""
        self.is_stopping = True

    def deliver_due(self) -> int:
        """Sends what waits and what a process that died was sending; says how many messages it took on."""
        with self.database.reading() as session:
            waiting = outbox.due(session, self.now(), PORTION)
        us = self.slack.known
        ours = [key for key, workspace in waiting if us is None or workspace == us.workspace]
        return sum(self.deliver(key) for key in ours if not self.is_stopping)

    def deliver(self, key: str) -> bool:
        """Sends one message now, and notes how it went. False where it is settled, or somebody is at it, or it waits for the one
        whose thread it belongs in."""
        if key in self.under_way:
            return False
        with self.database.writing() as session:
            sending = outbox.take(session, key, self.now(), self.now() + LEASE)
        if sending:
            self.send(sending)
        return sending is not None

    def reserve(self, session: Session, outgoing: Outgoing) -> Sending | None:
        """Reserves a message that this process is to `send` at once when the transaction of `session` has ended. None where
        one of the same key was reserved before."""
        now = self.now()
        is_new = outbox.reserve(session, outgoing, now, sending_until=now + LEASE)
        return Sending(outgoing, now, attempts=1, may_have_arrived=False) if is_new else None

    def send(self, sending: Sending) -> None:
        """Sends what was taken, and notes how it went."""
        self.under_way.add(sending.outgoing.key)
        try:
            outcome = self._try(sending)
            if outcome.why == "ratelimited":
                self.blocked[sending.outgoing.channel] = self.now() + timedelta(seconds=outcome.seconds)
            self._note(sending, outcome)
        finally:
            self.under_way.discard(sending.outgoing.key)

    def beat(self) -> None:
        """Says that this process lives, where it is sending something."""
        if keys := list(self.under_way):
            with self.database.writing() as session:
                outbox.keep_taken(session, keys, self.now() + LEASE)

    def _try(self, sending: Sending) -> Outcome:
        one = sending.outgoing
        if one.parent and not one.payload.get("thread_ts"):
            return Outcome("failed", why="the message it belongs under was not sent")
        wait = (self.blocked.get(one.channel, self.now()) - self.now()).total_seconds()
        if wait > 0:
            return Outcome("later", why="ratelimited", seconds=wait)
        if sending.may_have_arrived:
            found = self._found(sending)
            if found.state != "absent":
                return found
        return self._send(one)

    def _found(self, sending: Sending) -> Outcome:
        """Whether a message that was being sent has arrived. Where that cannot be known, an answer is sent again, since
        somebody waits for it; what must never be said twice is not."""
        one = sending.outgoing
        if one.response_url:
            return Outcome("absent")
        found = self.slack.find(one.key, one.payload, sending.reserved_at)
        if found.state == "unknown":
            return Outcome("unsettled", why=found.why) if one.only_once else Outcome("absent")
        return replace(found, state="unsure") if found.state == "later" else found

    def _send(self, one: Outgoing) -> Outcome:
        payload = one.payload
        if wrong := limits.broken(payload.get("text") or "-", payload.get("blocks") or []):
            log.error("%s is sent as plain text: %s", one.key, "; ".join(wrong))
            payload = {**payload, "blocks": []}
        url = one.response_url
        outcome = self.slack.respond(url, payload) if url else self.slack.post(one.key, payload)
        if outcome.why in UNSHOWABLE and payload.get("blocks"):
            return self._send(replace(one, payload={**payload, "blocks": []}))
        return outcome

    def _note(self, sending: Sending, outcome: Outcome) -> None:
        key, now = sending.outgoing.key, self.now()
        wait = timedelta(seconds=outcome.seconds or min(2**sending.attempts, SLOWEST))
        given_up = now - sending.reserved_at > GIVE_UP
        with self.database.writing() as session:
            if outcome.state in ("later", "unsure") and not given_up:
                outbox.again(session, key, now + wait, outcome.why, may_have_arrived=outcome.state == "unsure")
            else:
                ended = {"later": "failed", "unsure": "unsettled"}.get(outcome.state, outcome.state)
                outbox.settle(session, key, ended, now, outcome.ts, outcome.why)
        if outcome.state == "sent":
            log.info("%s sent", key)
        else:
            log.warning("%s %s: %s", key, outcome.state, outcome.why)
