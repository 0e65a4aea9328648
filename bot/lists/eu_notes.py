"""Says in one line what a record of the EU's list holds besides names and numbers, under labels, as it is published."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bot.lists.files import clean

DAYS = ("publicationDate", "entryIntoForceDate")

LABELS = {
    "nameAlias": "Name",
    "birthdate": "Born",
    "citizenship": "Citizenship",
    "address": "Address",
    "identification": "Document",
    "contactInfo": "Contact",
    "regulation": "Act",
}
"""Element → what it is called in a note; the note has them in this order."""

_TOLD = {
    "nameAlias": ("title", "function", "gender"),
    "birthdate": ("birthdate", "year", "yearRangeFrom", "yearRangeTo", "place", "city", "region", "zipCode"),
    "citizenship": ("region",),
    "address": ("poBox", "street", "place", "city", "zipCode", "region"),
    "identification": (
        *("identificationTypeDescription", "number", "latinNumber", "nameOnDocument"),
        *("issuedBy", "issueDate", "issuedDate", "validFrom", "validTo", "region"),
    ),
    "contactInfo": ("key", "value"),
    "regulation": ("regulationType", "organisationType", "numberTitle", *DAYS),
}
"""Element → the attributes that are told, in their order; its country and remarks follow."""

_FLAGS = {
    "circa": "circa",
    "asAtListingTime": "at the time of listing",
    "diplomatic": "diplomatic",
    "knownExpired": "known to have expired",
    "knownFalse": "known to be false",
    "reportedLost": "reported lost",
    "revokedByIssuer": "revoked by its issuer",
}
"""Attribute that is `true` or not → how a note says so."""


def note(element: Element) -> str:
    """The note of a `sanctionEntity`; empty where it holds nothing more."""
    found: dict[str, list[str]] = {label: [] for label in LABELS.values()}
    for child in element:
        if child.tag in LABELS and (text := _told(child)):
            found[LABELS[child.tag]].append(text)
    told = (f"{label}: {' / '.join(dict.fromkeys(texts))}" for label, texts in found.items() if texts)
    return "; ".join((*_heads(element), *told, *_acts(element)))


def _heads(element: Element) -> Iterator[str]:
    # The numbers of the record are told, for they are no names: a change of them is one of the record.
    heads = {"Details": "designationDetails", "UN reference": "unitedNationId", "Record": "logicalId"}
    for label, key in heads.items():
        if text := clean(element.get(key)):
            yield f"{label}: {text}"


def _told(child: Element) -> str:
    # A whole date says its year again.
    keys = [key for key in _TOLD[child.tag] if key != "year" or not child.get("birthdate")]
    values = [clean(child.get(key)) for key in keys]
    country = clean(child.get("countryDescription"))
    flags = [word for key, word in _FLAGS.items() if clean(child.get(key)).casefold() == "true"]
    contacts = [f"{clean(one.get('key'))} {clean(one.get('value'))}" for one in child.iterfind("contactInfo")]
    remarks = [clean(one.text) for one in child.iterfind("remark")]
    told = ", ".join(filter(None, (*values, "" if country == "UNKNOWN" else country, *flags, *contacts, *remarks)))
    # What is said of one name only; others need none.
    name = clean(child.get("wholeName"))
    return f"{name} ({told})" if child.tag == "nameAlias" and told else told


def _acts(element: Element) -> Iterator[str]:
    """The acts that names, dates, numbers and places come from."""
    acts = (
        f"{clean(one.get('numberTitle'))} {clean(one.get(DAYS[0]))}".strip()
        for one in element.iter("regulationSummary")
    )
    if found := list(dict.fromkeys(filter(None, acts))):
        yield f"Stated in: {' / '.join(found)}"
