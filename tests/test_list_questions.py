"""Questions about lists: who is on them, how many, what their versions changed, and what of one listing is asked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from bot import intake, limits, questions, status
from bot.filters import Filters
from bot.records import PUBLIC, Dataset, Edition, Entity, Entry, Listing, Name, Source
from bot.store import listings
from bot.store.database import Database
from bot.taking import Terms
from tests.conftest import Desk

FIRST, SECOND = "2026-11-10", "2026-11-23"
LOADED = datetime(2026, 11, 10, 12, tzinfo=UTC)
KINDS = ("Company", "Organization", "Person", "Vessel")
TODAY = date(2026, 11, 23)


def entry(number: int, *, list: str = "acts", kind: str = "", country: str = "", name: str = "", **act: Any) -> Entry:
    """One of a made-up UN list: the kinds take turns, every other one is Chinese."""
    id, called = f"{list}:{number}", name or f"Example Works {number} Ltd"
    said = Listing(id, id, "UN", "Security Council Consolidated List", ("asset freeze",), "", (f"{list}:list",))
    entity = Entity(
        *(id, kind or KINDS[number % 4], called, (Name(called, "primary", "Latin"),)),
        (country or ("cn", "ru")[number % 2],),
    )
    return Entry(entity, (replace(said, record_id=str(number), **act),), f"row {number}")


def take(
    database: Database,
    published: str,
    some: Sequence[Entry],
    *,
    list: str = "acts",
    workspace: str = PUBLIC,
    form: str = "acts",
) -> None:
    """Takes a version in, at noon of the day it was published."""
    now = LOADED + timedelta(days=(date.fromisoformat(published) - LOADED.date()).days)
    source = Source(f"{list}:list", "Example Council", "Example List", "https://council.example/list", "")
    edition = Edition(Dataset(list, "Example List", "Example Council", published, published), (source,))
    with database.writing() as session:
        intake.take(session, [edition, *some], Terms(form, workspace, min(now, datetime(2026, 11, 23, 11, tzinfo=UTC))))


WHOLE = [entry(number) for number in range(40)]


@pytest.fixture
def two(desk: Desk) -> Desk:
    """A desk that knows two versions: three entries went, two came, one has another programme."""
    take(desk.database, FIRST, WHOLE)
    changed = entry(10, programme="Second Programme")
    new = [entry(90, country="hk"), entry(91, listed_on="2026-11-20")]
    take(desk.database, SECOND, [*WHOLE[3:10], changed, *WHOLE[11:], *new])
    return desk


def test_entries_are_counted_by_country_and_kind(two: Desk) -> None:
    assert two.answer("how many entries does the UN list have").total == 39
    assert two.answer("how many Chinese persons are on the UN list").total == 9
    assert two.answer("which vessels are on the UN list").total == 11
    assert two.answer("who from Hong Kong is on the UN list").total == 1


def test_a_count_names_the_version_it_is_of(two: Desk) -> None:
    text = two.say("how many entries does the UN list have")
    assert text.startswith("39 records on the UN list as of 2026-11-23\n• Example List: version 2026-11-23")
    assert two.say("how many entries did the UN list have on 2026-11-12").startswith(
        "40 records on the UN list as of 2026-11-12\n• Example List: version 2026-11-10"
    )


def test_a_long_list_shows_some_and_counts_the_others(desk: Desk) -> None:
    take(desk.database, FIRST, [entry(number) for number in range(1200)])
    answer, message = desk.ask_about("who is on the UN list")
    assert (answer.total, len(answer.ids), len(answer.subjects)) == (1200, 1000, 50)
    assert "more: " in message.text
    assert limits.broken(message.text, message.blocks) == []


def test_for_a_day_before_the_first_version_a_list_without_dates_cannot_tell(two: Desk) -> None:
    text = two.say("who was on the UN list as of 2026-11-01")
    assert "No records on the UN list as of 2026-11-01" in text
    assert "40 more may have been on it by 2026-11-01" in text
    assert "the stored versions begin with 2026-11-10" in text


def test_what_changed_is_counted_between_versions(two: Desk) -> None:
    text = two.say("what changed on the UN list this week")
    assert text.startswith("2 added, 3 removed, 1 changed on the UN list on 2026-11-23")
    assert "Example List: 2 added, 3 removed, 1 changed between the versions of 2026-11-10 and 2026-11-23" in text
    assert "programme: none → Second Programme" in text
    assert "2026-11-20 Example Works 91 Ltd — designated by UN" in text
    assert "no longer designated by UN" in text


@pytest.mark.parametrize(
    "time", ["between 2026-11-10 and 2026-11-23", "from 10 November 2026 to 23 November 2026", "since 2026-11-10"]
)
def test_what_changed_since_the_day_of_a_version_is_what_came_after_it(two: Desk, time: str) -> None:
    answer, message = two.ask_about(f"what changed on the UN list {time}?")
    assert dict(answer.counts) == {"added": 2, "removed": 3, "changed": 1}
    assert "between the versions of 2026-11-10 and 2026-11-23" in message.text


def test_a_copy_of_an_entry_that_its_publisher_has_no_more_is_not_counted(desk: Desk) -> None:
    take(desk.database, FIRST, [entry(number, list="copies") for number in range(10)], list="copies")
    assert desk.answer("who is on the UN list").total == 10
    take(desk.database, SECOND, [entry(number, list="un") for number in range(4, 10)], list="un", form="un")
    answer, message = desk.ask_about("who is on the UN list")
    assert dict(answer.counts) == {"listed": 6}
    assert [one.versions for one in answer.stored] == [(SECOND,)]
    assert "until" not in message.text
    assert dict(desk.answer("who was formerly on the UN list").counts) == {"formerly_listed": 4}
    assert desk.answer("who was on the UN list as of 2026-11-20").total == 10


def test_silence_of_a_list_that_is_not_up_to_date_is_no_answer(desk: Desk) -> None:
    take(desk.database, "2025-11-10", [entry(number, list="un") for number in range(4)], list="un", form="un")
    assert desk.say("what changed on the UN list this week").startswith(
        "CANNOT SAY whether anything changed on the UN list"
    )
    assert "4 records on the UN list in the version of 2025-11-10 (stale)" in desk.say("how many are on the UN list")
    assert "stale: newest version 2025-11-10" in desk.say("is Hikvision on the UN list?")


def test_where_no_entry_has_a_country_that_is_said(desk: Desk) -> None:
    some = [replace(one, entity=replace(one.entity, countries=())) for one in WHOLE[:3]]
    take(desk.database, FIRST, some)
    assert "3 that are asked for otherwise give no country" in desk.say("how many Chinese entries are on the UN list")


def test_a_list_is_known_by_its_own_name_and_by_that_of_its_file(desk: Desk) -> None:
    some = [entry(1, list="acts", authority="Kyiv"), entry(2, list="acts", authority="Kyiv")]
    take(desk.database, FIRST, some)
    assert desk.answer("how many entries are on the Council Consolidated list").total == 2
    text = desk.say("how many entries were on the Example list")
    assert "2 records" in text
    assert "I did not use" not in text


def test_a_question_for_additions_shows_no_removals(two: Desk) -> None:
    answer, message = two.ask_about("additions to the UN list since November 2026")
    assert dict(answer.counts) == {"added": 2}
    assert "removed" not in message.text


def test_a_question_for_removals_shows_no_additions(two: Desk) -> None:
    answer, message = two.ask_about("show the removals")
    assert dict(answer.counts) == {"removed": 3}
    assert "last seen in the version of 2026-11-10" in message.text
    assert "Example Works 90" not in message.text


def test_changes_are_narrowed_to_a_country_and_a_kind(two: Desk) -> None:
    assert dict(two.answer("which Chinese firms were removed from the UN list this week").counts) == {"removed": 1}


def test_changes_of_one_subject_are_told_over_all_time(two: Desk) -> None:
    answer, message = two.ask_about("what was changed for Example Works 10 Ltd?")
    assert dict(answer.counts) == {"changed": 1}
    assert "in all that is stored up to 2026-11-23" in message.text


def test_of_a_baseline_only_entries_with_their_own_date_can_be_told(desk: Desk) -> None:
    take(desk.database, SECOND, [*WHOLE, entry(90, listed_on="2026-11-20")])
    text = desk.say("what was added to the UN list this month")
    assert text.startswith("1 added on the UN list from 2026-11-01 to 2026-11-23")
    assert "the version of 2026-11-23 is the first one stored, a baseline" in text
    assert "2026-11-20 Example Works 90 Ltd" in text


def test_what_was_not_yet_recorded_is_not_told(two: Desk) -> None:
    before = datetime(2026, 11, 20, tzinfo=UTC)
    assert two.answer("what changed on the UN list this week", known_at=before).total == 0
    assert two.answer("how many entries does the UN list have", known_at=before).total == 40


def test_another_workspaces_list_is_neither_counted_nor_told(desk: Desk) -> None:
    take(desk.database, FIRST, WHOLE, workspace="theirs")
    take(desk.database, SECOND, WHOLE[1:], workspace="theirs")
    assert "CANNOT SAY" in desk.say("how many entries does the UN list have")
    assert desk.answer("show the removals").total == 0
    assert desk.answer("show the removals", workspace="theirs").total == 1


def test_what_was_and_is_on_a_list_is_said_first(two: Desk) -> None:
    gone, there = "Example Works 0 Ltd", "Example Works 5 Ltd"
    assert "No longer: was designated by UN" in two.say(f"is {gone} still on the UN list?").splitlines()[1]
    assert "Yes, formerly: designated by UN" in two.say(f"was {gone} ever on the UN list?").splitlines()[1]
    assert "Still on it: designated by UN" in two.say(f"is {there} still on the UN list?").splitlines()[1]
    assert "never in stored sources" in two.say(f"was {there} ever on the SDN list?").splitlines()[1]


def test_nobody_is_called_designated_who_was_only_added_to_the_entity_list(quick_desk: Desk) -> None:
    text = quick_desk.say("who is on the Entity List?")
    assert "added to the Entity List by BIS" in text
    assert "designated" not in text


DAYS = ("", "2024", "2024-02", "2024-02-10", "2024-12", "2025-01-01")


@pytest.mark.parametrize("day", ["2023-12-31", "2024-02-10", "2024-02-29", "2024-12-31", "2025-06-01"])
def test_the_database_tells_how_entries_stood_by_the_same_rules(database: Database, day: str) -> None:
    dates = product(DAYS, DAYS, ("", "2026-10-01"))
    some = [entry(n, listed_on=on, ended_on=end, last_absent=absent) for n, (on, end, absent) in enumerate(dates)]
    take(database, FIRST, some)
    asked = questions.read("who is on the UN list", TODAY).filters
    with database.reading() as session:
        acts = listings.of_entities(session, [one.entity.id for one in some], PUBLIC, None)
        found = {
            one.entity_id: one.state for one in listings.held(session, asked, date.fromisoformat(day), PUBLIC, None)
        }
    facts = (status.listing_fact(act, date.fromisoformat(day), {}) for act in acts)
    assert found == {fact.listing.entity_id: fact.state for fact in facts if fact.state != "not_yet"}


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        ("who is on Treasury's list", ["OFAC lists"]),
        ("the OFAC SDN list", ["SDN list"]),
        ("specially designated nationals", ["SDN list"]),
        ("firms on the non-SDN list", ["non-SDN lists"]),
        ("firms on the NS-CMIC list", ["CMIC list"]),
        ("firms on the Chinese military-industrial complex list", ["CMIC list"]),
        ("is X on the SSI list", ["SSI list"]),
        ("is X on the CAPTA list", ["CAPTA list"]),
        ("who is a denied person", ["Denied Persons List"]),
        ("is X on the MEU list", ["Military End User List"]),
        ("is X on the UVL", ["Unverified List"]),
        ("who did the UN Security Council list", ["UN list"]),
        ("is X under Regulation 833/2014", ["Regulation 833/2014"]),
        ("is X listed by the EU or the UK", ["EU lists", "UK Sanctions List"]),
        ("who is AECA debarred", ["AECA Debarred List"]),
        ("nonproliferation sanctions", ["Nonproliferation Sanctions"]),
        ("is X on the 1260H list", ["Section 1260H list"]),
        ("谁在实体清单上", ["Entity List"]),
        ("联合国制裁名单上有谁", ["UN list"]),
        ("被欧盟制裁的企业", ["EU lists"]),
        ("UK firms on the SDN list", ["SDN list"]),
        ("is MBS Global flagged", []),
        ("is British Petroleum flagged", []),
        ("英国石油公司被制裁了吗", []),
    ],
)
def test_lists_are_known_by_what_people_call_them(asked: str, labels: list[str]) -> None:
    assert [one.label for one in questions.read(asked, TODAY).filters.lists] == labels


@pytest.mark.parametrize(
    ("asked", "countries"),
    [
        ("how many Chinese firms are listed", ("cn",)),
        ("Russian and Iranian vessels", ("ru", "ir")),
        ("firms from Hong Kong or Turkey", ("hk", "tr")),
        ("UK companies", ("gb",)),
        ("who is on the UK list", ()),
        ("中国企业和俄罗斯公司", ("cn", "ru")),
        ("is Bank of China flagged", ("cn",)),
    ],
)
def test_countries_are_known_by_what_people_call_them(asked: str, countries: tuple[str, ...]) -> None:
    assert set(countries) <= set(questions.read(asked, TODAY).filters.countries)


@pytest.mark.parametrize(
    ("asked", "programmes"),
    [
        ("persons on the SDN list under BALKANS", ("balkans",)),
        ("firms under IRAN and SDGT on the SDN list", ("iran", "sdgt")),
        ("list firms under RUSSIA-EO14024", ("russia-eo14024",)),
        ("firms listed under Executive Order 14024", ("eo14024",)),
        ("who is under asset freeze", ()),
        ("firms on the NS-CMIC list", ()),
        ("is ALFA-BANK on the SDN list", ()),
        ("under which programme is X listed", ()),
    ],
)
def test_programmes_are_known_by_their_tags(asked: str, programmes: tuple[str, ...]) -> None:
    assert questions.read(asked, TODAY).filters.programmes == programmes


def test_nothing_asked_narrows_nothing() -> None:
    assert questions.read("Hikvision", TODAY).filters == Filters()
