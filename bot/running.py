"""The running bot: what is built for one process, its loops, and how they end."""

import logging
import time
from collections.abc import Callable, Container
from datetime import datetime
from functools import partial

from bot import digest
from bot.app import Doing, Entrance
from bot.clock import Loop, Watch, attempt
from bot.config import Settings
from bot.desk import Desk
from bot.errors import Missing
from bot.mail import Identity, Subscription
from bot.metrics import Metrics
from bot.office import Office
from bot.records import PUBLIC
from bot.sender import Sender
from bot.slack import SCOPES, Slack
from bot.store import inbox, outbox
from bot.store.database import Database, lock
from bot.syncing import Syncing
from bot.worker import BEAT, Worker

log = logging.getLogger("flagpost")

THREADS = 8
"""How many things are done at a time; most of each is waiting for Slack."""

PATIENCE = 2
"""Seconds that Slack waits at most for the database when it delivers something."""

POLL = 2.0
"""Seconds until what another process left is noticed."""

CLOCK = 15.0
"""Seconds between two looks at the daily summaries."""

LISTS = 60.0
"""Seconds between two looks at which list is due: one at a time, so that publishers are not all asked at once."""

GRACE = 8.0
"""Seconds that what is under way may take after the signal to end: Docker waits for ten, gunicorn for as long as it is told."""


class Running:
    """One process of the bot. `with_clock`: it posts the daily summaries and brings lists up to date too."""

    def __init__(
        self, settings: Settings, *, with_clock: bool = True, now: Callable[[], datetime] | None = None
    ) -> None:
        now = now or Watch()
        self.database = Database(settings.database_url)
        self.at_the_door = Database(settings.database_url, PATIENCE, self.database.turn)
        self.metrics = Metrics()
        slack = Slack(settings.slack_bot_token, settings.slack_api_url)
        sender = Sender(self.database, slack, now)
        desk = Desk(self.database, "slack", settings.index_folder, settings.required_lists)
        self.office = Office(settings, self.database, desk, slack, sender, now)
        entrance = Entrance(self.office, self.at_the_door, self.metrics, self.wake)
        self.doing = Doing(self.office, entrance, self.metrics)
        self.worker = Worker(self.database, self.doing, now)
        self.answering = Loop("answering", self.worker.drain, POLL, THREADS)
        self.loops = [
            self.answering,
            Loop("sending", sender.deliver_due, POLL),
        ]
        self.beating = Loop("beat", self._beat, BEAT)
        self.with_clock = with_clock
        self.syncing = Syncing(settings, self.database, now)
        if with_clock:
            self.loops.append(Loop("lists", partial(self.syncing.refresh, 1), LISTS))
            self.loops.append(Loop("daily summaries", self.post_daily, CLOCK))

    def wake(self) -> None:
        """Something came in."""
        self.answering.wake()

    def start(self) -> None:
        """Begins all loops. Raises Missing where the database is not set up, Refused where Slack does not take the token; that
        Slack cannot be reached for now is no reason not to begin."""
        self._need_tables()
        if who := self.office.slack.introduce():
            _say_who(who, self.with_clock)
        self.office.desk.words.compile()
        self.make_ready()
        for loop in (*self.loops, self.beating):
            loop.start()

    def make_ready(self) -> None:
        """Reads in what answers need, so that the first does not wait for it. Raises Missing where there is no database."""
        self._need_tables()
        known = self.office.slack.known
        self.office.desk.read_in(known.workspace if known else PUBLIC)

    def _need_tables(self) -> None:
        if not self.database.is_ready():
            raise Missing("the database is not set up for this version; run: python -m bot init")

    def stop(self) -> None:
        """Ends gracefully: what is under way is finished, the rest is left to the next process."""
        self.worker.stop()
        self.office.sender.stop()
        self.syncing.stop()
        until = time.monotonic() + GRACE
        for loop in self.loops:
            loop.stop()
        ended = [loop.join(until - time.monotonic()) for loop in self.loops]
        self.beating.stop()
        if not all(ended):
            attempt("giving back", self.worker.give_back)
        self.beating.join(until - time.monotonic())
        self.database.close()
        self.at_the_door.close()
        log.info("ended")

    def once(self) -> bool:
        """Does all that is due now, and ends. Whether everything went well."""
        answered = attempt("answering", self.worker.drain)
        refreshed = attempt("lists", self._refresh_all)
        _, told = self.post_daily()
        sent = attempt("sending", self._send_all)
        return answered and refreshed and told and sent

    def _refresh_all(self) -> None:
        if not self.syncing.refresh():
            raise Missing("a list could not be brought up to date")

    def _send_all(self) -> None:
        while self.office.sender.deliver_due():
            pass

    def post_daily(self, channels: Container[str] | None = None) -> tuple[list[str], bool]:
        """Posts the daily summaries that are due (only of these channels): the keys of what was sent or waits to be, and
        whether all went well. One channel's failure does not stop the others."""
        keys: list[str] = []
        with self.database.reading() as session:
            due = digest.due(session, self.office.now())
        workspace = self.office.slack.identity().workspace if due else ""
        wanted = [one for one in due if one.workspace == workspace and (channels is None or one.channel in channels)]
        went_well = [attempt(f"daily summary of {one.channel}", partial(self._reserve, one, keys)) for one in wanted]
        for key in keys:
            self.office.sender.deliver(key)
        with self.database.reading() as session:
            lost = {key for key in keys if outbox.ending(session, key)[0] in ("failed", "unsettled")}
        return [key for key in keys if key not in lost], all(went_well) and not lost

    def _reserve(self, one: Subscription, keys: list[str]) -> None:
        with self.database.writing() as session:
            # From here on, whoever loads records takes a later time for them.
            lock(session, "records")
            until = self.office.now()
        with self.database.reading() as session:
            edition = digest.prepare(session, self.office.desk.words, one, until)
        with self.database.writing() as session:
            reserved = digest.reserve(session, edition, until)
        keys += reserved

    def _beat(self) -> None:
        self.worker.beat()
        self.office.sender.beat()

    def waiting(self) -> dict[str, int]:
        """How much waits in each box."""
        with self.database.reading() as session:
            return {"inbox": inbox.waiting(session), "outbox": outbox.waiting(session)}


def _say_who(who: Identity, with_clock: bool) -> None:
    log.info(
        "in %s (%s) as %s, %s clock", who.workspace_name, who.workspace, who.user, "with" if with_clock else "without"
    )
    if missing := SCOPES - who.scopes:
        log.warning("scopes are missing, and with them part of what is asked: %s", ", ".join(sorted(missing)))
