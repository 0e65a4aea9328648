"""Route 4: a file of names -> a file of results, each name answered as a question for it is."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bot import countries, dates, kinds, lookup, receipts, subjects
from bot.answers import Standing, Subject
from bot.batches import Batch, Plan
from bot.desk import Desk
from bot.dossier import Reading
from bot.errors import UserError
from bot.lookup import NEAREST, SHIPPED, Knowledge
from bot.matching.index import View, decide
from bot.matching.numbers import numbers
from bot.matching.score import VERSION
from bot.mentions import Mention
from bot.questions import LONGEST
from bot.records import Dataset, Thresholds
from bot.reply import Part, Words
from bot.store import datasets, thresholds
from bot.store.database import Database

NEEDS = ("name",)
ADDS = (
    *("status", "entity_id", "entity_name", "record_ids", "matched_name", "score", "reasons", "listings", "claims"),
    "candidates",
)

NEAR = 0.01
"""From this score a stored name is a candidate: a file shows what is far from a match too, for whoever looks over many rows. What
a place, a number or a direction tells apart scores that low."""

MOST_TOLD = 20
"""Of how many entities that fit one name equally well the law and the reporting are told."""


class Asked(NamedTuple):
    """One name to be screened; the kind of subject as matching knows it, and a country code, each empty where it is not known."""

    name: str
    schema: str
    country: str


@dataclass(frozen=True, slots=True)
class Look:
    """What all names of a run are looked up in: one workspace's records as they were known at a moment, about one day, and the
    scores from which it wanted names shown and matched."""

    workspace: str
    known_at: datetime
    day: date
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Screening:
    """Makes a worker ready, in any process: it reads the names in from the database of `url` and the folder that the processes of
    a machine share. Raises Missing where there is no database."""

    url: str
    folder: Path
    look: Look
    required: tuple[str, ...] = ()

    @contextmanager
    def __call__(self) -> Iterator[Callable[[list[Asked]], list[list[str]]]]:
        with Database(self.url) as database:
            desk = Desk(database, "screening", self.folder, self.required)
            with database.reading() as session:
                knowledge = replace(desk.know(session, self.look.workspace), thresholds=self.look.thresholds)

            def work(chunk: list[Asked]) -> list[list[str]]:
                with database.reading() as session:
                    return screen(session, knowledge, desk.words, self.look, chunk)

            yield work


def plan(url: str, folder: Path, look: Look, required: tuple[str, ...] = ()) -> Plan:
    """How a sheet of names is screened, by the records of a database."""
    return Plan(NEEDS, ADDS, "status", read, Screening(url, folder, look, required))


def read(cells: Mapping[str, str]) -> Asked:
    """What a row asks. Raises UserError for a row without a name, with one that is too long, of an unknown kind or country."""
    name = cells["name"].strip()
    if not name:
        raise UserError("name: is empty")
    if len(name) > LONGEST:
        raise UserError(f"name: has {len(name):,} characters; {LONGEST:,} is the most")
    try:
        schema = kinds.kind(cells.get("kind", ""))
    except UserError as error:
        raise UserError(f"kind: {error}") from None
    try:
        country = countries.country(cells.get("country", ""))
    except UserError as error:
        raise UserError(f"country: {error}") from None
    return Asked(name, schema, country)


def look(session: Session, workspace: str, day: date, now: datetime) -> Look:
    """What a run that begins now looks into: all that is loaded, and nothing that is loaded while it runs."""
    loaded = (one.loaded_at for one in datasets.current(session, workspace))
    wanted = thresholds.of(session, workspace) or SHIPPED
    return Look(workspace, max([now, *filter(None, loaded)]), day, wanted)


def basis(look: Look, input: str, coverage: Sequence[Dataset]) -> dict[str, Any]:
    """What the results of a run rest on, as JSON; `input` is the fingerprint of its file."""
    return {
        "verb": "screen",
        "input": input,
        "workspace": look.workspace,
        "matcher": VERSION,
        "as_of": look.day.isoformat(),
        "known_at": dates.moment(look.known_at),
        "data": _versions(coverage),
        "thresholds": asdict(look.thresholds),
    }


def look_again(begun: Mapping[str, Any], workspace: str) -> Look:
    """What a run looked into that is gone on with, from its basis. Raises KeyError, TypeError or ValueError where it is none."""
    day, wanted = date.fromisoformat(begun["as_of"]), Thresholds(**begun["thresholds"])
    return Look(workspace, datetime.fromisoformat(begun["known_at"]), day, wanted)


def screen(session: Session, knowledge: Knowledge, words: Words, look: Look, names: Sequence[Asked]) -> list[list[str]]:
    """The new cells for each name, in the order of ADDS."""
    reading = Reading(session, look.workspace, look.known_at, look.day, knowledge.required)
    view = replace(knowledge.view(reading), show=min(NEAR, knowledge.thresholds.show))
    mentions = [mention(knowledge, view, one) for one in names]
    subjects = lookup.weigh_names(mentions, reading, knowledge)
    return [cells(words, subject, one, reading) for subject, one in zip(subjects, names, strict=True)]


def mention(knowledge: Knowledge, view: View, asked: Asked) -> Mention:
    """A name with no more of its matches than are written: each costs a look into the store. A number is read as `ask` does."""
    for one in numbers(knowledge.index, asked.name, view):
        if one.text == asked.name:
            return Mention(asked.name, 0, one.matches, wrong=one.wrong)
    found = knowledge.index.match(asked.name, view, asked.schema)
    return Mention(asked.name, 0, tuple(found[: max(len(decide(found, knowledge.thresholds.match)), 1) + NEAREST]))


def cells(words: Words, subject: Subject, asked: Asked, reading: Reading) -> list[str]:
    """The new cells of a row, in the order of ADDS."""
    one = subject.standing
    reasons, listings, claims = _words(words, subject, asked, reading)
    near = [*([one] if one else []), *subject.candidates][:NEAREST]
    return [
        subject.status,
        *((one.entity.id, one.entity.name, ";".join(record_ids(one))) if one else ("", "", "")),
        *((one.match.name, f"{one.match.score:.3f}") if one and one.match else ("", "")),
        *(reasons, listings, claims),
        json.dumps([_candidate(each) for each in near], ensure_ascii=False),
    ]


def _words(words: Words, subject: Subject, asked: Asked, reading: Reading) -> list[str]:
    """Why it was matched or was not, the law, and the reporting: of one entity, or of all that fit."""
    # Each entity that the template gets costs time: of what was only near, it tells the nearest.
    most = 0 if subject.standing else MOST_TOLD if subject.status == "ambiguous" else 1
    parts = words.parts(
        "_screened",
        NEAREST,
        subject=replace(subject, candidates=subject.candidates[:most]),
        fitting=len(subject.candidates),
        country=asked.country,
        kinds=kinds.alike(asked.schema),
        coverage=reading.coverage,
        as_of=reading.day,
    )
    return ["; ".join(filter(None, _texts(parts, kind))) for kind in ("note", "item", "sub")]


def _texts(parts: Sequence[Part], kind: str) -> list[str]:
    return ["".join(run.text for run in part.runs) for part in parts if part.kind == kind]


def _candidate(one: Standing) -> dict[str, Any]:
    score = round(one.match.score, 3) if one.match else None
    return {"id": one.entity.id, "name": one.entity.name, "record_ids": record_ids(one), "score": score}


def record_ids(one: Standing) -> list[str]:
    """The publishers' ids of an entity's records: those of its listings, and of records without one their own without the
    dataset before it; of what people wrote, that only where there is no other."""
    acts = [act for fact in one.listings for act in (fact.listing, *fact.copies)]
    bare = set(one.records) - {act.entity_id for act in acts}
    own = [id.partition(":")[2] or id for id in one.records if id in bare and subjects.is_published(id)]
    found = dict.fromkeys([*(act.record_id for act in acts if act.record_id), *own])
    return list(found) or [id.partition(":")[2] or id for id in one.records]


def keep(session: Session, batch: Batch, look: Look, now: datetime) -> str:
    """Keeps one receipt for a run, in the transaction of `session`: the files, what was counted, and the data it rests on. Gives
    its id."""
    id = receipts.new_id(now)
    receipts.keep(
        session,
        id,
        look.workspace,
        now,
        evidence(batch, look, datasets.current(session, look.workspace, look.known_at)),
    )
    return id


def evidence(batch: Batch, look: Look, coverage: Sequence[Dataset]) -> dict[str, Any]:
    """What the receipt of a run says; the rows that were there before it rest on the same."""
    screened = {
        "input": {"file": batch.sheet.path.name, "sha256": batch.sheet.sha256, "rows": batch.sheet.count},
        "output": {"file": batch.results.path.name, "sha256": batch.results.sha256()},
        "rows": batch.tally.rows,
        "rows_before": batch.tally.before,
        "rejected_rows": batch.tally.rejected_rows,
        "statuses": dict(batch.tally.counts),
        "as_of": look.day.isoformat(),
        "known_at": dates.moment(look.known_at),
    }
    used = {"thresholds": asdict(look.thresholds), "matcher": VERSION}
    return {"screened": screened, "data": _versions(coverage), **used, "asker": "terminal"}


def _versions(coverage: Sequence[Dataset]) -> list[dict[str, Any]]:
    return [
        {"list": one.list, "version": one.version, "loaded_at": one.loaded_at and dates.moment(one.loaded_at)}
        for one in coverage
    ]
