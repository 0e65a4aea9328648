"""Reads the lists of the US Office of Foreign Assets Control, as CSV files or XML: the SDN list and the consolidated others.

https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.errors import BadFile
from bot.lists import files, ofac_csv, ofac_nonsdn, ofac_record, ofac_xml
from bot.lists.ofac_nonsdn import Act
from bot.lists.ofac_record import Record
from bot.lists.publications import Download, Publication
from bot.records import DESIGNATING, Dataset, Edition, Entry, Item, Listing, Rejected, Source

AUTHORITY = "OFAC"
PUBLISHER = "U.S. Department of the Treasury, OFAC"
LICENCE = "Public domain, a work of the US government (17 USC 105)"
SDN_LIST = "Specially Designated Nationals"

_ENTRY = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="
_EXPORTS = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"

SDN = Publication(
    name="ofac",
    title="OFAC Specially Designated Nationals and Blocked Persons List",
    publisher=PUBLISHER,
    page="https://sanctionslist.ofac.treas.gov/Home/SdnList",
    licence=LICENCE,
    rhythm=3,
    downloads=(Download("SDN.XML", f"{_EXPORTS}/SDN.XML"),),
    covers=((AUTHORITY, SDN_LIST),),
    is_dated=True,
)
NONSDN = Publication(
    name="ofac_nonsdn",
    title="OFAC Consolidated Sanctions List (non-SDN lists)",
    publisher=PUBLISHER,
    page="https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists",
    licence=LICENCE,
    rhythm=30,
    downloads=(Download("CONSOLIDATED.XML", f"{_EXPORTS}/CONSOLIDATED.XML"),),
    covers=tuple((AUTHORITY, name) for name in (*(one.name for one in ofac_nonsdn.LISTS), ofac_nonsdn.OTHER)),
    is_dated=True,
)


def read_sdn(paths: Sequence[Path]) -> Iterator[Item]:
    """The SDN list from its CSV files, in any order, or its XML. Raises BadFile."""
    return _read(paths, SDN)


def read_nonsdn(paths: Sequence[Path]) -> Iterator[Item]:
    """The consolidated list of all that are not SDNs from its CSV files, in any order, or its XML. Raises BadFile."""
    return _read(paths, NONSDN)


def _read(paths: Sequence[Path], publication: Publication) -> Iterator[Item]:
    is_xml = [_is_xml(path) for path in paths]
    if any(is_xml) and len(paths) > 1:
        raise BadFile(str(paths[is_xml.index(True)]), 0, "is XML and holds a list whole: give it alone")
    version = ofac_xml.version(paths[0]) if is_xml[0] else ofac_csv.version(paths)
    source = Source(f"{publication.name}:list", PUBLISHER, publication.title, publication.page, version)
    dataset = Dataset(publication.name, publication.title, PUBLISHER, version, version, publication.page)
    yield Edition(dataset, (source,), lacks=() if is_xml[0] else ofac_csv.lacking(paths))
    records = ofac_xml.records(paths[0]) if is_xml[0] else ofac_csv.records(paths)
    yield from _entries(records, publication, source.id, paths[0])


def _is_xml(path: Path) -> bool:
    with files.binary(path) as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _entries(
    records: Iterator[tuple[Record, str] | Rejected], publication: Publication, source_id: str, path: Path
) -> Iterator[Item]:
    """The entries of a list. Raises BadFile where most records are of the other list of OFAC: an SDN is designated, and who is
    on another list only is not."""
    taken = strange = 0
    for item in records:
        if isinstance(item, Rejected):
            yield item
            continue
        record, where = item
        acts = [_designation(record)] if publication is SDN else ofac_nonsdn.acts(record)
        taken, strange = taken + 1, strange + (ofac_nonsdn.is_tagged(record) if publication is SDN else not acts)
        yield _entry(record, f"{publication.name}:{record.uid}", acts or [ofac_nonsdn.other(record)], source_id, where)
    if strange * 2 > taken:
        what = "the SDN list" if publication is SDN else "the consolidated list of those that are no SDNs"
        raise BadFile(
            str(path), 0, f"is not {what}: {strange} of {taken} records do not belong to it by their programmes"
        )


def _entry(record: Record, id: str, acts: list[Act], source_id: str, where: str) -> Entry:
    listings = tuple(_listing(record, id, act, len(acts) > 1, source_id) for act in acts)
    return Entry(ofac_record.entity(record, id), listings, where)


def _designation(record: Record) -> Act:
    return Act("sdn", SDN_LIST, (DESIGNATING,), "", ofac_nonsdn.legal_basis(record.programmes))


def _listing(record: Record, id: str, act: Act, is_one_of_several: bool, source_id: str) -> Listing:
    return Listing(
        id=f"{id}/{act.slug}" if is_one_of_several else id,
        entity_id=id,
        authority=AUTHORITY,
        list=act.list,
        measures=act.measures,
        read_on="",
        source_ids=(source_id,),
        programme="; ".join(record.programmes),
        legal_basis=act.legal_basis,
        listed_on=act.listed_on,
        record_id=record.uid,
        # CSV and XML have each another order.
        reason="; ".join(sorted(record.grounds)),
        url=f"{_ENTRY}{record.uid}",
    )
