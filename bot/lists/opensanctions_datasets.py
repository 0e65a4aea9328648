"""The datasets of OpenSanctions, each of which is a list here: its id, and whose list it is a copy of.

Names, titles and prefixes of ids: https://github.com/opensanctions/opensanctions, folder `datasets`.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadFile
from bot.records import Dataset, Edition, Source

PUBLISHER = "OpenSanctions"
PAGE = "https://www.opensanctions.org/datasets/"
LIST_ID_LENGTH = 64

MOST_LISTS = 5000
"""Datasets that files may name; OpenSanctions has some five hundred."""

IDENTIFYING = ("public identification",)
"""The measure where nothing tells what follows from an entry in law: that it names the subject in public is certain."""


@dataclass(frozen=True, slots=True)
class Act:
    """What stands in law behind an entry: whose act it is, by which list, and what follows."""

    authority: str
    list: str
    measures: tuple[str, ...] = IDENTIFYING


@dataclass(frozen=True, slots=True)
class Original:
    """A dataset that is known: its title, the act it copies if that is known, how its ids begin, how its publisher writes what
    follows there (OpenSanctions has it in small letters, with `-` for every other sign), and how the ids of its programmes
    begin (`-`: it has none)."""

    title: str
    act: Act | None = None
    prefix: str = ""
    writing: str = ""
    programmes: str = ""

    def record_id(self, ids: Iterable[str]) -> str:
        """The publisher's own id, where exactly one of `ids` tells it; else empty."""
        found = {id.removeprefix(self.prefix) for id in ids if self.prefix and id.startswith(self.prefix)}
        # A checksum is an id that OpenSanctions has made up.
        told = [id for id in found if not re.fullmatch(r"[0-9a-f]{40}", id)]
        if len(told) != 1:
            return ""
        return {"capitals": told[0].upper(), "dots": told[0].upper().replace("-", ".")}.get(self.writing, told[0])

    def own(self, programmes: list[str]) -> list[str]:
        """Those of a row's programmes that can be this dataset's."""
        mine = (one for one in programmes if one.startswith(self.programmes))
        return [one for one in mine if SCREENED.get(one, self.act) == self.act]


SCREENING = "us_trade_csl"

SCREENED = {
    "US-BIS-EL": Act("BIS", "Entity List", ("export licence requirement",)),
    "US-BIS-DPL": Act("BIS", "Denied Persons List", ("export privileges denied",)),
    "US-BIS-UVL": Act("BIS", "Unverified List", ("no licence exceptions",)),
    "US-BIS-MEU": Act("BIS", "Military End User List", ("export licence requirement",)),
    "US-AECA-DEBARRED": Act("State Department", "AECA Debarred List", ("defence trade debarment",)),
    "US-DOS-ISN": Act("State Department", "Nonproliferation Sanctions", ("nonproliferation measures",)),
}
"""Programme → the list that the Consolidated Screening List (SCREENING) has it from."""

_FREEZE = ("asset freeze",)
_UK_LIST = Act("UK", "UK Sanctions List", _FREEZE)

