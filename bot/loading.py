"""Where lists are loaded: reads files, writes the difference with its index in one transaction, and notes what failed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot import intake, relating
from bot.errors import BadFile, UserError
from bot.indexing import Names
from bot.intake import Progress
from bot.lists import PUBLICATIONS
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.matching.shelf import folder_for
from bot.records import PUBLIC, Records
from bot.store import attempts, datasets, moments, tasks
from bot.store.database import Database
from bot.taking import Loaded, Terms


@dataclass(frozen=True, slots=True)
class Order:
    """Files to be loaded as one version: the name of their format, whose they are to be, and how: see `bot.taking.Terms`."""

    form: str
    paths: tuple[Path, ...]
    workspace: str = PUBLIC
    published: str = ""
    force: bool = False
    fetched_at: datetime | None = None


class Loader:
    """One process's place to load lists from, for a database and its index below `index_folder`."""

    def __init__(self, database: Database, index_folder: Path, now: Callable[[], datetime]) -> None:
        self.database, self.now = database, now
        self.analyser = Analyser(words.load())
        self.names = Names(self.analyser, folder_for(index_folder, database.address))

    def load(self, order: Order, progress: Progress | None = None) -> list[Loaded]:
        """Loads a version, all or nothing: readers see the old state until the new one is whole, and so it is whenever the
        process dies. Raises UserError for what is refused; the list stays as it was, and is noted as failed."""
        for path in order.paths if order.form in PUBLICATIONS else ():
            if not (path.exists() or path.is_symlink()):
                # A slip of whoever types, and no failure of the list.
                raise BadFile(str(path), 0, "cannot be read: there is no such file")
        try:
            with self.database.writing() as session:
                # The time is taken once nobody else writes: a summary that was made meanwhile must not be past it.
                now = moments.take(session, self.now)
                loaded = self._take(session, order, now, progress)
                (progress or abs)(0)
                if order.form in PUBLICATIONS:
                    # What was fetched a moment ago is what its publisher has now.
                    outcome = "confirmed" if order.fetched_at else "loaded"
                    attempts.note(session, order.form, outcome, order.workspace, now)
                self._settle(session, now)
            return loaded
        except BadFile as error:
            # Where the file was on this machine is nobody's business.
            self.fail(order.form, str(BadFile(Path(error.file).name, error.line, error.why)), order.workspace)
            raise
        except UserError as error:
            self.fail(order.form, str(error), order.workspace)
            raise

    def expected(self, order: Order) -> int | None:
        """How many entities the files may hold, by what is loaded of this form; None where nothing is."""
        with self.database.reading() as session:
            known = [one for one in datasets.current(session, order.workspace) if one.form == order.form]
        return sum(one.entities for one in known) or None

    def _take(self, session: Session, order: Order, now: datetime, progress: Progress | None) -> list[Loaded]:
        terms = Terms(order.form, order.workspace, now, order.published, order.force, order.fetched_at)
        return intake.take(session, intake.read(order.form, order.paths), terms, progress or abs)

    def load_records(self, session: Session, records: Records, *, force: bool = False) -> Loaded:
        """Loads records that are in memory, within the transaction of `session`, for everybody."""
        now = moments.take(session, self.now)
        loaded = intake.load(session, records, PUBLIC, now, force=force)
        self._settle(session, now)
        return loaded

    def _settle(self, session: Session, now: datetime) -> None:
        """Joins what is one subject, makes the index before anybody can ask for what was loaded, and has all that is watched be
        looked at."""
        relating.relate(session, self.analyser, now)
        self.names.make_ahead(session)
        tasks.hasten(session, tasks.WATCHES, self.now())

    def fail(self, form: str, why: str, workspace: str = PUBLIC) -> None:
        """Notes that a list could not be brought up to date."""
        if form in PUBLICATIONS:
            self._note(form, "failed", workspace, why)

    def confirm(self, form: str, workspace: str = PUBLIC) -> None:
        """Notes that the publisher of a list has nothing newer."""
        self._note(form, "confirmed", workspace)

    def _note(self, form: str, outcome: str, workspace: str, why: str = "") -> None:
        with self.database.writing() as session:
            # The time is taken once nobody looks at what is watched up to a later one.
            attempts.note(session, form, outcome, workspace, moments.take(session, self.now), why)
            tasks.hasten(session, tasks.WATCHES, self.now())
