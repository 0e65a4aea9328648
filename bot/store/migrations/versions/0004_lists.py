"""Official lists: where an entry is and was last seen, versions taken into history, what each version changed, what failed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("last_seen", "url"):
        op.add_column("listing", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("dataset", sa.Column("form", sa.String(64), nullable=False, server_default="claims"))
    op.add_column("dataset", sa.Column("is_past", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE dataset SET form = 'opensanctions' WHERE list LIKE 'opensanctions-%'")
    op.create_table(
        "attempt",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("form", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
    )
    op.create_index("attempt_form", "attempt", ["workspace", "form"])
    texts = ("entity_id", "name", "listing_id", "field", "before", "after")
    op.create_table(
        "field_change",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("on", sa.Text(), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
    )
    op.create_index("field_change_list", "field_change", ["list", "on"])
    op.create_index("field_change_entity", "field_change", ["entity_id"])
