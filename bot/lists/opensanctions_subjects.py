"""Builds a subject from an object of FollowTheMoney and its parts: https://www.opensanctions.org/reference/"""

import re
from collections.abc import Iterator, Sequence

from bot.lists import parts
from bot.lists.files import clean
from bot.lists.opensanctions_ids import KINDS, country_codes
from bot.lists.opensanctions_objects import Object
from bot.records import Entity

NAMES = {
    "name": "alias",
    "alias": "alias",
    "previousName": "former",
    "weakAlias": "weak_alias",
    "abbreviation": "acronym",
}
"""Property → kind of name; the caption is the primary one."""

IDENTIFIERS = {
    "uscCode": "uscc",
    "leiCode": "lei",
    "isinCode": "isin",
    "isin": "isin",
    "imoNumber": "imo",
    "mmsi": "mmsi",
    "innCode": "inn",
    "ogrnCode": "ogrn",
    "okpoCode": "okpo",
    "kppCode": "kpp",
    "swiftBic": "bic",
    "dunsCode": "duns",
    "callSign": "call_sign",
    "serialNumber": "aircraft",
    "icaoCode": "aircraft",
    "ticker": "ticker",
    "publicKey": "wallet",
    "passportNumber": "passport",
    "socialSecurityNumber": "national_id",
    "taxNumber": "tax",
    "vatCode": "tax",
    "voenCode": "tax",
    "idNumber": "national_id",
    "registrationNumber": "registration",
    "uniqueEntityId": "registration",
    "cikCode": "registration",
    "bikCode": "registration",
}
"""Property → scheme of identifier. The more telling come first: a number that is given under several has the first."""

COUNTRIES = {
    "Person": (("nationality", "citizenship"), ("country",)),
    "Vessel": (("flag",), ("country", "jurisdiction")),
    "": (("jurisdiction", "mainCountry", "country"),),
}
"""Kind (empty: any other) → properties with its countries; the first that there are count."""

LABELS = {
    "title": "Title",
    "birthDate": "Born",
    "birthPlace": "Place of birth",
    "birthCountry": "Country of birth",
    "deathDate": "Died",
    "gender": "Gender",
    "position": "Position",
    "legalForm": "Legal form",
    "incorporationDate": "Founded",
    "dissolutionDate": "Dissolved",
    "status": "Status",
    "type": "Type",
    "pastFlags": "Former flag",
    "address": "Address",
    "phone": "Phone",
    "email": "E-mail",
    "website": "Website",
}
"""Property → what it is called in a note; the note has these first. Of others the name is taken apart: `buildDate`."""

ELSEWHERE = {
    *NAMES,
    *IDENTIFIERS,
    *("country", "jurisdiction", "mainCountry", "nationality", "citizenship", "flag", "programId"),
    # Parts of names that are given whole; references to other objects; and where and when OpenSanctions had it from.
    *("firstName", "secondName", "middleName", "fatherName", "motherName", "lastName", "nameSuffix"),
    *("addressEntity", "owner", "operator", "parent", "holder", "issuer", "proof"),
    *("sourceUrl", "createdAt", "modifiedAt", "retrievedAt", "publisher", "publisherUrl", "indexText"),
}
"""Properties that are no part of a note."""


def build(one: Object, belongings: Sequence[Object], addresses: Sequence[Object]) -> Entity:
    """The subject of an object with the parts that belong to it, under the id of OpenSanctions; its name is empty where it has
    none."""
    given = [(value, kind) for name, kind in NAMES.items() for value in one.values(name)]
    name = next(iter([caption for caption in [clean(one.caption)] if caption] or [value for value, _ in given]), "")
    kind = KINDS[one.schema]
    return Entity(
        id=one.id,
        kind=kind,
        name=name,
        names=parts.names(name, given),
        countries=_countries(one, kind, addresses),
        identifiers=parts.identifiers(_distinct([*_own_numbers(one, kind), *_numbers_of_parts(belongings)])),
        note=_note(one, addresses),
    )


def _countries(one: Object, kind: str, addresses: Sequence[Object]) -> tuple[str, ...]:
    for properties in COUNTRIES.get(kind, COUNTRIES[""]):
        if found := country_codes(one.values(*properties)):
            return found
    return country_codes(sorted(code for address in addresses for code in address.values("country")))


def _own_numbers(one: Object, kind: str) -> Iterator[tuple[str, str]]:
    for name, scheme in IDENTIFIERS.items():
        is_tail_number = kind == "Airplane" and name == "registrationNumber"
        yield from (("aircraft" if is_tail_number else scheme, value) for value in one.values(name))


def _numbers_of_parts(belongings: Sequence[Object]) -> Iterator[tuple[str, str]]:
    for part in sorted(belongings, key=lambda part: part.id):
        if part.schema in ("Identification", "Passport"):
            label = " ".join([*part.values("type"), part.schema if part.schema == "Passport" else ""])
            scheme = parts.scheme(label, "national_id")
            yield from ((scheme, value) for value in part.values("number", "passportNumber"))
        elif part.schema != "Sanction":
            yield from _own_numbers(part, part.schema)


def _distinct(numbers: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each number once, under the scheme it is first given."""
    schemes: dict[str, str] = {}
    for scheme, value in numbers:
        schemes.setdefault(value, scheme)
    yield from ((scheme, value) for value, scheme in schemes.items())


def _note(one: Object, addresses: Sequence[Object]) -> str:
    """What else is said of the subject, under its labels."""
    others = sorted(name for name in one.properties if name not in LABELS and name not in ELSEWHERE)
    told = {name: one.values(name) for name in (*LABELS, *others)}
    streets = sorted(value for address in addresses for value in address.values("full") or [clean(address.caption)])
    told["address"] = list(dict.fromkeys((*told["address"], *streets)))
    labelled = ((LABELS.get(name) or _label(name), values) for name, values in told.items())
    return "; ".join(f"{label}: {' / '.join(values)}" for label, values in labelled if values)


def _label(name: str) -> str:
    """`buildDate` → `Build date`."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", name).capitalize()
