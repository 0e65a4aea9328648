"""Pairs of names that are easily taken for each other, or for two, around the firms of the starter records."""

import csv
from pathlib import Path

import pytest

from bot.matching.analysis import Analyser
from tests.bench.labelled import THRESHOLD, compare

with (Path(__file__).parent / "hard_pairs.csv").open(encoding="utf-8", newline="") as file:
    PAIRS = list(csv.DictReader(file))

# The names stand in the message of a failure: pytest writes other scripts in escapes here.
IDS = [f"line {line}, match {pair['is_match']}, {pair['note']}" for line, pair in enumerate(PAIRS, 2)]


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_a_pair_of_names_is_judged_right(analyser: Analyser, pair: dict[str, str]) -> None:
    score, reasons = compare(analyser, pair["name1"], pair["name2"], pair["schema"])
    told = f"{pair['name1']!r} / {pair['name2']!r}: {score} ({reasons})"
    assert (score >= THRESHOLD) == (pair["is_match"] == "true"), told
