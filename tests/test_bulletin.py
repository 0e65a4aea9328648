"""A summary as messages: the point first, nothing twice and nothing lost, all of a long day in a table, within Slack's limits."""

import codecs
import json
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import bulletin, limits, newsworthy
from bot.answers import ListWeeks, RecordChange
from bot.mail import NEWS, QUIET, WEEKLY
from bot.records import Dataset, FieldChange
from bot.reply import Words
from tests.digests import UNTIL, act, claim, composed, digest, rows, texts

HERE = Path(__file__).parent
SDN = "Specially Designated Nationals"
FRESH = Dataset("ofac", "OFAC SDN list", "OFAC", "1", "2026-11-24", form="ofac")
FAILED = Dataset(
    "uk", "UK Sanctions List", "FCDO", "1", "2026-11-01", state="failed", failed_at=datetime(2026, 11, 20, tzinfo=UTC)
)
STALE = Dataset("eu", "EU list", "EU", "1", "2026-10-01", state="stale")
MISSING = Dataset("un", "UN list", "UN", "", "", state="missing")


WEEKS = tuple(date(2026, 11, 24) - timedelta(days=7 * n) for n in range(5, -1, -1))
TREND = (
    ListWeeks("OFAC", SDN, "ofac", (0, 3, 0, 298, 0, 20), (0, 0, 1, 0, 4, 0)),
    ListWeeks("UK", "UK Sanctions List", "uk", (7, 0, 0, 0, 0, 1), (0, 2, 0, 0, 0, 0)),
)


@pytest.mark.parametrize("name", ["digest_long", "digest_weekly"])
def test_a_summary_is_worded_as_agreed(phrases: Words, name: str, request: pytest.FixtureRequest) -> None:
    long = digest(*(act(n) for n in range(20)), claim(1), coverage=(FRESH, FAILED), days=3)
    weekly = replace(digest(act(1), act(2, "ended"), days=7), weeks=WEEKS, trend=TREND)
    told = composed(phrases, weekly, edition=WEEKLY) if name == "digest_weekly" else composed(phrases, long)
    drawn = json.dumps({"text": told.said[0].text, "blocks": told.said[0].blocks}, ensure_ascii=False, indent=1) + "\n"
    file = HERE / "messages" / f"{name}.json"
    if request.config.getoption("--write-messages"):
        file.write_text(drawn, "utf-8")
    assert drawn == file.read_text("utf-8")


def test_a_single_event_is_the_second_line(phrases: Words) -> None:
    first, second, *_ = composed(phrases, digest(act(1))).said[0].text.splitlines()
    assert first == "24 November: 1 newly listed"
    assert second.startswith(
        "• Example Works 1 Ltd — designated by OFAC (Specially Designated Nationals): asset freeze"
    )


def test_the_second_line_says_whether_an_allegation_is_denied(phrases: Words) -> None:
    denial = replace(claim(2), what="denied")
    told = replace(claim(1), denials=(denial.claim,) if denial.claim else ())
    assert (
        "Acme: named by A ministry (denied); 1 more newly named."
        in composed(phrases, digest(told, claim(3))).said[0].text
    )
    assert (
        "named by A ministry (no response in stored sources)" in composed(phrases, digest(claim(1), told)).said[0].text
    )


def test_the_first_lines_say_what_was_taken_back_and_what_stands_is_told_before_it(phrases: Words) -> None:
    denial = replace(claim(2), what="denied").claim
    told = claim(1)
    assert told.claim
    assert denial
    over = replace(told, claim=replace(told.claim, standing="retracted"), denials=(denial,))
    title, second, *_ = composed(phrases, digest(over, claim(3))).said[0].text.splitlines()
    assert title == "24 November: 2 newly named (1 denied, 1 since retracted)"
    assert second == "Acme: named by A ministry (since retracted); 1 more newly named."
    assert min(over, claim(3, name="Zebra"), key=newsworthy.order).entities[0].name == "Zebra"


def test_a_short_day_has_no_thread_and_no_table(phrases: Words) -> None:
    told = composed(phrases, digest(*(act(n) for n in range(bulletin.FEW))))
    assert (len(told.said), told.sheet, told.sheet_text, told.urgency) == (1, None, "", NEWS)


def test_a_long_day_is_a_readable_parent_with_counts_by_list(phrases: Words) -> None:
    eu = [act(n, authority="EU", list="Regulation 269/2014") for n in range(100, 103)]
    gone = [act(n, "ended") for n in range(200, 202)]
    told = composed(phrases, digest(*(act(n) for n in range(20)), *eu, *gone, claim(1)))
    parent = told.said[0].text
    assert parent.count(" — designated by") == bulletin.LEAD
    assert f"• {SDN}, OFAC: 20 newly listed, 2 delisted\n• Regulation 269/2014, EU: 3 newly listed\n" in parent
    assert "• In reporting: 1 newly named" in parent
    assert "The others are in the thread, and all 26 in the table at its end." in parent


