"""Which IANA time zone people mean, and the clocks of a zone. Pure."""

import difflib
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.errors import Missing, UserError

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


def meant(typed: str, example: str) -> str:
    """The IANA name of a zone written in full, or by its last part where only one has it ("london", "new york").

    Raises UserError, which ends with the example.
    """
    names, places = _known()
    wanted = _key(typed)
    if found := _named(wanted, names, places):
        return found
    shown, fitting = typed.replace("_", " ")[:60], places.get(wanted, [])
    if fitting:
        raise UserError(f"“{shown}” may be {' or '.join(fitting)}: write which, like “09:00 {fitting[0]}”.")
    near = difflib.get_close_matches(wanted, [*places, *names], n=1, cutoff=0.7) if wanted.isidentifier() else []
    hint = f" (the nearest is {(places.get(near[0]) or [names[near[0]]])[0]})" if near else ""
    raise UserError(f"“{shown}” is no time zone that I know{hint}; {example}.")


def is_place(typed: str) -> bool:
    """Whether a zone is named, and by nothing that may as well be a country alone."""
    names, places = _known()
    wanted = _key(typed)
    return "/" in names.get(wanted, "") or len(places.get(wanted, [])) == 1 or wanted in ("utc", "gmt")


def is_known(zone: str) -> bool:
    """Whether this machine knows a zone by its IANA name, which one that was set long ago may not be any more."""
    try:
        loaded(zone)
    except Missing:
        return False
    return True


def loaded(zone: str) -> ZoneInfo:
    """The clocks of a zone. Raises Missing where this machine does not know it."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Missing(f"this machine knows no time zone {zone!r}; install its time zone data (tzdata)") from error


def _known() -> tuple[dict[str, str], dict[str, list[str]]]:
    """All zones by their names, and by their last parts."""
    names = {_key(name): name for name in available_timezones()}
    places: dict[str, list[str]] = {}
    for name in sorted(names.values()):
        if "/" in name and not name.startswith("Etc/"):
            places.setdefault(_key(name.rpartition("/")[2]), []).append(name)
    return names, places


def _named(wanted: str, names: dict[str, str], places: dict[str, list[str]]) -> str:
    if wanted in _PLACES:
        return _PLACES[wanted]
    fitting = places.get(wanted, [])
    # A few old names stand for a place too ("Singapore", "Jamaica"): the place outlives them.
    if len(fitting) != 1 and wanted in names:
        return names[wanted]
    return fitting[0] if len(fitting) == 1 else ""


def _key(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.casefold())
