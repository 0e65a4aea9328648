"""Route 4: a file of names -> a file of results, each name answered as a question for it is."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bot import kinds, lookup, receipts
from bot.answers import Standing, Subject
from bot.batches import Batch, Plan
from bot.desk import Desk
from bot.dossier import Reading
from bot.errors import UserError
from bot.lookup import NEAREST, Knowledge
from bot.matching.index import View, decide
from bot.matching.score import VERSION
from bot.mentions import Mention
from bot.questions import LONGEST
from bot.records import Dataset
from bot.reply import Part, Words
from bot.store import datasets
from bot.store.database import Database

NEEDS = ("name",)
ADDS = (
    *("status", "entity_id", "entity_name", "record_ids", "matched_name", "score", "reasons", "listings", "claims"),
    "candidates",
)

NEAR = 0.05
"""From this score a stored name is a candidate: a file shows what is far from a match too, for whoever looks over many rows."""


class Asked(NamedTuple):
    """One name to be screened; the kind of subject as matching knows it, and a country code, each empty where it is not known."""

    name: str
    schema: str
    country: str


@dataclass(frozen=True, slots=True)
class Look:
    """What all names of a run are looked up in: one workspace's records as they were known at a moment, about one day."""

    workspace: str
    known_at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Screening:
    """Makes a worker ready, in any process: it reads the names in from the database of `url` and the folder that the processes of
    a machine share. Raises Missing where there is no database."""

    url: str
    folder: Path
    look: Look

    @contextmanager
    def __call__(self) -> Iterator[Callable[[list[Asked]], list[list[str]]]]:
        with Database(self.url) as database:
            desk = Desk(database, "screening", self.folder)
            with database.reading() as session:
                knowledge = desk.know(session, self.look.workspace)

            def work(chunk: list[Asked]) -> list[list[str]]:
                with database.reading() as session:
                    return screen(session, knowledge, desk.words, self.look, chunk)

            yield work


def plan(url: str, folder: Path, look: Look) -> Plan:
    """How a sheet of names is screened, by the records of a database."""
    return Plan(NEEDS, ADDS, "status", read, Screening(url, folder, look))


def read(cells: Mapping[str, str]) -> Asked:
    """What a row asks. Raises UserError for a row without a name, with one that is too long, or of an unknown kind."""
    name = cells["name"].strip()
    if not name:
        raise UserError("name: is empty")
    if len(name) > LONGEST:
        raise UserError(f"name: has {len(name):,} characters; {LONGEST:,} is the most")
    try:
        schema = kinds.kind(cells.get("kind", ""))
    except UserError as error:
        raise UserError(f"kind: {error}") from None
    return Asked(name, schema, cells.get("country", "").strip())


def look(session: Session, workspace: str, day: date, now: datetime) -> Look:
    """What a run that begins now looks into: all that is loaded, and nothing that is loaded while it runs."""
    loaded = (one.loaded_at for one in datasets.current(session, workspace))
    return Look(workspace, max([now, *filter(None, loaded)]), day)


def screen(session: Session, knowledge: Knowledge, words: Words, look: Look, names: Sequence[Asked]) -> list[list[str]]:
    """The new cells for each name, in the order of ADDS."""
    reading = Reading(session, look.workspace, look.known_at, look.day)
    view = replace(knowledge.view(reading), show=min(NEAR, knowledge.thresholds.show))
    mentions = [_mention(knowledge, view, one) for one in names]
    subjects = lookup.weigh_names(mentions, reading, knowledge)
    return [_cells(words, subject, one.country) for subject, one in zip(subjects, names, strict=True)]


def _mention(knowledge: Knowledge, view: View, asked: Asked) -> Mention:
    """A name with no more of its matches than are written: each costs a look into the store."""
    found = knowledge.index.match(asked.name, view, asked.schema)
    return Mention(asked.name, 0, tuple(found[: max(len(decide(found, knowledge.thresholds.match)), 1) + NEAREST]))


def _cells(words: Words, subject: Subject, country: str) -> list[str]:
    one = subject.standing
    near = [*([one] if one else []), *subject.candidates][:NEAREST]
    candidates = json.dumps([_candidate(each) for each in near], ensure_ascii=False)
    if one is None or one.match is None:
        return [subject.status, *[""] * 8, candidates]
    parts = words.parts("_screened", 1, one=one, country=_other(country, one))
    reasons = [words.reason(why) for why in one.match.reasons] + _texts(parts, "note")
    return [
        *(subject.status, one.entity.id, one.entity.name, ";".join(record_ids(one))),
        *(one.match.name, f"{one.match.score:.3f}", "; ".join(filter(None, reasons))),
        *("; ".join(_texts(parts, "item")), "; ".join(_texts(parts, "sub"))),
        candidates,
    ]


def _texts(parts: Sequence[Part], kind: str) -> list[str]:
    return ["".join(run.text for run in part.runs) for part in parts if part.kind == kind]


def _other(country: str, one: Standing) -> str:
    """A country code that contradicts what is stored; empty where it does not, or is no code."""
    stored = [code.casefold() for code in one.entity.countries]
    return country if len(country) == 2 and stored and country.casefold() not in stored else ""


def _candidate(one: Standing) -> dict[str, Any]:
    score = round(one.match.score, 3) if one.match else None
    return {"id": one.entity.id, "name": one.entity.name, "record_ids": record_ids(one), "score": score}


def record_ids(one: Standing) -> list[str]:
    """The publishers' ids of an entity's records: those of its listings, else its own without the dataset before it."""
    listed = dict.fromkeys(fact.listing.record_id for fact in one.listings if fact.listing.record_id)
    return list(listed) or [one.entity.id.partition(":")[2] or one.entity.id]


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
    """What the receipt of a run says. By which data rows were made that were there before it, the receipt of that run tells."""
    screened = {
        "input": {"file": batch.sheet.path.name, "sha256": batch.sheet.sha256, "rows": batch.sheet.count},
        "output": {"file": batch.results.path.name, "sha256": batch.results.sha256()},
        "rows": batch.tally.rows,
        "rows_before": batch.tally.before,
        "rejected_rows": batch.tally.rejected_rows,
        "statuses": dict(batch.tally.counts),
        "as_of": look.day.isoformat(),
        "known_at": _moment(look.known_at),
    }
    data = [{"list": one.list, "version": one.version, "loaded_at": _moment(one.loaded_at)} for one in coverage]
    return {"screened": screened, "data": data, "matcher": VERSION, "asker": "terminal"}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
