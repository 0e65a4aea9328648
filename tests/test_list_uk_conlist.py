"""The OFSI Consolidated List, as CSV and workbook: what its groups become. Rows are invented, the form is the publisher's."""

import csv
import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from bot.errors import BadFile
from bot.lists import uk
from bot.lists.uk_facts import items, registrations
from bot.records import Edition, Entry, Identifier, Rejected

REAL = Path(__file__).parents[2] / "shared" / "data" / "lists" / "uk" / "OFSI_ConList_2025-04-10.xlsx"
COLUMNS = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,Non-Latin Script Language,"
    "DOB,Town of Birth,Country of Birth,Nationality,Passport Number,Passport Details,National Identification Number,"
    "National Identification Details,Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,"
    "Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,UK Sanctions List Date Designated,"
    "Last Updated,Group ID"
).split(",")
FIRM = {
    "Country": "Iran",
    "Other Information": "(UK Sanctions List Ref):INU9001. Founded 1990. Financial sanctions imposed in addition to an asset"
    " freeze: Trust services. Correspondent banking relationships etc. (UK Statement of Reasons):Sells (so it says) pumps."
    " (Type of entity):Government Ministry (Business Reg No):(1) 90001234 (2) KPP - 770000001",
    "Group Type": "Entity",
    "Regime": "Iran (Nuclear)",
    "Listed On": "27/07/2010",
    "UK Sanctions List Date Designated": "31/12/2020",
    "Last Updated": "01/02/2021",
    "Group ID": "90001",
}
PERSON = {
    "DOB": "00/00/1962",
    "Town of Birth": "(1) Minsk (2) -",
    "Country of Birth": "(1) Belarus (2) Russia",
    "Nationality": "(1) Belarus. (2) Russia",
    "Passport Number": "(1) AB000001 (2) CD000002",
    "Passport Details": "(1) Belarus (2) Expired",
    "Other Information": "(UK Sanctions List Ref):BEL9002 and GHR9003. (UN Ref):QDi.901. Brother of nobody. (Gender):Female",
    "Group Type": "Individual",
    "Last Updated": "01/02/2021",
    "Group ID": "90002",
}
SHIP = {
    "Other Information": "(UK Sanctions List Ref):DPR9004. (IMO number):9000001 (Flag of ship):North Korea (Year built):1975",
    "Group Type": "Ship",
    "Regime": "Democratic People's Republic of Korea",
    "UK Sanctions List Date Designated": "30/03/2018",
    "Group ID": "90004",
}
BELARUS = {"Regime": "Belarus", "UK Sanctions List Date Designated": "31/12/2020"}
RIGHTS = {"Regime": "Global Human Rights", "UK Sanctions List Date Designated": "29/09/2020"}
ROWS = [
    FIRM | {"Name 6": "MADE-UP PUMP WORKS", "Alias Type": "AKA"},
    PERSON | BELARUS | {"Name 6": "NIEMAND", "Name 1": "Anna", "Alias Type": "Primary name"},
    FIRM | {"Name 6": "MINISTRY OF MADE-UP PUMPS", "Alias Type": "Primary name"},
    PERSON | RIGHTS | {"Name 6": "NIEMANN", "Name 1": "Anja", "Alias Type": "AKA", "Alias Quality": "Low quality"},
    SHIP | {"Name 6": "MADE-UP TIDE", "Alias Type": "Primary name"},
    FIRM | {"Name 6": "OLD PUMPS", "Alias Type": "FKA"},
    {"Name 6": "NOREF", "Group Type": "Entity", "Alias Type": "AKA", "Regime": "Cyber", "Group ID": "90005"},
]
TABLE = [["Last Updated", "10/04/2025"], COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in ROWS)]
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
    ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
    ' Target="worksheets/sheet1.xml"/><Relationship Id="t" Target="styles.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/styles"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.'
    'openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" r:id="s"/></sheets></workbook>',
    "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf'
    ' numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}


