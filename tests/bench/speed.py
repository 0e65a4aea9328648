"""Prints what matching costs and finds, beside what others would use, by number of names. Run: python -m tests.bench.speed"""

import argparse
import gc
import heapq
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from random import Random

from rapidfuzz import fuzz

from bot import mentions, questions
from bot.matching import building, columns, words
from bot.matching.analysis import Analyser
from bot.matching.index import Asked, Index, Match
from bot.matching.name import Name
from bot.matching.score import SHOW, compare
from bot.matching.segment import Segment
from bot.matching.topics import Topics
from bot.records import IndexedName
from tests.bench.made_names import MadeName, ask, make, question, typo
from tests.bench.rivals import TOP, WRATIO, Engine, Found, Fuzzy, Rival, interleave, osa, rivals

FINE_LIMIT = 20_000
"""Up to so many names our own scorer is run over all of them to see what the candidates lose; it takes some 25 µs a name."""


class Ours:
    """The engine under test: names are written once to a folder, which each process opens."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "0-1-made.names"
        self.analyser = Analyser(words.load())
        self.topics = Topics(self.analyser, ())

    def build(self, names: Sequence[MadeName]) -> None:
        stored = (IndexedName(one.id, one.value, one.kind, schema=one.entity_kind) for one in names)
        columns.write(self.file, building.build(self.analyser, stored))

    def open(self) -> None:
        self.index = Index(self.analyser, [Segment(columns.read(self.file), self.analyser)])

    def candidates(self, text: str) -> list[Found]:
        asked = Asked(self.analyser, text)
        entries = self.index.candidates((*asked.firms, *asked.persons))
        return [(segment.entity(place), segment.value(place)) for segment, place in entries]

    def readings(self, text: str) -> dict[str, Name]:
        """What a query is as a person's name, and as any other."""
        return {"": self.analyser.analyse(text), "Person": self.analyser.analyse(text, "Person")}

    def match(self, text: str) -> list[Match]:
        return self.index.match(text)

    def question(self, text: str) -> list[Found]:
        asked = questions.read(text, date(2026, 11, 23))
        found = mentions.find(self.index, self.topics, asked).names
        return [(one.entity_id, one.name) for mention in found for one in mention.matches]

    def screen(self, texts: Sequence[str], workers: int) -> None:
        """Matches all texts, in so many processes."""
        parts = [texts[start::workers] for start in range(workers)]
        processes = [get_context("fork").Process(target=self._screen, args=(part,)) for part in parts]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
            assert process.exitcode == 0

    def _screen(self, texts: Sequence[str]) -> None:
        for text in texts:
            self.match(text)


class Fine:
    """Our scorer without our candidates: every name is compared. What it finds beyond ours, the candidates have lost."""

    name = "our scorer, all"

    def __init__(self, ours: Ours, names: Sequence[MadeName]) -> None:
        self.ours, self.names = ours, names

    def build(self, values: Sequence[str]) -> None:
        pairs = zip(values, self.names, strict=True)
        self.analysed = [self.ours.analyser.analyse(value, one.entity_kind) for value, one in pairs]

    def search(self, text: str) -> list[int]:
        asked = self.ours.readings(text)
        best: dict[str, tuple[float, str, int]] = {}
        for place, (name, stored) in enumerate(zip(self.names, self.analysed, strict=True)):
            score = compare(asked.get(name.entity_kind, asked[""]), stored, name.kind).value
            if score >= SHOW:
                found = (-score, name.id, place)
                best[name.id] = min(found, best.get(name.id, found))
        return [place for _, _, place in heapq.nsmallest(TOP, best.values())]


@dataclass(frozen=True)
class Query:
    """A query and the name that was meant."""

    text: str
    name: MadeName

    def is_found(self, found: Sequence[Found]) -> bool:
        """Whether the entity is there, or one that bears the same name."""
        return any(id == self.name.id or value == self.name.value for id, value in found)

    def is_named(self, found: Sequence[Found]) -> bool:
        """Whether the name itself is there."""
        return any(value == self.name.value for _, value in found)


def recall(engine: Engine, brute: Engine, asked: Sequence[Query]) -> str:
    """Of the queries whose entity is among the first ten by brute force, the share that the engine finds."""
    both = zip(asked, engine.found, brute.found, strict=False)
    hits = [one.is_found(found) for one, found, all_compared in both if one.is_found(all_compared)]
    return f"{sum(hits) / len(hits):.3f}" if hits else "–"


def noisy(names: Sequence[MadeName], count: int, rng: Random) -> list[Query]:
    return [Query(ask(one.value, rng), one) for one in rng.sample(names, min(count, len(names)))]


def mistyped(names: Sequence[MadeName], count: int, rng: Random) -> list[Query]:
    """Single words of five to eight letters with one mistyping each."""
    single = [one for one in names if re.fullmatch("[A-Z][a-z]{4,7}", one.value)]
    return [Query(typo(one.value, rng), one) for one in rng.sample(single, min(count, len(single)))]


def asking(names: Sequence[MadeName], count: int, rng: Random) -> list[str]:
    """Questions of ten words about one or two names."""
    chosen = [rng.sample(names, rng.choice((1, 2))) for _ in range(count)]
    return [question([one.value for one in some], rng) for some in chosen]


def private() -> float:
    """The memory of this process that it shares with nobody, in MB."""
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty"))) / 1024


