"""What the index of names is kept in step by: a log of the transactions that changed records. Thresholds of workspaces."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CLOSING = sa.text("known_until IS NOT NULL AND closed_in IS NULL")


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("token", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("name_pk", "identifier_pk", "listing_pk")),
    )
    for table in ("entity", "listing"):
        op.add_column(table, sa.Column("closed_in", sa.Integer(), nullable=True))
        op.create_index(f"{table}_closed", table, ["closed_in"])
        op.create_index(f"{table}_closing", table, ["pk"], sqlite_where=CLOSING, postgresql_where=CLOSING)
    _carry_over()
    op.drop_table("sequence")
    op.create_table(
        "threshold",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("show", sa.Double(), nullable=False),
        sa.Column("match", sa.Double(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("threshold_workspace", "threshold", ["workspace"])


def _carry_over() -> None:
    """What was recorded until now counts as one transaction, the last one."""
    bind = op.get_bind()
    number = bind.execute(sa.text("SELECT max(value) FROM sequence")).scalar()
    if number is None:
        return
    last = {
        f"{table}_pk": bind.execute(sa.text(f"SELECT coalesce(max(pk), 0) FROM {table}")).scalar()
        for table in ("name", "identifier", "listing")
    }
    bind.execute(
        sa.text("INSERT INTO change VALUES (:number, :token, :name_pk, :identifier_pk, :listing_pk)"),
        {"number": number, "token": secrets.token_hex(16), **last},
    )
    for table in ("entity", "listing"):
        bind.execute(
            sa.text(f"UPDATE {table} SET closed_in = :number WHERE known_until IS NOT NULL"), {"number": number}
        )
