"""Prints how many labelled pairs of names are judged right. Run: python -m tests.bench.pairs [--misses]"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.labelled import ROOT, THRESHOLD, arguments, compare, make_analyser, rows

HARD = ROOT / "tests" / "hard_pairs.csv"


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled pair and the score it gets."""

    row: dict[str, str]
    is_match: bool
    score: float
    reasons: str

    def is_right(self, threshold: float = THRESHOLD) -> bool:
        """Whether the score is on the label's side of the threshold."""
        return (self.score >= threshold) == self.is_match


@dataclass(frozen=True, slots=True)
class Figures:
    """How well the pairs judged the same are the pairs labelled the same."""

    precision: float
    recall: float
    f1: float


def judge(path: Path) -> list[Judged]:
    """Scores all pairs of a file."""
    analyser = make_analyser()
    judged = []
    for row in rows(path):
        score, reasons = compare(analyser, row["name1"], row["name2"], row["schema"])
        judged.append(Judged(row, row["is_match"] == "true", score, reasons))
    return judged


def figures(pairs: Sequence[Judged], threshold: float = THRESHOLD) -> Figures:
    """Precision, recall and F1 at a threshold."""
    said = [one for one in pairs if one.score >= threshold]
    right = sum(one.is_match for one in said)
    labelled = sum(one.is_match for one in pairs)
    precision, recall = right / max(1, len(said)), right / max(1, labelled)
    return Figures(precision, recall, 2 * right / max(1, len(said) + labelled))


def best(pairs: Sequence[Judged]) -> float:
    """The threshold at which F1 is highest."""
    return max({one.score for one in pairs if one.score > 0}, key=lambda threshold: figures(pairs, threshold).f1)


def line(title: str, pairs: Sequence[Judged]) -> None:
    """Prints the figures of some pairs."""
    if not any(one.is_match for one in pairs):
        return
    now, threshold = figures(pairs), best(pairs)
    wrong = sum(not one.is_right() for one in pairs)
    at_best = f"{figures(pairs, threshold).f1:.3f} at {threshold:.3f}"
    print(f"{title:>30} {len(pairs):>4} {wrong:>6} {now.precision:>6.3f} {now.recall:>6.3f} {now.f1:>6.3f}  {at_best}")


def is_human(pair: Judged) -> bool:
    """Whether a person labelled the pair, and not a rule."""
    return not pair.row.get("case_group", "").startswith("synth_")


def _schema(name: str) -> Callable[[Judged], bool]:
    return lambda pair: pair.row["schema"] == name


def table(labelled: Sequence[Judged], hard: Sequence[Judged]) -> None:
    """Prints the figures of all groups of pairs."""
    human = list(filter(is_human, labelled))
    schemas = sorted({one.row["schema"] for one in human})
    print(
        f"{'threshold':>30} {THRESHOLD}\n{'pairs':>30} {'n':>4} {'wrong':>6} {'prec.':>6} {'recall':>6} {'F1':>6}  best F1"
    )
    line("labelled by people", human)
    for schema in schemas:
        line(f"… {schema}", list(filter(_schema(schema), human)))
    line("all", labelled)
    for schema in schemas:
        line(f"… {schema}", list(filter(_schema(schema), labelled)))
    line("hard pairs of our own", hard)


def show(pairs: Sequence[Judged]) -> None:
    """Prints the pairs that are judged wrong, with reasons."""
    for one in (pair for pair in pairs if not pair.is_right()):
        label = "match" if one.is_match else "no match"
        print(
            f"  {one.score:.3f} {label}: {one.row['name1']!r} / {one.row['name2']!r} ({one.row['schema']})  {one.reasons}"
        )


def main() -> None:
    options = arguments(__doc__, ("--misses", {"action": "store_true", "help": "print the pairs judged wrong"}))
    labelled = judge(options.data / "labelled" / "name_pairs_dev.csv")
    hard = judge(HARD) if HARD.exists() else []
    table(labelled, hard)
    strong = [one for one in labelled if one.row["quality"] == "STRONG"]
    print(f"\nSTRONG rows right: {sum(one.is_right() for one in strong)} of {len(strong)}; wrong:")
    show(strong)
    if options.misses:
        for title, pairs in (("labelled by people", list(filter(is_human, labelled))), ("hard pairs", hard)):
            print(f"\nJudged wrong, {title}:")
            show(pairs)


if __name__ == "__main__":
    main()
