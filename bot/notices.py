"""An alert that nobody has read: its messages with the receipt and the rows that are kept, and how it goes out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import dates, document, receipts
from bot.answers import Answer
from bot.changing import Sight
from bot.lookup import Asking
from bot.mail import ALERTED, Attachment, Outgoing
from bot.monitoring import Alert, Watch
from bot.records import PUBLIC, Dataset
from bot.reply import Message, Words

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of some watches of one place: the key of its first message, what is said there and in its thread, how urgent
    it is, the id of its receipt and what that says, the alerts that are kept, and whether only colleagues may read it. A sheet is
    shared last, with `beside` it."""

    watches: tuple[Watch, ...]
    key: str
    said: tuple[Message, ...]
    urgency: int
    receipt: str
    body: Mapping[str, Any]
    alerts: tuple[Alert, ...]
    inside: bool
    sheet: Attachment | None = None
    beside: Message | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """What all that is told of a moment has in common: the words, what is looked into, and the time (UTC) it is told."""

    words: Words
    seen: Sight
    now: datetime

    @property
    def coverage(self) -> tuple[Dataset, ...]:
        """The lists as they stood."""
        return self.seen.reading.coverage

    @property
    def is_inside(self) -> bool:
        """Whether it rests on what only colleagues may see."""
        return self.seen.knowledge.workspace != PUBLIC

    def answer(self, question: str) -> Answer:
        """An answer to what is watched, about nobody yet."""
        reading = self.seen.reading
        common: dict[str, Any] = {"as_of": reading.day, "known_at": self.seen.at, "asked_at": self.seen.at}
        return Answer(receipts.new_id(self.now), question, "status", coverage=reading.coverage, **common)

    def asking(self, watch: Watch, question: str, about: Sequence[str] = ()) -> Asking:
        """The question that gives an alert's answer again."""
        return Asking(
            question[:200].encode("utf-8", "replace").decode(),
            watch.workspace,
            self.now,
            as_of=self.seen.reading.day.isoformat(),
            known_at=self.seen.at,
            outsiders=self.seen.knowledge.workspace != watch.workspace,
            by=f"watch {watch.id}",
            about=tuple(about),
        )

    def alert(
        self,
        watch: Watch,
        what: str,
        key: str,
        receipt: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        pk: int | None = None,
    ) -> Alert:
        """The row that is kept of an alert."""
        return Alert(watch.workspace, watch.id, pk, what, self.seen.at, self.now, before, after, receipt, key)

    def with_sheet(self, one: Notice, sheet: Attachment, total: int) -> Notice:
        """A notice with the table of all that it tells, where that does not fit in its first message."""
        beside = self.words.message("alert_sheet", watch=one.watches[0], total=total)
        return replace(one, sheet=sheet, beside=beside) if len(one.said) > 1 else one

    def evidence(self, one: Alert, said: Sequence[Message]) -> dict[str, Any]:
        """What the receipt says of an alert that is no answer about one subject."""
        data = [(each.list, each.version, each.loaded_at) for each in self.coverage]
        return {
            "alert": of(one),
            "data": [
                {"list": name, "version": version, "loaded_at": at and dates.moment(at)} for name, version, at in data
            ],
            "text": said[0].text,
            "blocks": said[0].blocks,
            "thread": [each.text for each in said[1:]],
            "asker": f"watch {one.watch_id}",
        }

    def evidence_of_answer(self, one: Alert, answer: Answer, message: Message, asking: Asking) -> dict[str, Any]:
        """What it says of one that is, so that it can be asked again."""
        used = {"thresholds": asdict(self.seen.knowledge.thresholds), "asking": document.asking(asking)}
        return document.evidence(self.words, answer, message, asking.by) | used | {"alert": of(one)}


def of(one: Alert) -> dict[str, Any]:
    """What a receipt says of the alert itself."""
    said = {"watch": one.watch_id, "watched": one.watched_pk, "what": one.what, "at": dates.moment(one.at)}
    return said | {"before": dict(one.before), "after": dict(one.after)}


def key(watch: Watch, subject: object, at: datetime) -> str:
    """The key of the message about a subject of a watch (0: the watch as a whole) by what became known at a moment."""
    return f"{ALERTED}{watch.id}:{subject}:{(at - EPOCH) // timedelta(microseconds=1)}"


def posts(one: Notice) -> Iterator[Outgoing]:
    """The messages of a notice, in their order; none where nobody is told."""
    first = one.watches[0]
    if not first.place:
        return
    lane = f"{ALERTED}{first.workspace}:{first.place}"
    said = [*((message, None) for message in one.said), *([(one.beside, one.sheet)] if one.beside else [])]
    for number, (message, sheet) in enumerate(said):
        yield Outgoing(
            f"{one.key}:{number}" if number else one.key,
            first.workspace,
            first.place,
            message.payload() | {"channel": first.place},
            only_once=True,
            parent=one.key if number else "",
            lane=lane,
            urgency=one.urgency,
            attachment=sheet,
            inside=one.inside,
        )
