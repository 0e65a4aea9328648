"""Reads claims files, the form of the starter records and of a team's own; bot/starter/README.md describes it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from bot import scripts
from bot.errors import BadFile
from bot.lists import claims_rules, yaml_lines
from bot.lists.claims_rules import ClaimsFile
from bot.records import Claim, Dataset, Entity, Identifier, Listing, Name, Origin, Records, Source


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that has the form, with where things stand in it."""

    path: Path
    file: ClaimsFile
    lines: yaml_lines.Lines

    def bad(self, path: tuple[yaml_lines.Step, ...], why: str) -> BadFile:
        """The error for the value at `path`, at its line or that of what holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return BadFile(str(self.path), self.lines.get(path, 1), why)


def read(paths: Sequence[Path]) -> list[Records]:
    """The records of claims files: one Records for each dataset, in the order of the files.

    Raises BadFile with the file, the line and the reason for the first rule that is broken.
    """
    checked = [_check(path) for path in paths]
    datasets = list(dict.fromkeys(one.file.dataset.id for one in checked))
    return [_records([one for one in checked if one.file.dataset.id == id]) for id in datasets]


def _check(path: Path) -> _Checked:
    document, lines = yaml_lines.read(path)
    try:
        one = _Checked(path, msgspec.convert(document, ClaimsFile), lines)
    except msgspec.ValidationError as error:
        raise _misshapen(path, lines, str(error)) from error
    for place, why in claims_rules.broken(one.file):
        raise one.bad(place, why)
    return one


def _misshapen(path: Path, lines: yaml_lines.Lines, message: str) -> BadFile:
    """msgspec ends its messages with the place: "… - at `$.claims[0].stance`"."""
    why, _, place = message.partition(" - at ")
    steps = [int(number) if number else word for word, number in re.findall(r"([a-z_]+)|\[(\d+)\]", place)]
    where = tuple(steps)
    while where and where not in lines:
        where = where[:-1]
    why = why.replace("Object contains", "has an").replace("Object missing", "lacks the")
    return BadFile(str(path), lines.get(where, 1), f"{place.strip('`$.') or 'the file'} {why}")


def _records(parts: list[_Checked]) -> Records:
    first = parts[0].file.dataset
    for part in parts:
        if part.file.dataset != first:
            raise part.bad(("dataset",), f"dataset {first.id!r} is described otherwise in {parts[0].path}")
    _no_repetition(parts)
    records = Records(
        dataset=Dataset(first.id, first.title, first.publisher, first.version, first.version, first.url),
        sources=tuple(_source(first.id, one) for part in parts for one in part.file.sources),
        origins=tuple(_origin(first.id, one) for part in parts for one in part.file.origins),
        entities=tuple(_entity(first.id, one) for part in parts for one in part.file.entities),
        listings=tuple(_listing(first.id, one) for part in parts for one in part.file.listings),
        claims=tuple(_claim(first.id, one) for part in parts for one in part.file.claims),
    )
    for part in parts:
        for place, why in _dangling(part.file, records):
            raise part.bad(place, why)
    names = sum(len(one.names) for one in records.entities)
    counted = replace(records.dataset, entities=len(records.entities), names=names, claims=len(records.claims))
    return replace(records, dataset=counted)


def _no_repetition(parts: list[_Checked]) -> None:
    for section in claims_rules.SECTIONS:
        seen: dict[str, _Checked] = {}
        for part in parts:
            for place, one in enumerate(getattr(part.file, section)):
                if one.id in seen:
                    raise part.bad((section, place, "id"), f"{section}: the id {one.id!r} is there already")
                seen[one.id] = part


def _dangling(file: ClaimsFile, records: Records) -> Iterator[tuple[tuple[yaml_lines.Step, ...], str]]:
    """References to records that should be in this dataset and are not. Those to other datasets are checked on loading."""
    name = records.dataset.list
    there = {section: {one.id for one in getattr(records, section)} for section in claims_rules.SECTIONS}
    for section, field, target in claims_rules.REFERENCES:
        for place, one in enumerate(getattr(file, section)):
            value = getattr(one, field)
            for reference in [value] if isinstance(value, str) else value:
                id = full_id(name, reference)
                if id.startswith(f"{name}:") and id not in there[target]:
                    yield (section, place, field), f"{section}, {field}: there is no {reference!r} among the {target}"


def full_id(dataset: str, id: str) -> str:
    """The stored form of an id or reference: `DATASET:ID`."""
    return id if ":" in id else f"{dataset}:{id}"


def _ids(dataset: str, references: Sequence[str]) -> tuple[str, ...]:
    return tuple(full_id(dataset, one) for one in references)


def _source(dataset: str, one: claims_rules.SourceForm) -> Source:
    return Source(full_id(dataset, one.id), one.publisher, one.title, one.url, one.published, one.retrieved)


def _origin(dataset: str, one: claims_rules.OriginForm) -> Origin:
    return Origin(full_id(dataset, one.id), one.speaker, one.occasion, one.uttered)


def _entity(dataset: str, one: claims_rules.EntityForm) -> Entity:
    given = ((one.name, "primary"), *((name.value, name.kind) for name in one.names))
    names = tuple(Name(value, kind, scripts.of_text(value)) for value, kind in given)
    numbers = tuple(Identifier(number.scheme, number.value) for number in one.identifiers)
    return Entity(full_id(dataset, one.id), one.kind, one.name, names, tuple(one.countries), numbers, one.note)


def _listing(dataset: str, one: claims_rules.ListingForm) -> Listing:
    fields: dict[str, Any] = {
        "id": full_id(dataset, one.id),
        "entity_id": full_id(dataset, one.entity),
        "measures": tuple(one.measures),
        "source_ids": _ids(dataset, one.sources),
        "listed_on": one.listed,
        "ended_on": one.ended,
        "read_on": one.as_of,
        "record_id": one.record,
    }
    same = ("authority", "list", "programme", "legal_basis", "first_seen", "last_absent", "reason")
    return Listing(**fields, **{name: getattr(one, name) for name in same})


def _claim(dataset: str, one: claims_rules.ClaimForm) -> Claim:
    fields: dict[str, Any] = {
        "id": full_id(dataset, one.id),
        "origin_id": full_id(dataset, one.origin),
        "source_ids": _ids(dataset, one.sources),
        "subject_ids": _ids(dataset, one.subjects),
        "possible_ids": _ids(dataset, one.possible_subjects),
        "answers": _ids(dataset, one.answers),
        "supersedes": _ids(dataset, one.supersedes),
        "stated_on": one.stated,
        "topics": tuple(one.topics),
    }
    same = ("stance", "category", "statement", "asserted_by", "named_as", "hedge", "period")
    return Claim(**fields, **{name: getattr(one, name) for name in same})
