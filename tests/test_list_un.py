"""The consolidated list of the UN Security Council: what is taken from a record, what is refused, and the real file."""

from collections import Counter
from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import un
from bot.lists.un_names import names_in
from bot.records import Dataset, Edition, Entity, Entry, Identifier, Item, Listing, Name, Rejected, Source

SAMPLE = Path(__file__).parent / "lists" / "un_consolidated.xml"
TEXT = SAMPLE.read_text("utf-8")
REAL = Path(__file__).parents[2] / "shared" / "data" / "lists" / "un" / "un_consolidated_2026-02-27.xml"
PAGE = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"
TITLE, PUBLISHER = "UN Security Council Consolidated List", "United Nations Security Council"

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n<CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>'
REFUSALS = [
    ("", "is empty"),
    ("<!DOCTYPE html>\n<html><body>503</body></html>", "is an HTML page and no list"),
    ('{"a": 1}', "is not whole or not XML"),
    ("<export/>", "is not the consolidated list of the UN: its root is <export>, not <CONSOLIDATED_LIST>"),
    ("<CONSOLIDATED_LIST/>", "has no records"),
    (BOMB, "declares entities or a document type"),
    (TEXT[: len(TEXT) // 2], "is not whole or not XML"),
    (TEXT.rpartition("<ENTITY>")[0], "is not whole or not XML"),
    (TEXT.replace("<REFERENCE_NUMBER>QDi.901</REFERENCE_NUMBER>", ""), "2 of 7 records cannot be read, the first at "),
]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(un.read([SAMPLE]))


@pytest.fixture(scope="module")
def entries(items: list[Item]) -> dict[str, Entry]:
    return {item.entity.id: item for item in items if isinstance(item, Entry)}


def written(folder: Path, text: str) -> Path:
    path = folder / "un.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_edition_comes_first_and_has_the_day_of_the_file(items: list[Item]) -> None:
    source = Source("un:consolidated-list", PUBLISHER, TITLE, PAGE, "2026-11-20")
    assert items[0] == Edition(Dataset("un", TITLE, PUBLISHER, "2026-11-20", "2026-11-20", PAGE), (source,))


def test_a_file_without_a_day_has_that_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "un_2026-11-21.xml"
    path.write_text(TEXT.replace(' dateGenerated="2026-11-20T00:00:07.412Z"', ""), encoding="utf-8")
    edition = next(un.read([path]))
    assert isinstance(edition, Edition)
    assert edition.dataset.version == "2026-11-21"


def test_a_person_has_all_names_numbers_and_nationalities(entries: dict[str, Entry]) -> None:
    assert entries["un:QDi.901"].entity == Entity(
        id="un:QDi.901",
        kind="Person",
        name="TAVIO OREN QUILLON AL-MESTARI",
        names=(
            Name("TAVIO OREN QUILLON AL-MESTARI", "primary", "Latin"),
            Name("تافيو كويلون", "alias", "Arabic"),
            Name("Tavio Kwillon", "alias", "Latin"),
            Name("Tavyo Quilon", "alias", "Latin"),
            Name("Mestari, Tavio", "alias", "Latin"),
            Name("Tavio Mestari", "alias", "Latin"),
            Name("The Seal", "weak_alias", "Latin"),
            Name("الختم", "weak_alias", "Arabic"),
            Name("Sable", "weak_alias", "Latin"),
            Name("Соболь", "weak_alias", "Cyrillic"),
            Name("Orin Vastel", "former", "Latin"),
            Name("Odo Vastel", "alias", "Latin"),
        ),
        countries=("ir",),
        identifiers=(
            Identifier("list_id", "9900001"),
            Identifier("passport", "Q 774411"),
            Identifier("national_id", "55-1"),
        ),
        note=entries["un:QDi.901"].entity.note,
    )


def test_the_note_has_what_else_is_published(entries: dict[str, Entry]) -> None:
    assert entries["un:QDi.901"].entity.note == (
        "Title: Dr.; Designation: Keeper of seals, Courier; Born: 1961-05-01 / between 1960 and 1963 / approximately 19?? (by "
        "his own word); Place of birth: Kestra, Lebanon; Gender: Male; Nationality: Iran (Islamic Republic of), na; Address: "
        "3 Lantern Lane, Kestra, Türkiye (previous address); Document: Numéro de passeport, Libyan passport No. Q 774411 (US), "
        "Libya (expired) / National Identification Number, Ration card no., Jordan 55-1; Also listed as: The Seal (الختم) / "
        "Sable (original script: Соболь) / Orin Vastel (previously listed as) / Odo Vastel, born 1 May 1961 in Kestra; "
        "Amended on: 2018-05-02, 2020-06-03"
    )


def test_an_element_that_is_not_known_is_in_the_note(entries: dict[str, Entry]) -> None:
    assert entries["un:GBi.903"].entity.note == "EYE_COLOUR: green"


def test_a_listing_has_the_regime_its_day_and_the_comments(entries: dict[str, Entry]) -> None:
    assert entries["un:QDi.901"].listings == (
        Listing(
            *("un:QDi.901", "un:QDi.901", "UN", "Security Council Consolidated List"),
            measures=("asset freeze", "travel ban", "arms embargo"),
            read_on="",
            source_ids=("un:consolidated-list",),
            programme="Al-Qaida",
            legal_basis="Security Council resolution 1267 (1999)",
            listed_on="2015-04-14",
            record_id="QDi.901",
            reason="Forged papers for others. Father's name is Oren. "
            "Summary: https://www.un.org/securitycouncil/content/narrative-summary-901",
            url="https://www.un.org/securitycouncil/content/narrative-summary-901",
        ),
    )


@pytest.mark.parametrize(
    ("id", "measures"),
    [
        ("un:LYi.902", ("travel ban",)),
        ("un:GBi.903", ("travel ban",)),
        ("un:KPe.905", ("asset freeze",)),
        ("un:SWe.001", ("public identification",)),
        ("un:YEe.907", ("arms embargo",)),
    ],
)
def test_measures_are_those_of_the_regime_or_of_the_comments(
    entries: dict[str, Entry], id: str, measures: tuple[str, ...]
) -> None:
    assert entries[id].listings[0].measures == measures


def test_a_listing_that_has_ended_says_when_and_a_partial_day_stands(entries: dict[str, Entry]) -> None:
    found = entries["un:LYi.902"]
    assert (found.listings[0].listed_on, found.listings[0].ended_on) == ("2011", "2020-02-03")
    assert [name.value for name in found.entity.names] == ["PERREN, IDA", "IDA PERREN"]
    assert found.entity.countries == ("om",)
    assert entries["un:SWe.001"].listings[0].listed_on == ""


def test_an_entity_has_former_names_acronyms_and_text_as_it_stands(entries: dict[str, Entry]) -> None:
    found = entries["un:KPe.905"].entity
    assert (found.kind, found.countries) == ("Organization", ("kp",))
    assert [(name.value, name.kind) for name in found.names] == [
        ("HARROW OF QUILLON (HOQ)", "primary"),
        ("HARROW OF QUILLON", "alias"),
        ("HOQ", "acronym"),
        ("Quillon Harrow (Kenya) Branch", "alias"),
        ("Egge", "alias"),
        ("Plough", "alias"),
        ("Scythe Works", "former"),
        ('=HYPERLINK("x") <b>', "former"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ama Sabet; Ama Savet b) A. Sabet", ["Ama Sabet", "Ama Savet", "A. Sabet"]),
        (") Ama Sabet", ["Ama Sabet"]),
        ("Ama Sabet (birth name)", ["Ama Sabet"]),
        ("Ama Sabet, JR", ["Ama Sabet, JR"]),
        ('"SABET, Ama"', ['"SABET, Ama"', "Ama SABET"]),
        ("حسن (Hasan; Hassan)", ["حسن", "Hasan", "Hassan"]),
        ("Jin (original script: 金)", ["Jin", "金"]),
        ("Ama (Sabet", ["Ama (Sabet"]),
        ("", []),
    ],
)
def test_the_names_of_a_persons_field_are_parted(text: str, names: list[str]) -> None:
    assert [value for value, _ in names_in(text, "alias", is_person=True)] == names


def test_a_name_field_made_to_be_slow_is_read() -> None:
    for text in ("x;" * 50_000, "(" * 50_000 + ")" * 50_000, "a(б" * 5_000 + ")" * 5_000, ", born" * 50_000):
        assert list(names_in(text, "alias", is_person=True))


def test_a_record_without_a_reference_number_is_rejected_with_its_place(items: list[Item]) -> None:
    rejected = [item for item in items if isinstance(item, Rejected)]
    assert rejected == [Rejected("un_consolidated.xml, INDIVIDUAL 4 (9900004)", "has no REFERENCE_NUMBER")]


def test_a_record_without_a_name_is_rejected(tmp_path: Path) -> None:
    text = TEXT.replace("LOWER MESTAR FRONT", " ").replace(
        "<REFERENCE_NUMBER/>", "<REFERENCE_NUMBER>GBi.904</REFERENCE_NUMBER>"
    )
    rejected = [item for item in un.read([written(tmp_path, text)]) if isinstance(item, Rejected)]
    assert rejected == [Rejected("un.xml, ENTITY 7 (YEe.907)", "has no name")]


@pytest.mark.parametrize(("text", "why"), REFUSALS)
def test_what_is_not_such_a_file_or_not_whole_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadFile) as caught:
        list(un.read([path]))
    assert why in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.skipif(not REAL.exists(), reason="the real file is not here")
def test_the_real_file_is_read_whole() -> None:
    items = list(un.read([REAL]))
    entries = [item for item in items if isinstance(item, Entry)]
    text = REAL.read_text("utf-8")
    assert len(items) == len(entries) + 1 == text.count("<REFERENCE_NUMBER>") + 1 == 1004
    assert Counter(entry.entity.kind for entry in entries) == {"Person": 730, "Organization": 273}
    assert len({entry.entity.id for entry in entries}) == 1003
    assert all(entry.listings[0].listed_on and entry.listings[0].programme for entry in entries)
    assert sum(entry.listings[0].measures == ("travel ban",) for entry in entries) == 10 + 5
    assert sum(len(entry.entity.names) for entry in entries) > 4400
