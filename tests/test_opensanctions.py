"""The simplified table of OpenSanctions: what is taken from a row, what is left out and told, what is refused."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import BadFile
from bot.lists import opensanctions
from bot.lists.opensanctions_datasets import list_id
from bot.lists.opensanctions_table import items
from bot.records import Edition, Entry, Identifier, Item, Listing, Name, Rejected

SAMPLE = Path(__file__).parent / "lists" / "targets.simple_2026-11-20.csv"
REAL = Path(__file__).parents[2] / "shared" / "data" / "lists" / "opensanctions" / "targets.simple_2026-03-13.csv"
TEXT = SAMPLE.read_text("utf-8")
HEADER = TEXT.partition("\n")[0]
ARMS, SHIPS = "opensanctions-example-arms-register", "opensanctions-example-ship-list"
OLD_HEADER = HEADER.replace('"program_ids",', "").replace(',"last_change"', "")

REFUSALS = [
    ("", 0, "is empty"),
    ("<!DOCTYPE html>\n<html></html>\n", 0, "is an HTML page and no list"),
    ("id,name\n1,x\n", 1, "is not a targets.simple.csv of OpenSanctions: the header lacks schema, aliases"),
    (HEADER.replace('"phones"', '"name"') + "\n", 1, "repeats a column"),
    (HEADER + "\n", 0, "has no records"),
    (TEXT.replace('"Example Ship List"', '"Example Ship List', 1), 6, "is not CSV: "),
    (TEXT[:-100], 8, "ends within a row: it is not whole"),
    (TEXT.rpartition(',"2026')[0], 0, "ends within a row: it is not whole"),
    (TEXT.replace('"NK-b', '" ').replace('"NK-d', '" '), 0, "3 of 6 records cannot be read, the first at "),
    (f"{OLD_HEADER}\nw1,CryptoWallet,bc1,,,,,,,,,Coins,2023-01-02,\n", 0, "has no record that can be taken; "),
]


@pytest.fixture(scope="module")
def sample() -> list[Item]:
    return list(opensanctions.read([SAMPLE]))


def write(folder: Path, text: str, name: str = "targets.simple.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def on(items: Sequence[Item], list: str) -> list[Entry]:
    return [one for one in items if isinstance(one, Entry) and one.entity.id.startswith(f"{list}:")]


def editions(items: Sequence[Item]) -> list[Edition]:
    return [one for one in items if isinstance(one, Edition)]


def rejected(items: Sequence[Item]) -> list[Rejected]:
    return [one for one in items if isinstance(one, Rejected)]


def test_each_dataset_of_the_file_is_a_list(sample: list[Item]) -> None:
    found = [(one.dataset.list, one.dataset.title, one.dataset.version) for one in editions(sample)]
    assert found == [(ARMS, "Example Arms Register", "2026-11-20"), (SHIPS, "Example Ship List", "2026-11-20")]
    assert (len(on(sample, ARMS)), len(on(sample, SHIPS))) == (3, 2)


def test_a_list_is_given_out_before_its_first_entry(sample: list[Item]) -> None:
    for edition in editions(sample):
        assert sample.index(edition) < sample.index(on(sample, edition.dataset.list)[0])
        assert [one.url for one in edition.sources] == ["https://www.opensanctions.org/datasets/"]
        assert not edition.delta


def test_a_row_that_names_two_datasets_is_in_both(sample: list[Item]) -> None:
    both = (on(sample, ARMS)[-1], on(sample, SHIPS)[0])
    assert [one.entity.id for one in both] == [f"{ARMS}:NK-cShip3", f"{SHIPS}:NK-cShip3"]
    assert [(act.authority, act.list) for one in both for act in one.listings] == [
        ("Example Arms Register", "Example Arms Register"),
        ("Example Ship List", "Example Ship List"),
    ]


def test_names_are_parted_where_the_publisher_parts_them(sample: list[Item]) -> None:
    assert on(sample, ARMS)[0].entity.names == (
        Name('Quillon Works "Lens" LLC', "primary", "Latin"),
        Name("Quillon Optics", "alias", "Latin"),
        Name('LLC "QUILLON-LENS"', "alias", "Latin"),
        Name("ООО «Квиллон»", "alias", "Cyrillic"),
        Name("Quillon; Sons", "alias", "Latin"),
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("", []),
        ('""', []),
        ("a;b; a ;;c", ["a", "b", "c"]),
        ('"LLC MC ""KRYM-INVEST-TOUR"""', ['LLC MC "KRYM-INVEST-TOUR"']),
        ('x;"a;b";y', ["x", "a;b", "y"]),
        ('"Avangard" JSC;KPS', ['"Avangard" JSC', "KPS"]),
        ('JSC "NPO "SYSTEMS";x', ['JSC "NPO "SYSTEMS"', "x"]),
        ('"never closed;x', ['"never closed', "x"]),
        ("tab\there\x00\ue000", ["tab here"]),
    ],
)
def test_fields_of_several_values(field: str, values: list[str]) -> None:
    assert items(field) == values


def test_what_else_a_row_tells_of_its_subject(sample: list[Item]) -> None:
    company, organization, ship = (one.entity for one in on(sample, ARMS))
    assert (company.kind, organization.kind, ship.kind) == ("Company", "Organization", "Vessel")
    assert company.countries == ("ru", "cn")
    assert company.identifiers == (Identifier("registration", "1027700000001"), Identifier("imo", "IMO6000001"))
    assert on(sample, SHIPS)[1].entity.note == "Born: 1970-01-01"


