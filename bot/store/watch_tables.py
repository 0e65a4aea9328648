"""The tables of what is watched, what became of it, and what was told. Nothing is deleted: a watch ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base


class WatchRow(Base):
    """See `bot.monitoring.Watch`."""

    __tablename__ = "watch"
    __table_args__ = (
        Index(
            "watch_active",
            "workspace",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str]
    target: Mapped[str]
    narrowed: Mapped[dict[str, Any]]
    size: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(100))
    set_at: Mapped[datetime]
    seen_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(100))
    paused_at: Mapped[datetime | None]
    paused_why: Mapped[str]


class WatchedRow(Base):
    """See `bot.monitoring.Watched`."""

    __tablename__ = "watched"
    __table_args__ = (Index("watched_watch", "watch_id", "number"),)

    pk: Mapped[int] = mapped_column(primary_key=True)
    watch_id: Mapped[str] = mapped_column(ForeignKey("watch.id"))
    number: Mapped[int]
    name: Mapped[str]
    reference: Mapped[str]
    schema: Mapped[str] = mapped_column(String(32))
    country: Mapped[str] = mapped_column(String(8))
    entity_id: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[dict[str, Any] | None]


class WatchedLinkRow(Base):
    """A record that what is known of a watched subject rests on: it, or one that is near."""

    __tablename__ = "watched_link"
    __table_args__ = (Index("watched_link_entity", "entity_id"),)

    watched_pk: Mapped[int] = mapped_column(ForeignKey("watched.pk"), primary_key=True)
    entity_id: Mapped[str] = mapped_column(String(200), primary_key=True)


class AlertRow(Base):
    """See `bot.monitoring.Alert`. Rows are only ever added."""

    __tablename__ = "alert"
    __table_args__ = (Index("alert_watch", "watch_id"), Index("alert_workspace", "workspace", "at"))

    pk: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(64))
    watch_id: Mapped[str] = mapped_column(ForeignKey("watch.id"))
    watched_pk: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    made_at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    receipt: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(200))
