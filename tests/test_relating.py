"""Loads join what is one subject, people too; what was one stays to be asked for; the same on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dossier import Reading
from bot.errors import UserError
from bot.joining import MOST_SHARED
from bot.matching.analysis import Analyser
from bot.store import joins, partners
from bot.store.database import Database
from tests.joins import LATER, USCC, Lists, entry

NAME = "Acme Optics Technology Co., Ltd."


@pytest.fixture
def lists(database: Database, analyser: Analyser) -> Lists:
    return Lists(database, analyser)


def test_a_load_joins_what_an_earlier_one_recorded(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:47368", "T", uscc=USCC))
    assert lists.together("starter:wuhan-tongsheng") == ["ofac:47368", "starter:wuhan-tongsheng"]


def test_records_of_before_are_related_by_the_first_load_after(lists: Lists) -> None:
    lists.load("2026-01-01", entry("uk:1", NAME))
    with lists.database.reading() as session:
        assert partners.progress(session).entity_pk > 8
        assert partners.counts(session, partners.keys_of(session, [1]), "local")


def test_what_is_one_is_known_from_then_on(lists: Lists) -> None:
    before = lists.load("2026-01-01", entry("ofac:1", NAME))
    joined = lists.load("2026-01-01", entry("uk:1", NAME))
    assert lists.together("uk:1", known_at=before) == ["uk:1"]
    assert lists.together("uk:1", known_at=joined) == ["ofac:1", "uk:1"]


def test_a_record_that_changes_leaves_its_subject_and_the_past_stays(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:1", NAME))
    joined = lists.load("2026-01-01", entry("uk:1", NAME))
    lists.load("2026-01-02", entry("uk:1", "Somebody Else Co., Ltd."))
    assert lists.together("ofac:1") == ["ofac:1"]
    assert lists.together("ofac:1", known_at=joined) == ["ofac:1", "uk:1"]


def test_the_same_list_again_writes_nothing(lists: Lists) -> None:
    some = entry("ofac:1", NAME), entry("ofac:2", "Other Optics Technology Co., Ltd.")
    lists.load("2026-01-01", *some)
    joined = lists.load("2026-01-01", entry("uk:1", NAME))
    lists.load("2026-01-02", *some)
    assert lists.together("uk:1", known_at=joined + timedelta(minutes=1)) == lists.together("uk:1")
    with lists.database.reading() as session:
        assert len(joins.every(session, "local", None).of) == 2


def test_a_third_record_can_bring_two_together(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:1", "Aa Bb", uscc=USCC))
    lists.load("2026-01-01", entry("uk:1", NAME))
    lists.load("2026-01-01", entry("eu:1", NAME, uscc=USCC))
    assert lists.together("uk:1") == ["eu:1", "ofac:1", "starter:wuhan-tongsheng", "uk:1"]


def test_a_listing_that_comes_later_joins_its_copy(lists: Lists) -> None:
    copy = entry("csl:1", "Aa", act=("OFAC", "SDN"))
    lists.load("2026-01-01", replace(copy, listings=()))
    lists.load("2026-01-01", entry("ofac:7", "Bb", act=("OFAC", "SDN")))
    assert lists.together("csl:1") == ["csl:1"]
    lists.load("2026-01-02", replace(copy, listings=(replace(copy.listings[0], record_id="7"),)))
    assert lists.together("csl:1") == ["csl:1", "ofac:7"]


def test_what_too_many_share_joins_nobody(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:0", "Aa 0", registration="1234567"))
    lists.load("2026-01-01", entry("uk:0", "Bb 0", registration="1234567"))
    assert len(lists.together("uk:0")) == 2
    lists.load(
        "2026-01-01", *(entry(f"eu:{number}", f"Cc {number}", registration="1234567") for number in range(MOST_SHARED))
    )
    assert lists.together("uk:0") == ["uk:0"]
    lists.load("2026-01-02", *(entry(f"eu:{number}", f"Cc {number}") for number in range(MOST_SHARED)))
    assert lists.together("uk:0") == ["ofac:0", "uk:0"]


def test_a_person_joins_and_separates_and_takes_it_back(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:1", "Aa"))
    lists.load("2026-01-01", entry("uk:1", "Bb"))
    lists.decide("join", "uk:1", "ofac:1")
    assert lists.together("uk:1") == ["ofac:1", "uk:1"]
    lists.decide("separate", "ofac:1", "uk:1")
    assert lists.together("uk:1") == ["uk:1"]
    lists.decide("separate", "uk:1", "ofac:1", undo=True)
    assert lists.together("uk:1") == ["ofac:1", "uk:1"]
    lists.decide("join", "uk:1", "ofac:1", undo=True)
    assert lists.together("uk:1") == ["uk:1"]
    with lists.database.reading() as session:
        assert [one.undone_why for one in joins.all_decisions(session, ["public"])] == ["the registry says so"] * 2


def test_a_decision_outlives_a_new_version_of_its_records(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:1", "Aa"))
    lists.load("2026-01-01", entry("uk:1", "Bb"))
    lists.decide("join", "uk:1", "ofac:1")
    lists.load("2026-01-02", entry("uk:1", "Bb", "Cc"))
    assert lists.together("uk:1") == ["ofac:1", "uk:1"]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [("ofac:1", "ofac:1", "name two"), ("ofac:1", "uk:nobody", "there is no record 'uk:nobody'")],
)
def test_what_is_no_two_records_is_told(lists: Lists, one: str, other: str, why: str) -> None:
    lists.load("2026-01-01", entry("ofac:1", "Aa"))
    with pytest.raises(UserError, match=why):
        lists.decide("join", one, other)
    with pytest.raises(UserError, match="nothing to undo"):
        lists.decide("join", one, "uk:1", undo=True)


def test_a_workspace_sees_its_own_records_joined_and_nobody_else_does(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:1", NAME))
    lists.load("2026-01-01", entry("desk:1", NAME), workspace="local")
    assert lists.together("ofac:1") == ["desk:1", "ofac:1"]
    assert lists.together("ofac:1", "other") == ["ofac:1"]


def test_a_public_load_is_joined_with_what_workspaces_hold(lists: Lists) -> None:
    lists.load("2026-01-01", entry("desk:1", NAME), workspace="local")
    lists.load("2026-01-01", entry("ofac:1", NAME))
    assert lists.together("ofac:1") == ["desk:1", "ofac:1"]
    lists.load("2026-01-01", entry("uk:1", NAME))
    assert lists.together("desk:1") == ["desk:1", "ofac:1", "uk:1"]
    assert lists.together("uk:1", "other") == ["ofac:1", "uk:1"]


def test_a_workspace_separates_for_itself_alone(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:1", NAME))
    lists.load("2026-01-01", entry("uk:1", NAME))
    lists.decide("separate", "ofac:1", "uk:1", "local")
    assert lists.together("uk:1") == ["uk:1"]
    assert lists.together("uk:1", "other") == ["ofac:1", "uk:1"]
    lists.load("2026-01-01", entry("eu:1", NAME))
    assert lists.together("uk:1", "other") == ["eu:1", "ofac:1", "uk:1"]
    assert len(lists.together("uk:1")) + len(lists.together("ofac:1")) == 3
    lists.decide("separate", "ofac:1", "uk:1", "local", undo=True)
    assert lists.together("uk:1") == ["eu:1", "ofac:1", "uk:1"]


def test_lists_in_any_order_join_the_same(lists: Lists) -> None:
    some = [entry("uk:1", NAME), entry("ofac:1", NAME, uscc=USCC), entry("eu:1", "Zz", uscc=USCC)]
    for one in some:
        lists.load("2026-01-01", one)
    expected = lists.together("uk:1")
    assert lists.together("uk:1", known_at=LATER) == ["uk:1"]
    assert expected == ["eu:1", "ofac:1", "starter:wuhan-tongsheng", "uk:1"]


def test_two_workspaces_number_their_rows_alike_and_see_nothing_of_each_other(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:9", "Example Works Ltd", act=("OFAC", "SDN")))
    lists.load("2026-01-01", entry("own:9", "Ninth Works Ltd", act=("OFAC", "SDN")), workspace="other", form="own")
    lists.load("2026-01-01", entry("own:9", "Corner Cafe Ltd", act=("Desk", "List")), workspace="local", form="own")
    assert lists.together("own:9") == ["own:9"]
    with lists.database.reading() as session:
        told = Reading(session, "local", None, LATER.date()).standings(["own:9"])["own:9"]
    assert [one.listing.authority for one in told.listings] == ["Desk"]


def test_how_a_team_numbers_its_rows_says_nothing_of_official_entries(lists: Lists) -> None:
    lists.load("2026-01-01", entry("ofac:46633", "Example Works Ltd", act=("OFAC", "SDN")))
    lists.load("2026-01-01", entry("own:46633", "Our Friend Bakery", act=("OFAC", "SDN")), form="own")
    assert lists.together("own:46633") == ["own:46633"]
