"""Tells on which of OFAC's non-SDN lists a record of the consolidated file is, and what follows from that.

The lists: https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists. The file does not name them; a programme tag alone
does not tell either, since who is an SDN as well has the tags of that too: what is forbidden stands in the remarks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.lists.ofac_record import Record

OTHER = "Consolidated Non-SDN List"
OTHER_MEASURES = ("public identification",)

_NEVER = re.compile("(?!)")
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_DATED = re.compile(r"(Effective|Listing) Date \((?P<of>[^()]*)\):? (\d{1,2}) ([A-Z][a-z]{2}) (\d{4})")
_ORDER = re.compile(r"EO(\d{5})")
_SECTORAL = re.compile(r"Executive Order 13662 Directive Determination - Subject to Directive (\d)")


@dataclass(frozen=True, slots=True)
class Act:
    """One list that a record is on: the list's slug and name, what follows, in force since when (ISO, may be empty), and the
    executive orders that it rests on."""

    slug: str
    list: str
    measures: tuple[str, ...]
    listed_on: str
    legal_basis: str


@dataclass(frozen=True, slots=True)
class _List:
    """A list, and how it is told: by a tag, or by the words of a statement. `dated` fits what its dates are said to be of;
    `orders` the executive orders behind it."""

    slug: str
    name: str
    measures: tuple[str, ...]
    tags: re.Pattern[str]
    words: re.Pattern[str] = _NEVER
    dated: re.Pattern[str] = _NEVER
    orders: re.Pattern[str] = _NEVER

    def has_tag(self, record: Record) -> bool:
        return any(map(self.tags.fullmatch, record.programmes))

    def has(self, record: Record) -> bool:
        return self.has_tag(record) or any(map(self.words.match, record.grounds))

    def act(self, record: Record) -> Act:
        own = [tag for tag in record.programmes if any(map(self.orders.fullmatch, _ORDER.findall(tag)))]
        measures = self.measures or _sectoral(record.grounds)
        return Act(self.slug, self.name, measures, _in_force(record.grounds, self.dated), legal_basis(own))


def _sectoral(grounds: list[str]) -> tuple[str, ...]:
    """Directives 1 to 3 forbid new debt or equity; Directive 4 goods, services and technology for oil projects:
    https://ofac.treasury.gov/faqs/412."""
    directives = {found[1] for one in grounds if (found := _SECTORAL.match(one))}
    debt = ("securities restriction",) if directives != {"4"} else ()
    return (*debt, "export restriction") if "4" in directives else debt


LISTS = (
    _List(
        *("cmic", "Non-SDN Chinese Military-Industrial Complex Companies List", ("securities restriction",)),
        tags=re.compile(r"(?:NS-)?CMIC.*"),
        dated=re.compile("CMIC"),
        orders=re.compile("13959"),
    ),
    _List(
        *("ssi", "Sectoral Sanctions Identifications List", ()),
        tags=re.compile(r"UKRAINE-EO13662|SSI.*"),
        orders=re.compile("13662"),
    ),
    _List(
        "capta",
        "List of Foreign Financial Institutions Subject to Correspondent Account or Payable-Through Account Sanctions",
        ("correspondent account restriction",),
        tags=re.compile(r"561-Related|CAPTA.*"),
        # Directive 2 is the "Russia-related CAPTA Directive": https://ofac.treasury.gov/faqs/968
        words=re.compile(r".*\bEO 14024 Directive 2\)|.*\bcorrespondent account or a payable-through account"),
        dated=re.compile("EO 14024 Directive 2"),
        orders=re.compile("14024"),
    ),
    _List(
        *("mbs", "Non-SDN Menu-Based Sanctions List", ("menu-based sanctions",)),
        tags=re.compile(r"(?:NS-)?MBS.*"),
        words=re.compile(
            r".*\bEO 14024 Directive (?!2\b)\w|Executive Order 14024 Directive Information:? Subject to Directive (?!2\b)"
            r"|Executive Order 14014 Directive Information|CAATSA Section 235 Information|Executive Order 14059 information"
        ),
        dated=re.compile(r"EO 14024 Directive (?!2$).*|EO 14014 Directive .*"),
        orders=re.compile("14024|14014|14059"),
    ),
    _List(*("plc", "Non-SDN Palestinian Legislative Council List", ("transaction ban",)), tags=re.compile("NS-PLC")),
    _List(*("fse", "Foreign Sanctions Evaders List", ("transaction ban",)), tags=re.compile("FSE.*")),
)


def is_tagged(record: Record) -> bool:
    """Whether a record has the tag of one of the lists."""
    return any(one.has_tag(record) for one in LISTS)


def acts(record: Record) -> list[Act]:
    """The lists that a record is on; none where they are not told."""
    return [one.act(record) for one in LISTS if one.has(record)]


def other(record: Record) -> Act:
    """What is said of a record that is on none of the lists known here."""
    return Act("other", OTHER, OTHER_MEASURES, "", legal_basis(record.programmes))


def legal_basis(tags: Iterable[str]) -> str:
    """The executive orders that programme tags name: `RUSSIA-EO14024` → `Executive Order 14024`."""
    numbers = dict.fromkeys(number for tag in tags for number in _ORDER.findall(tag))
    return "; ".join(f"Executive Order {number}" for number in numbers)


def _in_force(grounds: list[str], of: re.Pattern[str]) -> str:
    """The first day on which what is forbidden is so, else the first on which it was listed, ISO; empty where neither is told."""
    found = [one for ground in grounds if (one := _DATED.fullmatch(ground)) and of.fullmatch(one["of"])]
    days = sorted((one[1], f"{one[5]}-{_MONTHS.get(one[4], 0):02}-{int(one[3]):02}") for one in found)
    return next((day for _, day in days if "-00-" not in day), "")
