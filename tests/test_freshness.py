"""How fresh each list is that an answer rests on: by its rhythm, by what failed last, by what must be there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import freshness, limits, lookup
from bot.records import Dataset
from bot.reply import Words
from tests.acts import KNOWN, UNKNOWN, Archive, consolidated, sdn
from tests.files import SMALL, write
from tests.slackside import Bot

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)

Open = Callable[..., Archive]


@pytest.fixture
def open_archive(quick_url: str, tmp_path: Path) -> Iterator[Open]:
    """Opens a database, with the lists that must be there."""
    opened: list[Archive] = []

    def one(*required: str) -> Archive:
        opened.append(Archive(quick_url, tmp_path, NOW, required))
        return opened[-1]

    yield one
    for each in opened:
        each.database.close()


def with_un(one: Archive) -> Archive:
    """One that has the UN's list, which comes out once a week, of yesterday."""
    one.load("un", consolidated(one.folder, "2026-11-23"))
    return one


@pytest.fixture
def archive(open_archive: Open) -> Archive:
    return with_un(open_archive())


@pytest.fixture
def each_archive(url: str, tmp_path: Path) -> Iterator[Archive]:
    """The same on each kind of database in turn."""
    one = with_un(Archive(url, tmp_path, NOW))
    yield one
    one.database.close()


def test_a_list_is_stale_once_it_is_older_than_three_times_its_rhythm(archive: Archive) -> None:
    archive.now = NOW + 20 * DAY
    assert (archive.state("un"), archive.status(UNKNOWN)) == ("fresh", "no_record")
    archive.now = NOW + 21 * DAY
    assert (archive.state("un"), archive.status(UNKNOWN)) == ("stale", "cannot_say")
    assert archive.status(KNOWN["un"]) == "listed"


def test_a_list_that_is_stale_today_was_fresh_on_a_day_near_its_version(archive: Archive) -> None:
    archive.now = NOW + 60 * DAY
    assert (archive.state("un", "2026-12-01"), archive.status(UNKNOWN, "2026-12-01")) == ("fresh", "no_record")
    assert archive.status(UNKNOWN) == "cannot_say"


def test_a_version_that_its_publisher_confirms_is_not_stale_whatever_its_age(archive: Archive) -> None:
    archive.now = NOW + 60 * DAY
    archive.loader.confirm("un")
    assert (archive.state("un"), archive.status(UNKNOWN)) == ("fresh", "no_record")
    assert archive.coverage("un").confirmed_at == archive.now
    archive.now += 22 * DAY
    assert archive.state("un") == "stale"


def test_the_same_file_again_does_not_make_an_old_version_fresh(archive: Archive) -> None:
    archive.now = NOW + 60 * DAY
    archive.load("un", consolidated(archive.folder, "2026-11-23"))
    assert archive.state("un") == "stale"


def test_a_failed_list_says_since_when_and_why_it_failed_last(each_archive: Archive) -> None:
    for reason in ("the first time", "the second time"):
        each_archive.now += DAY
        each_archive.loader.fail("un", reason)
    one = each_archive.coverage("un")
    assert (one.state, one.why, one.failed_at) == ("failed", "the second time", each_archive.now - DAY)
    assert each_archive.status(UNKNOWN) == "cannot_say"


def test_a_list_had_not_failed_before_it_failed(archive: Archive) -> None:
    archive.now += 2 * DAY
    archive.loader.fail("un", "it is gone")
    assert [archive.state("un", day) for day in ("2026-11-25", "2026-11-26")] == ["fresh", "failed"]
    assert archive.status(UNKNOWN, "2026-11-25") == "no_record"


@pytest.mark.parametrize("mend", ["load", "load the same", "confirm"])
def test_what_failed_is_relied_on_again_once_it_goes_well(archive: Archive, mend: str) -> None:
    archive.loader.fail("un", "it is gone")
    assert archive.status(UNKNOWN) == "cannot_say"
    if mend == "confirm":
        archive.loader.confirm("un")
    else:
        archive.load("un", consolidated(archive.folder, "2026-11-24" if mend == "load" else "2026-11-23"))
    assert (archive.state("un"), archive.status(UNKNOWN)) == ("fresh", "no_record")


