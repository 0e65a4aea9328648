"""The US Consolidated Screening List: whose list a row is of and what follows, what it tells of its subject, what is refused."""

import gzip
from collections import Counter
from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import csl, csl_lists, ofac
from bot.records import MEASURES, Dataset, Edition, Entity, Entry, Identifier, Item, Listing, Rejected, Source

SAMPLE = Path(__file__).parent / "lists" / "csl_consolidated.csv"
REAL = Path(__file__).parents[2] / "shared" / "data" / "lists" / "csl" / "consolidated_2022-05.csv.gz"
TEXT = SAMPLE.read_text("utf-8")
HEADER, FIRST = TEXT.splitlines()[:2]

CETC, MOTORS, FACTORY, DENIED, UNVERIFIED, AVIATION, DEBARRED, TRADING, UNKNOWN, NAMELESS = (
    f"csl:{number:040x}" for number in range(0x11, 0x1B)
)
CORRESPONDENT = (
    "List of Foreign Financial Institutions Subject to Correspondent Account or Payable-Through Account Sanctions"
)
ACTS = [
    (CETC, CETC, "BIS", "Entity List", "export licence requirement", "2015-07-28"),
    (DENIED, DENIED, "BIS", "Denied Persons List", "export privileges denied", "2019-01-01"),
    (UNVERIFIED, UNVERIFIED, "BIS", "Unverified List", "no licence exceptions", ""),
    (AVIATION, AVIATION, "BIS", "Military End User List", "export licence requirement", "2020-12-23"),
    (DEBARRED, DEBARRED, "State Department", "AECA Debarred List", "defence trade debarment", ""),
    (TRADING, TRADING, "State Department", "Nonproliferation Sanctions", "nonproliferation measures", "2020-01-02"),
    ("csl:90001", "csl:90001/sdn", "OFAC", "Specially Designated Nationals", "asset freeze", ""),
    (
        *("csl:90005", "csl:90005/cmic", "OFAC", "Non-SDN Chinese Military-Industrial Complex Companies List"),
        *("securities restriction", "2021-08-02"),
    ),
    ("csl:90006", "csl:90006/plc", "OFAC", "Non-SDN Palestinian Legislative Council List", "transaction ban", ""),
    ("csl:90007", "csl:90007/mbs", "OFAC", "Non-SDN Menu-Based Sanctions List", "menu-based sanctions", "2022-03-26"),
    ("csl:90008", "csl:90008/fse", "OFAC", "Foreign Sanctions Evaders List", "transaction ban", ""),
]
KINDS = [
    *(("csl:90001", "Person"), ("csl:90002", "Vessel"), ("csl:90003", "Airplane"), ("csl:90005", "Company")),
    *(("csl:90007", "PublicBody"), ("csl:90008", "Organization"), (DENIED, "Organization"), (UNKNOWN, "Person")),
]
REFUSALS = [
    ("", "is empty"),
    ("<!DOCTYPE html><html><body>Not found</body></html>", "is an HTML page and no list"),
    ("id,name\n1,Sample\n", "line 1: is not the Consolidated Screening List: the header lacks _id, source, addresses"),
    (f"{HEADER}\n", "has no records"),
    (HEADER.replace("title", "name") + "\n", "repeats a column in its header"),
    (TEXT[: TEXT.index(",80 FR")], "ends within a row: it is not whole"),
    (TEXT[: TEXT.index(" District, Beijing")], "ends within a row: it is not whole"),
    (
        f"{HEADER}\nx\n{FIRST}\n",
        "1 of 2 records cannot be read, the first at consolidated.csv, line 2: has another number",
    ),
]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(csl.read([SAMPLE]))


@pytest.fixture(scope="module")
def entries(items: list[Item]) -> dict[str, Entry]:
    return {item.entity.id: item for item in items if isinstance(item, Entry)}


def read(folder: Path, text: str, name: str = "consolidated.csv") -> list[Item]:
    (folder / name).write_text(text, "utf-8")
    return list(csl.read([folder / name]))


def names(entity: Entity, kind: str) -> list[str]:
    return [one.value for one in entity.names if one.kind == kind]


