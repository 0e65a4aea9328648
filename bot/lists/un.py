"""Reads the consolidated list of the UN Security Council, in XML: https://www.un.org/sc/resources/sc-sanctions.xsd"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from bot import dates, scripts
from bot.lists import countries, files, parts, un_regimes
from bot.lists.files import clean
from bot.lists.publications import Download, Publication
from bot.lists.un_names import names_in
from bot.records import Dataset, Edition, Entity, Entry, Item, Listing, Rejected, Source

LIST = "Security Council Consolidated List"

PUBLICATION = Publication(
    is_dated=True,
    name="un",
    title="UN Security Council Consolidated List",
    publisher="United Nations Security Council",
    page="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    licence="Terms of use of United Nations sites: https://www.un.org/en/about-us/terms-of-use",
    rhythm=7,
    downloads=(Download("consolidated.xml", "https://scsanctions.un.org/resources/xml/en/consolidated.xml"),),
    covers=(("UN", ""),),
)

SOURCE = "un:consolidated-list"

NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")

QUALITIES = {"low": "weak_alias", "f.k.a.": "former"}
"""QUALITY of an alias → kind of name; others (`Good`, `a.k.a.`) are aliases."""

LABELS = {
    "TITLE": "Title",
    "DESIGNATION": "Designation",
    "INDIVIDUAL_DATE_OF_BIRTH": "Born",
    "INDIVIDUAL_PLACE_OF_BIRTH": "Place of birth",
    "GENDER": "Gender",
    "NATIONALITY": "Nationality",
    "INDIVIDUAL_ADDRESS": "Address",
    "ENTITY_ADDRESS": "Address",
    "INDIVIDUAL_DOCUMENT": "Document",
    "INDIVIDUAL_ALIAS": "Also listed as",
    "ENTITY_ALIAS": "Also listed as",
    "LAST_DAY_UPDATED": "Amended on",
}
"""Element → what it is called in a note; the note has them in this order."""

ELSEWHERE = {
    *NAMES,
    *("DATAID", "REFERENCE_NUMBER", "NAME_ORIGINAL_SCRIPT", "UN_LIST_TYPE", "LISTED_ON", "DELISTED_ON", "COMMENTS1"),
    # Always `UN List`; the counter of a record; and what the publisher sorts by.
    *("LIST_TYPE", "VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD"),
}
"""Elements that are no part of a note."""

PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY")
_SCRIPT = re.compile(r"(?:original|in Arabic) script:\s*", re.IGNORECASE)
_LEAD = re.compile(r"\D*\b(?:number|no\.|passport)\s*:?\s*", re.IGNORECASE)
_TAIL = re.compile(r"\s*(?:\([^()]*\)|, [A-Z][a-z][a-zA-Z ]*)$")
_SUMMARY = re.compile(r"https://(?:\w{1,40}\.){0,4}un\.org/[^\s)]{0,200}summar[^\s)]{0,200}", re.IGNORECASE)


def read(paths: Sequence[Path]) -> Iterator[Item]:
    """The edition and the entries of a list, in the one file it has; the day is that of `dateGenerated`. Raises BadFile."""
    for path in paths:
        tally = parts.Tally(path)
        found = files.elements(path, "CONSOLIDATED_LIST", ("INDIVIDUAL", "ENTITY"), "the consolidated list of the UN")
        day = _day(next(found).get("dateGenerated")) or files.day_in_name(path)
        page = PUBLICATION.page
        source = Source(SOURCE, PUBLICATION.publisher, PUBLICATION.title, page, day)
        yield Edition(Dataset("un", PUBLICATION.title, PUBLICATION.publisher, day, day, page), (source,))
        for element in found:
            tally.seen += 1
            yield _item(element, tally)
        tally.finish()


def _item(element: Element, tally: parts.Tally) -> Entry | Rejected:
    # Some reference numbers end with spaces.
    reference = _text(element, "REFERENCE_NUMBER")
    where = f"{tally.path.name}, {element.tag} {tally.seen} ({reference or _text(element, 'DATAID') or 'without id'})"
    name = " ".join(filter(None, (_text(element, tag) for tag in NAMES)))
    if not reference or not name:
        return tally.reject(where, "has no " + ("name" if reference else "REFERENCE_NUMBER"))
    entity = _entity(f"un:{reference.replace(' ', '-')}", name, element)
    return Entry(entity, (_listing(entity, reference, element),), where)


def _entity(id: str, name: str, element: Element) -> Entity:
    is_person = element.tag == "INDIVIDUAL"
    return Entity(
        id=id,
        kind="Person" if is_person else "Organization",
        name=name,
        names=parts.names(name, _other_names(name, element)),
        countries=_countries(element),
        identifiers=parts.identifiers([("list_id", _text(element, "DATAID")), *_documents(element)]),
        note=_note(element),
    )


def _listing(entity: Entity, reference: str, element: Element) -> Listing:
    comments, regime = _text(element, "COMMENTS1"), _text(element, "UN_LIST_TYPE")
    resolution = un_regimes.regime(regime).resolution
    summary = _SUMMARY.search(comments)
    return Listing(
        *(entity.id, entity.id, "UN", LIST),
        measures=un_regimes.measures(regime, comments, entity.kind == "Person"),
        read_on="",
        source_ids=(SOURCE,),
        programme=regime,
        legal_basis=f"Security Council resolution {resolution}" if resolution else "",
        listed_on=_day(_text(element, "LISTED_ON")),
        ended_on=_day(_text(element, "DELISTED_ON")),
        record_id=reference,
        reason=comments,
        url=summary[0] if summary else PUBLICATION.page,
    )


def _other_names(name: str, element: Element) -> Iterator[tuple[str, str]]:
    is_person = element.tag == "INDIVIDUAL"
    yield from ((value, "alias" if kind == "primary" else kind) for value, kind in names_in(name, "primary", is_person))
    yield from names_in(_text(element, "NAME_ORIGINAL_SCRIPT"), "alias", is_person)
    for alias in (*element.iterfind("INDIVIDUAL_ALIAS"), *element.iterfind("ENTITY_ALIAS")):
        kind = QUALITIES.get(_text(alias, "QUALITY").casefold(), "alias")
        # `previously listed as`, `formerly listed as`: in a note, or in brackets behind the name.
        is_former = re.search(
            r"(?:previously|formerly) listed as", f"{_text(alias, 'NOTE')} {_text(alias, 'ALIAS_NAME')}"
        )
        for text in (_text(alias, "ALIAS_NAME"), *_written_otherwise(alias)):
            yield from names_in(text, "former" if is_former else kind, is_person)


def _written_otherwise(alias: Element) -> Iterator[str]:
    """What the remark on an alias says of it in another script: `original script: …`, or `…; …` on one in Arabic."""
    note = _text(alias, "NOTE")
    if found := _SCRIPT.match(note):
        yield note[found.end() :]
    elif ";" in note and not re.search(r"\d", note) and scripts.of_text(_text(alias, "ALIAS_NAME")) == "Arabic":
        yield note


def _countries(element: Element) -> tuple[str, ...]:
    """Those of a person's nationality, else of the addresses."""
    nationalities = [value.text for value in element.iterfind("NATIONALITY/VALUE")]
    tag = "INDIVIDUAL_ADDRESS" if element.tag == "INDIVIDUAL" else "ENTITY_ADDRESS"
    addresses = [value.text for value in element.iterfind(f"{tag}/COUNTRY")]
    for names in (nationalities, addresses):
        if found := [code for name in names if (code := countries.code(name or ""))]:
            return tuple(dict.fromkeys(found))
    return ()


