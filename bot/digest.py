"""Route 3: what became known since the last post, told to each channel that wants it once a local day, or once a week."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import bulletin, receipts, schedule, scoping
from bot.answers import Digest
from bot.bulletin import Bulletin
from bot.errors import Missing
from bot.gathering import gather
from bot.mail import LEISURE, Attachment, Outgoing, Scope, Subscription
from bot.records import PUBLIC
from bot.reply import Message, Words
from bot.store import channels, datasets, editions, outbox, subscriptions, tasks
from bot.store.editions import Past, Told
from bot.store.tasks import Task

NEVER = Past()
"""What is known where there was no summary yet."""

APART = timedelta(days=2)
"""How far a clock may be put back so that what it showed before was right: until it shows that again, no day is told twice. From
further away, it was wrong before, and days are told by what it shows now."""

JUST_BEFORE = timedelta(microseconds=1)

RECEIPT = "00000000-000000000000"
KEY = "key0of0a0summary"
"""What stands in a summary that several channels share where each has its own."""


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
    tasks.remove(session, f"{edition}:{workspace}:{channel}")
    return subscriptions.switch_off(session, workspace, channel, edition)


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


class Press:
    """Makes summaries, each thing once that several of them have in common: 2,000 channels are due at nine. `required` are the
    lists that must be fresh."""

    def __init__(self, words: Words, required: Collection[str] = ()) -> None:
        self.words, self.required = words, required
        self.digests: dict[tuple[Any, ...], Digest] = {}
        self.printed: dict[tuple[Any, ...], _Printed] = {}

    def make(self, session: Session, due: Due) -> Edition:
        """The summary of a channel. Before its moment nobody may be writing records any more. Reads only."""
        return self._issue(due, *self._printed(session, due))

    def again(self, due: Due) -> Edition | None:
        """The same where nothing need be read for it, because another channel was told the same; else None."""
        one = due.subscription
        shared = (due.sees, one.told_until, due.until, None, one.edition)
        printed = self.printed.get((*shared, due.day, one.zone, due.past.unsettled))
        return self._issue(due, self.digests[shared], printed) if printed and one.scope == Scope() else None

    def _issue(self, due: Due, digest: Digest, printed: "_Printed") -> Edition:
        receipt, key = receipts.new_id(due.until), f"{due.subscription.key}:{due.day}"
        issue = printed.issue(receipt, re.sub(r"\W", "-", key))
        first, *thread = issue.said
        said = {"text": first.text, "blocks": first.blocks, "thread": [one.text for one in thread]}
        asker = f"{due.subscription.edition} {due.subscription.channel}"
        return Edition(due, digest, issue, receipt, {**printed.evidence, **said, "asker": asker})

    def proof(self, session: Session, due: Due) -> Edition:
        """The same to look at: without a receipt, for none is kept."""
        _, digest = self._gathered(session, due)
        told = bulletin.compose(self.words, digest, due.day, due.subscription.zone, "", due.subscription.edition)
        return Edition(due, digest, told, "", {})

    def _printed(self, session: Session, due: Due) -> tuple[Digest, "_Printed"]:
        shared, digest = self._gathered(session, due)
        zone, edition = due.subscription.zone, due.subscription.edition
        own = (*shared, due.day, zone, due.past.unsettled)
        if own not in self.printed:
            told = bulletin.compose(self.words, digest, due.day, zone, RECEIPT, edition, KEY)
            self.printed[own] = _Printed(digest, told)
        return digest, self.printed[own]

    def _gathered(self, session: Session, due: Due) -> tuple[tuple[Any, ...], Digest]:
        """What is told, and all that it depends on."""
        one = due.subscription
        shared = (due.sees, one.told_until, due.until, scoping.wanted(session, one), one.edition)
        if shared not in self.digests:
            self.digests[shared] = gather(session, *shared, required=self.required)
        return shared, replace(self.digests[shared], unsettled=due.past.unsettled)


class _Printed:
    """A summary in words, for any channel."""

    def __init__(self, digest: Digest, told: Bulletin) -> None:
        self.evidence, self.told = evidence(digest), told
        self.said = [(one, _form((one.text, one.blocks))) for one in told.said]

    def issue(self, receipt: str, name: str) -> Bulletin:
        """That of one channel, by its receipt and the name of its files."""

        def own(text: str) -> str:
            return text.replace(RECEIPT, receipt).replace(KEY, name)

        def own_file(one: Attachment | None) -> Attachment | None:
            # No receipt stands within files.
            return one and replace(one, name=own(one.name), title=own(one.title), alt=own(one.alt))

        said = tuple(Message(*fill(own)) if fill else one for one, fill in self.said)
        told = self.told
        files = own_file(told.picture), own_file(told.sheet)
        return replace(told, said=said, picture=files[0], sheet=files[1], sheet_text=own(told.sheet_text))


def _form(value: Any) -> Callable[[Callable[[str], str]], Any] | None:
    """What makes a copy of a value with its texts filled in; None where nothing is to be. Most of a long day's words are the same
    for all, and are not copied."""
    if isinstance(value, str):
        return (lambda own: own(value)) if RECEIPT in value or KEY in value else None
    if isinstance(value, dict):
        fills = {name: fill for name, part in value.items() if (fill := _form(part))}
        return (lambda own: value | {name: fill(own) for name, fill in fills.items()}) if fills else None
    if isinstance(value, (list, tuple)):
        forms = [(part, _form(part)) for part in value]
        is_same = not any(fill for _, fill in forms)
        return None if is_same else lambda own: [fill(own) if fill else part for part, fill in forms]
    return None


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
        posts[one.key] = list(_posts(one, told.key, edition.bulletin))
    editions.add(session, kept, now)
    outbox.reserve_all(session, [post for each in posts.values() for post in each], now)
    # Last: PostgreSQL lets one transaction at a time into a workspace's chain of receipts.
    workspace = some[0].due.subscription.workspace
    receipts.keep_all(session, workspace, now, [(one.receipt, one.evidence) for one in some])
    return {key: [post.key for post in each] for key, each in posts.items()}


def _posts(one: Subscription, key: str, told: Bulletin) -> Iterator[Outgoing]:
    """The first message, those in its thread, and the table of everything."""
    for number, message in enumerate(told.said):
        own, parent = (f"{key}:{number}", key) if number else (key, "")
        payload = message.payload() | {"channel": one.channel}
        first = Outgoing(own, one.workspace, one.channel, payload, only_once=True, parent=parent, lane=one.key)
        yield replace(first, urgency=told.urgency, attachment=None if number else told.picture)
    if told.sheet:
        payload = {"channel": one.channel, "text": told.sheet_text}
        last = Outgoing(f"{key}:{len(told.said)}", one.workspace, one.channel, payload, only_once=True, parent=key)
        yield replace(last, lane=one.key, urgency=LEISURE, attachment=told.sheet)


def evidence(digest: Digest) -> dict[str, Any]:
    """What a receipt keeps of a summary, besides its words: what was told, by which data."""
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
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""
