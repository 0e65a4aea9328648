"""The running bot: what is built for one process, its loops, and how they end."""

import logging
import time
from collections.abc import Callable, Container
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bot import endings
from bot.alerting import Alerting
from bot.app import Doing, Entrance
from bot.clock import Clock, Loop, attempt
from bot.config import Settings
from bot.desk import Desk
from bot.errors import Missing
from bot.mail import Identity, Outgoing
from bot.metrics import Metrics
from bot.office import Office
from bot.records import PUBLIC
from bot.sender import Sender
from bot.slack import SCOPES, Ending
from bot.store import inbox, outbox, tasks, watches
from bot.store.database import Database
from bot.summaries import Summaries
from bot.syncing import Syncing
from bot.worker import BEAT, Worker
from bot.workspaces import Workspaces

log = logging.getLogger("flagpost")

THREADS = 8
"""How many things are done at a time; most of each is waiting for Slack."""

PATIENCE = 2
"""Seconds that Slack waits at most for the database when it delivers something."""

POLL = 2.0
"""Seconds until what another process left is noticed."""

CLOCK = 15.0
"""Seconds between two looks at which summaries are due."""

ALERTS = 5.0
"""Seconds between two looks at whether anything changed that is watched."""

LISTS = 60.0
"""Seconds between two looks at which list is due: one at a time, so that publishers are not all asked at once."""

GRACE = 8.0
"""Seconds that what is under way may take after the signal to end: Docker waits for ten, gunicorn for as long as it is told."""


class Running:
    """One process of the bot. `with_clock`: it brings lists up to date, and tells of what changed, too."""

    def __init__(
        self, settings: Settings, *, with_clock: bool = True, now: Callable[[], datetime] | None = None
    ) -> None:
        now = now or Clock()
        self.database = Database(settings.database_url)
        self.at_the_door = Database(settings.database_url, PATIENCE, self.database.turn)
        self.metrics = Metrics()
        self.workspaces = Workspaces(settings.slack_bot_tokens, settings.slack_api_url)
        desk = Desk(self.database, "slack", settings.index_folder, settings.required_lists)
        sender = Sender(self.database, self.workspaces, now, self._settled)
        self.office = Office(settings, self.database, desk, self.workspaces, sender, now)
        entrance = Entrance(self.office, self.at_the_door, self.metrics, self.wake)
        self.doing = Doing(self.office, entrance, self.metrics)
        self.worker = Worker(self.database, self.doing, now)
        self.answering = Loop("answering", self.worker.drain, POLL, THREADS)
        self.loops = [self.answering, Loop("sending", sender.deliver_all, POLL)]
        self.beating = Loop("beat", self._beat, BEAT)
        self.with_clock = with_clock
        self.syncing = Syncing(settings, self.database, now)
        self.summaries = Summaries(self.database, desk.words, now, lambda: self.workspaces.ids, settings.required_lists)
        self.alerting = Alerting(self.database, desk, now, self._watching)
        if with_clock:
            self.loops.append(Loop("lists", partial(self.syncing.refresh, 1), LISTS))
            self.loops.append(Loop("alerts", self.alerting.round, ALERTS))
            self.loops.append(Loop("summaries", self.summaries.round, CLOCK))

    def _watching(self) -> set[str]:
        """The workspaces whose watches are looked at: also that of whoever watches from the command line."""
        return {*self.workspaces.ids, self.office.settings.workspace}

    def _settled(self, session: Session, outgoing: Outgoing, ending: Ending, now: datetime) -> None:
        endings.settled(session, self.office.desk.words, outgoing, ending, now)

    def wake(self) -> None:
        """Something came in."""
        self.answering.wake()

    def start(self) -> None:
        """Begins all loops. Raises Missing where the database is not set up, Refused where Slack does not take the token; that
        Slack cannot be reached for now is no reason not to begin."""
        self._need_tables()
        for who in self.workspaces.introduce():
            _say_who(who, self.with_clock)
        self.office.desk.words.compile()
        self.make_ready()
        for loop in (*self.loops, self.beating):
            loop.start()

    def make_ready(self) -> None:
        """Reads in what answers need, so that the first does not wait for it. Raises Missing where there is no database."""
        self._need_tables()
        self.office.desk.read_in(next(iter(self.workspaces.known), PUBLIC))

    def _need_tables(self) -> None:
        if not self.database.is_ready():
            raise Missing("the database is not set up for this version; run: python -m bot init")

    def stop(self) -> None:
        """Ends gracefully: what is under way is finished, the rest is left to the next process."""
        for one in (self.worker, self.office.sender, self.syncing, self.summaries, self.alerting):
            one.stop()
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
        """Does all that is due now, waiting out Slack's pace, and ends. Whether everything went well. Raises Refused where Slack
        does not take a token."""
        self.workspaces.introduce()
        answered = attempt("answering", self.worker.drain)
        refreshed = attempt("lists", self._refresh_all)
        alerted = attempt("alerts", self._look_at_watches)
        _, told = self.post_daily()
        return answered and refreshed and alerted and told and self.workspaces.all_known

    def _refresh_all(self) -> None:
        if not self.syncing.refresh():
            raise Missing("a list could not be brought up to date")

    def _look_at_watches(self) -> None:
        self.alerting.round()
        with self.database.reading() as session:
            due = tasks.due(session, tasks.WATCHES)
        now, keys = self.office.now(), map(watches.task_key, self._watching())
        if left := [key for key in keys if key in due and due[key] <= now]:
            raise Missing(f"not all that is watched could be looked at: {', '.join(left)}")
        if out := self.alerting.trouble.out:
            raise Missing(f"not all that is watched could be looked at: {', '.join(out)}")

    def post_daily(self, channels: Container[str] | None = None, edition: str = "") -> tuple[list[str], bool]:
        """Posts the summaries that are due (only of these channels and this edition) and whatever else waits to be sent: the keys
        of the summaries that were sent or wait to be, and whether all went well. One channel's failure does not stop others."""
        since = self.office.now()
        keys, went_well = self.summaries.post(channels, edition)
        sent = attempt("sending", self.office.sender.deliver_all)
        with self.database.reading() as session:
            lost = [key for key in keys if outbox.ending(session, key)[0] in ("failed", "unsettled")]
            is_any_lost = bool(outbox.stuck(session, since, 1))
        return [key for key in keys if key not in lost], went_well and sent and not lost and not is_any_lost

    def _beat(self) -> None:
        for one in (self.worker, self.office.sender, self.summaries, self.alerting):
            one.beat()

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
