"""Builds the entries of a subject on the UK's lists from its rows: names, identifiers, what tells it apart, how it is listed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.lists import countries, parts
from bot.lists.files import clean
from bot.lists.uk_columns import Row, Subject, day, references, told
from bot.lists.uk_facts import identifiers, note
from bot.records import DESIGNATING, Entity, Entry, Listing, Name, Rejected

AUTHORITY, LIST = "UK", "UK Sanctions List"
PAGE = "https://search-uk-sanctions-list.service.gov.uk/designations"

KINDS = {"individual": "Person", "entity": "Organization", "ship": "Vessel"}
"""Designation type → kind; an entity's own type may tell more."""

REGIMES = {
    "AFG": "Afghanistan",
    "AQD": "ISIL (Da'esh) and Al-Qaida",
    "BEL": "Belarus",
    "BIH": "Bosnia and Herzegovina",
    "CAF": "Central African Republic",
    "CHW": "Chemical Weapons",
    "CTD": "Counter-Terrorism (Domestic)",
    "CTI": "Counter-Terrorism (International)",
    "CYB": "Cyber",
    "DPR": "Democratic People's Republic of Korea",
    "DRC": "Democratic Republic of the Congo",
    "GAC": "Global Anti-Corruption",
    "GHR": "Global Human Rights",
    "GUB": "Guinea-Bissau",
    "GUC": "Guinea",
    "HAI": "Haiti",
    "INU": "Iran (Nuclear)",
    "IRN": "Iran",
    "IRQ": "Iraq",
    "LIB": "Libya",
    "MAL": "Mali",
    "MYA": "Myanmar",
    "NIC": "Nicaragua",
    "RUS": "Russia",
    "SOM": "Somalia",
    "SSU": "South Sudan",
    "SUD": "Sudan",
    "SYR": "Syria",
    "VEN": "Venezuela",
    "YEM": "Yemen",
    "ZIM": "Zimbabwe",
}
"""How the ids under a regime begin, and what the Consolidated List calls it. It keeps a subject of two regimes as one group."""

_MEASURES = (
    (DESIGNATING, re.compile(r"asset freeze", re.I)),
    ("travel ban", re.compile(r"travel ban", re.I)),
    ("arms embargo", re.compile(r"arms embargo", re.I)),
    ("director disqualification", re.compile(r"director disqualification", re.I)),
    # A few are of North Korea's only: deflagging, chartering and crewing of ships.
    ("transport restriction", re.compile(r"port entry|shipping sanction|deflag|charter|crew servic", re.I)),
    ("correspondent account restriction", re.compile(r"correspondent banking", re.I)),
    ("securities restriction", re.compile(r"transferable securities", re.I)),
    ("trade restriction", re.compile(r"trade sanction", re.I)),
)
"""Measure ← words of "Sanctions Imposed"; others (trust services, internet services) stay words."""

