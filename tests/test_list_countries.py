"""Countries as lists write them: names, former names, codes and nationalities, and every one that real files have."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from bot.countries import CODES
from bot.lists import countries

LISTS = Path(__file__).parents[2] / "shared" / "data" / "lists"
ROWS = [line.split("\t") for line in countries.TABLE.read_text("utf-8").splitlines()[1:]]

NO_COUNTRIES = {"-0-", "undetermined", "Region: Kafia Kingi", "None Identified", "na", "115088", ""}
"""What real files say instead of a country; Kafia Kingi is claimed by two."""

WRITTEN = {
    "cn": [
        "China",
        "CHINA",
        "CN",
        "cn",
        "CHN",
        "People's Republic of China",
        "Peoples Republic of China",
        "Chinese",
        "P.R.C.",
    ],
    "kp": [
        "Korea, North",
        "Democratic People's Republic of Korea",
        "Democratic People’s Republic of Korea",
        "DPRK",
        "PRK",
    ],
    "kr": ["Korea, South", "Republic of Korea", "South Korea"],
    "ir": ["Iran", "Iran (Islamic Republic of)", "Islamic Republic of Iran", "Iranian", "IRN"],
    "ru": [
        "Russian Federation",
        "Russia",
        "Russian",
        "Russian Federation (as at November 2010)",
        "former USSR Currently Russia",
    ],
    "tr": ["Turkey", "Türkiye", "TURKIYE", "Turkish"],
    "mm": ["Burma", "Myanmar", "BUR"],
    "cd": [
        "Congo, Democratic Republic of the",
        "Congo (Democratic Republic)",
        "the Democratic Republic of the Congo",
        "Zaire",
    ],
    "cg": ["Congo, Republic of the", "Congo"],
    "ci": ["Cote d Ivoire", "Côte d'Ivoire", "Ivory Coast"],
    "ua": ["Region: Crimea", "Ukraine", "Ukrainian SSR (now Ukraine)", "Former USSR, now Ukraine"],
    "gb": ["UK", "United Kingdom of Great Britain and Northern Ireland", "Great Britain", "British"],
    "us": ["U.S.A.", "United States of America", "The United States", "American"],
    "ge": ["Georgia (former USSR)", "Georgian"],
    "na": ["NA", "Namibia"],
    "ad": ["AND", "Andorra"],
    "gm": ["The Gambia", "Gambia, The"],
    "kn": ["St. Kitts & Nevis", "Saint Kitts and Nevis"],
    "xk": ["Kosovo"],
    "su": ["former Soviet Union", "USSR"],
    "": ["undetermined", "unknown", "00", "n/a", "na", "-", "  ", "the", "Atlantis", "x" * 100_000],
}


def real_countries() -> Iterator[str]:
    for name in ("2021-07/add.csv", "nonsdn_2025-12/cons_add.csv"):
        with (LISTS / "ofac" / name).open(encoding="cp1252") as file:
            yield from (row[4] for row in csv.reader(file) if len(row) > 4)
    with gzip.open(LISTS / "csl" / "consolidated_2022-05.csv.gz", "rt", encoding="utf-8") as file:
        columns = ("nationalities", "citizenships", "vessel_flag")
        yield from (one for row in csv.DictReader(file) for column in columns for one in row[column].split(";"))
    tree = ElementTree.parse(LISTS / "un" / "un_consolidated_2026-02-27.xml")
    paths = (".//NATIONALITY/VALUE", ".//COUNTRY", ".//COUNTRY_OF_ISSUE", ".//ISSUING_COUNTRY", ".//COUNTRY_OF_BIRTH")
    yield from (element.text or "" for path in paths for element in tree.iterfind(path))
    rows = (
        CalamineWorkbook.from_path(str(LISTS / "uk" / "OFSI_ConList_2025-04-10.xlsx")).get_sheet_by_index(0).to_python()
    )
    header = next(row for row in rows if "Name 6" in row)
    places = [header.index(name) for name in ("Country", "Nationality", "Country of Birth")]
    yield from (str(row[place]) for row in rows[rows.index(header) + 1 :] for place in places)


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in WRITTEN.items() for name in names])
def test_a_country_is_known_however_a_list_writes_it(code: str, name: str) -> None:
    assert countries.code(name) == code


def test_several_numbered_countries_are_all_found() -> None:
    assert countries.codes("(1) Uganda (2) Uganda (3)South Sudan") == ("ug", "ss")
    assert countries.codes("(1) to (6) Algeria. (7) Morocco.") == ("dz", "ma")
    assert countries.codes("(1) USSR (now Russian Federation) (2) Atlantis") == ("ru",)
    assert countries.code("(1) Cyprus (2) Russia") == "cy"


def test_the_table_has_every_code_once_in_order() -> None:
    assert [code for code, _ in ROWS] == sorted(CODES)


def test_no_name_means_two_countries() -> None:
    found = Counter(
        key for code, names in ROWS for key in {countries.fold(name) for name in (code, *names.split(" | "))}
    )
    assert [key for key, times in found.items() if times > 1] == []


@pytest.mark.skipif(not LISTS.exists(), reason="the real files are not here")
def test_every_country_of_the_real_files_is_known() -> None:
    found = {name.strip() for name in real_countries()}
    assert len(found) > 400
    assert {name for name in found if not countries.codes(name)} == NO_COUNTRIES