def test_a_day_of_6000_events_loses_none_and_tells_none_twice(phrases: Words) -> None:
    told = composed(phrases, digest(*(act(n) for n in range(6000))))
    assert [row["entity_id"] for row in rows(told)] == [f"ofac:{n}" for n in range(6000)]
    shown = [n for n in range(6000) if f"• Example Works {n} Ltd —" in texts(told.said)]
    assert shown == list(range(len(shown)))
    assert [n for n in shown if texts(told.said).count(f"• Example Works {n} Ltd —") > 1] == []
    assert f"{6000 - len(shown):,} more do not fit here" in told.said[-1].text
    assert [why for one in told.said for why in limits.broken(one.payload()["text"], one.blocks)] == []


def test_300_events_are_worded_fast(phrases: Words) -> None:
    day = digest(*(act(n) for n in range(300)))
    composed(phrases, day)
    begun = time.process_time()
    composed(phrases, day)
    assert time.process_time() - begun < 1


def test_the_table_says_what_a_listing_was_before(phrases: Words) -> None:
    one = act(1, "terms")
    assert one.listing
    changed = replace(one, was=replace(one.listing.listing, measures=("export restriction",)))
    (row, *_) = rows(composed(phrases, digest(changed, *(act(n) for n in range(20)))))
    assert (row["before"], row["after"]) == ("measures: export restriction", "measures: asset freeze")
    assert (row["authority"], row["list"], row["since"]) == ("OFAC", SDN, "2026-11-23")


def test_the_table_has_the_denial_beside_the_allegation(phrases: Words) -> None:
    denial = claim(9, statement="sells to nobody", by="Acme").claim
    assert denial
    told = composed(phrases, digest(replace(claim(1), denials=(denial,)), *(claim(n) for n in range(20, 40))))
    assert [row["denied"] for row in rows(told)][:2] == ["Acme: sells to nobody", "no response in stored sources"]


def test_many_changed_records_are_all_in_the_table_with_what_changed(phrases: Words) -> None:
    records = tuple(RecordChange("changed", f"ofac:{n}", f"Works {n}") for n in range(30))
    fields = (
        FieldChange("ofac", "2026-11-24", "2026-11-24", "changed", "ofac:3", "Works 3", "", "names", "Old", "New"),
    )
    told = composed(phrases, digest(records=records, fields=fields))
    assert "Names, numbers or notes changed (30): Works 0; Works 1" in told.said[0].text
    assert "All are in the table in the thread, with what changed." in told.said[0].text
    assert "The others are in the thread" not in told.said[0].text
    assert [row["name"] for row in rows(told)] == [f"Works {n}" for n in range(30)]
    assert (rows(told)[3]["before"], rows(told)[3]["after"]) == ("names: Old", "names: New")


HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\u202e=1", "<!channel> *a* @here", "埃克梅\n光学")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_is_a_formula(phrases: Words, name: str) -> None:
    told = composed(phrases, digest(act(1, name=name), *(act(n) for n in range(2, 20))))
    assert told.sheet
    assert told.sheet.data.startswith(codecs.BOM_UTF8)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows(told) for cell in row.values())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_stored_name_is_no_markup_and_turns_nothing_around(phrases: Words, name: str) -> None:
    said = composed(phrases, digest(act(1, name=name), claim(2, name, name, name))).said[0]
    elements = [part for block in said.blocks for part in json.dumps(block, ensure_ascii=False).split('"type": ')]
    assert not any(part.startswith(('"mrkdwn"', '"broadcast"', '"user"')) for part in elements)
    assert "\u202e" not in said.text
    assert "<!channel>" not in said.payload()["text"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=600), min_size=1, max_size=30), st.text(max_size=3000))
def test_whatever_is_stored_fits_slack(phrases: Words, names: list[str], long: str) -> None:
    events = [claim(n, name, long, long) for n, name in enumerate(names)]
    acts = [act(n, name=name, reason=long, list=long or "A") for n, name in enumerate(names)]
    told = composed(phrases, digest(*acts, *events))
    assert [why for one in told.said for why in limits.broken(one.payload()["text"], one.blocks)] == []
    assert not told.sheet or len(rows(told)) == 2 * len(names)


