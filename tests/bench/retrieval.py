"""Prints how often the right company of 16,228 is found. Run: python -m tests.bench.retrieval [--misses KIND] [--skip-rivals]"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.bench.labelled import (
    RATE,
    RIVALS,
    THRESHOLD,
    Finder,
    Outcome,
    arguments,
    ask,
    ours,
    over,
    recall,
    records,
    rival,
    rows,
    show_miss,
    threshold_at,
    timed,
)

PERTURBED = (
    *("drop_legal", "drop_city_or_group", "typo1", "typo2", "reorder", "abbreviate", "concat", "split_token"),
    *("lower_nopunct", "brand_only", "first_two_tokens", "combo_lower_drop_typo", "translit_variant"),
)
ACRONYMS = ("acronym", "city_acronym")
ALIASES = ("alias_LOO_close(>=80)", "alias_LOO_mid(50-80)")
CHINESE = ("chinese_alias_LOO(no Han stored)",)
OTHERS = ("alias_LOO_far(<50)", "cyrillic_alias_LOO", "chinese_alias_short(stored)")
KINDS = (*PERTURBED, *ACRONYMS, *ALIASES, *OTHERS, *CHINESE)
TOTALS = {
    "all perturbed": PERTURBED,
    "all acronyms": ACRONYMS,
    "unstored aliases, close + mid": ALIASES,
    "Chinese, none stored": CHINESE,
    "all": KINDS,
}


def outcomes(find: Finder, queries: Iterable[dict[str, str]]) -> list[Outcome]:
    """Asks a method for every query."""
    return [ask(find, row["name"], row["kind"], frozenset((row["expected"],))) for row in queries]


def misses(data: Path, find: Finder, kind: str) -> None:
    """Prints the queries of the kinds that hold this word whose record is not first or not over the threshold."""
    names = {row["id"]: row["name"] for row in rows(data / "labelled" / "retrieval" / "records.csv")}
    queries = [row for row in _queries(data) if kind == "all" or kind in row["kind"]]
    missed = 0
    for row, one in zip(queries, outcomes(find, queries), strict=True):
        if one.rank != 1 or one.score < THRESHOLD:
            missed += 1
            show_miss(one, f"{row['expected']} {names[row['expected']]!r}")
    print(f"\n{missed} of {len(queries)} missed or under {THRESHOLD}")


def negative_misses(data: Path, find: Finder) -> None:
    """Prints the invented companies that match somebody."""
    for name in _negatives(data):
        one = ask(find, name, "negative", frozenset())
        if one.score >= THRESHOLD:
            show_miss(one, "nobody")


def _queries(data: Path) -> list[dict[str, str]]:
    return rows(data / "labelled" / "retrieval" / "queries_dev.csv")


def _negatives(data: Path) -> list[str]:
    return [row["name"] for row in rows(data / "labelled" / "retrieval" / "negatives_dev.csv")]


def measure(data: Path, methods: dict[str, Finder]) -> None:
    """Prints the table of all kinds and methods."""
    scores: dict[str, list[float]] = {}
    for name, find in methods.items():
        found, taken = timed(find, _negatives(data))
        scores[name] = [one[0].score if one else 0.0 for one in found]
        print(f"{name}: {taken} a name")
    thresholds = {name: threshold_at(RATE, negatives) for name, negatives in scores.items()}
    asked = {name: outcomes(find, _queries(data)) for name, find in methods.items()}
    print(f"\n@1, @5: the right record first, among five; over: first and over {THRESHOLD} (ours only);")
    print(f"at {RATE:.0%}: first and over the threshold that {RATE:.0%} of the negatives pass\n")
    print(f"{'':>34} {'':>4}", *(f"{name:^24}" for name in methods))
    print(f"{'kind':>34} {'n':>4}", *(f"{'@1':>5} {'@5':>5} {'over':>5} {f'at {RATE:.0%}':>6}" for _ in methods))
    for title, kinds in ({kind: (kind,) for kind in KINDS} | TOTALS).items():
        _line(title, [_of(one, kinds) for one in asked.values()], list(thresholds.values()))
    print()
    for name, negatives in scores.items():
        matched = f", {over(negatives, THRESHOLD)} match over {THRESHOLD}" if name == "ours" else ""
        print(f"{name}: {len(negatives)} negatives{matched}; {RATE:.0%} of them pass {thresholds[name]:.3f}")


def _of(asked: Iterable[Outcome], kinds: Sequence[str]) -> list[Outcome]:
    return [one for one in asked if one.kind in kinds]


def _line(title: str, asked: Sequence[Sequence[Outcome]], thresholds: Sequence[float]) -> None:
    cells = []
    for number, (one, threshold) in enumerate(zip(asked, thresholds, strict=True)):
        passed = "–" if number else f"{recall(one, 1, THRESHOLD):.2f}"
        cells.append(f"{recall(one):>5.2f} {recall(one, 5):>5.2f} {passed:>5} {recall(one, 1, threshold):>6.2f}")
    print(f"{title:>34} {len(asked[0]):>4}", *cells)


def main() -> None:
    options = arguments(
        __doc__,
        (
            "--misses",
            {"metavar": "KIND", "help": "print the misses of the kinds that hold this word, `all`, `negatives`"},
        ),
        ("--skip-rivals", {"action": "store_true"}),
    )
    stored = list(records(options.data))
    find = ours(stored)
    if options.misses == "negatives":
        negative_misses(options.data, find)
    elif options.misses:
        misses(options.data, find, options.misses)
    else:
        rivals = {} if options.skip_rivals else {name: rival(scorer, stored) for name, scorer in RIVALS.items()}
        measure(options.data, {"ours": find} | rivals)


if __name__ == "__main__":
    main()
