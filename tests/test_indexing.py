"""The index of names keeps in step with the store: what is recorded is found next, files come and go with their transactions, and
nothing that happens to them makes an answer wrong."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import indexing, intake
from bot.indexing import Names
from bot.matching import columns
from bot.matching.analysis import Analyser
from bot.matching.building import build
from bot.matching.index import NOW, Index, View
from bot.matching.shelf import Shelf
from bot.records import PUBLIC, Change, Dataset, Entity, Identifier, IndexedName, Name, Records
from bot.store import names
from bot.store.database import Database

LATER = datetime(2026, 11, 23, 10, tzinfo=UTC)


def crowd(*brands: str, dataset: str = "crowd", version: str = "1") -> Records:
    """Entities that are called by these brands."""
    entities = tuple(
        Entity(f"{dataset}:{number}", "Company", f"{brand} Works", (Name(f"{brand} Works", "primary"),))
        for number, brand in enumerate(brands)
    )
    return Records(Dataset(dataset, dataset, "Acme", version, "2026-11-20"), entities=entities)


def many(count: int, dataset: str = "many") -> Records:
    return crowd(*(f"Quillon{number}" for number in range(count)), dataset=dataset)


Load = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are made from ten names on."""
    monkeypatch.setattr(indexing, "FEW", 10)


@pytest.fixture
def load(database: Database, analyser: Analyser, folder: Path) -> Load:
    """Loads records, as the command line does: with the index of them made before the commit, in a process that ends."""

    def load(*some: Records, workspace: str = PUBLIC, ahead: bool = True, now: datetime = LATER) -> None:
        with database.writing() as session:
            for records in some:
                intake.load(session, records, workspace, now, force=True)
            if ahead:
                Names(analyser, folder).make_ahead(session)

    return load


def found(held: Names, database: Database, text: str, view: View = NOW) -> list[str]:
    """The ids of the entities that an index finds for a name."""
    with database.reading() as session:
        return [one.entity_id for one in held.current(session).match(text, view) if one.score >= 0.5]


def files(folder: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[0] for path in folder.glob("*.names"))


