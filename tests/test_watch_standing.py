"""How what is watched stands in lists of watches: as far as its sources can be relied on today, and as answers say it."""

from pathlib import Path

import pytest

from bot import watching, watchstatus
from bot.answers import Answer
from bot.cli.reporting import stands_in_json, stands_in_words
from bot.dossier import Reading
from bot.filters import Filters, OfficialList
from bot.lists import LISTS, OFFICIAL
from bot.ownership import Owner
from bot.records import Dataset
from bot.reply import Words
from bot.store.database import Database
from bot.watchstatus import WatchStatus
from tests.files import SMALL
from tests.joins import entry
from tests.test_alerting import DENIAL, RETRACTION
from tests.watched import CHANNEL, WORKSPACE, Watchers

WHERE = Owner(WORKSPACE, channel=CHANNEL)
BEHIND = "CANNOT SAY (what should have been searched cannot be relied on: ofac (failed, version of 2026-11-23))"


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Watchers:
    found = Watchers(database, tmp_path)
    found.load("2026-11-23", entry("ofac:1", "Dalian Tools"))
    return found


def standing(world: Watchers) -> list[WatchStatus]:
    with world.database.reading() as session:
        reading = Reading(session, WORKSPACE, None, world.now.date())
        return watchstatus.of(session, reading, watching.of(session, WHERE))


def listed(world: Watchers, phrases: Words) -> str:
    """The list of watches as Slack shows it."""
    return phrases.message("watch_list", groups=[(WHERE, standing(world))], today=world.now.date()).text


def test_while_a_source_is_dead_nothing_can_be_said_of_a_name_that_nobody_bears(
    world: Watchers, phrases: Words
) -> None:
    world.watch("name", "Zhonghe Lens Works")
    assert "“Zhonghe Lens Works” — NO RECORD (not a clearance)" in listed(world, phrases)
    world.attempt("ofac", "failed", "503")
    assert f"“Zhonghe Lens Works” — {BEHIND}" in listed(world, phrases)
    (said,) = map(stands_in_words, standing(world))
    assert said.endswith("; now cannot_say: what should have been searched cannot be relied on: ofac (failed)")
    world.attempt("ofac", "confirmed")
    assert "“Zhonghe Lens Works” — NO RECORD (not a clearance)" in listed(world, phrases)


def test_nor_of_such_names_of_a_portfolio(world: Watchers, phrases: Words) -> None:
    world.watch("portfolio", names=[("Dalian Tools",), ("Zhonghe Lens Works",)])
    world.attempt("ofac", "failed", "503")
    assert f"1 LISTED, 1 {BEHIND}" in listed(world, phrases)
    assert dict(standing(world)[0].counts) == {"listed": 1, "cannot_say": 1}


def test_after_weeks_without_a_new_version_nothing_can_be_said_either(world: Watchers, phrases: Words) -> None:
    world.watch("name", "Zhonghe Lens Works")
    world.later(days=40)
    assert "(stale, version of 2026-11-23)" in listed(world, phrases)


def test_a_watch_on_a_list_stands_as_its_version_does(world: Watchers, phrases: Words) -> None:
    world.begin("list", filters=Filters(lists=(OfficialList("SDN list", (), ("sdn",), forms=("ofac",)),)))
    assert "ofac, version 2026-11-23, fresh; alerts tell" in listed(world, phrases)
    world.later(days=40)
    assert "ofac, version 2026-11-23, STALE" in listed(world, phrases)
    (one,) = standing(world)
    assert stands_in_words(one).endswith("; ofac 2026-11-23, stale")
    assert stands_in_json(one)["lists"] == [{"list": "ofac", "version": "2026-11-23", "state": "stale"}]


def test_a_watch_on_lists_that_are_not_loaded_says_which(world: Watchers, phrases: Words) -> None:
    lists = tuple(OfficialList(one, (), (one,), forms=(one,)) for one in ("UN list", "EU lists"))
    world.begin("list", filters=Filters(lists=lists))
    said = "not loaded: the official files of the UN list and of the EU lists"
    assert f"{said}; alerts tell what is added, changed and removed, once it is" in listed(world, phrases)
    assert stands_in_words(standing(world)[0]).endswith(f"; {said}")


def test_a_denial_of_what_was_taken_back_contests_nothing(world: Watchers, phrases: Words) -> None:
    world.claims(SMALL + DENIAL)
    world.watch("name", "Acme Optics Co., Ltd.")
    assert "contested: a denial is stored" in listed(world, phrases)
    world.claims(SMALL + DENIAL + RETRACTION)
    assert "contested" not in listed(world, phrases)


@pytest.mark.parametrize(
    ("forms", "told"), [(("claims", "claims"), True), (("claims", "own"), True), (("claims", "ofac"), False)]
)
def test_what_people_wrote_is_no_official_list(
    world: Watchers, phrases: Words, forms: tuple[str, ...], told: bool
) -> None:
    day, now = world.now.date(), world.now
    sets = tuple(
        Dataset(f"set{number}", f"Set {number}", "", "2026-11-23", "2026-11-23", form=form, loaded_at=now)
        for number, form in enumerate(forms)
    )
    answer = Answer("none", "coverage", "coverage", day, now, now, coverage=sets)
    assert ("No official list is loaded" in phrases.answer(answer).text) is told


def test_the_formats_of_no_official_list_are_known_to_the_templates(phrases: Words) -> None:
    written = phrases.environment.get_template("_words.jinja").module.WRITTEN  # type: ignore[attr-defined]
    assert LISTS.keys() - OFFICIAL == set(written)
