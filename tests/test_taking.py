"""Versions of a list taken in one after the other: what differs, what is gone and stays findable, what is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot import intake
from bot.dossier import Reading
from bot.errors import UserError
from bot.records import (
    PUBLIC,
    Dataset,
    Difference,
    Edition,
    Entity,
    Entry,
    FieldChange,
    Gone,
    Item,
    Listing,
    Name,
    Rejected,
    Source,
)
from bot.store import changes, datasets, entities, listings
from bot.store.database import Database
from bot.taking import Loaded, Terms

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST, SECOND, THIRD = "2026-10-01", "2026-10-08", "2026-10-15"
MANY = 30


def entry(number: int, name: str = "", **act: Any) -> Entry:
    id, called = f"acts:{number}", name or f"Example Works {number} Ltd"
    said = Listing(
        id, id, "Example Board", "Example List", ("asset freeze",), "", ("acts:list",), record_id=str(number)
    )
    return Entry(
        Entity(id, "Company", called, (Name(called, "primary", "Latin"),)), (replace(said, **act),), f"row {number}"
    )


def edition(published: str, *, delta: bool = False) -> Edition:
    source = Source("acts:list", "Example Board", "Example List", "https://board.example/list", "")
    return Edition(Dataset("acts", "Example List", "Example Board", published, published), (source,), delta)


class Lists:
    """Takes versions, each an hour after the one before."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, NOW

    def take(self, published: str, some: Sequence[Item], *, delta: bool = False, force: bool = False) -> Loaded:
        self.now += timedelta(hours=1)
        with self.database.writing() as session:
            items = [edition(published, delta=delta), *some]
            (loaded,) = intake.take(session, items, Terms("acts", PUBLIC, self.now, force=force))
        return loaded

    def acts(self, number: int) -> list[Listing]:
        with self.database.reading() as session:
            return listings.of_entities(session, [f"acts:{number}"], PUBLIC, None)

    def changes(self, number: int) -> list[FieldChange]:
        with self.database.reading() as session:
            return changes.of_entities(session, [f"acts:{number}"], PUBLIC, None)


@pytest.fixture
def lists(database: Database) -> Lists:
    return Lists(database)


WHOLE = [entry(number) for number in range(MANY)]


def test_a_first_version_is_a_baseline(lists: Lists) -> None:
    assert lists.take(FIRST, WHOLE).difference == Difference(added=MANY)
    assert lists.changes(0) == []
    (act,) = lists.acts(0)
    assert (act.first_seen, act.last_absent, act.read_on) == (FIRST, "", FIRST)


