"""The lists that the Consolidated Screening List is put together from, as data: whose they are, and what follows from them.

What each is about: https://www.trade.gov/consolidated-screening-list
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.lists import ofac, ofac_nonsdn
from bot.records import DESIGNATING

ENTRY = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="
"""Where OFAC shows an entry; its number follows."""

_EAR = "https://www.ecfr.gov/current/title-15/subtitle-B/chapter-VII/subchapter-C/part-744/appendix-"
_BIS, _STATE, _TREASURY = "industry and security", "state", "treasury"
_BRACKETS = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True, slots=True)
class SourceList:
    """A list that rows come from: whose it is, its name, what follows; its slug where one subject may be on several of the same
    numbering; where people read it, and the regulation that it is part of."""

    authority: str
    list: str
    measures: tuple[str, ...]
    slug: str = ""
    page: str = ""
    basis: str = ""


def _supplement(number: int) -> tuple[str, str]:
    """The page and the name of a supplement to 15 CFR part 744, which BIS's lists are."""
    page = f"{_EAR}Supplement%20No.%20{number}%20to%20Part%20744"
    return page, f"Supplement No. {number} to Part 744 of the EAR"


def _of_ofac(slug: str) -> SourceList:
    found = next(one for one in ofac_nonsdn.LISTS if one.slug == slug)
    return SourceList(ofac.AUTHORITY, found.name, found.measures or ("securities restriction",), slug)


SOURCES = {
    ("EL", _BIS): SourceList("BIS", "Entity List", ("export licence requirement",), "", *_supplement(4)),
    ("MEU", _BIS): SourceList("BIS", "Military End User List", ("export licence requirement",), "", *_supplement(7)),
    ("UVL", _BIS): SourceList("BIS", "Unverified List", ("no licence exceptions",), "", *_supplement(6)),
    ("DPL", _BIS): SourceList(
        *("BIS", "Denied Persons List", ("export privileges denied",)),
        page="https://www.bis.gov/licensing/end-user-guidance/denied-persons-list-dpl",
    ),
    ("DTC", _STATE): SourceList(
        *("State Department", "AECA Debarred List", ("defence trade debarment",)),
        page="https://www.pmddtc.state.gov/ddtc_public?id=ddtc_kb_article_page&sys_id=c22d1833dbb8d300d0a370131f9619f0",
    ),
    ("ISN", _STATE): SourceList(
        *("State Department", "Nonproliferation Sanctions", ("nonproliferation measures",)),
        page="https://www.state.gov/key-topics-bureau-of-international-security-and-nonproliferation/nonproliferation-sanctions/",
    ),
    ("SDN", _TREASURY): SourceList(ofac.AUTHORITY, ofac.SDN_LIST, (DESIGNATING,), "sdn"),
    ("CMIC", _TREASURY): _of_ofac("cmic"),
    ("SSI", _TREASURY): _of_ofac("ssi"),
    ("CAP", _TREASURY): _of_ofac("capta"),
    ("MBS", _TREASURY): _of_ofac("mbs"),
    ("PLC", _TREASURY): _of_ofac("plc"),
    ("FSE", _TREASURY): _of_ofac("fse"),
    # Lists that are no more, in files of their time; who was blocked under Executive Order 13599 alone was no SDN.
    ("561", _TREASURY): SourceList(ofac.AUTHORITY, "Part 561 List", ("correspondent account restriction",), "561"),
    ("ISA", _TREASURY): SourceList(
        ofac.AUTHORITY, "Non-SDN Iranian Sanctions Act List", ("menu-based sanctions",), "isa"
    ),
    ("13599", _TREASURY): SourceList(ofac.AUTHORITY, "Executive Order 13599 List", (DESIGNATING,), "13599"),
}
"""The short name in brackets and a word of the agency, as in `Entity List (EL) - Bureau of Industry and Security` → the list."""

COVERED = tuple(dict.fromkeys((one.authority, one.list) for one in SOURCES.values() if not one.slug))
"""The lists of which nothing else brings the entries; those of OFAC it brings itself."""


@lru_cache(maxsize=1024)
def of(source: str) -> SourceList:
    """The list that a `source` names; one that is not known is what that says, and names its subjects in public."""
    title, _, agency = source.rpartition(" - ")
    for code in _BRACKETS.findall(title):
        for (known, word), one in SOURCES.items():
            # `NS-MBS List` is `MBS`.
            if known == code.upper().removeprefix("NS-").removesuffix(" LIST") and word in agency.casefold():
                return one
    slug = "-".join(re.findall(r"[a-z0-9]+", source.casefold()))
    return SourceList(agency or source, title or source, ("public identification",), slug or "other")
