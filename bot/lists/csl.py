"""Reads the Consolidated Screening List of the United States, as CSV: the lists of BIS, the State Department and OFAC in one.

https://developer.trade.gov/api-details#api=consolidated-screening-list; the file: https://www.trade.gov/consolidated-screening-list
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from bot.errors import BadFile
from bot.lists import csl_lists, csl_names, csl_record, files, ofac, ofac_nonsdn, ofac_record, parts
from bot.lists.csl_lists import SourceList
from bot.lists.csl_record import Row
from bot.lists.ofac_nonsdn import Act
from bot.lists.ofac_record import Record
from bot.lists.parts import Tally
from bot.lists.publications import Download, Publication
from bot.lists.spool import Spool
from bot.records import Dataset, Edition, Entity, Entry, Item, Listing, Rejected, Source

NAME = "csl"
COLUMNS = ("_id", "source", "name", "addresses", "federal_register_notice", "start_date", "alt_names", "ids")
"""Columns that every file has."""

PUBLICATION = Publication(
    name=NAME,
    title="US Consolidated Screening List",
    publisher="U.S. Department of Commerce, International Trade Administration",
    page="https://www.trade.gov/consolidated-screening-list",
    licence="Public domain, a work of the US government (17 USC 105)",
    rhythm=1,
    downloads=(
        Download(
            "consolidated.csv", "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv"
        ),
    ),
    covers=csl_lists.COVERED,
)

BATCH = 1000
_SOURCE_ID = f"{NAME}:list"
_ID = re.compile(r"[!-~]{1,120}")
_OFAC_LISTS = {one.slug: one for one in ofac_nonsdn.LISTS}


def read(paths: Sequence[Path]) -> Iterator[Item]:
    """The list from its one file, plain or gzipped. Rows of one `_id` are of one subject, which OFAC has on several of its
    lists. Raises BadFile."""
    if len(paths) > 1:
        raise BadFile(str(paths[1]), 0, "is a second file: the list is one")
    path = paths[0]
    version = files.day_in_name(path)
    one = PUBLICATION
    source = Source(_SOURCE_ID, one.publisher, one.title, one.page, version)
    yield Edition(Dataset(NAME, one.title, one.publisher, version, version, one.page), (source,))
    with Spool() as spool:
        yield from _keep(spool, path)
        for id, kept in spool.groups():
            yield from _of_one(path, id, kept)


def _keep(spool: Spool, path: Path) -> Iterator[Rejected]:
    """Keeps the rows by their `_id`; gives out those that are broken."""
    row: Row = {}
    tally = Tally(path)
    rows = files.table(path, COLUMNS, "the Consolidated Screening List")
    while batch := list(islice(rows, BATCH)):
        good: list[tuple[str, Any]] = []
        for line, row in batch:
            tally.seen += 1
            id = "-".join(row.get("_id", "").split())
            if why := _wrong(id, row):
                yield tally.reject(_where(path, line, id), why)
            else:
                good.append((id, (line, {column: text for column, text in row.items() if text.strip()})))
        spool.keep(good)
    if tally.seen and not row:
        raise BadFile(str(path), 0, "ends within a row: it is not whole")
    tally.finish()


def _wrong(id: str, row: Row) -> str:
    """What makes a row one that cannot be taken; empty when nothing does."""
    if not row:
        return "has another number of fields than the header"
    if empty := next((column for column in ("_id", "source", "name") if not files.clean(row[column])), ""):
        return f"{empty} is empty"
    return "" if _ID.fullmatch(id) else f"_id: {id[:120]!r} is not an id of 120 plain characters at most"


def _where(path: Path, line: int, id: str) -> str:
    return f"{path.name}, line {line}{f' (id {id[:120]})' if id else ''}"


def _of_one(path: Path, id: str, kept: list[Any]) -> Iterator[Entry | Rejected]:
    """The entry of the rows of one subject, and those of them that repeat a list."""
    entity_id = f"{NAME}:{id}"
    records: list[Record] = []
    listings: dict[str, Listing] = {}
    for line, published in kept:
        row = {column: csl_record.mend(text) for column, text in published.items()}
        origin = csl_lists.of(files.clean(row["source"]))
        listing_id = f"{entity_id}/{origin.slug}" if origin.slug else entity_id
        if listing_id in listings:
            yield Rejected(_where(path, line, id), f"_id: {id!r} is there already for {origin.list}")
            continue
        record = csl_record.record(row, origin.authority == ofac.AUTHORITY)
        listings[listing_id] = _listing(listing_id, entity_id, row, record, origin)
        records.append(record)
    entity = _entity(entity_id, records, all(one.authority == ofac.AUTHORITY for one in listings.values()))
    yield Entry(entity, tuple(listings.values()), _where(path, kept[0][0], id))


def _entity(id: str, records: list[Record], is_of_ofac: bool) -> Entity:
    """The subject. Names of persons, and all of OFAC's, are names and nothing else."""
    record = csl_record.merged(records)
    found = ofac_record.entity(record, id)
    if is_of_ofac or found.kind == "Person":
        return found
    given = [(record.name, "primary"), *((one.name, "alias") for one in record.aliases)]
    names = parts.names(record.name, [each for name, kind in given for each in csl_names.names_in(name, kind)])
    return replace(found, names=names)


def _listing(id: str, entity_id: str, row: Row, record: Record, origin: SourceList) -> Listing:
    is_of_ofac = origin.authority == ofac.AUTHORITY
    act = _act(record, origin)
    number = files.clean(row.get("entity_number")) if is_of_ofac else ""
    basis = (act.legal_basis, origin.basis, files.clean(row.get("federal_register_notice")))
    return Listing(
        id=id,
        entity_id=entity_id,
        authority=origin.authority,
        list=origin.list,
        measures=act.measures,
        read_on="",
        source_ids=(_SOURCE_ID,),
        programme="; ".join(record.programmes),
        legal_basis="; ".join(filter(None, basis)),
        listed_on=csl_record.day(row, "start_date") or act.listed_on,
        ended_on=csl_record.day(row, "end_date"),
        record_id=number or row["_id"].strip(),
        reason="; ".join((*csl_record.grounds(row, is_of_ofac), *sorted(record.grounds))),
        url=f"{csl_lists.ENTRY}{number}" if number else origin.page or _page(row),
    )


def _act(record: Record, origin: SourceList) -> Act:
    """What follows from the row: on OFAC's lists, it may depend on what is told of the act."""
    if origin.slug in _OFAC_LISTS:
        return _OFAC_LISTS[origin.slug].act(record)
    basis = ofac_nonsdn.legal_basis(record.programmes) if origin.authority == ofac.AUTHORITY else ""
    return Act(origin.slug, origin.list, origin.measures, "", basis)


def _page(row: Row) -> str:
    """The page that a row of an unknown list gives."""
    given = (files.clean(row.get(column)) for column in ("source_information_url", "source_list_url"))
    return next((url for url in given if re.fullmatch(r"https?://\S+", url)), "")
