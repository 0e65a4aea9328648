"""Opens the database, SQLite or PostgreSQL: reading and writing transactions, the lock of a writer, migrations."""

import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore
from typing import Self

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import Missing

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 60


class Database:
    """A database by its URL, to be used in a `with` or closed when done. Nothing is opened before the first transaction.

    `patience` is how many seconds a transaction waits for others, or for the server, before it raises Missing. `turn` is for
    the threads of one process that write to one file: give it to each Database that they use.
    """

    def __init__(self, url: str, patience: int = BUSY_SECONDS, turn: Semaphore | None = None) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.patience, self.turn = patience, turn or Semaphore()
        self.engine = _sqlite(url, patience) if self.is_sqlite else _postgresql(url, patience)

    @property
    def address(self) -> str:
        """The URL without its password, the same for every process that means this database."""
        if self.is_sqlite and self.url.database:
            return str(Path(self.url.database).resolve())
        return self.url.set(password=None).render_as_string()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view of what is stored; nothing can be written. Raises Missing where there is no database."""
        with self._connection() as connection:
            if not self.is_sqlite:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            with Session(connection) as session:
                yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that is committed at the end, or leaves no trace. Raises Missing where there is no database."""
        until = time.monotonic() + self.patience
        with self._in_turn(), self._connection(until) as connection, Session(connection) as session:
            yield session
            session.flush()
            connection.commit()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Has the writers of a process wait in line: SQLite only has each look again now and then, and the unlucky starve."""
        if not self.is_sqlite:
            yield
        elif self.turn.acquire(timeout=self.patience):
            try:
                yield
            finally:
                self.turn.release()
        else:
            raise Missing(f"database {self.url.render_as_string()} does not answer: others write for too long")

    @contextmanager
    def _connection(self, write_until: float | None = None) -> Iterator[Connection]:
        try:
            connection = self.engine.connect()
        except (DatabaseError, PoolTimeout) as error:
            raise Missing(f"database {self.url.render_as_string()} cannot be opened: {_first_line(error)}") from error
        with connection:
            try:
                yield connection.execution_options(write_until=write_until)
            except OperationalError as error:
                # Not a mistake of the statement: locked for too long, gone, full.
                raise Missing(
                    f"database {self.url.render_as_string()} does not answer: {_first_line(error)}"
                ) from error

    def is_ready(self) -> bool:
        """Whether the tables are there and of this version. Does not make the file of a SQLite database."""
        if self.is_sqlite and self.url.database and not Path(self.url.database).exists():
            return False
        with self._connection() as connection:
            return current_version(connection) == newest_version()

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()


AWAY = (Missing, OperationalError)
"""What is raised within a transaction where the database does not answer."""


def lock(session: Session, name: str, *, shared: bool = False) -> None:
    """Waits for, then holds until the end of the transaction, the one writer's place called `name`; if `shared`, together with
    others who only want nobody to write.

    A writing transaction of SQLite is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        how = "_shared" if shared else ""
        session.execute(text(f"SELECT pg_advisory_xact_lock{how}(:key)"), {"key": zlib.crc32(name.encode())})
    else:
        # A transaction begins, and waits for its place, with its first statement.
        session.execute(text("SELECT 1"))


def is_free(session: Session, name: str) -> bool:
    """Whether nobody holds that place; if so, nobody does until the end of the transaction. Does not wait, but for another
    writer of SQLite."""
    if session.get_bind().dialect.name == "postgresql":
        asked = text("SELECT pg_try_advisory_xact_lock_shared(:key)")
        return bool(session.scalar(asked, {"key": zlib.crc32(name.encode())}))
    session.execute(text("SELECT 1"))
    return True


def analyze(session: Session, *tables: str) -> None:
    """Has PostgreSQL look anew at what is in these tables: it plans by figures, which a big transaction outruns."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {', '.join(tables)}"))


def migrate(session: Session) -> None:
    """Brings the tables to this version, within the transaction of `session`. Raises Missing for tables of a newer one."""
    lock(session, "migrate")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = session.connection()
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Missing(f"the database is of another version than this program: {error}") from error


def newest_version() -> str | None:
    """The newest migration of this program."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def current_version(connection: Connection) -> str | None:
    """The migration that the database is at; None for an empty one. Raises Missing for a file that is no database."""
    try:
        return MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as error:
        raise Missing(f"the database cannot be read: {_first_line(error)}") from error


def _postgresql(url: str, patience: int) -> Engine:
    """A server that does not answer within `patience` seconds counts as not there."""
    waits = {"connect_timeout": max(2, min(patience, 10))}
    is_short = patience < BUSY_SECONDS
    limits = {"options": f"-c lock_timeout={patience}s -c statement_timeout={patience}s"} if is_short else {}
    return create_engine(
        # What is asked must not get into the log with an error.
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=patience,
        connect_args=waits | limits,
    )


def _sqlite(url: str, patience: int) -> Engine:
    """SQLite with a write-ahead log, foreign keys, and transactions that we begin ourselves.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#enabling-non-legacy-sqlite-transactional-modes-with-the-sqlite3-or-aiosqlite-driver
    """
    file = make_url(url).database
    if file:
        _make_folder(Path(file).parent)
    engine = create_engine(url, hide_parameters=True, pool_timeout=patience, connect_args={"timeout": patience})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Missing(f"the database folder {folder} cannot be made: {error.strerror}") from error


def _on_connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # The driver would open transactions itself, and not before DDL: migrations would be no transaction.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "secure_delete=FAST"):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    # A transaction that begins as a reader and then writes fails when another wrote meanwhile; a writer says so at once.
    until = connection.get_execution_options().get("write_until")
    if until is None:
        connection.exec_driver_sql("BEGIN")
    else:
        # For other processes there is what patience the line of our own has left.
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {max(0, until - time.monotonic()) * 1000:.0f}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _first_line(error: SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
