"""Reads the UK Sanctions List (CSV), and the OFSI Consolidated List that it took the place of (CSV or workbook).

Either has a row for each name of a subject; the rows of one subject need not stand together. Entries bear the ids of the UK
Sanctions List (RUS2137) in both, so that going from one to the other takes nothing off. Formats: `uk_columns`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BadFile
from bot.lists import uk_record
from bot.lists.files import clean, day_in_name
from bot.lists.parts import Tally
from bot.lists.publications import Download, Publication
from bot.lists.spool import Spool
from bot.lists.uk_columns import Opened, Row, opened
from bot.records import Dataset, Edition, Entry, Rejected, Source

PUBLICATION = Publication(
    name="uk",
    title="UK Sanctions List",
    publisher="Foreign, Commonwealth & Development Office",
    page="https://www.gov.uk/government/publications/the-uk-sanctions-list",
    licence="Open Government Licence v3.0",
    rhythm=7,
    downloads=(Download("UK-Sanctions-List.csv", "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.csv"),),
    covers=(("UK", "UK Sanctions List"),),
    is_dated=True,
)

CONSOLIDATED = "https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets"

_AT_A_TIME = 1000


def read(paths: Sequence[Path]) -> Iterator[Edition | Entry | Rejected]:
    """The edition that a file holds, then its entries, and what could not be taken. Raises BadFile with file, line and reason
    for what is neither list, or not a whole one, and for more files than one."""
    path, *others = paths
    if others:
        raise BadFile(str(others[0]), 0, "is one file too many: this list is one file")
    file = opened(path)
    yield _edition(file)
    rows, subjects = Tally(path), Tally(path)
    with Spool() as spool:
        yield from _keep(file, spool, rows)
        rows.finish()
        for key, group in spool.groups():
            subjects.seen += 1
            yield from _taken(file, key, group, subjects)
    subjects.finish()


def _edition(file: Opened) -> Edition:
    published_on = file.published_on or day_in_name(file.path)
    one = PUBLICATION
    if file.is_consolidated:
        publisher = "HM Treasury, Office of Financial Sanctions Implementation"
        title = "Consolidated List of Financial Sanctions Targets in the UK"
        source = Source("uk:conlist", publisher, title, CONSOLIDATED, published_on)
    else:
        source = Source("uk:sanctions-list", one.publisher, one.title, one.page, published_on)
    return Edition(Dataset(one.name, one.title, source.publisher, published_on, published_on, one.page), (source,))


def _keep(file: Opened, spool: Spool, tally: Tally) -> Iterator[Rejected]:
    """Puts the rows of a file into the spool by what they belong to; gives out those that cannot be kept."""
    waiting: list[tuple[str, tuple[int, Row]]] = []
    for line, row in file.rows():
        tally.seen += 1
        key = clean((row or {}).get(file.key))
        if row is None or not key:
            why = f"{file.key} is empty" if row else "has another number of fields than the header"
            yield tally.reject(f"{file.path}, line {line}", why)
            continue
        waiting.append((key, (line, row)))
        if len(waiting) == _AT_A_TIME:
            spool.keep(waiting)
            waiting = []
    spool.keep(waiting)


def _taken(file: Opened, key: str, group: list[Any], tally: Tally) -> Iterator[Entry | Rejected]:
    where = f"{file.path}, line {group[0][0]} ({key})"
    for item in uk_record.entries([row for _, row in group], key, where, file.is_consolidated):
        yield tally.reject(item.where, item.why) if isinstance(item, Rejected) else item
