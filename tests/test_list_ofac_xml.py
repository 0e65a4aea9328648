"""The lists of OFAC as XML: the same records as in CSV, and what is refused."""

from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import ofac
from bot.records import Edition, Entry, Rejected
from tests.test_list_ofac import REAL, SAMPLES, WHOLE, entries, needs_real

XML = SAMPLES / "sdn.xml"
TEXT = XML.read_text("utf-8")
BOMB = '<?xml version="1.0"?><!DOCTYPE sdnList [<!ENTITY a "b">]><sdnList>&a;</sdnList>'

REFUSALS = [
    (TEXT[:-200], "is not whole or not XML"),
    (TEXT.replace("<Record_Count>3<", "<Record_Count>4<"), "it says to hold 4 records and holds 3"),
    (BOMB, "declares entities or a document type"),
    ("<?xml version='1.0'?><Sanctions/>", "is not an SDN.XML or CONSOLIDATED.XML of OFAC: its root is <Sanctions>"),
    (TEXT.replace("<uid>101<", "<uid>?<").replace("<uid>102<", "<uid><"), "2 of 3 records cannot be read"),
]


def as_read(found: dict[str, Entry], uid: int) -> tuple[object, ...]:
    one = found[f"ofac:{uid}"]
    return one.entity, one.listings


@pytest.mark.parametrize("uid", [101, 102, 103])
def test_a_record_is_the_same_as_in_csv(uid: int) -> None:
    csv, xml = (entries(list(ofac.read_sdn(paths))) for paths in (WHOLE, [XML]))
    assert as_read(xml, uid) == as_read(csv, uid)


def test_the_edition_is_of_the_day_that_the_file_states() -> None:
    edition = next(iter(ofac.read_sdn([XML])))
    assert isinstance(edition, Edition)
    assert (edition.dataset.version, edition.dataset.published_on) == ("2026-11-20", "2026-11-20")


def test_the_place_of_a_record_is_its_number_and_uid() -> None:
    assert entries(list(ofac.read_sdn([XML])))["ofac:102"].where == "sdn.xml, sdnEntry 2 (uid 102)"


@pytest.mark.parametrize(("text", "why"), REFUSALS)
def test_what_is_no_such_xml_or_no_whole_one_is_refused(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "sdn.xml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as refusal:
        list(ofac.read_sdn([tmp_path / "sdn.xml"]))
    assert why in str(refusal.value)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("<sdnType>Vessel<", "<sdnType>Submarine<", "type: 'submarine' is not known"),
        ("<lastName>OCEAN SAMPLE<", "<lastName><", "has no name"),
    ],
)
def test_a_broken_entry_is_told_with_its_place(before: str, after: str, why: str, tmp_path: Path) -> None:
    entry = TEXT[TEXT.index("  <sdnEntry>") : TEXT.index("</sdnList>")]
    more = (
        TEXT.replace("<Record_Count>3<", "<Record_Count>6<")
        .replace(before, after)
        .replace("</sdnList>", f"{entry}</sdnList>")
    )
    (tmp_path / "sdn.xml").write_text(more, encoding="utf-8")
    found = [one for one in ofac.read_sdn([tmp_path / "sdn.xml"]) if isinstance(one, Rejected)]
    assert found == [Rejected("sdn.xml, sdnEntry 3 (uid 103)", why)]


@needs_real
def test_the_real_xml_and_csv_give_mostly_the_same_records() -> None:
    folder = REAL / "nonsdn_2025-12"
    xml = entries(list(ofac.read_nonsdn([folder / "consolidated_2025-03-28.xml"])))
    csv = entries(list(ofac.read_nonsdn(sorted(folder.glob("*.csv")))))
    same = [id for id in xml.keys() & csv.keys() if xml[id].entity == csv[id].entity]
    # The two are nine months apart; what differs was changed in between.
    assert (len(xml), len(xml.keys() & csv.keys()), len(same)) == (443, 442, 432)
