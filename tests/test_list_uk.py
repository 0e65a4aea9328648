"""The UK Sanctions List (CSV): what its rows become, and what is refused. Rows are invented, the form is the publisher's."""

from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import uk
from bot.lists.uk_columns import day
from bot.records import Edition, Entry, Identifier, Rejected

SAMPLE = Path(__file__).parent / "lists" / "uk_sanctions_list.csv"
HEADER = SAMPLE.read_text("utf-8-sig").splitlines()[1]


def read(path: Path) -> list[Edition | Entry | Rejected]:
    return list(uk.read([path]))


def entry(id: str, path: Path = SAMPLE) -> Entry:
    return next(one for one in read(path) if isinstance(one, Entry) and one.entity.id == id)


def changed(folder: Path, before: str, after: str) -> Path:
    """The sample with something else in it."""
    path = folder / "changed.csv"
    path.write_text(SAMPLE.read_text("utf-8-sig").replace(before, after), "utf-8")
    return path


def refusal(path: Path) -> BadFile:
    with pytest.raises(BadFile) as caught:
        read(path)
    return caught.value


def test_the_edition_bears_the_report_date_and_comes_first() -> None:
    edition = read(SAMPLE)[0]
    assert isinstance(edition, Edition)
    assert (edition.dataset.list, edition.dataset.version) == ("uk", "2026-10-02")
    assert [(one.id, one.published_on) for one in edition.sources] == [("uk:sanctions-list", "2026-10-02")]


def test_rows_of_one_id_make_one_entry_wherever_they_stand() -> None:
    found = [one for one in read(SAMPLE)[1:] if isinstance(one, Entry)]
    assert [one.entity.id for one in found] == ["uk:RUS9001", "uk:AFG9002", "uk:RUS9003"]
    assert found[1].where == f"{SAMPLE}, line 4 (AFG9002)"


def test_a_firm_has_its_names_of_each_kind() -> None:
    firm = entry("uk:RUS9001").entity
    assert (firm.kind, firm.name) == ("Company", "VOSTOK MADE-UP OPTICS LLC")
    assert [(one.value, one.kind, one.script) for one in firm.names] == [
        ("VOSTOK MADE-UP OPTICS LLC", "primary", "Latin"),
        ("VOSTOK OPTIKA", "alias", "Latin"),
        ("VOSTOK MADE-UP OPTICAL WORKS (VMOW)", "alias", "Latin"),
        ("ООО ВЫДУМАННАЯ ОПТИКА", "alias", "Cyrillic"),
        ("VMOW", "acronym", "Latin"),
    ]


def test_a_person_is_called_in_the_natural_order_and_by_low_quality_names_weakly() -> None:
    person = entry("uk:AFG9002").entity
    assert person.kind == "Person"
    assert [(one.value, one.kind) for one in person.names] == [
        ("ABDUL KARIM NIEMAND", "primary"),
        ("ABDUL NIEMANN", "alias"),
        ("KARIMBO", "weak_alias"),
    ]


def test_numbers_are_told_by_what_they_are_called() -> None:
    assert entry("uk:RUS9001").entity.identifiers == (
        Identifier("list_id", "90001"),
        Identifier("ogrn", "1127000000001"),
        Identifier("inn", "7000000001"),
    )
    assert entry("uk:AFG9002").entity.identifiers[1:] == (
        Identifier("list_id", "TAi.999"),
        Identifier("passport", "P0000001"),
        Identifier("national_id", "4-000-1"),
    )


def test_a_wallet_is_found_in_other_information(tmp_path: Path) -> None:
    path = changed(tmp_path, "Father of nobody.", "Wallets: (1) ETH: 0x00000000000000000000MADEUP000000000000 (2) none")
    assert (
        Identifier("wallet", "0x00000000000000000000MADEUP000000000000") in entry("uk:AFG9002", path).entity.identifiers
    )


