"""Keeps the last good files of each list on disk, a folder for each version, out of reach of what is being downloaded."""

import hashlib
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from bot.lists.download import File, Unfetched

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("flagpost")

POINTER = "current.json"
NEW = ".new-"
STALE = 86400.0
"""Seconds after which what was left of a download is removed where the system cannot tell that nobody is at it."""


@dataclass(frozen=True, slots=True)
class Version:
    """Files of one version: the folder they are in, when they were fetched (UTC), and the folder of the version before."""

    folder: str
    fetched_at: datetime
    files: tuple[File, ...]
    before: str = ""

    @property
    def day(self) -> str:
        """The ISO day on which the newest of them was last changed, by its server; empty where that is not told."""
        return newest(self.files)


class Kept:
    """The last good files of one list, in a folder of its own: `current.json` says which version they are, and is replaced once
    another is whole. Whenever the process dies, it is the one or the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_there(self) -> bool:
        """Whether this list was ever downloaded."""
        return os.access(self.folder / POINTER, os.R_OK)

    def current(self) -> Version | None:
        """The last good version; None where there is none, or it is no longer as it was."""
        if not self.is_there():
            return None
        try:
            version = msgspec.json.decode((self.folder / POINTER).read_bytes(), type=Version)
            broken = [one.name for one in version.files if _sha256(self._path(version, one)) != one.sha256]
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("%s: what was downloaded cannot be used, and is fetched anew: %s", self.folder.name, error)
            return None
        if broken:
            log.warning("%s: no longer as downloaded, and fetched anew: %s", self.folder.name, ", ".join(broken))
        return None if broken else version

    def paths(self, version: Version) -> tuple[Path, ...]:
        """Where the files of a version are."""
        return tuple(self._path(version, one) for one in version.files)

    def _path(self, version: Version, file: File) -> Path:
        return self.folder / version.folder / file.name

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Has the processes of a machine download a list one after the other, where the system can: the next finds it there."""
        with _disk(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            opened = (self.folder / ".lock").open("a")
        with opened:
            if fcntl is not None:
                fcntl.flock(opened, fcntl.LOCK_EX)
            yield

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A new folder to download to; what is left of it in the end is removed, as is what others left that died."""
        with _disk(self.folder):
            self._sweep(f"{NEW}*", age=STALE if fcntl is None else 0)
            folder = self._new()
            folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def complete(self, staging: Path, files: Sequence[File], version: Version) -> None:
        """Puts those of `files` into a staging folder that are as in `version` and were not downloaded again."""
        with _disk(self.folder):
            for one in files:
                if not (staging / one.name).exists():
                    shutil.copyfile(self._path(version, one), staging / one.name)

    def keep(self, staging: Path, files: Sequence[File], fetched_at: datetime, before: Version | None) -> None:
        """Makes the files of a staging folder the last good ones. Those before them are kept too, older ones are not."""
        whole = hashlib.sha256("".join(one.sha256 for one in files).encode()).hexdigest()
        name = f"{fetched_at:%Y%m%dT%H%M%SZ}-{whole[:8]}"
        with _disk(self.folder):
            # One of this name that nothing points to was left by a process that died here.
            shutil.rmtree(self.folder / name, ignore_errors=True)
            staging.rename(self.folder / name)
            self._point(Version(name, fetched_at, tuple(files), before.folder if before else ""))
            self._sweep("[0-9]*T*Z-*", (name, before.folder if before else ""))

    def renew(self, version: Version, files: Sequence[File]) -> None:
        """Notes what the server knows the same files by now."""
        if tuple(files) != version.files:
            with _disk(self.folder):
                self._point(replace(version, files=tuple(files)))

    def _point(self, version: Version) -> None:
        path = self._new()
        with path.open("wb") as opened:
            opened.write(msgspec.json.format(msgspec.json.encode(version), indent=1))
            opened.flush()
            os.fsync(opened.fileno())
        path.replace(self.folder / POINTER)

    def _new(self) -> Path:
        return self.folder / f"{NEW}{uuid.uuid4().hex}"

    def _sweep(self, pattern: str, kept: Sequence[str] = (), age: float = 0) -> None:
        for path in self.folder.glob(pattern):
            if path.name not in kept and path.stat().st_mtime <= time.time() - age:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def newest(files: Sequence[File]) -> str:
    """The ISO day on which the newest of some files was last changed, by its server; empty where that is not told."""
    return max((one.day for one in files), default="")


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unfetched(f"the folder {folder} cannot be used: {error.strerror or error}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
