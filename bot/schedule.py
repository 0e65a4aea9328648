"""When a daily summary is due: reads what a person types, and finds the moments of a local time of day. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.errors import Missing, UserError

QUIET = ("silent", "line")
"""What happens on a day without changes."""

EXAMPLE = "write it like “09:00 Europe/London” or “9.30 pm Shanghai line”"

_NAMED_TIMES = {"noon": "12:00", "midnight": "00:00"}
_FILLERS = frozenset("at in on every each day daily time please and with zone timezone , ;".split())
_TIME = re.compile(
    r"(?<![\w:.+-])(?:(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?|(?P<joined>\d{3,4}))"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?(?![\w:])"
)
_PLACES = {
    "beijing": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "china": "Asia/Shanghai",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "india": "Asia/Kolkata",
    "uk": "Europe/London",
    "frankfurt": "Europe/Berlin",
    "munich": "Europe/Berlin",
    "germany": "Europe/Berlin",
    "geneva": "Europe/Zurich",
    "france": "Europe/Paris",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "san_francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
}
"""Places that people name and the time zone database has no zone of."""

_AROUND = tuple(timedelta(days) for days in range(-2, 3))
"""The local days that a moment can be near to, wherever the zone."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A daily summary as it was asked for: the local time, the IANA zone, and one of QUIET."""

    at: str
    zone: str
    quiet: str = "silent"


def read(text: str, default_zone: str) -> Schedule:
    """What a person wants who types `text`: a time of day, maybe a zone and maybe one of QUIET, in any order.

    Raises UserError, which says what was not understood and how to write it.
    """
    words = unicodedata.normalize("NFKC", text).casefold().replace(",", " ").split()
    quiet = list(dict.fromkeys(word for word in words if word in QUIET))
    if len(quiet) > 1:
        raise UserError("Choose one for days without changes: silent (nothing is posted) or line (one line is).")
    rest = " ".join(_NAMED_TIMES.get(word, word) for word in words if word not in QUIET and word not in _FILLERS)
    found = _TIME.search(rest)
    if not found:
        said = f" in “{text.strip()[:60]}”" if text.strip() else ""
        raise UserError(f"There is no time of day{said}; {EXAMPLE}.")
    place = f"{rest[: found.start()]} {rest[found.end() :]}".split()
    return Schedule(_time(found), _zone("_".join(place)) if place else default_zone, *quiet)


def _time(found: re.Match[str]) -> str:
    joined = (found["joined"] or "").zfill(4)
    hour, minute = int(found["hour"] or joined[:2]), int(found["minute"] or joined[2:])
    if found["half"]:
        hour = hour % 12 + 12 * (found["half"] == "p") if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise UserError(f"“{found[0].strip()}” is no time of day; {EXAMPLE}.")
    return f"{hour:02}:{minute:02}"


def _zone(typed: str) -> str:
    """The IANA name meant: written in full, or its last part where only one has it ("london", "new york")."""
    names = {_key(name): name for name in available_timezones()}
    places: dict[str, list[str]] = {}
    for name in sorted(names.values()):
        if "/" in name and not name.startswith("Etc/"):
            places.setdefault(_key(name.rpartition("/")[2]), []).append(name)
    wanted = _key(typed)
    if wanted in _PLACES:
        return _PLACES[wanted]
    fitting = places.get(wanted, [])
    # A few old names stand for a place too ("Singapore", "Jamaica"): the place outlives them.
    if len(fitting) != 1 and wanted in names:
        return names[wanted]
    if len(fitting) == 1:
        return fitting[0]
    shown = typed.replace("_", " ")[:60]
    if fitting:
        raise UserError(f"“{shown}” may be {' or '.join(fitting)}: write which, like “09:00 {fitting[0]}”.")
    near = difflib.get_close_matches(wanted, [*places, *names], n=1, cutoff=0.7) if wanted.isidentifier() else []
    hint = f" (the nearest is {(places.get(near[0]) or [names[near[0]]])[0]})" if near else ""
    raise UserError(f"“{shown}” is no time zone that I know{hint}; {EXAMPLE}.")


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.casefold())


def last_due(at: str, zone: str, now: datetime) -> tuple[date, datetime]:
    """The latest local day whose moment is not after `now`, and that moment in UTC.

    Raises Missing where this machine does not know the zone, as next_due does.
    """
    return max(due for due in _near(at, zone, now) if due[1] <= now)


def next_due(at: str, zone: str, now: datetime) -> tuple[date, datetime]:
    """The first local day whose moment is after `now`, and that moment in UTC."""
    return min(due for due in _near(at, zone, now) if due[1] > now)


def local(at: datetime, zone: str) -> datetime:
    """A moment on the clocks of a zone."""
    return at.astimezone(_loaded(zone))


def moment(day: date, at: str, zone: str) -> datetime:
    """When a local time comes on a day, in UTC: one that occurs twice counts the first time, one that is skipped by the offset
    before the gap (01:30 is 02:30 on the day on which 01:00 becomes 02:00)."""
    return datetime.combine(day, time.fromisoformat(at), _loaded(zone)).astimezone(UTC)


def _near(at: str, zone: str, now: datetime) -> Iterator[tuple[date, datetime]]:
    """The days around `now`, each with its one moment."""
    for days in _AROUND:
        day = now.astimezone(UTC).date() + days
        yield day, moment(day, at, zone)


def _loaded(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Missing(f"this machine knows no time zone {zone!r}; install its time zone data (tzdata)") from error
