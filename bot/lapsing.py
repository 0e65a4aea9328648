"""Lists that died or came back -> what is watched that rests on them. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import outcomes
from bot.changing import Sight, subjects
from bot.monitoring import Watch, Watched
from bot.outcomes import Outcome
from bot.records import Dataset

NAMED = 5
"""How many of a watch's subjects that are on a list are named where it died."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """Datasets of one form that cannot be relied on any more, or (`is_back`) that can be again: as they are now."""

    form: str
    sets: tuple[Dataset, ...]
    is_back: bool


def lapses(before: Iterable[Dataset], after: Iterable[Dataset]) -> list[Lapse]:
    """Which lists died between two moments, and which came back."""
    was = {one.list: one.state for one in before}
    found: dict[tuple[str, bool], list[Dataset]] = {}
    for one in after:
        is_fresh = one.state == "fresh"
        if one.list in was and (was[one.list] == "fresh") != is_fresh:
            found.setdefault((one.form, is_fresh), []).append(one)
    return [Lapse(form, tuple(some), is_back) for (form, is_back), some in found.items()]


@dataclass(frozen=True, slots=True)
class Resting:
    """What of a watch rests on some datasets: how many subjects it has, how many of them are on these lists, how many are on no
    record, and the first that are on them, each with how it stood."""

    watch: Watch
    total: int
    listed: int
    nobody: int
    first: tuple[tuple[Watched, Outcome], ...]

    @property
    def others(self) -> int:
        """How many are on record, and on none of these lists."""
        return self.total - self.listed - self.nobody


def resting(session: Session, watch: Watch, lapse: Lapse, then: Sight) -> Resting | None:
    """What of a watch rested `then` on lists that lapsed; None where nothing did."""
    lists = {one.list for one in lapse.sets}
    total = nobody = 0
    listed = 0
    first: list[tuple[Watched, Outcome]] = []
    for portion, _ in subjects(session, [watch], then):
        for one in portion:
            total += 1
            law = (one.outcome or {}).get("law", ())
            if any(fact["dataset"] in lists for fact in law):
                listed += 1
                if len(first) < NAMED:
                    first.append((one, outcomes.from_json(one.outcome or {})))
            elif (one.outcome or {}).get("status") in outcomes.NOBODY:
                nobody += 1
    counts = any(one.counts for one in lapse.sets)
    return Resting(watch, total, listed, nobody, tuple(first)) if total and (listed or counts) else None
