"""Watches that fire on a change of outcome, each time exactly once, and on nothing else."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.filters import Filters
from bot.mail import ALERT, SERIOUS
from bot.records import Entry, Name
from bot.store import channels, watches
from bot.store.database import Database
from tests.files import SMALL
from tests.joins import entry
from tests.watched import CHANNEL, ENTITY_LIST, SDN, WORKSPACE, Watchers

OTHERS = [entry(f"ofac:{number}", f"Example Works {number} Ltd", act=SDN) for number in range(20)]
DELTA = entry("ofac:99", "Delta Motors JSC", act=SDN, countries="ru")
FIRST, SECOND, THIRD, FOURTH = "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"
DENIAL = """\
  - {id: no, subjects: [acme], stance: denies, category: optics, statement: has no military customers,
     asserted_by: Acme Optics, answers: [lenses], stated: 2026-11-20, origin: ministry, sources: [paper]}
"""
DENIED = "DENIAL STORED: Acme Optics Co., Ltd. — NAMED IN REPORTING, contested; before: NAMED IN REPORTING, uncontested"
RETRACTION = """\
  - {id: back, stance: retracts, category: optics, statement: it was another firm, asserted_by: Ministry spokesperson,
     answers: [lenses], stated: 2026-11-21, origin: ministry, sources: [paper]}
