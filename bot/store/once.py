"""Inserts a row unless its key is there already, or in its place, whoever else is doing the same at this moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.store.tables import Base

INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert(session: Session, table: type[Base], **values: Any) -> bool:
    """Whether the row is new; one that breaks any unique key is not inserted."""
    statement: Any = INSERTS[session.get_bind().dialect.name](table).values(**values)
    return (
        session.execute(statement.on_conflict_do_nothing().returning(table.__mapper__.primary_key[0])).first()
        is not None
    )


def insert_all(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows in their order, but for those whose key is there already."""
    session.flush()
    into: Any = table.__table__
    statement: Any = INSERTS[session.get_bind().dialect.name](into)
    if rows:
        session.execute(statement.on_conflict_do_nothing(), rows)


def replace(session: Session, table: type[Base], **values: Any) -> None:
    """Puts a row in the place of the one of the same primary key, if there is one."""
    statement: Any = INSERTS[session.get_bind().dialect.name](table).values(**values)
    session.execute(statement.on_conflict_do_update(index_elements=table.__mapper__.primary_key, set_=values))
