"""Prints how often invented names, asked as a question, are taken for stored ones. Run: python -m tests.bench.asked [--misses]

The names of organisations and of the persons of the UN list are stored; the invented firms and persons match nobody.
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bot.matching.index import Index
from tests.bench.labelled import THRESHOLD, Stored, arguments, built, records, rows, spot

TODAY = date(2024, 6, 1)
FORMS = ("{}", "is {} flagged?", "can we pay {} and Hikvision")


def persons(data: Path) -> Iterable[Stored]:
    """The untouched names of the UN list."""
    for number, row in enumerate(rows(data / "labelled" / "persons_un_untreated.csv")):
        yield Stored(f"un{number}", row["full_name"], "primary", "Person")


def main() -> None:
    options = arguments(__doc__, ("--misses", {"action": "store_true", "help": "print the names that are matched"}))
    index = built([*records(options.data), *persons(options.data)])
    labelled = options.data / "labelled"
    for title, names in (
        ("invented firms", [row["name"] for row in rows(labelled / "retrieval" / "negatives_dev.csv")]),
        ("invented persons", [row["full_name"] for row in rows(labelled / "persons_negatives.csv")][:300]),
        ("stored organisations", [one.value for one in records(options.data) if one.kind == "primary"][::60]),
    ):
        for form in FORMS:
            matched = [name for name in names if _matched(index, form.format(name), name, show=options.misses)]
            print(f"{title:>22}, as {form!r}: {len(matched)} of {len(names)} matched ({len(matched) / len(names):.1%})")


def _matched(index: Index, question: str, name: str, *, show: bool) -> bool:
    _, spotted = spot(index, question, TODAY)
    inside = [one for one in spotted if one.start < question.find(name) + len(name) and one.text != "Hikvision"]
    over = [one for one in inside if one.found and one.found[0].score >= THRESHOLD]
    if show and over:
        print("   ", question, [(one.text, one.found[0].name, one.found[0].score) for one in over])
    return bool(over)


if __name__ == "__main__":
    main()