def test_a_row_with_a_programme_or_a_sanction_is_listed_and_others_are_on_record(sample: list[Item]) -> None:
    company, port, ship = (one.listings for one in on(sample, ARMS))
    assert company == (
        Listing(
            *(f"{ARMS}:NK-aCme01", f"{ARMS}:NK-aCme01", "Example Arms Register", "Example Arms Register"),
            measures=("public identification",),
            read_on="",
            source_ids=(f"{ARMS}:opensanctions",),
            programme="XX-ARMS; XX-SEA",
            first_seen="2025-10-06",
            record_id="NK-aCme01",
            reason='Makes sights; "by night". Since 2020',
            url="https://www.opensanctions.org/entities/NK-aCme01/",
        ),
    )
    assert port == ()
    assert [(one.programme, one.reason) for one in ship] == [("Fleet order 7 - 2024-03-01",) * 2]


def test_what_is_left_out_is_told_with_its_line(sample: list[Item]) -> None:
    assert rejected(sample) == [
        Rejected(f"{SAMPLE.name}, line 7", "schema: 'CryptoWallet' is no kind of subject that is kept"),
        Rejected(f"{SAMPLE.name}, line 8", "name is empty"),
    ]


def test_an_entry_tells_the_line_it_begins_on(sample: list[Item]) -> None:
    assert [one.where for one in on(sample, ARMS)] == [
        f"{SAMPLE.name}, line {line} ({id})" for line, id in ((2, "NK-aCme01"), (4, "NK-bPort2"), (5, "NK-cShip3"))
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("NK-bPort2", "two words", "id: 'two words' is not an id of 120 plain characters at most"),
        ("2025-11-01T", "some day T", "first_seen: 'some day T00:00:00' is not a date"),
        ('"Harbour Nine",', "", "has another number of fields than the header"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out(tmp_path: Path, old: str, new: str, why: str) -> None:
    filler = "".join(f'"n{n}","Person","Name {n}"' + ',""' * 9 + ',"Filler","","",""\n' for n in range(9))
    found = list(opensanctions.read([write(tmp_path, TEXT.replace(old, new, 1) + filler)]))
    assert why in [one.why for one in rejected(found)]
    assert len(on(found, ARMS)) == 2


@pytest.mark.parametrize(("text", "line", "why"), REFUSALS, ids=[row[2] for row in REFUSALS])
def test_what_is_no_such_table_is_refused(tmp_path: Path, text: str, line: int, why: str) -> None:
    with pytest.raises(BadFile) as caught:
        list(opensanctions.read([write(tmp_path, text, "x_2026-01-01.csv")]))
    assert (why in str(caught.value), caught.value.line) == (True, line)


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(HEADER.encode() + b"\n\xff\xfe")
    with pytest.raises(BadFile, match=r"x.csv, line 2: is not UTF-8 text"):
        list(opensanctions.read([tmp_path / "x.csv"]))
    with pytest.raises(BadFile, match=r"nowhere.csv: cannot be read: No such file"):
        list(opensanctions.read([tmp_path / "nowhere.csv"]))


def test_without_a_date_in_its_name_a_file_is_as_old_as_its_newest_change(tmp_path: Path) -> None:
    found = editions(list(opensanctions.read([write(tmp_path, TEXT)])))
    assert {one.dataset.version for one in found} == {"2026-11-19"}


def test_nothing_of_a_row_depends_on_when_its_version_came_out(tmp_path: Path, sample: list[Item]) -> None:
    later = TEXT.replace("2026-11-20T05", "2026-12-20T05")
    found = list(opensanctions.read([write(tmp_path, later, "targets.simple_2026-12-20.csv")]))
    assert [(one.entity, one.listings) for one in on(found, ARMS)] == [
        (one.entity, one.listings) for one in on(sample, ARMS)
    ]


def test_a_publication_says_where_the_table_is_and_that_it_is_not_free() -> None:
    one = opensanctions.PUBLICATION
    assert (one.name, one.is_free, one.rhythm) == ("opensanctions", False, 7)
    assert all(each.url.startswith("https://data.opensanctions.org/") for each in one.downloads)


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("ofac", "opensanctions-ofac"),
        ("US OFAC (SDN) List", "opensanctions-us-ofac-sdn-list"),
        ("Liste des gels d'avoirs é", "opensanctions-liste-des-gels-d-avoirs-e"),
        ("Перечень 1", "opensanctions-1-763cfe56"),
        ("A title " * 20, "opensanctions-a-title-a-title-a-title-a-title-a-title-a-d823833d"),
    ],
)
def test_the_id_of_a_list_is_made_of_its_title(title: str, id: str) -> None:
    assert list_id(title) == id
    assert len(id) <= 64


@pytest.mark.skipif(not REAL.is_file(), reason="the published file is not here")
def test_the_published_table_is_read_whole() -> None:
    found = list(opensanctions.read([REAL]))
    (edition,) = editions(found)
    entries = on(found, edition.dataset.list)
    assert (len(entries), edition.dataset.version, rejected(found)) == (5600, "2026-03-13", [])
    assert sum(not one.listings for one in entries) == 1429
    assert Counter(one.entity.kind for one in entries) == Counter(
        Person=1543, Company=1524, Vessel=1340, Organization=1193
    )
