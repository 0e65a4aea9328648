"""The SDN list of OFAC in its CSV files: what is taken from a record, what is told and left out, what is refused."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import ofac
from bot.records import Edition, Entity, Entry, Identifier, Item, Rejected

SAMPLES = Path(__file__).parent / "lists" / "ofac"
MAIN, ADDRESSES, ALIASES, COMMENTS = (SAMPLES / f"{name}.csv" for name in ("sdn", "add", "alt", "sdn_comments"))
WHOLE = [ALIASES, COMMENTS, ADDRESSES, MAIN]
REAL = Path(__file__).parents[2] / "shared" / "data" / "lists" / "ofac"
ROW = '1,"A NAME",-0- ,"CUBA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'

needs_real = pytest.mark.skipif(not REAL.exists(), reason="the files of the publisher are not here")

REFUSALS = [
    ("", "is empty"),
    ("\x1a", "is empty"),
    ("<!DOCTYPE html><html><body>Sorry</body></html>", "is an HTML page"),
    ("<sdnList></sdnList>", "has no records"),
    ("a,b,c\r\n", "is not a CSV file of OFAC: its rows have 3 columns"),
    (ROW + ROW[:20], "ends within a row"),
    (ROW + ROW[:30], "ends within a row"),
    (ROW + ROW.replace("1,", "x,", 1), "1 of 2 records cannot be read, the first at sdn.csv, line 2 (uid x)"),
    (ROW.replace("CUBA", "CMIC-EO13959"), "is not the SDN list: 1 of 1 records"),
]


def entries(items: list[Item]) -> dict[str, Entry]:
    return {one.entity.id: one for one in items if isinstance(one, Entry)}


@pytest.fixture(scope="module")
def sample() -> dict[str, Entry]:
    return entries(list(ofac.read_sdn(WHOLE)))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], list[Item]]:
    def read(text: str, *others: Path) -> list[Item]:
        (tmp_path / "sdn.csv").write_bytes(text.encode("latin-1"))
        return list(ofac.read_sdn([tmp_path / "sdn.csv", *others]))

    return read


def names(entity: Entity, kind: str) -> list[str]:
    return [one.value for one in entity.names if one.kind == kind]


def test_the_edition_comes_first_and_is_of_the_day_in_the_name_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "SDN_2026-11-20.CSV").write_text(ROW)
    edition = next(iter(ofac.read_sdn([tmp_path / "SDN_2026-11-20.CSV"])))
    assert isinstance(edition, Edition)
    assert (edition.dataset.list, edition.dataset.version, edition.dataset.form) == ("ofac", "2026-11-20", "")
    assert [(one.id, one.published_on) for one in edition.sources] == [("ofac:list", "2026-11-20")]


def test_a_firm_is_read_whole(sample: dict[str, Entry]) -> None:
    found = sample["ofac:101"].entity
    assert (found.kind, found.name, found.countries) == ("Company", "EXAMPLE OPTICS TECHNOLOGY CO., LTD.", ("cn", "hk"))
    assert found.identifiers == (Identifier("uscc", "914201000000000000"),)
    assert found.note == (
        "Organization Established Date 28 Apr 2013; Unified Social Credit Code (USCC) 914201000000000000 (China); "
        "n.k.a. EXAMPLE OPTICS GROUP; Address: 1 Sample Road, Optics Park, Wuhan, Hubei 430000, China; "
        "Address: Hong Kong, Hong Kong"
    )


def test_an_alias_is_of_the_kind_that_its_type_and_place_tell(sample: dict[str, Entry]) -> None:
    found = sample["ofac:101"].entity
    assert names(found, "alias") == ["EXAMPLE 'GAOXIN' OPTICS", "EXAMPLE OPTICS GROUP"]
    assert names(found, "former") == ["OLDER OPTICS FACTORY"]
    assert names(found, "weak_alias") == ["EXOPTICS"]


def test_a_listing_tells_what_follows_and_why(sample: dict[str, Entry]) -> None:
    (found,) = sample["ofac:101"].listings
    assert (found.id, found.record_id, found.source_ids) == ("ofac:101", "101", ("ofac:list",))
    assert (found.authority, found.list, found.measures) == (
        "OFAC",
        "Specially Designated Nationals",
        ("asset freeze",),
    )
    assert (found.programme, found.legal_basis) == ("RUSSIA-EO14024", "Executive Order 14024")
    assert found.reason == (
        "Linked To: SAMPLE HOLDING S.A.; Secondary sanctions risk: See Section 11 of Executive Order 14024."
    )
    assert found.url == "https://sanctionssearch.ofac.treas.gov/Details.aspx?id=101"
    assert (found.listed_on, found.first_seen, found.last_absent, found.last_seen, found.read_on) == ("",) * 5


def test_a_person_has_names_in_natural_order_too(sample: dict[str, Entry]) -> None:
    found = sample["ofac:102"].entity
    assert (found.kind, found.name, found.countries) == ("Person", "SAMPLEV, Ivan Petrovich", ("ru", "cy"))
    assert names(found, "alias") == ["Ivan Petrovich SAMPLEV", "SAMPLEW, Iwan", "Iwan SAMPLEW"]
    assert names(found, "weak_alias") == ["THE ELDER; OF SAMPLETOWN"]
    assert found.identifiers == (Identifier("passport", "123456789"), Identifier("inn", "500100732259"))
    assert found.note.startswith(
        "Director of Sample Works; DOB 12 Aug 1962; DOB 1963; POB Sampletown, Russia; nationality"
    )
    assert "Passport 123456789 (Russia) issued 01 Feb 2003 expires 01 Feb 2013; " in found.note
    assert sample["ofac:102"].listings[0].programme == "SDGT; IFSR"


def test_a_vessel_has_its_flag_its_numbers_and_what_else_is_told(sample: dict[str, Entry]) -> None:
    found = sample["ofac:103"].entity
    assert (found.kind, found.countries, names(found, "weak_alias")) == ("Vessel", ("ir",), ["OLD SAMPLE"])
    assert [(one.scheme, one.value) for one in found.identifiers] == [
        ("mmsi", "572000000"),
        ("imo", "9074729"),
        ("call_sign", "T2XX9"),
    ]
    assert found.note == (
        "Former Vessel Flag Malta; Vessel Type Crude Oil Tanker; Tonnage 99144; Gross Registered Tonnage 2595; "
        "Vessel Flag Iran; Vessel Owner SAMPLE TANKERS; f.k.a. OLD SAMPLE"
    )


def test_an_aircraft_has_its_serial_numbers(sample: dict[str, Entry]) -> None:
    found = sample["ofac:104"].entity
    assert (found.kind, [one.value for one in found.identifiers]) == ("Airplane", ["8401", "1023409321"])
    assert {one.scheme for one in found.identifiers} == {"aircraft"}


def test_remarks_that_are_too_long_go_on_in_the_comments(sample: dict[str, Entry]) -> None:
    found = sample["ofac:105"]
    assert found.entity.identifiers == (Identifier("wallet", "1ExampLeAddress000"),)
    assert found.listings[0].reason == "Linked To: SAMPLEV, Ivan Petrovich"


def test_what_is_cut_off_stays_text_without_the_comments() -> None:
    found = entries(list(ofac.read_sdn([MAIN])))["ofac:105"].entity
    assert found.identifiers == ()
    assert found.note.endswith("aaa; Digital Currency Addres")


def test_a_record_without_remarks_is_an_organization(sample: dict[str, Entry]) -> None:
    found = sample["ofac:106"].entity
    assert (found.kind, found.countries, found.note) == ("Organization", ("cu",), "Address: Cuba")


def test_the_main_file_suffices_and_tells_the_country_by_its_numbers() -> None:
    found = entries(list(ofac.read_sdn([MAIN])))
    assert len(found) == 6
    assert found["ofac:101"].entity.countries == ("cn",)


def test_the_place_of_a_record_is_its_line(sample: dict[str, Entry]) -> None:
    assert [one.where for one in sample.values()][1] == "sdn.csv, line 2 (uid 102)"


@pytest.mark.parametrize(("text", "why"), REFUSALS)
def test_what_is_no_sdn_file_or_no_whole_one_is_refused(
    text: str, why: str, written: Callable[[str], list[Item]]
) -> None:
    with pytest.raises(BadFile) as refusal:
        written(text)
    assert why in str(refusal.value)
    assert "sdn.csv" in str(refusal.value)


def test_a_whole_file_may_lack_the_byte_at_its_end(written: Callable[[str], list[Item]]) -> None:
    assert len(entries(written(ROW))) == 1


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('7,"B",-0- \r\n', "has 3 fields, not 12"),
        (ROW.replace('"A NAME"', "-0- "), "has no name"),
        (ROW.replace('"A NAME",-0- ', '"A NAME","submarine"'), "type: 'submarine' is not known"),
    ],
)
def test_a_broken_row_is_told_with_its_place(broken: str, why: str, written: Callable[[str], list[Item]]) -> None:
    found = [one for one in written(ROW * 3 + broken + ROW * 3) if isinstance(one, Rejected)]
    assert [(one.where.partition(" (")[0], one.why) for one in found] == [("sdn.csv, line 4", why)]


def test_parts_of_a_record_that_the_main_file_lacks_are_told(
    tmp_path: Path, written: Callable[..., list[Item]]
) -> None:
    (tmp_path / "alt.csv").write_text('1,11,"aka","OTHER",-0- \r\n' * 6 + '99,12,"aka","STRAY",-0- \r\n')
    found = [one for one in written(ROW, tmp_path / "alt.csv") if isinstance(one, Rejected)]
    assert found == [Rejected("alt.csv, line 7 (uid 99)", "belongs to uid 99, which sdn.csv lacks")]


def test_parts_of_another_set_are_refused(written: Callable[..., list[Item]]) -> None:
    with pytest.raises(
        BadFile, match=r"alt\.csv: 4 of 4 records cannot be read, the first at alt\.csv, line 1 \(uid 101\)"
    ):
        written(ROW, ALIASES)


@pytest.mark.parametrize(
    ("paths", "why"),
    [
        ([MAIN, MAIN], "is a second file of main"),
        ([ALIASES, ADDRESSES], "the main file .* is missing"),
        ([MAIN, SAMPLES / "sdn.xml"], "give it alone"),
        ([SAMPLES / "nothing.csv"], "cannot be read"),
    ],
)
def test_files_that_are_no_set_are_refused(paths: list[Path], why: str) -> None:
    with pytest.raises(BadFile, match=why):
        list(ofac.read_sdn(paths))


def test_hostile_text_is_kept_as_text(written: Callable[[str], list[Item]]) -> None:
    found = entries(written(ROW.replace("A NAME", "=CMD() <b>*A*</b>\x07 \xe9")))["ofac:1"].entity
    assert found.name == "=CMD() <b>*A*</b> é"


def raw(day: str) -> dict[str, list[str]]:
    with (REAL / day / "sdn.csv").open(encoding="ascii", newline="") as file:
        return {row[0]: row for row in csv.reader(file) if len(row) == 12}


@needs_real
def test_two_real_versions_differ_as_their_rows_do() -> None:
    old_rows, new_rows = raw("2024-04-26"), raw("2024-05-01")
    old, new = (entries(list(ofac.read_sdn([REAL / day / "sdn.csv"]))) for day in ("2024-04-26", "2024-05-01"))
    assert (len(old), len(new)) == (len(old_rows), len(new_rows)) == (14668, 14966)
    assert new.keys() - old.keys() == {f"ofac:{uid}" for uid in new_rows.keys() - old_rows.keys()}
    assert old.keys() - new.keys() == {f"ofac:{uid}" for uid in old_rows.keys() - new_rows.keys()}
    same = {
        uid
        for uid in old.keys() & new.keys()
        if (old[uid].entity, old[uid].listings) == (new[uid].entity, new[uid].listings)
    }
    assert same == {f"ofac:{uid}" for uid in old_rows if old_rows[uid] == new_rows.get(uid)}
    assert len(new.keys() - old.keys()) == 298


@needs_real
def test_the_firms_of_the_article_are_read_from_the_real_file() -> None:
    found = entries(list(ofac.read_sdn([REAL / "2024-05-01" / "sdn.csv"])))
    told = {
        uid: (found[f"ofac:{uid}"].entity.identifiers, found[f"ofac:{uid}"].entity.countries)
        for uid in (46633, 47368, 48808)
    }
    assert told == {
        46633: ((Identifier("uscc", "914201000668186736"),), ("cn",)),
        47368: ((Identifier("uscc", "91420100MA4F0QE59C"),), ("cn",)),
        48808: ((Identifier("uscc", "91370600557897249A"),), ("cn",)),
    }
    assert names(found["ofac:48808"].entity, "weak_alias") == ["IRAY TECHNOLOGIES"]
    assert {found[f"ofac:{uid}"].listings[0].programme for uid in told} == {"RUSSIA-EO14024"}


@needs_real
def test_a_real_set_is_read_whole() -> None:
    items = list(ofac.read_sdn(sorted((REAL / "2021-07").glob("*.csv"))))
    found = entries(items).values()
    assert len(items) == 1 + 8976
    assert sum(one.entity.kind == "Person" for one in found) == 4620
    assert sum(one.kind == "former" for entry in found for one in entry.entity.names if ", " not in one.value) > 250
