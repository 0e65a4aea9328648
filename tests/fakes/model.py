"""What the fake Slack is made of: what was posted and shown, what was sent to the app, and what goes wrong on the way."""

import time
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass
class Posted:
    """A message as it now stands in a channel; `ephemeral_to` names the only person who sees it.

    `via` is the way it came: "chat.postMessage", "chat.postEphemeral", "response_url", "ack", "file" or "user".
    """

    channel: str
    ts: str
    text: str
    via: str
    thread_ts: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)
    ephemeral_to: str = ""
    user: str = ""
    at: float = field(default_factory=time.monotonic)
    replaced: bool = False
    deleted: bool = False
    files: "list[File]" = field(default_factory=list)

    @property
    def is_listed(self) -> bool:
        """Whether others find it in the channel."""
        return not self.ephemeral_to and not self.deleted


@dataclass
class File:
    """A file: announced, then uploaded (`data`), then completed: from `ready_at` on it can stand in messages."""

    id: str
    name: str
    size: int
    user: str
    secret: str
    data: bytes | None = None
    title: str = ""
    alt: str = ""
    ready_at: float | None = None


@dataclass
class View:
    """A modal or a home that a person sees. Modals pushed on each other have the same `root_id`."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str = ""
    is_open: bool = True

    @property
    def text(self) -> str:
        """Its content as one string, to look for words in."""
        return str(self.content)


@dataclass
class Channel:
    """`has_bot`: the bot was invited. Channels of an unknown id do not exist."""

    has_bot: bool = True
    is_archived: bool = False


@dataclass
class Trigger:
    """https://docs.slack.dev/interactivity/handling-user-interaction: good once, for three seconds."""

    user: str
    made: float
    view: View | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """https://docs.slack.dev/interactivity/handling-user-interaction: good five times, for 30 minutes.

    `source` is the message that was acted on, `by_action` whether there was one at all (a command has none).
    """

    channel: str
    user: str
    made: float
    source: Posted | None = None
    by_action: bool = False
    uses: int = 0


@dataclass(frozen=True)
class Call:
    """A call the app made: what it asked, and the HTTP status and error it got. Status 0: no answer."""

    method: str
    payload: Json
    status: int
    error: str
    at: float


class Refused(Exception):
    """Slack says no. `more` goes into the answer beside `error`."""

    def __init__(self, error: str, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.reply = Reply(status, {"ok": False, "error": error, **more}, headers or {})


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; status 0 closes the connection without one."""

    status: int
    body: Json | str | bytes = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def error(self) -> str:
        if isinstance(self.body, dict):
            return str(self.body.get("error", ""))
        return self.body if isinstance(self.body, str) and self.status != 200 else ""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a call: whether Slack `takes` it, what it answers instead (None: as usual), and how late."""

    instead: Reply | None = None
    takes: bool = False
    wait: float = 0.0

    @classmethod
    def rate_limited(cls, seconds: int = 1) -> Self:
        """https://docs.slack.dev/apis/web-api/rate-limits"""
        return cls(Reply(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)}))

    @classmethod
    def error(cls, status: int = 500, *, takes: bool = False) -> Self:
        """A failing server; some of what was asked may be done all the same."""
        return cls(Reply(status, {"ok": False, "error": "internal_error"}), takes)

    @classmethod
    def refusal(cls, error: str) -> Self:
        """Any other error that Slack documents."""
        return cls(Reply(200, {"ok": False, "error": error}))

    @classmethod
    def hang(cls, seconds: float, *, takes: bool = True) -> Self:
        """No answer for so long; then the usual one, or none where Slack did not take it."""
        return cls(None if takes else Reply(0), takes, seconds)

    @classmethod
    def drop_before(cls) -> Self:
        """The connection closes without an answer, and nothing was done."""
        return cls(Reply(0))

    @classmethod
    def drop_after(cls) -> Self:
        """The connection closes without an answer, and all was done."""
        return cls(Reply(0), takes=True)


@dataclass(frozen=True)
class Note:
    """Something Slack tells the app, not yet sent; the same over HTTP and over a socket."""

    kind: Literal["events_api", "slash_commands", "interactive"]
    payload: Json


@dataclass(frozen=True)
class Request:
    """A note as the very bytes and headers that are posted to the app."""

    note: Note
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What the app said to a request, after how many seconds; status 0: nothing, and `body` says why."""

    status: int
    body: str
    seconds: float
