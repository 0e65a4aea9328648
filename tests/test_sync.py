"""Bringing lists up to date from their publishers: what is new is loaded, what is broken changes nothing, each by itself."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import config, syncing
from bot.clock import Clock
from bot.config import Settings
from bot.errors import BadSetting, Missing
from bot.lists import PUBLICATIONS, ofac
from bot.lists.cord import Stopped
from bot.lists.download import Limits
from bot.lists.publications import Download
from bot.records import PUBLIC, Dataset
from bot.running import Running
from bot.store import attempts, datasets
from bot.store.database import Database
from bot.syncing import Result, Syncing, placed, quiet
from tests import publisher as fault
from tests.conftest import NOW
from tests.fakes import FakeSlack
from tests.publisher import Publisher
from tests.test_download import LIMITS

ALIASES = b'1,10,"aka","SAMPLE LENSES",-0- \r\n\x1a'


def sdn(*numbers: int) -> bytes:
    """A list of that many firms in the form of the publisher."""
    rows = (f'{n},"SAMPLE WORKS {n} LLC",-0- ,"CYBER2",{"-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- "}' for n in numbers)
    return ("\r\n".join(rows) + "\r\n\x1a").encode()


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """Publishes a list of ten in two files that do not tell their date."""
    with Publisher(**{"sdn.csv": sdn(*range(1, 11)), "alt.csv": ALIASES}) as one:
        downloads = tuple(Download(name, f"{one.url}/{name}") for name in one.files)
        monkeypatch.setitem(PUBLICATIONS, "ofac", replace(ofac.SDN, downloads=downloads, is_dated=False))
        yield one


class Office:
    """A place to sync the list from, at a time that a test sets."""

    def __init__(self, url: str, folder: Path, limits: Limits = LIMITS) -> None:
        self.watch, self.folder = Clock(NOW), folder / "lists" / "ofac"
        self.settings = Settings(url, folder / "index", folder / "lists")
        self.database = Database(url)
        self.syncing = Syncing(self.settings, self.database, self.watch, limits)

    def sync(self, *, force: bool = False) -> Result:
        return self.syncing.sync("ofac", quiet, force=force)

    def counts(self, **options: bool) -> tuple[int, ...]:
        (loaded,) = self.sync(**options).loaded
        one = loaded.difference
        return one.added, one.changed, one.removed, one.unchanged

    def stored(self) -> Dataset | None:
        with self.database.reading() as session:
            return datasets.loaded(session, "ofac", PUBLIC)

    def last(self) -> str:
        with self.database.reading() as session:
            return attempts.latest(session, PUBLIC)["ofac"].outcome

    def folders(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.is_dir()]

    def later(self, **much: float) -> None:
        self.watch.ahead += timedelta(**much)


@pytest.fixture
def office(quick_url: str, publisher: Publisher, tmp_path: Path) -> Iterator[Office]:
    one = Office(quick_url, tmp_path)
    yield one
    one.database.close()


def test_a_list_is_downloaded_loaded_and_kept(url: str, publisher: Publisher, tmp_path: Path) -> None:
    one = Office(url, tmp_path)
    assert one.counts() == (10, 0, 0, 0)
    stored = one.stored()
    assert stored is not None
    assert stored.published_on == "2026-09-21"
    assert stored.fetched_at is not None
    assert stored.fetched_at - NOW < timedelta(minutes=1)
    (folder,) = one.folders()
    assert sorted(path.name for path in folder.iterdir()) == ["alt.csv", "sdn.csv"]
    assert one.last() == "confirmed"
    one.database.close()


def test_what_is_not_newer_is_confirmed_and_not_loaded(office: Office, publisher: Publisher) -> None:
    office.sync()
    assert office.sync() == Result("ofac", "unchanged")
    assert office.last() == "confirmed"
    assert publisher.paths() == ["/sdn.csv", "/alt.csv", "/sdn.csv", "/sdn.csv", "/alt.csv"]


def test_what_is_the_same_again_is_not_loaded_either(office: Office, publisher: Publisher) -> None:
    office.sync()
    publisher.faults["/sdn.csv"] = [lambda handler: handler.answer(200, sdn(*range(1, 11)), ETag='"new"')]
    assert office.sync() == Result("ofac", "unchanged")
    office.sync()
    assert publisher.asked[-2][1]["If-None-Match"] == '"new"'


def test_the_file_that_did_not_change_is_taken_from_the_version_before(office: Office, publisher: Publisher) -> None:
    office.sync()
    publisher.files["sdn.csv"] = sdn(*range(1, 13))
    assert office.counts() == (2, 0, 0, 10)
    assert all((folder / "alt.csv").read_bytes() == ALIASES for folder in office.folders())


def test_the_version_before_is_kept_and_none_older(office: Office, publisher: Publisher) -> None:
    for more in range(11, 15):
        publisher.files["sdn.csv"] = sdn(*range(1, more))
        office.sync()
        office.later(days=1)
    kept = [(folder / "sdn.csv").read_bytes() for folder in sorted(office.folders())]
    assert kept == [sdn(*range(1, 13)), sdn(*range(1, 14))]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<!DOCTYPE html><html>Scheduled maintenance</html>", "sdn.csv: is an HTML page"),
        (b"", "sdn.csv: is empty"),
        (sdn(*range(1, 11))[:-30], "sdn.csv, line 10: "),
        (sdn(1, 2, 3), "7 of 10 entries would be taken off"),
        (b"a,b\r\n1,2\r\n", "sdn.csv: is a part of a set only"),
    ],
)
def test_a_broken_list_is_refused_and_the_old_state_stays(
    office: Office, publisher: Publisher, body: bytes, why: str
) -> None:
    office.sync()
    before = office.stored()
    publisher.files["sdn.csv"] = body
    result = office.sync()
    assert (result.outcome, result.why[: len(why)]) == ("failed", why) or why in result.why
    assert (office.stored(), office.last(), len(office.folders())) == (before, "failed", 1)


def test_a_list_that_was_refused_is_not_taken_for_known(office: Office, publisher: Publisher) -> None:
    office.sync()
    publisher.files["sdn.csv"] = sdn(1, 2, 3)
    assert [office.sync().outcome, office.sync().outcome] == ["failed", "failed"]
    publisher.files["sdn.csv"] = sdn(*range(1, 11))
    assert office.sync() == Result("ofac", "unchanged")


def test_a_person_may_accept_a_list_that_shrank(office: Office, publisher: Publisher) -> None:
    office.sync()
    publisher.files["sdn.csv"] = sdn(1, 2, 3)
    office.sync()
    assert office.counts(force=True) == (0, 0, 7, 3)
    assert office.sync().outcome == "unchanged"


def test_what_cannot_be_downloaded_is_noted(office: Office, publisher: Publisher) -> None:
    office.sync()
    publisher.faults["/alt.csv"] = [fault.status(403)]
    assert office.sync() == Result("ofac", "failed", why=f"{publisher.url}/alt.csv: the server answers 403 Forbidden")
    assert (office.last(), len(office.folders())) == ("failed", 1)


def test_files_that_are_replaced_meanwhile_are_fetched_again(office: Office, publisher: Publisher) -> None:
    def replaced(handler: fault.Handler) -> None:
        publisher.files["sdn.csv"] = sdn(*range(1, 13))
        handler.file()

    publisher.faults["/alt.csv"] = [replaced]
    assert office.counts() == (12, 0, 0, 0)


def test_files_that_are_replaced_all_the_time_are_left(office: Office, publisher: Publisher) -> None:
    changing = (sdn(*range(1, 20 + more)) for more in range(9))

    def replaced(handler: fault.Handler) -> None:
        publisher.files["sdn.csv"] = next(changing)
        handler.file()

    publisher.faults["/alt.csv"] = [replaced] * 3
    assert "replaced again and again" in office.sync().why


def test_another_database_gets_what_was_downloaded_before(
    office: Office, publisher: Publisher, sqlite_template: Path, tmp_path: Path
) -> None:
    office.sync()
    other = Office(f"sqlite:///{tmp_path / 'other.db'}", tmp_path)
    (tmp_path / "other.db").write_bytes(sqlite_template.read_bytes())
    assert other.counts() == (10, 0, 0, 0)
    assert other.sync().outcome == "unchanged"
    assert all("If-None-Match" in headers for _, headers in publisher.asked[-4:])
    other.database.close()


@pytest.mark.parametrize("harm", [b"", b"something else"])
def test_kept_files_that_were_harmed_are_fetched_anew(office: Office, publisher: Publisher, harm: bytes) -> None:
    office.sync()
    (office.folders()[0] / "sdn.csv").write_bytes(harm)
    assert office.counts() == (0, 0, 0, 10)
    assert office.sync().outcome == "unchanged"


@pytest.mark.parametrize(
    "harm", ["", "{}", '{"folder": 1}', '{"folder": "x", "fetched_at": "2026-11-23T12:00:00Z", "files": []}']
)
def test_a_pointer_that_was_harmed_is_written_anew(office: Office, harm: str) -> None:
    office.sync()
    (office.folder / "current.json").write_text(harm)
    assert office.sync().outcome == "loaded"
    assert office.sync().outcome == "unchanged"


def test_a_folder_that_cannot_be_used_is_said(quick_url: str, publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "lists").write_text("a file")
    one = Office(quick_url, tmp_path)
    assert "cannot be used: Not a directory" in one.sync().why
    one.database.close()


def test_two_at_once_load_it_once(office: Office, publisher: Publisher, tmp_path: Path) -> None:
    publisher.faults["/sdn.csv"] = [fault.late(0.3)]
    results: list[Result] = []
    threads = [threading.Thread(target=lambda: results.append(office.sync())) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.outcome for one in results) == ["loaded", "unchanged"]


def test_killed_while_downloading_it_leaves_the_last_good_files(office: Office, publisher: Publisher) -> None:
    office.sync()
    publisher.faults["/sdn.csv"] = [fault.drip]
    with started(office, publisher) as process:
        wait_for(lambda: not publisher.faults["/sdn.csv"])
        process.send_signal(signal.SIGKILL)
    assert len(office.folders()) == 2
    assert office.sync().outcome == "unchanged"
    assert len(office.folders()) == 1


def started(office: Office, publisher: Publisher) -> "subprocess.Popen[bytes]":
    """Syncs the list in a process of its own."""
    code = (
        "from dataclasses import replace; from bot import __main__ as cli; from bot.lists import PUBLICATIONS, ofac\n"
        "from bot.lists.publications import Download\n"
        f"PUBLICATIONS['ofac'] = replace(ofac.SDN, downloads=(Download('sdn.csv', '{publisher.url}/sdn.csv'),))\n"
        "cli.main(['sync', 'ofac'])"
    )
    given = {"DATABASE_URL": office.settings.database_url, "LIST_FOLDER": str(office.folder.parent)}
    return subprocess.Popen([sys.executable, "-c", code], env={**given, "PATH": ""}, cwd=Path(__file__).parent.parent)


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_clock_leaves_alone_what_nobody_asked_for(office: Office, publisher: Publisher) -> None:
    assert office.syncing.due() == []
    assert office.syncing.refresh()
    assert publisher.asked == []


def test_the_clock_asks_again_after_a_rest(office: Office, publisher: Publisher) -> None:
    office.sync()
    assert office.syncing.due() == []
    office.later(hours=17)
    assert office.syncing.due() == []
    office.later(hours=1.1)
    publisher.files["sdn.csv"] = sdn(*range(1, 13))
    assert office.syncing.refresh()
    assert (office.last(), office.syncing.due()) == ("confirmed", [])


def test_the_clock_tries_again_soon_what_failed(office: Office, publisher: Publisher) -> None:
    office.sync()
    office.later(days=1)
    publisher.faults["/sdn.csv"] = [fault.status(404)]
    assert not office.syncing.refresh()
    assert office.syncing.due() == []
    office.later(hours=1)
    assert office.syncing.due() == ["ofac"]
    assert office.syncing.refresh()


@pytest.mark.parametrize(
    ("rhythm", "failed", "hours"), [(1, False, 6), (2, False, 12), (7, False, 24), (0, False, 24), (30, True, 1)]
)
def test_how_long_a_publisher_is_left_alone(rhythm: int, failed: bool, hours: int) -> None:
    assert syncing.rest(rhythm, has_failed=failed) == timedelta(hours=hours)


def test_a_process_that_ends_leaves_a_download_and_notes_no_failure(office: Office, publisher: Publisher) -> None:
    office.sync()
    publisher.faults["/sdn.csv"] = [fault.drip]
    threading.Timer(0.3, office.syncing.stop).start()
    with pytest.raises(Stopped):
        office.sync()
    assert (office.last(), len(office.folders())) == ("confirmed", 1)


def test_a_process_that_ends_undoes_what_it_is_loading(office: Office, publisher: Publisher) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if what.endswith(syncing.LOADING):
            office.syncing.stop()

    with pytest.raises(Stopped):
        office.syncing.sync("ofac", stop)
    assert office.stored() is None


def test_a_running_bot_refreshes_lists_and_ends_while_one_drips(
    office: Office, publisher: Publisher, slack: FakeSlack
) -> None:
    office.sync()
    office.later(days=1)
    settings = replace(office.settings, slack_bot_tokens=(slack.token,), slack_api_url=slack.url)
    publisher.files["sdn.csv"] = sdn(*range(1, 13))
    running = Running(settings, now=office.watch)
    assert running.once()
    office.later(days=1)
    publisher.faults["/sdn.csv"] = [fault.drip]
    running.start()
    wait_for(lambda: not publisher.faults["/sdn.csv"])
    before = time.monotonic()
    running.stop()
    assert time.monotonic() - before < 4
    assert (office.last(), office.folders()[0].name[:4]) == ("confirmed", "2026")


def test_a_list_that_fails_is_told_by_who_did_what_was_due(
    office: Office, publisher: Publisher, slack: FakeSlack
) -> None:
    office.sync()
    office.later(days=1)
    publisher.faults["/sdn.csv"] = [fault.status(404)]
    settings = replace(office.settings, slack_bot_tokens=(slack.token,), slack_api_url=slack.url)
    running = Running(settings, now=office.watch)
    assert not running.once()
    running.stop()


def run(*arguments: str) -> int:
    return cli.main(["sync", *arguments])


@pytest.fixture
def command(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", office.settings.database_url)
    monkeypatch.setenv("LIST_FOLDER", str(office.folder.parent))
    monkeypatch.setenv("INDEX_FOLDER", str(office.settings.index_folder))


@pytest.mark.usefixtures("command")
def test_the_verb_says_a_line_for_each_list(
    office: Office, publisher: Publisher, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (run("ofac"), run("ofac")) == (0, 0)
    publisher.faults["/sdn.csv"] = [fault.status(404)]
    assert run("ofac") == 1
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.startswith("ofac version 2026-09-21: 10 entities; records: 10 added")
    assert second == "ofac: unchanged since the last download"
    assert third == f"ofac: failed: {publisher.url}/sdn.csv: the server answers 404 Not Found"


@pytest.mark.usefixtures("command")
def test_a_failed_list_does_not_stop_the_next(
    office: Office, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIST_MIRRORS", f"un={publisher.url}/un")
    assert run("un", "ofac", "--json") == 1
    one, other = json.loads(capsys.readouterr().out)["lists"]
    assert (one["list"], one["outcome"], one["why"][-13:]) == ("un", "failed", "404 Not Found")
    assert (other["list"], other["outcome"], other["added"]) == ("ofac", "loaded", 10)


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(
    ("name", "why"), [("ofca", "'ofca' is not a list; "), ("claims", "'claims' has no publisher to download it from; ")]
)
def test_what_cannot_be_downloaded_is_bad_usage(name: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ofac", name) == 2
    error = capsys.readouterr().err
    assert (why in error, "those that can be downloaded are: ofac, " in error) == (True, True)


def test_without_a_database_nothing_is_downloaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, publisher: Publisher
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    assert run("ofac") == 3
    assert publisher.asked == []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("ofac", "the address for ofac begins with https://"),
        ("OFAC=https://a.example", "is written like ofac=https://mirror.example/ofac"),
        ("ofac=https://a.example ofac=https://b.example", "once for each list; not so part 2"),
        ("https://desk:secret@a.example/=", "not so part 1"),
        ("ofac=ftp://a.example", "the address for ofac begins with https://"),
        ("ofac=https://", "the address for ofac begins with https:// or http:// and names a server"),
        ("ofac=https://a.example:99999", "the address for ofac begins with"),
    ],
)
def test_a_mirror_that_is_none_is_a_bad_setting(value: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIST_MIRRORS", value)
    with pytest.raises(BadSetting) as error:
        config.read()
    assert why in str(error.value)
    assert "secret" not in str(error.value)


def test_mirrors_are_parted_by_spaces_or_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIST_MIRRORS", "ofac=https://a.example/x?y=1, un=http://b.example")
    assert config.read().list_mirrors == (("ofac", "https://a.example/x?y=1"), ("un", "http://b.example"))


def test_a_mirror_of_no_list_is_a_bad_setting(office: Office) -> None:
    settings = replace(office.settings, list_mirrors=(("ofca", "https://a.example"),))
    with pytest.raises(BadSetting, match="'ofca' is no list that is downloaded: ofac, "):
        Syncing(settings, office.database, office.watch)


@pytest.mark.parametrize(
    ("mirror", "addresses"),
    [
        ("", ["https://p.example/content?token=1"]),
        ("https://m.example/eu", ["https://m.example/eu/full.xml"]),
        ("https://m.example/eu/", ["https://m.example/eu/full.xml"]),
        ("https://m.example/v1.0", ["https://m.example/v1.0/full.xml"]),
        ("https://m.example/latest.XML", ["https://m.example/latest.XML"]),
        ("https://m.example/latest.xml?key=1", ["https://m.example/latest.xml?key=1"]),
    ],
)
def test_where_a_mirror_has_a_list(mirror: str, addresses: list[str]) -> None:
    found = placed((Download("full.xml", "https://p.example/content?token=1"),), mirror)
    assert [one.url for one in found] == addresses
    assert [one.name for one in found] == ["full.xml"]


def test_a_database_that_is_gone_ends_it(office: Office, tmp_path: Path) -> None:
    office.syncing.database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}")
    with pytest.raises(Missing):
        office.sync()
