"""Route 3: what became known since the last post, told to each channel that wants it once a local day, or once a week."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import receipts, schedule
from bot.answers import Digest
from bot.bulletin import Bulletin
from bot.errors import Missing
from bot.mail import DAILY, LEISURE, WEEKLY, Outgoing, Subscription
from bot.records import PUBLIC
from bot.reply import Message
from bot.store import channels, datasets, editions, outbox, subscriptions, tasks
from bot.store.editions import Past, Told
from bot.store.tasks import Task

NEVER = Past()
"""What is known where there was no summary yet."""

APART = timedelta(days=2)
"""How far a clock may be put back so that what it showed before was right: until it shows that again, no day is told twice. From
further away, it was wrong before, and days are told by what it shows now."""

USUAL = "09:00"
"""When a channel is told that has set nothing."""

SPAN = {DAILY: timedelta(days=1), WEEKLY: timedelta(days=7)}
"""How much time an edition covers that was told already, or that nobody has set."""

JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A summary that is to be made: of which local day, up to which moment (UTC), by the records that which workspace sees, and
    what is known of those before."""

    subscription: Subscription
    day: date
    until: datetime
    sees: str = PUBLIC
    past: Past = NEVER


@dataclass(frozen=True, slots=True)
class Edition:
    """A summary that nobody has read: what it is made for, what it tells and how, and its receipt with the evidence."""

    due: Due
    digest: Digest
    bulletin: Bulletin
    receipt: str
    evidence: Mapping[str, Any]

    @property
    def is_silent(self) -> bool:
        """Whether nothing is said, as the channel wishes where nothing changed."""
        return self.digest.is_quiet and self.due.subscription.quiet == "silent"


def due_day(one: Subscription, now: datetime) -> tuple[date, datetime] | None:
    """The local day that is to be told, and its moment; None where none is. Whoever was away for days is told once, of the last.
    What was set after today's moment begins with the next. Raises Missing where this machine does not know the zone."""
    day, moment = schedule.last_due(one.at, one.zone, one.days, now)
    is_told = moment <= one.told_until or (one.last_day is not None and day <= one.last_day)
    return None if is_told or moment <= one.set_at else (day, moment)


def next_of(one: Subscription, now: datetime) -> datetime:
    """When a channel is told next: no day twice."""
    day, moment = schedule.next_due(one.at, one.zone, one.days, now)
    while one.last_day is not None and day <= one.last_day:
        day, moment = schedule.next_due(one.at, one.zone, one.days, moment)
    return moment


def imagined(workspace: str, channel: str, edition: str, zone: str, now: datetime) -> Subscription:
    """What a channel would have where nothing is set."""
    since = now - SPAN[edition]
    return Subscription(workspace, channel, USUAL, zone, "line", "", since, since, edition=edition)


def switch_on(session: Session, wanted: Subscription) -> Subscription:
    """Sets a channel's summary, which begins with the next moment after `wanted.set_at`; gives it as it is then."""
    before = subscriptions.of_channel(session, wanted.workspace, wanted.channel, wanted.edition)
    if before and (overdue := _overdue(before, wanted.set_at)):
        # Its moment came a second ago and is not told yet: what is set now decides how it is told, and not that it is not.
        wanted = replace(wanted, set_at=overdue - JUST_BEFORE)
    one = subscriptions.switch_on(session, wanted)
    tasks.put(session, one.key, tasks.SUMMARY, one.workspace, comes_at(one, wanted.told_until))
    return one


def _overdue(one: Subscription, now: datetime) -> datetime | None:
    try:
        due = due_day(one, now)
    except Missing:
        # Of a zone that is known no more; another may be set.
        return None
    return due and due[1]


def switch_off(session: Session, workspace: str, channel: str, edition: str) -> bool:
    """Ends a channel's summary; says whether there was one."""
    # The summary before its task, as whoever reserves: else two could wait for each other.
    was_on = subscriptions.switch_off(session, workspace, channel, edition)
    tasks.remove(session, f"{edition}:{workspace}:{channel}")
    return was_on


def comes_at(one: Subscription, now: datetime) -> datetime:
    """When a channel is told next: at the moment of the day that is due, which is past, or the next."""
    due = due_day(one, now)
    return due[1] if due else next_of(one, now)