def test_the_edition_comes_first_and_is_of_the_day_in_the_name_of_the_file(tmp_path: Path) -> None:
    one, day = csl.PUBLICATION, "2026-11-20"
    source = Source("csl:list", one.publisher, one.title, one.page, day)
    edition = Edition(Dataset("csl", one.title, one.publisher, day, day, one.page), (source,))
    assert read(tmp_path, TEXT, "consolidated_2026-11-20.csv")[0] == edition


@pytest.mark.parametrize(("entity", "id", "authority", "name", "measure", "listed_on"), ACTS)
def test_a_row_is_of_the_list_that_its_source_names(
    entity: str, id: str, authority: str, name: str, measure: str, listed_on: str, entries: dict[str, Entry]
) -> None:
    (found,) = entries[entity].listings
    assert (found.id, found.authority, found.list) == (id, authority, name)
    assert (found.measures, found.listed_on, found.entity_id) == ((measure,), listed_on, entity)


def test_a_row_of_bis_is_read_whole(entries: dict[str, Entry]) -> None:
    page = csl_lists.SOURCES["EL", "industry and security"].page
    assert entries[CETC].listings == (
        Listing(
            *(CETC, CETC, "BIS", "Entity List", ("export licence requirement",), ""),
            source_ids=("csl:list",),
            legal_basis="Supplement No. 4 to Part 744 of the EAR; 80 FR 44846",
            listed_on="2015-07-28",
            record_id=CETC.removeprefix("csl:"),
            reason="Licence requirement: For all items subject to the EAR. (See §744.11 of the EAR).; "
            "licence policy: Presumption of denial.",
            url=page,
        ),
    )
    assert entries[CETC].where == f"csl_consolidated.csv, line 2 (id {CETC.removeprefix('csl:')})"
    assert entries[CETC].entity.countries == ("cn",)
    assert entries[CETC].entity.note == "Address: No. 4 Jiuxianqiao Road, Chaoyang District, Beijing, 100015, CN"


def test_an_institute_is_called_by_the_acronym_in_brackets_behind_its_alias(entries: dict[str, Entry]) -> None:
    found = entries[CETC].entity
    assert names(found, "acronym") == ["NCRIEO"]
    assert names(found, "alias") == [
        "North China Research Institute of Electro-Optics (NCRIEO)",
        "North China Research Institute of Electro-Optics",
        "CETC 11th Research Institute (CETC 11th RI)",
        "CETC 11th Research Institute",
        "CETC 11th RI",
        "CETC Infrared or CETC IR",
        "CETC Infrared",
        "CETC IR",
    ]


def test_former_names_and_trade_names_are_told_apart(entries: dict[str, Entry]) -> None:
    found = entries[MOTORS].entity
    assert found.name == "Sample Motors, OOO (f.k.a., Example Motors OOO)"
    assert names(found, "former") == ["Example Motors OOO", "Motor Office (MOMO)"]
    assert names(found, "acronym") == ["MOMO"]
    # The apostrophe is one of Windows-1252 in the file.
    assert names(found, "alias") == ["Sample Motors, OOO", "Motor Tools", "Sample's Works’, Ltd.", "Motor Office"]
    assert found.note.startswith("(all of preceding located in or near Sampletown); Address: 1 Sample Street")


def test_a_part_of_another_is_called_by_its_own_name(entries: dict[str, Entry]) -> None:
    found = entries[FACTORY].entity
    assert found.name == "Sample Holding (Sampleco). Subordinate Institution - First Factory of Samples (FFS)"
    assert names(found, "alias") == ["First Factory of Samples (FFS)", "First Factory of Samples"]
    assert names(found, "acronym") == ["FFS"]


def test_successors_are_no_part_of_a_name(entries: dict[str, Entry]) -> None:
    found = entries[TRADING].entity
    assert names(found, "alias") == ["Sample Trading (SATRA)", "Sample Trading"]
    assert names(found, "acronym") == ["SATRA"]


def test_countries_are_those_that_addresses_end_with(entries: dict[str, Entry]) -> None:
    assert entries[MOTORS].entity.countries == ("ru", "cn", "by")
    assert entries[DENIED].entity.countries == ()