def as_csv(path: Path, encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(TABLE)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def as_workbook(path: Path, **other: str) -> Path:
    """A workbook of the table in which days of designation are dates, those of listing bare numbers."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (PARTS | {"xl/worksheets/sheet1.xml": sheet()} | other).items():
            archive.writestr(name, text)
    return path


def sheet(extra: str = "") -> str:
    cells = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in TABLE)
    cells = cells.replace(cell("31/12/2020"), '<c s="1"><v>44196</v></c>').replace(
        cell("27/07/2010"), "<c><v>40386</v></c>"
    )
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}{extra}</sheetData></worksheet>"
    )


def cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def entries(path: Path) -> dict[str, Entry]:
    return {one.entity.id: one for one in uk.read([path]) if isinstance(one, Entry)}


def refusal(path: Path) -> str:
    with pytest.raises(BadFile) as caught:
        list(uk.read([path]))
    return caught.value.why


def test_the_edition_bears_the_day_of_the_first_line(tmp_path: Path) -> None:
    edition = next(iter(uk.read([as_csv(tmp_path / "ConList.csv")])))
    assert isinstance(edition, Edition)
    assert (edition.dataset.list, edition.dataset.version) == ("uk", "2025-04-10")
    assert [one.id for one in edition.sources] == ["uk:conlist"]


def test_a_group_bears_the_id_of_the_uk_sanctions_list_or_its_own(tmp_path: Path) -> None:
    found = entries(as_csv(tmp_path / "ConList.csv"))
    assert list(found) == ["uk:INU9001", "uk:BEL9002", "uk:GHR9003", "uk:DPR9004", "uk:OFSI-90005"]
    assert found["uk:OFSI-90005"].listings[0].url == ""


def test_a_firm_of_the_group_has_names_numbers_and_what_other_information_tells(tmp_path: Path) -> None:
    firm = entries(as_csv(tmp_path / "ConList.csv"))["uk:INU9001"]
    assert [(one.value, one.kind) for one in firm.entity.names] == [
        ("MINISTRY OF MADE-UP PUMPS", "primary"),
        ("MADE-UP PUMP WORKS", "alias"),
        ("OLD PUMPS", "former"),
    ]
    assert (firm.entity.kind, firm.entity.countries) == ("PublicBody", ("ir",))
    assert Identifier("registration", "90001234") in firm.entity.identifiers
    assert Identifier("kpp", "770000001") in firm.entity.identifiers
    assert "Other information: Founded 1990. Financial sanctions imposed" in firm.entity.note
    assert "Listed on: 2010-07-27; Last updated: 2021-02-01" in firm.entity.note
    assert firm.listings[0].reason == "Sells (so it says) pumps."


def test_assets_are_frozen_and_what_comes_in_addition_is_told(tmp_path: Path) -> None:
    [listing] = entries(as_csv(tmp_path / "ConList.csv"))["uk:INU9001"].listings
    assert listing.measures == ("asset freeze", "correspondent account restriction")
    assert (listing.programme, listing.listed_on, listing.legal_basis) == ("Iran (Nuclear)", "2020-12-31", "")


def test_a_group_of_two_ids_makes_two_entries_each_under_its_own_regime(tmp_path: Path) -> None:
    found = entries(as_csv(tmp_path / "ConList.csv"))
    listings = [one for id in ("uk:BEL9002", "uk:GHR9003") for one in found[id].listings]
    assert [(one.id, one.programme, one.listed_on) for one in listings] == [
        ("uk:BEL9002", "Belarus", "2020-12-31"),
        ("uk:GHR9003", "Global Human Rights", "2020-09-29"),
    ]


def test_a_group_of_one_id_under_two_regimes_is_listed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_id = [[text.replace("BEL9002 and GHR9003", "BEL9002") for text in row] for row in TABLE]
    monkeypatch.setitem(globals(), "TABLE", one_id)
    listings = entries(as_csv(tmp_path / "ConList.csv"))["uk:BEL9002"].listings
    assert [one.id for one in listings] == ["uk:BEL9002", "uk:BEL9002/global-human-rights"]


def test_numbered_values_are_told_apart(tmp_path: Path) -> None:
    person = entries(as_csv(tmp_path / "ConList.csv"))["uk:BEL9002"].entity
    assert person.countries == ("by", "ru")
    assert person.identifiers[1:] == (
        *(Identifier("list_id", "QDi.901"), Identifier("passport", "AB000001"), Identifier("passport", "CD000002")),
    )
    assert person.note.startswith("Date of birth: 1962; Place of birth: Minsk, Belarus | Russia; Gender: Female;")
    assert "Passport: AB000001 (Belarus) | CD000002 (Expired); Other information: Brother of nobody.;" in person.note


def test_a_ship_has_its_number_and_its_flag(tmp_path: Path) -> None:
    ship = entries(as_csv(tmp_path / "ConList.csv"))["uk:DPR9004"].entity
    assert (ship.kind, ship.countries) == ("Vessel", ("kp",))
    assert Identifier("imo", "9000001") in ship.identifiers


def test_a_workbook_gives_the_same_as_the_table(tmp_path: Path) -> None:
    table, workbook = entries(as_csv(tmp_path / "ConList.csv")), entries(as_workbook(tmp_path / "ConList.xlsx"))
    assert [(one.entity, one.listings) for one in workbook.values()] == [
        (one.entity, one.listings) for one in table.values()
    ]


def test_a_copy_in_windows_1252_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "TABLE", [[text.replace("OLD", "ÉTÉ’") for text in row] for row in TABLE])
    found = entries(as_csv(tmp_path / "ConList.csv", "cp1252"))["uk:INU9001"]
    assert "ÉTÉ’ PUMPS" in [one.value for one in found.entity.names]


def test_a_row_without_a_group_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "TABLE", [*TABLE[:-1], [*TABLE[-1][:-1], ""]])
    path = as_csv(tmp_path / "ConList.csv")
    assert Rejected(f"{path}, line 9", "ofsi group id is empty") in list(uk.read([path]))


def test_a_damaged_or_cut_off_workbook_is_refused(tmp_path: Path) -> None:
    whole = as_workbook(tmp_path / "whole.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[:-200])
    (tmp_path / "bent.xlsx").write_bytes(whole.replace(whole[1400:1410], b"0123456789"))
    assert refusal(tmp_path / "cut.xlsx").startswith("is damaged or cut off")
    assert refusal(tmp_path / "bent.xlsx").startswith("is damaged")


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert refusal(tmp_path / "other.xlsx").startswith("is a ZIP archive, but no workbook")


def test_a_workbook_with_broken_xml_is_refused(tmp_path: Path) -> None:
    path = as_workbook(tmp_path / "broken.xlsx", **{"xl/workbook.xml": "<workbook><sheets>"})
    assert refusal(path).startswith("is ")


def test_a_workbook_that_unfolds_to_too_much_is_refused(tmp_path: Path) -> None:
    path = as_workbook(tmp_path / "bomb.xlsx", **{"xl/sharedStrings.xml": " " * (65 << 20)})
    assert refusal(path) == "unfolds to more bytes than any list: it is no list"


def test_a_workbook_whose_headers_lie_about_sizes_is_refused(tmp_path: Path) -> None:
    path = as_workbook(tmp_path / "liar.xlsx", **{"xl/sharedStrings.xml": "a" * 70_000})
    path.write_bytes(path.read_bytes().replace((70_000).to_bytes(4, "little"), (7).to_bytes(4, "little")))
    assert refusal(path) == "is damaged: xl/sharedStrings.xml is not what its checksum says"


@pytest.mark.parametrize("place", ["XFD1048576", "ZZ9", "A1048576"])
def test_a_workbook_spread_over_a_huge_sheet_is_refused(tmp_path: Path, place: str) -> None:
    number = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    extra = f'<row r="{number}"><c r="{place}"><v>1</v></c></row>'
    path = as_workbook(tmp_path / "wide.xlsx", **{"xl/worksheets/sheet1.xml": sheet(extra)})
    assert refusal(path).startswith("has cells beyond those of any list")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9700000001 - Russia INN", [("inn", "9700000001")]),
        (
            "1137700000001 (Russia). Tax ID No. 7700000001 (Russia)",
            [("registration", "1137700000001"), ("inn", "7700000001")],
        ),
        ("TIN: 91110000MA00000000", [("uscc", "91110000MA00000000")]),
        ("SWIFT/BIC MADEUPMM  BIK (RU) 044000001", [("bic", "MADEUPMM"), ("registration", "044000001")]),
        ("(1) CR No. 2180001 (2) OKPO – 08840001", [("registration", "2180001"), ("okpo", "08840001")]),
        ("1 149 102 007", [("registration", "1 149 102 007")]),
        ("dated 27/07/1992", []),
        ("none", []),
    ],
)
def test_registration_numbers_are_found_under_their_labels(text: str, found: list[tuple[str, str]]) -> None:
    assert list(registrations(text, {"ru"})) == found


def test_items_are_parted_where_they_are_numbered() -> None:
    assert items("(1) Samarra. (2) -") == ["Samarra", ""]
    assert items("8 (34992) 7-20") == ["8 (34992) 7-20"]


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not here")
def test_the_real_list_is_read_whole() -> None:
    found = list(uk.read([REAL]))
    given = {one.entity.id: one for one in found if isinstance(one, Entry)}
    # 4,686 groups, 13 of them with two ids.
    assert (len(found) - 1, len(given)) == (4699, 4699)
    wuhan = given["uk:RUS2137"]
    assert (wuhan.entity.name, wuhan.listings[0].listed_on) == ("WUHAN TONGSHENG TECHNOLOGY CO., LTD", "2024-06-13")
    assert wuhan.entity.identifiers == (Identifier("list_id", "16510"),)
