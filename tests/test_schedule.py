"""When a summary is due: what people type, and clocks that are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import schedule
from bot.errors import Missing, UserError
from bot.mail import DAILY, WEEKLY, Scope
from bot.schedule import EVERY_DAY, WEEKDAYS, Schedule


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
        ("9 funday", "I do not know the day “funday”; write it like"),
        ("funday london", "I do not know the day “funday”"),
        ("9 silent line", "Choose one for days without changes"),
        ("9 except weekdays and weekends", "No day of the week is left"),
        ("9 list", "Which list"),
        ("list 9:00 line", "Which list"),
        ("9 topics , and", "Which topic"),
    ],
)
def test_what_is_not_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        schedule.read(text, "UTC")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("9 weekdays", WEEKDAYS),
        ("every weekday at 9", WEEKDAYS),
        ("mon-fri 9", WEEKDAYS),
        ("Monday – Friday 9", WEEKDAYS),
        ("9 monday through thursday", (0, 1, 2, 3)),
        ("9 fri to mon", (0, 4, 5, 6)),
        ("9 on mondays, wed and Fri", (0, 2, 4)),
        ("9 weekends", (5, 6)),
        ("9 every day except monday", (1, 2, 3, 4, 5, 6)),
        ("9 but not on weekends", WEEKDAYS),
        ("9 weekdays not tue, thu", (0, 2, 4)),
        ("9 monaco", EVERY_DAY),
    ],
)
def test_days_are_named_in_many_ways(text: str, days: tuple[int, ...]) -> None:
    assert schedule.read(text, "UTC").days == days


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("9 all changes", Scope()),
        ("9 watched", Scope(watched=True)),
        ("only watched 9", Scope(watched=True)),
        ("9 list SDN, Entity List", Scope(lists=("sdn", "entity list"))),
        ("9 lists: UN list & EU; UK", Scope(lists=("un list", "eu", "uk"))),
        ("list Regulation 269/2014 at 9", Scope(lists=("regulation 269/2014",))),
        ("9 list Section 889", Scope(lists=("section 889",))),
        ("9 topic drones or machine tools", Scope(topics=("drones", "machine tools"))),
        ("9 country China, Hong Kong", Scope(countries=("china", "hong kong"))),
        ("9 countries iran topics drones watched", Scope(True, (), ("drones",), ("iran",))),
        ("list SDN 9", Scope(lists=("sdn",))),
    ],
)
def test_what_is_told_of_is_named(text: str, scope: Scope) -> None:
    assert schedule.read(text, "UTC") == Schedule("09:00", "UTC", scope=scope)


@pytest.mark.parametrize(
    "text",
    [
        "9 london list SDN, Entity List weekdays line",
        "list SDN, Entity List 9 london weekdays line",
        "list SDN and Entity List weekdays line at 9 london",
        "line weekdays lists SDN, Entity List, 09:00 Europe/London",
        "weekdays list SDN, Entity List london 9am line",
    ],
)
def test_the_order_is_free(text: str) -> None:
    wanted = Schedule("09:00", "Europe/London", "line", WEEKDAYS, Scope(lists=("sdn", "entity list")))
    assert schedule.read(text, "UTC") == wanted


@pytest.mark.parametrize(("text", "days"), [("9", (0,)), ("monday 9 london", (0,)), ("9 sundays list SDN", (6,))])
def test_a_weekly_summary_has_its_day(text: str, days: tuple[int, ...]) -> None:
    assert schedule.read(text, "UTC", WEEKLY).days == days


def test_a_weekly_summary_has_one_day() -> None:
    with pytest.raises(UserError, match="has one day of the week; write it like “monday 09:00"):
        schedule.read("9 mon-fri", "UTC", WEEKLY)


WORDS = st.lists(
    st.sampled_from(
        "9 09:00 9pm noon london Europe/London utc weekdays mon-fri monday except not line silent list lists SDN Entity topic "
        "drones country China watched all , and at on weekly daily 889 269/2014".split()
    ),
    max_size=8,
).map(" ".join)


@given(st.one_of(WORDS, st.text(max_size=30)), st.sampled_from((DAILY, WEEKLY)))
def test_any_text_is_understood_or_refused_in_words(text: str, edition: str) -> None:
    try:
        found = schedule.read(text, "UTC", edition)
    except UserError:
        return
    assert schedule.next_due(found.at, found.zone, found.days, datetime(2026, 1, 1, tzinfo=UTC))


LONDON = "Europe/London"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_a_time_that_is_skipped_counts_by_the_offset_before_the_gap() -> None:
    assert schedule.last_due("01:30", LONDON, EVERY_DAY, utc(2026, 3, 29, 12)) == (
        date(2026, 3, 29),
        utc(2026, 3, 29, 1, 30),
    )


def test_a_time_that_occurs_twice_counts_the_first_time() -> None:
    assert schedule.last_due("01:30", LONDON, EVERY_DAY, utc(2026, 10, 25, 12)) == (
        date(2026, 10, 25),
        utc(2026, 10, 25, 0, 30),
    )
    assert schedule.next_due("01:30", LONDON, EVERY_DAY, utc(2026, 10, 25, 1)) == (
        date(2026, 10, 26),
        utc(2026, 10, 26, 1, 30),
    )


def test_the_day_is_the_local_one() -> None:
    assert schedule.last_due("00:15", "Asia/Shanghai", EVERY_DAY, utc(2026, 11, 23, 16, 15))[0] == date(2026, 11, 24)
    assert schedule.last_due("23:45", "America/Los_Angeles", EVERY_DAY, utc(2026, 11, 24, 7, 45))[0] == date(
        2026, 11, 23
    )


def test_an_unknown_zone_is_a_missing_thing() -> None:
    with pytest.raises(Missing, match="tzdata"):
        schedule.last_due("09:00", "Europe/Atlantis", EVERY_DAY, utc(2026, 1, 1))


ZONES = ("UTC", LONDON, "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati",
         "Pacific/Pago_Pago", "Africa/Casablanca", "Asia/Beirut", "America/Havana", "Asia/Gaza")  # fmt: skip
times = st.times().map(lambda time: f"{time:%H:%M}")
moments = st.datetimes(datetime(2015, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))


some_days = st.lists(st.sampled_from(EVERY_DAY), min_size=1, unique=True).map(lambda days: tuple(sorted(days)))


@given(times, st.sampled_from(ZONES), moments)
def test_now_lies_between_the_last_moment_and_the_next(at: str, zone: str, now: datetime) -> None:
    (day, last), (following, coming) = (
        find(at, zone, EVERY_DAY, now) for find in (schedule.last_due, schedule.next_due)
    )
    assert last <= now < coming
    assert following == day + timedelta(days=1)
    assert timedelta(hours=22) <= coming - last <= timedelta(hours=26)


@given(times, st.sampled_from(ZONES), some_days, moments)
def test_no_day_of_those_wanted_lies_between_the_last_and_the_next(
    at: str, zone: str, days: tuple[int, ...], now: datetime
) -> None:
    (day, last), (following, coming) = (find(at, zone, days, now) for find in (schedule.last_due, schedule.next_due))
    assert last <= now < coming
    assert {day.weekday(), following.weekday()} <= set(days)
    between = (day + timedelta(n) for n in range(1, (following - day).days))
    assert not {one.weekday() for one in between} & set(days)


@given(times, st.sampled_from(ZONES), some_days, moments)
def test_each_local_day_has_one_moment_from_whichever_side(
    at: str, zone: str, days: tuple[int, ...], now: datetime
) -> None:
    following, coming = schedule.next_due(at, zone, days, now)
    assert schedule.last_due(at, zone, days, coming) == (following, coming)
    assert schedule.next_due(at, zone, days, coming - timedelta(microseconds=1)) == (following, coming)


@given(times, st.sampled_from(ZONES), moments)
def test_the_moment_shows_the_wanted_time_but_in_a_gap(at: str, zone: str, now: datetime) -> None:
    day, moment = schedule.last_due(at, zone, EVERY_DAY, now)
    shown = schedule.local(moment, zone)
    skipped = shown.utcoffset() != (moment - timedelta(hours=3)).astimezone(ZoneInfo(zone)).utcoffset()
    assert (shown.date(), f"{shown:%H:%M}") == (day, at) or skipped
