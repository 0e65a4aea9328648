"""The daily summary: what became known, most serious first, the denial beside the allegation; each local day once."""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import bulletin, digest, intake, limits, receipts, schedule
from bot.answers import Digest
from bot.errors import Missing
from bot.mail import Subscription
from bot.records import PUBLIC
from bot.reply import Message, Words
from bot.store import outbox, subscriptions
from bot.store import receipts as kept_receipts
from bot.store.database import Database
from tests.conftest import LOADED
from tests.files import SMALL, many_claims, many_entities, write

HERE = Path(__file__).parent
SINCE = LOADED + timedelta(hours=1)
MORNING = SINCE + timedelta(days=1)
DAY = MORNING.date()

FIRST = """\
dataset: {id: desk, title: Our desk, publisher: Acme, version: 2026-11-20}
sources:
  - {id: paper, publisher: Daily Example, title: Optics firm named, url: "https://example.org/a", published: 2026-11-19}
  - {id: gazette, publisher: Gazette, title: Lists, url: "https://example.org/lists", published: 2026-11-20}
origins:
  - {id: ministry, speaker: Ministry spokesperson, occasion: press conference, uttered: 2026-11-19}
entities:
  - {id: acme, kind: Company, name: "Acme Optics Co., Ltd.", names: [{value: 埃克梅光学}], countries: [cn]}
  - {id: borg, kind: Company, name: Borg Drones GmbH}
  - {id: crane, kind: Company, name: Crane Chips Ltd}
listings:
  - {id: borg-el, entity: borg, authority: BIS, list: Entity List, measures: [export licence requirement],
     listed: 2024-02-01, as_of: 2026-11-20, sources: [gazette]}
  - {id: crane-eu, entity: crane, authority: EU, list: Annex IV, measures: [export restriction],
     listed: 2025-06-01, as_of: 2026-11-20, sources: [gazette]}
claims:
  - {id: lenses, subjects: [acme], stance: alleges, category: optics, statement: sells lenses used in military sights,
     asserted_by: Ministry spokesperson, hedge: likely, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: chips, subjects: [crane], stance: alleges, category: chips, statement: shipped chips through a third country,
     asserted_by: Ministry spokesperson, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: rotors, subjects: [borg], stance: alleges, category: drones, statement: sells rotors to the front,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: gears, subjects: [borg], stance: alleges, category: drones, statement: sells gears,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
"""
"""What was known before the busy day."""

SECOND = """\
dataset: {id: desk, title: Our desk, publisher: Acme, version: 2026-11-24}
sources:
  - {id: paper, publisher: Daily Example, title: Optics firm named, url: "https://example.org/a", published: 2026-11-19}
  - {id: gazette, publisher: Gazette, title: Lists, url: "https://example.org/lists", published: 2026-11-20}
  - {id: news, publisher: Evening Example, title: More firms named, url: "https://example.org/b", published: 2026-11-23}
origins:
  - {id: ministry, speaker: Ministry spokesperson, occasion: press conference, uttered: 2026-11-19}
  - {id: evening, speaker: Evening Example, uttered: 2026-11-23}
entities:
  - {id: acme, kind: Company, name: "Acme Optics Co., Ltd.", names: [{value: 埃克梅光学}, {value: Acme Lens}], countries: [cn]}
  - {id: borg, kind: Company, name: Borg Drones GmbH}
  - {id: crane, kind: Company, name: Crane Chips Ltd}
  - {id: delta, kind: Company, name: Delta Motors JSC}
  - {id: echo, kind: Company, name: Echo Freight Ltd}
listings:
  - {id: borg-el, entity: borg, authority: BIS, list: Entity List, measures: [export licence requirement],
     listed: 2024-02-01, ended: 2026-11-23, as_of: 2026-11-24, sources: [gazette]}
  - {id: delta-sdn, entity: delta, authority: OFAC, list: Specially Designated Nationals, measures: [asset freeze],
     programme: RUSSIA-EO14024, listed: 2026-11-23, as_of: 2026-11-24, reason: makes engines for drones, sources: [gazette]}
  - {id: acme-el, entity: acme, authority: BIS, list: Entity List, measures: [export licence requirement],
     listed: 2026-11-23, as_of: 2026-11-24, sources: [gazette]}
claims:
  - {id: lenses, subjects: [acme], stance: alleges, category: optics, statement: sells lenses used in military sights,
     asserted_by: Ministry spokesperson, hedge: likely, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: acme-denial, subjects: [acme], stance: denies, category: optics, statement: sells to photographers only,
     asserted_by: Acme Optics, answers: [lenses], origin: evening, sources: [news]}
  - {id: engines, subjects: [delta], stance: alleges, category: drones, statement: sells engines to a drone maker,
     asserted_by: Evening Example, stated: 2026-11-23, origin: evening, sources: [news]}
  - {id: delta-denial, subjects: [delta], stance: denies, category: drones, statement: has never sold an engine abroad,
     asserted_by: Delta Motors, answers: [engines], origin: evening, sources: [news]}
  - {id: freight, possible_subjects: [echo, crane], named_as: a freight firm, stance: alleges, category: freight,
     statement: carried the parcels, asserted_by: Evening Example, stated: 2026-11-23, origin: evening, sources: [news]}
  - {id: rotors, subjects: [borg], stance: alleges, category: drones, statement: sells rotors to a trader,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: gears, subjects: [borg], stance: alleges, category: drones, statement: sells gears,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: gears-retracted, subjects: [borg], stance: retracts, category: drones, statement: takes the report on gears back,
     asserted_by: Daily Example, answers: [gears], origin: ministry, sources: [news]}
  - {id: share, stance: reports, category: trade, statement: two thirds of the engines came by rail,
     asserted_by: Evening Example, origin: evening, sources: [news]}
"""
"""The next version of the same file, with something of everything."""


