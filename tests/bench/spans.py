"""Prints how often names are seen and understood in questions. Run: python -m tests.bench.spans [--misses]"""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median

from bot.matching.index import Index
from tests.bench.labelled import THRESHOLD, Found, Spotted, arguments, built, records, spot

FOLDER = Path(__file__).parent
FILES = {"questions": "questions_names.tsv", "written blind, after the code": "questions_names_blind.tsv"}
TODAY = date(2024, 6, 1)

_END = re.compile(
    r"[\s,.;:!?()]*(?:\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|l\.l\.c|plc|pte|pvt|gmbh|ooo|jsc"
    r"|oy|ou|fzco|dmcc|s\.a|s\.r\.l)\b|(?:股份|責任|责任)?有限公司|公司)?[\s,.;:!?()？！]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """A name in a question and the records it means."""

    text: str
    right: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the names it mentions, in its order."""

    question: str
    names: tuple[Expected, ...]


@dataclass(slots=True)
class Read:
    """How a question was read: for each expected name what was seen in its place, and what else was."""

    asked: Asked
    seen: list[tuple[Expected, Spotted | None]] = field(default_factory=list)
    spurious: list[Spotted] = field(default_factory=list)

    def is_right(self) -> bool:
        """Whether everything was seen and understood, and nothing else."""
        return not self.spurious and all(is_exact(*one) and is_resolved(*one) for one in self.seen)


def load(file: str) -> list[Asked]:
    """The questions of a table."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return [_asked(line) for line in lines if line and not line.startswith("#")]


def _asked(line: str) -> Asked:
    question, names, ids = [*line.split("\t"), "", ""][:3]
    pairs = zip(names.split("|"), ids.split("|"), strict=True) if names else ()
    return Asked(question, tuple(Expected(name, frozenset(right.split(","))) for name, right in pairs))


def bare(text: str) -> str:
    """A name in small letters without the legal forms and the punctuation at its end."""
    shorter = _END.sub("", text.casefold().strip())
    return shorter if shorter == text or not shorter else bare(shorter)


def is_exact(expected: Expected, seen: Spotted | None) -> bool:
    """Whether the words of the name were seen, no more and no less."""
    return seen is not None and bare(seen.text) == bare(expected.text)


def is_resolved(expected: Expected, seen: Spotted | None, threshold: float = THRESHOLD) -> bool:
    """Whether a right record comes first, over a threshold."""
    first = _first(seen)
    return first is not None and first.entity_id in expected.right and first.score >= threshold


def _first(seen: Spotted | None) -> Found | None:
    return seen.found[0] if seen and seen.found else None


def read(index: Index, asked: Asked) -> Read:
    """Reads a question, and lays what was seen beside what was expected."""
    text, spotted = spot(index, asked.question, TODAY)
    result, left, place = Read(asked), list(spotted), 0
    for name in asked.names:
        start = max(place, text.casefold().find(name.text.casefold(), place))
        place = start + len(name.text)
        over = [one for one in left if one.start < place and start < one.end]
        # Of several that lie on one name, the longest counts as the attempt at it.
        best = max(over, key=lambda one: min(one.end, place) - max(one.start, start), default=None)
        result.seen.append((name, best))
        left = [one for one in left if one is not best]
    result.spurious = left
    return result


def figures(results: Sequence[Read], seconds: Sequence[float]) -> None:
    """Prints the figures."""
    seen = [one for result in results for one in result.seen]
    spurious = [one for result in results for one in result.spurious]
    known = sum(bool(one.found) and one.found[0].score >= THRESHOLD for one in spurious)
    print(
        f"{len(results)} questions, {len(seen)} names; median {median(seconds) * 1000:.0f} ms, most {max(seconds):.2f} s"
    )
    for title, right in (
        ("exact spans", sum(is_exact(*one) for one in seen)),
        ("right record first", sum(is_resolved(*one, threshold=0.0) for one in seen)),
        (f"right record first, over {THRESHOLD}", sum(is_resolved(*one) for one in seen)),
    ):
        print(f"{title:>32} {right:>4} of {len(seen)}  {right / len(seen):.3f}")
    print(f"{'spurious mentions':>32} {len(spurious):>4}, {known} of them of stored names")
    print(f"{'questions wholly right':>32} {sum(one.is_right() for one in results):>4} of {len(results)}")


def misses(results: Iterable[Read]) -> None:
    """Prints the questions not read right."""
    for result in (one for one in results if not one.is_right()):
        print(f"\n{result.asked.question}")
        for name, seen in result.seen:
            if not (is_exact(name, seen) and is_resolved(name, seen)):
                print(f"    expected {name.text!r} {','.join(sorted(name.right))}, saw {_told(seen)}")
        for one in result.spurious:
            print(f"    spurious {_told(one)}")


def _told(seen: Spotted | None) -> str:
    first = _first(seen)
    meant = f"{first.score:.3f} {first.entity_id} {first.name!r} {first.reasons}" if first else "nobody"
    return f"{seen.text!r} → {meant}" if seen else "nothing"


def main() -> None:
    options = arguments(__doc__, ("--misses", {"action": "store_true", "help": "print the questions not read right"}))
    index = built(records(options.data))
    for title, file in FILES.items():
        results, seconds = [], []
        for asked in load(file):
            started = time.perf_counter()
            results.append(read(index, asked))
            seconds.append(time.perf_counter() - started)
        print(f"\n{title}: ", end="")
        figures(results, seconds)
        if options.misses:
            misses(results)


if __name__ == "__main__":
    main()