def test_a_ship_has_its_number_and_its_flag() -> None:
    ship = entry("uk:RUS9003")
    assert (ship.entity.kind, ship.entity.countries) == ("Vessel", ("ga",))
    assert ship.entity.identifiers == (Identifier("imo", "9000001"),)
    assert ship.entity.note == (
        "IMO number: IMO9000001; Type of ship: Oil Tanker; Flag: Gabon; Previous flags: Panama; Owner or operator: Nobody"
        " Shipping; Tonnage: 61000; Length: 240; Year built: 2019; Other information: Shipping sanctions: a specified ship"
        " may not enter a port.; Designation source: UK; Last updated: 2024-07-31"
    )
    assert (ship.listings[0].measures, ship.listings[0].url) == (("transport restriction",), "")


def test_the_note_of_a_person_tells_birth_papers_and_place() -> None:
    assert entry("uk:AFG9002").entity.note == (
        "Date of birth: 1958 | 1959-03-05; Place of birth: Herat, Afghanistan; Title: Haji; Gender: Male;"
        " Nationality: Afghanistan; Position: Inventor; Passport: P0000001 (Issued in Kabul); National identifier: 4-000-1"
        " (Tazkira); Address: Herat, Afghanistan; Other information: Father of nobody.; Designation source: UN;"
        " Last updated: 2026-02-01"
    )


def test_the_note_of_a_firm_tells_all_its_addresses() -> None:
    note = entry("uk:RUS9001").entity.note
    assert "Address: 1 Invented Lane, Tomsk, 634000, Russia | 2 Invented Lane, Omsk, 634000, Russia;" in note
    assert "Website: vostok.example; Type of entity: Limited Liability Company (LLC);" in note
    assert "Parent company: MADE-UP HOLDING; Designation source: UK; Non-Latin script: Cyrillic, Russian;" in note


def test_a_listing_tells_regime_day_measures_and_reason() -> None:
    [listing] = entry("uk:RUS9001").listings
    assert (listing.id, listing.entity_id, listing.record_id) == ("uk:RUS9001", "uk:RUS9001", "RUS9001")
    assert (listing.authority, listing.list, listing.read_on) == ("UK", "UK Sanctions List", "")
    assert (listing.measures, listing.listed_on) == (("asset freeze",), "2024-06-13")
    assert listing.programme == listing.legal_basis == "The Russia (Sanctions) (EU Exit) Regulations 2019"
    assert listing.reason == (
        "VOSTOK MADE-UP OPTICS LLC makes sights. Sanctions imposed: Asset freeze, Trust Services Sanctions."
    )
    assert listing.url == "https://search-uk-sanctions-list.service.gov.uk/designations/RUS9001/Entity"


def test_several_measures_are_told_apart() -> None:
    assert entry("uk:AFG9002").listings[0].measures == ("asset freeze", "travel ban", "arms embargo")


def test_measures_without_a_name_here_leave_the_public_naming(tmp_path: Path) -> None:
    path = changed(tmp_path, "Asset freeze|Trust Services Sanctions", "Trust Services Sanctions")
    listing = entry("uk:RUS9001", path).listings[0]
    assert listing.measures == ("public identification",)
    assert listing.reason.endswith("Sanctions imposed: Trust Services Sanctions.")


def test_columns_may_stand_in_any_order_and_unknown_ones_land_in_the_note(tmp_path: Path) -> None:
    path = tmp_path / "turned.csv"
    rows = [line.split(",") for line in (HEADER + ",Eye colour", ",".join(["x"] * 58) + ",green")]
    rows[1][:58] = [{"Name 6": "TURNED CO", "Designation Type": "Entity"}.get(name, "") for name in rows[0][:58]]
    rows[1][1] = "RUS9009"
    path.write_text("Report Date: 02-Oct-2026\n" + "".join(",".join(reversed(row)) + "\n" for row in rows))
    found = entry("uk:RUS9009", path)
    assert (found.entity.name, found.entity.note) == ("TURNED CO", "eye colour: green")


