"""Reads the XML of OFAC, `SDN.XML` and `CONSOLIDATED.XML`: http://www.treasury.gov/resource-center/sanctions/SDN-List/Documents/sdn.xsd"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias
from xml.etree.ElementTree import Element

from bot.errors import BadFile
from bot.lists import files, ofac_remarks
from bot.lists.ofac_record import KINDS, VESSEL, Address, Alias, Record
from bot.lists.parts import Tally
from bot.records import Rejected

Texts: TypeAlias = dict[str, str]
"""What stands directly in an element, by tag; what is empty is left out."""

WHAT = "an SDN.XML or CONSOLIDATED.XML of OFAC"
HEAD = "publshInformation"
"""As its publisher spells it."""

VESSEL_TAGS = ("callSign", "vesselType", "tonnage", "grossRegisteredTonnage", "vesselFlag", "vesselOwner")
FACTS = (
    ("DOB", "dateOfBirthList", "dateOfBirth"),
    ("POB", "placeOfBirthList", "placeOfBirth"),
    ("nationality", "nationalityList", "country"),
    ("citizen", "citizenshipList", "country"),
)
"""The word that remarks have for it, the list it stands in, and the element of its items."""

_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def version(path: Path) -> str:
    """The day of publication, ISO, that the file states, else the one in its name; empty for neither."""
    found = files.elements(path, "sdnList", {HEAD, "sdnEntry"}, WHAT)
    next(found)
    first = next(found, None)
    day = _DAY.fullmatch(_texts(first).get("Publish_Date", ""))
    return f"{day[3]}-{day[1]}-{day[2]}" if day else files.day_in_name(path)


def records(path: Path) -> Iterator[tuple[Record, str] | Rejected]:
    """The records of a file, each with its place. Raises BadFile, also where there are not as many as the file says."""
    tally = Tally(path)
    stated = ""
    for element in files.elements(path, "sdnList", {HEAD, "sdnEntry"}, WHAT):
        texts = _texts(element)
        if element.tag == HEAD:
            stated = texts.get("Record_Count", "")
        elif element.tag == "sdnEntry":
            tally.seen += 1
            where = f"{path.name}, sdnEntry {tally.seen} (uid {texts.get('uid', '')[:20]})"
            why = _wrong(texts)
            yield tally.reject(where, why) if why else (_record(element, texts), where)
    if stated.isdigit() and int(stated) != tally.seen:
        raise BadFile(str(path), 0, f"is not whole: it says to hold {stated} records and holds {tally.seen}")
    tally.finish()


def _texts(element: Element | None) -> Texts:
    """The texts that stand directly in an element, by their tags; with single quotes for double ones, as the CSV has it."""
    given = (
        (one.tag, files.clean(one.text)) for one in (() if element is None else element) if one.text and not len(one)
    )
    return {tag: text.replace('"', "'") for tag, text in given if text}


def _wrong(entry: Texts) -> str:
    """What makes an entry one that cannot be read; empty when nothing does."""
    uid, kind = entry.get("uid", ""), entry.get("sdnType", "").casefold()
    if not (uid.isascii() and uid.isdigit() and len(uid) <= 10):
        return f"uid: {uid[:20]!r} is not a number"
    if not _name(entry):
        return "has no name"
    return "" if kind in KINDS else f"type: {kind[:20]!r} is not known"


def _joined(texts: Texts, tags: Sequence[str], by: str = ", ") -> str:
    return by.join(texts[tag] for tag in tags if tag in texts)


def _name(texts: Texts) -> str:
    """`LAST, First` for persons, as the CSV has it."""
    return _joined(texts, ("lastName", "firstName"))


def _record(entry: Element, texts: Texts) -> Record:
    vessel = _texts(entry.find("vesselInfo"))
    record = Record(
        uid=texts["uid"],
        name=_name(texts),
        type=texts["sdnType"].casefold(),
        programmes=tuple(filter(None, (files.clean(one.text) for one in _of(entry, "programList")))),
        title=texts.get("title", ""),
        vessel={label: vessel[tag] for label, tag in zip(VESSEL, VESSEL_TAGS, strict=True) if tag in vessel},
        aliases=[_alias(aka) for one in _of(entry, "akaList") if _name(aka := _texts(one))],
        addresses=[_address(_texts(one)) for one in _of(entry, "addressList")],
    )
    facts = [
        f"{word} {text}"
        for word, place, tag in FACTS
        for one in _of(entry, place)
        if (text := _texts(one).get(tag, ""))
    ]
    numbers = [_number(_texts(one)) for one in _of(entry, "idList")]
    record.take_remarks(list(dict.fromkeys((*facts, *numbers, *ofac_remarks.split(texts.get("remarks", ""))))))
    return record


def _of(entry: Element, tag: str) -> Iterable[Element]:
    """What stands in one of the lists of an entry."""
    found = entry.find(tag)
    return () if found is None else found


def _alias(aka: Texts) -> Alias:
    return Alias(_name(aka), aka.get("type", "").replace(".", ""), aka.get("category") == "weak")


def _number(id: Texts) -> str:
    """A number as remarks state it: `Passport 123 (Egypt) issued 01 Jan 2001 expires 31 Dec 2005`."""
    forms = (
        ("idType", "{}"),
        ("idNumber", "{}"),
        ("idCountry", "({})"),
        ("issueDate", "issued {}"),
        ("expirationDate", "expires {}"),
    )
    return " ".join(form.format(id[tag]) for tag, form in forms if tag in id)


def _address(address: Texts) -> Address:
    """An address, written as the CSV writes it."""
    street = _joined(address, ("address1", "address2", "address3"))
    town = _joined(address, ("city", "stateOrProvince"))
    place = " ".join(filter(None, (town, address.get("postalCode", ""))))
    country = address.get("country", "")
    return Address(", ".join(filter(None, (street, place, country))), country)
