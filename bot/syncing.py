"""Route 6: the publishers -> lists brought up to date, each by itself, on demand and by the clock."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from bot.config import Settings
from bot.errors import BadFile, BadSetting, UserError
from bot.lists import PUBLICATIONS
from bot.lists.cord import Cord, Stopped
from bot.lists.download import Downloader, File, Limits, Progress, Unfetched
from bot.lists.kept import Kept, Version, newest
from bot.lists.publications import Download, Publication
from bot.loading import Loader, Order
from bot.records import PUBLIC
from bot.store import attempts, datasets
from bot.store.attempts import Attempt
from bot.store.database import Database
from bot.taking import Loaded

log = logging.getLogger("flagpost")

LONGEST = timedelta(days=1)
SHORTEST = timedelta(hours=6)
"""How long a publisher is left alone at most and at least, after it was asked."""

AGAIN = timedelta(hours=1)
"""How soon a list is tried again that failed: until then, what is not found cannot be said not to be there."""

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

LOADING = "loading"
"""What is told to be under way once the files are there; until then it is their names."""

TWICE = 2
"""How often the files of a list are downloaded at most, where they are replaced meanwhile."""


@dataclass(frozen=True, slots=True)
class Result:
    """How it went with one list: `loaded`, with what that changed, `unchanged`, or `failed`, and why."""

    list: str
    outcome: str
    loaded: tuple[Loaded, ...] = ()
    why: str = ""


class Syncing:
    """One process's place to bring lists up to date from. Raises BadSetting for a mirror of what is no list."""

    def __init__(
        self, settings: Settings, database: Database, now: Callable[[], datetime], limits: Limits | None = None
    ) -> None:
        self.settings, self.database, self.now, self.limits = settings, database, now, limits or Limits()
        self.mirrors = dict(settings.list_mirrors)
        for name in self.mirrors.keys() - downloadable().keys():
            raise BadSetting("LIST_MIRRORS", f"{name!r} is no list that is downloaded: {', '.join(downloadable())}")
        self.cord, self.is_stopping = Cord(), False
        self.tried: dict[str, datetime] = {}

    @cached_property
    def loader(self) -> Loader:
        """Made when a list is loaded: most rounds load none."""
        return Loader(self.database, self.settings.index_folder, self.now)

    def stop(self) -> None:
        """Ends what is under way: what was downloaded is left, what was loaded is undone."""
        self.is_stopping = True
        self.cord.pull(Stopped("the process ends"))

    def sync(self, name: str, progress: Progress, *, force: bool = False) -> Result:
        """Downloads a list and loads it where it is new; a list that fails stays as it was, and is noted as failed. `force`:
        although it would lose much. Raises Stopped, and Missing where there is no database."""
        kept = Kept(self.settings.list_folder / name)
        try:
            with kept.alone(), kept.staging() as staging:
                return self._sync(PUBLICATIONS[name], kept, staging, progress, force)
        except Unfetched as error:
            self.loader.fail(name, str(error))
            return Result(name, "failed", why=str(error))
        except BadFile as error:
            # Where the file was for the moment is of no use to anybody.
            return Result(name, "failed", why=str(BadFile(Path(error.file).name, error.line, error.why)))
        except UserError as error:
            return Result(name, "failed", why=str(error))

    def _sync(self, one: Publication, kept: Kept, staging: Path, progress: Progress, force: bool) -> Result:
        before = kept.current()
        files = self._download(one, before, kept, staging, progress)
        if before and _same(files, before.files):
            kept.renew(before, files)
            if self._is_loaded(one.name, before):
                self.loader.confirm(one.name)
                return Result(one.name, "unchanged")
            # The files are of the past of another database, or of this one before it was put back to an earlier state.
            loaded = self._load(one, kept.paths(before), before.files, before.fetched_at, progress, force)
        else:
            fetched_at = self.now()
            loaded = self._load(one, [staging / file.name for file in files], files, fetched_at, progress, force)
            kept.keep(staging, files, fetched_at, before)
        return Result(one.name, "loaded", tuple(loaded))

    def _download(
        self, one: Publication, before: Version | None, kept: Kept, staging: Path, progress: Progress
    ) -> list[File]:
        """The files of a list as they are now; in `staging`, where one of them is new."""
        known = {file.name: file for file in before.files} if before else {}
        downloads = placed(one.downloads, self.mirrors.get(one.name, ""))
        with self._line(one.name, progress) as line:
            for _ in range(TWICE):
                files = [line.get(each, staging / each.name, known.get(each.name)) for each in downloads]
                if before and _same(files, before.files):
                    return files
                # They are of one version only if none was replaced while the others were on their way.
                if all(map(line.is_still, downloads[:-1], files[:-1])):
                    break
            else:
                raise Unfetched(f"{one.name}: its files were replaced again and again while they were downloaded")
        if before:
            kept.complete(staging, files, before)
        return files

    @contextmanager
    def _line(self, name: str, progress: Progress) -> Iterator[Downloader]:
        self.cord = Cord()
        self._go_on()
        with Downloader(self.limits, self.cord, lambda file, *amounts: progress(f"{name}: {file}", *amounts)) as line:
            yield line

    def _load(
        self,
        one: Publication,
        paths: Sequence[Path],
        files: Sequence[File],
        fetched_at: datetime,
        progress: Progress,
        force: bool,
    ) -> list[Loaded]:
        day = "" if one.is_dated else newest(files)
        # A server whose clock is ahead does not make a list of tomorrow.
        published = day if day <= self.now().date().isoformat() else ""
        order = Order(one.name, tuple(paths), PUBLIC, published, force, fetched_at)
        counting = _Counting(self, partial(progress, f"{one.name}: {LOADING}"), self.loader.expected(order) or 0)
        return self.loader.load(order, counting)

    def _go_on(self) -> None:
        if self.is_stopping:
            raise Stopped("the process ends")

    def _is_loaded(self, name: str, version: Version) -> bool:
        """Whether the database has these files or newer ones of the list. Files that change nothing leave no version there, but
        a note that they were loaded."""
        with self.database.reading() as session:
            known = [one.fetched_at for one in datasets.current(session, PUBLIC) if one.form == name]
            last = attempts.latest(session, PUBLIC).get(name)
        noted = [last.at] if known and last and last.outcome != "failed" else []
        return any(at >= version.fetched_at for at in (*known, *noted) if at)

    def due(self) -> list[str]:
        """The lists that were downloaded here before and whose publishers are to be asked again, the longest overdue first."""
        with self.database.reading() as session:
            last = attempts.latest(session, PUBLIC)
        asked = [one for one in downloadable().values() if Kept(self.settings.list_folder / one.name).is_there()]
        since = {one.name: self._next(one, last.get(one.name)) for one in asked}
        return sorted((name for name, at in since.items() if at <= self.now()), key=lambda name: since[name])

    def _next(self, one: Publication, last: Attempt | None) -> datetime:
        """When a publisher is to be asked again."""
        noted = last.at + rest(one.rhythm, has_failed=last.outcome == "failed") if last else LONG_AGO
        # What was tried and left no note must not come before the others each time.
        return max(noted, self.tried.get(one.name, LONG_AGO) + AGAIN)

    def refresh(self, most: int | None = None) -> bool:
        """Brings lists up to date that are due, at most so many; whether all went well."""
        went_well = True
        for name in self.due()[:most]:
            self.tried[name] = self.now()
            try:
                result = self.sync(name, quiet)
            except Stopped:
                return went_well
            log.log(logging.WARNING if result.why else logging.INFO, "list %s: %s %s", name, result.outcome, result.why)
            went_well = went_well and not result.why
        return went_well


