"""Reads files of OpenSanctions, each dataset they name as a list: tables, `targets.simple.csv`, and FollowTheMoney, whole or
as a delta: https://www.opensanctions.org/docs/bulk/"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.errors import BadFile
from bot.lists import files, opensanctions_ftm, opensanctions_table
from bot.lists.opensanctions_datasets import PUBLISHER, Lists
from bot.lists.opensanctions_objects import Survey
from bot.lists.publications import Download, Publication
from bot.lists.spool import Spool
from bot.records import Entry, Gone, Item, Rejected

PUBLICATION = Publication(
    name="opensanctions",
    title="OpenSanctions Consolidated Sanctions",
    publisher=PUBLISHER,
    page="https://www.opensanctions.org/datasets/sanctions/",
    licence="CC BY-NC 4.0; commercial use needs a licence: https://www.opensanctions.org/licensing/",
    # It comes out several times a day. What it adds to the lists that are read from their publishers changes slowly, and a
    # version is large: a week is often enough.
    rhythm=7,
    downloads=(
        Download("targets.simple.csv", "https://data.opensanctions.org/datasets/latest/sanctions/targets.simple.csv"),
    ),
    is_free=False,
)


def read(paths: Sequence[Path]) -> Iterator[Item]:
    """The editions and the entries of the files of one version, in whichever form each is; a delta is read by itself.

    The version is the latest day that names of files hold, else that of the newest change in a file. Raises BadFile with file,
    line and reason for what is no such file, or not a whole one.
    """
    forms = [(path, _is_objects(path)) for path in paths]
    objects = [path for path, is_objects in forms if is_objects]
    tables = [path for path, is_objects in forms if not is_objects]
    with Spool() as spool:
        survey = Survey(spool)
        for path in objects:
            survey.go_through(path)
        if survey.is_delta and len(paths) > 1:
            raise BadFile(str(paths[1]), 0, "lies beside another: deltas are loaded one at a time, in their order")
        lists = Lists(_version(tables, objects, survey), is_delta=survey.is_delta)
        yield from _not_empty(paths[0], _items(tables, objects, lists, survey))


def _items(tables: Sequence[Path], objects: Sequence[Path], lists: Lists, survey: Survey) -> Iterator[Item]:
    for path in tables:
        yield from opensanctions_table.read(path, lists)
    yield from opensanctions_ftm.items(objects, lists, survey)


def _is_objects(path: Path) -> bool:
    """Whether a file is one of objects in JSON, by how it begins."""
    with files.binary(path) as file:
        return file.read(2048).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _version(tables: Sequence[Path], objects: Sequence[Path], survey: Survey) -> str:
    days = [files.day_in_name(path) or opensanctions_table.newest(path) for path in tables]
    days += [files.day_in_name(path) or survey.newest for path in objects]
    return max(days, default="")


def _not_empty(path: Path, items: Iterator[Item]) -> Iterator[Item]:
    """The items, of which one must be an entry. Raises BadFile, with the first that was rejected."""
    rejected: Rejected | None = None
    is_any = False
    for item in items:
        is_any = is_any or isinstance(item, Entry | Gone)
        rejected = rejected or (item if isinstance(item, Rejected) else None)
        yield item
    if rejected and not is_any:
        raise BadFile(str(path), 0, f"has no record that can be taken; {rejected.where}: {rejected.why}")
