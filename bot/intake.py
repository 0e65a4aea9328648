"""Route 2: a file -> the difference, written in one transaction."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.lists import LISTS
from bot.records import PUBLIC, Difference, Listing, Records, Rejected
from bot.store import datasets, names, versions
from bot.store.database import lock

STARTER = "starter"
STARTER_FOLDER = Path(__file__).parent / "starter"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one list did: its name and version, when that was published (ISO date), how many entities it holds and how
    its records differ, in seconds, and what of its files could not be taken."""

    list: str
    version: str
    published_on: str
    entities: int
    difference: Difference
    seconds: float
    rejected: tuple[Rejected, ...] = ()


def read(name: str, paths: Sequence[Path]) -> list[Records]:
    """The records of the files of the list `name`.

    Raises UserError for an unknown list or a dataset id that is taken by Flagpost, and BadFile for a bad file.
    """
    if name not in LISTS:
        raise UserError(f"{name!r} is not a list that can be loaded; there is: {', '.join(LISTS)}")
    found = LISTS[name](paths)
    for records in found:
        if records.dataset.list in (STARTER, *LISTS):
            raise UserError(f"{paths[0]}: the dataset id {records.dataset.list!r} is taken by Flagpost; choose another")
    return found


def read_starter() -> Records:
    """The starter records that ship with the program."""
    (records,) = LISTS["claims"](sorted(STARTER_FOLDER.glob("*.yaml")))
    return records


def load(
    session: Session, records: Records, workspace: str, now: datetime, *, published: str = "", force: bool = False
) -> Loaded:
    """Makes `records` the current version of their dataset; the versions before stay findable by time.

    `published` (ISO date) stands in for the file's own date, and the day of `now` where neither is known. Raises UserError
    where a reference leads nowhere, or where the file is older than what is loaded and `force` is not given. The caller's
    transaction decides whether it happened.
    """
    started = time.monotonic()
    # One writer of records at a time: two that took datasets in another order would wait for each other.
    lock(session, "records")
    published = published or records.dataset.published_on or now.date().isoformat()
    records = _dated(records, published)
    _refuse_taken(session, records, workspace)
    _refuse_older(session, records, workspace, published, force)
    for section, id in _dangling(session, records, workspace):
        raise UserError(f"{records.dataset.list}: {section} refer to {id!r}, which is not stored")
    difference, wrote = versions.write(session, records, workspace, now)
    before = datasets.loaded(session, records.dataset.list, workspace)
    if wrote or before is None or (before.version, before.published_on) != (records.dataset.version, published):
        datasets.add(session, records.dataset, workspace, published, now)
        names.records_changed(session)
    seconds = round(time.monotonic() - started, 3)
    one = records.dataset
    return Loaded(one.list, one.version, published, one.entities, difference, seconds, records.rejected)


def _dated(records: Records, published: str) -> Records:
    """The records with the date of their version where they have none of their own."""
    version = records.dataset.version or published
    return replace(
        records,
        dataset=replace(records.dataset, version=version),
        sources=tuple(one if one.published_on else replace(one, published_on=version) for one in records.sources),
        listings=tuple(_dated_listing(one, version) for one in records.listings),
    )


def _dated_listing(one: Listing, version: str) -> Listing:
    if one.read_on and (one.listed_on or one.first_seen):
        return one
    first_seen = one.first_seen or ("" if one.listed_on else version)
    return replace(one, read_on=one.read_on or version, first_seen=first_seen)


def _refuse_taken(session: Session, records: Records, workspace: str) -> None:
    """A dataset is everybody's or some workspaces' own: one id for both would show two versions of a record at once."""
    holders = datasets.holders(session, records.dataset.list)
    if holders - {workspace} and PUBLIC in holders | {workspace}:
        raise UserError(f"the dataset id {records.dataset.list!r} is in use by another workspace; choose another")


def _refuse_older(session: Session, records: Records, workspace: str, published: str, force: bool) -> None:
    before = datasets.loaded(session, records.dataset.list, workspace)
    if before and published < before.published_on and not force:
        raise UserError(
            f"{records.dataset.list}: the file of {published} is older than the loaded one of {before.published_on}; "
            "--force loads it all the same"
        )


def _dangling(session: Session, records: Records, workspace: str) -> Iterator[tuple[str, str]]:
    """References to records of other datasets that are not stored; those within the file were checked by its reader."""
    own = f"{records.dataset.list}:"
    wanted = {
        "claims": (
            ("entity", (id for one in records.claims for id in (*one.subject_ids, *one.possible_ids))),
            ("claim", (id for one in records.claims for id in (*one.answers, *one.supersedes))),
            ("source", (id for one in records.claims for id in one.source_ids)),
            ("origin", (one.origin_id for one in records.claims)),
        ),
        "listings": (
            ("entity", (one.entity_id for one in records.listings)),
            ("source", (id for one in records.listings for id in one.source_ids)),
        ),
    }
    for section, references in wanted.items():
        for noun, ids in references:
            foreign = {id for id in ids if not id.startswith(own)}
            for id in sorted(foreign - versions.stored_ids(session, noun, foreign, workspace)):
                yield section, id
