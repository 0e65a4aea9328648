"""Keeps the rooms of the house: who may import whom, where the guests stay, how long files and functions are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

import bot
from bot.questions.intents import INTENTS

ROOT = Path(__file__).parent.parent
FILES = sorted(path.relative_to(ROOT) for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py"))
SOURCE = [path for path in FILES if "migrations" not in path.parts]

BASEMENT = {"records", "errors", "dates", "scripts", "filters", "answers", "limits", "mail", "monitoring"}
ROOMS: dict[str, set[str]] = {
    "records": set(),
    "errors": set(),
    "dates": set(),
    "scripts": set(),
    "limits": set(),
    "filters": {"records"},
    "answers": {"records", "filters"},
    "mail": set(),
    "monitoring": set(),
    "config": {"errors"},
    "matching": {"records", "scripts"},
    "questions": {"errors", "scripts", "dates", "filters"},
    "lists": {"records", "errors", "scripts", "dates"},
    "store": {"records", "errors", "mail", "monitoring", "filters"},
    "status": {"records", "dates", "answers"},
    "reply": {"records", "answers", "limits"},
    "terminal": {"reply"},
    "indexing": {"records", "matching", "store"},
    "namelike": {"matching", "questions"},
    "mentions": {"records", "matching", "questions", "namelike"},
    "freshness": {"records", "dates", "filters", "lists", "store"},
    "joinkeys": {"records", "scripts", "matching"},
    "joining": {"records", "joinkeys"},
    "subjects": {"records", "answers", "lists", "matching", "joining"},
    "precedence": {"records", "dates", "lists", "joining"},
    "dossier": {
        *("freshness", "records", "dates", "answers", "lists", "status", "store", "subjects", "precedence"),
    },
    "topical": {"records", "dates", "answers", "dossier", "matching", "questions"},
    "happenings": {"records", "dates", "filters", "answers", "lists", "joining", "dossier", "store"},
    "overview": {"records", "dates", "filters", "answers", "happenings", "dossier", "store"},
    "receipts": {"store"},
    "document": {"records", "dates", "answers", "lookup", "reply", "matching"},
    "lookup": {
        *BASEMENT,
        *("matching", "questions", "store", "indexing", "mentions", "dossier", "topical", "overview", "receipts"),
        "subjects",
    },
    "desk": {
        "records",
        "answers",
        "errors",
        "indexing",
        "lookup",
        "document",
        "receipts",
        "reply",
        "matching",
        "store",
    },
    "taking": {"records", "errors", "store"},
    "intake": {"records", "errors", "lists", "store", "taking"},
    "relating": {"records", "errors", "lists", "matching", "store", "joinkeys", "joining"},
    "loading": {"records", "errors", "indexing", "intake", "lists", "matching", "relating", "store", "taking"},
    "syncing": {"records", "config", "errors", "lists", "loading", "store", "taking"},
    "sheets": {"errors"},
    "results": {"errors", "sheets"},
    "crew": {"errors"},
    "kinds": {"records", "errors"},
    "countries": {"errors", "lists", "questions"},
    "unfinished": {"errors"},
    "batches": {"records", "errors", "sheets", "results", "crew"},
    "screening": {
        *(
            "records",
            "errors",
            "dates",
            "answers",
            "matching",
            "questions",
            "store",
            "mentions",
            "dossier",
            "lookup",
            "receipts",
        ),
        *("reply", "desk", "kinds", "countries", "batches", "subjects"),
    },
    "wishes": {"errors", "questions"},
    "ownership": {"config", "errors", "mail", "wishes"},
    "bearing": {
        *(
            "records",
            "answers",
            "errors",
            "questions",
            "store",
            "joining",
            "dossier",
            "lookup",
            "mentions",
            "screening",
        ),
    },
    "watching": {
        *(
            "answers",
            "records",
            "errors",
            "filters",
            "monitoring",
            "questions",
            "store",
            "freshness",
            "dossier",
            "lookup",
        ),
        *("bearing", "ownership", "wishes"),
    },
    "portfolio": {
        *("errors", "monitoring", "records", "countries", "screening", "sheets", "store"),
        *("ownership", "watching", "wishes"),
    },
    "watchsheet": {"dates", "answers", "dossier", "lookup", "monitoring", "reply", "screening", "store"},
    "comparing": {"errors", "matching", "questions", "reply", "kinds", "batches"},
    "zones": {"errors"},
    "schedule": {"errors", "mail", "zones"},
    "newsworthy": {"records", "dates", "answers", "joining", "status", "store"},
    "scoping": {
        *("records", "errors", "filters", "mail", "monitoring", "matching", "questions", "store", "newsworthy"),
    },
    "repeats": {"records", "dates", "answers", "lists", "joining", "dossier", "newsworthy", "store"},
    "trends": {"records", "dates", "answers", "filters", "joining", "dossier", "scoping", "store", "repeats"},
    "pages": {"limits", "reply"},
    "roll": {"records", "answers", "reply", "sheets"},
    "picture": {"answers", "mail", "reply"},
    "bulletin": {"answers", "lists", "mail", "reply", "schedule", "pages", "roll", "picture"},
    "gathering": {
        *("answers", "records", "mail", "lists", "store", "status", "dossier", "newsworthy", "scoping", "repeats"),
        "trends",
    },
    "digest": {"answers", "errors", "records", "mail", "reply", "store", "receipts", "schedule", "bulletin"},
    "press": {"dates", "answers", "mail", "receipts", "reply", "bulletin", "gathering", "scoping", "digest"},
    "hands": {"store"},
    "summaries": {"clock", "hands", "digest", "press", "mail", "records", "reply", "store"},
    "endings": {"mail", "monitoring", "reply", "slack", "store"},
    "outcomes": {"records", "answers", "bearing", "joining", "status"},
    "shifts": {"records", "status", "outcomes"},
    "changing": {
        *(
            "records",
            "answers",
            "monitoring",
            "lists",
            "matching",
            "store",
            "dossier",
            "lookup",
            "screening",
            "outcomes",
            "shifts",
            "bearing",
        ),
    },
    "lapsing": {"records", "monitoring", "outcomes", "changing"},
    "notices": {
        *("records", "dates", "answers", "mail", "monitoring", "lookup", "document", "receipts", "reply", "changing"),
    },
    "spreading": {"limits", "mail", "reply", "sheets"},
    "alerts": {
        *("records", "answers", "joining", "mail", "monitoring", "status", "outcomes", "shifts", "changing", "notices"),
    },
    "bundles": {
        *("answers", "mail", "monitoring", "records", "outcomes", "shifts", "changing", "notices", "alerts"),
        "spreading",
    },
    "listalerts": {
        *(
            "records",
            "answers",
            "filters",
            "mail",
            "monitoring",
            "store",
            "gathering",
            "scoping",
            "changing",
            "notices",
        ),
        *("lapsing", "roll", "spreading"),
    },
    "trouble": {"clock", "hands", "monitoring", "store"},
    "steps": {"monitoring", "notices", "receipts", "store"},
    "alerting": {
        *("records", "monitoring", "matching", "store", "lookup", "desk", "clock", "outcomes", "changing"),
        *("lapsing", "notices", "alerts", "bundles", "listalerts", "steps", "trouble", "hands"),
    },
    "checkup": {"config", "errors", "freshness", "indexing", "matching", "mail", "receipts", "slack", "store"},
    "incoming": {"mail"},
    "transfer": {"errors"},
    "slack": {"errors", "mail", "transfer"},
    "workspaces": {"errors", "mail", "slack"},
    "delivery": {"limits", "mail", "slack", "store"},
    "sender": {"mail", "slack", "store", "clock", "delivery", "endings", "workspaces"},
    "office": {
        *("answers", "errors", "mail", "config", "store", "lookup", "document", "desk", "reply", "slack", "sender"),
        *("workspaces", "endings"),
    },
    "modal": {"answers", "limits", "mail", "reply", "office"},
    "subscribing": {
        *("errors", "limits", "mail", "questions", "store", "reply", "schedule", "scoping"),
        *("digest", "press", "office", "zones"),
    },
    "watchstatus": {
        *("answers", "dossier", "filters", "freshness", "monitoring", "outcomes", "records", "store"),
    },
    "watchdesk": {
        *("answers", "config", "records", "errors", "mail", "monitoring", "store", "dossier", "freshness", "reply"),
        *("wishes", "ownership", "watching", "watchstatus", "endings", "office"),
    },
    "watchforms": {
        *("answers", "records", "errors", "limits", "mail", "store", "reply", "portfolio", "wishes", "ownership"),
        *("watchdesk", "office"),
    },
    "watchexport": {
        *(
            "config",
            "dates",
            "mail",
            "monitoring",
            "records",
            "store",
            "lookup",
            "outcomes",
            "reply",
            "sheets",
            "ownership",
        ),
        *("watching", "watchsheet", "watchdesk", "office"),
    },
    "home": {
        *("records", "errors", "limits", "mail", "monitoring", "store", "dossier", "reply", "schedule", "digest"),
        *("ownership", "watching", "watchstatus", "watchdesk", "watchforms", "office"),
    },
    "handlers": {
        *(*BASEMENT, "incoming", "office", "modal", "subscribing"),
        *("watchdesk", "watchforms", "watchexport", "home"),
    },
    "clock": {"errors"},
    "worker": {"errors", "mail", "store"},
    "metrics": set(),
    # The only room that opens the doors.
    "app": {"errors", "mail", "store", "reply", "incoming", "slack", "office", "metrics", "handlers"},
    "running": {
        *("records", "errors", "mail", "config", "store", "desk", "slack", "workspaces", "sender", "office"),
        *("clock", "worker", "metrics", "app", "syncing", "summaries", "alerting", "endings"),
    },
    "web": {"config", "errors", "running", "signature"},
    "signature": {"errors"},
    "gunicorn_conf": set(),
    "socketmode": {"config", "errors"},
}
"""Room → the rooms it may use, besides itself. `__main__` and `cli` may use all, and nobody uses them."""

TOP = ("__main__", "__init__", "cli")

GUESTS = {
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "jinja2": {"reply"},
    "PIL": {"picture"},
    "rapidfuzz": {"matching"},
    "numpy": {"matching"},
    "anyascii": {"matching"},
    "opencc": {"matching"},
    "stdnum": {"matching"},
    "yaml": {"lists"},
    "httpx": {"lists"},
    "defusedxml": {"lists"},
    "python_calamine": {"lists"},
    "msgspec": {"lists"},
    "rich": {"terminal", "cli"},
    "dotenv": {"config"},
    "prometheus_client": {"metrics"},
    "slack_bolt": {"handlers", "app", "web", "socketmode"},
    "slack_sdk": {"slack", "signature", "socketmode"},
}
SESSION = {"from sqlalchemy.orm import Session"}
"""Routes take a session as their first argument, and may name its type."""


def room(path: Path) -> str:
    return "handlers" if path.parts[0] == "handlers" else path.with_suffix("").parts[1]


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Each imported module, and the line that imports it."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ast.unparse(node)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "bot":
            yield from ((f"bot.{alias.name}", ast.unparse(node)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module), ast.unparse(node)


def functions() -> Iterator[tuple[str, int]]:
    for path in SOURCE:
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                doc = node.body[0] if ast.get_docstring(node) else None
                length = (node.end_lineno or 0) - node.lineno + 1
                docstring = (doc.end_lineno or 0) - doc.lineno + 1 if doc else 0
                yield f"{path}:{node.lineno} {node.name}", length - docstring


def used_by(path: Path) -> set[str]:
    """The other rooms that a file uses."""
    found = (
        name.removeprefix("bot.").split(".")[0] for name, _ in imports(path) if name.startswith(("bot.", "handlers"))
    )
    return {*found} - {room(path)}


def on_the_map() -> list[str]:
    """The rooms as the map names them, from the top."""
    lines = re.findall(r"^(\w+(?:, \w+)*)  +\S", bot.__doc__ or "", re.MULTILINE)
    return [name for line in lines for name in line.split(", ")]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_room_uses_only_the_rooms_it_may(path: Path) -> None:
    assert room(path) in TOP or used_by(path) <= ROOMS[room(path)]


@pytest.mark.parametrize("own", ROOMS)
def test_what_a_room_may_use_it_does(own: str) -> None:
    used = {name for path in FILES if room(path) == own for name in used_by(path)}
    assert ROOMS[own] - BASEMENT - used == set()


def test_on_the_map_a_room_stands_below_all_that_it_uses() -> None:
    places = on_the_map()
    assert sorted(places) == sorted({*ROOMS, "cli", "__main__"})
    upside_down = [
        f"{room(path)} above {name}"
        for path in FILES
        if room(path) not in TOP
        for name in used_by(path)
        if places.index(name) > places.index(room(path))
    ]
    assert upside_down == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_guests_stay_in_their_rooms(path: Path) -> None:
    for name, line in imports(path):
        hosts = GUESTS.get(name.split(".")[0])
        assert hosts is None or room(path) in hosts or line in SESSION, line


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_config_reads_the_environment(path: Path) -> None:
    assert room(path) == "config" or "os.environ" not in (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_module_says_first_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse((ROOT / path).read_text("utf-8")))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    assert len((ROOT / path).read_text("utf-8").splitlines()) <= 300


def test_functions_are_short() -> None:
    lengths = [length for _, length in functions()]
    assert median(lengths) <= 8
    assert quantiles(lengths, n=10)[-1] <= 30
    assert [name for name, length in functions() if length > 40] == []


def test_nothing_broad_is_caught_but_at_the_door() -> None:
    broad = [
        str(path)
        for path in FILES
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert broad == ["bot/__main__.py", "bot/clock.py"]


def test_templates_hold_the_words_of_every_intent() -> None:
    assert [name for name in INTENTS if not (ROOT / "templates" / f"{name}.jinja").exists()] == []
