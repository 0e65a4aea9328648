"""A workspace that watches, for tests: lists are loaded an hour apart, what is due is looked at, what is told is read."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import intake, relating
from bot.alerting import Alerting
from bot.desk import Desk
from bot.filters import Filters, as_json
from bot.mail import Outgoing
from bot.monitoring import Alert, Watch, Watched
from bot.records import PUBLIC, Entry
from bot.store import attempts, channels, outbox, tasks, watches
from bot.store.database import Database, lock
from bot.store.mail_tables import OutboxRow
from tests.files import write
from tests.joins import Lists

WORKSPACE, CHANNEL = "T1", "C1"
SDN = ("OFAC", "Specially Designated Nationals")
ENTITY_LIST = ("BIS", "Entity List")


class Watchers(Lists):
    """What a workspace watches, in a channel of colleagues, and the process that looks at it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.desk = Desk(database, "test")
        super().__init__(database, self.desk.names.analyser)
        self.folder = folder
        self.alerting = self.another()
        with database.writing() as session:
            channels.seen(session, WORKSPACE, CHANNEL, outsiders=False, now=self.now)

    def another(self) -> Alerting:
        """A process of its own."""
        return Alerting(self.database, Desk(self.database, "test"), lambda: self.now, lambda: (WORKSPACE,))

    def later(self, **some: float) -> None:
        self.now += timedelta(**some)

    def load(self, version: str, *entries: Entry, workspace: str = PUBLIC, form: str = "ofac") -> datetime:
        """Loads a version of a list, and has all be looked at, as a load does."""
        at = super().load(version, *entries, workspace=workspace, form=form)
        return self.hasten(at)

    def decide(self, kind: str, one: str, other: str, workspace: str = PUBLIC, *, undo: bool = False) -> datetime:
        return self.hasten(super().decide(kind, one, other, workspace, undo=undo))

    def hasten(self, at: datetime) -> datetime:
        with self.database.writing() as session:
            tasks.hasten(session, tasks.WATCHES, at)
        self.later(seconds=1)
        return at

    def claims(self, text: str, workspace: str = PUBLIC) -> datetime:
        """Loads a claims file."""
        self.later(hours=1)
        (records,) = intake.read_claims([write(self.folder, text)])
        with self.database.writing() as session:
            intake.load(session, records, workspace, self.now, force=True)
            relating.relate(session, self.analyser, self.now)
        return self.hasten(self.now)

    def attempt(self, form: str, outcome: str, why: str = "") -> datetime:
        """A list could not be fetched, or its publisher has nothing newer."""
        self.later(hours=1)
        with self.database.writing() as session:
            lock(session, "records")
            attempts.note(session, form, outcome, PUBLIC, self.now, why)
        return self.hasten(self.now)

    def watch(self, kind: str, target: str = "", id: str = "w-1", names: Sequence[Any] = (), **more: Any) -> str:
        """Begins a watch of the channel, has it be looked at, and what is said of that be read."""
        self.begin(kind, target, id, names, **more)
        self.told()
        return id

    def begin(self, kind: str, target: str = "", id: str = "w-1", names: Sequence[Any] = (), **more: Any) -> None:
        """Begins a watch of the channel, and has it be looked at."""
        filters = more.pop("filters", Filters())
        one = Watch(id, WORKSPACE, kind, more.pop("label", target or "Suppliers"), "U1", self.now, channel=CHANNEL)
        one = replace(one, target=target, narrowed=as_json(filters), size=len(names), **more)
        of_kind = {"entity": [Watched(0, "", 1, target, entity_id=target)], "name": [Watched(0, "", 1, target)]}
        rows = [Watched(0, "", number, *row) for number, row in enumerate(names, 1)]
        with self.database.writing() as session:
            watches.add(session, one, rows or of_kind.get(kind, []))
        self.later(seconds=1)
        self.alerting.round()

    def look(self) -> list[str]:
        """Looks at what is due: the first lines of what is told of it."""
        self.alerting.round()
        return [text.partition("\n")[0] for text in self.told()]

    def said(self) -> str:
        """The same whole."""
        self.alerting.round()
        return "\n\n".join(self.told())

    def told(self) -> list[str]:
        """What was reserved since this was asked last."""
        return [str(one.payload["text"]) for one in self.take()]

    def take(self) -> list[Outgoing]:
        """The messages themselves, in their order; they count as sent."""
        with self.database.writing() as session:
            rows = session.query(OutboxRow).filter(OutboxRow.settled_at.is_(None)).order_by(OutboxRow.pk).all()
            names = [field.name for field in fields(Outgoing) if field.name != "inside"]
            found = [Outgoing(**{name: getattr(row, name) for name in names}) for row in rows]
            for one in found:
                outbox.settle(session, one.key, "sent", self.now, "1.0")
        return found

    def alerts(self) -> list[Alert]:
        with self.database.reading() as session:
            return watches.alerts(session, WORKSPACE)[::-1]

    def subject(self, id: str = "w-1") -> Watched:
        with self.database.reading() as session:
            return watches.watched(session, [id])[0]
