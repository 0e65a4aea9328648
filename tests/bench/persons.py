"""Prints how often a person is found by a spelling not stored. Run: python -m tests.bench.persons [--misses plain|hard]"""

import argparse
import csv
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tests.bench.labelled import (
    RATE,
    RIVALS,
    THRESHOLD,
    Finder,
    Outcome,
    Stored,
    arguments,
    ask,
    ours,
    over,
    recall,
    rival,
    rows,
    show_miss,
    threshold_at,
    timed,
)

UN = Path("lists") / "un" / "un_consolidated_2026-02-27.xml"
OFAC = Path("lists") / "ofac" / "2021-07"
PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
ALIAS_KINDS = {"Low": "weak_alias"}
OFAC_KINDS = {"fka": "former"}
LONG = 4
"""Letters of a word that two entries of one day of birth must share."""

_BORN = re.compile(r"DOB (\d\d \w{3} \d{4})")


@dataclass(frozen=True, slots=True)
class Query:
    """An altered spelling, the untouched one, and the entities that are right."""

    text: str
    untouched: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Task:
    """Stored names without the spellings asked for, and the queries whose persons are still stored."""

    stored: list[Stored]
    asked: list[Query]


def spelling(text: str) -> str:
    """A name without case, spaces and punctuation."""
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


def unordered(text: str) -> str:
    """A name without case, punctuation and the order of its words."""
    return " ".join(sorted(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())))


def un_persons(data: Path) -> Iterator[Stored]:
    """The names of the UN's individuals."""
    for person in ET.parse(data / UN).iter("INDIVIDUAL"):
        id = f"un:{person.findtext('DATAID')}"
        yield Stored(id, " ".join(" ".join(person.findtext(part, "") for part in PARTS).split()), "primary", "Person")
        for alias in person.iter("INDIVIDUAL_ALIAS"):
            if name := " ".join((alias.findtext("ALIAS_NAME") or "").split()):
                kind = ALIAS_KINDS.get(alias.findtext("QUALITY") or "", "alias")
                yield Stored(id, name, kind, "Person")


def ofac_persons(data: Path) -> Iterator[Stored]:
    """The names of OFAC's individuals."""
    kept = set()
    for row in _publisher_rows(data / OFAC / "sdn.csv", 3):
        if row[2].strip() == "individual":
            kept.add(row[0])
            yield Stored(f"ofac:{row[0]}", row[1], "primary", "Person")
    for row in _publisher_rows(data / OFAC / "alt.csv", 4):
        if row[0] in kept:
            yield Stored(f"ofac:{row[0]}", row[3], OFAC_KINDS.get(row[2], "alias"), "Person")


def _publisher_rows(path: Path, least: int) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        # The last line is an end-of-file mark.
        yield from (row for row in csv.reader(file) if len(row) >= least)


def births(data: Path) -> dict[str, set[date]]:
    """The full dates of birth that both lists give, by the ids of their persons."""
    found: dict[str, set[date]] = defaultdict(set)
    for person in ET.parse(data / UN).iter("INDIVIDUAL"):
        for day in person.iterfind("INDIVIDUAL_DATE_OF_BIRTH/DATE"):
            found[f"un:{person.findtext('DATAID')}"].add(date.fromisoformat((day.text or "")[:10]))
    for row in _publisher_rows(data / OFAC / "sdn.csv", 12):
        days = (datetime.strptime(day, "%d %b %Y").date() for day in _BORN.findall(row[11]))
        found[f"ofac:{row[0]}"].update(days)
    return found


def same_persons(
    un: Iterable[Stored], ofac: Iterable[Stored], born: Mapping[str, set[date]]
) -> dict[str, frozenset[str]]:
    """UN id → itself and OFAC's entries that bear one of its names, or one word of one and were born on the same day."""
    by_name: dict[str, set[str]] = defaultdict(set)
    by_birth: dict[tuple[date, str], set[str]] = defaultdict(set)
    for one in ofac:
        by_name[unordered(one.value)].add(one.entity_id)
        for key in _birth_keys(one, born):
            by_birth[key].add(one.entity_id)
    same: dict[str, set[str]] = defaultdict(set)
    for one in un:
        same[one.entity_id] |= {one.entity_id} | by_name.get(unordered(one.value), set())
        same[one.entity_id].update(*(by_birth.get(key, ()) for key in _birth_keys(one, born)))
    return {id: frozenset(ids) for id, ids in same.items()}


