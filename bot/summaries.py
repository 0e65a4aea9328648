"""Prepares the summaries that are due, whichever process is first: each once, and none because of another."""

import logging
from collections.abc import Callable, Collection, Container, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from bot import digest
from bot.clock import attempt
from bot.digest import Due, Edition
from bot.hands import Hands, wait
from bot.mail import Subscription
from bot.press import Press
from bot.records import PUBLIC
from bot.reply import Words
from bot.store import clocks, editions, subscriptions, tasks
from bot.store.database import Database, lock
from bot.store.editions import Past
from bot.store.tasks import SUMMARY, Task

log = logging.getLogger("flagpost")

PORTION = 50
"""How many are taken at a time: processes share what is due at one moment."""

SOON = timedelta(minutes=1)
"""How long one waits while the one before is on its way, or that is changed again and again."""

OFTEN = 5
"""How often at once what was changed meanwhile is looked at anew."""


class Summaries(Hands):
    """One process's part in it. `ids` gives the workspaces that it speaks for; `required` are the lists that must be fresh."""

    def __init__(
        self,
        database: Database,
        words: Words,
        now: Callable[[], datetime],
        ids: Callable[[], Sequence[str]],
        required: Collection[str] = (),
    ) -> None:
        super().__init__(database, SUMMARY, now, ids)
        self.words, self.required = words, required
        self.written_until: datetime | None = None

    def round(self) -> int:
        """Prepares all that is due now; says how many it took on."""
        self._set_right()
        return _Round(self).all()

    def post(self, channels: Container[str] | None = None, edition: str = "") -> tuple[list[str], bool]:
        """The same, only of these channels and this edition: the keys of what was reserved, and whether all went well."""
        ids = self.ids()
        with self.database.reading() as session:
            on = [one for one in subscriptions.active(session) if one.workspace in ids and edition in ("", one.edition)]
        one_round = _Round(self, [one.key for one in on if channels is None or one.channel in channels])
        one_round.all()
        return one_round.reserved, one_round.went_well

    def wait_for_writers(self, until: datetime) -> None:
        """Goes on when nobody writes records any more with a time up to then: whoever comes to write them takes a later one."""
        if self.written_until and until <= self.written_until <= self.now():
            return
        with self.database.writing() as session:
            lock(session, "records")
            self.written_until = self.now()

    def _set_right(self) -> None:
        """A clock was ahead, or is put back: what seems to have been told after now."""
        now, ids = self.now(), self.ids()
        with self.database.reading() as session:
            ahead = [one for one in subscriptions.ahead_of(session, now) if one.workspace in ids]
            was_far_ahead = clocks.was_ahead(session, now)
        if was_far_ahead:
            log.warning("messages wait for a time that a clock showed which was ahead of %s: they are sent now", now)
            with self.database.writing() as session:
                clocks.set_right(session, now)
        for one in ahead:
            log.warning("%s was told until %s, and it is only %s: the clock was put back", one.key, one.told_until, now)
            attempt(f"setting {one.key} right", partial(self._set_one_right, one, now))

    def _set_one_right(self, one: Subscription, now: datetime) -> None:
        with self.database.writing() as session:
            digest.set_right(session, one, now)


class _Round:
    """What is due at one time, in portions; `keys` leaves out all others."""

    def __init__(self, whose: Summaries, keys: Collection[str] | None = None) -> None:
        self.whose, self.database, self.keys = whose, whose.database, keys
        self.press = Press(whose.words, whose.required)
        self.reserved: list[str] = []
        self.went_well = True

    def all(self) -> int:
        """Takes portions until there is none; says how many it took on."""
        count = 0
        while taken := self.whose.take(PORTION, self.keys):
            count += len(taken)
            try:
                self._do_all(taken)
            finally:
                self.whose.let_go(taken)
        return count

    def _do_all(self, taken: Sequence[Task]) -> None:
        made: list[tuple[Task, Edition]] = []
        for task, one, sees, past in self._looked_up(taken):
            if self.whose.is_stopping:
                self.whose.put_off(task, timedelta())
            else:
                self._attempt(task, partial(self._do, task, one, sees, past, made))
        for _, some in groupby(made, lambda each: each[0].workspace):
            self._reserve_all(list(some))

    def _looked_up(self, taken: Sequence[Task]) -> list[tuple[Task, Subscription | None, str, Past]]:
        """The tasks of a portion with all that is to be known of each, those of a workspace together."""
        with self.database.reading() as session:
            on = subscriptions.by_keys(session, [task.key for task in taken])
            pasts = editions.pasts(session, on.values(), self.whose.now())
            eyes = digest.eyes(session, on.values())
        ordered = sorted(taken, key=lambda task: task.workspace)
        return [
            (task, on.get(task.key), eyes.get(task.key, PUBLIC), pasts.get(task.key, digest.NEVER)) for task in ordered
        ]

    def _attempt(self, task: Task, job: Callable[[], None]) -> None:
        if not attempt(f"summary {task.key}", job):
            self.went_well = False
            self.whose.put_off(task, wait(task.attempts))

    def _do(
        self, task: Task, one: Subscription | None, sees: str, past: Past, made: list[tuple[Task, Edition]]
    ) -> None:
        now = self.whose.now()
        due = digest.due_day(one, now) if one else None
        if one is None:
            self._drop(task)
        elif due is None:
            self._wait(task, one, now)
        elif past.is_open:
            # The one before is on its way still; if it does not arrive, this one tells that too.
            self.whose.put_off(task, SOON)
        else:
            made.append((task, self._make(Due(one, *due, sees, past))))

    def _make(self, due: Due) -> Edition:
        self.whose.wait_for_writers(due.until)
        if edition := self.press.again(due):
            return edition
        with self.database.reading() as session:
            return self.press.make(session, due)

    def _reserve_all(self, some: Sequence[tuple[Task, Edition]]) -> None:
        """All of a workspace in one transaction; where that fails, each in its own, so that one does not stop the others."""
        if len(some) > 1 and attempt("summaries together", partial(self._reserve, some)):
            return
        for task, edition in some:
            self._attempt(task, partial(self._reserve, [(task, edition)]))

    def _reserve(self, some: Sequence[tuple[Task, Edition]]) -> None:
        with self.database.writing() as session:
            kept = digest.reserve(session, some, self.whose.name, self.whose.now())
        self.reserved += [key for keys in kept.values() for key in keys]
        for task, _ in some:
            if task.key not in kept:
                self._look_anew(task)

    def _wait(self, task: Task, one: Subscription, now: datetime) -> None:
        with self.database.writing() as session:
            is_kept = subscriptions.holds(session, one) and tasks.done(
                session, task, self.whose.name, digest.next_of(one, now)
            )
        if not is_kept:
            self._look_anew(task)

    def _drop(self, task: Task) -> None:
        """It was switched off; where it is on again by now, the task is not ours any more."""
        with self.database.writing() as session:
            if tasks.done(session, task, self.whose.name, task.due_at):
                tasks.remove(session, task.key)

    def _look_anew(self, task: Task) -> None:
        """Somebody changed it meanwhile, and wants it otherwise."""
        self.whose.put_off(task, timedelta() if task.attempts < OFTEN else SOON)