ORIGINALS = {
    "us_ofac_sdn": Original(
        "US OFAC Specially Designated Nationals (SDN) List",
        Act("OFAC", "Specially Designated Nationals", _FREEZE),
        *("ofac-", "", "US-"),
    ),
    "us_ofac_cons": Original(
        "US OFAC Consolidated (non-SDN) List", Act("OFAC", "Consolidated Non-SDN List"), "ofac-", "", "US-"
    ),
    SCREENING: Original("US Trade Consolidated Screening List (CSL)", programmes="US-"),
    "us_bis_denied": Original("US BIS Denied Persons List", SCREENED["US-BIS-DPL"], programmes="US-BIS-"),
    "us_sam_exclusions": Original(
        "US SAM Procurement Exclusions", Act("GSA", "SAM Exclusions", ("procurement ban",)), programmes="-"
    ),
    "un_sc_sanctions": Original(
        "UN Security Council Consolidated Sanctions",
        Act("UN", "Security Council Consolidated List", _FREEZE),
        *("unsc-", "", "UN-"),
    ),
    "eu_fsf": Original(
        "EU Financial Sanctions Files (FSF)", Act("EU", "Financial Sanctions Files", _FREEZE), "eu-fsf-", "dots", "EU-"
    ),
    "eu_travel_bans": Original(
        "EU Consolidated Travel Bans", Act("EU", "Consolidated Travel Bans", ("travel ban",)), programmes="EU-"
    ),
    "eu_journal_sanctions": Original("EU Council Official Journal Sanctioned Entities", programmes="EU-"),
    "gb_fcdo_sanctions": Original("UK FCDO Sanctions List", _UK_LIST, "gb-fcdo-", "capitals", "GB-"),
    "gb_hmt_sanctions": Original("UK HMT/OFSI Consolidated List of Targets", _UK_LIST, "gb-hmt-", "", "GB-"),
    "ch_seco_sanctions": Original("Swiss SECO Sanctions/Embargoes", None, "ch-seco-", "", "SECO-"),
    "au_dfat_sanctions": Original("Australian Sanctions Consolidated List", programmes="AU-"),
    "be_fod_sanctions": Original("Belgian Financial Sanctions", programmes="EU-"),
    "mc_fund_freezes": Original("Monaco National Fund Freezing List"),
    "nz_russia_sanctions": Original("New Zealand Russia Sanctions", programmes="NZ-"),
    "ua_nsdc_sanctions": Original("Ukraine NSDC State Register of Sanctions", programmes="UA-"),
    "ua_war_sanctions": Original("Ukraine War and Sanctions", programmes="UA-WS-"),
}
"""Name of a dataset → what is known of it. FollowTheMoney files call datasets by name, tables by title."""

_NAMES = {one.title: name for name, one in ORIGINALS.items()}


def list_id(title: str) -> str:
    """The id of the list of a dataset: `US OFAC SDN List` → `opensanctions-us-ofac-sdn-list`. Titles that would lose letters
    that tell them apart get a checksum at the end."""
    folded = [sign for sign in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(sign)]
    id = "-".join(["opensanctions", *re.findall(r"[a-z0-9]+", "".join(folded))])
    if len(id) <= LIST_ID_LENGTH and all(sign.isascii() or not sign.isalnum() for sign in folded):
        return id
    return f"{id[: LIST_ID_LENGTH - 9].strip('-')}-{zlib.crc32(title.encode()):08x}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A dataset as a list: the id and title of that, its name if known, and what is known of it."""

    id: str
    title: str
    name: str
    original: Original

    @property
    def page(self) -> str:
        """Where OpenSanctions tells of it."""
        return f"{PAGE}{self.name}/" if self.name else PAGE

    @property
    def source_id(self) -> str:
        """The id of the document that its listings refer to."""
        return f"{self.id}:opensanctions"

    def edition(self, version: str, *, is_delta: bool) -> Edition:
        """A version of it, published on a day that may be empty."""
        source = Source(self.source_id, PUBLISHER, self.title, self.page, version)
        return Edition(Dataset(self.id, self.title, PUBLISHER, version, version, self.page), (source,), is_delta)


class Lists:
    """The lists of one version of some files, each of which is given out as an edition where it is first met."""

    def __init__(self, version: str, *, is_delta: bool = False) -> None:
        self.version, self.is_delta = version, is_delta
        self.called: dict[str, Listed] = {}
        self.met: dict[str, Listed] = {}

    def meet(self, datasets: Iterable[str], path: Path) -> Iterator[Edition]:
        """The editions of those of some datasets, by name or title, that were not met before."""
        for dataset in datasets:
            if dataset not in self.called:
                one = self.called[dataset] = _listed(dataset)
                if one.id not in self.met:
                    self.met[one.id] = one
                    yield one.edition(self.version, is_delta=self.is_delta)
                if len(self.called) > MOST_LISTS:
                    raise BadFile(str(path), 0, f"names more than {MOST_LISTS:,} datasets: it is none of OpenSanctions")

    def of(self, datasets: Iterable[str]) -> list[Listed]:
        """The lists of datasets that were met, each once."""
        return list({one.id: one for dataset in datasets for one in (self.called[dataset],)}.values())


def _listed(dataset: str) -> Listed:
    name = dataset if dataset in ORIGINALS else _NAMES.get(dataset, "")
    # Names of others have this form too; a title has a capital or a space.
    shown = name or (dataset if re.fullmatch(r"[a-z]{2,8}_[a-z0-9_]{2,60}", dataset) else "")
    original = ORIGINALS.get(name) or Original(dataset)
    return Listed(list_id(original.title), original.title, shown, original)