def _birth_keys(one: Stored, born: Mapping[str, set[date]]) -> Iterator[tuple[date, str]]:
    words = [word for word in unordered(one.value).split() if len(word) >= LONG]
    # The first of January stands for an unknown day.
    days = (day for day in born.get(one.entity_id, ()) if (day.month, day.day) != (1, 1))
    return ((day, word) for day in days for word in words)


def queries(data: Path, un: Sequence[Stored], same: dict[str, frozenset[str]]) -> list[Query]:
    """The altered names, each with those who bear the untouched one."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for one in un:
        bearers[spelling(one.value)] |= same[one.entity_id]
    labelled = data / "labelled"
    pairs = zip(rows(labelled / "persons_un_treated.csv"), rows(labelled / "persons_un_untreated.csv"), strict=True)
    return [
        Query(altered["full_name"], untouched["full_name"], frozenset(bearers[spelling(untouched["full_name"])]))
        for altered, untouched in pairs
    ]


def task(names: Sequence[Stored], asked: Sequence[Query], *, hard: bool) -> Task:
    """Leaves out every name spelt like one that is asked for; if `hard`, in whatever order of words, and the untouched too."""
    key = unordered if hard else spelling
    identical = {key(text) for one in asked for text in ((one.text, one.untouched) if hard else (one.text,))}
    stored = [one for one in names if key(one.value) not in identical]
    left = {one.entity_id for one in stored}
    kept = [one for one in asked if one.right & left]
    title = "asked or untouched spelling, whatever the word order" if hard else "the spelling asked for"
    print(
        f"\nLeft out: {title}. {len(stored)} of {len(names)} names are stored; {len(kept)} of {len(asked)} queries have"
    )
    print("a person who is stored under another name.")
    return Task(stored, kept)


def measure(data: Path, methods: dict[str, Finder], asked: Sequence[Query]) -> None:
    """Prints the figures of all methods."""
    negatives = [row["full_name"] for row in rows(data / "labelled" / "persons_negatives.csv")]
    print(
        f"\n{'method':>12} {'n':>4} {'@1':>6} {'@5':>6} {'over':>6} {f'at {RATE:.0%}':>6}  negatives over {THRESHOLD}"
    )
    for name, find in methods.items():
        outcomes = [ask(find, one.text, "person", one.right) for one in asked]
        found, taken = timed(find, negatives)
        scores = [one[0].score if one else 0.0 for one in found]
        threshold = threshold_at(RATE, scores)
        figures = (
            recall(outcomes),
            recall(outcomes, 5),
            recall(outcomes, 1, THRESHOLD),
            recall(outcomes, 1, threshold),
        )
        print(
            f"{name:>12} {len(asked):>4}",
            *(f"{figure:>6.3f}" for figure in figures),
            f" {over(scores, THRESHOLD)} of {len(scores)}; {RATE:.0%} pass {threshold:.3f}; {taken}",
        )


def misses(find: Finder, stored: Iterable[Stored], asked: Iterable[Query]) -> None:
    """Prints the queries whose person is not first or not over the threshold."""
    names: dict[str, list[str]] = defaultdict(list)
    for one in stored:
        names[one.entity_id].append(one.value)
    for query in asked:
        outcome: Outcome = ask(find, query.text, "person", query.right)
        if outcome.rank != 1 or outcome.score < THRESHOLD:
            show_miss(outcome, "; ".join(f"{id} {', '.join(names[id])}" for id in sorted(query.right)))


def read(data: Path) -> tuple[list[Stored], list[Query]]:
    """All names of persons, and the queries."""
    un, ofac = list(un_persons(data)), list(ofac_persons(data))
    return [*un, *ofac], queries(data, un, same_persons(un, ofac, births(data)))


def run(options: argparse.Namespace, names: Sequence[Stored], asked: Sequence[Query], *, hard: bool) -> None:
    """Measures one task, or prints its misses."""
    set_up = task(names, asked, hard=hard)
    find = ours(set_up.stored)
    if options.misses:
        misses(find, set_up.stored, set_up.asked)
        return
    rivals = {} if options.skip_rivals else {"token_sort": rival(RIVALS["token_sort"], set_up.stored)}
    measure(options.data, {"ours": find} | rivals, set_up.asked)


def main() -> None:
    options = arguments(
        __doc__,
        ("--misses", {"choices": ("plain", "hard"), "help": "print the persons not found"}),
        ("--skip-rivals", {"action": "store_true"}),
    )
    names, asked = read(options.data)
    for hard in (False, True):
        if options.misses in (None, "hard" if hard else "plain"):
            run(options, names, asked, hard=hard)


if __name__ == "__main__":
    main()
