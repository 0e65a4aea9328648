"""Downloads files of lists from their publishers, whole and within limits of size and time, or finds that they are as known; the
one module of lists that is not pure."""

import hashlib
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Self, TypeAlias

import httpx

from bot.errors import Missing
from bot.lists.cord import Cord
from bot.lists.publications import Download

USER_AGENT = "Flagpost/0.1 (reads published lists)"
CHUNK = 1 << 18

Progress: TypeAlias = Callable[[str, int, int], object]
"""Is told what is under way, how much of it is done, and how much there is (0: unknown)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a download may take: seconds to connect, seconds of silence, seconds for all files of a list, bytes of a file
    (unfolded), redirects; and how often it is tried, with how many seconds before the second time (twice as many before each
    further one) and at most."""

    connect: float = 15
    silence: float = 60
    total: float = 1800
    size: int = 4 << 30
    redirects: int = 5
    tries: int = 4
    wait: float = 2
    longest_wait: float = 60


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was served: its name, from where (without passwords and queries), what the server knows it by, and what it
    holds."""

    name: str
    url: str
    etag: str
    last_modified: str
    sha256: str
    size: int

    @property
    def day(self) -> str:
        """The ISO day on which it was last changed, by its server (UTC); empty where that is not told."""
        at = moment(self.last_modified)
        return at.date().isoformat() if at else ""


class Unfetched(Missing):
    """A file cannot be downloaded; the message is one line that says which and why."""


class _Later(Exception):
    """It may go better after so many seconds (None: nobody says after how many)."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Downloader:
    """Downloads the files of one list, to be used in a `with`. Raises Unfetched, or what `cord` is pulled with."""

    def __init__(self, limits: Limits, cord: Cord, progress: Progress) -> None:
        self.limits, self.cord, self.progress = limits, cord, progress
        self.client = httpx.Client(
            headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(limits.silence, connect=limits.connect),
        )
        self.timer = threading.Timer(limits.total, self._time_is_up)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.timer.cancel()
        self.client.close()

    def _time_is_up(self) -> None:
        self.cord.pull(Unfetched(f"the download took longer than {self.limits.total:g} seconds"))

    def get(self, download: Download, to: Path, known: File | None) -> File:
        """Writes a file to `to`. Where the server says that it is as `known`, that is given back and nothing is written."""
        url, wait = _address(download), self.limits.wait
        for left in reversed(range(self.limits.tries)):
            try:
                return self._get(download, to, known)
            except _Later as error:
                pause = wait if error.seconds is None else error.seconds
                if not left or pause > self.limits.longest_wait:
                    raise Unfetched(f"{url}: {error}") from error
                self.cord.wait(pause)
                wait = min(wait * 2, self.limits.longest_wait)
        raise AssertionError("the last try either gives a file or raises")

    def is_still(self, download: Download, file: File) -> bool:
        """Whether the server has the file as it was downloaded a moment ago, as far as it says."""
        conditions = _conditions(file)
        if not conditions:
            return True
        try:
            with self._told(), self._open(download.url, conditions) as response:
                return response.status_code != HTTPStatus.OK or _served(response) == (file.etag, file.last_modified)
        except _Later:
            return True

    def _get(self, download: Download, to: Path, known: File | None) -> File:
        url = _address(download)
        known = known if known and known.url == url else None
        conditions = _conditions(known) if known else {}
        with self._told(), self._open(download.url, conditions) as response:
            if known and conditions and response.status_code == HTTPStatus.NOT_MODIFIED:
                return known
            if response.status_code != HTTPStatus.OK:
                raise _refusal(response)
            sha256, size = self._write(response, to)
            return File(download.name, url, *_served(response), sha256, size)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong on the way is told in our words, and tried again."""
        try:
            yield
            # A body without a stated length just ends where the cord was pulled.
            self.cord.check()
        except httpx.TimeoutException as error:
            self.cord.check()
            raise _Later(f"no answer within {self.limits.silence:g} seconds") from error
        except (httpx.TransportError, zlib.error) as error:
            self.cord.check()
            raise _Later(f"the connection failed: {_first_line(error)}") from error

    @contextmanager
    def _open(self, address: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer after redirects. httpx would read their bodies, whatever their size."""
        url = httpx.URL(address)
        for _ in range(self.limits.redirects + 1):
            self.cord.check()
            extensions = {"trace": self.cord.hold}
            with self.client.stream("GET", url, headers=headers, extensions=extensions) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                url = following(url, response.headers["location"])
        raise Unfetched(f"{shown(httpx.URL(address))}: redirects more than {self.limits.redirects} times")

    def _write(self, response: httpx.Response, to: Path) -> tuple[str, int]:
        """Streams a body to a file: its SHA-256 and size."""
        stated = response.headers.get("content-length", "")
        is_folded = response.headers.get("content-encoding", "identity") != "identity"
        total = int(stated) if stated.isdigit() and not is_folded else 0
        self._need_room(response, total)
        digest, size = hashlib.sha256(), 0
        with _written(to) as file:
            for chunk in _unfolded(response):
                size += len(chunk)
                self._need_room(response, size)
                digest.update(chunk)
                file.write(chunk)
                self.progress(to.name, size, total)
        return digest.hexdigest(), size

    def _need_room(self, response: httpx.Response, size: int) -> None:
        if size > self.limits.size:
            raise Unfetched(f"{shown(response.url)}: is larger than {self.limits.size:,} bytes")


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A new file that is on the disk in the end, whatever happens after that."""
    try:
        with path.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unfetched(f"{path.name}: cannot be written: {error.strerror or error}") from error


def moment(text: str) -> datetime | None:
    """A date of an HTTP header; None where it is none."""
    try:
        at = parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def shown(url: httpx.URL) -> str:
    """An address as it may be told: without password, and without the query, which of storage services is a key."""
    return str(url.copy_with(userinfo=b"", query=None, fragment=None))


def _address(download: Download) -> str:
    try:
        return shown(httpx.URL(download.url))
    except httpx.InvalidURL as error:
        raise Unfetched(f"{download.name}: the address it should come from is none: {error}") from error


def _served(response: httpx.Response) -> tuple[str, str]:
    """What the server knows a file by."""
    return response.headers.get("etag", ""), response.headers.get("last-modified", "")


def _conditions(file: File) -> dict[str, str]:
    given = {"If-None-Match": file.etag, "If-Modified-Since": file.last_modified}
    return {name: value for name, value in given.items() if value}


def following(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads, if one may follow it."""
    there = url.join(location)
    if there.scheme not in ("http", "https") or (url.scheme == "https" and there.scheme == "http"):
        raise Unfetched(f"{shown(url)}: redirects to {there.scheme or 'nowhere'}:, which is not followed")
    return there


