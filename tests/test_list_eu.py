"""The EU's Financial Sanctions Files: what is taken from a record, which regulation it stands under, what is refused."""

from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import eu, eu_acts
from bot.records import Dataset, Edition, Entity, Entry, Identifier, Item, Listing, Name, Rejected, Source

SAMPLE = Path(__file__).parent / "lists" / "eu_full_sanctions_list.xml"
TEXT = SAMPLE.read_text("utf-8")
PAGE = eu.PUBLICATION.page
TITLE, PUBLISHER = "EU Consolidated Financial Sanctions List", "European Commission"

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n<export>&b;</export>'
REFUSALS = [
    ("", "is empty"),
    ("<html><body>Service unavailable</body></html>", "is an HTML page and no list"),
    ("a;b\n1;2\n", "is not whole or not XML"),
    ("<CONSOLIDATED_LIST/>", "is not the EU's list of financial sanctions (XML 1.1): its root is <CONSOLIDATED_LIST>"),
    ("<export/>", "has no records"),
    (BOMB, "declares entities or a document type"),
    (TEXT[: len(TEXT) // 2], "is not whole or not XML"),
    (TEXT.rpartition("    <sanctionEntity")[0], "is not whole or not XML"),
    (TEXT.replace('wholeName="Perren Gate"', 'wholeName=""'), "2 of 6 records cannot be read, the first at "),
]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(eu.read([SAMPLE]))


@pytest.fixture(scope="module")
def entries(items: list[Item]) -> dict[str, Entry]:
    return {item.entity.id: item for item in items if isinstance(item, Entry)}


def written(folder: Path, text: str) -> Path:
    path = folder / "eu.xml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_edition_comes_first_and_has_the_day_of_the_file(items: list[Item]) -> None:
    source = Source("eu:financial-sanctions-files", PUBLISHER, TITLE, PAGE, "2026-11-20")
    assert items[0] == Edition(Dataset("eu", TITLE, PUBLISHER, "2026-11-20", "2026-11-20", PAGE), (source,))


def test_a_firm_has_its_english_name_first_and_its_number(entries: dict[str, Entry]) -> None:
    assert entries["eu:EU.90001.11"].entity == Entity(
        id="eu:EU.90001.11",
        kind="Organization",
        name="General Technology Group Dalian Machine Tool Co., Ltd",
        names=(
            Name("General Technology Group Dalian Machine Tool Co., Ltd", "primary", "Latin"),
            Name("通用技术集团大连机床有限责任公司", "alias", "Han"),
            Name("DMTG", "alias", "Latin"),
        ),
        countries=("cn",),
        identifiers=(Identifier("list_id", "EU.90001.11"), Identifier("registration", "91210213MA0YKTWE4K")),
        note="Record: 990001; Address: Dalian, CHINA; Document: Registration Number, 91210213MA0YKTWE4K, CHINA; "
        "Act: amendment, council, 2025/933 (OJ L), 2025-05-20, 2025-05-20; Stated in: 2025/933 (OJ L) 2025-05-20",
    )


def test_a_listing_stands_under_the_basic_regulation(entries: dict[str, Entry]) -> None:
    assert entries["eu:EU.90001.11"].listings == (
        Listing(
            *("eu:EU.90001.11", "eu:EU.90001.11", "EU", "Regulation 269/2014"),
            measures=("asset freeze",),
            read_on="",
            source_ids=("eu:financial-sanctions-files",),
            programme="UKR",
            legal_basis="2025/933 (OJ L)",
            listed_on="2025-05-20",
            record_id="EU.90001.11",
            url="https://eur-lex.europa.eu/eli/reg_impl/2025/933/oj",
        ),
    )


def test_names_are_strong_weak_or_former_and_each_stands_once(entries: dict[str, Entry]) -> None:
    assert [(name.value, name.kind) for name in entries["eu:EU.90002.22"].entity.names] == [
        ("Quillon Tavio Oren", "primary"),
        ("Tavio Oren Quillon", "alias"),
        ("Orin Vastel", "former"),
        ("Тавио Квиллон", "alias"),
        ("The Seal", "weak_alias"),
        ("Sable", "weak_alias"),
    ]


def test_a_person_has_citizenship_numbers_and_the_id_of_the_un(entries: dict[str, Entry]) -> None:
    found = entries["eu:EU.90002.22"].entity
    assert (found.kind, found.countries) == ("Person", ("ir",))
    assert [(one.scheme, one.value) for one in found.identifiers] == [
        ("list_id", "EU.90002.22"),
        ("list_id", "QDi.901"),
        ("passport", "Ж774411"),
        ("passport", "Q774411"),
        ("tax", "55-1"),
    ]


def test_the_note_has_what_else_is_published(entries: dict[str, Entry]) -> None:
    assert entries["eu:EU.90002.22"].entity.note == (
        "Details: Listed with his brother; UN reference: QDi.901; Record: 990002; Name: Quillon Tavio Oren (Dr., Courier, M) / "
        "Sable (Low quality a.k.a.) / Orin Vastel (formerly listed as); Born: 1961-05-01, Kestra, LEBANON, circa / 1962; "
        "Citizenship: IRAN (ISLAMIC REPUBLIC OF); Address: 3 Lantern Lane, Kestra, TURKEY, at the time of listing, "
        "EMAIL seal@example.org; Document: National passport, Ж774411, Q774411, Ministry of Seals, diplomatic, known to have "
        "expired, (passport) / Other identification number, 55-1, TURKEY, Tax number; Act: amendment, commission, 2018/223 "
        "(OJ L43), 2018-02-16, 2018-02-17; Stated in: 898/2005 (OJ L153) 2005-06-16"
    )


def test_the_day_is_that_of_the_designation_and_the_link_is_encrypted(entries: dict[str, Entry]) -> None:
    (found,) = entries["eu:EU.90002.22"].listings
    assert (found.list, found.listed_on) == ("Regulation 881/2002", "2009-06-01")
    assert found.url == "https://eur-lex.europa.eu/legal-content/EN/TXT/PDF/?uri=CELEX:32018R0223&from=EN"
    assert found.reason == "UNSC RESOLUTION 1267 BASIS / Forged papers for others."


def test_without_a_designation_the_earliest_act_of_the_entry_and_its_names_counts(entries: dict[str, Entry]) -> None:
    found, other = entries["eu:990003"].listings
    assert (found.id, found.list, found.programme) == ("eu:990003", "Regulation 267/2012", "IRN")
    assert (found.listed_on, found.legal_basis) == ("2012-03-24", "945/2012 (OJ L282)")
    assert (other.id, other.list) == ("eu:990003/Regulation-765-2006", "Regulation 765/2006")
    assert (other.programme, other.legal_basis) == ("BLR", "1/2014 (OJ L1)")


def test_a_record_without_a_reference_has_its_other_id_and_text_stays_text(entries: dict[str, Entry]) -> None:
    found = entries["eu:990003"]
    assert (found.entity.name, found.entity.countries) == ("Quillon <b>Works</b>", ("ir",))
    assert (found.listings[0].record_id, found.listings[0].url) == ("990003", PAGE)


def test_a_name_in_parts_alone_and_an_odd_day_are_taken(entries: dict[str, Entry]) -> None:
    found = entries["eu:EU.90005.55"]
    assert (found.entity.kind, found.entity.name) == ("Person", "Ida Perren")
    assert "Born: soon" in found.entity.note
    assert found.listings[0].list == "Financial sanctions, programme NEW"


@pytest.mark.parametrize(
    ("programme", "named", "name"),
    [
        ("UKR", {"2022/581"}, "Regulation 269/2014"),
        ("UKR", {"208/2014", "2015/138"}, "Regulation 208/2014"),
        ("UKR", {"208/2014", "269/2014"}, "Regulation 269/2014"),
        ("IRN", {"359/2011"}, "Regulation 359/2011"),
        ("IRN", {"2012/1", "945/2012"}, "Financial sanctions, programme IRN"),
        ("RUSDA", {"2025/965"}, "Regulation 2024/2642"),
        ("BLR", set(), "Regulation 765/2006"),
        ("", set(), "Financial sanctions"),
    ],
)
def test_the_basic_regulation_is_told_by_programme_and_acts(programme: str, named: set[str], name: str) -> None:
    assert eu_acts.list_name(programme, named) == name


def test_the_number_of_an_act_is_found_in_its_title() -> None:
    titles = ("269/2014 (OJ L78)", "2025/933 (OJ L)", "2007/868/EC (OJ L340)", "")
    assert [eu_acts.number(title) for title in titles] == ["269/2014", "2025/933", "2007/868", ""]


def test_a_record_without_names_is_rejected_with_its_place(items: list[Item]) -> None:
    rejected = [item for item in items if isinstance(item, Rejected)]
    assert rejected == [Rejected("eu_full_sanctions_list.xml, sanctionEntity 6 (EU.90006.66)", "has no name")]


@pytest.mark.parametrize(
    ("old", "new", "rejected"),
    [
        ('wholeName=" "', 'wholeName="Bas" ', 0),
        ('<subjectType code="" classificationCode="P"/>', '<subjectType code="ship"/>', 2),
        ('euReferenceNumber="" logicalId="990003"', 'logicalId=""', 2),
    ],
)
def test_a_record_without_id_or_of_another_kind_is_rejected(tmp_path: Path, old: str, new: str, rejected: int) -> None:
    more = "".join(
        f'<sanctionEntity logicalId="{number}"><subjectType code="person"/><nameAlias wholeName="Bas"/></sanctionEntity>'
        for number in range(10)
    )
    items = list(eu.read([written(tmp_path, TEXT.replace(old, new).replace("</export>", f"{more}</export>"))]))
    assert sum(isinstance(item, Rejected) for item in items) == rejected
    assert len(items) == 17


@pytest.mark.parametrize(("text", "why"), REFUSALS)
def test_what_is_not_such_a_file_or_not_whole_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(BadFile) as caught:
        list(eu.read([path]))
    assert why in str(caught.value)
    assert str(path) in str(caught.value)
