"""When a daily summary is due: what people type, and clocks that are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schedule
from bot.errors import Missing, UserError
from bot.schedule import Schedule


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("09:00", Schedule("09:00", "Asia/Tokyo")),
        ("9", Schedule("09:00", "Asia/Tokyo")),
        ("9am", Schedule("09:00", "Asia/Tokyo")),
        ("at 9 a.m. every day", Schedule("09:00", "Asia/Tokyo")),
        ("9.30 pm", Schedule("21:30", "Asia/Tokyo")),
        ("12am", Schedule("00:00", "Asia/Tokyo")),
        ("noon", Schedule("12:00", "Asia/Tokyo")),
        ("0900", Schedule("09:00", "Asia/Tokyo")),
        ("９：３０", Schedule("09:30", "Asia/Tokyo")),
        ("09:00 Europe/London", Schedule("09:00", "Europe/London")),
        ("09:00 EUROPE/LONDON", Schedule("09:00", "Europe/London")),
        ("9:00 london line", Schedule("09:00", "Europe/London", "line")),
        ("silent, 18:15 shanghai time", Schedule("18:15", "Asia/Shanghai", "silent")),
        ("7 new york", Schedule("07:00", "America/New_York")),
        ("7 Port-au-Prince", Schedule("07:00", "America/Port-au-Prince")),
        ("9 amsterdam", Schedule("09:00", "Europe/Amsterdam")),
        ("9 singapore", Schedule("09:00", "Asia/Singapore")),
        ("9 utc", Schedule("09:00", "UTC")),
    ],
)
def test_people_write_a_time_in_many_ways(text: str, wanted: Schedule) -> None:
    assert schedule.read(text, "Asia/Tokyo") == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no time of day; write it like"),
        ("london", "There is no time of day in “london”; write it like"),
        ("25:00", "“25:00” is no time of day; write it like"),
        ("9:75", "“9:75” is no time of day"),
        ("13pm", "“13pm” is no time of day"),
        ("9 lodnon", r"“lodnon” is no time zone that I know \(the nearest is Europe/London\); write it like"),
        ("9 xyzzy", "“xyzzy” is no time zone that I know; write it like"),
        ("9 utc+8", r"“utc\+8” is no time zone that I know; write it like"),
        ("9 17:00", "“17:00” is no time zone that I know"),
        ("9 istanbul", "“istanbul” may be Asia/Istanbul or Europe/Istanbul"),
        ("9 silent line", "Choose one for days without changes"),
    ],
)
def test_what_is_not_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        schedule.read(text, "UTC")


@given(st.text(max_size=30))
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    try:
        found = schedule.read(text, "UTC")
    except UserError:
        return
    assert schedule.next_due(found.at, found.zone, datetime(2026, 1, 1, tzinfo=UTC))


LONDON = "Europe/London"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_time_that_is_skipped_counts_by_the_offset_before_the_gap() -> None:
    assert schedule.last_due("01:30", LONDON, utc(2026, 3, 29, 12)) == (date(2026, 3, 29), utc(2026, 3, 29, 1, 30))


def test_a_time_that_occurs_twice_counts_the_first_time() -> None:
    assert schedule.last_due("01:30", LONDON, utc(2026, 10, 25, 12)) == (date(2026, 10, 25), utc(2026, 10, 25, 0, 30))
    assert schedule.next_due("01:30", LONDON, utc(2026, 10, 25, 1)) == (date(2026, 10, 26), utc(2026, 10, 26, 1, 30))


def test_the_day_is_the_local_one() -> None:
    assert schedule.last_due("00:15", "Asia/Shanghai", utc(2026, 11, 23, 16, 15))[0] == date(2026, 11, 24)
    assert schedule.last_due("23:45", "America/Los_Angeles", utc(2026, 11, 24, 7, 45))[0] == date(2026, 11, 23)


def test_an_unknown_zone_is_a_missing_thing() -> None:
    with pytest.raises(Missing, match="tzdata"):
        schedule.last_due("09:00", "Europe/Atlantis", utc(2026, 1, 1))


ZONES = ("UTC", LONDON, "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati",
         "Pacific/Pago_Pago", "Africa/Casablanca", "Asia/Beirut", "America/Havana", "Asia/Gaza")  # fmt: skip
times = st.times().map(lambda time: f"{time:%H:%M}")
moments = st.datetimes(datetime(2015, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))


@given(times, st.sampled_from(ZONES), moments)
def test_now_lies_between_the_last_moment_and_the_next(at: str, zone: str, now: datetime) -> None:
    (day, last), (following, coming) = schedule.last_due(at, zone, now), schedule.next_due(at, zone, now)
    assert last <= now < coming
    assert following == day + timedelta(days=1)
    assert timedelta(hours=22) <= coming - last <= timedelta(hours=26)


@given(times, st.sampled_from(ZONES), moments)
def test_each_local_day_has_one_moment_from_whichever_side(at: str, zone: str, now: datetime) -> None:
    following, coming = schedule.next_due(at, zone, now)
    assert schedule.last_due(at, zone, coming) == (following, coming)
    assert schedule.next_due(at, zone, coming - timedelta(microseconds=1)) == (following, coming)


@given(times, st.sampled_from(ZONES), moments)
def test_the_moment_shows_the_wanted_time_but_in_a_gap(at: str, zone: str, now: datetime) -> None:
    day, moment = schedule.last_due(at, zone, now)
    shown = schedule.local(moment, zone)
    skipped = shown.utcoffset() != (moment - timedelta(hours=3)).astimezone(ZoneInfo(zone)).utcoffset()
    assert (shown.date(), f"{shown:%H:%M}") == (day, at) or skipped
