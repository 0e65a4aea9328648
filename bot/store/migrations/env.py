"""Runs the migrations on the connection it is given, inside that connection's transaction."""

from alembic import context

from bot.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite can roll back DDL; Alembic assumes it cannot.
    transactional_ddl=True,
)
context.run_migrations()