def set_right(session: Session, one: Subscription, now: datetime) -> bool:
    """Has a channel that was told, or set, by a clock that was ahead go on from now: nothing is lost, and what was recorded by
    that clock may be told again. False where it was changed meanwhile."""
    last = one.last_day
    if last and last > (schedule.local(now, one.zone) + APART).date():
        last, _ = schedule.last_due(one.at, one.zone, one.days, now)
    if not subscriptions.holds(session, one):
        return False
    right = subscriptions.set_right(session, one, now, last)
    tasks.put(session, one.key, tasks.SUMMARY, one.workspace, next_of(right, now))
    return True


def eyes(session: Session, some: Collection[Subscription]) -> dict[str, str]:
    """By which workspace's records each of these is told, by its key. Where it is not known that only colleagues read a channel,
    records that not everybody may see are left out; a workspace that has none of its own sees what everybody does."""
    internal = channels.internal(session, ((one.workspace, one.channel) for one in some))
    owners = datasets.owners(session, {one.workspace for one in some})
    return {
        one.key: one.workspace if one.workspace in owners and (one.workspace, one.channel) in internal else PUBLIC
        for one in some
    }


def reserve(session: Session, made: Sequence[tuple[Task, Edition]], owner: str, now: datetime) -> dict[str, list[str]]:
    """Reserves what was made for channels of one workspace, with its receipts: by the keys of the tasks the keys in the outbox, a
    first message's first; none where the channel wants silence. Of a task that is not this owner's any more, or a summary that
    was changed meanwhile, nothing is kept."""
    held = subscriptions.held(session, [edition.due.subscription for _, edition in made])
    some = [(task, edition) for task, edition in made if task.key in held]
    due_at = {task.key: _after(edition.due, now) for task, edition in some}
    ours = tasks.done_all(session, due_at, [task for task, _ in some], owner)
    told = [edition for task, edition in some if task.key in ours]
    subscriptions.told(session, [(one.due.subscription, one.due.until, one.due.day) for one in told])
    return {key: [] for key in ours} | _publish(session, [one for one in told if not one.is_silent], now)


def _after(due: Due, now: datetime) -> datetime:
    return next_of(replace(due.subscription, told_until=due.until, last_day=due.day), now)


def _publish(session: Session, some: Sequence[Edition], now: datetime) -> dict[str, list[str]]:
    if not some:
        return {}
    keys = editions.free_keys(session, [(one.due.subscription, one.due.day) for one in some])
    kept: list[tuple[Told, str]] = []
    posts: dict[str, list[Outgoing]] = {}
    for edition in some:
        one, due = edition.due.subscription, edition.due
        told = Told(keys[one.key], one.workspace, one.channel, one.edition, due.day, one.told_until, due.until)
        kept.append((told, edition.receipt))
        posts[one.key] = list(_posts(one, told.key, edition.bulletin, inside=due.sees != PUBLIC))
    editions.add(session, kept, now)
    outbox.reserve_all(session, [post for each in posts.values() for post in each], now)
    # Last: PostgreSQL lets one transaction at a time into a workspace's chain of receipts.
    workspace = some[0].due.subscription.workspace
    receipts.keep_all(session, workspace, now, [(one.receipt, one.evidence) for one in some])
    return {key: [post.key for post in each] for key, each in posts.items()}


def _posts(one: Subscription, key: str, told: Bulletin, *, inside: bool) -> Iterator[Outgoing]:
    """The first message, those in its thread, and the table of everything."""
    for number, message in enumerate(told.said):
        own, parent = (f"{key}:{number}", key) if number else (key, "")
        payload = message.payload() | {"channel": one.channel}
        first = Outgoing(own, one.workspace, one.channel, payload, only_once=True, parent=parent, lane=one.key)
        yield replace(first, urgency=told.urgency, attachment=None if number else told.picture, inside=inside)
    if told.sheet:
        payload = Message(told.sheet_text, []).payload() | {"channel": one.channel}
        last = Outgoing(f"{key}:{len(told.said)}", one.workspace, one.channel, payload, only_once=True, parent=key)
        yield replace(last, lane=one.key, urgency=LEISURE, attachment=told.sheet, inside=inside)