def test_a_date_that_can_be_none_is_told_as_published(entries: dict[str, Entry]) -> None:
    (found,) = entries[MOTORS].listings
    assert (found.listed_on, found.legal_basis) == ("", "Supplement No. 4 to Part 744 of the EAR")
    assert found.reason.endswith("licence policy: Case-by-case basis.; Start date: 0097-06-30")


def test_a_denial_ends_when_its_order_says(entries: dict[str, Entry]) -> None:
    (found,) = entries[DENIED].listings
    assert (found.listed_on, found.ended_on, found.legal_basis) == ("2019-01-01", "2056-01-01", "84 F.R. 1 1/1/2019")
    assert found.reason == "Standard order: Y; FR NOTICE ADDED"


def test_programmes_and_remarks_of_the_state_department_tell_of_the_act(entries: dict[str, Entry]) -> None:
    (found,) = entries[TRADING].listings
    assert (found.programme, found.legal_basis) == ("INKSNA; E.O. 13382", "Vol. 85, No. 1, 01/02/2020")
    assert found.reason == "Associated with the Sample Network"


@pytest.mark.parametrize(("id", "kind"), KINDS)
def test_a_kind_is_what_is_told(id: str, kind: str, entries: dict[str, Entry]) -> None:
    assert entries[id].entity.kind == kind


def test_a_person_on_the_sdn_list_is_read_as_ofac_tells_of_persons(entries: dict[str, Entry]) -> None:
    found = entries["csl:90001"].entity
    assert names(found, "alias") == ["Rashid SAMPLE", "SAMPEL, Rashed", "Rashed SAMPEL", "THE SAMPLER"]
    assert (found.countries, found.identifiers) == (("lb", "iq"), (Identifier("passport", "A0000001"),))
    assert found.note == (
        "Sample Minister; DOB 1957-10-10; DOB circa 1958; POB Tall 'Afar, Iraq; nationality LB; citizen IQ; Gender Male; "
        "Passport A0000001 (IQ) issued 2018-11-19 expires 2028-11-19; Address: Basrah, IQ"
    )


def test_an_entry_of_ofac_has_its_number_and_its_page_there(entries: dict[str, Entry]) -> None:
    (found,) = entries["csl:90001"].listings
    assert (found.record_id, found.programme) == ("90001", "SDGT; IFSR")
    assert found.url == "https://sanctionssearch.ofac.treas.gov/Details.aspx?id=90001"
    assert found.reason == (
        "Additional Sanctions Information - Subject to Secondary Sanctions; Linked To: SAMPLE BRIGADE"
    )


def test_a_ship_has_its_flag_and_its_numbers(entries: dict[str, Entry]) -> None:
    found = entries["csl:90002"].entity
    assert (found.countries, found.identifiers) == (
        ("ir",),
        (Identifier("imo", "0000002"), Identifier("call_sign", "T2XX0")),
    )
    assert found.note == (
        "Vessel Type Crude Oil Tanker; Tonnage 163660; Gross Registered Tonnage 2595; Vessel Flag Iran; "
        "Vessel Owner Sample Shipping"
    )


def test_an_aircraft_has_its_tail_number(entries: dict[str, Entry]) -> None:
    assert entries["csl:90003"].entity.identifiers == (Identifier("aircraft", "N000XX"),)


def test_rows_of_one_id_are_one_subject_on_several_lists(entries: dict[str, Entry]) -> None:
    found = entries["csl:90004"]
    assert [(one.id, one.list, one.measures, one.listed_on) for one in found.listings] == [
        ("csl:90004/capta", CORRESPONDENT, ("correspondent account restriction",), "2022-03-26"),
        ("csl:90004/sdn", ofac.SDN_LIST, ("asset freeze",), ""),
        ("csl:90004/ssi", "Sectoral Sanctions Identifications List", ("securities restriction",), ""),
    ]
    assert {one.record_id for one in found.listings} == {"90004"}
    assert found.entity.identifiers == (Identifier("inn", "7700000000"),)
    assert "Website www.example.org" in found.entity.note


