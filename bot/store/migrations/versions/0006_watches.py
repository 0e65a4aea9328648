"""Watches and alerts; tasks; summaries by edition, day and scope; the order and the pace of what is sent."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
EVERY_DAY = "0,1,2,3,4,5,6"


def upgrade() -> None:
    _outbox()
    _summaries()
    _tasks()
    _watches()
    _alerts()


def _outbox() -> None:
    op.add_column("outbox", sa.Column("lane", sa.String(200), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("urgency", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("attachment", sa.JSON(), nullable=True))
    op.add_column("outbox", sa.Column("file", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "file",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
    )
    still = sa.text("settled_at IS NULL")
    op.create_index("outbox_lane", "outbox", ["lane", "pk"], sqlite_where=still, postgresql_where=still)
    op.create_table(
        "pace",
        sa.Column("workspace", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("free_at", MOMENT, nullable=False),
    )
    op.create_table(
        "direct",
        sa.Column("workspace", sa.String(64), primary_key=True),
        sa.Column("user", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(64), nullable=False),
    )


def _summaries() -> None:
    """A table's key cannot be changed everywhere, so that it is made anew."""
    op.rename_table("subscription", "subscription_before")
    made = op.create_table(
        "subscription",
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("edition", sa.String(8), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(5), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("days", sa.String(13), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("quiet", sa.String(8), nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("paused_why", sa.Text(), nullable=False),
        # Of the table before, PostgreSQL keeps the name of the key for itself.
        sa.PrimaryKeyConstraint("workspace", "channel", "edition", name="subscription_key"),
    )
    before = sa.table(
        "subscription_before",
        *(sa.column(name) for name in ("workspace", "channel", "is_on", "at", "zone", "quiet", "set_by")),
        *(sa.column(name, MOMENT) for name in ("set_at", "told_until")),
        sa.column("last_day", sa.Date()),
    )
    added: dict[str, Any] = {"edition": "daily", "days": EVERY_DAY, "scope": {}, "paused_at": None, "paused_why": ""}
    rows = [{**row, **added} for row in op.get_bind().execute(sa.select(before)).mappings()]
    if rows:
        op.bulk_insert(made, rows)
    op.drop_table("subscription_before")
    op.create_table(
        "edition",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("edition", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.Column("receipt", sa.String(32), nullable=False),
    )
    op.create_index("edition_of", "edition", ["workspace", "channel", "edition", "reserved_at"])


def _tasks() -> None:
    """Each summary that is on gets its task, which is due at once: when the next is, is found when it is done."""
    made = op.create_table(
        "task",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("taken_by", sa.String(40), nullable=False),
        sa.Column("taken_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
    )
    op.create_index("task_due", "task", ["kind", "due_at"])
    on = sa.table("subscription", *(sa.column(name) for name in ("workspace", "channel", "is_on")))
    some = op.get_bind().execute(sa.select(on.c.workspace, on.c.channel).where(on.c.is_on)).all()
    rows = [
        {
            "key": f"daily:{workspace}:{channel}",
            "kind": "summary",
            "workspace": workspace,
            "due_at": datetime.now(UTC),
            "taken_by": "",
            "taken_until": None,
            "attempts": 0,
        }
        for workspace, channel in some
    ]
    if rows:
        op.bulk_insert(made, rows)


def _watches() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("user", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("narrowed", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(100), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("seen_until", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(100), nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("paused_why", sa.Text(), nullable=False),
    )
    active = sa.text("ended_at IS NULL")
    op.create_index("watch_active", "watch", ["workspace"], sqlite_where=active, postgresql_where=active)
    op.create_table(
        "watched",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("watch_id", sa.String(32), sa.ForeignKey("watch.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("schema", sa.String(32), nullable=False),
        sa.Column("country", sa.String(8), nullable=False),
        sa.Column("entity_id", sa.String(200), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=True),
    )
    op.create_index("watched_watch", "watched", ["watch_id", "number"])
    op.create_table(
        "watched_link",
        sa.Column("watched_pk", sa.Integer(), sa.ForeignKey("watched.pk"), primary_key=True),
        sa.Column("entity_id", sa.String(200), primary_key=True),
    )
    op.create_index("watched_link_entity", "watched_link", ["entity_id"])


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("watch_id", sa.String(32), sa.ForeignKey("watch.id"), nullable=False),
        sa.Column("watched_pk", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("receipt", sa.String(32), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
    )
    op.create_index("alert_watch", "alert", ["watch_id"])
    op.create_index("alert_workspace", "alert", ["workspace", "at"])
