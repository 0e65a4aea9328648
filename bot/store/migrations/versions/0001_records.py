"""Records in versions, datasets, receipts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER receipt_no_{verb.lower()} BEFORE {verb} ON receipt "
        "BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    + [
        # INSERT OR REPLACE deletes without firing the trigger above.
        "CREATE TRIGGER receipt_no_replace BEFORE INSERT ON receipt WHEN EXISTS (SELECT 1 FROM receipt WHERE id = NEW.id "
        "OR (workspace = NEW.workspace AND number = NEW.number)) "
        "BEGIN SELECT RAISE(ABORT, 'receipts are append-only'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION receipt_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'receipts are append-only'; END $$",
        "CREATE TRIGGER receipt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON receipt "
        "FOR EACH STATEMENT EXECUTE FUNCTION receipt_is_append_only()",
    ],
}


def upgrade() -> None:
    _entities()
    _listings()
    _claims()
    _documents()
    _bookkeeping()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _lists(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.JSON(), nullable=False) for name in names]


def _versioned(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("list", sa.String(64), nullable=False),
        sa.Column("id", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("known_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_until", sa.DateTime(timezone=True), nullable=True),
        *columns,
    )
    current = sa.text("known_until IS NULL")
    op.create_index(
        f"{table}_current", table, ["workspace", "id"], unique=True, sqlite_where=current, postgresql_where=current
    )
    op.create_index(f"{table}_list", table, ["list", "workspace"])


def _part_of(whole: str, table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column(f"{whole}_pk", sa.Integer(), sa.ForeignKey(f"{whole}.pk"), nullable=False),
        *columns,
    )
    op.create_index(f"ix_{table}_{whole}_pk", table, [f"{whole}_pk"])


def _entities() -> None:
    _versioned("entity", *_texts("kind", "name"), *_lists("countries"), *_texts("note"))
    op.create_index("entity_by_id", "entity", ["id"])
    _part_of("entity", "name", *_texts("value", "kind", "script"))
    _part_of("entity", "identifier", *_texts("scheme", "value"))


def _listings() -> None:
    dates = ("read_on", "listed_on", "ended_on", "first_seen", "last_absent")
    words = ("authority", "official_list", "programme", "legal_basis", "record_id", "reason")
    _versioned("listing", *_texts("entity_id", *words, *dates), *_lists("measures", "source_ids"))
    op.create_index("listing_entity", "listing", ["entity_id"])


def _claims() -> None:
    words = ("stance", "category", "statement", "asserted_by", "origin_id", "named_as", "hedge", "stated_on", "period")
    _versioned("claim", *_texts(*words), *_lists("source_ids", "topics"))
    _part_of("claim", "claim_link", sa.Column("kind", sa.String(16), nullable=False), *_texts("target_id"))
    op.create_index("claim_link_target", "claim_link", ["target_id", "kind"])


def _documents() -> None:
    _versioned("source", *_texts("publisher", "title", "url", "published_on", "retrieved_on"))
    _versioned("origin", *_texts("speaker", "occasion", "uttered_on"))


def _bookkeeping() -> None:
    op.create_table(
        "dataset",
        sa.Column("pk", sa.Integer(), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("list", sa.String(64), nullable=False),
        *_texts("title", "publisher", "version", "published_on", "url"),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("fetched_at", "loaded_at")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("entities", "names", "claims")),
    )
    op.create_index("dataset_list", "dataset", ["workspace", "list"])
    op.create_table(
        "sequence",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("workspace", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("receipt_chain", "receipt", ["workspace", "number"], unique=True)
