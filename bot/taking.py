"""The editions of lists that files hold while they are taken in, entry by entry."""

import time
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.records import PUBLIC, Dataset, Difference, Edition, Entry, Gone, Rejected
from bot.store import datasets, names, versions
from bot.store.entries import Writing
from bot.store.past import Remembering

AT_A_TIME = 1000
"""Entries that are written at a time."""

MOST_LOST = 0.2
"""The share of a list's entries that a version may take off before it is taken for a broken file; one may always go."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one list did: its name and version, when that was published (ISO date), how many entities it holds and how
    its records differ, in seconds, and what of its files could not be taken. `is_past`: an older version, taken into history.
    `is_undated`: neither the files nor anybody told when it was published. `lacks` names files of it that were not given."""

    list: str
    version: str
    published_on: str
    entities: int
    difference: Difference
    seconds: float
    rejected: tuple[Rejected, ...] = ()
    is_past: bool = False
    is_undated: bool = False
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How files are to be taken: the format they are in, whose they are, the moment (UTC) and when they were fetched; `published`
    (ISO date) instead of their own date; `force` although a list would lose much."""

    form: str
    workspace: str
    now: datetime
    published: str = ""
    force: bool = False
    fetched_at: datetime | None = None


class Taking:
    """The editions of some files while they are taken in."""

    def __init__(self, session: Session, terms: Terms) -> None:
        self.session, self.terms = session, terms
        self.started = time.monotonic()
        self.open_ones: dict[str, Writing | Remembering] = {}
        self.waiting: dict[str, list[Entry | Gone]] = {}
        self.rejected: list[Rejected] = []

    def open(self, edition: Edition) -> None:
        """Begins a version of a list."""
        one, terms = edition.dataset, self.terms
        refuse_taken(self.session, one, terms.workspace)
        published = terms.published or one.published_on or terms.now.date().isoformat()
        before = datasets.loaded(self.session, one.list, terms.workspace)
        if before and published < before.published_on:
            known = datasets.versions(self.session, one.list, terms.workspace)
            neighbours = (
                max((day for day in known if day < published), default=""),
                min(day for day in known if day > published),
            )
            self.open_ones[one.list] = Remembering(
                self.session, edition, terms.workspace, terms.now, published, *neighbours
            )
        else:
            self.open_ones[one.list] = Writing(self.session, edition, terms.workspace, terms.now, published, before)
        self.waiting[one.list] = []

    def add(self, item: Entry | Gone) -> int:
        """Takes an entry, or that one is gone; written when there are enough. How many were taken: one."""
        name = (item.entity.id if isinstance(item, Entry) else item.id).partition(":")[0]
        self.waiting[name].append(item)
        if len(self.waiting[name]) >= AT_A_TIME:
            self._write(name)
        return 1

    def _write(self, name: str) -> None:
        one, some = self.open_ones[name], self.waiting[name]
        self.waiting[name] = []
        self.rejected += one.take([item for item in some if isinstance(item, Entry)])
        if gone := [item for item in some if isinstance(item, Gone)]:
            one.drop(gone)

    def close(self) -> list[Loaded]:
        """Ends all versions; what was loaded, with what was rejected told with the first."""
        found = []
        for name, one in self.open_ones.items():
            self._write(name)
            found.append(self._finish(one))
        if any(one.difference.is_any for one in found):
            names.records_changed(self.session)
        return [replace(found[0], rejected=tuple(self.rejected)), *found[1:]] if found else []

    def _finish(self, one: Writing | Remembering) -> Loaded:
        terms, is_past = self.terms, isinstance(one, Remembering)
        difference = one.finish()
        held = difference.added + difference.changed + difference.unchanged
        given = one.edition.dataset
        if not one.edition.delta:
            _refuse_loss(given.list, difference, held, forced=terms.force or is_past)
        version = replace(
            given,
            version=one.published,
            form=terms.form,
            fetched_at=terms.fetched_at,
            entities=one.rows.count() if one.edition.delta else held,
            names=one.names,
        )
        self._document(one, version)
        known = datasets.versions(self.session, given.list, terms.workspace)
        if difference.is_any or one.published not in known:
            datasets.add(self.session, version, terms.workspace, one.published, terms.now, is_past=is_past)
        return Loaded(
            *(given.list, version.version, one.published, held, difference),
            seconds=round(time.monotonic() - self.started, 3),
            is_past=is_past,
            is_undated=not (terms.published or given.published_on),
            lacks=one.edition.lacks,
        )

    def _document(self, one: Writing | Remembering, version: Dataset) -> None:
        if isinstance(one, Writing):
            dated = [
                replace(source, published_on=source.published_on or one.published) for source in one.edition.sources
            ]
            versions.write_sources(self.session, dated, version.list, self.terms.workspace, self.terms.now)


def _refuse_loss(name: str, difference: Difference, held: int, *, forced: bool) -> None:
    """A list that suddenly lacks many entries is more often a broken file than a delisting."""
    if not held:
        raise UserError(f"{name}: the file has no entry that can be taken; the list stays as it was")
    before = difference.removed + difference.changed + difference.unchanged
    if difference.removed > max(1, before * MOST_LOST) and not forced:
        raise UserError(
            f"{name}: {difference.removed} of {before} entries would be taken off, more than a fifth; the list stays as it "
            "was; --force takes them off"
        )


def refuse_taken(session: Session, dataset: Dataset, workspace: str) -> None:
    """A dataset is everybody's or some workspaces' own: one id for both would show two versions of a record at once."""
    holders = datasets.holders(session, dataset.list)
    if holders - {workspace} and PUBLIC in holders | {workspace}:
        raise UserError(f"the dataset id {dataset.list!r} is in use by another workspace; choose another")
