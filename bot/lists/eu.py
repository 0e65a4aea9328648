"""Reads the consolidated list of the EU, the Financial Sanctions Files in XML 1.1 (`xmlFullSanctionsList_1_1`), of the
namespace http://eu.europa.ec/fpi/fsd/export: https://webgate.ec.europa.eu/fsd/fsf/public/rss"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from bot import dates, scripts
from bot.lists import countries, eu_acts, eu_notes, files, parts
from bot.lists.files import clean
from bot.lists.publications import Download, Publication
from bot.records import Dataset, Edition, Entity, Entry, Item, Listing, Rejected, Source

PUBLICATION = Publication(
    is_dated=True,
    name="eu",
    title="EU Consolidated Financial Sanctions List",
    publisher="European Commission",
    page="https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions",
    licence="Reuse policy of the European Commission (Decision 2011/833/EU): https://commission.europa.eu/legal-notice_en",
    rhythm=14,
    downloads=(
        Download(
            "xmlFullSanctionsList_1_1.xml",
            # The token is the same for everybody: it stands in the publisher's own feed.
            "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
        ),
    ),
    covers=(("EU", ""),),
)

SOURCE = "eu:financial-sanctions-files"

KINDS = {"person": "Person", "P": "Person", "enterprise": "Organization", "E": "Organization"}
"""Code or class of a subject → kind; the list does not tell firms from other organisations."""

SCHEMES = {
    "fiscalcode": "tax",
    "id": "national_id",
    "imo": "imo",
    "passport": "passport",
    "regnumber": "registration",
    "ssn": "national_id",
    "swiftbic": "bic",
    "tradelic": "registration",
}
"""Code of an identification → scheme; what others are, their description tells."""

_LOW = re.compile(r"\blow? quality", re.IGNORECASE)
_FORMER = re.compile(r"\bformer(?:ly)?\b|\bf\.?k\.?a\b|previous(?:ly)? (?:name|known|listed)", re.IGNORECASE)


def read(paths: Sequence[Path]) -> Iterator[Item]:
    """The edition and the entries of a list, in the one file it has; the day is that of `generationDate`. Raises BadFile."""
    for path in paths:
        tally = parts.Tally(path)
        what = "the EU's list of financial sanctions (XML 1.1)"
        found = files.elements(path, "export", ("sanctionEntity",), what)
        day = _day(next(found).get("generationDate")) or files.day_in_name(path)
        page = PUBLICATION.page
        source = Source(SOURCE, PUBLICATION.publisher, PUBLICATION.title, page, day)
        yield Edition(Dataset("eu", PUBLICATION.title, PUBLICATION.publisher, day, day, page), (source,))
        for element in found:
            tally.seen += 1
            yield _item(element, tally)
        tally.finish()


def _item(element: Element, tally: parts.Tally) -> Entry | Rejected:
    reference, logical = _get(element, "euReferenceNumber"), _get(element, "logicalId")
    record = reference or logical
    where = f"{tally.path.name}, sanctionEntity {tally.seen} ({record or 'without id'})"
    if not record:
        return tally.reject(where, "has neither euReferenceNumber nor logicalId")
    names = _names(element)
    if not names:
        return tally.reject(where, "has no name")
    subject = element.find("subjectType")
    kind = KINDS.get(_get(subject, "code") or _get(subject, "classificationCode"))
    if not kind:
        return tally.reject(where, f"subjectType: {_get(subject, 'code')!r} is no kind of subject that is known")
    entity = _entity(f"eu:{record.replace(' ', '-')}", kind, names, element)
    return Entry(entity, _listings(entity, record, element), where)


def _entity(id: str, kind: str, names: list[tuple[str, str]], element: Element) -> Entity:
    first = _first(element)
    return Entity(
        id=id,
        kind=kind,
        name=first,
        names=parts.names(first, names),
        countries=_countries(kind, element),
        identifiers=parts.identifiers(_identifiers(kind, element)),
        note=eu_notes.note(element),
    )


def _listings(entity: Entity, record: str, element: Element) -> tuple[Listing, ...]:
    """One for each list that an entry is on; nearly all are on one."""
    regulations = list(element.iterfind("regulation"))
    named = {eu_acts.number(_get(act, "numberTitle")) for act in (*regulations, *element.iter("regulationSummary"))}
    by_list: dict[str, list[Element]] = {}
    for regulation in regulations:
        by_list.setdefault(eu_acts.list_name(_get(regulation, "programme"), named), []).append(regulation)
    reason = " / ".join(filter(None, (clean(remark.text) for remark in element.iterfind("remark"))))
    return tuple(
        Listing(
            id=entity.id if not place else f"{entity.id}/{re.sub(r'[^A-Za-z0-9]+', '-', name)}",
            entity_id=entity.id,
            authority="EU",
            list=name,
            measures=("asset freeze",),
            read_on="",
            source_ids=(SOURCE,),
            programme=_joined(acts, "programme"),
            legal_basis=_joined(acts, "numberTitle"),
            listed_on=_listed_on(element, acts),
            record_id=record,
            reason=reason,
            url=next(filter(None, map(_url, acts)), PUBLICATION.page),
        )
        for place, (name, acts) in enumerate((by_list or {eu_acts.list_name("", ()): []}).items())
    )


def _joined(acts: list[Element], key: str) -> str:
    return "; ".join(dict.fromkeys(filter(None, (_get(act, key) for act in acts))))


def _listed_on(element: Element, acts: list[Element]) -> str:
    """The day that the list gives to the listing: the `designationDate`; where there is none, the earliest day of publication
    or entry into force of the acts that it names for the entry and its names. The entry's own is the last that amended it."""
    if day := _day(element.get("designationDate")):
        return day
    stated = (*acts, *element.iterfind("nameAlias/regulationSummary"))
    days = (_day(act.get(key)) for act in stated for key in eu_notes.DAYS)
    return min(filter(None, days), default="")


