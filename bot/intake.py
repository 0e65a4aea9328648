"""Route 2: a file -> the difference, written in one transaction."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.lists import LISTS
from bot.lists.publications import STARTER
from bot.records import Edition, Entry, Gone, Item, Listing, Records, Rejected
from bot.store import datasets, names, portions, versions
from bot.store.database import lock
from bot.taking import Loaded, Taking, Terms, refuse_taken

STARTER_FOLDER = Path(__file__).parent / "starter"

Progress = Callable[[int], object]
"""Is told how many more entries were taken; 0 once all are, when joining and indexing are still to be done."""


def read(form: str, paths: Sequence[Path]) -> Iterator[Item]:
    """What the files of one version hold, in the format `form`.

    Raises UserError for an unknown format or a dataset id that is taken by Flagpost, and BadFile for a bad file.
    """
    if form not in LISTS:
        raise UserError(f"{form!r} is not a list that can be loaded; there is: {', '.join(LISTS)}")
    for item in LISTS[form](paths):
        if isinstance(item, Records) and item.dataset.list in (STARTER, *LISTS):
            raise UserError(f"{paths[0]}: the dataset id {item.dataset.list!r} is taken by Flagpost; choose another")
        yield item


def read_claims(paths: Sequence[Path]) -> list[Records]:
    """The records of claims files, one a dataset. Raises UserError and BadFile as `read` does."""
    return [item for item in read("claims", paths) if isinstance(item, Records)]


def read_starter() -> Records:
    """The starter records that ship with the program."""
    (records,) = (item for item in LISTS["claims"](sorted(STARTER_FOLDER.glob("*.yaml"))) if isinstance(item, Records))
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
    before = datasets.loaded(session, records.dataset.list, workspace)
    refuse_taken(session, records.dataset, workspace)
    if before and published < before.published_on and not force:
        raise UserError(
            f"{records.dataset.list}: the file of {published} is older than the loaded one of {before.published_on}; "
            "--force loads it all the same"
        )
    for section, id in _dangling(session, records, workspace):
        raise UserError(f"{records.dataset.list}: {section} refer to {id!r}, which is not stored")
    difference, wrote = versions.write(session, records, workspace, now)
    if wrote or before is None or (before.version, before.published_on) != (records.dataset.version, published):
        datasets.add(session, replace(records.dataset, form="claims"), workspace, published, now)
        names.records_changed(session)
    seconds = round(time.monotonic() - started, 3)
    one = records.dataset
    return Loaded(one.list, one.version, published, one.entities, difference, seconds, records.rejected)


def take(session: Session, items: Iterable[Item], terms: Terms, progress: Progress = abs) -> list[Loaded]:
    """Takes what files hold, all or nothing: of each list what differs from its newest version, or into history what is
    older. Memory does not grow with the files.

    Raises UserError where a list would lose more than a fifth of its entries (unless forced), has none, or is another
    workspace's, and whatever reading the files raises. The caller's transaction decides whether it happened.
    """
    lock(session, "records")
    found: list[Loaded] = []
    taking = Taking(session, terms)
    portions.begin(session)
    for item in items:
        match item:
            case Records():
                one = load(session, item, terms.workspace, terms.now, published=terms.published, force=terms.force)
                found.append(one)
            case Edition():
                taking.open(item)
            case Entry() | Gone():
                progress(taking.add(item))
            case Rejected():
                taking.rejected.append(item)
    found += taking.close()
    portions.end(session)
    return found


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
