"""A CSV of counterparties → a watch on all of them: read and checked row by row, set at once, and exchanged for a newer one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from bot import countries, screening, watching
from bot.errors import BadFile, UserError
from bot.monitoring import Watch, Watched
from bot.ownership import Owner
from bot.records import Rejected
from bot.sheets import Sheet, harmless, parted_by
from bot.store import moments, watches
from bot.store.database import lock
from bot.watching import Added
from bot.wishes import LONGEST_NAME

LARGEST = 16 * 2**20
"""Bytes of a file at the most: several times what the most names come to."""

MOST = 50_000
"""Names at the most. Each is looked up when it is set, and again by all that a load brings."""

MOST_REJECTED = 1_000
"""How many rejected rows are kept with their reasons, and of how many it is kept what was left out; all are counted."""

LONGEST_REFERENCE = 200

TABS = ".tsv"
"""How the name of a file ends whose columns are parted by tabs."""

CALLED = ("company", "company name", "company_name", "counterparty", "entity", "名称", "公司名称")
"""What the column of the names may be called, where none is called `name`."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What a file holds: how it is called, its names in order, the rows that could not be taken, the first of them with line and
    reason, and how many those are in all; likewise those that are watched without what could not be read of them."""

    label: str
    rows: tuple[Watched, ...]
    rejected: tuple[Rejected, ...] = ()
    rejected_rows: int = 0
    lessened: tuple[Rejected, ...] = ()
    lessened_rows: int = 0


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A portfolio that took the place of an older one: how many names are new, left it, and stayed."""

    watch: Watch
    added: int
    removed: int
    kept: int


def of_bytes(data: bytes, name: str, label: str = "") -> Portfolio:
    """A portfolio that came as bytes, from a file of that name. Raises UserError as `read` does."""
    if len(data) > LARGEST:
        raise _too_large(name, len(data))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "portfolio.csv"
        path.write_bytes(data)
        return read(path, name, label)


def read(path: Path, name: str = "", label: str = "") -> Portfolio:
    """A file of counterparties: columns `name` (or one of CALLED) and if there are `id`, `kind` and `country`, read as `screen`
    reads them, but that a country that cannot be read is left out; parted by commas, semicolons or tabs. It is called as its
    `label` says, else as the file, whose `name` errors tell.

    Raises BadFile for what is no such file, and UserError for one with no name that can be taken, or with too many.
    """
    name = name or path.name
    called = (label or PurePath(name).stem or name)[:LONGEST_NAME]
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise _too_large(name, path.stat().st_size)
        usual = "\t" if PurePath(name).suffix.casefold() == TABS else ","
        delimiter = parted_by(path, (*screening.NEEDS, *CALLED), usual)
        rows, rejected, lessened = _checked(Sheet(path, screening.NEEDS, (), delimiter, {"name": CALLED}), name)
    except BadFile as error:
        raise BadFile(name, error.line, error.why) from None
    if not rows:
        first = f": {rejected.some[0].where}: {rejected.some[0].why}" if rejected.some else ""
        raise UserError(f"{name} has no name that can be watched{first}")
    return Portfolio(called, tuple(rows), tuple(rejected.some), rejected.count, tuple(lessened.some), lessened.count)


class _Complaints:
    """What is said of rows: the first of them, and how many there are."""

    def __init__(self) -> None:
        self.some: list[Rejected] = []
        self.count = 0

    def add(self, where: str, why: str) -> None:
        self.count += 1
        if self.count <= MOST_REJECTED:
            self.some.append(Rejected(where, why))


def _too_large(name: str, size: int) -> UserError:
    return UserError(f"{name} has {size / 2**20:,.1f} MB; {LARGEST // 2**20} MB are the most for a portfolio")


