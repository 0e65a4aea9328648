"""The list that changes in a simulation: subjects of made-up names, of which some are new, some change and some go."""

import csv
from pathlib import Path

NEW, CHANGED, REMOVED = range(3)
"""What becomes of a subject when its turn comes, by the remainder of its number."""


def name(number: int) -> str:
    return f"Qorvex{number:04} Industries"


def id(number: int) -> str:
    """The id of its record."""
    return f"own:q{number:04}"


def fate(number: int) -> int:
    return number % 3


def write(file: Path, count: int, done: set[int]) -> None:
    """The list after the turn of some."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(("id", "name", "kind", "country", "programme", "listed_on"))
        for number in range(count):
            what, has_come = fate(number), number in done
            if has_come == (what == NEW) or what == CHANGED:
                programme = "second" if has_come and what == CHANGED else "first"
                rows.writerow((id(number)[4:], name(number), "company", "AE", programme, "2024-01-01"))
