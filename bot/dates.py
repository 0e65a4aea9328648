"""Reads partial ISO dates and periods: their first day and their last; writes moments.

Forms: `2024`, `2024-04`, `2024-04-12`, `2023-Q4`, and two of them joined by `/` (ISO 8601-1 intervals).
"""

import calendar
import re
from datetime import UTC, date, datetime

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|-Q([1-4]))?")


def span(text: str) -> tuple[date, date]:
    """The first and the last day of a partial date or period.

    Raises ValueError where the text has none of the forms above or names no day of the calendar.
    """
    start, _, end = text.partition("/")
    first, last = _one(start)
    if end:
        last = _one(end)[1]
        if last < first:
            raise ValueError(f"{text!r} ends before it begins")
    return first, last


def _one(text: str) -> tuple[date, date]:
    found = _PARTIAL.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a date like 2024, 2024-04, 2024-04-12 or 2023-Q4")
    year, month, day, quarter = (int(part) if part else 0 for part in found.groups())
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        first_month, last_month = (quarter * 3 - 2, quarter * 3) if quarter else (month or 1, month or 12)
        return date(year, first_month, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"{text!r} is no day of the calendar") from None


def is_partial_date(text: str) -> bool:
    """Whether `text` is a partial date (not a quarter, not an interval)."""
    try:
        span(text)
    except ValueError:
        return False
    return "Q" not in text and "/" not in text


def first_day(text: str) -> date:
    """The first day that a partial date or period may mean."""
    return span(text)[0]


def last_day(text: str) -> date:
    """The last day that a partial date or period may mean."""
    return span(text)[1]


def moment(at: datetime) -> str:
    """A moment as JSON has it and CSV: in UTC, `2024-04-12T09:00:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