def _url(regulation: Element) -> str:
    """Where the act stands in the Official Journal."""
    url = clean(regulation.findtext("publicationUrl")) or _get(regulation, "publicationUrl")
    # Older ones are given without encryption; the publisher has both.
    url = re.sub(r"http://eur-lex\.europa\.eu/", "https://eur-lex.europa.eu/", url)
    return url if re.fullmatch(r"https://(?:[\w-]+\.)+europa\.eu/\S*", url) else ""


def _whole(alias: Element) -> str:
    return _get(alias, "wholeName") or _natural(alias)


def _natural(alias: Element) -> str:
    return " ".join(filter(None, (_get(alias, key) for key in ("firstName", "middleName", "lastName"))))


def _is_weak(alias: Element) -> bool:
    remarks = " ".join(remark.text or "" for remark in alias.iterfind("remark"))
    return _get(alias, "strong").casefold() == "false" or bool(_LOW.search(remarks))


def _first(element: Element) -> str:
    """The name to call a subject by, since none is marked: the first strong one in English or of no language in Latin letters,
    else the first strong one, else the first."""
    named = [alias for alias in element.iterfind("nameAlias") if _whole(alias)]
    strong = [alias for alias in named if not _is_weak(alias)]
    english = [alias for alias in strong if _get(alias, "nameLanguage") in ("", "EN")]
    latin = [alias for alias in english if scripts.of_text(_whole(alias)) == "Latin"]
    return _whole((latin or strong or named)[0])


def _names(element: Element) -> list[tuple[str, str]]:
    """All names with their kinds; a name in parts is given in their order, too, where that is another."""
    found = []
    for alias in element.iterfind("nameAlias"):
        remarks = " ".join(remark.text or "" for remark in alias.iterfind("remark"))
        kind = "weak_alias" if _is_weak(alias) else "former" if _FORMER.search(remarks) else "alias"
        found += [(name, kind) for name in (_whole(alias), _natural(alias)) if name]
    # A name that is strong in one language and weak in another is strong.
    return sorted(found, key=lambda one: one[1] == "weak_alias")


def _countries(kind: str, element: Element) -> tuple[str, ...]:
    """A person's citizenships, an entity's addresses, else the other."""
    tags = ("citizenship", "address") if kind == "Person" else ("address", "citizenship")
    for tag in tags:
        if found := [code for place in element.iterfind(tag) if (code := _country(place))]:
            return tuple(dict.fromkeys(found))
    return ()


def _country(place: Element) -> str:
    # 00 is how the list says that it is not known.
    return countries.code(_get(place, "countryIso2Code")) or countries.code(_get(place, "countryDescription"))


def _identifiers(kind: str, element: Element) -> Iterator[tuple[str, str]]:
    # With the mark of the list: the bare numbers of others are like them.
    yield "list_id", _get(element, "euReferenceNumber")
    yield "list_id", _get(element, "unitedNationId")
    for one in element.iterfind("identification"):
        remark = " ".join(remark.text or "" for remark in one.iterfind("remark"))
        label = f"{_get(one, 'identificationTypeDescription')} {remark}"
        otherwise = "national_id" if kind == "Person" else "registration"
        scheme = SCHEMES.get(_get(one, "identificationTypeCode")) or parts.scheme(label, otherwise)
        yield scheme, _get(one, "number")
        yield scheme, _get(one, "latinNumber")


def _get(element: Element | None, key: str) -> str:
    return clean(element.get(key)) if element is not None else ""


def _day(text: str | None) -> str:
    """The day of a date or a moment; empty where it is none."""
    day = (text or "").strip()[:10]
    return day if dates.is_partial_date(day) else ""