"""


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    return Watchers(database, tmp_path)


def act(one: Entry, **changes: object) -> Entry:
    """The entry with another act."""
    return replace(one, listings=(replace(one.listings[0], **changes),))  # type: ignore[arg-type]


def called(one: Entry, *names: str) -> Entry:
    """The entry with more names."""
    more = tuple(Name(name, "alias") for name in names)
    return replace(one, entity=replace(one.entity, names=(*one.entity.names, *more)))


def test_back_and_forth_within_a_day_is_three_alerts(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    assert world.look() == ["LISTED: Delta Motors JSC (before: NO RECORD)"]
    world.load(THIRD, *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Delta Motors JSC (before: LISTED)"]
    world.load(FOURTH, *OTHERS, DELTA)
    assert world.look() == ["LISTED: Delta Motors JSC (before: FORMERLY LISTED)"]
    assert [one.what for one in world.alerts()] == ["listed", "ended", "listed"]


def test_back_and_forth_between_two_looks_is_three_alerts_in_order(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    world.load(THIRD, *OTHERS)
    world.load(FOURTH, *OTHERS, DELTA)
    assert [line.split(":")[0] for line in world.look()] == ["LISTED", "FORMERLY LISTED", "LISTED"]
    assert world.look() == []


def test_a_name_that_appears_is_watched_as_the_entity_from_then_on(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    said = world.said()
    assert "Until now nobody on record bore that name; from now on Delta Motors JSC is watched" in said
    with world.database.reading() as session:
        one = watches.by_id(session, "w-1", WORKSPACE)
    assert one
    assert (one.kind, one.target, one.label) == ("entity", "ofac:99", "Delta Motors")
    assert world.subject().entity_id == "ofac:99"
    renamed = replace(DELTA, entity=replace(DELTA.entity, name="Omega Works", names=(Name("Omega Works", "primary"),)))
    world.load(THIRD, *OTHERS, renamed)
    assert world.look() == []
    world.load(FOURTH, *OTHERS)
    assert world.look() == ["FORMERLY LISTED: Omega Works (before: LISTED)"]


def test_the_same_list_loaded_again_is_silent(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    world.look()
    world.load(SECOND, *OTHERS, DELTA)
    world.load(THIRD, *OTHERS, DELTA)
    assert world.look() == []


def test_an_entity_that_is_watched_tells_nothing_when_it_begins(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, DELTA)
    world.watch("entity", "ofac:99")
    assert world.alerts() == []
    assert world.look() == []


def test_a_new_alias_makes_a_row_of_a_portfolio_match(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, DELTA)
    world.watch("portfolio", names=[("Quillon Bearings", "C-1024"), ("Nobody Known", "C-1025")])
    world.load(SECOND, *OTHERS, called(DELTA, "Quillon Bearings OOO"))
    said = world.said()
    assert said.startswith("LISTED: Delta Motors JSC (before: NO RECORD)")
    assert "reference C-1024" in said
    assert "Quillon Bearings OOO" in said


def test_a_new_identifier_makes_a_row_of_a_portfolio_match(world: Watchers) -> None:
    number = "7707083893"
    world.load(FIRST, *OTHERS, DELTA)
    world.watch("portfolio", names=[(number, "C-1")])
    world.load(SECOND, *OTHERS, entry("ofac:99", "Delta Motors JSC", act=SDN, countries="ru", inn=number))
    assert world.look() == ["LISTED: Delta Motors JSC (before: NO RECORD)"]


def test_a_name_that_its_record_loses_is_on_no_record_any_more(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, called(DELTA, "Quillon Bearings OOO"))
    world.watch("portfolio", names=[("Quillon Bearings", "C-1024")])
    world.load(SECOND, *OTHERS, DELTA)
    assert world.look() == ["NO RECORD ANY MORE (not a clearance): Delta Motors JSC (before: LISTED)"]
    world.load(THIRD, *OTHERS, called(DELTA, "Quillon Bearings OOO"))
    assert world.look() == ["LISTED: Delta Motors JSC (before: NO RECORD)"]


def test_changed_measures_are_told_with_what_they_were(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, DELTA)
    world.watch("entity", "ofac:99")
    world.load(SECOND, *OTHERS, act(DELTA, measures=("asset freeze", "travel ban")))
    said = world.said()
    assert said.startswith("MEASURES CHANGED: Delta Motors JSC — LISTED, as before")
    assert "measures asset freeze → asset freeze, travel ban" in said


def test_remarks_and_reasons_are_cosmetic(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, DELTA)
    world.watch("entity", "ofac:99")
    noted = replace(DELTA, entity=replace(DELTA.entity, note="a remark", countries=("ru", "by")))
    world.load(
        SECOND, *OTHERS, act(called(noted, "Delta Motors Plant"), reason="another reason", url="https://x.example")
    )
    assert world.look() == []
    assert world.subject().outcome is not None


def test_a_copy_by_another_publisher_is_silent(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    copies = [entry(f"csl:{number}", f"Sample {number} Ltd", act=ENTITY_LIST) for number in range(20)]
    copy = act(entry("csl:99", "Delta Motors JSC", act=SDN, countries="ru"), programme="RUSSIA", record_id="99")
    world.load(FIRST, *copies, copy, form="csl")
    assert world.look() == ["LISTED: Delta Motors JSC (before: NO RECORD)"]
    world.load(SECOND, *OTHERS, act(DELTA, programme="RUSSIA-EO14024"))
    assert world.look() == []


def test_an_allegation_a_denial_and_a_retraction_are_told_each_with_the_other_side(world: Watchers) -> None:
    world.watch("name", "Acme Optics")
    world.claims(SMALL)
    said = world.said()
    assert said.startswith("NAMED IN REPORTING: Acme Optics Co., Ltd. (before: NO RECORD)")
    assert "The other side: no response in stored sources." in said
    world.claims(SMALL + DENIAL)
    said = world.said()
    assert said.startswith(f"{DENIED}\n")
    assert "sells lenses used in military sights" in said
    world.claims(SMALL + DENIAL + RETRACTION)
    now = "ON RECORD, nothing alleged; before: NAMED IN REPORTING, contested"
    assert world.said().startswith(f"RETRACTION STORED: Acme Optics Co., Ltd. — {now}\n")


def test_a_listing_that_ends_by_its_own_date_is_told_when_that_day_begins(world: Watchers) -> None:
    day = (world.now + timedelta(days=2)).date().isoformat()
    world.load(FIRST, *OTHERS, act(DELTA, listed_on="2024-01-01", ended_on=day))
    world.watch("entity", "ofac:99")
    world.later(days=1)
    assert world.look() == []
    world.later(days=1)
    assert world.look() == ["FORMERLY LISTED: Delta Motors JSC (before: LISTED)"]


def test_a_listing_that_begins_by_its_own_date_is_told_when_that_day_begins(world: Watchers) -> None:
    day = (world.now + timedelta(days=1)).date().isoformat()
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, act(DELTA, listed_on=day))
    assert world.look() == ["ON RECORD, nothing alleged: Delta Motors JSC (before: NO RECORD)"]
    world.later(days=1)
    assert world.look() == ["LISTED: Delta Motors JSC (before: ON RECORD, nothing alleged)"]


def test_records_that_a_person_joins_and_parts_are_told_with_the_reason(world: Watchers) -> None:
    world.load(FIRST, *OTHERS, DELTA)
    world.load(FIRST, entry("uk:7", "Omega Bearings", act=("UK", "UK Sanctions List"), countries="ae"), form="uk")
    world.watch("entity", "ofac:99")
    world.decide("join", "ofac:99", "uk:7")
    said = world.said()
    assert said.startswith("LISTED ON ONE MORE LIST: Delta Motors JSC (before: LISTED)")
    assert "Records that are one subject with it now: uk:7" in said
    world.decide("join", "ofac:99", "uk:7", undo=True)
    assert world.look() == ["OFF ONE LIST, STILL LISTED: Delta Motors JSC"]


def test_a_listing_is_more_urgent_than_other_news_and_alerts_of_a_place_keep_their_order(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    world.load(SECOND, *OTHERS, DELTA)
    world.load(THIRD, *OTHERS)
    world.alerting.round()
    sent = world.take()
    assert [one.urgency for one in sent] == [SERIOUS, ALERT]
    assert {one.lane for one in sent} == {f"alert:{WORKSPACE}:{CHANNEL}"}
    assert [(one.only_once, one.channel) for one in sent] == [(True, CHANNEL)] * 2


def test_where_outsiders_may_read_only_what_everybody_may_see_is_told(world: Watchers) -> None:
    with world.database.writing() as session:
        channels.seen(session, WORKSPACE, CHANNEL, outsiders=True, now=world.now)
    world.watch("name", "Acme Optics")
    world.claims(SMALL, workspace=WORKSPACE)
    assert world.look() == []
    world.claims(SMALL.replace("id: desk", "id: open"))
    assert world.look() == ["NAMED IN REPORTING: Acme Optics Co., Ltd. (before: NO RECORD)"]


def test_a_watch_of_nobody_in_slack_is_only_kept(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors", channel="")
    world.load(SECOND, *OTHERS, DELTA)
    assert world.look() == []
    assert [one.what for one in world.alerts()] == ["listed"]


def test_the_receipt_of_an_alert_gives_its_answer_again(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("name", "Delta Motors")
    at = world.load(SECOND, *OTHERS, DELTA)
    world.look()
    world.load(THIRD, *OTHERS)
    (alert,) = world.alerts()
    again = world.desk.again(alert.receipt, WORKSPACE)
    assert [one.status for one in again.subjects] == ["listed"]
    assert (alert.at, again.known_at) == (at, at)
    assert (alert.before["status"], alert.after["status"]) == ("no_record", "listed")


@pytest.mark.parametrize(
    "name", ["@channel <!here> *bold* `x`", "\u202eesrever", "Ünïcode 大连机床 Ltd", "x" * 190, "<@U1>|&"]
)
def test_hostile_names_are_told_as_they_are(world: Watchers, name: str) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("portfolio", label=name, names=[(name, name)])
    world.load(SECOND, *OTHERS, entry("ofac:99", name, act=SDN))
    world.alerting.round()
    for one in world.take():
        assert "<!here>" not in one.payload["text"]
        assert "\u202e" not in str(one.payload)
        assert one.payload["text"].startswith(("LISTED: ", "POSSIBLE MATCH"))


def test_a_list_that_is_watched_is_told_once_a_version(world: Watchers) -> None:
    world.load(FIRST, *OTHERS)
    world.watch("list", label="SDN", filters=Filters(datasets=("ofac",)))
    world.load(SECOND, *OTHERS[2:], act(OTHERS[0], programme="NPWMD"), DELTA)
    said = world.said()
    assert said.startswith("SDN: 1 added, 1 removed, 1 changed")
    assert "Delta Motors JSC" in said
    world.load(SECOND, *OTHERS[2:], act(OTHERS[0], programme="NPWMD"), DELTA)
    assert world.look() == []


def test_a_topic_that_is_watched_tells_claims_with_the_denials_beside(world: Watchers) -> None:
    world.watch("topic", "optics")
    world.claims(SMALL)
    assert world.look() == ["About “optics”: 1 new allegation"]
    world.claims(SMALL + DENIAL)
    said = world.said()
    assert said.startswith("About “optics”: 1 new denial")
    assert "sells lenses used in military sights" in said
