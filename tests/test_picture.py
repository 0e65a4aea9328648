"""The picture of a weekly edition: what the log says, in bars, numbers and words."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from PIL import Image

from bot import gathering, intake, picture, trends
from bot.answers import Digest, ListWeeks
from bot.mail import WEEKLY, Attachment
from bot.records import PUBLIC, Entry
from bot.reply import Words
from bot.scoping import Wanted
from bot.store.database import Database
from bot.taking import Terms
from tests.digests import act, composed, digest
from tests.joins import entry, items

WEEKS = tuple(date(2026, 11, 23) - timedelta(days=7 * n) for n in range(5, -1, -1))
SDN = ListWeeks("OFAC", "Specially Designated Nationals", "ofac", (0, 3, 0, 6573, 0, 2), (0, 0, 1, 881, 0, 0))
UK = ListWeeks("UK", "UK Sanctions List", "uk", (0, 0, 0, 0, 0, 1), (0, 0, 0, 0, 0, 0))


def drawn(words: Words, *lists: ListWeeks) -> Attachment:
    found = picture.draw(words, digest(weeks=WEEKS, trend=lists), "weeks.png")
    assert found
    return found


def image(one: Attachment) -> Image.Image:
    return Image.open(io.BytesIO(one.data))


def test_the_picture_is_drawn_for_a_phone(phrases: Words) -> None:
    one = drawn(phrases, SDN, UK)
    assert (one.kind, one.name, image(one).format, image(one).width) == ("picture", "weeks.png", "PNG", 800)
    assert image(one).height < 1600


def test_additions_are_blue_and_removals_vermilion_on_light_paper(phrases: Words) -> None:
    colours = {colour: count for count, colour in image(drawn(phrases, SDN)).getcolors(1 << 20) or ()}
    assert colours[0, 114, 178] > colours[213, 94, 0] > 0
    assert max(colours, key=lambda colour: colours[colour]) == (255, 255, 255)


def test_the_same_is_said_in_words(phrases: Words) -> None:
    assert drawn(phrases, SDN, UK).alt == (
        "Bars of entries added to lists and removed from them, in the weeks that end on 19 October to 23 November. Specially "
        "Designated Nationals, OFAC: added 0, 3, 0, 6573, 0, 2; removed 0, 0, 1, 881, 0, 0. UK Sanctions List: added 0, 0, 0, 0, "
        "0, 1; removed 0, 0, 0, 0, 0, 0."
    )


def test_lists_beyond_the_first_are_counted(phrases: Words) -> None:
    many = [replace(UK, list=f"List {number}") for number in range(picture.LISTS + 2)]
    assert drawn(phrases, *many).alt.endswith("2 more lists changed less.")


def test_no_change_in_all_the_weeks_is_no_picture(phrases: Words) -> None:
    assert picture.draw(phrases, digest(weeks=WEEKS), "weeks.png") is None


@pytest.mark.parametrize(
    ("list", "authority", "shown"),
    [
        ("UK Sanctions List", "UK", "UK Sanctions List"),
        ("Regulation 269/2014", "EU", "Regulation 269/2014, EU"),
        ("A list – the long one", "EU", "A list - the long one, EU"),
        ("内部名单", "Acme", "Acme"),
        ("内部名单", "合规部", "own"),
        ("\u202eقائمة", "", "own"),
    ],
)
def test_a_list_without_letters_in_the_font_is_called_otherwise(
    phrases: Words, list: str, authority: str, shown: str
) -> None:
    one = ListWeeks(authority, list, "own", SDN.added, SDN.removed)
    called = picture.captions(phrases, digest(weeks=WEEKS, trend=(one,)), [one])
    assert called.lists == (shown,)


@pytest.mark.parametrize("name", ["<!channel> *x*", "A" * 500, "a\nb"])
def test_a_hostile_name_is_drawn_and_said_as_it_is(phrases: Words, name: str) -> None:
    one = drawn(phrases, replace(UK, list=name))
    assert image(one).width == 800
    assert len(one.alt) < 1000


class Weeks:
    """Loads versions of lists, a week apart."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def load(self, dataset: str, week: int, entries: Sequence[Entry]) -> None:
        on = WEEKS[week]
        at = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
        with self.database.writing() as session:
            found = items(on.isoformat(), *entries, named=dataset)
            intake.take(session, found, Terms(dataset, PUBLIC, at, force=True))

    def gather(self, wanted: Wanted | None = None) -> Digest:
        until = datetime(2026, 11, 23, 9, tzinfo=UTC)
        with self.database.reading() as session:
            return gathering.gather(session, "T1", until - timedelta(days=7), until, wanted, WEEKLY)


def made(dataset: str, *numbers: int, countries: str = "cn") -> list[Entry]:
    name = (dataset.upper(), "List")
    return [entry(f"{dataset}:{n}", f"Example Works {n} Ltd", act=name, countries=countries) for n in numbers]


@pytest.fixture
def weeks(database: Database) -> Weeks:
    one = Weeks(database)
    one.load("ofac", 0, made("ofac", *range(20)))
    one.load("ofac", 2, made("ofac", *range(1, 23)))
    one.load("ofac", 5, made("ofac", *range(2, 24)))
    return one


def test_the_numbers_are_those_of_the_log_and_a_first_load_adds_nothing(weeks: Weeks) -> None:
    weeks.load("uk", 4, made("uk", *range(9)))
    found = weeks.gather()
    assert found.weeks == WEEKS == trends.weeks(date(2026, 11, 23))
    assert found.trend == (ListWeeks("OFAC", "List", "ofac", (0, 0, 3, 0, 0, 1), (0, 0, 1, 0, 0, 1)),)


def test_the_picture_shows_only_what_the_channel_asked_for(weeks: Weeks) -> None:
    assert weeks.gather(Wanted(countries=frozenset({"cn"}))).trend != ()
    assert weeks.gather(Wanted(countries=frozenset({"ru"}))).trend == ()


def test_a_daily_summary_has_no_picture(weeks: Weeks, phrases: Words) -> None:
    assert composed(phrases, replace(weeks.gather())).picture is None
    assert composed(phrases, weeks.gather(), edition=WEEKLY).picture is not None


def test_a_weekly_edition_counts_by_list_before_it_tells(phrases: Words) -> None:
    lines = (
        composed(phrases, digest(act(1), act(2), days=7, weeks=WEEKS, trend=(SDN, UK)), edition=WEEKLY)
        .said[0]
        .text.splitlines()
    )
    assert lines[2] == "By list: this week, and in the 5 weeks before"
    assert lines[3] == "• Specially Designated Nationals, OFAC: 2 added; before 6,576 added, 882 removed"
    assert lines[4] == "• UK Sanctions List: 1 added; before nothing"
