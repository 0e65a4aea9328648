"""Versions of a list loaded in any order: the same times on the list, each told once."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.records import PUBLIC, Difference, Gone, Item
from bot.store import entities
from bot.store.database import Database
from tests.test_taking import Lists, entry

Times = list[tuple[str, str, str, str]]

DAYS = tuple(f"2026-10-{day:02}" for day in (1, 3, 5, 7, 9))
D1, D3, D5, D7, D9 = DAYS
ENTRIES = 3
REST = entry(ENTRIES)
"""An entry that is on every version: one without any would be refused."""


@pytest.fixture
def lists(database: Database) -> Lists:
    return Lists(database)


def times(lists: Lists, number: int = 0) -> Times:
    """The times at which an entry was on the list: first seen, absent before, last seen, ended."""
    return sorted((act.first_seen, act.last_absent, act.last_seen, act.ended_on) for act in lists.acts(number))


def load(lists: Lists, order: Sequence[str], with_it: Sequence[str], entry_0: Item | None = None) -> Times:
    """Loads versions in this order, of which some have the entry 0."""
    one = entry_0 or entry(0)
    for day in order:
        lists.take(day, [REST, one] if day in with_it else [REST], force=True)
    return times(lists)


def test_a_version_between_that_lacks_an_entry_parts_its_time_in_two(lists: Lists) -> None:
    assert load(lists, (D1, D5, D3), (D1, D5)) == [(D1, "", D1, D3), (D5, D3, "", "")]


def test_a_version_between_that_has_an_entry_joins_its_times(lists: Lists) -> None:
    assert load(lists, (D5, D3, D7, D9, D1), (D5, D3, D1)) == [(D1, "", D5, D7)]


def test_a_time_that_only_an_older_version_tells_of_stands_by_itself(lists: Lists) -> None:
    assert load(lists, (D5, D1, D7, D3), (D1, D3, D7)) == [(D1, "", D3, D5), (D7, D5, "", "")]


def test_what_was_there_a_single_day_between_two_versions_without_it_had_a_time_of_its_own(lists: Lists) -> None:
    assert load(lists, (D1, D3, D7, D5), (D1, D5)) == [(D1, "", D1, D3), (D5, D3, D5, D7)]


def test_an_entry_with_an_end_of_its_own_comes_and_goes(lists: Lists) -> None:
    own = entry(0, ended_on="2026-09-30")
    found = load(lists, DAYS, (D1, D5, D9), own)
    assert found == [(D1, "", D1, own.listings[0].ended_on), (D5, D3, D5, "2026-09-30"), (D9, D7, "", "2026-09-30")]


def test_files_of_one_day_that_correct_each_other_make_one_time(lists: Lists) -> None:
    load(lists, (D1,), (D1,))
    for some in ([REST], [REST, entry(0)], [REST], [REST, entry(0)]):
        lists.take(D3, some, force=True)
    assert times(lists) == [(D1, "", "", "")]
    lists.take(D3, [REST], force=True)
    assert times(lists) == [(D1, "", D1, D3)]


def test_a_corrected_file_of_the_first_day_begins_nothing_anew(lists: Lists) -> None:
    for some in ([REST, entry(0)], [REST], [REST, entry(0)]):
        lists.take(D1, some, force=True)
    assert times(lists) == [(D1, "", "", "")]


def test_what_only_the_first_file_of_a_day_had_was_there_that_day_alone(lists: Lists) -> None:
    lists.take(D1, [REST])
    for some in ([REST, entry(0)], [REST]):
        lists.take(D3, some, force=True)
    assert times(lists) == [(D3, D1, D3, D3)]
    lists.take(D5, [REST, entry(0)], force=True)
    assert times(lists) == [(D3, D1, D3, D3), (D5, D3, "", "")]


def test_an_older_version_that_was_loaded_can_be_corrected(lists: Lists) -> None:
    load(lists, (D1, D3, D5), (D3,))
    lists.take(D3, [REST], force=True)
    assert times(lists) == []
    with lists.database.reading() as session:
        assert entities.by_ids(session, ["acts:0"], PUBLIC, None) == {}
    lists.take(D3, [REST, entry(0)], force=True)
    assert times(lists) == [(D3, D1, D3, D5)]


def test_an_entry_of_a_very_long_id_comes_and_goes(lists: Lists) -> None:
    id = "acts:0"
    long = replace(entry(0), listings=(replace(entry(0).listings[0], id=f"{id}{'x' * (200 - len(id))}"),))
    found = load(lists, (D1, D3, D9, D7, D5), (D1, D5, D9), long)
    assert found == [(D1, "", D1, D3), (D5, D3, D5, D7), (D9, D7, "", "")]


def test_a_listing_that_another_entity_has_by_now_is_remembered(lists: Lists) -> None:
    moved = replace(entry(0), listings=entry(1).listings)
    moved = replace(moved, listings=(replace(moved.listings[0], entity_id="acts:0"),))
    lists.take(D3, [REST, entry(1)])
    lists.take(D1, [REST, moved])
    assert (times(lists), times(lists, 1)) == ([(D1, "", D1, D3)], [(D3, D1, "", "")])


def test_a_list_that_dates_its_entries_itself_keeps_those_dates(lists: Lists) -> None:
    assert load(lists, (D1, D5, D3), (D1, D5), entry(0, first_seen="2026-08-01")) == [("2026-08-01", "", "", "")]


def test_what_reaches_further_back_and_does_not_differ_is_unchanged(lists: Lists) -> None:
    lists.take(D3, [REST, entry(0), entry(1)])
    assert lists.take(D1, [REST, entry(0), entry(1, programme="Old")]).difference == Difference(changed=1, unchanged=2)
    assert times(lists) == [(D1, "", "", "")]


def test_a_delta_that_is_older_than_the_list_is_refused(lists: Lists) -> None:
    lists.take(D1, [REST, entry(0)])
    lists.take(D5, [REST, entry(0)])
    with pytest.raises(
        UserError, match=f"^acts: a delta of {D3} is older than the loaded version of {D5}; load a whole"
    ):
        lists.take(D3, [Gone("acts:0", "line 1")], delta=True)


def test_a_change_that_a_later_version_made_is_not_told_of_an_earlier_one(lists: Lists) -> None:
    for day, name in ((D3, "Old Ltd"), (D5, "New Ltd"), (D1, "Old Ltd")):
        lists.take(day, [REST, entry(0, name)])
    assert {(one.version, one.what) for one in lists.changes(0)} == {(D5, "changed")}


def test_a_change_before_the_oldest_version_is_told_by_what_that_said(lists: Lists) -> None:
    for day, name in ((D3, "Old Ltd"), (D5, "New Ltd"), (D1, "Oldest Ltd")):
        lists.take(day, [REST, entry(0, name)])
    told = [(one.version, one.field, one.before, one.after) for one in lists.changes(0) if one.version == D3]
    assert set(told) == {
        (D3, "name", "Oldest Ltd", "Old Ltd"),
        (D3, "names", "primary: Oldest Ltd", ""),
        (D3, "names", "", "primary: Old Ltd"),
    }


Versions = Mapping[str, frozenset[int]]

ends = st.tuples(*[st.sampled_from(["", "2026-09-30", "2026-10-04", "2026-12-01"])] * ENTRIES)
versions = st.integers(2, 5).flatmap(
    lambda many: st.fixed_dictionaries(dict.fromkeys(DAYS[:many], st.frozensets(st.integers(0, ENTRIES - 1))))
)


def history(template: Path, order: Sequence[str], given: Versions, own: Sequence[str]) -> list[Times]:
    """The times of all entries after versions were loaded in this order; each entry has an end of its own, or none."""
    database = Database(f"sqlite:///{shutil.copy(template, template.with_name('history.db'))}")
    lists = Lists(database)
    for day in order:
        lists.take(day, [REST, *(entry(number, ended_on=own[number]) for number in sorted(given[day]))], force=True)
    found = [times(lists, number) for number in range(ENTRIES)]
    database.close()
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=versions, own=ends, data=st.data())
def test_any_order_of_loading_gives_the_same_times(
    sqlite_template: Path, given: Versions, own: tuple[str, ...], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(given)))
    assert history(sqlite_template, order, given, own) == history(sqlite_template, sorted(given), given, own)
