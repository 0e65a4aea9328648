"""A row of the Consolidated Screening List as a record in the form that OFAC gives its own, and what it tells of the act.

Columns, and the parts of `ids` (country, expiry, issue, number, type): https://developer.trade.gov/api-details#api=consolidated-screening-list
"""

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from bot import dates
from bot.lists import countries, csl_names, ofac_remarks
from bot.lists.files import clean
from bot.lists.ofac_record import KINDS, Address, Alias, Record

Row: TypeAlias = dict[str, str]
"""What a row holds, by column; what is empty is not in it."""

VESSEL = {
    "call_sign": "Call Sign",
    "vessel_type": "Vessel Type",
    "gross_tonnage": "Tonnage",
    "gross_registered_tonnage": "Gross Registered Tonnage",
    "vessel_flag": "Vessel Flag",
    "vessel_owner": "Vessel Owner",
}
FACTS = {"dates_of_birth": "DOB", "places_of_birth": "POB", "nationalities": "nationality", "citizenships": "citizen"}
"""Column → how OFAC begins a statement of that."""

ACT = {
    "license_requirement": "Licence requirement",
    "license_policy": "licence policy",
    "standard_order": "Standard order",
}
READ = frozenset(
    (
        *(
            "_id",
            "source",
            "entity_number",
            "type",
            "programs",
            "name",
            "title",
            "addresses",
            "federal_register_notice",
        ),
        *("start_date", "end_date", "remarks", "source_list_url", "alt_names", "source_information_url", "ids"),
        *(*VESSEL, *FACTS, *ACT),
    )
)
"""The columns that are known."""

EARLIEST = "1900"
"""Dates of lists before that are slips: 0097-06-30."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_C1 = re.compile(r"[\x80-\x9f]")


def mend(text: str) -> str:
    """Text with its apostrophes and the like: some are Windows-1252 that was taken for ISO 8859-1, as in `Xi\\x92an`."""
    if text.isascii():
        return text
    return _C1.sub(lambda found: found[0].encode("latin-1").decode("cp1252", "ignore"), text)


def items(text: str) -> list[str]:
    """The values of a field that holds several."""
    return [one for part in text.split(";") if (one := clean(part))] if text else []


def record(row: Row, is_of_ofac: bool) -> Record:
    """The record that a row makes. Remarks of other lists than OFAC's tell of the act."""
    aliases = [one for one in items(row.get("alt_names", "")) if not csl_names.is_remark(one)]
    found = Record(
        uid=row["_id"],
        name=csl_names.tidy(clean(row["name"])) or clean(row["name"]),
        type=_type(row),
        programmes=tuple(items(row.get("programs", ""))),
        title=clean(row.get("title")),
        vessel={label: clean(row[column]) for column, label in VESSEL.items() if column in row},
        aliases=[Alias(name, "aka") for name in aliases],
        addresses=[Address(text, _country(text)) for text in items(row.get("addresses", ""))],
    )
    found.take_remarks(list(_statements(row)))
    if is_of_ofac:
        found.take_remarks(ofac_remarks.split(row.get("remarks", "")))
    return found


def merged(records: list[Record]) -> Record:
    """One record of several of the same subject, each thing once."""
    first, *others = records
    for one in others:
        first.facts += [fact for fact in one.facts if fact not in first.facts]
        first.aliases += [alias for alias in one.aliases if alias not in first.aliases]
        first.addresses += [address for address in one.addresses if address not in first.addresses]
    return first


def day(row: Row, column: str) -> str:
    """The date in a column, ISO; empty for none, and for one that can be none."""
    text = clean(row.get(column))
    return text if dates.is_partial_date(text) and text >= EARLIEST else ""


def grounds(row: Row, is_of_ofac: bool) -> Iterator[str]:
    """What a row tells of the act and has no place of its own."""
    yield from (f"{label}: {text}" for column, label in ACT.items() if (text := clean(row.get(column))))
    if not is_of_ofac and (remarks := clean(row.get("remarks"))):
        yield remarks
    for column in ("start_date", "end_date"):
        if (text := clean(row.get(column))) and not day(row, column):
            yield f"{column.replace('_', ' ').capitalize()}: {text}"


def _type(row: Row) -> str:
    """The type in OFAC's words. Other lists tell none: what is said of persons only tells that it is one."""
    given = clean(row.get("type")).casefold()
    return given if given in KINDS else "individual" if not given and FACTS.keys() & row.keys() else "entity"


def _country(address: str) -> str:
    """The country that ends an address, as published; empty where its last part is none."""
    # `21 Sample Road, Hebei, China; and 21 Sample Street, Hebei, CN`
    last = address.rpartition(",")[2].strip()
    return last if countries.code(last) else ""


def _statements(row: Row) -> Iterator[str]:
    """What a row tells of its subject and has no place of its own in a record, as OFAC would state it."""
    for column, start in FACTS.items():
        yield from (f"{start} {value}" for value in items(row.get(column, "")))
    for one in items(row.get("ids", "")):
        yield _numbered(one)
    for one in items(row.get("alt_names", "")):
        if csl_names.is_remark(one):
            yield one
    if row.get("type") and _type(row) != row["type"].strip().casefold():
        yield f"Type: {clean(row['type'])}"
    yield from _others(row.items())


def _others(cells: Iterable[tuple[str, str]]) -> Iterator[str]:
    for column, text in cells:
        if column not in READ and (value := clean(text)):
            yield f"{column.replace('_', ' ')}: {value}"


def _numbered(text: str) -> str:
    """`RU, 2018-01-31, 770000, Tax ID No.` → `Tax ID No. 770000 (RU) (2018-01-31)`."""
    *given, label = text.split(", ")
    country = [given.pop(0)] if len(given) > 1 and len(given[0]) == 2 and countries.code(given[0]) else []
    days = []
    while len(given) > 1 and _DAY.fullmatch(given[0]):
        days.append(given.pop(0))
    # One date alone may be that of issue or of expiry.
    told = [f"issued {days[1]} expires {days[0]}"] if len(days) == 2 else [f"({one})" for one in days]
    return " ".join((label, *filter(None, [", ".join(given)]), *(f"({one})" for one in country), *told))
