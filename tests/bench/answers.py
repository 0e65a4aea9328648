"""Prints figures: cold start of `ask`, and time per question in one process. Run: make bench"""

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import yaml

from bot import intake
from bot.desk import Desk
from bot.lookup import Asking
from bot.records import PUBLIC
from bot.store.database import Database, migrate
from tests.files import many_entities

HERE = Path(__file__).parent.parent
ROUNDS = 5


def questions() -> list[str]:
    """The single questions of the tables of the tests."""
    tables: list[Any] = [yaml.safe_load(file.read_text("utf-8")) for file in sorted(HERE.glob("questions*.yaml"))]
    return [turn["ask"] for table in tables for item in table for turn in item.get("turns", [item])]


def prepare(url: str, entities: int, folder: Path) -> None:
    """A database with the starter records and `entities` others."""
    with Database(url) as database, database.writing() as session:
        migrate(session)
        intake.load(session, intake.read_starter(), PUBLIC, datetime.now(UTC))
        if entities:
            file = folder / "crowd.yaml"
            file.write_text(many_entities(entities), "utf-8")
            intake.load(session, intake.read_claims([file])[0], PUBLIC, datetime.now(UTC))


def timed(url: str, asked: list[str]) -> tuple[float, list[float]]:
    """Seconds to read the names in, and milliseconds for each question from its text to a kept receipt."""
    with Database(url) as database:
        desk = Desk(database, "bench")
        started = time.perf_counter()
        desk.ask(Asking("help", "local", datetime.now(UTC)))
        reading = time.perf_counter() - started
        taken = []
        for question in asked:
            started = time.perf_counter()
            desk.ask(Asking(question, "local", datetime.now(UTC)))
            taken.append((time.perf_counter() - started) * 1000)
    return reading, taken


def cold(url: str) -> list[float]:
    """Seconds of whole `ask` processes."""
    command = [sys.executable, "-m", "bot", "ask", "is Dalian Machine Tool flagged?"]
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - started)
    return taken


def main() -> None:
    asked = questions()
    print(f"{len(asked)} questions, {ROUNDS} rounds; times from text to kept receipt, SQLite")
    print(f"{'other entities':>15} {'names in, s':>12} {'median, ms':>11} {'p99, ms':>8} {'cold ask, s (median)':>21}")
    for entities in (0, 1000, 5000):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/bench.db"
            prepare(url, entities, Path(folder))
            reading, taken = timed(url, asked * ROUNDS)
            p99 = quantiles(taken, n=100)[98]
            print(f"{entities:>15} {reading:>12.2f} {median(taken):>11.1f} {p99:>8.1f} {median(cold(url)):>21.2f}")


if __name__ == "__main__":
    main()
