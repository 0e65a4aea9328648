"""The daily summary in its channel: each local day once, whoever runs, whatever the clocks do."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import digest, receipts, schedule
from bot.errors import Missing
from bot.mail import Subscription
from bot.reply import Words
from bot.store import outbox, subscriptions
from bot.store import receipts as kept_receipts
from bot.store.database import Database
from tests.files import SMALL, many_claims
from tests.test_digest import MORNING, SINCE, load


@pytest.fixture(name="words")
def all_words(phrases: Words) -> Words:
    return phrases


def subscribe(database: Database, channel: str = "C1", **changes: Any) -> Subscription:
    one = replace(Subscription("T1", channel, "10:00", "UTC", "silent", "U1", SINCE, SINCE), **changes)
    with database.writing() as session:
        subscriptions.switch_on(session, one)
    return one


def run(database: Database, words: Words, now: datetime) -> list[str]:
    """What the clock does: each channel by itself."""
    with database.reading() as session:
        waiting = digest.due(session, now)
    return [key for one in waiting for key in reserve(database, words, one, now)]


def reserve(database: Database, words: Words, one: Subscription, now: datetime) -> list[str]:
    with database.reading() as session:
        edition = digest.prepare(session, words, one, now)
    with database.writing() as session:
        return digest.reserve(session, edition, now)


def test_a_summary_is_reserved_once_a_local_day(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    assert run(database, words, MORNING - timedelta(seconds=1)) == []
    assert run(database, words, MORNING) == ["daily:T1:C1:2026-11-24"]
    assert run(database, words, MORNING + timedelta(hours=3)) == []


def test_a_second_process_finds_the_day_done(database: Database, tmp_path: Path, words: Words) -> None:
    one = subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    assert run(database, words, MORNING) != []
    assert reserve(database, words, one, MORNING) == []


@pytest.mark.parametrize(("quiet", "posted"), [("silent", []), ("line", ["daily:T1:C1:2026-11-24"])])
def test_a_day_without_changes_is_silent_or_one_line(
    database: Database, words: Words, quiet: str, posted: list[str]
) -> None:
    subscribe(database, quiet=quiet)
    assert run(database, words, MORNING) == posted
    assert run(database, words, MORNING + timedelta(hours=1)) == []


def test_a_summary_set_after_its_hour_begins_tomorrow(database: Database, words: Words) -> None:
    subscribe(database, at="09:00", quiet="line")
    assert run(database, words, SINCE + timedelta(hours=1)) == []
    assert run(database, words, MORNING) == ["daily:T1:C1:2026-11-24"]


def test_a_week_away_is_caught_up_in_one_summary(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    assert run(database, words, MORNING + timedelta(days=7)) == ["daily:T1:C1:2026-12-01"]


def test_a_switched_off_summary_is_not_posted(database: Database, words: Words) -> None:
    one = subscribe(database, quiet="line")
    with database.writing() as session:
        subscriptions.switch_off(session, "T1", "C1")
    assert run(database, words, MORNING) == []
    assert reserve(database, words, one, MORNING) == []


def test_a_summary_that_was_changed_while_it_was_prepared_waits_for_the_next_look(
    database: Database, words: Words
) -> None:
    one = subscribe(database, quiet="line")
    subscribe(database, quiet="line", at="09:30")
    assert reserve(database, words, one, MORNING) == []
    assert run(database, words, MORNING) == ["daily:T1:C1:2026-11-24"]


def test_a_zone_this_machine_does_not_know_stops_that_channel_alone(database: Database, words: Words) -> None:
    lost = subscribe(database, channel="C0", zone="Europe/Atlantis", quiet="line")
    subscribe(database, quiet="line")
    with database.reading() as session:
        waiting = digest.due(session, MORNING)
    assert [one.channel for one in waiting] == ["C0", "C1"]
    assert reserve(database, words, waiting[1], MORNING) == ["daily:T1:C1:2026-11-24"]
    with pytest.raises(Missing, match="Europe/Atlantis"):
        reserve(database, words, lost, MORNING)


def test_what_is_posted_is_in_the_outbox_with_its_thread(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, many_claims(20), SINCE + timedelta(hours=1))
    keys = run(database, words, MORNING)
    assert keys == ["daily:T1:C1:2026-11-24", *(f"daily:T1:C1:2026-11-24:{n}" for n in range(1, len(keys)))]
    with database.writing() as session:
        assert outbox.due(session, MORNING, 99) == [(keys[0], "T1")]
        sending = outbox.take(session, keys[0], MORNING, MORNING + timedelta(minutes=1))
    assert sending is not None
    assert sending.outgoing.only_once
    assert sending.outgoing.payload["channel"] == "C1"


def test_a_summary_leaves_a_receipt_that_it_names(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    run(database, words, MORNING)
    with database.reading() as session:
        (receipt,) = kept_receipts.chain(session, "T1")
        assert list(receipts.breaks(session, "T1")) == []
    assert f"Receipt {receipt.id}." in receipt.body["text"]
    assert receipt.body["digest"]["told"] == {"named": ["desk:lenses"]}
    assert receipt.body["asker"] == "daily C1"
    assert [one["list"] for one in receipt.body["data"]] == ["desk", "starter"]


def test_a_summary_that_fails_leaves_the_day_undone(database: Database, words: Words) -> None:
    one = subscribe(database, quiet="line")
    with database.reading() as session:
        edition = digest.prepare(session, words, one, MORNING)
    with contextlib.suppress(ZeroDivisionError), database.writing() as session:
        assert digest.reserve(session, edition, MORNING) != []
        raise ZeroDivisionError
    assert run(database, words, MORNING) == ["daily:T1:C1:2026-11-24"]


ZONES = {"C1": "Europe/London", "C2": "America/New_York"}
FORTNIGHT = datetime(2026, 10, 19, tzinfo=UTC)
"""British clocks go back on 25 October 2026, American ones a week later, on 1 November: both have 01:30 twice."""


def test_in_a_fortnight_across_a_change_of_clocks_each_day_is_told_once(url: str, tmp_path: Path, words: Words) -> None:
    with Database(url) as database:
        for channel, zone in ZONES.items():
            subscribe(database, channel, at="01:30", zone=zone, quiet="line", set_at=FORTNIGHT, told_until=FORTNIGHT)
    keys: list[str] = []
    for day in (FORTNIGHT + timedelta(days) for days in range(14)):
        with Database(url) as database:
            load(database, tmp_path, SMALL.replace("sells lenses", f"sells lens {day.day // 3}"), day + NOON)
            for hour in range(24):
                keys += run(database, words, day + timedelta(hours=hour))
    days = [f"{FORTNIGHT.date() + timedelta(days)}" for days in range(14)]
    assert sorted(keys) == [f"daily:T1:{channel}:{day}" for channel in ZONES for day in days]
    with Database(url) as database:
        assert (
            told_of(database, "C1")
            == told_of(database, "C2")
            == ["named", "reworded", "reworded", "reworded", "reworded"]
        )


NOON = timedelta(hours=12)


def told_of(database: Database, channel: str) -> list[str]:
    """What was told to a channel, day by day."""
    with database.reading() as session:
        bodies = [one.body for one in kept_receipts.chain(session, "T1")]
    return [what for body in bodies if body["asker"] == f"daily {channel}" for what in body["digest"]["told"]]


SUBSCRIPTION = Subscription("T1", "C1", "09:00", "Europe/London", "line", "U1", SINCE, SINCE)


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("daily_set", {"subscription": SUBSCRIPTION}, "Kim set it for this channel."),
        ("daily_set", {"subscription": SUBSCRIPTION}, "whether people of other companies read this channel"),
        ("daily_set", {"subscription": replace(SUBSCRIPTION, quiet="silent")}, "without changes: nothing is posted."),
        ("daily_off", {"was_on": True}, "Kim stopped it."),
        ("daily_off", {"was_on": False}, "This channel has no daily summary"),
        (
            "daily_status",
            {"subscription": SUBSCRIPTION},
            "The next comes 2026-11-25 at 09:00; on a day without changes one",
        ),
        ("daily_status", {"subscription": None}, "Daily summary is off in this channel"),
    ],
)
def test_notices_say_what_is_set_and_how_to_change_it(
    words: Words, template: str, values: dict[str, Any], text: str
) -> None:
    _, moment = schedule.next_due("09:00", "Europe/London", MORNING)
    message = words.message(
        template,
        by="Kim",
        is_internal=False,
        next=schedule.local(moment, "Europe/London"),
        told_until=MORNING,
        **values,
    )
    assert text in message.text
    assert "/exposure daily" in message.text
