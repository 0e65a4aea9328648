"""Text in; intent, time and what is left to look for out. Pure: which names are stored is not known here."""

from dataclasses import dataclass, replace
from datetime import date

from bot.filters import Filters
from bot.questions import intents, narrowing, text, times
from bot.questions.text import Token
from bot.scripts import is_han

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
    filters: Filters


def read(asked: str, today: date) -> Question:
    """Takes a question apart. Raises UserError where it is too long or names a day that cannot be."""
    plain = text.clean(asked, LONGEST)
    found = times.find(plain, today)
    tokens = text.tokens(plain, found.ranges)
    spoken = intents.spoken(tokens)
    said = narrowing.Spoken(spoken, plain)
    lists, named = narrowing.named_lists(said)
    tokens = intents.mark(tokens, narrowing.spans(plain, named))
    filters = replace(narrowing.read(said, [*narrowing.spans(plain, named), *found.ranges]), after=found.after)
    has_names = any(token.role == "word" and not narrowing.is_of_sort(said, token.text) for token in tokens)
    intent = "list" if lists and spoken.removeprefix("the ") in named else intents.intent(spoken, has_names)
    if intent in ("status", "unknown") and not has_names and not intents.points_back(spoken):
        intent = _of_lists(said, filters) or intent
    if intent == "list" and _tells_when(found, plain, filters):
        intent = "changes"
    if intent == "changes":
        tokens = [replace(one, role="frame") if _is_sort(one, said) else one for one in tokens]
    return Question(
        asked=asked.encode("utf-8", "replace").decode("utf-8"),
        text=plain,
        tokens=tuple(tokens),
        intent=intent,
        as_of=found.as_of,
        period=_period(found, plain, today) if intent == "changes" else found.period,
        explicit=intents.asks_about_status(spoken),
        timed=bool(found.ranges),
        permission=intents.asks_permission(spoken),
        pointing=intents.points_back(spoken),
        choosing=intents.chooses(spoken),
        filters=filters,
    )


def _is_sort(token: Token, said: narrowing.Spoken) -> bool:
    """Whether a word names nobody, but says whom of all is asked for."""
    return token.role == "word" and narrowing.is_of_sort(said, token.text)


def _tells_when(found: times.Found, plain: str, filters: Filters) -> bool:
    """Whether a Chinese question asks who came or went in a time: "2024年5月哪些公司被列入"."""
    is_dated = bool(found.ranges) and not times.is_as_of(plain, found.ranges[0])
    return is_dated and bool(filters.changes) and any(map(is_han, plain))


def _of_lists(said: narrowing.Spoken, filters: Filters) -> str:
    """The intent of a question that names nobody but speaks of lists."""
    if filters.changes:
        return "changes"
    return "list" if (filters.lists or filters.asks_who) and narrowing.asks_for_many(said) else ""


def _period(found: times.Found, plain: str, today: date) -> tuple[date, date] | None:
    """What changed "on" a day changed on that day; "as of" a day is no period."""
    if found.period or not found.ranges or times.is_as_of(plain, found.ranges[0]):
        return found.period
    day = found.as_of or today
    return day, day
