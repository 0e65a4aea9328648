"""What summaries tell of official lists: which can be relied on, and what came and went in one time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import gathering, intake
from bot.answers import Digest, ListWeeks
from bot.mail import DAILY, WEEKLY
from bot.records import PUBLIC, Dataset, Entry
from bot.reply import Words
from bot.store.database import Database
from bot.taking import Terms
from tests.conftest import LOADED
from tests.digests import act, composed, digest, rows
from tests.files import SMALL
from tests.joins import entry, items
from tests.test_digest import load

MONDAY = datetime(2026, 12, 7, 9, tzinfo=UTC)
SDN = "Specially Designated Nationals"


class Lists:
    """Loads versions of official lists and tells of a week of them."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def load(self, published: int, *numbers: int, at: int | None = None, named: str = "ofac") -> None:
        """Takes the version of a day before Monday, on that day or `at` another."""
        with self.database.writing() as session:
            on, now = (
                MONDAY - timedelta(days=ago, hours=1) for ago in (published, at if at is not None else published)
            )
            some: Sequence[Entry] = [
                entry(f"{named}:{n}", f"Example Works {n} Ltd", act=("OFAC", SDN), listed_on="") for n in numbers
            ]
            intake.take(session, items(f"{on.date()}", *some, named=named), Terms(named, PUBLIC, now, force=True))

    def gather(self, days: int = 7, edition: str = WEEKLY) -> Digest:
        with self.database.reading() as session:
            return gathering.gather(session, "T1", MONDAY - timedelta(days=days), MONDAY, None, edition)


@pytest.fixture
def lists(database: Database) -> Lists:
    one = Lists(database)
    one.load(20, *range(10))
    return one


def test_what_was_listed_and_delisted_in_one_week_is_told_and_the_figures_agree(lists: Lists, phrases: Words) -> None:
    lists.load(5, *range(20))
    lists.load(3, *range(8), *range(15, 20))
    found = lists.gather()
    assert found.counts == {"listed": 5, "ended": 2, "listed_and_ended": 5}
    assert found.records == ()
    assert found.trend == (ListWeeks("OFAC", SDN, "ofac", (0, 0, 0, 0, 0, 10), (0, 0, 0, 0, 0, 7)),)
    text = composed(phrases, found, MONDAY.date(), edition=WEEKLY).said[0].text
    assert text.startswith("Week of 1–7 December: 5 newly listed, 7 delisted (5 listed within this week)\n")
    assert f"• {SDN}, OFAC: 10 added, 7 removed; before nothing" in text
    assert (
        f"• Example Works 10 Ltd — designated by OFAC ({SDN}) and removed within this week: asset freeze, first seen in the list "
        "of 2026-12-02, not in that of 2026-12-04. Source: Publisher of ofac"
    ) in text


def test_what_only_a_first_file_of_a_day_had_is_told_as_such(lists: Lists, phrases: Words) -> None:
    lists.load(2, *range(11))
    lists.load(2, *range(10), at=1)
    text = composed(phrases, lists.gather(), MONDAY.date(), edition=WEEKLY).said[0].text
    assert "first seen in the list of 2026-12-05, not in a later one of that day" in text


@pytest.mark.parametrize(("days", "edition", "said"), [(1, DAILY, "this day"), (5, DAILY, "these 5 days")])
def test_how_long_that_is_is_said(phrases: Words, days: int, edition: str, said: str) -> None:
    gone = act(1, "listed_and_ended", ended_on="2026-11-24", last_seen="2026-11-23")
    first, second, *_ = composed(phrases, digest(gone, act(2), days=days), edition=edition).said[0].text.splitlines()
    assert f"1 newly listed, 1 delisted (1 listed within {said})" in first
    assert second.startswith("Example Works 1 Ltd: designated by OFAC")
    assert (
        f"and removed within {said}, since 2026-11-23, seen in the list of 2026-11-23, not in that of 2026-11-24"
        in second
    )


def test_the_table_calls_it_what_it_is(phrases: Words) -> None:
    gone = act(1, "listed_and_ended", ended_on="2026-11-24", last_seen="2026-11-23")
    (row, *_) = rows(composed(phrases, digest(gone, *(act(n) for n in range(2, 20)))))
    assert (row["what"], row["since"], row["after"]) == ("listed_and_ended", "2026-11-23", "2026-11-24")


def test_an_older_version_that_is_loaded_later_is_no_news(lists: Lists) -> None:
    lists.load(30, *range(12), at=2)
    lists.load(1, *range(9))
    assert lists.gather().counts == {"ended": 1}


def test_a_version_between_two_new_ones_tells_what_it_had(lists: Lists) -> None:
    lists.load(3, *range(10))
    lists.load(5, *range(12), at=1)
    assert lists.gather().counts == {"listed_and_ended": 2}