@pytest.fixture(name="words")
def all_words(phrases: Words) -> Words:
    return phrases


def load(database: Database, folder: Path, file: str, at: datetime, workspace: str = PUBLIC) -> None:
    with database.writing() as session:
        for records in intake.read("claims", [write(folder, file)]):
            intake.load(session, records, workspace, at, force=True)


def gather(database: Database, since: datetime = SINCE, until: datetime = MORNING, workspace: str = "T1") -> Digest:
    with database.reading() as session:
        return digest.gather(session, workspace, since, until)


def told(one: Digest) -> list[tuple[str, str]]:
    return [(event.what, event.record_id.removeprefix("desk:")) for event in one.events]


@pytest.fixture
def busy(database: Database, tmp_path: Path) -> Digest:
    load(database, tmp_path, FIRST, LOADED + timedelta(minutes=1))
    load(database, tmp_path, SECOND, SINCE + timedelta(hours=1))
    return gather(database)


def said(words: Words, one: Digest) -> list[Message]:
    return bulletin.messages(words, one, DAY, "Europe/London", "RECEIPT")


def test_the_most_serious_is_told_first(busy: Digest) -> None:
    assert told(busy) == [
        *[("listed", "delta-sdn"), ("listed", "acme-el"), ("ended", "borg-el"), ("removed", "crane-eu")],
        *[("named", "engines"), ("named", "freight"), ("denied", "acme-denial"), ("retracted", "gears-retracted")],
        *[("reported", "share"), ("withdrawn", "chips"), ("reworded", "rotors")],
    ]
    assert [(one.what, one.name) for one in busy.records] == [("changed", "Acme Optics Co., Ltd.")]


def test_a_denial_goes_beside_what_it_denies_new_or_old(busy: Digest) -> None:
    events = {event.record_id: event for event in busy.events}
    assert [one.claim.id for one in events["desk:engines"].denials] == ["desk:delta-denial"]
    assert [one.claim.id for one in events["desk:acme-denial"].answered] == ["desk:lenses"]


def test_an_allegation_without_denial_says_so(busy: Digest, words: Words) -> None:
    text = said(words, busy)[0].text
    assert "carried the parcels" in text
    assert "The other side: no response to this in stored sources" in text


def test_designated_is_said_of_asset_freezes_only(busy: Digest, words: Words) -> None:
    text = said(words, busy)[0].text
    assert text.count("designated") == 1
    assert "Delta Motors JSC — designated by OFAC" in text
    assert "no longer on the Entity List of BIS" in text


@pytest.mark.parametrize("name", ["digest_busy", "digest_quiet"])
def test_a_summary_is_worded_as_agreed(
    sqlite_busy: tuple[Digest, Digest], words: Words, name: str, request: pytest.FixtureRequest
) -> None:
    (message,) = said(words, sqlite_busy[name == "digest_quiet"])
    drawn = json.dumps({"text": message.text, "blocks": message.blocks}, ensure_ascii=False, indent=1) + "\n"
    file = HERE / "messages" / f"{name}.json"
    if request.config.getoption("--write-messages"):
        file.write_text(drawn, "utf-8")
    assert drawn == file.read_text("utf-8")


