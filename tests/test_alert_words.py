"""What alerts say: who is meant now, how it stood, who denies what, all of many, and which watches it is about."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import limits
from bot.filters import Filters
from bot.mail import Outgoing
from bot.records import Entry
from bot.spreading import some_of_each
from bot.store.database import Database
from tests.files import SMALL
from tests.joins import entry
from tests.test_alerting import DENIAL, act, called
from tests.watched import ENTITY_LIST, SDN, Watchers

OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
DELTA = entry("ofac:99", "Delta Motors JSC", act=SDN, countries="ru")
FIRST, SECOND, THIRD = "2026-11-20", "2026-11-21", "2026-11-22"
UK = ("UK", "UK Sanctions List")
ALSO = "Also named in reporting: alleged by A minister; no response in stored sources"
NEAR = entry("ofac:45902", "LARRYCOM FOR INVESTMENT LTD", act=SDN, countries="sd")
EXACT = entry("ofac:48481", "LATICOM LTD", act=SDN, countries="ru")
WAVES = ((200, "Alpha Works"), (300, "Quillon Bearings"))
TWO = ((1, "Bearings", UK), (2, "Optics", ENTITY_LIST))
ALIKE = "likeness 0.92: the same words: quillon; only in the stored name:"
FROZEN = "asset freeze, since 2026-11-20"
DESIGNATED = "designated by OFAC (Specially Designated Nationals), asset freeze, since 2026-11-20"
NAMED_TOO = """\
  - {id: gears, subjects: [omega, delta], stance: alleges, category: gears, statement: sells gears, asserted_by: A minister,
     stated: 2026-11-19, origin: ministry, sources: [paper]}
"""
MORE = """\
  - {id: omega, kind: Company, name: Omega Works Ltd}
  - {id: delta, kind: Company, name: Delta Motors JSC, countries: [ru]}
