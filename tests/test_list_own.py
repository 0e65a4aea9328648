"""A list of one's own: what its columns say, what they say when empty, which rows and files are refused."""

from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import own
from bot.records import Dataset, Edition, Entry, Identifier, Item, Listing, Name, Rejected, Source

SAMPLE = Path(__file__).parent / "lists" / "own.csv"
GOOD = "Sample Tools,company\n" * 5

KINDS = [
    *(("company", "Company"), ("Firm", "Company"), ("", "Organization"), ("organisation", "Organization")),
    *(("public body", "PublicBody"), ("PublicBody", "PublicBody"), ("person", "Person"), ("vessel", "Vessel")),
    ("aircraft", "Airplane"),
]
REJECTED = [
    ("name,kind", ",company", "name is empty"),
    ("name,kind", "Tools,spoon", "kind: 'spoon' is no kind of subject"),
    ("name,country", "Tools,cn;qq", "country: 'qq' is not known"),
    ("name,measure", "Tools,ban", "measure: 'ban' is none of: asset freeze, "),
    ("name,identifiers", "Tools,usc:91", "identifiers: 'usc' is none of: uscc, "),
    ("name,url", "Tools,javascript:alert(1)", "url: 'javascript:alert(1)' is no address"),
    ("name,listed_on", "Tools,31/12/2024", "listed_on: '31/12/2024' is not a date"),
    ("name,ended_on", "Tools,2024-13", "ended_on: '2024-13' is not a date"),
    ("listed_on,ended_on,name", "2024-05,2024-04,Tools", "ended_on: 2024-04 is before listed_on, 2024-05"),
    ("name,id", "Tools,Ü1", "id: 'Ü1' is not an id of 120 plain characters"),
    ("name,kind", "Tools, Ltd,company", "has 3 fields, the header 2: a cell with"),
    ("name,", "Tools,lost", "has a value in a column without a name"),
]
REFUSALS = [
    ("", "is empty"),
    ("<!DOCTYPE html><html></html>", "is an HTML page and no list"),
    ("name,kind\n", "has no records"),
    ("firm,kind\nTools,company\n", "line 1: is no list of your own: its header lacks the column name"),
    (
        "name,alias,kinds\nTools,,\n",
        "line 1: has columns that are not known: 'alias', 'kinds'; there are: name, id, kind,",
    ),
    ("name,Kind,kind\nTools,,\n", "line 1: repeats a column in its header"),
    (f"name,kind\n{GOOD}Too", "line 7: ends within a row: it has 1 fields, the header 2"),
    (f'name,kind\n{GOOD}"Too', "ends within a row: it is not whole"),
    ("name,kind\nTools,spoon\n", "1 of 1 records cannot be read, the first at own.csv, line 2: kind: 'spoon'"),
]


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(own.read([SAMPLE]))


def entries(items: list[Item]) -> list[Entry]:
    return [one for one in items if isinstance(one, Entry)]


def read(folder: Path, text: str, name: str = "own.csv", encoding: str = "utf-8") -> list[Item]:
    (folder / name).write_bytes(text.encode(encoding))
    return list(own.read([folder / name]))


def test_the_edition_comes_first_and_is_of_the_day_in_the_name_of_the_file(tmp_path: Path) -> None:
    edition = read(tmp_path, "name\nTools\n", "own_2026-11-20.csv")[0]
    source = Source("own:list", "Our desk", "Own list", "", "2026-11-20")
    assert edition == Edition(Dataset("own", "Own list", "Our desk", "2026-11-20", "2026-11-20"), (source,))


def test_a_row_is_read_whole(items: list[Item]) -> None:
    first = entries(items)[0]
    assert (first.entity.id, first.entity.kind, first.entity.countries) == ("own:7-a", "Company", ("cn", "hk"))
    assert (first.where, first.entity.note) == ("own.csv, line 2 (id 7 a)", "Asked on 3 May")
    assert first.entity.identifiers == (
        Identifier("uscc", "914201000000000000"),
        Identifier("registration", "HK 12:3"),
    )
    assert first.entity.names == (
        Name("Sample Optics Ltd", "primary", "Latin"),
        Name("Sample Eye", "alias", "Latin"),
        Name("样品光学有限公司", "alias", "Han"),
    )


def test_its_listing_says_what_its_columns_say(items: list[Item]) -> None:
    assert entries(items)[0].listings == (
        Listing(
            *("own:7-a", "own:7-a", "Export desk", "Watch list", ("export restriction", "arms embargo"), ""),
            source_ids=("own:list",),
            programme="Drones",
            listed_on="2024-04",
            ended_on="2025",
            record_id="7 a",
            reason="Found in a drone, twice",
            url="https://example.org/optics",
        ),
    )