FRESH = Dataset("ofac", "OFAC SDN list", "OFAC", "1", "2026-11-24", form="ofac")
STARTER = Dataset("starter", "Flagpost starter records", "Flagpost", "1", "2026-11-24", form="claims")
OURS = Dataset("own", "Our list", "Acme", "1", "2026-11-24", form="own")
STALE = Dataset("eu", "EU list", "EU", "1", "2026-10-01", state="stale", form="eu")
MISSING = Dataset("un", "UN list", "UN", "", "", state="missing", form="un")


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        ((), "no official list is loaded."),
        ((STARTER, OURS), "no official list is loaded."),
        ((STARTER, MISSING), "no official list is loaded; 1 missing (UN list, never loaded)."),
        ((FRESH, STARTER, OURS), "1 list fresh."),
        ((STALE, STARTER), "0 lists fresh; 1 stale (EU list, last published 2026-10-01)."),
    ],
)
def test_only_official_lists_are_counted(phrases: Words, coverage: tuple[Dataset, ...], said: str) -> None:
    assert f"(Europe/London); {said} Receipt" in composed(phrases, digest(coverage=coverage)).said[0].text


def test_with_the_starter_and_a_desks_own_claims_no_official_list_is_loaded(
    database: Database, tmp_path: Path, phrases: Words
) -> None:
    load(database, tmp_path, SMALL, MONDAY)
    with database.reading() as session:
        found = gathering.gather(session, "T1", MONDAY - timedelta(days=1), MONDAY)
    assert "New versions: Our desk (2026-11-20); no official list is loaded." in composed(phrases, found).said[0].text


def test_a_quiet_week_says_since_when_once(phrases: Words) -> None:
    text = composed(phrases, digest(days=7), date(2026, 11, 24)).said[0].text
    assert text.startswith("24 November: 0 changes since 2026-11-17 09:00")


def test_a_delisting_says_in_which_version_it_was_last_seen(phrases: Words) -> None:
    gone = act(1, "ended", ended_on="2026-11-24", last_seen="2026-11-22")
    text = composed(phrases, digest(gone)).said[0].text
    assert "since 2026-11-23, until 2026-11-24 (in the list of 2026-11-22, not in that of 2026-11-24). Source" in text


@pytest.fixture
def begun(database: Database) -> Lists:
    """A list whose first versions are all of one week."""
    one = Lists(database)
    one.load(5, *range(10))
    one.load(3, *range(10), *range(20, 42))
    one.load(1, *range(4, 10), *range(20, 42))
    return one


def test_what_a_list_changed_after_its_first_load_of_the_same_week_is_told_beside_the_baseline(
    begun: Lists, phrases: Words
) -> None:
    found = begun.gather()
    assert found.counts == {"listed": 22, "ended": 4}
    assert found.trend == (ListWeeks("OFAC", SDN, "ofac", (0, 0, 0, 0, 0, 22), (0, 0, 0, 0, 0, 4)),)
    ((baseline,), (loaded,)) = found.baselines, found.loaded
    assert (baseline.version, baseline.entities, loaded.version) == ("2026-12-02", 10, "2026-12-06")
    text = composed(phrases, found, MONDAY.date(), edition=WEEKLY).said[0].text
    assert text.startswith(
        "Week of 1–7 December: 22 newly listed, 4 delisted, 1 list loaded for the first time\nExample Works 20 Ltd: "
    )
    assert "Loaded for the first time: ofac (version 2026-12-02), 10 entities, 0 claims. A baseline" in text
    assert "New versions: ofac (2026-12-06)" in text


def test_a_first_load_by_itself_or_with_an_older_version_is_only_a_baseline(database: Database) -> None:
    lists = Lists(database)
    lists.load(5, *range(10))
    lists.load(9, *range(12), at=3)
    found = lists.gather()
    assert (found.counts, [one.version for one in found.baselines]) == ({}, ["2026-12-02"])


def test_what_came_and_went_after_a_first_load_is_told_and_what_was_back_is_not(database: Database) -> None:
    lists = Lists(database)
    lists.load(5, *range(10))
    lists.load(3, *range(1, 12))
    lists.load(1, *range(10))
    assert lists.gather().counts == {"listed_and_ended": 2}


def test_what_is_taken_out_again_of_records_loaded_for_the_first_time_is_told_as_it_was(database: Database) -> None:
    starter = intake.read_starter()
    needed = {id for one in starter.claims for id in (*one.answers, *one.supersedes)}
    gone = next(one for one in starter.claims if one.subject_ids and one.id not in needed)
    kept = tuple(one for one in starter.claims if one is not gone)
    later = replace(starter, claims=kept, dataset=replace(starter.dataset, version="later"))
    with database.writing() as session:
        intake.load(session, later, PUBLIC, LOADED + timedelta(days=2))
    with database.reading() as session:
        found = gathering.gather(session, "T1", LOADED - timedelta(days=1), LOADED + timedelta(days=3))
    (event,) = found.events
    assert (event.what, event.record_id) == ("withdrawn", gone.id)
    assert event.claim
    assert event.claim.sources
    assert [one.id for one in event.entities] == [*gone.subject_ids]
    assert [one.version for one in (*found.baselines, *found.loaded)] == [starter.dataset.version, "later"]
