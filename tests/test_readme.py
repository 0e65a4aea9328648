"""What the README lists is what the program has."""

import re
from pathlib import Path

import pytest

from bot import __main__ as cli
from bot import config
from bot.freshness import TOO_OLD
from bot.lists import LISTS, PUBLICATIONS
from bot.questions.intents import INTENTS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def section(title: str) -> str:
    return README.split(f"## {title}\n")[1].split("\n## ")[0]


def test_the_verbs_are_those_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    known = re.findall(r"^    (\w+)(?: |$)", capsys.readouterr().out, re.MULTILINE)
    assert re.findall(r"^\| `(\w+)", section("Verbs"), re.MULTILINE) == known


def test_the_settings_are_those_that_are_read() -> None:
    assert re.findall(r"`([A-Z]{3,}[A-Z_]*)`", section("Settings")) == list(config.NAMES)


def test_the_questions_are_the_intents() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", section("Questions it understands"), re.MULTILINE)) == INTENTS


def test_the_lists_are_those_that_can_be_loaded() -> None:
    assert set(re.findall(r"LIST is (.*?) \|", section("Verbs"))[0].replace("`", "").split(", ")) == set(LISTS)


def test_each_list_is_described_with_how_long_it_is_fresh() -> None:
    told = re.findall(r"^\| `(\w+)` \|.*\| (?:(\d+) days|never) \|$", section("Official lists"), re.MULTILINE)
    assert told == [(one.name, str(one.rhythm * TOO_OLD or "")) for one in PUBLICATIONS.values()]


def test_every_library_has_its_line() -> None:
    wanted = {line.split("[")[0] for line in (ROOT / "requirements.in").read_text("utf-8").split()}
    named = set(re.findall(r"[\w.-]+", section("Libraries")))
    assert {name.casefold() for name in wanted} - {name.casefold() for name in named} == set()


def test_the_rooms_are_on_the_map() -> None:
    rooms = {path.stem for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    named = set(re.findall(r"\w+", (ROOT / "bot" / "__init__.py").read_text("utf-8")))
    assert rooms - {"__init__", "starter"} - named == set()
