"""The words for a channel's summaries: what was set, how it stands, how to change it."""

from dataclasses import replace
from typing import Any

import pytest

from bot import schedule, subscribing
from bot.errors import UserError
from bot.mail import WEEKLY, Scope, Subscription
from bot.reply import Words
from bot.schedule import Schedule
from bot.subscribing import Wish
from tests.test_digest import MORNING, SINCE

ONE = Subscription("T1", "C1", "09:00", "Europe/London", "line", "U1", SINCE, SINCE)
SOME = Scope(lists=("SDN list", "Entity List"), topics=("drones",), countries=("cn",))


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        (
            "daily_set",
            {"subscription": ONE},
            "Kim set it for this channel: every day, with sources, all that became known since the last",
        ),
        ("daily_set", {"subscription": ONE}, "since the last one. The next comes 2026-11-25 at 09:00."),
        ("daily_set", {"subscription": ONE}, "whether people of other companies read this channel"),
        ("daily_set", {"subscription": replace(ONE, quiet="silent")}, "without changes: nothing is posted."),
        ("daily_set", {"subscription": replace(ONE, days=(0, 1, 2, 3, 4))}, "Monday to Friday"),
        ("daily_set", {"subscription": replace(ONE, days=(0, 2, 6))}, "on Mondays, Wednesdays and Sundays"),
        ("daily_set", {"subscription": ONE, "is_own": True}, "Kim set it for you alone"),
        (
            "daily_set",
            {"subscription": replace(ONE, scope=Scope(watched=True))},
            "what became known since the last one; of that, only what this channel watches. The next",
        ),
        ("daily_set", {"subscription": replace(ONE, scope=Scope(watched=True))}, "This channel watches nothing yet"),
        ("daily_status", {"subscription": replace(ONE, scope=Scope(watched=True))}, "This channel watches nothing yet"),
        ("daily_set", {"subscription": ONE}, "daily 09:00 every day UTC all changes silent sets all anew"),
        (
            "daily_set",
            {"subscription": replace(ONE, scope=SOME), "countries": ["Chinese"]},
            "what became known since the last one on the SDN list or the Entity List, or about drones; of that, only what "
            "concerns Chinese subjects. The next",
        ),
        ("daily_set", {"subscription": replace(ONE, edition=WEEKLY, days=(0,))}, "Weekly summary at 09:00"),
        (
            "daily_off",
            {"was": replace(ONE, days=(0, 1, 2, 3, 4))},
            "Kim stopped it. To start again: /exposure daily 09:00 Europe/London weekdays",
        ),
        (
            "daily_off",
            {"was": replace(ONE, days=(0, 3), zone=""), "is_own": True},
            "To start again: /exposure daily 09:00 monday, thursday for me",
        ),
        (
            "daily_off",
            {"was": replace(ONE, edition=WEEKLY, days=(1,)), "edition": "weekly"},
            "/exposure weekly tuesday 09",
        ),
        ("daily_off", {"was": None}, "There is no daily summary here"),
        ("daily_status", {"subscription": ONE}, "The next comes 2026-11-25 at 09:00; on a day without changes one"),
        ("daily_status", {"subscription": None}, "Daily summary is off here"),
        ("daily_status", {"subscription": replace(ONE, paused_at=SINCE, paused_why="is_archived")}, "is paused: 09:00"),
        (
            "daily_status",
            {"subscription": replace(ONE, paused_at=SINCE, paused_why="is_archived")},
            "Since 2026-11-23 10:00 UTC the channel is archived. What became known meanwhile is not lost",
        ),
    ],
)
def test_notices_say_what_is_set_and_how_to_change_it(
    words: Words, template: str, values: dict[str, Any], text: str
) -> None:
    _, moment = schedule.next_due("09:00", "Europe/London", schedule.EVERY_DAY, MORNING)
    common = {
        "by": "Kim",
        "edition": "daily",
        "is_internal": False,
        "is_own": False,
        "countries": [],
        "watches": False,
        "is_first": True,
        "is_new": True,
    }
    comes = schedule.local(moment, "Europe/London")
    message = words.message(template, **common | {"next": comes, "told_until": MORNING, "where": "here"} | values)
    assert text in message.text
    assert "/exposure " in message.text


@pytest.fixture(name="words")
def all_words(phrases: Words) -> Words:
    return phrases


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("daily", Wish("daily", "status")),
        ("weekly", Wish("weekly", "status")),
        ("daily off please", Wish("daily", "off")),
        ("Weekly preview", Wish("weekly", "preview")),
        ("daily 09:00 London", Wish("daily", "set", "09:00 London")),
        ("weekly Monday", Wish("weekly", "set", "Monday")),
        ("daily list SDN 9", Wish("daily", "set", "list SDN 9")),
        ("daily weekdays at noon", Wish("daily", "set", "weekdays at noon")),
        ("weekly funday", Wish("weekly", "set", "funday")),
        ("daily line", Wish("daily", "set", "line")),
        ("daily Europe/London", Wish("daily", "set", "Europe/London")),
        ("daily 09:00 list SDN for me", Wish("daily", "set", "09:00 list SDN", is_own=True)),
        ("daily for me", Wish("daily", "status", is_own=True)),
        ("Daily off, only for me", Wish("daily", "off", is_own=True)),
        ("daily nonsense", Wish("daily", "unknown", "nonsense")),
        ("Daily Mail", None),
        ("daily 海康", None),
        ("weekly sales of Acme", None),
        ("is the Daily 3M flagged?", None),
    ],
)
def test_a_wish_is_told_from_a_question(text: str, wish: Wish | None) -> None:
    assert subscribing.wish(text) == wish


def test_lists_and_countries_are_known_by_any_name() -> None:
    found = subscribing.read("9 list sdn, the entity list country prc, Iran, hk", "UTC", "daily")
    assert found.scope == Scope(lists=("SDN list", "Entity List"), countries=("cn", "ir", "hk"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9 list Xyzzy", "“xyzzy” is no list that I know. The nearest are: "),
        ("9 list SDNN", "The nearest are: SDN list, "),
        ("9 country Atlantis", "“atlantis” is no country"),
    ],
)
def test_what_is_not_known_is_named_with_what_is(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        subscribing.read(text, "UTC", "daily")


def test_what_is_not_said_stays_as_it_was() -> None:
    before = Schedule("08:30", "Asia/Tokyo", "line", schedule.WEEKDAYS, Scope(lists=("SDN list",), countries=("cn",)))

    def read(text: str) -> Schedule:
        return subscribing.read(text, "UTC", "daily", before)

    assert read("9") == replace(before, at="09:00")
    assert read("europe/london") == replace(before, zone="Europe/London")
    assert read("silent") == replace(before, quiet="silent")
    assert read("weekends") == replace(before, days=schedule.WEEKEND)
    assert read("watched") == replace(before, scope=Scope(watched=True))
    assert read("09:00 every day UTC all changes silent") == Schedule("09:00", "UTC")


def test_a_weekly_one_keeps_its_day() -> None:
    before = Schedule("09:00", "UTC", days=(3,))
    assert subscribing.read("10", "UTC", "weekly", before) == replace(before, at="10:00")


def test_at_most_five_lists_are_named() -> None:
    with pytest.raises(UserError) as refused:
        subscribing.read("9 list Foo", "UTC", "daily")
    assert str(refused.value).count(",") == 4
