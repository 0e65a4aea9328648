"""Fits the weights of the features to labelled names, so that a score of .5 means even odds, and prints them with the thresholds
that follow and the precision and recall they stand for. Run: python -m tests.bench.calibrate [--person]

Logistic regression with weights that only take away, on: the retrieval queries with the best names of the right record and of
the likest wrong ones, the likest names of invented companies (wrong, all), pairs labelled by people, and pairs of our own.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.matching.align import Aligner
from bot.matching.analysis import Analyser
from bot.matching.features import COMPANY, PERSON, Compared
from bot.matching.index import Index
from bot.matching.score import weigh
from tests.bench.labelled import ROOT, arguments, make_analyser, make_index, records, rows

Example = tuple[Compared, bool, float]
"""Two names compared, whether they are the same subject's, and how much the example counts."""

WRONG = 6
"""How many wrong records of each query are learnt from."""


def of_queries(index: Index, data: Path) -> Iterator[Example]:
    """The best name of the right record and of the likest wrong ones, for each query; the likest ones of invented names."""
    folder = data / "labelled" / "retrieval"
    for row in rows(folder / "queries_dev.csv"):
        if "acronym" not in row["kind"] and "far" not in row["kind"]:
            best = _best(index, row["name"])
            right = best.pop(row["expected"], None)
            if right:
                yield right[1], True, 1.0
            for _, one in sorted(best.values(), key=lambda found: -found[0])[:WRONG]:
                # Some records are there twice: nobody can tell which of them is meant.
                if not right or one.stored.key != right[1].stored.key:
                    yield one, False, 0.5
    for row in rows(folder / "negatives_dev.csv"):
        for _, one in sorted(_best(index, row["name"]).values(), key=lambda found: -found[0])[:2]:
            yield one, False, 1.0


def _best(index: Index, text: str) -> dict[str, tuple[float, Compared]]:
    found: dict[str, tuple[float, Compared]] = {}
    readings = index.analyser.readings(text)
    aligners = [(one, Aligner(one)) for one in readings]
    for segment, place in index.candidates(readings):
        stored = segment.name(place)
        for asked, aligner in aligners:
            score = weigh(aligner, asked, stored, segment.kind(place))
            id = segment.entity(place)
            if score.compared and (id not in found or score.value > found[id][0]):
                found[id] = (score.value, score.compared)
    return found


def of_pairs(analyser: Analyser, path: Path, *, person: bool) -> Iterator[Example]:
    """Pairs that people labelled."""
    for row in rows(path):
        if row.get("case_group", "").startswith("synth_") or (row["schema"] == "Person") != person:
            continue
        schema = "" if row["schema"] == "LegalEntity" else row["schema"]
        best: tuple[float, Compared] | None = None
        for asked in analyser.readings(row["name1"], schema):
            for stored in analyser.readings(row["name2"], schema):
                score = weigh(Aligner(asked), asked, stored, "alias")
                if score.compared and (best is None or score.value > best[0]):
                    best = (score.value, score.compared)
        if best:
            yield best[1], row["is_match"] == "true", 2.0


def fit(
    rows: NDArray[np.float64], labels: NDArray[np.float64], counts: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """The base and the weights, none above -0.3, by projected gradient descent with a little ridge."""
    base, weights = 4.0, np.full(rows.shape[1], -3.0)
    for _ in range(30_000):
        odds = base + rows @ weights
        error = counts * (1 / (1 + np.exp(-odds)) - labels)
        rate = 4.0 / counts.sum()
        base -= rate * float(error.sum())
        weights -= rate * (rows.T @ error + 0.05 * weights)
        weights = np.minimum(weights, -0.3)
        base = min(base, 6.0)
    return base, weights


def main() -> None:
    options = arguments(__doc__, ("--person", {"action": "store_true"}))
    analyser = make_analyser()
    features = list(PERSON if options.person else COMPANY)
    examples = [
        *of_pairs(analyser, options.data / "labelled" / "name_pairs_dev.csv", person=options.person),
        *of_pairs(analyser, ROOT / "tests" / "hard_pairs.csv", person=options.person),
    ]
    if not options.person:
        examples += of_queries(make_index(analyser, records(options.data)), options.data)
    values = np.array([[feature(one) for feature in features] for one, _, _ in examples])
    labels = np.array([float(label) for _, label, _ in examples])
    base, weights = fit(values, labels, np.array([count for _, _, count in examples]))
    print(f"{len(examples)} examples, {int(labels.sum())} matches\nBASE {base:.2f}")
    for feature, weight in zip(features, weights, strict=True):
        print(f"    {feature.__name__}: {weight:.2f},")
    odds = 1 / (1 + np.exp(-(base + values @ weights)))
    for low in np.arange(0, 1, 0.1):
        inside = (odds >= low) & (odds < low + 0.1)
        if inside.any():
            print(f"score {low:.1f}–{low + 0.1:.1f}: {int(inside.sum()):>5}, {labels[inside].mean():.2f} are matches")


if __name__ == "__main__":
    main()
