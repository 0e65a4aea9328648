"""Reads the CSV files of OFAC, which have no header: records, aliases, addresses, and the end of remarks that are too long.

https://ofac.treasury.gov/sdn-list-data-formats-data-schemas/tutorial-on-the-use-of-list-related-legacy-flat-files
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from bot.errors import BadFile
from bot.lists import files, ofac_remarks
from bot.lists.ofac_record import KINDS, VESSEL, Address, Alias, Record
from bot.lists.parts import Tally
from bot.lists.spool import Spool
from bot.records import Rejected

ROLES = {12: "main", 6: "addresses", 5: "aliases", 2: "comments"}
"""The number of columns of a file → what it holds. Names of files differ from list to list."""

NULL = "-0-"
LONGEST = 1000
"""Signs of remarks that the main file holds; the rest of longer ones is in the comments."""

BATCH = 5000
TYPES = ("aka", "fka", "nka")

Kept: TypeAlias = list[Any]
"""A row that is kept until its record is made: its role, its line, its fields."""


def version(paths: Sequence[Path]) -> str:
    """The day that the name of a file tells, since the files do not; empty for none."""
    return next((day for path in paths if (day := files.day_in_name(path))), "")


def lacking(paths: Sequence[Path]) -> tuple[str, ...]:
    """The files of a set with aliases and addresses that are not among these, by the names they have. Raises BadFile."""
    there = _roles(paths)
    return tuple(name for name, role in (("ALT", "aliases"), ("ADD", "addresses")) if role not in there)


def records(paths: Sequence[Path]) -> Iterator[tuple[Record, str] | Rejected]:
    """The records of a set of files in the order of the main one, each with its place. Raises BadFile."""
    by_role = _roles(paths)
    tallies = {role: Tally(path) for role, path in by_role.items()}
    with Spool() as spool:
        # The main file first: keys come back in the order in which they were first kept.
        for role in sorted(by_role, key=list(ROLES.values()).index):
            yield from _keep(spool, role, tallies[role])
        for uid, kept in spool.groups():
            yield from _of_one(uid, kept, by_role, tallies)
    for tally in tallies.values():
        tally.finish()


def _roles(paths: Sequence[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in paths:
        line, fields = next(files.rows(path, otherwise="latin-1"), (1, []))
        role = ROLES.get(len(fields), "")
        if not role:
            why = f"is not a CSV file of OFAC: its rows have {len(fields)} columns, not {', '.join(map(str, ROLES))}"
            raise BadFile(str(path), line, why)
        if role in found:
            raise BadFile(
                str(path), 0, f"is a second file of {role}, besides {found[role].name}: give one set at a time"
            )
        found[role] = path
    if "main" not in found:
        raise BadFile(str(paths[0]), 0, "is a part of a set only: the main file (12 columns, like sdn.csv) is missing")
    return found


def _keep(spool: Spool, role: str, tally: Tally) -> Iterator[Rejected]:
    """Keeps the rows of a file by the uid in them; gives out those that are broken."""
    rows = files.rows(tally.path, otherwise="latin-1")
    columns = next(number for number, name in ROLES.items() if name == role)
    last: tuple[int, list[str]] = (0, [])
    while batch := list(islice(rows, BATCH)):
        good = []
        for line, fields in batch:
            # Copies that people made may have been given a header.
            if line == 1 and fields[0].casefold() == "ent_num":
                continue
            tally.seen += 1
            if why := _wrong(role, columns, fields):
                yield tally.reject(f"{tally.path.name}, line {line} (uid {fields[0].strip()[:20]})", why)
            else:
                good.append((fields[0].strip(), [role, line, *fields]))
        spool.keep(good)
        last = batch[-1]
    if last[1] and len(last[1]) < columns:
        raise BadFile(str(tally.path), last[0], "ends within a row: it is not whole")


def _wrong(role: str, columns: int, fields: list[str]) -> str:
    """What makes a row one that cannot be read; empty when nothing does."""
    if len(fields) != columns:
        return f"has {len(fields)} fields, not {columns}"
    uid = fields[0].strip()
    if not (uid.isascii() and uid.isdigit() and len(uid) <= 10):
        return f"uid: {uid[:20]!r} is not a number"
    if role in ("main", "aliases"):
        name, kind = (_text(field) for field in (fields[1:3] if role == "main" else fields[3:1:-1]))
        if not name:
            return "has no name"
        if kind.casefold() not in (("", *KINDS) if role == "main" else TYPES):
            return f"type: {kind[:20]!r} is not known"
    return ""


def _text(field: str) -> str:
    text = files.clean(field)
    return "" if text == NULL else text


def _of_one(
    uid: str, kept: list[Kept], by_role: dict[str, Path], tallies: dict[str, Tally]
) -> Iterator[tuple[Record, str] | Rejected]:
    """The record that the rows of one uid make; those rows themselves where the main file has no such uid."""
    others = [row for row in kept if row[0] != "main"]
    main = [row for row in kept if row[0] == "main"]
    for row in main:
        yield _record(row[2:], others), f"{by_role['main'].name}, line {row[1]} (uid {uid})"
    for role, line, *_ in () if main else others:
        where = f"{by_role[role].name}, line {line} (uid {uid})"
        yield tallies[role].reject(where, f"belongs to uid {uid}, which {by_role['main'].name} lacks")


def _record(fields: list[str], others: list[Kept]) -> Record:
    uid, name, kind, programmes, title, *vessel, remarks = fields
    record = Record(
        uid=uid.strip(),
        name=_text(name),
        type=_text(kind).casefold() or "entity",
        programmes=tuple(filter(None, (one.strip(" []") for one in _text(programmes).split("] [")))),
        title=_text(title),
        vessel={label: text for label, value in zip(VESSEL, vessel, strict=True) if (text := _text(value))},
    )
    for role, _, *row in others:
        if role == "aliases":
            record.aliases.append(Alias(_text(row[3]), _text(row[2]).casefold(), remarks=_text(row[4])))
        elif role == "addresses":
            text = ", ".join(filter(None, map(_text, row[2:5])))
            record.addresses.append(Address(f"{text} ({_text(row[5])})" if _text(row[5]) else text, _text(row[4])))
    _remarks(record, remarks, "".join(row[3] for row in others if row[0] == "comments"))
    return record


def _remarks(record: Record, main: str, comments: str) -> None:
    """Takes remarks in; the comments go on where the main file breaks off, in the middle of a word if need be."""
    whole = "" if main.strip() == NULL else main + comments
    statements = ofac_remarks.split(whole)
    if len(main) >= LONGEST and not comments and not main.endswith((".", ";", "; ")):
        record.cut = statements.pop() if statements else ""
    record.take_remarks(statements)
