"""What one look at what is watched brought, and how it is kept: how all stands now, the alerts, their receipts and messages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import notices, receipts
from bot.monitoring import Watch
from bot.notices import Notice
from bot.store import outbox, tasks, withheld
from bot.store import watches as stored
from bot.store.watches import Known


@dataclass(slots=True)
class Step:
    """What one transaction keeps: up to which moment watches have been looked at (None: not yet at all), what is known of their
    subjects, who a name turned out to be, and what is told. `is_last`: there is nothing after it yet, but for watches that are
    tried `again_at` a moment."""

    watches: list[Watch]
    seen_until: datetime | None
    known: list[Known] = field(default_factory=list)
    of_watch: dict[int, str] = field(default_factory=dict)
    became: dict[str, str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    is_last: bool = False
    again_at: datetime | None = None
    workspace: str = ""

    @property
    def is_any(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.known or self.notices)

    def add(self, watch: Watch, some: Iterable[Known]) -> None:
        """Takes in what is known of subjects of a watch."""
        for one in some:
            self.known.append(one)
            self.of_watch[one.pk] = watch.id

    def take_in(self, other: "Step") -> None:
        """Takes in another of the same moment."""
        self.watches += other.watches
        self.known += other.known
        self.of_watch |= other.of_watch
        self.became |= other.became
        self.notices += other.notices


def keep(session: Session, step: Step, now: datetime) -> None:
    """Keeps a step, as far as its watches have not ended and are not paused meanwhile."""
    going_on = stored.still(session, (one.id for one in step.watches))
    stored.know(session, (one for one in step.known if step.of_watch[one.pk] in going_on))
    for id, entity_id in step.became.items():
        if id in going_on:
            stored.becomes(session, id, entity_id)
    for one in step.notices:
        if any(watch.id in going_on for watch in one.watches):
            _keep_notice(session, one, going_on, now)
    if step.seen_until:
        stored.seen(session, going_on, step.seen_until)
    if step.again_at:
        tasks.hasten(session, tasks.WATCHES, step.again_at, [step.workspace])


def _keep_notice(session: Session, one: Notice, going_on: Collection[str], now: datetime) -> None:
    """Keeps what is told. Where a watch was set back, its place hears no second time what it was told before, be it by a message
    that is named for another watch there: the first alert says all that is new."""
    told = withheld.told(session, one.alerts)
    key = told[0] or one.key
    is_new = [outbox.reserve(session, post, now) for post in notices.posts(one) if key == one.key]
    mine = [alert for alert, by in zip(one.alerts, told, strict=True) if not by and alert.watch_id in going_on]
    if mine or any(is_new):
        stored.note(session, (replace(alert, key=key) for alert in mine))
        receipts.keep(session, one.receipt, one.watches[0].workspace, now, one.body)