def _refusal(response: httpx.Response) -> Exception:
    """What an answer that is no file means."""
    code = response.status_code
    phrase = HTTPStatus(code).phrase if code in HTTPStatus._value2member_map_ else ""
    said = f"the server answers {code} {phrase}".rstrip()
    if code == HTTPStatus.TOO_MANY_REQUESTS or code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _Later(said, _seconds(response.headers))
    return Unfetched(f"{shown(response.url)}: {said}")


def _seconds(headers: httpx.Headers) -> float | None:
    """For how long a server asks to be left alone, by its own clock; None where it does not."""
    wanted = headers.get("retry-after", "")
    if wanted.isascii() and wanted.isdigit():
        return float(wanted)
    until, now = moment(wanted), moment(headers.get("date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def _unfolded(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of a bounded size, also where a few bytes unfold to gigabytes."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from response.iter_raw(CHUNK)
        return
    if coding not in ("gzip", "x-gzip"):
        raise Unfetched(f"{shown(response.url)}: is sent in a coding that was not asked for")
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for data in response.iter_raw():
        while data:
            if member.eof:
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield member.decompress(data, CHUNK)
            data = member.unused_data if member.eof else member.unconsumed_tail
    yield member.flush()
    if not member.eof:
        raise _Later("what was sent is cut off")


def _first_line(error: Exception) -> str:
    return (str(error).partition("\n")[0] or type(error).__name__)[:200]