def _checked(sheet: Sheet, name: str) -> tuple[list[Watched], _Complaints, _Complaints]:
    rows: list[Watched] = []
    rejected, lessened = _Complaints(), _Complaints()
    lines: dict[tuple[str, ...], int] = {}
    for row in sheet.rows():
        where = f"{name}, line {row.line}"
        try:
            one, without = _row(sheet.named(row), row.line)
            if before := lines.get(_key(one)):
                raise UserError(f"is the same as line {before}")
        except UserError as error:
            rejected.add(where, str(error))
            continue
        if without:
            lessened.add(where, without)
        if len(rows) == MOST:
            raise UserError(f"{name} has more than {MOST:,} names, which is the most for one portfolio; part it")
        lines[_key(one)] = row.line
        rows.append(one)
    return rows, rejected, lessened


def _row(cells: dict[str, str], line: int) -> tuple[Watched, str]:
    """A row, and why it is watched without its country (empty: it is not)."""
    cells = {column: _unquoted(cell.strip()) for column, cell in cells.items()}
    without = ""
    try:
        countries.country(cells.get("country", ""))
    except UserError as error:
        without = f"country: {error}; watched without it"
        cells["country"] = ""
    asked = screening.read(cells)
    if len(asked.name) > LONGEST_NAME:
        raise UserError(f"name: has {len(asked.name):,} characters; {LONGEST_NAME} is the most")
    reference = cells.get("id", "")
    if len(reference) > LONGEST_REFERENCE:
        raise UserError(f"id: has {len(reference):,} characters; {LONGEST_REFERENCE} is the most")
    return Watched(0, "", line, asked.name, reference, asked.schema, asked.country), without


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that an export of ours put before it."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _key(one: Watched) -> tuple[str, ...]:
    return one.reference, one.name, one.schema, one.country


def add(session: Session, portfolio: Portfolio, where: Owner, by: str, now: datetime) -> Added | Exchanged:
    """Has all names be watched from `now` on. Where the place watches a portfolio of that name already, this one takes its place.

    Raises UserError where the place watches too much.
    """
    lock(session, f"watch:{where.workspace}")
    there = watching.of(session, where)
    if same := next((one for one in there if _is_called(one, portfolio.label)), None):
        return _exchange(session, same, portfolio.rows, by, now)
    size = len(portfolio.rows)
    # What is recorded already is how it stands at first, also where a clock was set back since.
    since = max(now, moments.newest(session, now) or now)
    one = watching.new(session, where, "portfolio", portfolio.label, by, since, size=size, beside=len(there))
    watches.add(session, one, portfolio.rows, now)
    return Added(one, True)


def exchange(session: Session, watch: Watch, portfolio: Portfolio, by: str, now: datetime) -> Exchanged:
    """Puts the names of a portfolio in the place of those of a watch on another. Raises UserError for one on anything else."""
    if watch.kind != "portfolio":
        raise UserError(f"{watch.id} ({watch.label}) is no portfolio")
    lock(session, f"watch:{watch.workspace}")
    return _exchange(session, watch, portfolio.rows, by, now)


def _is_called(one: Watch, label: str) -> bool:
    return one.kind == "portfolio" and one.label.casefold() == label.casefold()


def _exchange(session: Session, watch: Watch, rows: Iterable[Watched], by: str, now: datetime) -> Exchanged:
    """Names that stay keep what is known of them, so that nothing is told again, and get the line where they stand now; what is
    new begins anew. Those that left go to a watch of their own that has ended, since alerts tell of them."""
    before = {_key(one): one for one in watches.watched(session, [watch.id])}
    wanted = {_key(one): one for one in rows}
    left = [one.pk for key, one in before.items() if key not in wanted]
    new = [one for key, one in wanted.items() if key not in before]
    size = len(before) - len(left) + len(new)
    watches.extend(session, watch.id, new, size, now)
    kept = ((one, wanted[key].number) for key, one in before.items() if key in wanted)
    watches.renumber(session, {one.pk: line for one, line in kept if line != one.number})
    if left:
        gone = replace(watch, id=watching.free_id(session), size=len(left), ended_at=now, ended_by=by)
        watches.part(session, left, gone)
    return Exchanged(replace(watch, size=size), len(new), len(left), len(before) - len(left))
