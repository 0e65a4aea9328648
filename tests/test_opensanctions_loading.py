"""Files of OpenSanctions taken into a database: what is answered, what differs, what is told on the command line."""

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import intake
from bot.lists import opensanctions
from bot.records import PUBLIC, Difference, Entry, Rejected
from bot.store import datasets, entities, listings
from bot.store.database import Database
from bot.taking import Loaded, Terms
from tests.conftest import LOADED, Desk
from tests.test_list_opensanctions_acts import DELTA
from tests.test_list_opensanctions_ftm import ARMS as REGISTER
from tests.test_list_opensanctions_ftm import SAMPLE as OBJECTS
from tests.test_opensanctions import ARMS, OLD_HEADER, SAMPLE, TEXT, on, write


def take(database: Database, path: Path, later: int = 0) -> dict[str, Loaded]:
    terms = Terms("opensanctions", PUBLIC, LOADED + timedelta(hours=later))
    with database.writing() as session:
        return {one.list: one for one in intake.take(session, opensanctions.read([path]), terms)}


def test_no_measure_is_claimed_that_the_file_does_not_tell(desk: Desk) -> None:
    take(desk.database, SAMPLE)
    said = desk.say('is Quillon Works "Lens" LLC flagged?')
    assert "LISTED" in said
    assert "public identification, since 2025-10-06" in said
    assert not any(word in said for word in ("designated", "asset freeze", ": ,", "sanctioned"))


def test_an_older_file_without_programmes_and_changes_is_dated_on_loading(database: Database, tmp_path: Path) -> None:
    row = "o1,Organization,Old Works,,,,,,Order 1,,,Elder List,,\n"
    (loaded,) = take(database, write(tmp_path, f"\ufeff{OLD_HEADER}\n{row}")).values()
    with database.reading() as session:
        (one,) = listings.of_entities(session, ["opensanctions-elder-list:o1"], PUBLIC, None)
    assert (loaded.version, one.read_on, one.first_seen) == ("2026-11-23",) * 3


def test_a_newer_version_tells_only_what_changed(database: Database, tmp_path: Path) -> None:
    take(database, SAMPLE)
    newer = write(tmp_path, TEXT.replace("Harbour Nine", "Harbour Ten"), "2026-11-21.csv")
    assert take(database, newer, later=1)[ARMS].difference == Difference(changed=1, unchanged=2)


def test_what_goes_in_comes_out(database: Database) -> None:
    take(database, SAMPLE)
    given = [one.entity for one in on(list(opensanctions.read([SAMPLE])), ARMS)]
    with database.reading() as session:
        found = [one for id, one in entities.every(session, PUBLIC, None).items() if id.startswith(ARMS)]
        counted = [(one.entities, one.names) for one in datasets.current(session, PUBLIC) if one.list == ARMS]
    assert found == given
    assert counted == [(3, sum(len(one.names) for one in given))]


def test_an_id_that_comes_twice_is_taken_once(database: Database, tmp_path: Path) -> None:
    loaded = take(database, write(tmp_path, TEXT.replace("NK-bPort2", "NK-aCme01", 1)))
    rejected = [one.why for each in loaded.values() for one in each.rejected]
    assert f"id: '{ARMS}:NK-aCme01' is there already" in rejected
    assert loaded[ARMS].entities == 2


def test_a_delta_changes_what_it_names_and_leaves_the_rest(database: Database) -> None:
    take(database, OBJECTS)
    assert take(database, DELTA, later=1)[REGISTER].difference == Difference(added=2, changed=1, removed=1)
    with database.reading() as session:
        (act,) = listings.of_entities(session, [f"{REGISTER}:NK-works"], PUBLIC, None)
    assert act.last_seen == ""


@pytest.fixture
def at_home(quick_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", quick_url)
    monkeypatch.setenv("INDEX_FOLDER", str(tmp_path / "index"))


@pytest.mark.usefixtures("at_home")
def test_loading_it_says_what_was_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["load", "opensanctions", str(SAMPLE), "--json"]) == 1
    out, err = capsys.readouterr()
    report = json.loads(out)
    given = list(opensanctions.read([SAMPLE]))
    assert report["rejected"] == [asdict(one) for one in given if isinstance(one, Rejected)]
    assert (report["list"], report["version"]) == ("opensanctions", "2026-11-20")
    assert report["entities"] == report["added"] == sum(isinstance(one, Entry) for one in given)
    assert err == "".join(f"{one['where']}: {one['why']}\n" for one in report["rejected"])


@pytest.mark.usefixtures("at_home")
def test_of_many_that_were_left_out_the_first_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wallets = "".join(f'"w{n}","CryptoWallet","bc{n}"' + ',""' * 9 + ',"Coins","","",""\n' for n in range(30))
    assert cli.main(["load", "opensanctions", str(write(tmp_path, TEXT + wallets))]) == 1
    assert capsys.readouterr().err.splitlines()[20:] == ["… and 12 more"]
