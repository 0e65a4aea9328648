"""A CSV of counterparties is one watch: rows are checked one by one, a newer file takes the place of an older one."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot import portfolio, sheets, watching, watchsheet
from bot.errors import BadFile, UserError
from bot.ownership import Owner
from bot.portfolio import Exchanged
from bot.store import watches
from bot.store.database import Database
from bot.store.watches import Known
from bot.watching import Added
from tests.conftest import NOW, Desk

WHERE = Owner("local", channel="C1")
LATER = NOW + timedelta(days=1)

Put = Callable[..., Added | Exchanged]


def of(*lines: str, name: str = "partners.csv") -> portfolio.Portfolio:
    return portfolio.of_bytes("\n".join(lines).encode(), name)


@pytest.fixture
def put(database: Database) -> Put:
    def put(*lines: str, name: str = "partners.csv") -> Added | Exchanged:
        with database.writing() as session:
            return portfolio.add(session, of(*lines, name=name), WHERE, "U1", NOW)

    return put


def rows(database: Database, id: str) -> list[tuple[int, str, str, object]]:
    with database.reading() as session:
        return [(one.number, one.name, one.reference, one.outcome) for one in watches.watched(session, [id])]


def test_a_portfolio_has_a_name_in_each_row_and_if_told_an_id_a_kind_and_a_country() -> None:
    read = of("id,Name,country,kind,note", "7,大连机床,cn,company,x", ',"Acme, Inc.",,,')
    assert [(one.number, one.name, one.reference, one.schema, one.country) for one in read.rows] == [
        (2, "大连机床", "7", "Company", "cn"),
        (3, "Acme, Inc.", "", "", ""),
    ]
    assert (read.label, read.rejected) == ("partners", ())


def test_a_file_from_a_spreadsheet_with_a_byte_order_mark_and_other_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes("\ufeffname,id\r\nAcme,1\r\n\r\n".encode())
    assert [one.name for one in portfolio.read(path).rows] == ["Acme"]


def test_rows_that_cannot_be_taken_are_told_by_line_and_the_others_are_watched() -> None:
    long = "x" * 300
    read = of(
        "name,country,kind,id",
        "Acme,,,",
        " ,,,",
        "C,,spoon,",
        "Acme,,,",
        "D,,,,,",
        f"{long},,,",
        f"E,,,{long}",
    )
    assert [one.name for one in read.rows] == ["Acme"]
    assert [(one.where, one.why.partition(" (")[0][:40]) for one in read.rejected] == [
        ("partners.csv, line 3", "name: is empty"),
        ("partners.csv, line 4", "kind: 'spoon' is no kind of subject, lik"),
        ("partners.csv, line 5", "is the same as line 2"),
        ("partners.csv, line 6", "has 6 fields, and the header has 4"),
        ("partners.csv, line 7", "name: has 300 characters; 200 is the mos"),
        ("partners.csv, line 8", "id: has 300 characters; 200 is the most"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "partners.csv: is empty"),
        (b"firm\nAcme\n", "partners.csv, line 1: the header has no column 'name'"),
        (
            b"firm;id\nAcme;1\n",
            "'name' .columns are parted by semicolons.; it has 'firm', 'id'; 'name' may also be called 'company', ",
        ),
        (b"x," * 20 + b"x\n", "; it has ('x', ){11}'x' and 9 more"),
        (b"name,name\n", "the header has several columns 'name'"),
        (b"company,entity\n", "several columns that may be 'name': 'company', 'entity'; call the right one so"),
        (b"PK\x03\x04\0\0\0\n", "^partners.csv: is a workbook; save it as CSV .UTF-8.$"),
        (b"name\nM\xfcller\n", "partners.csv, line 2: is not UTF-8"),
        ("name\nAcme\n".encode("utf-16"), "partners.csv, line 1: has NUL characters"),
        (b'name\n"Acme\n', "partners.csv, line 2: is not CSV"),
        (b"name" + b"," * 1000 + b"\n", "partners.csv, line 1: the header has 1,001 columns; 1,000 are the most"),
        (b"name\n", "partners.csv has no name that can be watched"),
        (b"name,id\n,7\n", "partners.csv has no name that can be watched: partners.csv, line 2: name: is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "partners.csv, line 1"),
    ],
)
def test_a_file_that_is_no_portfolio_is_refused_by_its_own_name(data: bytes, says: str) -> None:
    with pytest.raises(UserError, match=says):
        portfolio.of_bytes(data, "partners.csv")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"^none.csv: cannot be read: there is no such file"):
        portfolio.read(tmp_path / "none.csv")


def test_a_file_that_is_too_large_or_has_too_many_names_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "MOST", 2)
    with pytest.raises(UserError, match="more than 2 names"):
        of("name", "A", "B", "C")
    monkeypatch.setattr(portfolio, "LARGEST", 10)
    with pytest.raises(UserError, match=r"MB are the most for a portfolio"):
        of("name", "Acme Optics")


def test_all_names_are_one_watch(database: Database, put: Put) -> None:
    done = put("name,id", *(f"Company {number},{number}" for number in range(2_500)))
    assert isinstance(done, Added)
    assert done.is_new
    assert (done.watch.kind, done.watch.label, done.watch.size) == ("portfolio", "partners", 2_500)
    assert [row[:3] for row in rows(database, done.watch.id)][::2_499] == [
        (2, "Company 0", "0"),
        (2_501, "Company 2499", "2499"),
    ]


def test_a_newer_file_takes_the_place_of_the_first_and_names_that_stay_keep_what_is_known_at_the_line_where_they_are_now(
    database: Database, put: Put
) -> None:
    one = put("name,id", "Acme,1", "Beta,2", "Gone,3").watch
    with database.writing() as session:
        first = watches.watched(session, [one.id])[0]
        watches.know(session, [Known(first.pk, "", {"status": "no_record"}, ())])
    done = put("name,id", "New,4", "Beta,2", "Acme,1")
    assert isinstance(done, Exchanged)
    assert (done.watch.id, done.watch.size, done.added, done.removed, done.kept) == (one.id, 3, 1, 1, 2)
    assert rows(database, one.id) == [
        (2, "New", "4", None),
        (3, "Beta", "2", None),
        (4, "Acme", "1", {"status": "no_record"}),
    ]


def test_names_that_left_are_with_a_watch_that_has_ended(database: Database, put: Put) -> None:
    one = put("name,id", "Acme,1", "Gone,3").watch
    put("name,id", "Acme,1")
    with database.reading() as session:
        gone = next(each for each in watches.ever(session, "local") if each.id != one.id)
        assert [each.id for each in watching.of(session, WHERE)] == [one.id]
    assert (gone.label, gone.size, gone.ended_at, gone.ended_by) == ("partners", 1, NOW, "U1")
    assert [row[1] for row in rows(database, gone.id)] == ["Gone"]


def test_another_file_is_another_watch(database: Database, put: Put) -> None:
    assert put("name", "Acme").watch.id != put("name", "Acme", name="others.csv").watch.id


def test_only_a_portfolio_can_be_exchanged(desk: Desk) -> None:
    with desk.database.writing() as session:
        one = watching.new(session, WHERE, "name", "Acme", "U1", NOW, target="Acme")
        with pytest.raises(UserError, match="is no portfolio"):
            portfolio.exchange(session, one, of("name", "A"), "U1", NOW)


def export(desk: Desk, id: str) -> str:
    with desk.database.reading() as session:
        watch = watches.by_id(session, id, "local")
        assert watch
        names = watchsheet.names(session, desk.know(session, "local"), desk.words, watch, LATER)
        return sheets.table(watchsheet.NAMES, names).decode("utf-8-sig")


def test_an_export_tells_how_each_name_stands(desk: Desk, put: Put) -> None:
    id = put("name,id", "Dalian Machine Tool,7", "iRay,8", "Acme Optics,9").watch.id
    told = list(csv.DictReader(io.StringIO(export(desk, id))))
    assert [(one["id"], one["status"], one["entity_id"]) for one in told] == [
        ("7", "listed", "starter:dalian-machine-tool"),
        ("8", "ambiguous", ""),
        ("9", "no_record", ""),
    ]
    assert told[0]["listings"].startswith("designated by EU (Regulation 269/2014): asset freeze")


def test_what_was_exported_can_be_watched_again_as_it_was(desk: Desk, put: Put) -> None:
    id = put(
        "name,id,kind,country", "Dalian Machine Tool,7,company,CN", "'=cmd,@8,,", "Δέλτα,,person,", "'Quoted',,,"
    ).watch.id
    again = put(*export(desk, id).splitlines())
    assert isinstance(again, Exchanged)
    assert (again.added, again.removed, again.kept) == (0, 0, 4)


def test_a_file_whose_columns_are_parted_by_tabs_is_read_by_its_name() -> None:
    read = of("name\tid", "Acme, Inc.\t7", name="partners.TSV")
    assert [(one.name, one.reference) for one in read.rows] == [("Acme, Inc.", "7")]
    with pytest.raises(BadFile, match="parted by tabs"):
        of("names\tid", "Acme\t7", name="partners.csv")


@pytest.mark.parametrize("parted", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["partners.csv", "partners.tsv", "the pasted names"])
def test_the_header_tells_what_the_columns_are_parted_by(parted: str, name: str) -> None:
    read = of(parted.join(("id", "Name")), parted.join(("7", "Acme Optics")), name=name)
    assert [(one.name, one.reference) for one in read.rows] == [("Acme Optics", "7")]


def test_a_file_with_nothing_but_names_is_parted_as_its_name_says() -> None:
    assert [one.name for one in of("name", "Acme; Inc.", '"Acme, Inc."').rows] == ["Acme; Inc.", "Acme, Inc."]
    assert [one.name for one in of("name", "Acme, Inc.", name="partners.tsv").rows] == ["Acme, Inc."]


@pytest.mark.parametrize(
    "column", ["Company", "company name", "Company_Name", "COUNTERPARTY", " entity ", "名称", "公司名称"]
)
def test_the_column_of_the_names_may_be_called_otherwise(column: str) -> None:
    assert [one.name for one in of(f"id,{column}", "7,Acme Optics").rows] == ["Acme Optics"]
    assert [one.name for one in of(f"{column},name", "Trade,Acme Optics").rows] == ["Acme Optics"]


def test_a_country_that_cannot_be_read_is_left_out_and_told_and_the_name_is_watched() -> None:
    read = of("name,country", "A,Atlantis", "B,China", "C,USA", "D,Georgia; Iran", ",Atlantis", "A,", "E,")
    assert [(one.name, one.country) for one in read.rows] == [("A", ""), ("B", "cn"), ("C", "us"), ("D", ""), ("E", "")]
    assert [one.where[-1] for one in read.rejected] == ["6", "7"]
    assert (read.lessened_rows, [one.where for one in read.lessened]) == (
        2,
        ["partners.csv, line 2", "partners.csv, line 5"],
    )
    assert read.lessened[0].why.startswith("country: 'Atlantis' is no country: neither a code of ISO 3166")
    assert read.lessened[0].why.endswith("; watched without it")
