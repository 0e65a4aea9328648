"""Text in; intent, time and what is left to look for out. Pure: which names are stored is not known here."""

from dataclasses import dataclass
from datetime import date

from bot.questions import intents, text, times
from bot.questions.text import Token

LONGEST = 4000
"""Characters of a question: as many as Slack gives a message."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    `text` is without markup, and the tokens point into it. `as_of` is the day it asks about (None: today), `period` the time
    it speaks of, as first and last day; `timed` says that it named one. `explicit` says that its own words ask for a status,
    `permission` that it asks leave to do something, `pointing` that it speaks of what was talked about before ("they"),
    `choosing` that it picks one of several ("the Yantai one").
    """

    asked: str
    text: str
    tokens: tuple[Token, ...]
    intent: str
    as_of: date | None
    period: tuple[date, date] | None
    explicit: bool
    timed: bool
    permission: bool
    pointing: bool
    choosing: bool
    filters: frozenset[str]


def read(asked: str, today: date) -> Question:
    """Takes a question apart. Raises UserError where it is too long or names a day that cannot be."""
    plain = text.clean(asked, LONGEST)
    found = times.find(plain, today)
    tokens = text.tokens(plain, found.ranges)
    tokens = intents.mark(tokens)
    spoken = intents.spoken(tokens)
    return Question(
        asked=asked.encode("utf-8", "replace").decode("utf-8"),
        text=plain,
        tokens=tuple(tokens),
        intent=intents.intent(spoken, any(token.role == "word" for token in tokens)),
        as_of=found.as_of,
        period=found.period,
        explicit=intents.asks_about_status(spoken),
        timed=bool(found.ranges),
        permission=intents.asks_permission(spoken),
        pointing=intents.points_back(spoken),
        choosing=intents.chooses(spoken),
        filters=intents.filters(spoken),
    )