def test_the_same_version_twice_changes_nothing(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    assert lists.take(FIRST, WHOLE).difference == Difference(unchanged=MANY)
    with lists.database.reading() as session:
        assert [one.loaded_at for one in datasets.current(session, PUBLIC) if one.list == "acts"] == [
            NOW + timedelta(hours=1)
        ]


def test_what_a_newer_version_adds_was_not_on_the_one_before(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    assert lists.take(SECOND, [*WHOLE, entry(99)]).difference == Difference(added=1, unchanged=MANY)
    (act,) = lists.acts(99)
    assert (act.first_seen, act.last_absent) == (SECOND, FIRST)
    assert [(one.what, one.on, one.version) for one in lists.changes(99)] == [("added", SECOND, SECOND)]


def test_an_addition_is_dated_by_the_lists_own_date(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    lists.take(SECOND, [*WHOLE, entry(99, listed_on="2026-10-05")])
    assert [one.on for one in lists.changes(99)] == ["2026-10-05"]


def test_changes_are_kept_field_by_field(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    changed = entry(0, "Example Works Nought Ltd", programme="Second Act", measures=("travel ban",))
    assert lists.take(SECOND, [changed, *WHOLE[1:]]).difference == Difference(changed=1, unchanged=MANY - 1)
    told = {(one.field, one.before, one.after) for one in lists.changes(0)}
    assert told == {
        ("name", "Example Works 0 Ltd", "Example Works Nought Ltd"),
        ("names", "primary: Example Works 0 Ltd", ""),
        ("names", "", "primary: Example Works Nought Ltd"),
        ("programme", "", "Second Act"),
        ("measures", "asset freeze", "travel ban"),
    }
    (act,) = lists.acts(0)
    assert (act.first_seen, act.read_on) == (FIRST, SECOND)


def test_what_leaves_a_list_stays_findable_as_ended(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    assert lists.take(SECOND, WHOLE[1:]).difference == Difference(removed=1, unchanged=MANY - 1)
    assert lists.take(THIRD, WHOLE[1:]).difference == Difference(unchanged=MANY - 1)
    (act,) = lists.acts(0)
    assert (act.ended_on, act.last_seen) == (SECOND, FIRST)
    with lists.database.reading() as session:
        assert "acts:0" in entities.by_ids(session, ["acts:0"], PUBLIC, None)
    assert [(one.what, one.on) for one in lists.changes(0)] == [("removed", SECOND)]


def test_what_is_back_on_a_list_was_on_it_twice(lists: Lists) -> None:
    for published, some in ((FIRST, WHOLE), (SECOND, WHOLE[1:]), (THIRD, WHOLE)):
        loaded = lists.take(published, some)
    assert loaded.difference == Difference(added=1, unchanged=MANY - 1)
    times = sorted((act.first_seen, act.last_absent, act.ended_on) for act in lists.acts(0))
    assert times == [(FIRST, "", SECOND), (THIRD, SECOND, "")]


def test_an_entry_of_which_nothing_was_said_goes_with_its_row(lists: Lists) -> None:
    bare = replace(entry(0), listings=())
    lists.take(FIRST, [bare, *WHOLE[1:]])
    assert lists.take(SECOND, WHOLE[1:]).difference == Difference(removed=1, unchanged=MANY - 1)
    with lists.database.reading() as session:
        assert entities.by_ids(session, ["acts:0"], PUBLIC, None) == {}


def test_a_list_that_shrinks_too_much_is_refused(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    with pytest.raises(UserError, match="acts: 10 of 30 entries would be taken off, more than a fifth"):
        lists.take(SECOND, WHOLE[10:])
    assert [act.ended_on for act in lists.acts(0)] == [""]
    assert lists.take(SECOND, WHOLE[10:], force=True).difference.removed == 10


def test_a_list_without_entries_is_refused(lists: Lists) -> None:
    with pytest.raises(UserError, match="acts: the file has no entry that can be taken"):
        lists.take(FIRST, [])


def test_an_id_that_stands_there_twice_is_rejected_the_second_time(lists: Lists) -> None:
    loaded = lists.take(FIRST, [*WHOLE, replace(entry(0, "Another"), where="row 31")])
    assert loaded.rejected == (Rejected("row 31", "id: 'acts:0' is there already"),)
    assert loaded.entities == MANY


def test_a_delta_leaves_what_it_does_not_speak_of(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    some: list[Item] = [entry(1, "Renamed Ltd"), entry(99), Gone("acts:2", "line 3"), Gone("acts:77", "line 4")]
    loaded = lists.take(SECOND, some, delta=True)
    assert loaded.difference == Difference(added=1, changed=1, removed=1)
    assert loaded.rejected == ()
    with lists.database.reading() as session:
        assert [one.entities for one in datasets.current(session, PUBLIC) if one.list == "acts"] == [MANY]


OLDER = [*WHOLE[1:], entry(50, "Long Gone Ltd")]
NEWER = [entry(1, programme="Second Act"), *WHOLE[:1], *WHOLE[2:]]


@pytest.mark.parametrize("order", [(FIRST, SECOND), (SECOND, FIRST)], ids=["in order", "the newer first"])
def test_history_is_the_same_in_whatever_order_versions_are_loaded(lists: Lists, order: tuple[str, str]) -> None:
    for published in order:
        lists.take(published, {FIRST: OLDER, SECOND: NEWER}[published])
    acts = {act.entity_id: act for number in (0, 1, 50) for act in lists.acts(number)}
    times = [(one.first_seen, one.last_absent, one.ended_on, one.last_seen) for one in acts.values()]
    assert times == [(SECOND, FIRST, "", ""), (FIRST, "", "", ""), (FIRST, "", SECOND, FIRST)]
    told = [(one.what, one.field, one.version, one.before) for number in (0, 1, 50) for one in lists.changes(number)]
    assert told == [("added", "", SECOND, ""), ("changed", "programme", SECOND, ""), ("removed", "", SECOND, "")]
    with lists.database.reading() as session:
        assert [one.version for one in datasets.current(session, PUBLIC) if one.list == "acts"] == [SECOND]


def test_a_version_between_two_others_narrows_when_entries_came_and_went(lists: Lists) -> None:
    lists.take(FIRST, WHOLE)
    lists.take(THIRD, [*WHOLE[2:], entry(99), entry(98)])
    loaded = lists.take(SECOND, [*WHOLE[1:], entry(99)])
    assert loaded.is_past
    times = {
        number: [(a.first_seen, a.last_absent, a.last_seen, a.ended_on) for a in lists.acts(number)]
        for number in (0, 1, 98, 99)
    }
    assert times == {
        0: [(FIRST, "", FIRST, SECOND)],
        1: [(FIRST, "", SECOND, THIRD)],
        98: [(THIRD, SECOND, "", "")],
        99: [(SECOND, FIRST, "", "")],
    }


def test_a_day_in_the_past_has_the_terms_of_then(lists: Lists) -> None:
    lists.take(FIRST, [entry(0, programme="First Act"), *WHOLE[1:]])
    lists.take(SECOND, [entry(0, programme="Second Act"), *WHOLE[1:]])
    with lists.database.reading() as session:
        then, now = (Reading(session, PUBLIC, None, date.fromisoformat(day)) for day in (FIRST, SECOND))
        terms = [one.standings(["acts:0"])["acts:0"].listings[0].listing.programme for one in (then, now)]
    assert terms == ["First Act", "Second Act"]
