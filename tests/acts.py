"""Official lists that tests write, in the forms of OFAC and the UN, and a place where they are loaded and asked about."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import freshness
from bot.desk import Desk
from bot.errors import UserError
from bot.loading import Loader, Order
from bot.lookup import Asking
from bot.records import Dataset
from bot.store.database import Database
from bot.taking import Loaded

KNOWN = {"ofac": "Quillon Works 7 GmbH", "un": "Orbel Trading 7 Ltd"}
"""A firm on each list."""

UNKNOWN = "Zephyrine Bookbinders Cooperative"
"""A firm on none."""


def row(number: int, name: str = "", programme: str = "SDGT", kind: str = "-0- ") -> str:
    """A row of a main file of OFAC."""
    called = name or f"Quillon Works {number} GmbH"
    return f'{number},"{called}",{kind},"{programme}",{"-0- ," * 7}-0- \r\n'


def rows(numbers: Iterable[int], name: str = "Quillon Works {} GmbH", programme: str = "SDGT") -> str:
    """The main file of OFAC's list, as text."""
    return "".join(row(number, name.format(number), programme) for number in numbers)


def sdn(folder: Path, day: date | str, text: str = "", count: int = 40) -> Path:
    """OFAC's list of a day in a file; its rows are `text`, or `count` of them."""
    file = folder / f"sdn_{day}.csv"
    file.write_text(text or rows(range(1, count + 1)), "utf-8", newline="")
    return file


def consolidated(folder: Path, day: date | str, count: int = 40) -> Path:
    """The UN's list of a day in a file."""
    entries = "".join(
        f"<ENTITY><DATAID>{n}</DATAID><FIRST_NAME>Orbel Trading {n} Ltd</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
        f"<REFERENCE_NUMBER>KPe.{n:03}</REFERENCE_NUMBER><LISTED_ON>2016-03-02</LISTED_ON></ENTITY>\n"
        for n in range(1, count + 1)
    )
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z">'
    file = folder / f"un_{day}.xml"
    file.write_text(f"{head}\n<INDIVIDUALS/>\n<ENTITIES>\n{entries}</ENTITIES></CONSOLIDATED_LIST>\n", "utf-8")
    return file


class Archive:
    """A database into which lists are loaded, with a desk that answers from it; `now` moves only when it is told to."""

    def __init__(self, url: str, folder: Path, now: datetime, required: tuple[str, ...] = ()) -> None:
        self.url, self.folder, self.now, self.required = url, folder, now, required
        self.database = Database(url)
        self.loader = Loader(self.database, folder / "index", lambda: self.now)
        self.desk = Desk(self.database, "test", folder / "index", required)

    def load(self, form: str, *paths: Path, after: timedelta = timedelta(minutes=1), **options: Any) -> list[Loaded]:
        """Loads files, a minute after what was done before."""
        self.now += after
        return self.loader.load(Order(form, paths, **options))

    def refuses(self, form: str, *paths: Path, **options: Any) -> str:
        """Why files are refused."""
        try:
            self.load(form, *paths, **options)
        except UserError as error:
            return str(error)
        return ""

    def coverage(self, name: str = "ofac", day: str = "") -> Dataset:
        """What is said of a list on a day; of one that nothing is said of, that it is unheard of."""
        with self.database.reading() as session:
            found = freshness.coverage(
                session, "local", None, date.fromisoformat(day) if day else self.now.date(), self.required
            )
        return next((one for one in found if one.list == name), Dataset(name, "", "", "", "", state="unheard of"))

    def state(self, name: str = "ofac", day: str = "") -> str:
        """How fresh a list is on a day."""
        return self.coverage(name, day).state

    def answer(self, name: str, as_of: str = "") -> dict[str, Any]:
        """An answer about a name, as JSON: its one subject."""
        asking = Asking(f"is {name} flagged?", "local", self.now, as_of=as_of)
        (subject,) = self.desk.document(*self.desk.ask(asking))["subjects"]
        return dict(subject)

    def status(self, name: str, as_of: str = "") -> str:
        """The status that is answered."""
        return str(self.answer(name, as_of)["status"])


def today() -> date:
    """The day by the clock that the command line goes by."""
    return datetime.now(UTC).date()