def be_a_child(folder: Path) -> None:
    """What processes of the bot do: open the index, answer, screen; prints seconds, memory (MB) and names a second."""
    texts = sys.stdin.read().splitlines()
    ours = Ours(folder)
    memory = [private()]
    started = time.perf_counter()
    ours.open()
    seconds = time.perf_counter() - started
    memory.append(private())
    for text in texts[: len(texts) // 3]:
        ours.match(text)
    memory.append(private())
    rates = [screening(ours, texts[len(texts) // 3 :], workers) for workers in (1, 2)]
    print(json.dumps([seconds, *memory, *rates]))


def screening(ours: Ours, texts: Sequence[str], workers: int) -> float:
    started = time.perf_counter()
    ours.screen(texts, workers)
    return len(texts) / (time.perf_counter() - started)


def child(folder: Path, asked: Sequence[Query]) -> str:
    """The figures of a process that has nothing but the index: two thirds of the queries are for screening."""
    command = [sys.executable, "-m", "tests.bench.speed", "--opened", str(folder)]
    texts = "\n".join(one.text for one in asked)
    done = subprocess.run(command, input=texts, stdout=subprocess.PIPE, text=True, check=True)
    seconds, before, idle, answering, one_core, two_cores = json.loads(done.stdout)
    return (
        f"start-up {seconds:.3f} s; private memory {before:.0f} MB before opening, +{idle - before:.1f} idle,"
        f" +{answering - before:.1f} after {len(asked) // 3} queries; screening {one_core:.0f} names/s on one core,"
        f" {two_cores:.0f} on two"
    )


def build(ours: Ours, names: Sequence[MadeName], folder: Path) -> str:
    started = time.perf_counter()
    ours.build(names)
    seconds = time.perf_counter() - started
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return f"built in {seconds:.2f} s, {size / len(names):.0f} bytes a name on disk"


def others(some: Sequence[Rival], names: Sequence[MadeName], patience: float) -> Iterator[Engine]:
    """Rivals that know all names, as engines; says how long each took to get to know them."""
    for rival in some:
        started = time.perf_counter()
        rival.build([one.value for one in names])
        print(f"  {rival.name} built in {time.perf_counter() - started:.1f} s")

        def search(text: str, rival: Rival = rival) -> list[Found]:
            return [(names[place].id, names[place].value) for place in rival.search(text)]

        yield Engine(rival.name, search, patience)


def own(folder: Path) -> list[Engine]:
    """Ours as engines, each with an index of its own: what one remembers is of no use to another."""
    first, second, third = Ours(folder), Ours(folder), Ours(folder)
    for ours in (first, second, third):
        ours.open()

    def ranked(text: str) -> list[Found]:
        return [(one.entity_id, one.name) for one in first.match(text)][:TOP]

    return [
        Engine("ours: name, with reasons", ranked),
        Engine("ours: candidates only", second.candidates),
        Engine("ours: ten-word question", third.question),
    ]


def table(engines: Sequence[Engine], brutes: Sequence[Engine], asked: Sequence[Query], words: dict[str, str]) -> None:
    wratio = next((one for one in engines if one.name == WRATIO), None)
    heads = "".join(f"{brute.name.replace('rapidfuzz ', ''):>17}" for brute in brutes)
    print(f"{'':26}{'queries':>8}{'p50 ms':>10}{'p99 ms':>10}{'x faster':>10}{heads}{'mistyped word':>15}")
    for one in engines:
        faster = f"{one.times_faster(wratio):.1f}" if wratio else "–"
        shares = "".join(f"{recall(one, brute, asked):>17}" for brute in brutes)
        timing = f"{len(one.taken):>8}{one.quantile(0.5):>10.2f}{one.quantile(0.99):>10.2f}{faster:>10}"
        print(f"{one.name:26}{timing}{shares}{words.get(one.name, '–'):>15}")


def one_size(names: Sequence[MadeName], queries: int, some: Sequence[Rival], patience: float) -> None:
    rng = Random(2)
    asked, short = noisy(names, queries, rng), mistyped(names, queries, rng)
    entities = len({one.id for one in names})
    print(f"\n{len(names):,} names of {entities:,} entities; load average {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = Ours(folder)
        built = build(ours, names, folder)
        exact = Fine(ours, names) if len(names) <= FINE_LIMIT else Fuzzy("rapidfuzz ratio", fuzz.ratio)
        brutes = list(others([exact, osa()], names, patience))
        rest = list(others(some, names, patience))
        # What this program itself keeps is not to be gone through again and again by the garbage collector.
        gc.freeze()
        full, candidates, in_question = own(folder)
        engines = [full, candidates, *brutes, *rest]
        interleave(engines, [one.text for one in asked])
        again = [one.again() for one in (candidates, *rest)]
        interleave(again, [one.text for one in short])
        interleave([in_question], asking(names, queries, rng))
        print(f"  ours {built}, {child(folder, noisy(names, 3 * queries, rng))}")
    print(f"  load average {os.getloadavg()[0]:.1f} at the end; recall@10 of what is found by comparing all with:")
    named = {one.name: _share(one, short) for one in again}
    references = [*brutes, *(one for one in rest if one.name == WRATIO)]
    table([candidates, full, *brutes, *rest], references, asked, named)
    p50, p99 = in_question.quantile(0.5), in_question.quantile(0.99)
    print(f"{in_question.name:26}{len(in_question.taken):>8}{p50:>10.2f}{p99:>10.2f}")


def _share(engine: Engine, asked: Sequence[Query]) -> str:
    hits = [one.is_named(found) for one, found in zip(asked, engine.found, strict=False)]
    return f"{sum(hits) / len(hits):.3f}" if hits else "–"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", default="10000,100000,1000000", help="how many, by commas")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--rivals", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--patience", type=float, default=20, help="seconds after which a rival is asked no more")
    parser.add_argument("--opened", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.opened:
        be_a_child(given.opened)
        return
    for count in map(int, given.names.split(",")):
        beside: AbstractContextManager[list[Rival]] = rivals() if given.rivals else nullcontext([])
        with beside as some:
            one_size(list(make(count)), given.queries, some, given.patience)


if __name__ == "__main__":
    main()
