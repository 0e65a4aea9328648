"""Records of one subject: what they may be joined by, which are one, and what people decided of that."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "join_key",
        sa.Column("key", sa.BigInteger(), primary_key=True),
        sa.Column("entity_pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        # The key is all that rows are found by.
        sqlite_with_rowid=False,
    )
    op.create_index("join_key_entity", "join_key", ["entity_pk"])
    op.create_table(
        "join_progress",
        sa.Column("pk", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("entity_pk", sa.Integer(), nullable=False),
        sa.Column("listing_pk", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
    )
    op.create_table(
        "membership",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("entity_id", sa.String(200), nullable=False),
        sa.Column("subject_id", sa.String(200), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
    )
    current = sa.text("known_until IS NULL")
    op.create_index(
        *("membership_current", "membership", ["workspace", "entity_id"]),
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    op.create_index("membership_entity", "membership", ["entity_id"])
    op.create_index("membership_subject", "membership", ["subject_id"])
    op.create_table(
        "join_decision",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("one", sa.String(200), nullable=False),
        sa.Column("other", sa.String(200), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_why", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.Text(), nullable=False),
    )
    op.create_index("join_decision_one", "join_decision", ["one"])
    op.create_index("join_decision_other", "join_decision", ["other"])