def test_a_listing_has_one_id_however_many_others_there_are(tmp_path: Path, entries: dict[str, Entry]) -> None:
    lone = [line for line in TEXT.splitlines() if not (line.startswith("90004") and "SDN" not in line)]
    (found,) = [one for one in read(tmp_path, "\n".join(lone)) if isinstance(one, Entry) and "90004" in one.entity.id]
    assert found.listings == entries["csl:90004"].listings[1:2]


def test_what_is_there_twice_or_nameless_is_rejected(items: list[Item]) -> None:
    assert [one for one in items if isinstance(one, Rejected)] == [
        Rejected(f"csl_consolidated.csv, line 22 (id {NAMELESS.removeprefix('csl:')})", "name is empty"),
        Rejected("csl_consolidated.csv, line 16 (id 90004)", f"_id: '90004' is there already for {CORRESPONDENT}"),
    ]


def test_a_list_that_is_not_known_names_its_subjects_in_public(entries: dict[str, Entry]) -> None:
    (found,) = entries[UNKNOWN].listings
    assert (found.authority, found.list) == ("Department of Samples", "List of Sample Parties (LSP)")
    assert (found.measures, found.listed_on) == (("public identification",), "2021-05")
    assert (found.url, found.id) == (
        "https://example.org/lsp",
        f"{UNKNOWN}/list-of-sample-parties-lsp-department-of-samples",
    )


def test_a_short_name_counts_with_its_agency_only() -> None:
    assert csl_lists.of("Emergency Licences (EL) - State Department").measures == ("public identification",)
    assert csl_lists.of("Sample").authority == "Sample"


def test_a_column_that_is_not_known_is_told_all_the_same(tmp_path: Path) -> None:
    lines = [f"{HEADER},risk_level", f"{FIRST},=high"]
    (found,) = [one for one in read(tmp_path, "\n".join(lines)) if isinstance(one, Entry)]
    assert found.entity.note.startswith("risk level: =high; Address: ")


def test_the_order_of_rows_makes_no_difference(tmp_path: Path, entries: dict[str, Entry]) -> None:
    lines = TEXT.splitlines()
    found = [one for one in read(tmp_path, "\n".join((HEADER, *reversed(lines[1:])))) if isinstance(one, Entry)]
    assert {one.entity.id: one.entity for one in found} == {id: one.entity for id, one in entries.items()}
    assert {act.id: act for one in found for act in one.listings} == {
        act.id: act for one in entries.values() for act in one.listings
    }


@pytest.mark.parametrize(("text", "why"), REFUSALS)
def test_what_is_no_whole_list_is_refused(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile) as error:
        read(tmp_path, text)
    assert why in str(error.value)


def test_a_folded_file_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    (tmp_path / "consolidated.csv.gz").write_bytes(gzip.compress(TEXT.encode())[:-20])
    with pytest.raises(BadFile, match="is damaged or cut off"):
        list(csl.read([tmp_path / "consolidated.csv.gz"]))


def test_a_second_file_is_refused() -> None:
    with pytest.raises(BadFile, match="is a second file"):
        list(csl.read([SAMPLE, SAMPLE]))


def test_all_measures_are_known_ones() -> None:
    assert {measure for one in csl_lists.SOURCES.values() for measure in one.measures} <= set(MEASURES)


@pytest.mark.skipif(not REAL.exists(), reason="the file of the publisher is not here")
def test_the_whole_list_is_read() -> None:
    items = list(csl.read([REAL]))
    found = [one for one in items if isinstance(one, Entry)]
    acts = Counter(act.list for one in found for act in one.listings)
    assert (len(found), acts.total(), len([one for one in items if isinstance(one, Rejected)])) == (14048, 14159, 1)
    assert (acts["Entity List"], acts["Denied Persons List"], acts["AECA Debarred List"]) == (2001, 462, 727)
    assert (acts[ofac.SDN_LIST], acts["Unverified List"], acts["Military End User List"]) == (10026, 201, 71)
    (named,) = [one for one in found if "NCRIEO" in names(one.entity, "acronym")]
    assert named.entity.name == "China Electronic Technology Group Corporation No. 11 Research Institute"
