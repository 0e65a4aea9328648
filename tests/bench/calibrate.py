"""Fits the weights of the features to labelled names, so that a score of .5 means even odds, and prints them with the thresholds
that follow and the precision and recall they stand for. Run: python -m tests.bench.calibrate [--person]

Logistic regression with weights that only take away, on: the retrieval queries with the best names of the right record and of
the likest wrong ones, the likest names of invented companies (wrong, all), pairs labelled by people, and pairs of our own.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.matching.align import Aligner
from bot.matching.analysis import Analyser
from bot.matching.features import COMPANY, Compared
from bot.matching.index import Index
from bot.matching.personal import BASE as PERSON_BASE
from bot.matching.personal import PERSON
from bot.matching.score import MATCH, SHOW, weigh
from tests.bench import persons
from tests.bench.labelled import ROOT, arguments, make_analyser, make_index, records, rows

Example = tuple[Compared, bool, float]
"""Two names compared, whether they are the same subject's, and how much the example counts."""

WRONG = 6
"""How many wrong records of each query are learnt from."""

ALIKE = 60
"""How alike, of 100, the letters of two names are at the least that are learnt from as one person's."""


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


def of_persons(analyser: Analyser, data: Path) -> Iterator[Example]:
    """The same of the altered names of persons, of both tasks of that bench, and of invented persons."""
    names, asked = persons.read(data)
    for hard in (False, True):
        task = persons.task(names, asked, hard=hard)
        index = make_index(analyser, task.stored)
        for query in task.asked:
            best = _best(index, query.text, "Person")
            right = max((best.pop(id) for id in query.right if id in best), key=lambda found: found[0], default=None)
            if right and _looks_alike(right[1]):
                yield right[1], True, 1.0
            for _, one in sorted(best.values(), key=lambda found: -found[0])[:WRONG]:
                if not right or one.stored.key != right[1].stored.key:
                    yield one, False, 0.15
    for row in rows(data / "labelled" / "persons_negatives.csv"):
        for _, one in sorted(_best(index, row["full_name"], "Person").values(), key=lambda found: -found[0])[:2]:
            yield one, False, 1.0


def _looks_alike(one: Compared) -> bool:
    """Whether the names are alike at all: another name of a person teaches nothing."""
    asked, stored = (" ".join(sorted(word.written for word in name.words)) for name in (one.asked, one.stored))
    return max(fuzz.ratio(asked, stored), fuzz.token_set_ratio(asked, stored)) >= ALIKE


def _best(index: Index, text: str, schema: str = "") -> dict[str, tuple[float, Compared]]:
    found: dict[str, tuple[float, Compared]] = {}
    readings = index.analyser.readings(text, schema)
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


def fit_near(
    rows: NDArray[np.float64], labels: NDArray[np.float64], counts: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """The same by Newton's method, drawn to the weights that persons have now: some cases are too rare to learn."""
    values = np.hstack([np.ones((len(rows), 1)), rows])
    start = np.array([PERSON_BASE, *PERSON.values()])
    found = start.copy()
    for _ in range(200):
        share = 1 / (1 + np.exp(-values @ found))
        slope = values.T @ (counts * (share - labels)) + (found - start)
        curve = (values * (counts * share * (1 - share))[:, None]).T @ values + np.eye(len(found))
        found -= 0.5 * np.linalg.solve(curve, slope)
        found[1:] = np.minimum(found[1:], -0.3)
    return float(found[0]), found[1:]


def main() -> None:
    options = arguments(__doc__, ("--person", {"action": "store_true"}))
    analyser = make_analyser()
    features = list(PERSON if options.person else COMPANY)
    examples = [
        *of_pairs(analyser, options.data / "labelled" / "name_pairs_dev.csv", person=options.person),
        *of_pairs(analyser, ROOT / "tests" / "hard_pairs.csv", person=options.person),
    ]
    if options.person:
        examples += of_persons(analyser, options.data)
    else:
        examples += of_queries(make_index(analyser, records(options.data)), options.data)
    values = np.array([[feature(one) for feature in features] for one, _, _ in examples])
    labels = np.array([float(label) for _, label, _ in examples])
    base, weights = (fit_near if options.person else fit)(values, labels, np.array([count for _, _, count in examples]))
    print(f"{len(examples)} examples, {int(labels.sum())} matches\nBASE {base:.2f}")
    for feature, weight in zip(features, weights, strict=True):
        print(f"    {feature.__name__}: {weight:.2f},")
    odds = 1 / (1 + np.exp(-(base + values @ weights)))
    for low in np.arange(0, 1, 0.1):
        inside = (odds >= low) & (odds < low + 0.1)
        if inside.any():
            print(f"score {low:.1f}–{low + 0.1:.1f}: {int(inside.sum()):>5}, {labels[inside].mean():.2f} are matches")
    for name, threshold in (("show", SHOW), ("match", MATCH)):
        said = odds >= threshold
        right = float(labels[said].sum())
        precision, recall = right / max(1, int(said.sum())), right / max(1.0, float(labels.sum()))
        print(
            f"{name} {threshold}: precision {precision:.3f}, recall {recall:.3f} (weights as fitted, before what caps a score)"
        )


if __name__ == "__main__":
    main()
