"""Where questions are answered: looks up, words, and keeps the receipt before anyone reads the answer."""

import dataclasses
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot import document, lookup, receipts
from bot.answers import Answer
from bot.errors import UserError
from bot.indexing import Names
from bot.lookup import Asking, Knowledge
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.matching.shelf import folder_for
from bot.records import Thresholds
from bot.reply import Message, Words
from bot.store import receipts as kept
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer that nobody has read, with what its receipt will say."""

    asking: Asking
    answer: Answer
    message: Message
    evidence: dict[str, Any]


class Desk:
    """One process's place to answer from, for all its threads; `asker` names the door in receipts where the question does not
    say who asks. Holds what was read in for each workspace; `folder` is where the processes of a machine share the bulk of it;
    `required` are the lists that must be fresh for a negative."""

    def __init__(
        self, database: Database, asker: str, folder: Path | None = None, required: tuple[str, ...] = ()
    ) -> None:
        self.database, self.asker, self.required = database, asker, required
        self.words = Words()
        self.names = Names(Analyser(words.load()), folder and folder_for(folder, database.address))
        self.knowledge: dict[str, Knowledge] = {}
        self.reading_in = threading.Lock()

    def ask(self, asking: Asking) -> tuple[Answer, Message]:
        """One answer and its message; the receipt is kept. Raises UserError and Missing as `prepare` does."""
        prepared = self.prepare(asking)
        with self.database.writing() as session:
            self.keep(session, prepared)
        return prepared.answer, prepared.message

    def prepare(self, asking: Asking, after: Sequence[str] = ()) -> Prepared:
        """One answer and its message, which ends with the templates named in `after`. Nobody may read it before `keep`.

        Raises UserError for a question that is too long or names a day that cannot be, Missing where there is no database.
        """
        answer, thresholds = self._look_up(asking)
        message = self.words.answer(answer, after=after)
        evidence = document.evidence(self.words, answer, message, asking.by or self.asker)
        used = {"thresholds": dataclasses.asdict(thresholds), "asking": document.asking(asking)}
        return Prepared(asking, answer, message, evidence | used)

    def keep(self, session: Session, one: Prepared) -> None:
        """Keeps the receipt of an answer, in the transaction of `session`."""
        receipts.keep(session, one.answer.receipt, one.asking.workspace, one.asking.now, one.evidence)

    def keep_sharing(self, session: Session, receipt: str, workspace: str, by: str, now: datetime) -> None:
        """Keeps, in the transaction of `session`, that somebody showed the answer of a receipt to others."""
        receipts.keep(session, receipts.new_id(now), workspace, now, {"shared": receipt, "asker": by})

    def read_in(self, workspace: str) -> None:
        """Makes ready to answer for a workspace. Raises Missing where there is no database."""
        with self.database.reading() as session:
            self.know(session, workspace)

    def _look_up(self, asking: Asking) -> tuple[Answer, Thresholds]:
        with self.database.reading() as session:
            known = self.know(session, asking.sees)
            return lookup.answer(session, known, asking), known.thresholds

    def know(self, session: Session, workspace: str) -> Knowledge:
        """What is stored for a workspace, as this transaction sees it. One thread reads in what others then use."""
        with self.reading_in:
            known = lookup.know(session, self.names, workspace, self.knowledge.get(workspace), self.required)
            self.knowledge[workspace] = known
            return known

    def asked(self, receipt: str, workspace: str) -> Asking:
        """What was asked for a receipt of this workspace. Raises UserError where it has none of that id."""
        with self.database.reading() as session:
            stored = kept.by_id(session, receipt, workspace)
        if stored is None or "asking" not in stored.body:
            raise UserError("There is no stored answer to that button. Please ask again.")
        return document.read_asking(stored.body["asking"], workspace, stored.answered_at)

    def again(self, receipt: str, workspace: str, *, outsiders: bool = False) -> Answer:
        """The answer of a receipt, from what was stored when it was given; for `outsiders`, from what everybody may see of
        that. Raises UserError where there is none of that id."""
        asking = self.asked(receipt, workspace)
        asking = replace(asking, known_at=asking.known_at or asking.now, outsiders=asking.outsiders or outsiders)
        answer, _ = self._look_up(asking)
        return replace(answer, receipt=receipt)

    def document(self, answer: Answer, message: Message) -> dict[str, Any]:
        """An answer as JSON, in the form of the contract."""
        return document.answer(self.words, answer, message)