def test_a_clock_that_was_put_back_hides_no_failure(archive: Archive) -> None:
    archive.now -= timedelta(hours=1)
    archive.loader.fail("un", "it is gone")
    assert archive.state("un") == "failed"


def test_an_older_version_taken_into_history_leaves_a_list_as_fresh_as_it_was(archive: Archive) -> None:
    (loaded,) = archive.load("un", consolidated(archive.folder, "2025-01-01"))
    assert (loaded.is_past, archive.coverage("un").version) == (True, "2026-11-23")
    assert archive.state("un") == "fresh"


def test_only_lists_that_must_be_there_decide_on_a_negative(open_archive: Open) -> None:
    one = open_archive("ofac")
    one.load("ofac", sdn(one.folder, "2026-11-23"))
    one.load("un", consolidated(one.folder, "2025-01-01"))
    assert (one.state("un"), one.status(UNKNOWN)) == ("stale", "no_record")
    one.loader.fail("ofac", "it is gone")
    assert one.status(UNKNOWN) == "cannot_say"


def test_a_list_that_must_be_there_and_is_not_is_missing(open_archive: Open) -> None:
    one = open_archive("ofac", "un")
    one.load("ofac", sdn(one.folder, "2026-11-23"))
    assert (one.state("un"), one.status(UNKNOWN)) == ("missing", "cannot_say")
    one.load("un", consolidated(one.folder, "2026-11-23"))
    assert (one.state("un"), one.status(UNKNOWN)) == ("fresh", "no_record")


def test_a_claims_file_is_never_stale(archive: Archive) -> None:
    archive.load("claims", write(archive.folder, SMALL))
    archive.now = NOW + 20 * DAY
    assert archive.state("desk") == "fresh"


def test_what_was_known_then_is_judged_by_what_had_failed_then(each_archive: Archive) -> None:
    each_archive.now += DAY
    each_archive.loader.fail("un", "it is gone")
    with each_archive.database.reading() as session:
        from_then = {
            one.list: one.state for one in freshness.coverage(session, "local", NOW + DAY / 2, each_archive.now.date())
        }
    assert from_then["un"] == "fresh"


def test_slack_is_told_first_what_cannot_be_relied_on(fresh_bot: Bot, tmp_path: Path) -> None:
    one = Archive(fresh_bot.url, tmp_path, fresh_bot.watch())
    one.load("un", consolidated(tmp_path, "2026-11-22"))
    one.load("ofac", sdn(tmp_path, "2026-10-01"))
    one.loader.fail("eu", "eu.xml: is empty")
    one.database.close()
    title, *lines = fresh_bot.command("coverage").text.splitlines()
    assert title == "3 sources searched; 2 cannot be relied on"
    assert [line.split(" (")[0] for line in lines[:4]] == [
        "• EU Consolidated Financial Sanctions List",
        "• OFAC Specially Designated Nationals and Blocked Persons List",
        "• UN Security Council Consolidated List",
        "• Flagpost starter records",
    ]
    assert "FAILED 2026-11-23" in lines[0]
    assert (
        "STALE: older than three times its usual rhythm. Version 2026-10-01, published 2026-10-01, fetched" in lines[1]
    )
    assert "version 2026-11-22, published 2026-11-22, fetched 2026-11-23" in lines[2]
    assert lines[2].endswith("40 entities, 40 names; fresh")


@pytest.mark.parametrize("count", [10, 60])
def test_many_lists_fit_into_a_message(phrases: Words, count: int) -> None:
    lists = tuple(
        Dataset(f"list{n}", f"A list of the name {n:02}", "", "2026-11-20", "2026-11-20", "", NOW, NOW, 18_000, 55_000)
        for n in range(count)
    )
    message = phrases.answer(lookup.about_coverage([*lists[1:], replace(lists[0], state="stale")], NOW))
    assert limits.broken(message.text, message.blocks) == []
    assert message.text.splitlines()[1].startswith("• A list of the name 00 (list0): STALE")
    assert ("more" in message.text) == (count == 60)
