"""Downloading one file: whole or not at all, only what is newer, and no longer or larger than it may be."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.lists import download
from bot.lists.cord import Cord, Stopped
from bot.lists.download import Downloader, File, Limits, Unfetched
from bot.lists.publications import Download
from tests import publisher as fault
from tests.publisher import Publisher

LIMITS = Limits(connect=2, silence=1, total=5, size=1 << 20, redirects=5, tries=3, wait=0.01, longest_wait=0.5)
LIST = b"1,ACME OPTICS\r\n2,ACME LENSES\r\n"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher(**{"list.csv": LIST}) as one:
        yield one


def get(publisher: Publisher, to: Path, known: File | None = None, cord: Cord | None = None, **limits: float) -> File:
    one = Download("list.csv", f"{publisher.url}/list.csv")
    chosen = Limits(**{**{name: getattr(LIMITS, name) for name in Limits.__slots__}, **limits})
    with Downloader(chosen, cord or Cord(), lambda what, done, total: None) as line:
        return line.get(one, to / "list.csv", known)


def test_a_file_is_downloaded_with_what_its_server_knows_it_by(publisher: Publisher, tmp_path: Path) -> None:
    file = get(publisher, tmp_path)
    assert (tmp_path / "list.csv").read_bytes() == LIST
    assert (file.name, file.url, file.size, file.day) == ("list.csv", f"{publisher.url}/list.csv", 30, "2026-09-21")
    assert file.etag.startswith('W/"')
    assert "Flagpost" in publisher.asked[0][1]["User-Agent"]


def test_what_is_not_newer_is_not_sent_again(publisher: Publisher, tmp_path: Path) -> None:
    file = get(publisher, tmp_path)
    (tmp_path / "list.csv").unlink()
    assert get(publisher, tmp_path, file) == file
    assert not (tmp_path / "list.csv").exists()
    assert publisher.asked[1][1]["If-Modified-Since"] == file.last_modified


def test_what_another_server_had_says_nothing_of_this_one(publisher: Publisher, tmp_path: Path) -> None:
    file = get(publisher, tmp_path)
    elsewhere = File(file.name, "https://elsewhere.example/list.csv", file.etag, file.last_modified, file.sha256, 30)
    assert get(publisher, tmp_path, elsewhere) == file
    assert "If-None-Match" not in publisher.asked[1][1]


def test_not_newer_is_no_answer_to_who_knows_nothing(publisher: Publisher, tmp_path: Path) -> None:
    publisher.faults["/list.csv"] = [fault.status(304)]
    with pytest.raises(Unfetched, match="answers 304 Not Modified"):
        get(publisher, tmp_path)


def test_what_is_sent_folded_is_kept_unfolded(publisher: Publisher, tmp_path: Path) -> None:
    publisher.faults["/list.csv"] = [fault.folded(LIST)]
    assert get(publisher, tmp_path).size == len(LIST)
    assert (tmp_path / "list.csv").read_bytes() == LIST


@pytest.mark.parametrize(
    "trouble",
    [
        fault.status(500),
        fault.status(503, Retry_After="0"),
        fault.status(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"),
        fault.hang_up,
        fault.cut_off(LIST[:20], 10),
        fault.folded(LIST, cut=25),
    ],
)
def test_what_may_pass_is_tried_again(publisher: Publisher, tmp_path: Path, trouble: fault.Fault) -> None:
    publisher.faults["/list.csv"] = [trouble, trouble]
    assert get(publisher, tmp_path).size == len(LIST)
    assert (tmp_path / "list.csv").read_bytes() == LIST
    assert len(publisher.asked) == 3


def test_a_server_that_asks_for_a_pause_gets_it(publisher: Publisher, tmp_path: Path) -> None:
    publisher.faults["/list.csv"] = [fault.status(429, Retry_After="1")]
    before = time.monotonic()
    get(publisher, tmp_path, longest_wait=2)
    assert time.monotonic() - before >= 1


@pytest.mark.parametrize(
    ("trouble", "why", "requests"),
    [
        (fault.status(404), "answers 404 Not Found", 1),
        (fault.status(403), "answers 403 Forbidden", 1),
        (fault.status(204), "answers 204 No Content", 1),
        (fault.status(503), "answers 503 Service Unavailable", 3),
        (fault.status(503, Retry_After="3600"), "answers 503", 1),
        (fault.hang_up, "the connection failed: Server disconnected", 3),
        (fault.cut_off(LIST, 10), "the connection failed: peer closed connection", 3),
        (fault.folded(LIST, cut=25), "what was sent is cut off", 3),
        (fault.status(200, Content_Encoding="br"), "a coding that was not asked for", 1),
        (fault.redirect("ftp://127.0.0.1/list.csv"), "redirects to ftp:, which is not followed", 1),
        (fault.redirect("file:///etc/passwd"), "redirects to file:, which is not followed", 1),
        (fault.redirect("http://[::1"), "the connection failed: Invalid URL in location header", 3),
        (fault.redirect("/list.csv"), "redirects more than 5 times", 6),
        (fault.endless, "is larger than 1,048,576 bytes", 1),
        (fault.cut_off(LIST, 2 << 20), "is larger than 1,048,576 bytes", 1),
        (fault.folded(bytes(100 << 20)), "is larger than 1,048,576 bytes", 1),
    ],
)
def test_what_cannot_be_had_is_one_line(
    publisher: Publisher, tmp_path: Path, trouble: fault.Fault, why: str, requests: int
) -> None:
    publisher.faults["/list.csv"] = [trouble] * 9
    with pytest.raises(Unfetched, match=why) as error:
        get(publisher, tmp_path)
    assert "\n" not in str(error.value)
    assert len(publisher.asked) == requests


def test_nobody_there_is_one_line(tmp_path: Path) -> None:
    with Publisher() as gone:
        pass
    with pytest.raises(Unfetched, match=r"127\.0\.0\.1.*: the connection failed: .*refused"):
        get(gone, tmp_path)


def test_what_cannot_be_written_is_one_line(publisher: Publisher, tmp_path: Path) -> None:
    with pytest.raises(Unfetched, match=r"list\.csv: cannot be written: No such file"):
        get(publisher, tmp_path / "gone")


def test_silence_ends(publisher: Publisher, tmp_path: Path) -> None:
    publisher.faults["/list.csv"] = [lambda handler: time.sleep(1)] * 9
    with pytest.raises(Unfetched, match=r"no answer within 0\.2 seconds"):
        get(publisher, tmp_path, silence=0.2)


@pytest.mark.parametrize("trouble", [fault.drip, fault.drip_headers])
def test_a_server_that_drips_holds_nobody(publisher: Publisher, tmp_path: Path, trouble: fault.Fault) -> None:
    publisher.faults["/list.csv"] = [trouble] * 9
    before = time.monotonic()
    with pytest.raises(Unfetched, match=r"took longer than 0\.5 seconds"):
        get(publisher, tmp_path, total=0.5)
    assert time.monotonic() - before < 2


@pytest.mark.parametrize("trouble", [fault.drip, fault.drip_headers, fault.status(429, Retry_After="100")])
def test_a_process_that_ends_waits_for_no_server(publisher: Publisher, tmp_path: Path, trouble: fault.Fault) -> None:
    publisher.faults["/list.csv"] = [trouble] * 9
    cord = Cord()
    threading.Timer(0.3, cord.pull, [Stopped("the process ends")]).start()
    before = time.monotonic()
    with pytest.raises(Stopped):
        get(publisher, tmp_path, cord=cord, total=60, longest_wait=200)
    assert time.monotonic() - before < 2


def test_redirects_are_followed_and_their_keys_are_not_told(publisher: Publisher, tmp_path: Path) -> None:
    publisher.faults["/list.csv"] = [fault.redirect("/stored?signature=secret")]
    publisher.faults["/stored?signature=secret"] = [fault.redirect("/gone?signature=secret")]
    with pytest.raises(Unfetched) as error:
        get(publisher, tmp_path)
    assert publisher.paths() == ["/list.csv", "/stored?signature=secret", "/gone?signature=secret"]
    assert str(error.value) == f"{publisher.url}/gone: the server answers 404 Not Found"


def test_a_redirect_out_of_encryption_is_not_followed() -> None:
    with pytest.raises(Unfetched, match="redirects to http:, which is not followed"):
        download.following(httpx.URL("https://lists.example/a.csv"), "http://lists.example/a.csv")


def test_the_password_of_a_mirror_is_sent_and_not_told(publisher: Publisher, tmp_path: Path) -> None:
    address = publisher.url.replace("//", "//desk:secret@")
    with Downloader(LIMITS, Cord(), print) as line, pytest.raises(Unfetched) as error:
        line.get(Download("gone.csv", f"{address}/gone.csv?key=secret"), tmp_path / "gone.csv", None)
    assert publisher.asked[0][1]["Authorization"].startswith("Basic ")
    assert "secret" not in str(error.value)


def test_the_day_of_a_file_is_that_of_its_server_in_utc() -> None:
    assert download.moment("Wed, 25 Nov 2026 23:30:00 -0500") == datetime(2026, 11, 26, 4, 30, tzinfo=UTC)
    assert download.moment("yesterday") is None
    assert File("a", "", "", "", "", 0).day == ""
