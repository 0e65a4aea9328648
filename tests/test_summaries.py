"""The summaries in their channels: each local day once, whoever runs; nothing is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import receipts
from bot.mail import LEISURE, WEEKLY, Scope
from bot.reply import Words
from bot.store import channels, subscriptions, tasks
from bot.store import receipts as kept_receipts
from bot.store.database import Database
from tests.files import SMALL, many_claims
from tests.slackside import Log, execute
from tests.summing import LOST, Paper, subscribe
from tests.test_digest import MORNING, SINCE, load

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
FIRST = "daily:T1:C1:2026-11-24"


@pytest.fixture
def paper(database: Database, phrases: Words) -> Paper:
    return Paper(database, phrases)


def news(version: int) -> str:
    """A claims file that says something else each time."""
    return SMALL.replace("sells lenses", f"sells lens {version}").replace("2026-11-20", f"2026-11-{version:02}")


def texts(paper: Paper) -> list[str]:
    """All that the summaries said, by their receipts."""
    with paper.database.reading() as session:
        return [one.body["text"] for one in kept_receipts.chain(session, "T1")]


def test_a_summary_is_reserved_once_a_local_day(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    assert paper.at(MORNING - SECOND) == []
    assert paper.at(MORNING) == [FIRST]
    assert paper.at(MORNING + 3 * HOUR) == []


@pytest.mark.parametrize(("quiet", "posted"), [("silent", []), ("line", [FIRST])])
def test_a_day_without_changes_is_silent_or_one_line(paper: Paper, quiet: str, posted: list[str]) -> None:
    subscribe(paper.database, quiet=quiet)
    assert paper.at(MORNING) == posted
    assert paper.at(MORNING + HOUR) == []
    assert paper.one().told_until == MORNING


def test_a_summary_set_after_its_hour_begins_tomorrow(paper: Paper) -> None:
    subscribe(paper.database, at="09:00", quiet="line")
    assert paper.at(SINCE + HOUR) == []
    assert paper.at(MORNING) == [FIRST]


def test_what_becomes_known_after_the_moment_is_for_the_next_day_however_late_it_is_told(
    paper: Paper, tmp_path: Path
) -> None:
    subscribe(paper.database)
    load(paper.database, tmp_path, news(20), SINCE + HOUR)
    load(paper.database, tmp_path, news(21), MORNING + HOUR)
    assert paper.at(MORNING + 2 * HOUR) == [FIRST]
    assert paper.at(MORNING + DAY) == ["daily:T1:C1:2026-11-25"]
    assert [("lens 20" in text, "lens 21" in text) for text in texts(paper)] == [(True, False), (False, True)]


def test_a_week_away_is_caught_up_in_one_summary_that_says_since_when(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    assert paper.at(MORNING + timedelta(days=7, hours=2)) == ["daily:T1:C1:2026-12-01"]
    assert f"{SINCE:%Y-%m-%d %H:%M}" in texts(paper)[0]
    assert paper.at(MORNING + timedelta(days=7, hours=3)) == []


def test_on_weekdays_what_friday_brought_is_told_on_monday(paper: Paper, tmp_path: Path) -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)
    subscribe(paper.database, days=(0, 1, 2, 3, 4), set_at=friday - HOUR)
    assert paper.at(friday) == []
    load(paper.database, tmp_path, SMALL, friday + HOUR)
    assert [paper.at(friday + day * DAY) for day in (1, 2, 3)] == [[], [], ["daily:T1:C1:2026-11-30"]]


def test_a_channel_has_a_daily_and_a_weekly_edition(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    subscribe(paper.database, edition=WEEKLY, days=(2,))
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    assert paper.at(MORNING) == [FIRST]
    assert paper.at(MORNING + DAY) == ["weekly:T1:C1:2026-11-25"]


def test_a_switched_off_summary_is_not_posted_and_its_task_is_gone(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    with paper.database.writing() as session:
        subscriptions.switch_off(session, "T1", "C1")
    assert paper.at(MORNING) == []
    with paper.database.reading() as session:
        assert tasks.due(session, tasks.SUMMARY) == {}


def test_switched_off_and_on_again_it_begins_anew(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    with paper.database.writing() as session:
        subscriptions.switch_off(session, "T1", "C1")
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    subscribe(paper.database, set_at=SINCE + 2 * HOUR)
    assert paper.at(MORNING) == []


def test_another_time_on_a_day_that_was_told_waits_for_the_next(paper: Paper) -> None:
    subscribe(paper.database, quiet="line")
    assert paper.at(MORNING) == [FIRST]
    subscribe(paper.database, quiet="line", at="12:00", set_at=MORNING + HOUR)
    assert paper.at(MORNING + 3 * HOUR) == []
    assert paper.at(MORNING + DAY + 2 * HOUR) == ["daily:T1:C1:2026-11-25"]


def test_a_zone_this_machine_does_not_know_stops_that_channel_alone(paper: Paper, log: Log) -> None:
    subscribe(paper.database, channel="C0", quiet="line")
    subscribe(paper.database, quiet="line")
    execute(paper.database, "UPDATE subscription SET zone = 'Europe/Atlantis' WHERE channel = 'C0'")
    assert paper.at(MORNING) == [FIRST]
    assert "Europe/Atlantis" in log.text
    with paper.database.reading() as session:
        assert list(tasks.due(session, tasks.SUMMARY).values()) == [MORNING, MORNING + DAY]
    subscribe(paper.database, channel="C0", quiet="line", set_at=MORNING + HOUR)
    assert "daily:T1:C0:2026-11-25" in paper.at(MORNING + DAY)


def test_what_fails_is_tried_ever_more_seldom(paper: Paper, log: Log) -> None:
    subscribe(paper.database)
    execute(paper.database, "UPDATE subscription SET zone = 'Europe/Atlantis'")
    for minute in range(600):
        paper.at(MORNING + minute * timedelta(minutes=1))
    assert 5 < log.text.count("Europe/Atlantis") < 20


def test_what_failed_a_hundred_times_is_tried_once_an_hour(paper: Paper, log: Log) -> None:
    subscribe(paper.database)
    execute(paper.database, "UPDATE subscription SET zone = 'Europe/Atlantis'")
    execute(paper.database, "UPDATE task SET attempts = 100")
    tried = [(paper.at(MORNING + number * HOUR / 2), log.text.count("Europe/Atlantis"))[1] for number in range(3)]
    assert 0 < tried[0] == tried[1] < tried[2]


def test_what_is_posted_goes_its_own_lane_in_its_order(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    load(paper.database, tmp_path, many_claims(60), SINCE + HOUR)
    paper.at(MORNING, None)
    first, *thread = paper.posts()
    assert (first.key, first.parent, first.only_once) == (FIRST, "", True)
    assert [(one.key, one.parent) for one in thread] == [(f"{FIRST}:{n}", FIRST) for n in range(1, len(thread) + 1)]
    assert {one.lane for one in (first, *thread)} == {"daily:T1:C1"}
    assert {one.urgency for one in thread if one.attachment} <= {LEISURE}


def test_a_summary_leaves_a_receipt_that_it_names(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    paper.at(MORNING)
    with paper.database.reading() as session:
        (receipt,) = kept_receipts.chain(session, "T1")
        assert list(receipts.breaks(session, "T1")) == []
    assert f"Receipt {receipt.id}." in receipt.body["text"]
    assert receipt.body["digest"]["told"] == {"named": ["desk:lenses"]}
    assert receipt.body["asker"] == "daily C1"
    assert [one["list"] for one in receipt.body["data"]] == ["desk", "starter"]


def test_channels_that_share_their_words_have_their_own_receipts(paper: Paper, tmp_path: Path) -> None:
    for number in range(3):
        subscribe(paper.database, channel=f"C{number}")
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    paper.at(MORNING, None)
    said = [(one.payload or {})["text"] for one in paper.posts()]
    assert len(set(said)) == 3
    assert not [text for text in said if "00000000" in text]


def test_private_records_are_told_where_only_colleagues_read(paper: Paper, tmp_path: Path) -> None:
    for channel in ("C1", "C2", "U3"):
        subscribe(paper.database, channel=channel)
    with paper.database.writing() as session:
        channels.seen(session, "T1", "C1", False, SINCE)
        channels.seen(session, "T1", "C2", True, SINCE)
    load(paper.database, tmp_path, SMALL, SINCE + HOUR, "T1")
    assert paper.at(MORNING) == [FIRST, "daily:T1:U3:2026-11-24"]


def test_the_next_summary_says_of_which_day_nobody_knows(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database, quiet="line")
    assert paper.at(MORNING, LOST) == [FIRST]
    assert paper.at(MORNING + DAY) == ["daily:T1:C1:2026-11-25"]
    assert paper.at(MORNING + 2 * DAY) == ["daily:T1:C1:2026-11-26"]
    assert ["of 2026-11-24 may not have arrived" in text for text in texts(paper)] == [False, True, False]


def test_while_one_is_on_its_way_the_next_waits_and_then_tells_all(paper: Paper, tmp_path: Path) -> None:
    subscribe(paper.database)
    load(paper.database, tmp_path, news(20), SINCE + HOUR)
    assert paper.at(MORNING, None) == [FIRST]
    load(paper.database, tmp_path, news(21), MORNING + HOUR)
    assert paper.at(MORNING + DAY, None) == []
    paper.end(replace(LOST, state="failed"))
    assert paper.at(MORNING + DAY + 2 * HOUR) == ["daily:T1:C1:2026-11-25"]
    assert "1 newly named" in texts(paper)[-1]


@pytest.mark.parametrize("scope", [Scope(lists=("SDN list",)), Scope(watched=True), Scope(topics=("drones",))])
def test_what_is_not_asked_for_is_not_told(paper: Paper, tmp_path: Path, scope: Scope) -> None:
    subscribe(paper.database, scope=scope)
    load(paper.database, tmp_path, SMALL, SINCE + HOUR)
    assert paper.at(MORNING) == []


def test_only_the_workspaces_that_we_speak_for_are_told(database: Database, phrases: Words) -> None:
    subscribe(database, quiet="line", workspace="T2")
    assert Paper(database, phrases).at(MORNING) == []
    assert Paper(database, phrases, "T1", "T2").at(MORNING) == ["daily:T2:C1:2026-11-24"]


def test_only_these_channels_are_posted_on_demand(paper: Paper) -> None:
    for channel in ("C1", "C2"):
        subscribe(paper.database, channel=channel, quiet="line")
    paper.now = MORNING
    assert paper.summaries.post({"C2"}) == (["daily:T1:C2:2026-11-24"], True)
    assert paper.summaries.post() == ([FIRST], True)
    assert paper.summaries.post() == ([], True)
