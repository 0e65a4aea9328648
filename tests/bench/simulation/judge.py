"""What a simulation's Slack wrote down, compared with what was due: what is lost, doubled, late or out of order."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.simulation import timetable
from tests.bench.simulation.timetable import Load, Place

UNSURE = "may not have arrived"
"""What a summary says of one before it that is unsettled."""

FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    """One message that Slack took."""

    team: str
    channel: str
    ts: str
    thread: str
    key: str
    files: tuple[str, ...]
    pictures: bool
    subjects: tuple[int, ...]
    text: str

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(float(self.ts), UTC)


def read(file: Path) -> list[Line]:
    """All of it, in the order in which it was posted."""
    raw = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    return [Line(**{**one, "files": tuple(one["files"]), "subjects": tuple(one["subjects"])}) for one in raw]


@dataclass
class Verdict:
    """How often what was the case, and by name what should not be: summaries that are `lost` or `doubled`, subjects that one does
    not tell of (`untold`) or should not (`retold`), threads out of order, what nobody asked for (`unasked`), what the bot gave up
    (`failed`), and summaries that do not say that the one before is unsettled (`unsaid`)."""

    due: int = 0
    posted: int = 0
    silent: int = 0
    unsettled: int = 0
    unsettled_arrived: int = 0
    unsettled_told: int = 0
    under_unsettled: int = 0
    alerts: int = 0
    replies: int = 0
    sheets: int = 0
    pictures: int = 0
    late: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    retold: list[str] = field(default_factory=list)
    unordered: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What should not be and is, by its kind."""
        kinds = ("lost", "doubled", "untold", "retold", "unordered", "unasked", "failed", "unsaid")
        return {kind: found for kind in kinds if (found := getattr(self, kind))}


@dataclass(frozen=True)
class Case:
    """What there is to judge: the summaries, what became known when, from when to when, the ledger, and by the outbox the state
    of each message (key → state, why)."""

    places: Sequence[Place]
    loads: Sequence[Load]
    begin: datetime
    end: datetime
    lines: Sequence[Line]
    states: Mapping[str, tuple[str, str]]


def judge(case: Case) -> Verdict:
    """Compares."""
    return _Judge(case).judge()


class _Judge:
    """At work on one case."""

    def __init__(self, case: Case) -> None:
        self.case, self.verdict = case, Verdict()
        self.by_key: defaultdict[str, list[Line]] = defaultdict(list)
        self.threads: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
        for line in case.lines:
            self.by_key[line.key].append(line)
            if line.thread:
                self.threads[line.channel, line.thread].append(line)

    def judge(self) -> Verdict:
        verdict, lines = self.verdict, self.case.lines
        verdict.doubled += [key for key, found in self.by_key.items() if key and len(found) > 1]
        verdict.doubled += [
            name for name, times in Counter(name for one in lines for name in one.files).items() if times > 1
        ]
        verdict.alerts = sum(line.key.startswith("alert") for line in lines)
        verdict.replies = sum(bool(line.thread) for line in lines)
        verdict.sheets = sum(bool(line.files) for line in lines)
        verdict.pictures = sum(line.pictures for line in lines)
        keys = {key for place in self.case.places for key in self._place(place)}
        ours = (line.key for line in lines if not line.thread and line.key.startswith(("daily:", "weekly:")))
        verdict.unasked += [key for key in ours if key not in keys]
        self._outbox()
        for found in self.threads.values():
            self._order(sorted(found, key=lambda line: float(line.ts)))
        return verdict

    def _place(self, place: Place) -> Iterator[str]:
        """One channel's summaries: each due day once, and in it what became known since the last. Gives their keys."""
        known, since, unsure = list(timetable.heard(place, self.case.loads)), self.case.begin, False
        days = timetable.due(place, self.case.begin, self.case.end)
        until = [moment for _, moment in days[1:]] + [FAR]
        for (day, moment), end in zip(days, until, strict=False):
            key = f"{place.key}:{day}"
            wanted = {subject for at, subject in known if since < at <= moment}
            self.verdict.due += 1
            if self._is_unsettled(key):
                self.verdict.unsettled += 1
                self.verdict.unsettled_arrived += len(self.by_key.get(key, []))
                unsure = True
            elif found := self.by_key.get(key):
                self._posted(place, found[0], wanted, unsure=unsure)
                if not moment <= found[0].at < end:
                    self.verdict.unasked.append(f"{key} at {found[0].at}")
                self.verdict.late.append((found[0].at - moment).total_seconds())
                unsure = False
            elif place.quiet == "silent" and not wanted:
                self.verdict.silent += 1
            else:
                self.verdict.lost.append(key)
            since = moment
            yield key

    def _posted(self, place: Place, first: Line, wanted: set[int], *, unsure: bool) -> None:
        self.verdict.posted += 1
        if place.quiet == "silent" and not wanted:
            self.verdict.unasked.append(first.key)
        if unsure and UNSURE in first.text:
            self.verdict.unsettled_told += 1
        elif unsure:
            self.verdict.unsaid.append(first.key)
        whole = [first, *self.threads.get((first.channel, first.ts), [])]
        told = {subject for line in whole for subject in line.subjects}
        if not any(self._is_unsettled(f"{first.key}:{number}") for number in range(1, 30)):
            self.verdict.untold += [f"{first.key} Qorvex{subject:04}" for subject in sorted(wanted - told)]
        self.verdict.retold += [f"{first.key} Qorvex{subject:04}" for subject in sorted(told - wanted)]

    def _is_unsettled(self, key: str) -> bool:
        return self.case.states.get(key, ("", ""))[0] == "unsettled"

    def _outbox(self) -> None:
        """What the bot itself says is not sent: only what hangs on a message that is unsettled may have failed."""
        for key, (state, why) in self.case.states.items():
            head = ":".join(key.split(":")[:4])
            if key != head and (state == "unsettled" or (state == "failed" and self._is_unsettled(head))):
                self.verdict.under_unsettled += 1
            elif state not in ("sent", "unsettled"):
                self.verdict.failed.append(f"{key} {state} {why}")

    def _order(self, lines: Sequence[Line]) -> None:
        """A thread's messages in the order of their numbers, the table last."""
        numbers = [int(line.key.rpartition(":")[2]) for line in lines if line.key]
        if numbers != sorted(numbers) or any(line.files for line in lines[:-1]):
            self.verdict.unordered.append(f"{lines[0].channel} {lines[0].thread}: {numbers}")


def percentile(some: Iterable[float], share: float) -> float:
    """The figure below which this share lies; 0 of none."""
    ordered = sorted(some)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
