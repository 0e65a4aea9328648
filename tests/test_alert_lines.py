"""What alerts say of many: who is only alike, which version says so, how much the thread holds; by whose word what has ended."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.filters import Filters
from bot.store.database import Database
from bot.store.tables import DatasetRow
from tests.joins import entry
from tests.test_alert_words import DELTA, FIRST, NEAR, OTHERS, after, lines
from tests.test_alerting import act
from tests.watched import SDN, Watchers

LIKE_LARRYCOM = "LARRYCOM FOR INVESTMENT LTD (likeness 0.67: “laticom” read as a misspelling of “larrycom”"


@pytest.fixture
def world(quick_url: str, tmp_path: Path) -> Watchers:
    return Watchers(Database(quick_url), tmp_path)


def test_among_many_who_is_only_alike_is_told_with_how_alike_and_why(world: Watchers) -> None:
    world.begin("portfolio", names=[("LATICOM LTD", "C-1"), ("Delta Motors", "C-2")])
    world.begin("portfolio", id="w-2", names=[("LATICOM LTD", "C-1")])
    world.take()
    bundle, *_ = after(world, NEAR, DELTA)
    assert f"• LISTED (before: NO RECORD): {LIKE_LARRYCOM}" in bundle.payload["text"]
    assert "Delta Motors JSC — designated" in bundle.payload["text"]
    world.begin("portfolio", id="w-3", label="Banks", names=[("LATICOM LTD", "C-1")])
    assert f"• LATICOM LTD (reference C-1) — {LIKE_LARRYCOM}" in world.said()
    world.attempt("ofac", "failed", "gone")
    assert f"LATICOM LTD (as {LIKE_LARRYCOM.replace(' (', ', ')}" in world.said()


def test_a_row_among_many_names_the_version_however_long_the_title_is(world: Watchers) -> None:
    world.begin("portfolio", names=[("Gamma Bearings", "C-1"), ("Delta Motors", "C-2")])
    world.take()
    title = "Office of Foreign Assets Control Specially Designated Nationals and Blocked Persons List"
    world.load(FIRST, *OTHERS, DELTA, entry("ofac:98", "Gamma Bearings OOO", act=SDN))
    with world.database.writing() as session:
        session.execute(update(DatasetRow).where(DatasetRow.list == "ofac").values(title=title))
    sources = [line.partition("Source: ")[2] for line in world.said().split("\n") if line.startswith("• LISTED")]
    assert sources == [f"Office of Foreign Assets Control Specially Designated… {FIRST}"] * 2


def test_of_the_rest_it_is_said_how_much_of_it_the_thread_holds(
    world: Watchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.spreading.PAGE", 4)
    monkeypatch.setattr("bot.spreading.PAGES", 2)
    world.load(FIRST, *OTHERS)
    world.watch("list", label="SDN", filters=Filters(datasets=("ofac",)))
    first, *thread = after(
        world, *(entry(f"ofac:{100 + number}", f"Quillon {number} Ltd", act=SDN) for number in range(30))
    )
    assert lines(first, "8 more") == ["8 more in the thread, and all 30 in the file there."]
    assert [lines(one, "13 more") for one in thread] == [[], ["13 more are in the file."], []]


def test_of_those_that_a_name_may_mean_it_is_said_who_is_newly_on_which_list(world: Watchers) -> None:
    two = [
        entry(f"ofac:{number}", f"Quillon {what} Ltd", act=SDN) for number, what in ((98, "Bearings"), (97, "Optics"))
    ]
    world.load(FIRST, *OTHERS, *(replace(one, listings=()) for one in two))
    world.watch("portfolio", names=[("Quillon", "C-1")])
    (said,) = after(world, replace(two[0], listings=()), two[1])
    newly = "and one of them is newly on the Specially Designated Nationals of OFAC"
    assert lines(said, "POSSIBLE") == [f"POSSIBLE MATCH: “Quillon” fits 2 records, {newly}"]


def test_what_the_publisher_lacks_ends_by_its_version_and_not_by_the_copy_that_has_it(world: Watchers) -> None:
    world.later(days=8)
    world.watch("name", "Wuhan Tongsheng", "w-1")
    world.watch("portfolio", id="w-2", names=[("Wuhan Tongsheng", "C-1"), ("Delta Motors", "C-2")])
    bundle, said = after(world, DELTA, version="2026-11-29")
    assert lines(said, "• no longer designated")[0].partition("Source: ")[2] == "ofac 2026-11-29"
    assert "until 2026-11-29, the first version without it (since 2024-05-01, when" in said.payload["text"]
    (row,) = (line for line in lines(bundle, "• ") if "Tongsheng" in line)
    assert row.endswith("Source: ofac 2026-11-29")


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        (Filters(countries=("ru",)), "1,001 entries"),
        (Filters(countries=("ru",), programmes=("npwmd",)), "1 entry"),
        (Filters(kinds=("Company",), measures=("travel ban",)), ""),
        (Filters(datasets=("ofac",), countries=("sd",)), "1 entry"),
    ],
)
def test_of_a_list_that_begins_those_are_counted_that_are_watched(
    world: Watchers, narrowed: Filters, count: str
) -> None:
    some = [entry(f"ofac:{2000 + number}", f"Works {number} Ltd", act=SDN, countries="ru") for number in range(1000)]
    world.watch("list", label="SDN", filters=narrowed)
    (*said,) = after(world, NEAR, act(DELTA, programme="NPWMD"), *some)
    assert [lines(one, "SDN") for one in said] == ([[f"SDN: ofac loaded for the first time, {count}"]] if count else [])
