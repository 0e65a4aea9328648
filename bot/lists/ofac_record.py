"""A record of OFAC as its CSV and its XML give it alike, and the entity that it makes."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.lists import countries, ofac_remarks, parts
from bot.records import Entity, Identifier

KINDS = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane", "entity": ""}
"""The type of a record → the kind of its subject; what is none of these is told by its remarks."""

VESSEL = ("Call Sign", "Vessel Type", "Tonnage", "Gross Registered Tonnage", "Vessel Flag", "Vessel Owner")
"""What is told of vessels, as the note names it, in the order of the columns of the CSV."""

_COMPANY = re.compile(
    r"Target Type (?:Private Company|Public Company|State-Owned Enterprise|Financial Institution)"
    r"|ISIN |Equity Ticker |Issuer Name "
    r"|(?:UK )?Company Number |Commercial Registry |Trade License |Matricula Mercantil |Folio Mercantil |C\.R\. No"
    r"|Chamber of Commerce |Unified Social Credit Code \(USCC\) 9[123]"
)
"""Statements that are made of firms only: a share, a number in a register of trade. The first two signs of a USCC name the
register, 9 being that of the market authority (GB 32100-2015). Tax and registration numbers are no proof: troops, funds and
institutes have them too."""

_TRADE = re.compile(
    r"Organization Type: (?!Defen[sc]e|Public order|General public|Regulation of|Foreign affairs|Central banking|Higher education"
    r"|Activities of (?:political|religious|other membership|sports|professional|trade unions))"
)
"""A branch of ISIC, the UN's classification of industries, that is one of business."""

_GOVERNMENT = "Target Type Government Entity"
_ORDER = ("DOB ", "POB ", "nationality ", "citizen ", "Gender ")
_HOME = re.compile(r"Nationality of Registration (.+)")
_NATIONALITY = re.compile(r"(?:nationality|citizen) (.+)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")


class Alias(NamedTuple):
    """Another name: its value, its type (`aka`, `fka` or `nka`), whether it is a weak one, remarks on it."""

    name: str
    type: str
    is_weak: bool = False
    remarks: str = ""


class Address(NamedTuple):
    """An address on one line, and the country in it as published."""

    text: str
    country: str


@dataclass(slots=True)
class Record:
    """What OFAC says of one subject.

    `type` is one of KINDS; `vessel` holds what there is of VESSEL; `facts` are the statements of its remarks that tell of
    it, `grounds` those that tell of the act, `cut` a last one that is cut off within.
    """

    uid: str
    name: str
    type: str
    programmes: tuple[str, ...]
    title: str = ""
    vessel: dict[str, str] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    grounds: list[str] = field(default_factory=list)
    cut: str = ""
    aliases: list[Alias] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)

    def take_remarks(self, statements: list[str]) -> None:
        """Takes in the statements of remarks, the weak aliases among them as such."""
        for statement in statements:
            if weak := ofac_remarks.weak(statement):
                self.aliases.append(Alias(weak.name, weak.type, is_weak=True))
            elif ofac_remarks.tells_of_act(statement):
                self.grounds.append(statement)
            elif statement != self.title:
                self.facts.append(statement)


def entity(record: Record, id: str) -> Entity:
    """The subject of a record. Its facts are put in an order of their own, since CSV and XML have each another."""
    kind = KINDS[record.type] or _kind_told(record.facts)
    facts = sorted(record.facts, key=_rank)
    numbers = {one: ofac_remarks.number(one, kind == "Person") for one in facts}
    given = [(found.scheme, found.value) for found in numbers.values() if found]
    return Entity(
        id=id,
        kind=kind,
        name=record.name,
        names=parts.names(record.name, _names(record, kind == "Person")),
        countries=_countries(record, kind, [found for found in numbers.values() if found]),
        identifiers=_identifiers(record, given),
        note=_note(record, [one for one, found in numbers.items() if not found or not found.is_all]),
    )


def _kind_told(facts: list[str]) -> str:
    if any(_COMPANY.match(one) or _TRADE.match(one) for one in facts):
        return "Company"
    return "PublicBody" if _GOVERNMENT in facts else "Organization"


def _rank(fact: str) -> tuple[int, str]:
    """Facts of birth and nationality first and as they are given, the main one before others; the rest by their text."""
    rank = next((place for place, start in enumerate(_ORDER) if fact.startswith(start)), len(_ORDER))
    return rank, fact if rank == len(_ORDER) else ""


def _names(record: Record, is_person: bool) -> list[tuple[str, str]]:
    """The other names with their kinds, those of persons in natural order besides."""
    given = [("alias", record.name), *((_alias_kind(one), one.name) for one in record.aliases)]
    both = [(value, kind) for kind, name in given for value in (name, natural(name) if is_person else "")]
    return [
        *((value, kind) for value, kind in both if kind != "weak_alias"),
        *(one for one in both if one[1] == "weak_alias"),
    ]


def _alias_kind(alias: Alias) -> str:
    return "weak_alias" if alias.is_weak else "former" if alias.type == "fka" else "alias"


def natural(name: str) -> str:
    """A person's name as people say it: `HANIYA, Ismail` → `Ismail HANIYA`; empty where it has no comma."""
    last, *others = name.split(", ")
    return ", ".join((f"{others[0]} {last}", *others[1:])) if others else ""


def _countries(record: Record, kind: str, numbers: list[ofac_remarks.Number]) -> tuple[str, ...]:
    if kind == "Vessel":
        return _codes([record.vessel.get("Vessel Flag", "")])
    told = _NATIONALITY if kind == "Person" else _HOME
    own = [found[1] for one in record.facts if (found := told.fullmatch(one))]
    places = [one.country for one in record.addresses]
    codes = _codes(own or places) if kind == "Person" else _codes([*own, *places])
    registered = (
        () if kind == "Person" else dict.fromkeys(one.country for one in numbers if one.is_of_home and one.country)
    )
    return codes or tuple(registered)


def _codes(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for name in names if (code := countries.code(name))))


def _identifiers(record: Record, numbers: list[tuple[str, str]]) -> tuple[Identifier, ...]:
    return parts.identifiers([*numbers, ("call_sign", record.vessel.get("Call Sign", ""))])


def _note(record: Record, facts: list[str]) -> str:
    """All that is told of the subject and is neither a name nor a number that says all: on one line, whole."""
    # XML writes 163660 where CSV writes 163,660 or 2595.
    vessel = [f"{label} {_THOUSANDS.sub('', value)}" for label, value in record.vessel.items() if label != "Call Sign"]
    told = [
        f"{'.'.join(one.type)}. {one.name}{f' ({one.remarks})' if one.remarks else ''}"
        for one in record.aliases
        if one.remarks or one.type == "nka" or (one.type == "fka" and one.is_weak)
    ]
    addresses = [f"Address: {one.text}" for one in record.addresses if one.text]
    return "; ".join(filter(None, (record.title, *facts, *vessel, *told, *addresses, record.cut)))
