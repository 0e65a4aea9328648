"""What comes in from Slack and what goes out to it, as frozen dataclasses."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that somebody did in Slack. Slack may deliver it more than once: each delivery has the same `key`, and a
    message and its later edits have the same `subject` (empty for what is no message). What has the same `lane` is one
    conversation and is done in the order in which it came."""

    key: str
    subject: str
    lane: str
    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """An Incoming that a process has taken on: its number in the inbox, when it came (UTC), and how often it was taken."""

    number: int
    kind: str
    payload: dict[str, Any]
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asked, which is where the reply goes: by `response_url` where Slack gave one, else into the channel,
    and there into `thread` where it is one. `outsiders` says that people of other companies read along, `is_outsider` that who
    asked is one of them."""

    workspace: str
    channel: str
    user: str
    thread: str = ""
    response_url: str = ""
    outsiders: bool = False
    is_outsider: bool = False

    @property
    def conversation(self) -> str:
        """What follow-ups follow: a thread, a direct conversation, or one person's commands in a channel."""
        return f"{self.channel}/{self.user}" if self.response_url else f"{self.channel}/{self.thread}"


ANSWER, SERIOUS, ALERT, NEWS, QUIET, LEISURE = range(6)
"""How urgent a message is, the most urgent first: somebody waits for it; an alert of a new listing; any other alert; a summary
that tells something; one that does not; what may wait for all others."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes out with a message: a `picture` stands in it, described by `alt`; a `sheet` is shared where the message
    would be posted, with the message's text beside it. Nobody else has a file of the same `name`."""

    kind: str
    name: str
    title: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent once; two of the same `key` are one. `payload` is what Slack gets, but for the thread of a message
    that follows `parent`, which is known when that one was sent. `only_once` says which is worse when a crash leaves it open
    whether it was sent: to say it twice (True), or not at all. What has the same `lane` is sent in the order in which it was
    reserved; `urgency` is one of those above. What is `inside` only colleagues may read: where others read along by the time it
    is sent, it is not."""

    key: str
    workspace: str
    channel: str
    payload: dict[str, Any]
    response_url: str = ""
    only_once: bool = False
    parent: str = ""
    lane: str = ""
    urgency: int = ANSWER
    attachment: Attachment | None = None
    inside: bool = False


DAILY_SET, WATCH_SET, ALERTED = "daily-set:", "watch-set:", "alert:"
"""What the keys of messages begin with that say that a summary or a watch was set, and of alerts, which nobody makes twice."""

SETTING = (DAILY_SET, WATCH_SET)
"""The first two: who set something hears at once that its message failed."""

WITHHELD = "people of other companies have come to read there"
"""Why a message that only colleagues may read was not sent."""


@dataclass(frozen=True, slots=True)
class Sending:
    """An Outgoing that a process has taken on, for the `attempts`th time. `may_have_arrived`: it was being sent before, and
    nobody heard how that ended."""

    outgoing: Outgoing
    reserved_at: datetime
    attempts: int
    may_have_arrived: bool


GIVE_UP = timedelta(days=1)
"""How long it is tried to send what surely did not arrive. What may have arrived is looked for until it is found out: given up,
it would be told a second time."""

DAILY, WEEKLY = "daily", "weekly"
"""The editions of a summary: a channel may have both."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a summary tells of: what is on one of these lists or about one of these topics (none of either: all that changed); of
    that only what is of one of these countries (ISO codes, none: of any), and only what the channel watches (`watched`). A list
    is written as people name it."""

    watched: bool = False
    lists: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's summary, `daily` or `weekly`: at which local time (`09:00`) of which IANA zone, on which days of the week (0 is
    Monday), what it tells of, what happens where nothing changed (`silent` or one `line`), up to which moment it has been told
    (UTC), and the last local day that was done. It is paused while Slack does not let us post there, since when and why."""

    workspace: str
    channel: str
    at: str
    zone: str
    quiet: str
    set_by: str
    set_at: datetime
    told_until: datetime
    last_day: date | None = None
    edition: str = DAILY
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    scope: Scope = field(default_factory=Scope)
    paused_at: datetime | None = None
    paused_why: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others, for instance in the keys of its messages."""
        return f"{self.edition}:{self.workspace}:{self.channel}"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in a workspace, by `auth.test`, and what it may do there."""

    workspace: str
    workspace_name: str
    user: str
    bot: str
    scopes: frozenset[str] = field(default_factory=frozenset)