@pytest.fixture
def sqlite_busy(sqlite: Database, tmp_path: Path) -> tuple[Digest, Digest]:
    """The busy day, and the quiet one after it."""
    load(sqlite, tmp_path, FIRST, LOADED + timedelta(minutes=1))
    load(sqlite, tmp_path, SECOND, SINCE + timedelta(hours=1))
    return gather(sqlite), gather(sqlite, MORNING, MORNING + timedelta(days=1))


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database on SQLite alone, for what has nothing to do with the database."""
    with Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'quick.db')}") as one:
        yield one


def test_nothing_changed_is_one_line(database: Database, words: Words) -> None:
    (message,) = said(words, gather(database))
    assert gather(database).is_quiet
    assert message.text.splitlines() == [
        "No change in stored records since 2026-11-23 10:00 (Europe/London); 1 dataset, fresh. Receipt RECEIPT."
    ]


def test_what_came_and_went_between_two_summaries_is_no_news(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST, LOADED + timedelta(minutes=1))
    load(database, tmp_path, SECOND, SINCE + timedelta(hours=1))
    load(database, tmp_path, FIRST, SINCE + timedelta(hours=2))
    assert gather(database).is_quiet


def test_the_first_load_of_the_starter_is_a_baseline(database: Database, words: Words) -> None:
    first = gather(database, LOADED - timedelta(days=1), LOADED)
    assert (first.events, first.records) == ((), ())
    assert "Loaded for the first time: Flagpost starter records" in said(words, first)[0].text


def test_the_first_load_of_a_file_of_our_own_is_news(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST, SINCE + timedelta(hours=1))
    assert {what for what, _ in told(gather(database))} == {"listed", "named"}


def test_a_moment_belongs_to_one_summary(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, SMALL, MORNING)
    assert len(gather(database).events) == 1
    assert gather(database, MORNING, MORNING + timedelta(days=1)).is_quiet


def test_another_workspace_is_not_told_of_what_one_loaded(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1), workspace="T1")
    assert len(gather(database).events) == 1
    assert gather(database, workspace="T2").is_quiet


def test_another_reading_date_of_a_listing_is_no_news(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, FIRST, LOADED + timedelta(minutes=1))
    load(database, tmp_path, FIRST.replace("as_of: 2026-11-20", "as_of: 2026-11-24"), SINCE + timedelta(hours=1))
    assert gather(database).is_quiet


def test_a_changed_measure_is_told_with_what_it_was(database: Database, tmp_path: Path, words: Words) -> None:
    load(database, tmp_path, FIRST, LOADED + timedelta(minutes=1))
    load(database, tmp_path, FIRST.replace("[export restriction]", "[asset freeze]"), SINCE + timedelta(hours=1))
    assert told(gather(database)) == [("terms", "crane-eu")]
    assert "designated by EU (Annex IV): asset freeze" in said(words, gather(database))[0].text
    assert "Changed: measures (before: export restriction)" in said(words, gather(database))[0].text


def test_a_claim_of_a_future_day_is_told_when_it_becomes_known(database: Database, tmp_path: Path) -> None:
    load(database, tmp_path, SMALL.replace("stated: 2026-11-19", "stated: 2027-02"), SINCE + timedelta(hours=1))
    assert told(gather(database)) == [("named", "lenses")]


GENERAL = """\
  - {id: general, subjects: [acme], stance: denies, category: response, statement: breaks no law, asserted_by: Acme Optics,
     origin: ministry, sources: [paper]}
