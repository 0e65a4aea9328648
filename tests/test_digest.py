"""The daily summary: what became known, most serious first, the denial beside the allegation."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import bulletin, gathering, intake, limits
from bot.answers import Digest
from bot.records import PUBLIC
from bot.reply import Message, Words
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
        for records in intake.read_claims([write(folder, file)]):
            intake.load(session, records, workspace, at, force=True)


def gather(database: Database, since: datetime = SINCE, until: datetime = MORNING, workspace: str = "T1") -> Digest:
    with database.reading() as session:
        return gathering.gather(session, workspace, since, until)


def told(one: Digest) -> list[tuple[str, str]]:
    return [(event.what, event.record_id.removeprefix("desk:")) for event in one.events]


@pytest.fixture
def busy(database: Database, tmp_path: Path) -> Digest:
    load(database, tmp_path, FIRST, LOADED + timedelta(minutes=1))
    load(database, tmp_path, SECOND, SINCE + timedelta(hours=1))
    return gather(database)


def said(words: Words, one: Digest) -> list[Message]:
    return list(bulletin.compose(words, one, DAY, "Europe/London", "RECEIPT").said)


def test_the_point_is_in_the_first_two_lines(busy: Digest, words: Words) -> None:
    first, second, *_ = said(words, busy)[0].text.splitlines()
    assert first.startswith("24 November: 2 newly listed, 2 delisted, 2 newly named (1 denied), 1 denial, 1 retraction")
    assert second.startswith("Delta Motors JSC: designated by OFAC (Specially Designated Nationals), since 2026-11-23")
    assert second.endswith("; 1 more newly listed.")


def test_what_means_the_same_stands_under_one_heading(busy: Digest, words: Words) -> None:
    known = ("Newly listed", "Delisted", "Newly named", "Denied", "Retracted", "Listings changed", "Other statements")
    lines = said(words, busy)[0].text.splitlines()
    found = [line.partition(" — ")[0] for line in lines if line.startswith(known)]
    assert found == ["Newly listed", "Delisted", "Newly named", "Denied", "Retracted", "Other statements"]


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
    assert text.count("designated") == 2
    assert "Delta Motors JSC: designated by OFAC" in text
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
        "24 November: 0 changes since 2026-11-23 10:00 (Europe/London); no official list is loaded. Receipt RECEIPT."
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
    assert messages[0].text.startswith("24 November: 2,000 newly named\n")
    assert len(messages) == 1 + bulletin.PAGES
    assert "more do not fit here: they are in the table that follows" in messages[-1].text
    assert [why for one in messages for why in limits.broken(one.payload()["text"], one.blocks)] == []


def test_one_claim_that_is_too_long_by_itself_is_told_in_brief(sqlite: Database, tmp_path: Path, words: Words) -> None:
    long = SMALL.replace("https://example.org/a", f"https://example.org/{'a' * 5000}")
    load(sqlite, tmp_path, long, SINCE + timedelta(hours=1))
    (message,) = said(words, gather(sqlite))
    assert limits.broken(message.payload()["text"], message.blocks) == []
    assert "sells lenses used in military sights" in message.text
    assert "Daily Example" in message.text
