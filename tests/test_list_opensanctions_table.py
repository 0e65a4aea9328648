"""Rows of the table of OpenSanctions: the schemes of their numbers, and whose acts they are copies of."""

from pathlib import Path

import pytest

from bot.lists import opensanctions
from bot.records import Entry, Item
from tests.test_opensanctions import HEADER, on, write


def rows(folder: Path, *rows: str) -> list[Item]:
    """What a table of rows says: each its id, schema, countries, identifiers, sanctions, programmes, datasets."""
    cells = (row.split("|") for row in rows)
    lines = [
        f'"{id}","{schema}","Works","","","{countries}","","{numbers}","{sanctions}","","","{programmes}","{titles}","","",""'
        for id, schema, countries, numbers, sanctions, programmes, titles in cells
    ]
    return list(opensanctions.read([write(folder, "\n".join([HEADER, *lines, ""]))]))


def test_numbers_are_of_the_scheme_whose_form_they_have_where_it_is_but_one(tmp_path: Path) -> None:
    found = rows(
        tmp_path,
        "a|Company|ru|1027700000001;7700000001;AB-1|||One",
        "b|Company|ru;cn|7700000001;5493001KJTIIGC8Y1R12|||One",
        "c|Vessel|pa|IMO9000001;273000001;UBQX1|||One",
        "d|Company|cn|91370600557897249A|||One",
    )
    schemes = [[number.scheme for number in one.entity.identifiers] for one in found if isinstance(one, Entry)]
    assert schemes == [["ogrn", "inn", "registration"], ["registration", "lei"], ["imo", "mmsi", "call_sign"], ["uscc"]]


def test_a_region_or_a_former_state_has_the_code_of_its_country(tmp_path: Path) -> None:
    (entry,) = on(rows(tmp_path, "a|Person|ua-cri;suhh;zz;ua||||One"), "opensanctions-one")
    assert entry.entity.countries == ("ua", "su")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "ofac-12345|Company|||X|US-X|US OFAC Specially Designated Nationals (SDN) List",
            ("OFAC", "Specially Designated Nationals", "asset freeze", "US-X", "12345"),
        ),
        (
            "NK-1|Company|||X|US-X|US OFAC Consolidated (non-SDN) List",
            ("OFAC", "Consolidated Non-SDN List", "public identification", "US-X", "NK-1"),
        ),
        (
            "unsc-110|Person|||X||UN Security Council Consolidated Sanctions",
            ("UN", "Security Council Consolidated List", "asset freeze", "X", "110"),
        ),
        (
            "eu-fsf-eu-358-35|Person|||X|EU-X|EU Financial Sanctions Files (FSF)",
            ("EU", "Financial Sanctions Files", "asset freeze", "EU-X", "EU.358.35"),
        ),
        (
            "gb-fcdo-rus0001|Person|||X|GB-X|UK FCDO Sanctions List",
            ("UK", "UK Sanctions List", "asset freeze", "GB-X", "RUS0001"),
        ),
        (
            "NK-1|Vessel|||X|GB-X|UK FCDO Sanctions List",
            ("UK", "UK Sanctions List", "public identification", "GB-X", "NK-1"),
        ),
        (
            "gb-hmt-7213|Person|||X||UK HMT/OFSI Consolidated List of Targets",
            ("UK", "UK Sanctions List", "asset freeze", "X", "7213"),
        ),
        (
            "ofac-1ea2aa5bcbe8a0ee96f1335a86573d2c23674f95|Company|||X||US OFAC Specially Designated Nationals (SDN) List",
            (
                *("OFAC", "Specially Designated Nationals", "asset freeze", "X"),
                "ofac-1ea2aa5bcbe8a0ee96f1335a86573d2c23674f95",
            ),
        ),
    ],
)
def test_copies_of_official_lists_carry_their_words_and_ids(
    tmp_path: Path, row: str, expected: tuple[str, ...]
) -> None:
    (act,) = (act for one in rows(tmp_path, row) if isinstance(one, Entry) for act in one.listings)
    assert (act.authority, act.list, *act.measures, act.programme, act.record_id) == expected


def test_the_screening_list_is_told_apart_into_the_lists_it_holds(tmp_path: Path) -> None:
    title = "US Trade Consolidated Screening List (CSL)"
    found = rows(tmp_path, f"NK-1|Company|||X|US-BIS-EL;US-BIS-UVL|{title}", f"NK-2|Company|||X||{title}")
    one, other = (entry.listings for entry in found if isinstance(entry, Entry))
    assert [(act.id.partition("/")[2], act.list, *act.measures, act.programme) for act in one] == [
        ("us-bis-el", "Entity List", "export licence requirement", "US-BIS-EL"),
        ("us-bis-uvl", "Unverified List", "no licence exceptions", "US-BIS-UVL"),
    ]
    assert [(act.authority, act.measures) for act in other] == [(title, ("public identification",))]


def test_of_a_row_on_several_lists_a_programme_is_told_on_the_list_it_can_be_of(tmp_path: Path) -> None:
    titles = "US OFAC Specially Designated Nationals (SDN) List;EU Financial Sanctions Files (FSF)"
    found = rows(tmp_path, f"NK-1|Company|||X|EU-UKR;US-BIS-EL;US-RUSHAR|{titles}")
    assert [act.programme for one in found if isinstance(one, Entry) for act in one.listings] == ["US-RUSHAR", "EU-UKR"]