"""


def test_what_a_firm_denies_in_general_stands_beside_a_new_allegation(
    database: Database, tmp_path: Path, words: Words
) -> None:
    load(database, tmp_path, SMALL + GENERAL, SINCE + timedelta(hours=1))
    (event,) = gather(database).events
    assert [one.claim.id for one in event.denials] == ["desk:general"]
    assert "no response" not in said(words, gather(database))[0].text


def test_a_long_day_loses_nothing_in_the_thread(sqlite: Database, tmp_path: Path, words: Words) -> None:
    load(sqlite, tmp_path, many_claims(90), SINCE + timedelta(hours=1))
    messages = said(words, gather(sqlite))
    text = "\n".join(message.text for message in messages)
    blocks = json.dumps([message.blocks for message in messages])
    assert 2 < len(messages) <= 1 + bulletin.PAGES
    assert [n for n in range(90) if text.count(f"sells part number {n} to") != 1] == []
    assert [n for n in range(90) if blocks.count(f"sells part number {n} to") != 1] == []
    assert text.count("denies") == 45


def test_a_huge_day_says_how_much_is_left_and_breaks_no_limit(sqlite: Database, tmp_path: Path, words: Words) -> None:
    load(sqlite, tmp_path, many_entities(2000), SINCE + timedelta(hours=1))
    messages = said(words, gather(sqlite))
    assert messages[0].text.startswith("Daily 2026-11-24: 2000 new allegations")
    assert len(messages) == 1 + bulletin.PAGES
    assert "more do not fit here. Ask: what changed since 2026-11-23" in messages[-1].text
    assert [why for one in messages for why in limits.broken(one.payload()["text"], one.blocks)] == []


def test_one_claim_that_is_too_long_by_itself_is_told_in_brief(sqlite: Database, tmp_path: Path, words: Words) -> None:
    long = SMALL.replace("https://example.org/a", f"https://example.org/{'a' * 5000}")
    load(sqlite, tmp_path, long, SINCE + timedelta(hours=1))
    (message,) = said(words, gather(sqlite))
    assert limits.broken(message.payload()["text"], message.blocks) == []
    assert "sells lenses used in military sights" in message.text
    assert "Daily Example" in message.text


def subscribe(database: Database, channel: str = "C1", **changes: Any) -> Subscription:
    one = replace(Subscription("T1", channel, "10:00", "UTC", "silent", "U1", SINCE, SINCE), **changes)
    with database.writing() as session:
        subscriptions.switch_on(session, one)
    return one


def run(database: Database, words: Words, now: datetime) -> list[str]:
    """What the clock does: each channel in a transaction of its own."""
    with database.reading() as session:
        waiting = digest.due(session, now)
    keys = []
    for one in waiting:
        with database.writing() as session:
            keys += digest.reserve(session, words, one, now)
    return keys


def test_a_summary_is_reserved_once_a_local_day(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    assert run(database, words, MORNING - timedelta(seconds=1)) == []
    assert run(database, words, MORNING) == ["daily:T1:C1:2026-11-24"]
    assert run(database, words, MORNING + timedelta(hours=3)) == []


def test_a_second_process_finds_the_day_done(database: Database, tmp_path: Path, words: Words) -> None:
    one = subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    assert run(database, words, MORNING) != []
    with database.writing() as session:
        assert digest.reserve(session, words, one, MORNING) == []


@pytest.mark.parametrize(("quiet", "posted"), [("silent", []), ("line", ["daily:T1:C1:2026-11-24"])])
def test_a_day_without_changes_is_silent_or_one_line(
    database: Database, words: Words, quiet: str, posted: list[str]
) -> None:
    subscribe(database, quiet=quiet)
    assert run(database, words, MORNING) == posted
    assert run(database, words, MORNING + timedelta(hours=1)) == []


def test_a_summary_set_after_its_hour_begins_tomorrow(database: Database, words: Words) -> None:
    subscribe(database, at="09:00", quiet="line")
    assert run(database, words, SINCE + timedelta(hours=1)) == []
    assert run(database, words, MORNING) == ["daily:T1:C1:2026-11-24"]


def test_a_week_away_is_caught_up_in_one_summary(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    assert run(database, words, MORNING + timedelta(days=7)) == ["daily:T1:C1:2026-12-01"]


def test_a_switched_off_summary_is_not_posted(database: Database, words: Words) -> None:
    one = subscribe(database, quiet="line")
    with database.writing() as session:
        subscriptions.switch_off(session, "T1", "C1")
        assert digest.reserve(session, words, one, MORNING) == []


def test_a_zone_this_machine_does_not_know_stops_that_channel_alone(database: Database, words: Words) -> None:
    lost = subscribe(database, channel="C0", zone="Europe/Atlantis", quiet="line")
    subscribe(database, quiet="line")
    with database.writing() as session:
        waiting = digest.due(session, MORNING)
        assert [one.channel for one in waiting] == ["C0", "C1"]
        assert digest.reserve(session, words, waiting[1], MORNING) == ["daily:T1:C1:2026-11-24"]
    with pytest.raises(Missing, match="Europe/Atlantis"), database.writing() as session:
        digest.reserve(session, words, lost, MORNING)


def test_what_is_posted_is_in_the_outbox_with_its_thread(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, many_claims(20), SINCE + timedelta(hours=1))
    keys = run(database, words, MORNING)
    assert keys == ["daily:T1:C1:2026-11-24", *(f"daily:T1:C1:2026-11-24:{n}" for n in range(1, len(keys)))]
    with database.writing() as session:
        assert outbox.due(session, MORNING, 99) == keys[:1]
        sending = outbox.take(session, keys[0], MORNING, MORNING + timedelta(minutes=1))
    assert sending is not None
    assert sending.outgoing.only_once
    assert sending.outgoing.payload["channel"] == "C1"


def test_a_summary_leaves_a_receipt_that_it_names(database: Database, tmp_path: Path, words: Words) -> None:
    subscribe(database)
    load(database, tmp_path, SMALL, SINCE + timedelta(hours=1))
    run(database, words, MORNING)
    with database.reading() as session:
        (receipt,) = kept_receipts.chain(session, "T1")
        assert list(receipts.breaks(session, "T1")) == []
    assert f"Receipt {receipt.id}." in receipt.body["text"]
    assert receipt.body["digest"]["told"] == {"named": ["desk:lenses"]}
    assert receipt.body["asker"] == "daily C1"
    assert [one["list"] for one in receipt.body["data"]] == ["desk", "starter"]


def test_a_summary_that_fails_leaves_the_day_undone(database: Database, words: Words) -> None:
    one = subscribe(database, quiet="line")
    with contextlib.suppress(ZeroDivisionError), database.writing() as session:
        assert digest.reserve(session, words, one, MORNING) != []
        raise ZeroDivisionError
    assert run(database, words, MORNING) == ["daily:T1:C1:2026-11-24"]


ZONES = {"C1": "Europe/London", "C2": "America/New_York"}
FORTNIGHT = datetime(2026, 10, 19, tzinfo=UTC)
"""British clocks go back on 25 October 2026, American ones a week later, on 1 November: both have 01:30 twice."""


def test_in_a_fortnight_across_a_change_of_clocks_each_day_is_told_once(url: str, tmp_path: Path, words: Words) -> None:
    with Database(url) as database:
        for channel, zone in ZONES.items():
            subscribe(database, channel, at="01:30", zone=zone, quiet="line", set_at=FORTNIGHT, told_until=FORTNIGHT)
    keys: list[str] = []
    for day in (FORTNIGHT + timedelta(days) for days in range(14)):
        with Database(url) as database:
            load(database, tmp_path, SMALL.replace("sells lenses", f"sells lens {day.day // 3}"), day + NOON)
            for hour in range(24):
                keys += run(database, words, day + timedelta(hours=hour))
    days = [f"{FORTNIGHT.date() + timedelta(days)}" for days in range(14)]
    assert sorted(keys) == [f"daily:T1:{channel}:{day}" for channel in ZONES for day in days]
    with Database(url) as database:
        assert (
            told_of(database, "C1")
            == told_of(database, "C2")
            == ["named", "reworded", "reworded", "reworded", "reworded"]
        )


NOON = timedelta(hours=12)


def told_of(database: Database, channel: str) -> list[str]:
    """What was told to a channel, day by day."""
    with database.reading() as session:
        bodies = [one.body for one in kept_receipts.chain(session, "T1")]
    return [what for body in bodies if body["asker"] == f"daily {channel}" for what in body["digest"]["told"]]


SUBSCRIPTION = Subscription("T1", "C1", "09:00", "Europe/London", "line", "U1", SINCE, SINCE)


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("daily_set", {"subscription": SUBSCRIPTION}, "Kim set it for this channel."),
        ("daily_set", {"subscription": replace(SUBSCRIPTION, quiet="silent")}, "without changes: nothing is posted."),
        ("daily_off", {"was_on": True}, "Kim stopped it."),
        ("daily_off", {"was_on": False}, "This channel has no daily summary"),
        (
            "daily_status",
            {"subscription": SUBSCRIPTION},
            "The next comes 2026-11-25 at 09:00; on a day without changes one",
        ),
        ("daily_status", {"subscription": None}, "Daily summary is off in this channel"),
    ],
)
def test_notices_say_what_is_set_and_how_to_change_it(
    words: Words, template: str, values: dict[str, Any], text: str
) -> None:
    _, moment = schedule.next_due("09:00", "Europe/London", MORNING)
    message = words.message(
        template, by="Kim", next=schedule.local(moment, "Europe/London"), told_until=MORNING, **values
    )
    assert text in message.text
    assert "/exposure daily" in message.text
