"""Finds the time that a question asks about: "as of 30 April 2024", "in April 2024", "this week", "since March", "2024年4月"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot import dates
from bot.errors import UserError

EARLIEST = 1900
"""The first year that can be asked about."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"

FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<iso>\b(?:19|20)\d\d-(?:\d\d-\d\d|\d\d|Q[1-4])(?![\w-]))",
        _YEAR + r"\s*年?\s*(?:第(?P<han>[一二三四])季度|Q(?P<quarter>[1-4]))",
        _YEAR + r"\s*年(?:\s*(?P<month>\d{1,2})\s*月)?(?:\s*(?P<day>\d{1,2})\s*[日号])?(?:底|末)?",
        rf"\b{_DAY}(?:\s+of)?\s+{_MONTH},?\s*{_YEAR}\b",
        rf"\b{_MONTH}\s*{_DAY},?\s+{_YEAR}\b",
        rf"\b{_MONTH},?\s*(?:of\s+)?{_YEAR}\b",
        r"\b(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\." + _YEAR + r"\b",
        r"\b(?P<one>[0-3]?\d)/(?P<two>[0-3]?\d)/" + _YEAR + r"\b",
        r"\bQ(?P<quarter>[1-4])(?:\s+of)?[\s,/-]*" + _YEAR + r"\b",
        r"\b(?P<nth>first|1st|second|2nd|third|3rd|fourth|4th|last)\s+quarter\s+(?:of\s+)?(?:the\s+year\s+)?"
        + _YEAR
        + r"\b",
        r"\b(?P<word>today|now|right now|at present|currently|yesterday|tomorrow|this week|last week|this month"
        r"|last month|this year|last year|this morning|past week|past month)\b",
        r"(?P<word>今天|现在|目前|昨天|本周|上周|本月|上个月|今年|去年)",
        r"\b(?:the\s+)?(?:last|past)\s+(?P<number>\d{1,3})\s+(?P<unit>day|week|month)s?\b",
        rf"\b(?:in|during|since|of|until|by|end of|before|after|as of|at)\s+{_YEAR}\b",
        rf"\b(?:in|since|as of|until|by|before)\s+{_MONTH}(?!\s*\d)",
        rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}(?![\w-])",
        rf"\b{_MONTH}\s+{_DAY}\b(?![.\w-])",
    )
)
"""The ways to write a time, the fullest first."""

_HAN_WORDS = {
    "今天": "today",
    "现在": "now",
    "目前": "now",
    "昨天": "yesterday",
    "本周": "this week",
    "上周": "last week",
    "本月": "this month",
    "上个月": "last month",
    "今年": "this year",
    "去年": "last year",
}
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
_LONGER = re.compile(r"week|month|year|quarter|周|本月|上个月|今年|去年")
_AS_OF = re.compile(
    r"(?:\bas\s+of|\bas\s+at|\bas\s+on|\bon|\bby|\buntil|\bper|\bback\s+(?:in|on)|\bin|\bduring|\bfor|\bat(?:\s+the\s+end\s+of)?"
    r"|\bthe\s+end\s+of|\bend\s+of|\bbetween|\bsince|\bafter|\bbefore|\bprior\s+to|\bfrom|截至|截止|到|在|于|自)\s*(?:the\s+)?$",
    re.IGNORECASE,
)