def test_what_stands_around_the_events_fits_however_much_it_is(phrases: Words) -> None:
    sets = [
        Dataset(f"{state}{n}", f"List {n} " * 30, "P", "9" * 80, "2026-11-24", state=state, failed_at=UNTIL)
        for state in ("fresh", "failed", "stale", "missing")
        for n in range(30)
    ]
    records = tuple(
        RecordChange(what, f"r:{n}", "&<>" * 200) for what in ("added", "changed", "removed") for n in range(40)
    )
    days = tuple(UNTIL.date() - timedelta(days=n) for n in range(40))
    some: dict[str, Any] = {
        "coverage": tuple(sets),
        "loaded": tuple(sets),
        "baselines": tuple(sets),
        "records": records,
        "unsettled": days,
    }
    for edition in ("daily", WEEKLY):
        trend = tuple(replace(TREND[0], list=f"List {n} " * 30) for n in range(30))
        told = composed(
            phrases, digest(*(act(n) for n in range(30)), **some, trend=trend, weeks=WEEKS), edition=edition
        )
        assert [why for one in told.said for why in limits.broken(one.payload()["text"], one.blocks)] == []
        assert "Example Works 0 Ltd" in told.said[0].text


def test_a_few_records_with_long_names_are_in_the_table(phrases: Words) -> None:
    told = composed(phrases, digest(records=tuple(RecordChange("added", f"r:{n}", "Works " * 30) for n in range(3))))
    assert len(rows(told)) == 3


def test_a_quiet_day_says_what_is_fresh_and_what_is_not(phrases: Words) -> None:
    told = composed(phrases, digest(coverage=(FRESH, FAILED, STALE, MISSING)))
    assert told.urgency == QUIET
    assert told.said[0].text == (
        "24 November: 0 changes since 2026-11-23 09:00 (Europe/London); 1 list fresh; 1 failed since 2026-11-20 (UK Sanctions "
        "List); 1 stale (EU list, last published 2026-10-01); 1 missing (UN list, never loaded). Receipt RECEIPT."
    )


def test_any_day_names_the_lists_that_are_not_fresh(phrases: Words) -> None:
    text = composed(phrases, digest(act(1), coverage=(FRESH, FAILED))).said[0].text
    assert "Not up to date: 1 failed since 2026-11-20 (UK Sanctions List)." in text


def test_what_was_not_asked_for_is_counted(phrases: Words) -> None:
    busy = composed(phrases, digest(act(1), outside=12, is_narrowed=True)).said[0].text
    assert "12 changes outside what this channel asked for." in busy
    quiet = composed(phrases, digest(outside=1, is_narrowed=True)).said[0].text
    assert quiet.startswith("24 November: 0 changes in what this channel asked for (1 change outside it) since")


@pytest.mark.parametrize(
    ("days", "edition", "title"),
    [
        (1, "daily", "24 November: 1 newly listed"),
        (7, "daily", "24 November, since 17 November: 1 newly listed"),
        (400, "daily", "24 November, since 20 October 2025: 1 newly listed"),
        (7, WEEKLY, "Week of 18–24 November: 1 newly listed"),
        (21, WEEKLY, "24 November, since 3 November: 1 newly listed"),
    ],
)
def test_the_title_says_which_time_is_told(phrases: Words, days: int, edition: str, title: str) -> None:
    assert composed(phrases, digest(act(1), days=days), edition=edition).said[0].text.splitlines()[0] == title


def test_a_week_may_begin_in_another_month_or_year(phrases: Words) -> None:
    turn = datetime(2027, 1, 3, 9, tzinfo=UTC)
    one = replace(digest(act(1), days=7), since=turn.replace(2026, 12, 27), until=turn)
    title = composed(phrases, one, turn.date(), edition=WEEKLY).said[0].text
    assert title.startswith("Week of 28 December 2026 – 3 January 2027: ")


@pytest.mark.parametrize("events", [(), (act(1),)])
def test_a_summary_that_may_not_have_arrived_is_told_of(phrases: Words, events: tuple[()]) -> None:
    one = digest(*events, unsettled=(date(2026, 11, 23),))
    assert "The summary of 2026-11-23 may not have arrived." in composed(phrases, one).said[0].text
    both = digest(*events, unsettled=(date(2026, 11, 22), date(2026, 11, 23)))
    assert "The summaries of 2026-11-22, 2026-11-23 may not have arrived." in composed(phrases, both).said[0].text


def test_files_are_called_by_the_key(phrases: Words) -> None:
    told = composed(phrases, digest(*(act(n) for n in range(20))), key="daily:T1:C1:2026-11-24")
    assert told.sheet
    assert told.sheet.name == "daily-T1-C1-2026-11-24-changes.csv"
    assert told.sheet_text == told.sheet.title == "24 November: all 20 changes as a table"


def test_the_same_news_are_worded_the_same(phrases: Words) -> None:
    one = digest(*(act(n) for n in range(40)), baselines=(FRESH,), days=2)
    assert composed(phrases, one) == composed(phrases, replace(one, until=UNTIL))
