"""The words of messages: the match that is named, the lists that were searched, whose list it is, one and many."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answers import Event, ListingFact
from bot.records import Dataset, Listing
from bot.reply import Words
from tests.conftest import Desk

DALIAN = "General Technology Group Dalian Machine Tool Co., Ltd"


def act(phrases: Words, authority: str, named: str, *measures: str) -> str:
    listing = Listing("x:1", "x:2", authority, named, measures or ("public identification",), "2026-01-01", ())
    words = phrases.environment.get_template("_words.jinja").module
    return str(words.act(listing))  # type: ignore[attr-defined]


def footer(desk: Desk, states: Sequence[str]) -> str:
    at = desk.answer("x").asked_at
    some = ((f"x{n}", f"List {n}", state) for n, state in enumerate(states))
    sets = (Dataset(id, title, "", "1", "2026-01-01", loaded_at=at, state=state) for id, title, state in some)
    answer = replace(desk.answer("is Hikvision flagged"), coverage=tuple(sets))
    return desk.words.answer(answer).text.split("Searched: ")[1].split(". As of")[0]


def test_whoever_asks_by_the_name_of_the_record_hears_that_it_is_the_same(quick_desk: Desk) -> None:
    said = quick_desk.say(DALIAN)
    assert f"{DALIAN} — matched to the stored name “{DALIAN}” exactly. " in said
    assert "you asked about" not in said


def test_of_up_to_eight_lists_all_are_named(quick_desk: Desk) -> None:
    assert footer(quick_desk, ["fresh"] * 8).count("version") == 8


def test_of_many_datasets_a_few_are_named_and_first_those_that_are_not_fresh(quick_desk: Desk) -> None:
    named = footer(quick_desk, [*["fresh"] * 9, "stale"])
    assert named.startswith("List 9 (version 1, stale), List 0 (version 1), List 1 (version 1)")
    assert named.endswith(" and 2 more")
    assert footer(quick_desk, ["stale"] * 11).endswith(" and 3 more, all of them not fresh")


@pytest.mark.parametrize(
    ("named", "measures", "said"),
    [
        ("Entity List", (), "added to the Entity List by BIS"),
        ("Unverified List", (), "on the Unverified List of BIS"),
        ("bis", (), "on the list “bis”"),
        ("SDN", ("asset freeze",), "designated by BIS (SDN)"),
        ("BIS", ("asset freeze",), "designated on the list “BIS”"),
    ],
)
def test_a_list_that_is_called_like_its_keeper_is_named_once(
    phrases: Words, named: str, measures: tuple[str, ...], said: str
) -> None:
    assert act(phrases, "BIS", named, *measures) == said


def test_a_listing_that_ended_names_its_list_once_too(phrases: Words) -> None:
    listing = Listing("x:1", "x:2", "War and Order", "War and Order", ("public identification",), "2026-01-01", ())
    event = Event("2026-01-02", "ended", (), ListingFact(listing, "ended", "2026-01-01", True, ()))
    words = phrases.environment.get_template("_event.jinja").module
    assert str(words.act(event)).startswith("no longer on the list “War and Order”")  # type: ignore[attr-defined]


def test_one_is_counted_as_one(quick_desk: Desk) -> None:
    one = Dataset("x", "List", "", "1", "2026-01-01", loaded_at=quick_desk.answer("x").asked_at, entities=1, names=1)
    said = quick_desk.words.answer(replace(quick_desk.answer("which lists do you have"), coverage=(one,))).text
    assert "1 entity, 1 name; fresh" in said
