"""When a summary is due: what people type for it, and the moments of a local time on days of the week. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot import zones
from bot.errors import UserError
from bot.mail import DAILY, WEEKLY, Scope

QUIET = ("silent", "line")
"""What happens on a day without changes."""

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
"""Monday is 0."""

WEEKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)

EXAMPLES = {
    DAILY: "write it like “09:00 Europe/London”, “9.30 pm Shanghai weekdays line” or “08:00 list SDN, Entity List”",
    WEEKLY: "write it like “monday 09:00 Europe/London”",
}

_QUIET = {"silent": "silent", "quiet": "silent", "line": "line", "heartbeat": "line"}
_NAMED_TIMES = {"noon": "12:00", "midnight": "00:00"}
_FILLERS = frozenset(
    "a all and at by changes daily day each every everything for from here in is it me morning of on only please post send "
    "start summary tell the time timezone to us weekly with zone ,".split()
)
_TIME = re.compile(
    r"(?<![\w:.+-])(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?|(?P<joined>\d{3,4}))"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?(?![\w:])"
)
_DAYS = (
    *("mon|mondays?", "tues?|tuesdays?", "weds?|wednesdays?", "thu|thurs?|thursdays?", "fri|fridays?"),
    *("sat|saturdays?", "sun|sundays?"),
)
_DAY = f"(?:{'|'.join(_DAYS)})"
_SETS = {
    "(?:week|work|working |business )days?": WEEKDAYS,
    "weekends?": WEEKEND,
    "(?:every ?|each |all )days?": EVERY_DAY,
}
_SOME = rf"(?:{_DAY} ?(?:-|to|through|thru|until|till) ?{_DAY}|{_DAY}|{'|'.join(_SETS)})"
_BUT = re.compile(
    rf"\b(?:except|excluding|but not|not)(?: for)?(?: on)? ({_SOME}(?:(?: ,| and| or| on)* {_SOME})*)(?!\S)"
)
_ON = re.compile(rf"(?<!\S){_SOME}(?!\S)")

_DAYLIKE = re.compile(r"\w+days?")
_ALL = re.compile(r"\b(?:all|everything)\b")

_SORTS = {"list": "lists", "topic": "topics", "country": "countries"}
_SORT = re.compile(r"(?P<sort>list|topic|country)s?:?|(?P<sorts>countries):?")
_WATCHED = ("watched", "watchlist")
_ENDS = re.compile(
    rf"{_DAY}(?:-{_DAY})?|(?:week|work)days?|weekends?|working|business|daily|each|every|except|but|not|at|only|noon|midnight"
    r"|\d{1,2}[:.h]\d\d(?:[ap]\.?m\.?)?|\d{1,2}[ap]\.?m\.?"
)
_PARTING = (",", "and", "or")


@dataclass(frozen=True, slots=True)
class Schedule:
    """A summary as it was asked for: the local time, the IANA zone, one of QUIET, the days of the week, and what it tells of, as
    it was typed."""

    at: str
    zone: str
    quiet: str = "silent"
    days: tuple[int, ...] = EVERY_DAY
    scope: Scope = field(default_factory=Scope)


def read(text: str, default_zone: str, edition: str = DAILY, before: Schedule | None = None) -> Schedule:
    """What a person wants who types `text`: a time of day, maybe a zone, days, one of QUIET, and what is told of, in any order.
    What is not said stays as it was `before`, where there was one; the time must be said where there was none.

    Raises UserError, which says what was not understood and how to write it.
    """
    words = _words(text)
    quiet = list(dict.fromkeys(_QUIET[word] for word in words if word in _QUIET))
    if len(quiet) > 1:
        raise UserError("Choose one for days without changes: silent (nothing is posted) or line (one line is).")
    rest, clauses = _clauses(words)
    outside, days = _days(" ".join(word for word in rest if word not in _QUIET), edition)
    at, place = _spilled(outside, clauses)
    found = _TIME.search(at)
    if strange := next((word for word in place.split("_") if _DAYLIKE.fullmatch(word)), ""):
        raise UserError(f"I do not know the day “{strange[:60]}”; {EXAMPLES[edition]}.")
    if not found and not before:
        said = f" in “{text.strip()[:60]}”" if text.strip() else ""
        raise UserError(f"There is no time of day{said}; {EXAMPLES[edition]}.")
    kept = before or Schedule("", default_zone, days=EVERY_DAY if edition == DAILY else EVERY_DAY[:1])
    zone = zones.meant(place, EXAMPLES[edition]) if place else kept.zone
    is_all = _ALL.search(outside) is not None
    return Schedule(
        _time(found, edition) if found else kept.at,
        zone,
        quiet[0] if quiet else kept.quiet,
        days or kept.days,
        _scope(rest, clauses) or (Scope() if is_all else kept.scope),
    )


def _words(text: str) -> list[str]:
    plain = re.sub(r"[‐-―]", "-", unicodedata.normalize("NFKC", text).casefold())
    words = re.sub(r"[,;&]", lambda found: " and " if found[0] == "&" else " , ", plain).split()
    return [_NAMED_TIMES.get(word, word) for word in words]


def _clauses(words: Sequence[str]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """The words outside of all clauses that say what is told of; and these, each by its sort, with its words."""
    rest: list[str] = []
    clauses: list[tuple[str, list[str]]] = []
    into = rest
    for word in words:
        # Within "list SDN, Entity List" it is part of a name.
        begins = _SORT.fullmatch(word) if into is rest or clauses[-1][0] != "list" or "list" not in word else None
        if begins:
            clauses.append((begins["sort"] or "country", []))
            into = clauses[-1][1]
        elif word in _QUIET or word in _WATCHED or _ENDS.fullmatch(word):
            into = rest
            rest.append(word)
        else:
            into.append(word)
    return rest, clauses


def _spilled(outside: str, clauses: list[tuple[str, list[str]]]) -> tuple[str, str]:
    """The time, and the place if there is one. What is missing may stand at the end of a clause ("list SDN 9 london"), from which
    it is taken away."""
    at, place = _parted(outside)
    for _, words in clauses:
        for start in range(1, len(words)):
            more_at, more_place = _parted(" ".join(words[start:]))
            if (at and more_at) or (place and more_place) or not (more_at or more_place):
                continue
            # "China, Hong Kong" are two countries.
            is_next = not more_at and (words[start] in _PARTING or words[start - 1] in _PARTING)
            if not is_next and (not more_place or zones.is_place(more_place)):
                at, place = at or more_at, place or more_place
                del words[start:]
                break
    return at, place


def _parted(text: str) -> tuple[str, str]:
    """The time in a text, and what else says anything."""
    found = _TIME.search(text)
    at = found[0] if found else ""
    around = f"{text[: found.start()]} {text[found.end() :]}" if found else text
    return at, "_".join(word for word in around.split() if word not in _FILLERS and word not in _WATCHED)


def _time(found: re.Match[str], edition: str) -> str:
    joined = (found["joined"] or "").zfill(4)
    hour, minute = int(found["hour"] or joined[:2]), int(found["minute"] or joined[2:])
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"] == "p") if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise UserError(f"“{found[0].strip()}” is no time of day; {EXAMPLES[edition]}.")
    return f"{hour:02}:{minute:02}"


def _days(text: str, edition: str) -> tuple[str, tuple[int, ...]]:
    """The text without the days that it names, and these, if any. A weekly summary has one."""
    without = {day for said in _BUT.findall(text) for some in _ON.findall(said) for day in _named(some)}
    text = _BUT.sub(" ", text)
    named = {day for some in _ON.findall(text) for day in _named(some)}
    days = tuple(sorted((named or set(EVERY_DAY)) - without))
    if not named and not without:
        return text, ()
    if not days:
        raise UserError(f"No day of the week is left; {EXAMPLES[edition]}.")
    if edition == WEEKLY and len(days) > 1:
        raise UserError(f"A weekly summary has one day of the week; {EXAMPLES[WEEKLY]}.")
    return _ON.sub(" ", text), days


def _named(some: str) -> tuple[int, ...]:
    """The days of a name, a range or a set."""
    for form, days in _SETS.items():
        if re.fullmatch(form, some):
            return days
    ends = [next(n for n, form in enumerate(_DAYS) if re.fullmatch(form, day)) for day in re.findall(_DAY, some)]
    return tuple((ends[0] + n) % 7 for n in range((ends[-1] - ends[0]) % 7 + 1))


def _scope(rest: Sequence[str], clauses: Sequence[tuple[str, Sequence[str]]]) -> Scope | None:
    """What is told of; None where that is not said."""
    told: dict[str, tuple[str, ...]] = {}
    for sort, words in clauses:
        some = [one.strip() for one in re.split(r" (?:,|and|or)(?= )", f" {' '.join(words)} ") if one.strip()]
        some = [one for one in some if one not in _PARTING]
        if not some:
            raise UserError(
                f"Which {sort}? Write it like “09:00 list SDN, Entity List topic drones country China, Iran”."
            )
        told[_SORTS[sort]] = tuple(dict.fromkeys((*told.get(_SORTS[sort], ()), *some)))
    is_watched = any(word in _WATCHED for word in rest)
    return Scope(watched=is_watched, **told) if is_watched or told else None


def last_due(at: str, zone: str, days: Sequence[int], now: datetime) -> tuple[date, datetime]:
    """The latest local day of those of the week whose moment is not after `now`, and that moment in UTC.

    Raises Missing where this machine does not know the zone, as next_due does.
    """
    return next(due for due in _around(at, zone, days, now, -1) if due[1] <= now)


def next_due(at: str, zone: str, days: Sequence[int], now: datetime) -> tuple[date, datetime]:
    """The first such day whose moment is after `now`, and that moment in UTC."""
    return next(due for due in _around(at, zone, days, now, 1) if due[1] > now)


def local(at: datetime, zone: str) -> datetime:
    """A moment on the clocks of a zone."""
    return at.astimezone(zones.loaded(zone))


def moment(day: date, at: str, zone: str) -> datetime:
    """When a local time comes on a day, in UTC: one that occurs twice counts the first time, one that is skipped by the offset
    before the gap (01:30 is 02:30 on the day on which 01:00 becomes 02:00)."""
    return datetime.combine(day, time.fromisoformat(at), zones.loaded(zone)).astimezone(UTC)


def _around(at: str, zone: str, days: Sequence[int], now: datetime, step: int) -> Iterator[tuple[date, datetime]]:
    """The days from beyond `now` on, backwards or forwards, each with its one moment."""
    today = now.astimezone(UTC).date()
    for distance in range(-2, 10):
        day = today + timedelta(step * distance)
        if day.weekday() in days:
            yield day, moment(day, at, zone)
