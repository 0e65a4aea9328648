"""Route 3: what became known since the last post, told to each channel that wants it once a local day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import bulletin, receipts, schedule
from bot.answers import Digest
from bot.errors import Missing
from bot.gathering import gather
from bot.mail import Outgoing, Subscription
from bot.records import PUBLIC
from bot.reply import Message, Words
from bot.store import channels, outbox, subscriptions
from bot.store.database import lock


@dataclass(frozen=True, slots=True)
class Edition:
    """A summary that nobody has read: for which channel and local day, what it tells and how; nothing said means silence."""

    subscription: Subscription
    day: date
    digest: Digest
    receipt: str
    said: tuple[Message, ...]


def due(session: Session, now: datetime) -> list[Subscription]:
    """The daily summaries that are to be prepared now, each by itself, so that one that fails does not stop the others."""
    return [one for one in subscriptions.active(session) if _may_be_due(one, now)]


def prepare(session: Session, words: Words, one: Subscription, until: datetime) -> Edition:
    """The summary of a channel that is due, up to a moment before which nobody writes records any more. Reads only.

    Whoever was away for days is told once. Where it is not known that only colleagues read a channel, records that not
    everybody may see are left out. Raises Missing where this machine does not know the zone.
    """
    day, _ = schedule.last_due(one.at, one.zone, until)
    sees = one.workspace if channels.is_internal(session, one.workspace, one.channel) else PUBLIC
    digest = gather(session, sees, one.told_until, max(until, one.told_until))
    receipt = receipts.new_id(until)
    if digest.is_quiet and one.quiet == "silent":
        return Edition(one, day, digest, receipt, ())
    return Edition(one, day, digest, receipt, tuple(bulletin.messages(words, digest, day, one.zone, receipt)))


def reserve(session: Session, edition: Edition, now: datetime) -> list[str]:
    """Reserves what was prepared, with its receipt: its keys in the outbox, the first message's first. Empty where another
    process was first, where the summary was changed meanwhile, or where the channel wants silence."""
    one, said = edition.subscription, edition.said
    lock(session, "daily")
    if not subscriptions.told(session, one, edition.digest.until, edition.day) or not said:
        return []
    told = evidence(edition.digest, said, f"daily {one.channel}")
    receipts.keep(session, edition.receipt, one.workspace, now, told)
    posts = _posts(one, edition.day, said)
    return [post.key for post in posts if outbox.reserve(session, post, now)]


def next_of(one: Subscription, now: datetime) -> datetime:
    """When a channel is told next: no day twice."""
    day, moment = schedule.next_due(one.at, one.zone, now)
    if one.last_day is not None and day <= one.last_day:
        return schedule.moment(one.last_day + timedelta(days=1), one.at, one.zone)
    return moment


def _may_be_due(one: Subscription, now: datetime) -> bool:
    try:
        return _is_due(one, now)
    except Missing:
        # Said by `prepare`, for this channel alone.
        return True


def _is_due(one: Subscription, now: datetime) -> bool:
    """A summary that was set after today's moment begins tomorrow."""
    day, moment = schedule.last_due(one.at, one.zone, now)
    return moment > one.set_at and (one.last_day is None or day > one.last_day)


def _posts(one: Subscription, day: date, said: Sequence[Message]) -> Iterator[Outgoing]:
    """The first message, and those in its thread."""
    key = f"daily:{one.workspace}:{one.channel}:{day}"
    for number, message in enumerate(said):
        payload = message.payload() | {"channel": one.channel}
        own, parent = (f"{key}:{number}", key) if number else (key, "")
        yield Outgoing(own, one.workspace, one.channel, payload, only_once=True, parent=parent)


def evidence(digest: Digest, said: Sequence[Message], asker: str) -> dict[str, Any]:
    """What a receipt keeps of a summary: what was told, by which data, in which words."""
    told: dict[str, list[str]] = {}
    for event in digest.events:
        told.setdefault(event.what, []).append(event.record_id)
    data = [(one.list, one.version, one.loaded_at) for one in digest.coverage]
    return {
        "digest": {
            "since": _moment(digest.since),
            "until": _moment(digest.until),
            "counts": dict(digest.counts),
            "told": told,
            "records": Counter(one.what for one in digest.records),
            "baselines": [one.list for one in digest.baselines],
        },
        "data": [{"list": list, "version": version, "loaded_at": _moment(at)} for list, version, at in data],
        "text": said[0].text,
        "blocks": said[0].blocks,
        "thread": [one.text for one in said[1:]],
        "asker": asker,
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""
