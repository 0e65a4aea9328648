"""Reads FollowTheMoney files of OpenSanctions, `entities.ftm.json`, and their deltas, `entities.delta.json`."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.lists import opensanctions_acts, opensanctions_subjects, parts
from bot.lists.opensanctions_datasets import Lists
from bot.lists.opensanctions_ids import KINDS
from bot.lists.opensanctions_objects import ADDRESS, PARTS, Object, Survey, read
from bot.lists.spool import Spool
from bot.records import Entry, Gone, Item, Rejected

RELATIONS = {
    *("Ownership", "Directorship", "Family", "Associate", "UnknownLink", "Membership", "Employment", "Representation"),
    *("Succession", "Occupancy", "Debt", "Payment", "Similar", "ProjectParticipant"),
}
"""Schemata of what joins two subjects."""


@dataclass(slots=True)
class _Reading:
    """The subjects of some files while they are given out; `met` are those whose parts were."""

    lists: Lists
    survey: Survey
    met: Spool
    attached: int = 0
    removed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)

    def file(self, path: Path) -> Iterator[Item]:
        """What one file holds."""
        tally = parts.Tally(path)
        self.left_out.clear()
        for one, why in read(path):
            tally.seen += 1
            if why:
                yield tally.reject(one.where or path.name, why)
            elif one.op == "DEL":
                yield from self._gone(one)
            elif one.schema in KINDS:
                yield from self._subject(one, path, tally)
            elif not one.owners and one.schema != ADDRESS:
                self.left_out[one.schema or "nameless"] += 1
            elif one.schema == "Sanction" and not opensanctions_acts.is_telling(one):
                yield Rejected(one.where, "a Sanction that names no programme, authority or reason")
        tally.finish()
        yield from self._told(path)

    def _subject(self, one: Object, path: Path, tally: parts.Tally) -> Iterator[Item]:
        belongings = self.survey.of(one.id)
        if belongings:
            self.attached += len(belongings)
            self.met.keep([(one.id, True)])
        addresses = [each for id in one.values("addressEntity") for each in self.survey.of(id)]
        subject = opensanctions_subjects.build(one, belongings, addresses)
        sanctions = [each for each in belongings if each.schema == "Sanction" and opensanctions_acts.is_telling(each)]
        datasets = {name: None for each in (one, *sanctions) for name in each.datasets}
        if not subject.name or not datasets:
            yield tally.reject(one.where, f"{'datasets are' if subject.name else 'name is'} empty")
        else:
            yield from self.lists.meet(sorted(datasets), path)
            for listed in self.lists.of(sorted(datasets)):
                # A sanction is on the list of its own dataset alone.
                mine = [each for each in sanctions if listed in self.lists.of(each.datasets)]
                entity = replace(subject, id=f"{listed.id}:{one.id}")
                acts = (opensanctions_acts.build(each, one, listed) for each in sorted(mine, key=lambda each: each.id))
                yield Entry(entity, tuple(acts), one.where)

    def _gone(self, one: Object) -> Iterator[Gone]:
        """A delta does not say what lists the object was on: it is off all those that the delta is about."""
        for listed in self.lists.met.values():
            yield Gone(f"{listed.id}:{one.id}", one.where)
        self.removed += not self.lists.met

    def _told(self, path: Path) -> Iterator[Rejected]:
        if self.removed:
            why = f"{_objects(self.removed, 'removed')}: the delta names no list that they could be taken off"
            yield Rejected(path.name, why)
        for schema, count in sorted(self.left_out.items()):
            why = "no subject of it is named" if schema in PARTS else "no kind of subject that is kept"
            why = "relations are not kept" if schema in RELATIONS else why
            yield Rejected(path.name, f"{_objects(count, schema)}: {why}")

    def orphans(self) -> Iterator[Rejected]:
        """The parts whose subject was not met; sanctions each, others counted."""
        if self.attached == self.survey.kept:
            return
        why = f"its subject is not in this {'delta' if self.lists.is_delta else 'file'}, or of no kind that is kept"
        counted: Counter[str] = Counter()
        for id, _ in self.survey.spool.groups():
            belongings = [one for one in self.survey.of(id) if one.schema != ADDRESS]
            if belongings and not self.met.of(id):
                counted.update(one.schema for one in belongings if one.schema != "Sanction")
                yield from (Rejected(one.where, why) for one in belongings if one.schema == "Sanction")
        for schema, count in sorted(counted.items()):
            yield Rejected("all files", f"{_objects(count, schema)}: {why}")


def _objects(count: int, kind: str) -> str:
    return f"{count} {kind} object{'s' if count > 1 else ''}"


def items(paths: Sequence[Path], lists: Lists, survey: Survey) -> Iterator[Item]:
    """What files hold that were gone through: entries, what is gone, and what was left out. Raises BadFile."""
    with Spool() as met:
        reading = _Reading(lists, survey, met)
        for path in paths:
            if lists.is_delta:
                yield from lists.meet(sorted(survey.datasets), path)
            yield from reading.file(path)
        yield from reading.orphans()