_JOINT = re.compile(r"\s*(?:and|to|until|till|through|-|–|到|至|和)\s*(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """The day asked about, the period spoken of, and where in the text this stood; `after` says that it runs from a day on
    ("between", "since"), so that what that day brought is not of it."""

    as_of: date | None
    period: tuple[date, date] | None
    ranges: tuple[tuple[int, int], ...]
    after: bool = False


def find(plain: str, today: date) -> Found:
    """The time in a question: "as of" a day gives `as_of`, anything longer a period, "since" a period up to today.

    Raises UserError for a day that the calendar lacks, that lies ahead, or that could be read in two ways (03/04/2024).
    """
    for form in FORMS:
        if found := form.search(plain):
            first, last = _span(found, today)
            lead = _AS_OF.search(plain[: found.start()])
            words = ((lead[0] if lead else "") + " " + found[0]).lower()
            place = (lead.start() if lead else found.start(), found.end())
            if to := _other_end(plain, found.end(), today):
                return Found(min(to[1], today), (first, min(to[1], today)), ((place[0], to[2]),), first == last)
            is_since = re.search(r"since|after|from|自", words) or re.match(
                r"\s*(?:以来|以后|之后|起)", plain[found.end() :]
            )
            after = bool(is_since) and first == last
            if is_since:
                last = today
            if re.search(r"before|prior", words):
                first = last = first - timedelta(days=1)
            if first > today:
                raise UserError(
                    f"{found[0].strip()} lies ahead; the newest day that can be asked about is today, {today}."
                )
            explicit = is_as_of(plain, place) or (first == last and not _LONGER.search(words))
            last = min(last, today)
            return Found(
                None if last == today and first == last else last, None if explicit else (first, last), (place,), after
            )
    return Found(None, None, ())


def _other_end(plain: str, start: int, today: date) -> tuple[date, date, int] | None:
    """The second of two times ("between 2024-04-26 and 2024-05-01", "from April to June 2024"), and where it ends in the text."""
    joint = _JOINT.match(plain, start)
    found = next(filter(None, (form.match(plain, joint.end()) for form in FORMS)), None) if joint else None
    return (*_span(found, today), found.end()) if found else None


def is_as_of(plain: str, place: tuple[int, int]) -> bool:
    """Whether what stands there says "as of" a day."""
    return bool(re.search(r"\bas\s+(?:of|at|on)|截至|截止", plain[slice(*place)], re.IGNORECASE))


def day(text: str, today: date) -> date:
    """The last day of a date given as an option (`2024-04-30`, `2024-04`, "30 April 2024"), at most today.

    Raises UserError where it is none.
    """
    if dates.is_partial_date(text):
        first, last = dates.span(text)
        if first.year < EARLIEST:
            raise UserError(f"{text} is too long ago to ask about; years begin with {EARLIEST}.")
        if first > today:
            raise UserError(f"{text} lies ahead; the newest day that can be asked about is today, {today}.")
        return min(last, today)
    asked = f"as of {text.strip()}"
    found = find(asked, today)
    if found.ranges != ((0, len(asked)),):
        raise UserError(f"{text!r} is not a date like 2024-04-30 or 2024-04.")
    return found.as_of or today


def _span(found: re.Match[str], today: date) -> tuple[date, date]:
    parts = {name: value for name, value in found.groupdict().items() if value}
    if "word" in parts:
        return _spoken(parts["word"], today)
    if "number" in parts:
        days = int(parts["number"]) * {"day": 1, "week": 7, "month": 30}[parts["unit"].lower()]
        return today - timedelta(days=days), today
    try:
        return dates.span(_iso(parts, today))
    except ValueError as error:
        raise UserError(f"{found[0].strip()}: {error}.") from error


def _iso(parts: dict[str, str], today: date) -> str:
    if "iso" in parts:
        return parts["iso"].upper()
    if "one" in parts:
        parts |= _which_is_the_month(parts)
    year = int(parts.get("year", today.year))
    quarter = parts.get("quarter") or str(_NTH.get(parts.get("nth", "").lower(), "")) or _han_quarter(parts)
    if quarter:
        return f"{year}-Q{quarter}"
    if "month" not in parts:
        return str(year)
    month = int(parts["month"]) if parts["month"].isdigit() else _MONTHS.index(parts["month"][:3].lower()) + 1
    if "year" not in parts and month > today.month:
        year -= 1
    return f"{year}-{month:02}" + (f"-{int(parts['day']):02}" if "day" in parts else "")


def _han_quarter(parts: dict[str, str]) -> str:
    return str("一二三四".index(parts["han"]) + 1) if "han" in parts else ""


def _which_is_the_month(parts: dict[str, str]) -> dict[str, str]:
    one, two = int(parts["one"]), int(parts["two"])
    if one > 12 or one == two:
        return {"day": parts["one"], "month": parts["two"]}
    if two > 12:
        return {"day": parts["two"], "month": parts["one"]}
    raise UserError(
        f"{one}/{two}/{parts['year']} can be read in two ways; write {parts['year']}-{two:02}-{one:02} or so."
    )


def _spoken(words: str, today: date) -> tuple[date, date]:
    words = _HAN_WORDS.get(words, words.lower())
    monday = today - timedelta(days=today.weekday())
    first_of_month = today.replace(day=1)
    spans: dict[str, Callable[[], tuple[date, date]]] = {
        "tomorrow": lambda: (today + timedelta(days=1), today + timedelta(days=1)),
        "yesterday": lambda: (today - timedelta(days=1), today - timedelta(days=1)),
        "this week": lambda: (monday, today),
        "past week": lambda: (today - timedelta(days=7), today),
        "last week": lambda: (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this month": lambda: (first_of_month, today),
        "past month": lambda: (today - timedelta(days=30), today),
        "last month": lambda: dates.span((first_of_month - timedelta(days=1)).isoformat()[:7]),
        "this year": lambda: (today.replace(month=1, day=1), today),
        "last year": lambda: dates.span(str(today.year - 1)),
    }
    return spans[words]() if words in spans else (today, today)
