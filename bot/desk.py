"""Where questions are answered: looks up, words, and keeps the receipt before anyone reads the answer."""

from typing import Any

from bot import document, lookup, receipts
from bot.answers import Answer
from bot.lookup import Asking, Knowledge
from bot.matching import words
from bot.matching.analysis import Analyser
from bot.reply import Message, Words
from bot.store.database import Database


class Desk:
    """One process's place to answer from; `asker` names the door in receipts. Holds what was read in for each workspace."""

    def __init__(self, database: Database, asker: str) -> None:
        self.database, self.asker = database, asker
        self.words = Words()
        self.analyser = Analyser(words.load())
        self.knowledge: dict[str, Knowledge] = {}

    def ask(self, asking: Asking) -> tuple[Answer, Message]:
        """One answer and its message; the receipt is kept.

        Raises UserError for a question that is too long or names a day that cannot be, Missing where there is no database.
        """
        with self.database.reading() as session:
            known = lookup.know(session, self.analyser, asking.workspace, self.knowledge.get(asking.workspace))
            self.knowledge[asking.workspace] = known
            answer = lookup.answer(session, known, asking)
        message = self.words.answer(answer)
        evidence = document.evidence(self.words, answer, message, self.asker)
        with self.database.writing() as session:
            receipts.keep(session, answer.receipt, asking.workspace, asking.now, evidence)
        return answer, message

    def document(self, answer: Answer, message: Message) -> dict[str, Any]:
        """An answer as JSON, in the form of the contract."""
        return document.answer(self.words, answer, message)