def test_a_row_without_an_id_is_rejected_with_its_place(tmp_path: Path) -> None:
    path = changed(tmp_path, "14/06/2026,RUS9001,90001,,VOSTOK OPTIKA", "14/06/2026,,90001,,VOSTOK OPTIKA")
    assert Rejected(f"{path}, line 5", "unique id is empty") in read(path)


@pytest.mark.parametrize("after", ["14/06/2026,RUS9001", "14/06/2026,,RUS9001,90001,,VOSTOK OPTIKA"])
def test_a_row_with_fields_too_many_or_too_few_is_rejected(tmp_path: Path, after: str) -> None:
    path = changed(tmp_path, "14/06/2026,RUS9001,90001,,VOSTOK OPTIKA", after)
    assert Rejected(f"{path}, line 5", "has another number of fields than the header") in read(path)


def test_another_kind_of_thing_is_rejected_by_its_id(tmp_path: Path) -> None:
    ship = SAMPLE.read_text("utf-8-sig").splitlines(keepends=True)[6]
    more = [ship.replace("RUS9003", f"RUS911{number}") for number in range(5)]
    path = tmp_path / "balloon.csv"
    path.write_text(
        SAMPLE.read_text("utf-8-sig")
        + "".join(more)
        + ship.replace("RUS9003,", "BAL9001,").replace(",Ship,", ",Balloon,")
    )
    why = "designation type: 'Balloon' is no kind that is kept"
    assert Rejected(f"{path}, line 15 (BAL9001)", why) in read(path)


def test_an_unreadable_date_stays_as_text(tmp_path: Path) -> None:
    found = entry("uk:RUS9003", changed(tmp_path, ",31/07/2024,,,,", ",summer of 2024,,,,"))
    assert (found.listings[0].listed_on, "Designated: summer of 2024;" in found.entity.note) == ("", True)


def test_hostile_names_are_kept_as_text_on_one_line(tmp_path: Path) -> None:
    path = changed(tmp_path, "VOSTOK OPTIKA", '"=cmd|<script>\nalert(1)\x07</script>"')
    assert "=cmd|<script> alert(1) </script>" in [one.value for one in entry("uk:RUS9001", path).entity.names]


def test_an_unchanged_row_gives_an_equal_entry_in_a_later_version(tmp_path: Path) -> None:
    later = entry("uk:RUS9001", changed(tmp_path, "02-Oct-2026", "09-Oct-2026"))
    now = entry("uk:RUS9001")
    assert (later.entity, later.listings) == (now.entity, now.listings)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("<!DOCTYPE html><html></html>", "is an HTML page"),
        ("name,address\nA,B\n", "is neither the UK Sanctions List nor"),
        ("Report Date: 02-Oct-2026\nUnique ID,Name 6\n", "is not the UK Sanctions List: the header lacks name 1"),
        (f"Report Date: 02-Oct-2026\n{HEADER}\n", "has no records"),
        (f"Report Date: 02-Oct-2026\n{HEADER},name 6\n", "repeats a column"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    assert refusal(path).why.startswith(why)


def test_a_file_cut_off_within_a_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_bytes(SAMPLE.read_bytes()[:-100])
    assert refusal(path).why == "ends within a row: it is not whole"


def test_a_file_with_too_many_broken_rows_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, ",RUS9001,", ",,")
    assert refusal(path).why.startswith("3 of 7 records cannot be read, the first at")


def test_more_files_than_one_are_refused() -> None:
    with pytest.raises(BadFile, match="one file too many"):
        list(uk.read([SAMPLE, SAMPLE]))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        *(("13/06/2024", "2024-06-13"), ("00/00/1962", "1962"), ("dd/mm/1958", "1958"), ("00/05/1970", "1970-05")),
        *(("03/1962", "1962-03"), ("1962", "1962"), ("02-Oct-2026", "2026-10-02"), ("2 October 2026", "2026-10-02")),
        *(("45456", "2024-06-13"), ("2024-06-13 00:00:00", "2024-06-13"), ("31/02/1960", ""), ("about 1960", "")),
    ],
)
def test_dates_of_each_form_are_read(text: str, iso: str) -> None:
    assert day(text) == iso
