"""What is recorded stays: versions, times, workspaces, receipts; the same on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import intake, receipts
from bot.errors import UserError
from bot.mail import DAILY
from bot.records import PUBLIC, Change, Difference, Records
from bot.store import claims, datasets, entities, names, subscriptions, tasks
from bot.store import receipts as kept_receipts
from bot.store.database import MIGRATIONS, Database, migrate
from bot.store.tables import Base
from tests.conftest import LOADED, Desk
from tests.files import SMALL, many_claims, many_entities, write

LATER = LOADED + timedelta(hours=1)


def load(
    database: Database, records: Records, at: datetime = LATER, workspace: str = PUBLIC, *, force: bool = False
) -> Difference:
    with database.writing() as session:
        return intake.load(session, records, workspace, at, force=force).difference


def small(folder: Path, *changes: tuple[str, str]) -> Records:
    written = SMALL
    for old, new in changes:
        assert old in written
        written = written.replace(old, new)
    return intake.read_claims([write(folder, written)])[0]


def test_all_migrations_make_the_tables(empty_url: str) -> None:
    database = Database(empty_url)
    with database.writing() as session:
        migrate(session)
        assert compare_metadata(MigrationContext.configure(session.connection()), Base.metadata) == []
    assert database.is_ready()
    database.close()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    with database.writing() as session:
        migrate(session)
    assert database.is_ready()


def test_the_same_file_twice_changes_nothing(database: Database, starter: Records) -> None:
    assert load(database, starter) == Difference(unchanged=69)
    with database.reading() as session:
        assert [one.loaded_at for one in datasets.current(session, PUBLIC)] == [LOADED]


def test_a_changed_record_leaves_its_old_version_to_be_asked_for(desk: Desk, tmp_path: Path) -> None:
    load(desk.database, small(tmp_path))
    changed = small(tmp_path, ("sells lenses", "sells mirrors"), ("version: 2026-11-20", "version: 2026-11-21"))
    assert load(desk.database, changed, LATER + timedelta(hours=1)) == Difference(changed=1, unchanged=1)
    assert "mirrors" in desk.say("Acme Optics")
    assert "lenses" in desk.say("Acme Optics", known_at=LATER)


def test_a_record_that_disappears_is_still_known_of_the_past(desk: Desk, tmp_path: Path) -> None:
    load(desk.database, small(tmp_path))
    empty = replace(small(tmp_path), entities=(), claims=())
    assert load(desk.database, empty, LATER + timedelta(hours=1)) == Difference(removed=2)
    assert desk.answer("Acme Optics").subjects[0].status == "no_record"
    assert desk.answer("Acme Optics", known_at=LATER).subjects[0].status == "named"


def test_before_anything_was_recorded_nothing_can_be_said(desk: Desk) -> None:
    subject = desk.answer("is Hikvision flagged?", known_at=LOADED - timedelta(seconds=1)).subjects[0]
    assert (subject.status, subject.standing) == ("cannot_say", None)


def test_a_partial_date_comes_back_as_it_went_in(database: Database, tmp_path: Path) -> None:
    load(database, small(tmp_path, ("stated: 2026-11-19", "stated: 2026-10")))
    with database.reading() as session:
        assert [one.stated_on for one in claims.every(session, PUBLIC, None) if one.id == "desk:lenses"] == ["2026-10"]


def test_what_one_workspace_loads_another_does_not_see(desk: Desk, tmp_path: Path) -> None:
    load(desk.database, small(tmp_path), workspace="T1")
    assert desk.answer("Acme Optics", workspace="T1").subjects[0].status == "named"
    assert desk.answer("Acme Optics", workspace="T2").subjects[0].status == "no_record"


def test_a_reference_to_nothing_is_refused_and_nothing_is_kept(database: Database, tmp_path: Path) -> None:
    records = intake.read_claims([write(tmp_path, many_claims(2, subject="starter:nobody"))])[0]
    with pytest.raises(UserError, match="claims refer to 'starter:nobody', which is not stored"):
        load(database, records)
    with database.reading() as session:
        assert [one.list for one in datasets.current(session, PUBLIC)] == ["starter"]


def test_an_older_version_needs_force(database: Database, tmp_path: Path) -> None:
    load(database, small(tmp_path))
    older = small(tmp_path, ("version: 2026-11-20", "version: 2026-11-19"))
    with pytest.raises(UserError, match="older than the loaded one of 2026-11-20"):
        load(database, older)
    assert load(database, older, force=True) == Difference(unchanged=2)


def test_a_name_is_found_in_the_question_after_its_load(desk: Desk, tmp_path: Path) -> None:
    assert desk.answer("Acme Optics").subjects[0].status == "no_record"
    load(desk.database, small(tmp_path))
    assert desk.answer("埃克梅光学").subjects[0].status == "named"


def test_a_thousand_entities_go_in_and_come_out(database: Database, tmp_path: Path) -> None:
    records = intake.read_claims([write(tmp_path, many_entities(1000))])[0]
    assert load(database, records) == Difference(added=2000)
    with database.reading() as session:
        assert len(entities.every(session, PUBLIC, None)) == 1008


def test_a_reader_sees_the_old_state_until_the_new_one_is_whole(database: Database, tmp_path: Path) -> None:
    with database.writing() as writer:
        intake.load(writer, small(tmp_path), PUBLIC, LATER)
        with database.reading() as reader:
            assert "desk:acme" not in entities.every(reader, PUBLIC, None)


def test_receipts_form_a_chain(desk: Desk) -> None:
    ids = [desk.answer(question).receipt for question in ("Hikvision?", "DMTG?", "iRay?")]
    with desk.database.reading() as session:
        kept = kept_receipts.chain(session, "local")
        assert [one.id for one in kept] == ids
        assert [one.previous for one in kept] == [receipts.START, kept[0].hash, kept[1].hash]
        assert list(receipts.breaks(session, "local")) == []


def test_a_receipt_holds_the_answer_and_what_it_rests_on(desk: Desk) -> None:
    id = desk.answer("Hikvision?").receipt
    with desk.database.reading() as session:
        receipt = kept_receipts.by_id(session, id, "local")
    assert receipt is not None
    body = receipt.body
    assert body["answer"]["subjects"][0]["status"] == "listed"
    assert body["data"] == [{"list": "starter", "version": "2026-11-23", "loaded_at": "2026-11-23T09:00:00Z"}]


@pytest.mark.parametrize("change", ["UPDATE receipt SET hash = 'x'", "DELETE FROM receipt"])
def test_the_database_refuses_to_change_a_receipt(desk: Desk, change: str) -> None:
    desk.answer("Hikvision?")
    with pytest.raises(DBAPIError, match="append-only"), desk.database.writing() as session:
        session.execute(text(change))


def test_another_workspace_does_not_get_a_receipt(desk: Desk) -> None:
    id = desk.answer("Hikvision?").receipt
    with desk.database.reading() as session:
        assert kept_receipts.by_id(session, id, "T2") is None


def test_a_forged_receipt_breaks_the_chain(desk: Desk) -> None:
    desk.answer("Hikvision?")
    with desk.database.writing() as session:
        (last,) = kept_receipts.chain(session, "local")
        kept_receipts.append(session, replace(last, id="forged", number=2, previous=last.hash))
    with desk.database.reading() as session:
        assert [one.id for one in receipts.breaks(session, "local")] == ["forged"]


def test_times_are_utc_whatever_zone_the_server_lives_in(database: Database) -> None:
    with database.reading() as session:
        assert datasets.current(session, PUBLIC)[0].loaded_at == LOADED
        assert str(datasets.current(session, PUBLIC)[0].loaded_at).endswith("+00:00")


def test_the_database_refuses_to_replace_a_receipt(desk: Desk) -> None:
    id = desk.answer("Hikvision?").receipt
    again = text(f"INSERT INTO receipt SELECT * FROM receipt WHERE id = '{id}'")
    if desk.database.is_sqlite:
        again = text(str(again).replace("INSERT", "INSERT OR REPLACE"))
    with pytest.raises(DBAPIError), desk.database.writing() as session:
        session.execute(again)


def test_a_name_counts_from_when_it_was_known(desk: Desk, tmp_path: Path) -> None:
    load(desk.database, small(tmp_path))
    renamed = small(tmp_path, ("埃克梅光学", "新埃克梅镜头"), ("version: 2026-11-20", "version: 2026-11-21"))
    load(desk.database, renamed, LATER + timedelta(hours=1))
    assert desk.answer("新埃克梅镜头").subjects[0].status == "named"
    assert desk.answer("新埃克梅镜头", known_at=LATER).subjects[0].standing is None
    assert desk.answer("埃克梅光学").subjects[0].standing is None
    assert desk.answer("埃克梅光学", known_at=LATER).subjects[0].status == "named"


def test_a_source_that_another_dataset_takes_back_is_still_told(desk: Desk, tmp_path: Path) -> None:
    load(desk.database, small(tmp_path))
    other = SMALL.replace("id: desk", "id: other").replace("sources: [paper]", "sources: ['desk:paper']")
    load(desk.database, intake.read_claims([write(tmp_path, other, "other.yaml")])[0])
    load(desk.database, replace(small(tmp_path), claims=(), sources=()), LATER + timedelta(hours=1))
    assert "https://example.org/a" in desk.say("Acme Optics")


def test_a_dataset_is_everybodys_or_a_workspaces_own(database: Database, tmp_path: Path) -> None:
    load(database, small(tmp_path))
    with pytest.raises(UserError, match="in use by another workspace"):
        load(database, small(tmp_path), workspace="T1")


def test_a_changed_source_is_a_new_version(database: Database, tmp_path: Path) -> None:
    load(database, small(tmp_path))
    with database.reading() as session:
        before = names.last_change(session).number
    assert load(database, small(tmp_path, ("example.org/a", "example.org/b"))) == Difference(unchanged=2)
    with database.reading() as session:
        assert names.last_change(session).number == before + 1


def raise_to(session: Session, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = session.connection()
    command.upgrade(config, revision)


def test_records_of_the_version_before_are_brought_over(empty_url: str) -> None:
    with Database(empty_url) as database, database.writing() as session:
        raise_to(session, "0002")
        for statement in BEFORE:
            session.execute(text(statement))
        migrate(session)
        last = names.last_change(session)
        assert (last.number, last.name_pk, last.identifier_pk, last.listing_pk) == (7, 3, 0, 0)
        assert [one.value for one in names.added(session, Change(), last)] == ["Old Works", "New Works"]
        assert names.closed(session, last) == {}
        assert set(names.closed(session, Change())) == {1}


def test_summaries_of_the_version_before_go_on_and_those_that_were_off_stay_off(empty_url: str) -> None:
    columns = "workspace, channel, is_on, at, zone, quiet, set_by, set_at, told_until, last_day"
    rest = (
        "'09:00', 'Europe/Berlin', 'line', 'U1', '2026-11-20 08:00:00+00:00', '2026-11-22 08:00:00+00:00', '2026-11-22'"
    )
    with Database(empty_url) as database, database.writing() as session:
        raise_to(session, "0005")
        for channel, is_on in (("C1", "true"), ("C2", "false")):
            session.execute(text(f"INSERT INTO subscription ({columns}) VALUES ('T1', '{channel}', {is_on}, {rest})"))
        migrate(session)
        (one,) = subscriptions.active(session)
        assert (one.channel, one.edition, one.at, one.zone, one.quiet) == (
            "C1",
            DAILY,
            "09:00",
            "Europe/Berlin",
            "line",
        )
        assert one.told_until == datetime(2026, 11, 22, 8, tzinfo=UTC)
        assert list(tasks.due(session, tasks.SUMMARY)) == [one.key]
        assert len(session.execute(text("SELECT * FROM subscription")).all()) == 2


_ENTITY = (
    "INSERT INTO entity VALUES ({}, 'public', 'desk', 'desk:a', 'd', '2026-01-0{} 00:00:00+00:00', {}, "
    "'Company', 'A', '[]', '')"
)
BEFORE = (
    _ENTITY.format(1, 1, "'2026-01-02 00:00:00+00:00'"),
    _ENTITY.format(2, 2, "NULL"),
    "INSERT INTO name VALUES (2, 1, 'Old Works', 'primary', 'Latin')",
    "INSERT INTO name VALUES (3, 2, 'New Works', 'primary', 'Latin')",
    "INSERT INTO sequence VALUES ('records', 7)",
)
"""Rows as the version before wrote them: a record that changed once."""