def _documents(element: Element) -> Iterator[tuple[str, str]]:
    for document in element.iterfind("INDIVIDUAL_DOCUMENT"):
        label = f"{_text(document, 'TYPE_OF_DOCUMENT')} {_text(document, 'TYPE_OF_DOCUMENT2')}"
        # Some are in French or Spanish.
        label = re.sub(r"passeport|pasaporte", "passport", label, flags=re.IGNORECASE)
        yield parts.scheme(label, "national_id"), _number(_text(document, "NUMBER"))


def _number(text: str) -> str:
    """A number without the words that some have around it: `Libyan passport No. 1234 (US)`, `Libya 1234`."""
    lead = _LEAD.match(text)
    bare = _TAIL.sub("", text[lead.end() :] if lead else text)
    first, _, rest = bare.partition(" ")
    return rest if re.search("[a-z]{3}", first) and countries.code(first) else bare


def _note(element: Element) -> str:
    """What the record holds besides, under its labels; what is said more than once under one label follows there."""
    found: dict[str, list[str]] = {label: [] for label in LABELS.values()}
    for child in element:
        if child.tag not in ELSEWHERE and (text := _told(child)):
            found.setdefault(LABELS.get(child.tag, child.tag), []).append(text)
    return "; ".join(f"{label}: {' / '.join(texts)}" for label, texts in found.items() if texts)


def _told(child: Element) -> str:
    if child.tag.endswith("_ALIAS"):
        return _alias(child)
    if child.tag == "INDIVIDUAL_DATE_OF_BIRTH":
        return _birth(child)
    rest = [clean(one.text) for one in child if one.tag not in (*PLACE, "NOTE")]
    place = [_text(child, tag) for tag in PLACE]
    told = ", ".join(filter(None, (clean(child.text), *rest, *place)))
    return _with_remark(told, _text(child, "NOTE"))


def _alias(child: Element) -> str:
    """An alias that has remarks, with them; empty for one that is told by its name alone."""
    name = _text(child, "ALIAS_NAME")
    remarks = [clean(one.text) for one in child if one.tag not in ("QUALITY", "ALIAS_NAME")]
    remark = ", ".join(filter(None, remarks))
    is_plain = not remark and not re.search(r"[()]|\bborn\b", name)
    return "" if is_plain else _with_remark(name, remark)


def _birth(child: Element) -> str:
    kind = _text(child, "TYPE_OF_DATE")
    rest = [one for one in child if one.tag not in ("TYPE_OF_DATE", "FROM_YEAR", "TO_YEAR", "NOTE")]
    years = " and ".join(filter(None, (_text(child, "FROM_YEAR"), _text(child, "TO_YEAR"))))
    told = ", ".join(filter(None, (*(clean(one.text) for one in rest), years)))
    word = "" if kind == "EXACT" or not told else f"{kind.casefold()} "
    return _with_remark(f"{word}{told}", _text(child, "NOTE"))


def _with_remark(told: str, remark: str) -> str:
    return f"{told} ({remark})" if told and remark else told or remark


def _text(element: Element, tag: str) -> str:
    return clean(element.findtext(tag))


def _day(text: str | None) -> str:
    """The day of a date, which may have a time zone (`2015-04-14-04:00`) or a time behind it; empty where it is none."""
    day = (text or "").strip()[:10]
    return day if dates.is_partial_date(day) else ""
