"""Files that are no list, or not a whole one: refused in one line; what was loaded stays, coverage says so, and a negative is
CANNOT SAY until a good file is loaded."""

import gzip
import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import freshness
from tests.acts import KNOWN, UNKNOWN, Archive, consolidated, row, rows, sdn, today
from tests.files import SMALL, write

LISTS = Path(__file__).parent / "lists"
MEGABYTE = 1 << 20
EARLIER = timedelta(minutes=5)

Run = Callable[..., tuple[int, str, str]]
Fault = Callable[[Path], Path]


def plain(content: bytes, name: str = "sdn.csv") -> Fault:
    """A file of this content."""

    def make(folder: Path) -> Path:
        file = folder / name
        file.write_bytes(content)
        return file

    return make


def cut(make: Callable[..., Path], share: float) -> Fault:
    """The first part of a good file."""

    def made(folder: Path) -> Path:
        file = make(folder, today())
        file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
        return file

    return made


def folded(begin: bytes, more: bytes) -> Fault:
    """What begins well and goes on with 3 GB of the same, gzipped to 3 MB."""
    many = more * (64 * MEGABYTE // len(more))
    return plain(gzip.compress(begin) + gzip.compress(many) * 48, "list.gz")


def circle(folder: Path) -> Path:
    """A link to itself, which nobody can open."""
    (folder / "sdn.csv").symlink_to(folder / "sdn.csv")
    return folder / "sdn.csv"


def locked(folder: Path) -> Path:
    """A file that its reader may not read."""
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    file = sdn(folder, today())
    file.chmod(0)
    return file


def bomb(folder: Path) -> Path:
    """Entities that unfold to gigabytes."""
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE sdnList [<!ENTITY e0 "ha">{nested}]><sdnList>&e9;</sdnList>'
    return plain(text.encode(), "sdn.xml")(folder)


def spy(folder: Path) -> Path:
    """An entity that stands for a file of this machine."""
    secret = write(folder, "the secret", "secret.txt")
    text = f'<!DOCTYPE sdnList [<!ENTITY e SYSTEM "file://{secret}">]><sdnList>&e;</sdnList>'
    return plain(text.encode(), "sdn.xml")(folder)


def broken_rows(folder: Path) -> Path:
    """Nine of forty rows are of a kind that there is not."""
    good, bad = rows(range(1, 32)), "".join(row(number, kind="spaceship") for number in range(32, 41))
    return sdn(folder, today(), good + bad)


FAULTS: dict[str, tuple[str, Fault, str]] = {
    "empty": ("ofac", plain(b""), "is empty"),
    "only blanks": ("ofac", plain(b"\xef\xbb\xbf \r\n\r\n"), "is empty"),
    "only the end of a file of DOS": ("ofac", plain(b"\x1a"), "is empty"),
    "only a header": (
        "ofac",
        plain(b"Ent_num,SDN_Name,SDN_Type,Program,Title,a,b,c,d,e,f,Remarks\r\n"),
        "has no records",
    ),
    "cut off within a row": ("ofac", cut(sdn, 0.93), "it is not whole"),
    "cut off XML": ("un", cut(consolidated, 0.5), "is not whole or not XML"),
    "XML without its end": ("un", cut(consolidated, 0.995), "is not whole or not XML"),
    "XML of another list": ("ofac", lambda folder: consolidated(folder, today()), "its root is <CONSOLIDATED_LIST>"),
    "CSV where XML should be": ("un", lambda folder: sdn(folder, today()), "is not whole or not XML"),
    "another list of the same publisher": (
        "ofac",
        lambda folder: LISTS / "ofac" / "cons_prim.csv",
        "is not the SDN list",
    ),
    "another table": ("ofac", plain(b"name,kind,country\r\nExample,x,de\r\n"), "is not a CSV file of OFAC"),
    "claims": ("ofac", plain(SMALL.encode(), "desk.yaml"), "is not"),
    "a picture": ("ofac", plain(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "list.png"), "is not"),
    "random bytes": ("ofac", plain(bytes((n * 7919 >> 3) % 256 for n in range(9999))), ""),
    "an error page": (
        "ofac",
        plain(b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>"),
        "is an HTML page",
    ),
    "an error page as XML": ("un", plain(b"\r\n <HTML><head></head></HTML>", "un.xml"), "is an HTML page"),
    "a gzip bomb of zeros": ("ofac", folded(b"", b"\0"), "is empty"),
    "a gzip bomb of one line": ("ofac", folded(rows([1]).encode(), b"x"), "line 2: is a line of more than"),
    "a gzip bomb of XML": ("un", folded(b"<CONSOLIDATED_LIST>", b" "), "has no record within"),
    "a gzip bomb of empty elements": ("un", folded(b"<CONSOLIDATED_LIST>", b"<x/>"), "has no record within"),
    "a cut off gzip file": (
        "ofac",
        plain(gzip.compress(rows(range(1, 5000)).encode())[:20_000]),
        "is damaged or cut off",
    ),
    "a damaged gzip file": ("ofac", plain(b"\x1f\x8b\x08\x00" + bytes(100)), "is damaged or cut off"),
    "an XML bomb": ("ofac", bomb, "declares entities"),
    "an XML file that reads others": ("ofac", spy, "declares entities"),
    "a shrunken list": ("ofac", lambda folder: sdn(folder, today(), count=31), "9 of 40 entries would be taken off"),
    "a list that is replaced": ("ofac", lambda folder: sdn(folder, today(), rows(range(900, 940))), "40 of 40 entries"),
    "too many broken rows": ("ofac", broken_rows, "9 of 40 records cannot be read, the first at"),
    "a folder": ("ofac", lambda folder: folder, "cannot be read"),
    "a link to itself": ("ofac", circle, "sdn.csv: cannot be read"),
    "a file under lock": ("ofac", locked, "cannot be read"),
    "50 MB on one line": ("ofac", plain(b"x" * (50 * MEGABYTE)), "line 1: is a line of more than"),
}
"""Name → the list it is loaded as, what makes the file, words of the reason."""


def filled(url: str, folder: Path) -> Archive:
    """A database that has OFAC's and the UN's lists of today, forty entries each."""
    one = Archive(url, folder, datetime.now(UTC) - EARLIER)
    one.load("ofac", sdn(folder, today()))
    one.load("un", consolidated(folder, today()))
    return one


@pytest.fixture(scope="module")
def standing(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("standing")
    one = filled(f"sqlite:///{shutil.copy(sqlite_template, folder)}", folder)
    yield one
    one.database.close()


def opened(one: Archive, patch: pytest.MonkeyPatch) -> Archive:
    """The archive that the command line goes to."""
    patch.setenv("DATABASE_URL", one.url)
    patch.setenv("INDEX_FOLDER", str(one.folder / "index"))
    one.now = datetime.now(UTC)
    return one


@pytest.fixture
def archive(standing: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """One on SQLite into which only bad files are loaded; its lists are fresh."""
    opened(standing, monkeypatch)
    for form in ("ofac", "un"):
        standing.loader.confirm(form)
    return standing


@pytest.fixture
def each_archive(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """One on each kind of database in turn, of the test's own."""
    one = opened(filled(url, tmp_path), monkeypatch)
    yield one
    one.database.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a verb in this process: exit status, what was printed, what was complained of."""

    def verb(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(one) for one in arguments])
        return status, *capsys.readouterr()

    return verb


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder for files."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def peak() -> int:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "linux" else MEGABYTE)


@pytest.mark.parametrize(("form", "make", "why"), FAULTS.values(), ids=FAULTS)
def test_what_is_no_whole_list_is_refused_in_one_line_and_not_relied_on(
    archive: Archive, run: Run, files: Path, form: str, make: Fault, why: str
) -> None:
    file, before = make(files), archive.coverage(form)
    assert (before.state, archive.status(UNKNOWN)) == ("fresh", "no_record")
    had, began = peak(), time.monotonic()
    status, out, err = run("load", form, file)
    assert (time.monotonic() - began < 4, peak() - had < 100) == (True, True)
    assert (status, out, err.count("\n"), why in err) == (2, "", 1, True), err
    archive.now = datetime.now(UTC)
    after = archive.coverage(form)
    assert (after.state, after.why) == ("failed", err.strip().replace(f"{file.parent}/", ""))
    assert replace(after, state="fresh", why="", failed_at=None, confirmed_at=before.confirmed_at) == before
    assert (archive.status(KNOWN[form]), archive.status(UNKNOWN)) == ("listed", "cannot_say")


def test_a_file_that_is_not_there_is_a_slip_and_no_failure_of_the_list(archive: Archive, run: Run, files: Path) -> None:
    before = archive.coverage("ofac")
    status, _, err = run("load", "ofac", files / "nowhere.csv")
    assert (status, err) == (2, f"{files / 'nowhere.csv'}: cannot be read: there is no such file\n")
    assert archive.coverage("ofac") == before


def test_a_list_that_breaks_late_leaves_nothing_behind_until_a_good_one_is_loaded(
    each_archive: Archive, run: Run, files: Path
) -> None:
    text = rows(range(1, 2500), "Renamed Works {} GmbH")
    status, _, err = run("load", "ofac", sdn(files, today(), text[:-20]))
    assert (status, err.count("\n")) == (2, 1)
    each_archive.now = datetime.now(UTC)
    assert each_archive.coverage().entities == 40
    assert [each_archive.status(one) for one in (KNOWN["ofac"], "Renamed Works 7 GmbH", UNKNOWN)] == [
        "listed",
        "cannot_say",
        "cannot_say",
    ]
    assert run("load", "ofac", sdn(files, today(), text))[0] == 0
    each_archive.now = datetime.now(UTC)
    assert (each_archive.state(), each_archive.coverage().entities) == ("fresh", 2499)
    assert [each_archive.status(one) for one in ("Renamed Works 7 GmbH", UNKNOWN)] == ["listed", "no_record"]


def test_a_list_that_shrinks_is_taken_when_a_person_insists(each_archive: Archive, run: Run, files: Path) -> None:
    file = sdn(files, today(), count=10)
    assert run("load", "ofac", file)[0] == 2
    status, out, _ = run("load", "ofac", file, "--force", "--json")
    assert (status, json.loads(out)["removed"]) == (0, 30)
    each_archive.now = datetime.now(UTC)
    assert each_archive.state() == "fresh"
    assert [each_archive.status(f"Quillon Works {n} GmbH") for n in (7, 17)] == ["listed", "formerly_listed"]


def test_a_row_that_cannot_be_taken_is_named_and_the_rest_is_loaded(archive: Archive, run: Run, files: Path) -> None:
    file = sdn(files, today(), rows(range(1, 40)) + row(40, kind="spaceship"))
    status, out, err = run("load", "ofac", file, "--json")
    (rejected,) = json.loads(out)["rejected"]
    assert (status, rejected["where"]) == (1, f"{file.name}, line 40 (uid 40)")
    assert err == f"{rejected['where']}: {rejected['why']}\n"
    archive.now = datetime.now(UTC)
    assert archive.state() == "fresh"


def test_a_bad_claims_file_marks_no_list_as_failed(archive: Archive, run: Run, files: Path) -> None:
    assert run("load", "claims", write(files, SMALL + "x"))[0] == 2
    archive.now = datetime.now(UTC)
    with archive.database.reading() as session:
        states = {one.list: one.state for one in freshness.coverage(session, "local", None, archive.now.date())}
    assert states == {"ofac": "fresh", "starter": "fresh", "un": "fresh"}


def test_a_list_that_was_never_there_and_fails_is_shown_and_counts_only_where_it_must_be_there(
    archive: Archive, run: Run, files: Path
) -> None:
    assert run("load", "eu", plain(b"<x/>", "eu.xml")(files))[0] == 2
    archive.now = datetime.now(UTC)
    shown = archive.coverage("eu")
    assert (shown.state, shown.why[-29:], archive.status(UNKNOWN)) == (
        "failed",
        "its root is <x>, not <export>",
        "no_record",
    )
    archive.desk.required = ("eu", "ofac")
    archive.desk.knowledge.clear()
    assert archive.status(UNKNOWN) == "cannot_say"


def test_coverage_and_doctor_say_what_failed_when_and_why(
    archive: Archive, run: Run, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRED_LISTS", "ofac, uk")
    run("load", "ofac", plain(b"")(files))
    failed, *_ = [one for one in json.loads(run("coverage", "--json")[1]) if one["list"] == "ofac"]
    assert (failed["state"], failed["why"], failed["failed"][:10]) == ("failed", "sdn.csv: is empty", str(today()))
    said = " ".join(run("coverage")[1].split())
    assert f"FAILED {today()}" in said
    assert "the version before stands" in said
    assert "MISSING: it was never loaded" in said
    status, out, _ = run("doctor")
    assert (status, "(sdn.csv: is empty), failed. Bring it up to date" in " ".join(out.split())) == (1, True)