claims:
"""
CLAIMS = SMALL.replace("claims:\n", MORE) + DENIAL + NAMED_TOO


@pytest.fixture
def world(quick_url: str, tmp_path: Path) -> Watchers:
    return Watchers(Database(quick_url), tmp_path)


def after(world: Watchers, *entries: Entry, version: str = SECOND) -> list[Outgoing]:
    """What is sent once a version of the list has these entries besides others."""
    world.load(version, *OTHERS, *entries)
    world.alerting.round()
    return world.take()


def buttons(one: Outgoing) -> list[dict[str, Any]]:
    blocks = one.payload["blocks"]
    return [button for block in blocks if block["type"] == "actions" for button in block["elements"]]


def lines(one: Outgoing, *starts: str) -> list[str]:
    return [line for line in str(one.payload["text"]).split("\n") if line.startswith(starts)]


def test_a_name_that_means_another_firm_says_so_and_all_that_holds_for_that_one(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, NEAR)
    world.watch("portfolio", names=[("LATICOM LTD", "C-1")])
    (said,) = after(world, NEAR, EXACT)
    was = "LARRYCOM FOR INVESTMENT LTD: LISTED"
    assert lines(said, "LISTED") == [f"LISTED: LATICOM LTD (until now the nearest on record was {was})"]
    assert "• designated by OFAC" in said.payload["text"]


def test_among_many_too_a_name_that_means_another_firm_says_so(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, replace(NEAR, listings=()))
    world.watch("portfolio", names=[("LATICOM LTD", "C-1"), ("Delta Motors", "C-2")])
    new = [entry("uk:1", "LATICOM LTD", act=UK), entry("uk:2", "Delta Motors JSC", act=UK)]
    world.load(FIRST, *new, form="uk")
    said = world.said()
    was = "LARRYCOM FOR INVESTMENT LTD: ON RECORD"
    assert f"• LISTED: LATICOM LTD (until now the nearest on record was {was}" in said


def test_a_file_that_tells_the_same_of_those_that_a_name_may_mean_is_silent(world: Watchers) -> None:
    world.watch("portfolio", names=[("iRay", "C-1")])
    same = entry("ofac:48808", "YANTAI IRAY TECHNOLOGY CO LTD", act=SDN, listed_on="2024-05-01")
    assert after(world, same) == []
    records = [one["records"] for one in (world.subject().outcome or {})["candidates"]]
    assert records == [["ofac:48808", "starter:yantai-iray"], ["starter:shanghai-iray"]]


def test_one_message_of_a_place_tells_all_watches_of_a_subject(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors", "w-1")
    world.watch("name", "Delta Motors JSC", "w-2")
    world.watch("portfolio", id="w-3", names=[("Delta Motors", "C-1"), ("Nobody Known", "C-2")])
    world.watch("list", id="w-4", label="SDN", filters=Filters(datasets=("ofac",)))
    said, of_list = after(world, DELTA)
    assert said.payload["text"].startswith("LISTED: Delta Motors JSC (before: NO RECORD)")
    watched = lines(said, "• the name", "• the portfolio")
    called = ["• the name “Delta Motors", "• the name “Delta Motors JSC", "• the portfolio “Suppliers"]
    assert [line.partition("”")[0] for line in watched] == called
    assert of_list.payload["text"].startswith("SDN: 1 added")
    told = [one for one in world.alerts() if one.what == "listed" and one.watched_pk]
    assert ([one.watch_id for one in told], {one.key for one in told}) == (["w-1", "w-2", "w-3"], {said.key})
    stops = [(one["action_id"], one["value"]) for one in buttons(said) if one["action_id"].startswith("unwatch")]
    assert stops == [("unwatch", "w-1"), ("unwatch_2", "w-2"), ("unwatch_3", "w-3")]
    assert not limits.broken(said.payload["text"], said.payload["blocks"])


def test_what_is_watched_in_two_places_is_told_in_both(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors", "w-1")
    world.watch("name", "Delta Motors", "w-2", channel="", user="U2")
    assert sorted(one.channel for one in after(world, DELTA)) == ["C1", "U2"]


def test_to_whom_it_is_news_that_it_is_meant_it_is_told_with_how_it_stood_for_the_others(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, replace(DELTA, listings=()))
    world.watch("entity", "ofac:99", "w-1", label="Delta")
    world.watch("portfolio", id="w-2", names=[("Quillon Bearings", "C-1")])
    (said,) = after(world, called(DELTA, "Quillon Bearings OOO"))
    assert said.payload["text"].startswith("LISTED: Delta Motors JSC (before: NO RECORD)")
    assert lines(said, "• “Delta”") == ["• “Delta”. Before: ON RECORD, nothing alleged."]


def test_what_differs_for_two_watches_of_a_subject_is_told_apart(world: Watchers) -> None:
    (other,) = entry("ofac:99", "x", act=ENTITY_LIST).listings
    both = replace(DELTA, listings=(*DELTA.listings, replace(other, id="ofac:99b")))
    world.load(FIRST, *OTHERS, both)
    world.watch("entity", "ofac:99", "w-1", label="Delta")
    world.watch("portfolio", id="w-2", names=[("Quillon Bearings", "C-1")])
    said = after(world, called(DELTA, "Quillon Bearings OOO"))
    assert sorted(str(one.payload["text"]).partition("\n")[0] for one in said) == [
        "LISTED: Delta Motors JSC (before: NO RECORD)",
        "OFF ONE LIST, STILL LISTED: Delta Motors JSC",
    ]


def test_a_name_that_is_the_stored_one_is_not_said_again(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("portfolio", names=[("Delta Motors JSC", "C-1")])
    (said,) = after(world, DELTA)
    assert lines(said, "Watched: ") == ["Watched: the portfolio “Suppliers”, “Delta Motors JSC” (reference C-1)."]


def test_a_delisting_cites_the_version_without_the_entry(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, DELTA)
    world.watch("entity", "ofac:99", "w-1")
    world.watch("list", id="w-2", label="SDN", filters=Filters(datasets=("ofac",)))
    said = [lines(one, "• no longer", "• Delta")[0] for one in after(world)]
    assert [line.partition("Source: ")[2] for line in said] == [f"ofac {SECOND}"] * 2


def test_what_ends_a_portfolio_says_so_and_asks_first(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("portfolio", names=[("Delta Motors", "C-1"), ("Nobody Known", "C-2")])
    world.watch("name", "Gamma Bearings", "w-2")
    one, other = after(world, DELTA, entry("ofac:98", "Gamma Bearings OOO", act=SDN))
    (stop,) = (each for each in buttons(one) if each["action_id"] == "unwatch")
    assert stop["text"]["text"] == "Stop watching all 2 names"
    assert "the watch on all of “Suppliers”: 2 names" in stop["confirm"]["text"]["text"]
    (plain,) = (each for each in buttons(other) if each["action_id"] == "unwatch")
    assert (plain["text"]["text"], "confirm" in plain) == ("Stop watching", False)


def test_what_is_asked_first_keeps_within_the_limits() -> None:
    button = {"type": "button", "text": {"text": "Stop"}, "action_id": "a", "confirm": {"deny": {"text": "x" * 31}}}
    assert limits.broken("-", [{"type": "actions", "elements": [button]}])


def test_every_name_of_many_is_in_a_text_of_the_thread(world: Watchers) -> None:
    many = [entry(f"ofac:{1000 + number}", f"Quillon Bearings {number} GmbH", act=SDN) for number in range(60)]
    world.load(FIRST, *OTHERS)
    world.watch("portfolio", names=[(f"Quillon Bearings {number}", f"C-{number}") for number in range(60)])
    texts = [str(one.payload["text"]) for one in after(world, *many)]
    told = [line for text in texts for line in text.split("\n") if line.startswith("• LISTED")]
    assert (len(told), len({line.partition(" GmbH")[0] for line in told})) == (60, 60)


def test_a_list_alert_shows_some_of_each_kind_and_the_rest_in_its_thread_and_a_file(world: Watchers) -> None:
    old, new = ([entry(f"ofac:{at + n}", f"{name} {n} Ltd", act=SDN) for n in range(9)] for at, name in WAVES)
    changed = [act(one, programme="NPWMD") for one in OTHERS[:8]]
    world.load(FIRST, *OTHERS, *old)
    world.watch("list", label="SDN", filters=Filters(datasets=("ofac",)))
    world.load(SECOND, *changed, *OTHERS[8:], *new)
    world.alerting.round()
    first, *thread = world.take()
    assert first.payload["text"].startswith("SDN: 9 added, 9 removed, 8 changed")
    assert lines(first, "Added", "Removed", "Changed") == ["Added (9)", "Removed (9)", "Changed (8)"]
    assert len(lines(first, "• ")) == 9
    assert sum(len(lines(one, "• ")) for one in (first, *thread)) == 26
    assert lines(first, "17 more") == ["17 more in the thread, and all 26 in the file there."]
    assert thread[-1].attachment


def test_of_each_group_some_are_among_the_first() -> None:
    assert some_of_each("aaaaabbc", str, 4) == list("aabc" + "aaab")
    assert some_of_each("ab", str, 4) == ["a", "b"]
    assert some_of_each("", str, 4) == []


def test_how_a_portfolio_stands_is_told_the_most_serious_first_with_who_says_what(world: Watchers) -> None:
    two = [entry(f"uk:{number}", f"Quillon {what} Ltd", act=some) for number, what, some in TWO]
    world.claims(CLAIMS)
    world.load(FIRST, *OTHERS, DELTA)
    world.load(FIRST, *two, form="uk")
    names = ["Quillon", "Acme Optics", "Nobody Known", "Omega Works", "Delta Motors"]
    world.begin("portfolio", names=[(name, f"C-{number}") for number, name in enumerate(names)])
    (said,) = world.take()
    denied = "alleged by Ministry spokesperson; denied by Acme Optics"
    assert told(said) == [
        f"• Delta Motors (reference C-4) — Delta Motors JSC: {DESIGNATED}. {ALSO}. Source: ofac 2026-11-20",
        f"• Acme Optics (reference C-1) — Acme Optics Co., Ltd.: {denied}",
        "• Omega Works (reference C-3) — Omega Works Ltd: alleged by A minister; no response in stored sources",
        "• Quillon (reference C-0) fits 2 records. Source: uk 2026-11-20",
        f"  – Quillon Bearings Ltd ({ALIKE} bearings) — LISTED: designated by UK (UK Sanctions List), {FROZEN}",
        f"  – Quillon Optics Ltd ({ALIKE} optics) — LISTED: designated by BIS (Entity List), {FROZEN}",
    ]


def told(one: Outgoing) -> Sequence[str]:
    return lines(one, "• ", "  – ")
