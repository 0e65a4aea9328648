"""The channels of a simulation, and on which local days each is due at which moment: plain zone arithmetic, of its own."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY, WEEKDAYS = (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4)

USUAL = (
    *("Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Shanghai", "Asia/Tokyo"),
    *("Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo", "UTC"),
)
"""Where most channels are, at nine."""

ODD = (
    ("Europe/Berlin", "02:30"),
    ("Europe/London", "01:30"),
    ("Asia/Beirut", "00:30"),
    ("Asia/Jerusalem", "02:00"),
    ("Australia/Sydney", "02:30"),
    ("Australia/Adelaide", "02:30"),
    ("Australia/Lord_Howe", "01:45"),
    ("Pacific/Auckland", "02:15"),
    ("Pacific/Chatham", "03:00"),
    ("America/Santiago", "23:30"),
    ("Asia/Kathmandu", "09:00"),
    ("America/St_Johns", "09:00"),
    ("Pacific/Kiritimati", "00:00"),
    ("Pacific/Apia", "09:00"),
    ("Africa/Johannesburg", "07:30"),
    ("Europe/Berlin", "07:30"),
    ("America/New_York", "23:59"),
    ("America/New_York", "01:30"),
)
"""Hours that are skipped or come twice, half-hour zones, and the edges of the day."""

EDITIONS = {"daily": "09:00", "weekly": "08:00"}


@dataclass(frozen=True)
class Place:
    """A channel's summary: `quiet` is `silent` or `line`; `watches` are the numbers of the subjects of which alone it is told,
    where it is not of all."""

    team: str
    channel: str
    edition: str
    at: str
    zone: str
    days: tuple[int, ...]
    quiet: str
    watches: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.edition}:{self.team}:{self.channel}"


def places(channels: int, workspaces: int, watchable: Sequence[int], seed: int) -> list[Place]:
    """The summaries of so many channels, dealt to the workspaces in turn: most at nine in a few zones, one in eight at an odd
    hour; one in four on weekdays only, one in five with what it watches only, half silent; one in twenty weekly too."""
    chance, found = random.Random(seed), []
    for number in range(channels):
        team, channel = f"T{number % workspaces:03}", f"C{number:05}"
        zone, at = ODD[number // 8 % len(ODD)] if number % 8 == 0 else (chance.choice(USUAL), EDITIONS["daily"])
        days = WEEKDAYS if chance.random() < 0.25 else EVERY_DAY
        watches = tuple(chance.sample(watchable, 3)) if chance.random() < 0.2 else ()
        quiet = chance.choice(("silent", "line"))
        found.append(Place(team, channel, "daily", at, zone, days, quiet, watches))
        if number % 20 == 10:
            found.append(Place(team, channel, "weekly", EDITIONS["weekly"], zone, (0,), quiet))
    return found


def moment(day: date, at: str, zone: str) -> datetime:
    """The moment of a local time on a day: of an hour that comes twice the first, of one that is skipped as long after the
    change as it would have been."""
    return datetime.combine(day, time.fromisoformat(at), ZoneInfo(zone)).astimezone(UTC)


def due(place: Place, begin: datetime, end: datetime) -> list[tuple[date, datetime]]:
    """The local days of a summary whose moment is after `begin` and before `end`, each with its moment."""
    days = (begin.date() + timedelta(days=number) for number in range(-2, (end - begin).days + 3))
    found = ((day, moment(day, place.at, place.zone)) for day in days if day.weekday() in place.days)
    return [(day, at) for day, at in found if begin < at < end]


@dataclass(frozen=True)
class Load:
    """What becomes known at a moment: the numbers of the subjects that are new."""

    at: datetime
    subjects: tuple[int, ...]


def loads(begin: datetime, days: int, long: int, seed: int) -> list[Load]:
    """One or two loads on most days, at hours when hardly a channel is due; two days are long, and three are quiet."""
    chance, found, number = random.Random(seed), [], 0
    for day in range(days):
        if day % 5 == 3:
            continue
        for hour in (3, 12)[: chance.choice((1, 1, 2))]:
            size = long if day % 7 == 1 and hour == 3 else chance.randint(1, 4)
            at = begin + timedelta(days=day, hours=hour, minutes=chance.randint(5, 25))
            found.append(Load(at, tuple(range(number, number + size))))
            number += size
    return found


def heard(place: Place, some: Sequence[Load]) -> Iterator[tuple[datetime, int]]:
    """What a channel is to be told: each subject with the moment at which it became known."""
    wanted = set(place.watches)
    for one in some:
        yield from ((one.at, number) for number in one.subjects if not wanted or number in wanted)