def test_what_a_transaction_recorded_is_found_by_the_next_question(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    held = Names(analyser, folder)
    assert found(held, database, "Vantrice Works") == []
    load(crowd("Vantrice"))
    assert found(held, database, "Vantrice Works") == ["crowd:0"]


def test_few_names_need_no_file(database: Database, analyser: Analyser, folder: Path, load: Load) -> None:
    load(crowd("Vantrice"))
    assert found(Names(analyser, folder), database, "Vantrice Works") == ["crowd:0"]
    assert not folder.exists()


@pytest.mark.usefixtures("few")
def test_the_file_of_many_names_is_made_by_who_loads_them(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    load(many(300))
    assert files(folder) == ["0-2"]
    written = (folder / next(path.name for path in folder.glob("*.names"))).stat().st_mtime_ns
    assert found(Names(analyser, folder), database, "Quillon299 Works") == ["many:299"]
    assert [path.stat().st_mtime_ns for path in folder.glob("*.names")] == [written]


@pytest.mark.usefixtures("few")
def test_who_finds_no_file_makes_it(database: Database, analyser: Analyser, folder: Path, load: Load) -> None:
    load(many(300), ahead=False)
    assert found(Names(analyser, folder), database, "Quillon299 Works") == ["many:299"]
    assert files(folder) == ["0-2"]


@pytest.mark.usefixtures("few")
def test_there_are_only_ever_a_few_files(database: Database, analyser: Analyser, folder: Path, load: Load) -> None:
    for number in range(12):
        load(many(30, dataset=f"many{number}"))
    held = Names(analyser, folder)
    assert len(found(held, database, "Quillon7 Works")) == 12
    assert held.index is not None
    assert len(held.index.segments) <= 5


@pytest.mark.usefixtures("few")
def test_a_transaction_that_comes_to_nothing_leaves_no_name(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    load(crowd("Vantrice"))
    with database.writing() as session:
        intake.load(session, many(300), PUBLIC, LATER)
        Names(analyser, folder).make_ahead(session)
        session.rollback()
    assert found(Names(analyser, folder), database, "Quillon299 Works") == []
    load(crowd("Solmark", dataset="other"))
    assert found(Names(analyser, folder), database, "Quillon299 Works") == []
    assert found(Names(analyser, folder), database, "Solmark Works") == ["other:0"]


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def overwrite(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = bytes(100) + data[len(data) // 2 + 100 :]
    file.write_bytes(data)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def grow_old(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"version": 1', b'"version": 0'))


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("harm", [cut_off, overwrite, empty, grow_old, Path.unlink])
def test_a_file_that_is_missing_damaged_or_old_is_made_anew(
    database: Database, analyser: Analyser, folder: Path, load: Load, harm: Callable[[Path], None]
) -> None:
    load(many(300))
    (file,) = folder.glob("*.names")
    whole = file.read_bytes()
    harm(file)
    assert found(Names(analyser, folder), database, "Quillon299 Works") == ["many:299"]
    assert file.read_bytes() == whole


@pytest.mark.usefixtures("few")
def test_a_folder_that_cannot_be_written_to_does_no_harm(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    folder.write_text("a file where the folder should be")
    load(many(300))
    assert found(Names(analyser, folder), database, "Quillon299 Works") == ["many:299"]


@pytest.mark.usefixtures("few")
def test_a_copy_of_the_database_that_went_another_way_is_not_mixed_up(
    database: Database, analyser: Analyser, folder: Path, load: Load, tmp_path: Path
) -> None:
    if not database.is_sqlite:
        pytest.skip("a PostgreSQL database is copied by other means, to the same effect")
    load(crowd("Vantrice"))
    database.engine.dispose()
    shutil.copy(str(database.url.database), tmp_path / "copy.db")
    load(many(300, dataset="here"))
    with Database(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        with copy.writing() as session:
            intake.load(session, many(300, dataset="there"), PUBLIC, LATER)
            Names(analyser, folder).make_ahead(session)
        assert found(Names(analyser, folder), copy, "Quillon299 Works") == ["there:299"]
    assert found(Names(analyser, folder), database, "Quillon299 Works") == ["here:299"]


def test_a_backup_put_back_is_noticed(database: Database, analyser: Analyser, folder: Path, load: Load) -> None:
    held = Names(analyser, folder)
    load(crowd("Vantrice"))
    assert found(held, database, "Vantrice Works") == ["crowd:0"]
    held.at = replace(held.at, token="of another past", number=held.at.number + 3)
    held.newer.add(next(iter(_names("Solmark"))))
    assert found(held, database, "Solmark Works") == []
    assert found(held, database, "Vantrice Works") == ["crowd:0"]


def _names(brand: str) -> list[IndexedName]:
    return [IndexedName("crowd:9", f"{brand} Works", "primary")]


@pytest.mark.parametrize("size", [1, 300])
@pytest.mark.usefixtures("few")
def test_a_name_that_a_record_no_longer_has_is_only_near(
    database: Database, analyser: Analyser, folder: Path, load: Load, size: int
) -> None:
    load(crowd("Vantrice", *(f"Quillon{n}" for n in range(size))))
    held = Names(analyser, folder)
    assert found(held, database, "Vantrice Works") == ["crowd:0"]
    load(crowd("Solmark", *(f"Quillon{n}" for n in range(size)), version="2"), now=LATER + timedelta(days=30))
    with database.reading() as session:
        (near,) = held.current(session).match("Vantrice Works")
    assert (near.entity_id, near.score) == ("crowd:0", 0.45)
    assert near.reasons[0].code == "earlier_name"
    assert found(held, database, "Solmark Works") == ["crowd:0"]


def test_a_name_counts_for_the_days_on_which_its_record_had_it(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    load(crowd("Vantrice"))
    load(crowd("Solmark", version="2"), now=LATER + timedelta(days=30))
    held = Names(analyser, folder)
    then = View(day=(LATER + timedelta(days=3)).date())
    assert found(held, database, "Vantrice Works", then) == ["crowd:0"]
    assert found(held, database, "Vantrice Works", View(at=LATER + timedelta(days=3))) == ["crowd:0"]
    assert found(held, database, "Solmark Works", View(at=LATER + timedelta(days=3))) == []


@pytest.mark.usefixtures("few")
def test_a_workspace_finds_its_own_names_and_nobody_elses(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    for number in range(1, 4):
        load(many(200, dataset=f"own{number}"), workspace=f"T{number}")
    held = Names(analyser, folder)
    assert found(held, database, "Quillon7 Works", View("T2")) == ["own2:7"]
    assert found(held, database, "Quillon7 Works") == []


def test_an_identifier_is_found_by_its_exact_key(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    one = crowd("Vantrice")
    numbered = replace(
        one.entities[0], identifiers=(Identifier("imo", "IMO9074729"), Identifier("ticker", "600999.SS"))
    )
    load(replace(one, entities=(numbered,)))
    held = Names(analyser, folder)
    for asked in ("IMO9074729", "9074729", "600999", "600999.SS", "６００９９９"):
        assert found(held, database, asked) == ["crowd:0"], asked
    assert found(held, database, "9074720") == []


def test_what_is_long_out_of_use_is_removed(analyser: Analyser, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, analyser)
    for number in (1, 2):
        assert shelf.put(0, number, "token", build(analyser, _names("Vantrice")))
    assert len(list(tmp_path.iterdir())) == 2
    for path in tmp_path.iterdir():
        path.touch()
        os.utime(path, (0, 0))
    shelf.sweep(shelf.volumes({2: "token"}))
    assert [path.name for path in tmp_path.iterdir()] == ["0-2-token.names"]


def test_nothing_stored_is_an_index_that_finds_nothing(analyser: Analyser, tmp_path: Path) -> None:
    columns.write(tmp_path / "none", build(analyser, ()))
    assert columns.read(tmp_path / "none").about["names"] == 0


def test_the_numbers_of_transactions_have_no_gaps(database: Database, load: Load) -> None:
    for number in range(3):
        load(crowd("Vantrice", dataset=f"d{number}"))
    with database.reading() as session:
        assert names.changes(session, range(1, 5)).keys() == {1, 2, 3, 4}
        assert names.last_change(session) != Change()


def test_a_record_that_changed_often_is_found_and_does_not_hide_others(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    near = crowd("Vantrica", dataset="near")
    load(near)
    for number in range(60):
        one = crowd("Vantrice", version=str(number))
        noted = replace(one, entities=(replace(one.entities[0], note=f"note {number}"),))
        load(noted, now=LATER + timedelta(hours=number))
    held = Names(analyser, folder)
    assert found(held, database, "Vantrice Works")[0] == "crowd:0"
    with database.reading() as session:
        matches = held.current(session).match("Vantrice Works")
    assert {one.entity_id for one in matches} == {"crowd:0", "near:0"}
    assert not any(why.code == "earlier_name" for one in matches for why in one.reasons)


def test_the_names_of_other_workspaces_do_not_hide_what_one_may_see(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    load(crowd("Salmark Bearing", dataset="everybody"))
    for number in range(3):
        load(crowd(*["Solmark Bearing"] * 150, dataset=f"own{number}"), workspace=f"T{number}")
    assert found(Names(analyser, folder), database, "Salmark Bearing Works") == ["everybody:0"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from("Quillon Vantrice Solmark Works Optics Dalian 大连 机床 завод".split()),
        min_size=1,
        max_size=120,
    )
)
def test_a_name_of_any_length_is_found_by_itself(analyser: Analyser, words: list[str]) -> None:
    name = f"Ostrelle {' '.join(words)}"[:600]
    index = Index.of(analyser, [IndexedName("one", name, "primary"), *_crowd(40)])
    assert [one.entity_id for one in index.match(name)][:1] == ["one"]


def _crowd(count: int) -> list[IndexedName]:
    return [IndexedName(f"c{number}", f"Quillon{number} Optics Works", "primary") for number in range(count)]


@pytest.mark.usefixtures("few")
def test_an_index_that_other_word_tables_were_read_for_is_made_anew(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    load(many(300))
    (file,) = folder.glob("*.names")
    before = file.stat().st_mtime_ns
    other = Analyser(replace(analyser.tables, fingerprint="other"))
    assert found(Names(other, folder), database, "Quillon299 Works") == ["many:299"]
    assert file.stat().st_mtime_ns != before


@pytest.mark.parametrize("place", range(8, 200, 12))
def test_damage_to_the_header_of_a_file_is_noticed(analyser: Analyser, tmp_path: Path, place: int) -> None:
    file = tmp_path / "one.names"
    columns.write(file, build(analyser, _names("Vantrice")))
    data = bytearray(file.read_bytes())
    data[place] ^= 4
    file.write_bytes(data)
    with pytest.raises(columns.Damaged):
        columns.read(file)


def test_a_name_that_comes_back_is_found_by_a_process_that_saw_it_go(
    database: Database, analyser: Analyser, folder: Path, load: Load
) -> None:
    held = Names(analyser, folder)
    for number, dataset_name in enumerate(("Orbel Works", "Teapot Works", "Orbel Works")):
        one = many(1)
        renamed = replace(one.entities[0], name=dataset_name, names=(Name(dataset_name, "primary", "Latin"),))
        load(replace(one, entities=(renamed,)), now=LATER + timedelta(hours=number))
        assert found(held, database, dataset_name) == [renamed.id]
