"""Reads the remarks of OFAC's lists: all that has no column of its own, `DOB 1962; Passport 123 (Egypt); a.k.a. 'X'.`

Since 2012 a full stop ends them: https://ofac.treasury.gov/recent-actions/20120613. Weak aliases stand there in single quotes:
https://ofac.treasury.gov/sdn-list-data-formats-data-schemas/tutorial-on-the-use-of-list-related-legacy-flat-files
"""

import re
from typing import NamedTuple

from bot.lists import countries, parts
from bot.lists.files import clean

_PART = re.compile(r" ?(?:alt\. )?[afn]\.k\.a\. '.{1,400}?'(?=;|\.?$)|(?:\([^()]*\)|[^;])+")
"""One statement: names in quotes and what stands in brackets may hold semicolons."""

_WEAK = re.compile(r"(?P<type>[afn])\.k\.a\. '(?P<name>.+)'")
_LINK = re.compile(r"\((Linked To: .*)\)")
_ABBREVIATION = re.compile(r"(?:\.[A-Z]{1,2}|\b(?i:LTD|LTDA|INC|CO|CORP|CIA|BHD|PTE|JR|SR|ST))\.$")

_REASON = re.compile(
    r"secondary sanctions risk|additional sanctions information|executive order \d|caatsa section|transactions prohibited"
    r"|ifca determination|linked to:|for more information|(?:listing|effective) date|purchase/sales"
    r"|united states financial institutions are prohibited",
    re.IGNORECASE,
)
"""How statements begin that tell of the act and not of its subject."""

_NUMBERED = re.compile(
    r"(?P<label>[A-Z](?:[^;,\d]{0,60}\b)?"
    r"(?:No\.?|Number|Code|Card|Document|Certificate|Identification|ID|Pattern)(?: #)?(?: \([^()]*\))?"
    r"|(?:[A-Z][A-Za-z. ]{0,40} )?(?:Passport(?: Booklet)?|License)"
    r"|Digital Currency Address - \w+|SWIFT/BIC|Equity Ticker|ISIN|MMSI|BIK \(RU\)|US FEIN|SSN|RFC|RTN|(?:NIT|RUC|RIF) #"
    r"|(?:C\.U\.R\.P\.|R\.F\.C\.|D\.N\.I\.|C\.U\.I\.(?:[TP]\.)?|C\.I\.F\.|I\.F\.E\.)(?: #)?"
    r"|Credencial electoral|Numero de Identidad|Cartilla de Servicio Militar Nacional)"
    r":? (?P<number>[^\s,;()](?:[^,;]|(?<=\d),(?=\d)){0,120}?)(?P<more>(?: \([^()]*\))*(?: (?:issued|expires)\b.*)?)"
)
"""A label, a number, who gave it out and when: `Tax ID No. 7744001497 (Russia) issued 2003`."""

_NO_IDENTIFIER = re.compile(r"phone|fax|chinese commercial code|interpol|deportation", re.IGNORECASE)
_SCHEMES = (
    ("uscc", re.compile(r"social credit", re.IGNORECASE)),
    ("ogrn", re.compile(r"\bOGRN")),
    ("tax", re.compile(r"FEIN|C\.I\.F|\bRTN|NUIT|R\.F\.C|V\.A\.T|C\.U\.I\.T")),
    (
        "national_id",
        re.compile(
            r"electoral|driver|pilot|D\.N\.I|C\.U\.R\.P|C\.U\.I|I\.F\.E|LE Number|Identidad|Militar", re.IGNORECASE
        ),
    ),
)
"""Scheme ← the labels of OFAC that `parts.scheme` does not know, or takes for others."""

_PREFIXED = re.compile(r"(IMO|ISIN) ?(\S+)")
_TOLD = re.compile(r"ISIN |MMSI |Equity Ticker |SWIFT/BIC |Vessel Registration Identification IMO ")
_OWN_COUNTRY = {"inn", "ogrn", "uscc", "okpo", "registration", "tax"}


class Number(NamedTuple):
    """A number that stands in a statement: its scheme, its value, and the code of the country that gave it out (empty where
    that is not told). `is_all` says that the statement holds nothing besides."""

    scheme: str
    value: str
    country: str
    is_all: bool

    @property
    def is_of_home(self) -> bool:
        """Whether it is of a kind that firms get where they are registered."""
        return self.scheme in _OWN_COUNTRY


class Weak(NamedTuple):
    """A weak alias: its type (`aka`, `fka` or `nka`) and the name."""

    type: str
    name: str


def split(text: str) -> list[str]:
    """The statements of remarks in their order, without the `alt.` that a further one of its kind begins with, and without
    the full stop at the end unless an abbreviation may need it."""
    found = [clean(part).removeprefix("alt. ") for part in _PART.findall(clean(text))]
    found = [link[1] if (link := _LINK.fullmatch(part)) else part for part in found if part]
    if found and found[-1].endswith(".") and not _ABBREVIATION.search(found[-1]):
        found[-1] = found[-1][:-1]
    return list(dict.fromkeys(found))


def weak(statement: str) -> Weak | None:
    """The weak alias that a statement is, if it is one."""
    found = _WEAK.fullmatch(statement)
    return Weak(f"{found['type']}ka", found["name"]) if found else None


def tells_of_act(statement: str) -> bool:
    """Whether a statement tells of the act (whom it goes back to, what it forbids) rather than of its subject."""
    return bool(_REASON.match(statement))


def number(statement: str, is_person: bool) -> Number | None:
    """The number that a statement gives, if it gives one."""
    found = _NUMBERED.fullmatch(statement)
    if not found or _NO_IDENTIFIER.search(found["label"]):
        return None
    label, value = found["label"], found["number"]
    words = value.split()
    # Prose: `Passport OR801168 and Kuwaiti National ID No. 281020505755`.
    if any(word.isalpha() and word.islower() for word in words):
        return None
    if not any(sign.isdigit() for sign in value) and not label.startswith(("SWIFT", "Equity")):
        return None
    givers = (countries.code(one) for one in reversed(re.findall(r"\(([^()]*)\)", found["more"])))
    country = next((code for code in givers if code), "")
    scheme, value = _scheme(label, value, country, is_person)
    return Number(scheme, value, country, not found["more"] and bool(_TOLD.match(statement)))


def _scheme(label: str, value: str, country: str, is_person: bool) -> tuple[str, str]:
    if prefixed := _PREFIXED.fullmatch(value):
        return prefixed[1].lower(), prefixed[2]
    own = next((name for name, words in _SCHEMES if words.search(label)), "")
    scheme = own or parts.scheme(label, "national_id" if is_person else "registration")
    # The Dutch RSIN goes by the name of `Legal Entity Number` as well; an LEI has 20 signs.
    is_rsin = scheme == "lei" and len(value) != 20
    if is_rsin or (scheme == "national_id" and not is_person):
        scheme = "registration"
    if country == "ru" and value.isdigit():
        # INN: 10 digits for firms, 12 for persons. OGRN: 13 digits for firms, 15 for traders.
        lengths = {("tax", 10): "inn", ("tax", 12): "inn", ("registration", 13): "ogrn", ("registration", 15): "ogrn"}
        scheme = lengths.get((scheme, len(value)), scheme)
    return scheme, value
