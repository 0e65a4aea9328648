"""Inbox, outbox, conversations, channels, daily summaries."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _inbox()
    _outbox()
    op.create_table(
        "conversation",
        sa.Column("workspace", sa.String(64), primary_key=True),
        sa.Column("place", sa.String(100), primary_key=True),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "channel",
        sa.Column("workspace", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("outsiders", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "subscription",
        sa.Column("workspace", sa.String(64), primary_key=True),
        sa.Column("channel", sa.String(64), primary_key=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(5), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("quiet", sa.String(8), nullable=False),
        sa.Column("set_by", sa.String(64), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("subject", sa.String(200), nullable=True, unique=True),
        sa.Column("lane", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("taken_by", sa.String(40), nullable=False),
        sa.Column("taken_until", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
    )
    still = sa.text("done_at IS NULL")
    op.create_index("inbox_open", "inbox", ["lane", "pk"], sqlite_where=still, postgresql_where=still)
    op.create_index("inbox_oldest", "inbox", ["pk"], sqlite_where=still, postgresql_where=still)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("parent", sa.String(200), nullable=False),
        sa.Column("response_url", sa.Text(), nullable=False),
        sa.Column("only_once", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reserved_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("taken_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("ts", sa.String(40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )
    still = sa.text("settled_at IS NULL")
    op.create_index("outbox_open", "outbox", ["due_at"], sqlite_where=still, postgresql_where=still)
