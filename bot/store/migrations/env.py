"""Runs the migrations on the connection it is given, inside that connection's transaction."""

from alembic import context

from bot.store import join_tables, mail_tables, tables, watch_tables

# Naming a module is what puts its tables into the metadata.
metadata = tables.Base.metadata
assert mail_tables.InboxRow.metadata is join_tables.MembershipRow.metadata is watch_tables.WatchRow.metadata is metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can roll back DDL; Alembic assumes it cannot.
    transactional_ddl=True,
)
context.run_migrations()
