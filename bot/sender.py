"""Sends what the outbox holds: each message once, whoever else sends from it, and however often a process dies."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from sqlalchemy.orm import Session

from bot import endings
from bot.clock import attempt
from bot.delivery import Delivery
from bot.mail import GIVE_UP, Outgoing, Sending
from bot.slack import Ending
from bot.store import channels, outbox, pace
from bot.store.database import Database
from bot.workspaces import Workspaces

log = logging.getLogger("flagpost")

Settled: TypeAlias = Callable[[Session, Outgoing, Ending, datetime], None]
"""Hears how a message ended, in the transaction in which it does."""

LEASE = timedelta(seconds=20)
"""How long a message counts as being sent by a process that gives no sign of life."""

SLOWEST = 300
"""Seconds between two tries, at most."""

HANDS = 16
"""How many messages are sent at a time: one that hangs must not hold up others."""

PAUSE = 0.25
"""Seconds between two looks at what may be sent, while something soon may."""

SOON = timedelta(seconds=2)
"""What may be sent by then is waited for."""

MANY = 3
"""In how many channels at a time Slack takes no more when it is the workspace that is meant."""

TIRED = 500
"""After how many tries a message is given up, whatever happened: it may be one that no process survives, or never found out."""

PORTION = 500
"""How much is given up at a time."""


class Sender:
    """Sends from one database to the workspaces that we speak for; `settled` hears how each message ended."""

    def __init__(
        self, database: Database, workspaces: Workspaces, now: Callable[[], datetime], settled: Settled
    ) -> None:
        self.database, self.workspaces, self.now, self.settled = database, workspaces, now, settled
        self.delivery = Delivery(database, now)
        self.blocked: dict[pace.Where, datetime] = {}
        self.under_way: set[str] = set()
        self.is_stopping = False

    def stop(self) -> None:
        """Lets what is under way be the last."""
        self.is_stopping = True

    def deliver_all(self) -> int:
        """Sends what may be sent now and what may soon be, waiting out the pace; says how many messages it took on."""
        taken = 0
        while not self.is_stopping and self._is_more_soon():
            if more := self.deliver_due():
                taken += more
            else:
                time.sleep(PAUSE)
        return taken

    def deliver_due(self) -> int:
        """Sends what may be sent now, the most urgent first, also what a process that died was sending; says how many messages it
        took on."""
        busy: list[threading.Thread] = []
        taken = 0
        while not self.is_stopping:
            claimed = self._claim(HANDS - len(busy))
            taken += len(claimed)
            busy += [self._hand(one) for one in claimed]
            if not busy:
                return taken
            until = time.monotonic() + PAUSE
            for one in busy:
                one.join(max(0.0, until - time.monotonic()))
            busy = [one for one in busy if one.is_alive()]
        for one in busy:
            one.join()
        return taken

    def _claim(self, most: int) -> list[Sending]:
        ours = self.workspaces.ids
        if not ours or most < 1:
            return []
        now = self.now()
        with self.database.writing() as session:
            claimed = outbox.claim(session, now, now + LEASE, most, ours)
        self.under_way.update(one.outgoing.key for one in claimed)
        return claimed

    def _hand(self, sending: Sending) -> threading.Thread:
        send = partial(attempt, f"sending {sending.outgoing.key}", partial(self._send, sending, is_held=True))
        thread = threading.Thread(target=send, name=sending.outgoing.key, daemon=True)
        thread.start()
        return thread

    def _is_more_soon(self) -> bool:
        with self.database.reading() as session:
            return outbox.may_send_by(session, self.now() + SOON, self.workspaces.ids)

    def reserve(self, session: Session, outgoing: Outgoing) -> Sending | None:
        """Reserves a message that this process is to `send` at once when the transaction of `session` has ended. None where
        one of the same key was reserved before."""
        now = self.now()
        is_new = outbox.reserve(session, outgoing, now, sending_until=now + LEASE)
        return Sending(outgoing, now, attempts=1, may_have_arrived=False) if is_new else None

    def send(self, sending: Sending) -> None:
        """Sends what was reserved to be sent at once, and notes how it went."""
        self._send(sending, is_held=False)

    def _send(self, sending: Sending, *, is_held: bool) -> None:
        """`is_held`: the channel takes nothing else until we say so."""
        one = sending.outgoing
        self.under_way.add(one.key)
        try:
            ending = self._try(sending)
            self._note(sending, ending, is_held=is_held)
        finally:
            self.under_way.discard(one.key)

    def beat(self) -> None:
        """Says that this process lives, where it is sending something."""
        if keys := list(self.under_way):
            with self.database.writing() as session:
                outbox.keep_taken(session, keys, self.now() + LEASE)

    def _try(self, sending: Sending) -> Ending:
        one = sending.outgoing
        if sending.attempts > TIRED:
            state = "unsettled" if sending.may_have_arrived else "failed"
            return Ending(state, why="it was tried too often", asked=False)
        untried = "unsure" if sending.may_have_arrived else "later"
        wait = (self.blocked.get((one.workspace, one.channel), self.now()) - self.now()).total_seconds()
        if wait > 0:
            return Ending(untried, why="ratelimited", seconds=wait, asked=False)
        slack = self.workspaces.of(one.workspace)
        if slack is None:
            return Ending(untried, why="there is no token of this workspace", asked=False)
        ending = self.delivery.deliver(slack, sending)
        if _is_full(ending):
            self.blocked[one.workspace, one.channel] = self.now() + timedelta(seconds=ending.seconds)
        return ending

    def _note(self, sending: Sending, ending: Ending, *, is_held: bool) -> None:
        one, now = sending.outgoing, self.now()
        wait = timedelta(seconds=ending.seconds or min(2**sending.attempts, SLOWEST))
        is_old = now - sending.reserved_at > GIVE_UP
        with self.database.writing() as session:
            if ending.state == "unsure" or (ending.state == "later" and not is_old):
                self._again(session, sending, ending, now + wait)
            else:
                self._end(session, one, ending, now)
            # Last, since others wait for it.
            is_well_again = self._keep_pace(session, sending, ending, now, wait, is_held=is_held)
        if ending.state == "sent":
            log.info("%s sent", one.key)
        else:
            log.warning("%s %s: %s", one.key, ending.state, ending.why)
        # In transactions of their own: this one holds what others want.
        if ending.everywhere and is_held:
            attempt(f"giving up in {one.workspace}", partial(self._give_up_old, one.workspace, ending, now))
        if is_well_again:
            attempt(f"going on in {one.workspace}", partial(self._go_on, one.workspace, now))

    def _again(self, session: Session, sending: Sending, ending: Ending, due_at: datetime) -> None:
        """Where the channel or the whole workspace waits, the message keeps its place in what waits there."""
        waits_anyway = ending.everywhere or (_is_full(ending) and not sending.outgoing.response_url)
        at = sending.reserved_at if waits_anyway else due_at
        outbox.again(session, sending, at, ending.why, may_have_arrived=ending.state == "unsure")

    def _end(self, session: Session, one: Outgoing, ending: Ending, now: datetime) -> None:
        state = "failed" if ending.state == "later" else ending.state
        if not outbox.settle(session, one.key, state, now, ending.ts, ending.why):
            return
        if ending.channel.startswith(channels.DIRECT) and ending.channel != one.channel:
            channels.met(session, one.workspace, one.channel, ending.channel)
        self.settled(session, one, replace(ending, state=state), now)

    def _give_up_old(self, workspace: str, ending: Ending, now: datetime) -> None:
        """What has waited for too long for a workspace that takes nothing is not tried one by one."""
        before = now - GIVE_UP
        with self.database.reading() as session:
            found = outbox.given_up_in(session, workspace, now, before, PORTION)
        # Each channel by itself: of two that hold what is kept of one and want that of another, each could wait for the other.
        for channel in found:
            with self.database.writing() as session:
                for one in outbox.given_up(session, (workspace, channel), now, before, PORTION):
                    self._end(session, one, replace(ending, state="failed"), now)

    def _go_on(self, workspace: str, now: datetime) -> None:
        with self.database.writing() as session:
            endings.well_again(session, workspace, now)

    def _keep_pace(
        self, session: Session, sending: Sending, ending: Ending, now: datetime, wait: timedelta, *, is_held: bool
    ) -> bool:
        """Says whether a workspace that took nothing does again."""
        one, is_well_again = sending.outgoing, False
        if one.response_url:
            return False
        # The workspace before the channel, as whoever claims: else two could wait for each other.
        if _is_full(ending) or not is_held:
            pace.spend(session, {one.workspace: 0 if is_held else 1}, now, now)
        if ending.everywhere or (_is_full(ending) and self._is_workspace_full(session, one.workspace, now)):
            pace.trouble(session, one.workspace, now + wait, is_tried=is_held)
        elif ending.asked and ending.state != "unsure":
            is_well_again = pace.well(session, one.workspace)
        at = now + (wait if _is_full(ending) else pace.BETWEEN)
        (pace.free if is_held else pace.delay)(session, (one.workspace, one.channel), at)
        return is_well_again

    def _is_workspace_full(self, session: Session, workspace: str, now: datetime) -> bool:
        is_tried = pace.free_at(session, (workspace, pace.TROUBLE)) is not None
        return is_tried or len(outbox.limited(session, workspace, now)) >= MANY


def _is_full(ending: Ending) -> bool:
    """Whether the channel takes no more for now."""
    return ending.why == "ratelimited" and ending.state == "later"