def test_empty_columns_say_that_the_desk_names_it_in_its_own_list(tmp_path: Path) -> None:
    (found,) = entries(read(tmp_path, "Name\nSample Tools\n"))
    (listing,) = found.listings
    assert (listing.authority, listing.list, listing.measures) == ("Our desk", "Own list", ("public identification",))
    assert (listing.record_id, listing.listed_on, found.entity.kind) == ("", "", "Organization")


def test_what_looks_like_a_formula_is_kept_as_text(items: list[Item]) -> None:
    found = entries(items)[1].entity
    assert [one.value for one in found.names] == ["=SUM(A1)", "@Sample", "-1"]
    assert found.note == "=cmd|' /C calc'!A0"


def test_a_person_is_called_in_the_natural_order_too(items: list[Item]) -> None:
    found = entries(items)[2].entity
    assert (found.kind, found.countries) == ("Person", ("na",))
    assert [(one.value, one.kind) for one in found.names] == [("Doe, Jane", "primary"), ("Jane Doe", "alias")]


def test_rows_without_anything_are_left_out(items: list[Item]) -> None:
    assert [one.entity.kind for one in entries(items)[3:]] == ["Vessel", "Airplane", "PublicBody"]
    assert not [one for one in items if isinstance(one, Rejected)]


@pytest.mark.parametrize(("word", "kind"), KINDS)
def test_kinds_are_plain_words(word: str, kind: str, tmp_path: Path) -> None:
    (found,) = entries(read(tmp_path, f"kind,name\n{word},Sample\n"))
    assert found.entity.kind == kind


def test_a_number_without_a_scheme_is_one_of_a_register(tmp_path: Path) -> None:
    (found,) = entries(read(tmp_path, "name,identifiers\nTools, HRB 7 ;LEI: 0000\n"))
    assert found.entity.identifiers == (Identifier("registration", "HRB 7"), Identifier("lei", "0000"))


def test_without_an_id_a_row_has_one_that_stays_wherever_it_stands(tmp_path: Path) -> None:
    before = entries(read(tmp_path, "name,kind,country,note\nTools,firm,cn;ru,\nOther,,,\n"))
    after = entries(read(tmp_path, "country,name,kind\n,Other,\nRU; CN,TOOLS,company\n"))
    assert [one.entity.id for one in before] == [one.entity.id for one in reversed(after)]
    assert len({one.entity.id for one in before}) == 2


def test_subjects_of_one_name_in_two_countries_are_two(tmp_path: Path) -> None:
    one, other = entries(read(tmp_path, "name,country\nTools,cn\nTools,ru\n"))
    assert one.entity.id != other.entity.id


def test_semicolons_may_part_the_cells(tmp_path: Path) -> None:
    (found,) = entries(read(tmp_path, '\ufeffname;aliases;country\r\n"Tools, Ltd";"A;B";cn\r\n'))
    assert [one.value for one in found.entity.names] == ["Tools, Ltd", "A", "B"]
    assert found.entity.countries == ("cn",)


def test_columns_without_a_name_may_stay_empty(tmp_path: Path) -> None:
    (found,) = entries(read(tmp_path, "name,kind,,\nTools,firm,,\n"))
    assert found.entity.name == "Tools"


@pytest.mark.parametrize(("header", "row", "why"), REJECTED)
def test_a_row_with_a_bad_value_is_rejected_with_its_column(header: str, row: str, why: str, tmp_path: Path) -> None:
    good = ",".join("Good" if name == "name" else "" for name in header.split(","))
    items = read(tmp_path, "\n".join((header, row, *[good] * 5)))
    (rejected,) = [one for one in items if isinstance(one, Rejected)]
    assert rejected.why.startswith(why)
    assert rejected.where.startswith("own.csv, line 2")
    assert len(entries(items)) == 5


@pytest.mark.parametrize(("text", "why"), REFUSALS)
def test_what_is_no_whole_list_is_refused(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile) as error:
        read(tmp_path, text)
    assert why in str(error.value)


def test_what_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="line 2: is not UTF-8 text"):
        read(tmp_path, "name\nÜbung\n", encoding="latin-1")


def test_several_files_are_one_list(tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("name\nMore\n")
    items = list(own.read([SAMPLE, tmp_path / "more.csv"]))
    assert [isinstance(one, Edition) for one in items[:2]] == [True, False]
    assert entries(items)[-1].where == "more.csv, line 2"
