"""The tables of what comes in from Slack and goes out to it. What has been dealt with keeps its key and loses its payload."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base


class InboxRow(Base):
    """One thing that somebody did in Slack, kept before Slack hears that it arrived."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "inbox_open", "lane", "pk", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
        ),
        # Else the oldest that is not done would be looked for among all that ever came.
        Index("inbox_oldest", "pk", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
    )

    pk: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    subject: Mapped[str | None] = mapped_column(String(200), unique=True)
    lane: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    payload: Mapped[dict[str, Any] | None]
    received_at: Mapped[datetime]
    attempts: Mapped[int]
    taken_by: Mapped[str] = mapped_column(String(40))
    taken_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class OutboxRow(Base):
    """One message to Slack: `waiting`, `sending` (taken on until a moment), then `sent`, `failed` or `unsettled` for good."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "outbox_open",
            "due_at",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(
            "outbox_lane",
            "lane",
            "pk",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    pk: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    workspace: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    parent: Mapped[str] = mapped_column(String(200))
    response_url: Mapped[str]
    only_once: Mapped[bool]
    payload: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(String(16))
    reserved_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_until: Mapped[datetime | None]
    attempts: Mapped[int]
    settled_at: Mapped[datetime | None]
    ts: Mapped[str] = mapped_column(String(40))
    why: Mapped[str]
    lane: Mapped[str] = mapped_column(String(200))
    urgency: Mapped[int]
    attachment: Mapped[dict[str, Any] | None]
    file: Mapped[str] = mapped_column(String(64))


class FileRow(Base):
    """What a file holds that goes out with one message or with many, by its fingerprint."""

    __tablename__ = "file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes]
    kept_at: Mapped[datetime]


class PaceRow(Base):
    """From which moment on a channel, or a whole workspace (no channel), takes the next message."""

    __tablename__ = "pace"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    free_at: Mapped[datetime]


class TaskRow(Base):
    """Something that is to be done at a moment and then again at another, by one process at a time."""

    __tablename__ = "task"
    __table_args__ = (Index("task_due", "kind", "due_at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    workspace: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(String(40))
    taken_until: Mapped[datetime | None]
    attempts: Mapped[int]


class ConversationRow(Base):
    """What a thread, a direct conversation, or one person's commands in a channel were last about."""

    __tablename__ = "conversation"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[str] = mapped_column(String(100), primary_key=True)
    context: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class ChannelRow(Base):
    """Whether people of other companies read a channel, since when (Slack says so with each message, and with nothing else)."""

    __tablename__ = "channel"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    outsiders: Mapped[bool]
    at: Mapped[datetime]


class DirectRow(Base):
    """The direct conversation with a person: messages go to the person, and are found in the conversation."""

    __tablename__ = "direct"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64))


class SubscriptionRow(Base):
    """A channel's summary of an edition. One that was switched off keeps its row, so that its days are not told twice."""

    __tablename__ = "subscription"

    workspace: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition: Mapped[str] = mapped_column(String(8), primary_key=True)
    is_on: Mapped[bool]
    at: Mapped[str] = mapped_column(String(5))
    zone: Mapped[str] = mapped_column(String(64))
    days: Mapped[str] = mapped_column(String(13))
    scope: Mapped[dict[str, Any]]
    quiet: Mapped[str] = mapped_column(String(8))
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime]
    told_until: Mapped[datetime]
    last_day: Mapped[date | None]
    paused_at: Mapped[datetime | None]
    paused_why: Mapped[str]


class EditionRow(Base):
    """One summary that was reserved: by the key of its first message, of which local day it is, and what time it covers. Rows are
    only ever added."""

    __tablename__ = "edition"
    __table_args__ = (Index("edition_of", "workspace", "channel", "edition", "reserved_at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    since: Mapped[datetime]
    until: Mapped[datetime]
    reserved_at: Mapped[datetime]
    receipt: Mapped[str] = mapped_column(String(32))