class _Counting:
    """Counts what is loaded, and ends it when the process does."""

    def __init__(self, syncing: Syncing, progress: Callable[[int, int], object], total: int) -> None:
        self.syncing, self.progress, self.total, self.done = syncing, progress, total, 0

    def __call__(self, more: int) -> None:
        if self.syncing.is_stopping:
            raise Stopped("the process ends")
        self.done += more
        self.progress(self.done, self.total)


def quiet(what: str, done: int, total: int) -> None:
    """Tells nobody of progress."""


def downloadable() -> Mapping[str, Publication]:
    """The lists that can be downloaded, by their names."""
    return {name: one for name, one in PUBLICATIONS.items() if one.downloads}


def rest(rhythm: int, *, has_failed: bool) -> timedelta:
    """How long a publisher is left alone: a quarter of the days between two versions, within limits."""
    if has_failed:
        return AGAIN
    return min(max(timedelta(days=rhythm) / 4, SHORTEST), LONGEST) if rhythm else LONGEST


def placed(downloads: tuple[Download, ...], mirror: str) -> tuple[Download, ...]:
    """The files of a list where a mirror has them: in a folder, or a single one at an address that ends as its name does."""
    if not mirror:
        return downloads
    suffix = PurePosixPath(downloads[0].name).suffix
    if len(downloads) == 1 and suffix and mirror.partition("?")[0].casefold().endswith(suffix.casefold()):
        return (replace(downloads[0], url=mirror),)
    return tuple(replace(one, url=f"{mirror.rstrip('/')}/{one.name}") for one in downloads)


def _same(some: Sequence[File], others: Sequence[File]) -> bool:
    return [(one.name, one.sha256) for one in some] == [(one.name, one.sha256) for one in others]
