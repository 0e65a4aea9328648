"""The consolidated non-SDN list of OFAC: on which of its lists a record is, what follows, since when."""

import pytest

from bot.errors import BadFile
from bot.lists import ofac
from bot.records import Entry, Listing
from tests.test_list_ofac import MAIN, REAL, SAMPLES, entries, needs_real

PRIMARY = SAMPLES / "cons_prim.csv"
CORRESPONDENT = (
    "List of Foreign Financial Institutions Subject to Correspondent Account or Payable-Through Account Sanctions"
)

ACTS = [
    ("201", "Non-SDN Chinese Military-Industrial Complex Companies List", "securities restriction", "2021-08-02"),
    ("202", "Sectoral Sanctions Identifications List", "export restriction", ""),
    ("204", "Non-SDN Palestinian Legislative Council List", "transaction ban", ""),
    ("205", CORRESPONDENT, "correspondent account restriction", ""),
    ("206", "Foreign Sanctions Evaders List", "transaction ban", ""),
    ("207", "Consolidated Non-SDN List", "public identification", ""),
]


@pytest.fixture(scope="module")
def sample() -> dict[str, Entry]:
    return entries(list(ofac.read_nonsdn([PRIMARY])))


@pytest.mark.parametrize(("uid", "name", "measure", "listed_on"), ACTS)
def test_a_record_is_on_the_list_that_its_programme_tells(
    uid: str, name: str, measure: str, listed_on: str, sample: dict[str, Entry]
) -> None:
    (found,) = sample[f"ofac_nonsdn:{uid}"].listings
    assert (found.id, found.list, found.measures, found.listed_on) == (
        f"ofac_nonsdn:{uid}",
        name,
        (measure,),
        listed_on,
    )


def test_a_record_of_several_lists_has_a_listing_for_each(sample: dict[str, Entry]) -> None:
    found = sample["ofac_nonsdn:203"].listings
    assert [(one.id, one.measures, one.listed_on, one.legal_basis) for one in found] == [
        ("ofac_nonsdn:203/ssi", ("securities restriction",), "", "Executive Order 13662"),
        ("ofac_nonsdn:203/capta", ("correspondent account restriction",), "2022-03-26", "Executive Order 14024"),
        ("ofac_nonsdn:203/mbs", ("menu-based sanctions",), "2022-02-25", "Executive Order 14024"),
    ]
    assert {one.programme for one in found} == {"UKRAINE-EO13662; RUSSIA-EO14024"}


def test_numbers_that_say_all_are_not_told_twice(sample: dict[str, Entry]) -> None:
    found = sample["ofac_nonsdn:201"].entity
    assert [(one.scheme, one.value) for one in found.identifiers] == [("ticker", "000000 CN"), ("isin", "CNE000000000")]
    assert (found.kind, found.note) == ("Company", "Issuer Name Sample Cameras; Target Type Public Company")


def test_a_government_entity_is_a_public_body(sample: dict[str, Entry]) -> None:
    assert sample["ofac_nonsdn:207"].entity.kind == "PublicBody"


def test_the_sdn_list_is_not_taken_for_this_one() -> None:
    with pytest.raises(BadFile, match=r"is not the consolidated list .*: 6 of 6 records"):
        list(ofac.read_nonsdn([MAIN]))


def test_this_list_is_not_taken_for_the_sdn_list() -> None:
    with pytest.raises(BadFile, match="is not the SDN list: 6 of 7 records"):
        list(ofac.read_sdn([PRIMARY]))


@needs_real
def test_the_real_lists_are_told_apart() -> None:
    folder = REAL / "nonsdn_2025-12"
    found = entries(list(ofac.read_nonsdn(sorted(folder.glob("*.csv")))))
    listings: list[Listing] = [one for entry in found.values() for one in entry.listings]
    counts = {name: sum(one.list == name for one in listings) for name in {one.list for one in listings}}
    assert len(found) == 442
    # By `grep -c` for CMIC-EO13959, UKRAINE-EO13662 and NS-PLC in the main file.
    assert [counts[name] for _, name, *_ in ACTS[:3]] == [68, 286, 78]
    assert (counts[CORRESPONDENT], counts["Non-SDN Menu-Based Sanctions List"]) == (15, 15)
    assert "Consolidated Non-SDN List" not in counts


@needs_real
def test_the_camera_maker_of_the_article_is_read_from_the_real_file() -> None:
    found = entries(list(ofac.read_nonsdn([REAL / "nonsdn_2025-12" / "cons_prim.csv"])))["ofac_nonsdn:30946"]
    assert [(one.scheme, one.value) for one in found.entity.identifiers] == [
        ("ticker", "002415 CN"),
        ("isin", "CNE100000PM8"),
        ("uscc", "91330000733796106P"),
    ]
    assert found.listings[0].measures == ("securities restriction",)
