"""The simplified table of OpenSanctions: what is taken from a row, what is left out and told, what is refused."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import intake
from bot.errors import BadFile
from bot.lists import opensanctions
from bot.records import PUBLIC, Difference, Identifier, Name, Records, Rejected
from bot.store import datasets, entities, listings
from bot.store.database import Database
from tests.conftest import LOADED, Desk

SAMPLE = Path(__file__).parent / "lists" / "targets.simple_2026-11-20.csv"
TEXT = SAMPLE.read_text("utf-8")
HEADER = TEXT.partition("\n")[0]
ARMS, SHIPS = "opensanctions-example-arms-register", "opensanctions-example-ship-list"
OLD_HEADER = HEADER.replace('"program_ids",', "").replace(',"last_change"', "")

REFUSALS = [
    ("", 0, "is empty"),
    (
        "<!DOCTYPE html>\n<html></html>\n",
        1,
        "is not a targets.simple.csv of OpenSanctions: the header lacks id, schema",
    ),
    ("id,name\n1,x\n", 1, "the header lacks schema, aliases"),
    (HEADER.replace('"phones"', '"name"') + "\n", 1, "repeats a column"),
    (HEADER + "\n", 0, "has a header and no rows"),
    (TEXT.replace('"Example Ship List"', '"Example Ship List', 1), 6, "is not CSV: "),
    (TEXT[:-100], 8, "is not CSV: unexpected end of data"),
    (TEXT.rpartition(',"2026')[0], 0, "ends within a row: it is not whole"),
    (TEXT.replace('"NK-b', '" ').replace('"NK-d', '" '), 0, "3 of 6 rows cannot be read, the first at "),
    (f"{OLD_HEADER}\nw1,CryptoWallet,bc1,,,,,,,,,Coins,2023-01-02,\n", 0, "has no row that can be taken; "),
]


@pytest.fixture(scope="module")
def sample() -> list[Records]:
    return opensanctions.read([SAMPLE])


def write(folder: Path, text: str, name: str = "targets.simple.csv") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_each_dataset_of_the_file_is_a_list(sample: list[Records]) -> None:
    found = [(one.dataset.list, one.dataset.title, one.dataset.version, one.dataset.entities) for one in sample]
    assert found == [(ARMS, "Example Arms Register", "2026-11-20", 3), (SHIPS, "Example Ship List", "2026-11-20", 2)]


def test_a_row_that_names_two_datasets_is_in_both(sample: list[Records]) -> None:
    assert [one.entities[-1].id if one.dataset.list == ARMS else one.entities[0].id for one in sample] == [
        f"{ARMS}:NK-cShip3",
        f"{SHIPS}:NK-cShip3",
    ]
    assert {each.list for one in sample for each in one.listings if each.record_id == "NK-cShip3"} == {
        "Example Arms Register; Example Ship List"
    }


def test_names_are_parted_where_the_publisher_parts_them(sample: list[Records]) -> None:
    assert sample[0].entities[0].names == (
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
    assert opensanctions.items(field) == values


def test_what_else_a_row_tells_of_its_subject(sample: list[Records]) -> None:
    company, organization, ship = sample[0].entities
    assert (company.kind, organization.kind, ship.kind) == ("Company", "Organization", "Vessel")
    assert company.countries == ("ru", "cn")
    assert company.identifiers == (Identifier("registration", "1027700000001"), Identifier("imo", "IMO6000001"))


def test_a_row_with_a_programme_or_a_sanction_is_listed_and_others_are_on_record(sample: list[Records]) -> None:
    company, ship = sample[0].listings
    assert (company.programme, company.reason) == ("XX-ARMS; XX-SEA", 'Makes sights; "by night". Since 2020')
    assert (company.listed_on, company.first_seen, company.read_on) == ("", "2025-10-06", "2026-02-05")
    assert (ship.programme, ship.reason) == ("", "Fleet order 7 - 2024-03-01")
    assert {source.id for source in sample[0].sources} == {id for one in sample[0].listings for id in one.source_ids}


def test_no_measure_is_claimed_that_the_file_does_not_tell(desk: Desk, sample: list[Records]) -> None:
    with desk.database.writing() as session:
        intake.load(session, sample[0], PUBLIC, LOADED)
    said = desk.say('is Quillon Works "Lens" LLC flagged?')
    assert "LISTED" in said
    assert "public identification, since 2025-10-06" in said
    assert not any(word in said for word in ("designated", "asset freeze", ": ,", "sanctioned"))


def test_what_is_left_out_is_told_with_its_line(sample: list[Records]) -> None:
    assert [replace(one, where=one.where.removeprefix(f"{SAMPLE}, ")) for one in sample[0].rejected] == [
        Rejected("line 7", "schema: 'CryptoWallet' is no kind of subject that is kept"),
        Rejected("line 8", "name is empty"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("NK-bPort2", "NK-aCme01", "id: 'NK-aCme01' is there already"),
        ("NK-bPort2", "two words", "id: 'two words' is not an id of 120 plain characters at most"),
        ("2025-11-01T", "some day T", "first_seen: 'some day T00:00:00' is not a date"),
        ('"Harbour Nine",', "", "has another number of fields than the header"),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out(tmp_path: Path, old: str, new: str, why: str) -> None:
    rows = "".join(f'"n{n}","Person","Name {n}"' + ',""' * 9 + ',"Filler","","",""\n' for n in range(9))
    first = opensanctions.read([write(tmp_path, TEXT.replace(old, new, 1) + rows)])[0]
    assert why in [one.why for one in first.rejected]
    assert first.dataset.entities == 2


@pytest.mark.parametrize(("text", "line", "why"), REFUSALS, ids=[row[2] for row in REFUSALS])
def test_what_is_no_such_table_is_refused(tmp_path: Path, text: str, line: int, why: str) -> None:
    with pytest.raises(BadFile) as caught:
        opensanctions.read([write(tmp_path, text)])
    assert (why in str(caught.value), caught.value.line) == (True, line)


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(HEADER.encode() + b"\n\xff\xfe")
    with pytest.raises(BadFile, match=r"x.csv, line 2: is not UTF-8 text"):
        opensanctions.read([tmp_path / "x.csv"])
    with pytest.raises(BadFile, match=r"nowhere.csv: cannot be read: No such file"):
        opensanctions.read([tmp_path / "nowhere.csv"])


def test_without_a_date_in_its_name_a_file_is_as_old_as_its_newest_change(tmp_path: Path) -> None:
    assert {one.dataset.version for one in opensanctions.read([write(tmp_path, TEXT)])} == {"2026-11-19"}


def test_an_older_file_without_programmes_and_changes_is_dated_on_loading(database: Database, tmp_path: Path) -> None:
    row = "o1,Organization,Old Works,,,,,,Order 1,,,Elder List,,\n"
    (records,) = opensanctions.read([write(tmp_path, f"\ufeff{OLD_HEADER}\n{row}")])
    with database.writing() as session:
        assert intake.load(session, records, PUBLIC, LOADED).version == "2026-11-23"
        (one,) = listings.of_entities(session, ["opensanctions-elder-list:o1"], PUBLIC, None)
    assert (one.read_on, one.first_seen) == ("2026-11-23", "2026-11-23")


def test_a_newer_version_tells_only_what_changed(database: Database, tmp_path: Path) -> None:
    newer = opensanctions.read([write(tmp_path, TEXT.replace("Harbour Nine", "Harbour Ten"), "2026-11-21.csv")])[0]
    with database.writing() as session:
        intake.load(session, opensanctions.read([SAMPLE])[0], PUBLIC, LOADED)
        assert intake.load(session, newer, PUBLIC, LOADED).difference == Difference(changed=1, unchanged=4)


def test_what_goes_in_comes_out_in_its_order(database: Database, sample: list[Records]) -> None:
    with database.writing() as session:
        intake.load(session, sample[0], PUBLIC, LOADED)
        found = [one for id, one in entities.every(session, PUBLIC, None).items() if id.startswith(ARMS)]
        counted = [one.names for one in datasets.current(session, PUBLIC) if one.list == ARMS]
    assert found == list(sample[0].entities)
    assert counted == [sum(len(one.names) for one in found)]


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
    assert opensanctions.list_id(title) == id
    assert len(id) <= 64


def test_loading_it_says_what_was_left_out(
    quick_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", quick_url)
    assert cli.main(["load", "opensanctions", str(SAMPLE), "--json"]) == 1
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["rejected"] == [asdict(one) for one in opensanctions.read([SAMPLE])[0].rejected]
    assert (report["list"], report["version"], report["entities"], report["added"]) == (
        *("opensanctions", "2026-11-20"),
        *(5, 8),
    )
    assert err == "".join(f"{one['where']}: {one['why']}\n" for one in report["rejected"])


def test_of_many_that_were_left_out_the_first_are_named(
    quick_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", quick_url)
    wallets = "".join(f'"w{n}","CryptoWallet","bc{n}"' + ',""' * 9 + ',"Coins","","",""\n' for n in range(30))
    assert cli.main(["load", "opensanctions", str(write(tmp_path, TEXT + wallets))]) == 1
    assert capsys.readouterr().err.splitlines()[20:] == ["… and 12 more"]