_BESIDES = re.compile(r"in addition to an asset freeze.*", re.IGNORECASE | re.DOTALL)
_PLAIN = frozenset({"asset freeze", "travel ban", "arms embargo"})
_NAMED = re.compile(r"regulations \d{4}$", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(?:compan(?:y|ies)|limited|ltd|ll[cp]|[pco]?jsc|plc|joint[- ]stock|enterprise|corporation|partnership|bank"
    r"|private business|shipyard)\b",
    re.IGNORECASE,
)
_PUBLIC_BODY = re.compile(
    r"(?:public )?government(?: (?:entity|ministry|agency|department|institution|body))?|ministry"
    r"|department within government.*|public security body",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"(.+?)\(([A-Z]{3,10})\)")
_FORMS = frozenset({"LLC", "LLP", "JSC", "PJSC", "OJSC", "CJSC", "PLC", "LTD"})


@dataclass(frozen=True, slots=True)
class Act:
    """How a subject is listed under one regime: since when, and what is imposed, in the list's words."""

    regime: str
    listed_on: str
    imposed: tuple[str, ...]


def entries(rows: Sequence[Row], key: str, where: str, is_consolidated: bool) -> Iterator[Entry | Rejected]:
    """The entries that the rows of one key make: one, or of a group of the Consolidated List one for each of its ids."""
    subject = Subject(told(rows) if is_consolidated else rows)
    kind, names = _kind(subject), _names(subject)
    if not kind or not names:
        types = ", ".join(subject.all("designation type"))
        yield Rejected(where, f"designation type: {types!r} is no kind that is kept" if names else "has no name")
        return
    found = [one for text in subject.all("unique id") for one in references(text)]
    # Ids of the UK Sanctions List are taken as they are; one group of 4,686 had none.
    ids = (list(dict.fromkeys(found)) or [f"OFSI-{key}"]) if is_consolidated else [key]
    entity = Entity(
        *("", kind, names[0].value, names, _countries(subject, kind)),
        identifiers=identifiers(subject),
        note=note(subject),
    )
    acts = _acts(subject)
    for one in ids:
        id = "uk:" + one.replace(" ", "-")
        own = _acts_of(one, ids, acts)
        listings = tuple(_listing(id, number, act, one, subject, is_consolidated) for number, act in enumerate(own))
        yield Entry(replace(entity, id=id), listings, where)


def _kind(subject: Subject) -> str:
    kind = next((KINDS[text.casefold()] for text in subject.all("designation type") if text.casefold() in KINDS), "")
    types = subject.all("type of entity")
    if kind == "Organization" and any(_PUBLIC_BODY.fullmatch(text) for text in types):
        return "PublicBody"
    if kind == "Organization" and any(_COMPANY.search(text) for text in types):
        return "Company"
    return kind


def _names(subject: Subject) -> tuple[Name, ...]:
    """The names of a subject, its first primary one first; where none is called so, the first."""
    found = [(_name(row), _kind_of_name(row)) for row in subject.rows]
    latin = [(name, kind) for name, kind in found if name]
    primary = next((name for name, kind in latin if kind == "primary"), latin[0][0] if latin else "")
    others = [(name, "alias" if kind == "primary" else kind) for name, kind in latin]
    original = [(text, "alias") for text in subject.all("name non-latin script")]
    if not primary and original:
        primary = original[0][0]
    acronyms = [(short, "acronym") for name, _ in latin if (short := _acronym(name))]
    return parts.names(primary, (*others, *original, *acronyms))


def _name(row: Row) -> str:
    """The parts of a name in their natural order: what comes last, a surname or the whole name, is Name 6."""
    return clean(" ".join(row.get(f"name {number}", "") for number in range(1, 7)))


def _kind_of_name(row: Row) -> str:
    told = clean(row.get("name type", "")).casefold()
    if told in ("primary name", "fka"):
        return "primary" if told == "primary name" else "former"
    return "weak_alias" if row.get("alias strength", "").strip().casefold().startswith("low") else "alias"


def _acronym(name: str) -> str:
    """What stands in brackets at the end, after the words whose initials it is: DEFENCE INDUSTRIES ORGANISATION (DIO). Within
    a name it is that of another: REVOLUTIONARY GUARD CORPS (IRGC) QODS FORCE."""
    found = _ACRONYM.fullmatch(name)
    if not found or found[2] in _FORMS or found[2][0] != name[0].upper():
        return ""
    initials = iter(word[0].upper() for word in re.findall(r"[^\W_]+", found[1]))
    return found[2] if all(letter in initials for letter in found[2]) else ""


def _countries(subject: Subject, kind: str) -> tuple[str, ...]:
    """A person's nationality, else where they live; a ship's flag; otherwise the seat."""
    columns = {"Person": ("nationality(/ies)", "address country"), "Vessel": ("current believed flag of ship",)}
    for column in columns.get(kind, ("address country",)):
        found = tuple(dict.fromkeys(code for text in subject.all(column) for code in countries.codes(text)))
        if found:
            return found
    return ()


def _acts(subject: Subject) -> list[Act]:
    """The acts by which a subject is listed, one for each regime, the earliest first."""
    regimes = subject.all("regime name") or [""]
    found = [_act(regime, _under(regime, subject) if regimes[1:] else subject) for regime in regimes]
    return sorted(found, key=lambda act: (act.listed_on, act.regime))


def _under(regime: str, subject: Subject) -> Subject:
    return Subject([row for row in subject.rows if clean(row.get("regime name")) == regime])


def _act(regime: str, subject: Subject) -> Act:
    # What was listed before 2021 was designated anew under the law of then: https://www.legislation.gov.uk/ukpga/2018/13
    designated, listed = (
        [iso for text in subject.all(name) if (iso := day(text))] for name in ("date designated", "listed on")
    )
    imposed = (clean(one) for text in subject.all("sanctions imposed") for one in text.split("|"))
    on = min(designated or listed, default="")
    return Act(regime, on, tuple(dict.fromkeys(filter(None, imposed))))


def _acts_of(one: str, ids: Sequence[str], acts: Sequence[Act]) -> list[Act]:
    """The acts that stand under one of the ids of a subject, that of its own regime first."""
    regimes = {id: REGIMES.get(id[:3].upper(), "") for id in ids}
    own = [act for act in acts if act.regime == regimes[one]]
    if len(ids) > 1:
        return own or [act for act in acts if act.regime not in regimes.values()] or list(acts)
    return [*own, *(act for act in acts if act not in own)]


def _listing(id: str, number: int, act: Act, record_id: str, subject: Subject, is_consolidated: bool) -> Listing:
    slug = re.sub(r"[^a-z0-9]+", "-", act.regime.casefold()).strip("-")
    reason = " ".join(subject.all("uk statement of reasons"))
    if any(one.casefold() not in _PLAIN for one in act.imposed):
        reason = f"{reason} Sanctions imposed: {', '.join(act.imposed)}.".strip()
    return Listing(
        *(f"{id}/{slug}" if number else id, id, AUTHORITY, LIST),
        measures=_measures(act, subject, is_consolidated),
        read_on="",
        source_ids=("uk:conlist" if is_consolidated else "uk:sanctions-list",),
        programme=act.regime,
        legal_basis=act.regime if _NAMED.search(act.regime) else "",
        listed_on=act.listed_on,
        record_id=record_id,
        reason=reason,
        url=_page(record_id, subject),
    )


def _measures(act: Act, subject: Subject, is_consolidated: bool) -> tuple[str, ...]:
    """What follows from an act. On the Consolidated List all assets are frozen, and it says in words what comes in addition.
    Where nothing of it can be told, it names the subject in public all the same."""
    if is_consolidated:
        besides = (_BESIDES.search(text) for text in subject.all("other information"))
        text = " ".join(found[0] for found in besides if found)
        return (DESIGNATING, *(name for name, words in _MEASURES if name != DESIGNATING and words.search(text)))
    told = tuple(name for name, words in _MEASURES if any(words.search(one) for one in act.imposed))
    return told or ("public identification",)


def _page(record_id: str, subject: Subject) -> str:
    kind = next(iter(subject.all("designation type")), "")
    if kind in ("Individual", "Entity") and re.fullmatch(r"[A-Z]{3}\d{4}", record_id):
        return f"{PAGE}/{record_id}/{kind}"
    return ""
