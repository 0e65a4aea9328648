"""What is watched, each with how it stands today: for lists of watches, and for homes."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.answers import STATUSES, Standing
from bot.dossier import Reading
from bot.monitoring import Watch, Watched
from bot.store import watches

READ = 5_000
"""How many names of a portfolio are read at a time."""

SINGLE = ("entity", "name")
"""Kinds of watches that have one subject."""


@dataclass(frozen=True, slots=True)
class Watching:
    """A watch with how it stands: what is recorded today of the entity it is on (`standing`); of a name, the status when it was
    last looked at (empty: not yet); of a portfolio, how many of its names had which status then, the most serious first."""

    watch: Watch
    standing: Standing | None = None
    status: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def looked_at(self) -> int:
        """How many names of a portfolio have been looked at."""
        return sum(self.counts.values())


def of(session: Session, reading: Reading, some: Sequence[Watch]) -> list[Watching]:
    """These watches, in their order, as they stand by what `reading` may see."""
    single = _single(session, some)
    standings = reading.standings(one.entity_id for one in single.values() if one.entity_id)
    return [_standing(session, one, single.get(one.id), standings) for one in some]


def _single(session: Session, some: Sequence[Watch]) -> dict[str, Watched]:
    """The only subject of each watch that has just one."""
    ids = [one.id for one in some if one.kind in SINGLE]
    return {one.watch_id: one for one in watches.watched(session, ids)}


def _standing(session: Session, one: Watch, subject: Watched | None, standings: Mapping[str, Standing]) -> Watching:
    if one.kind == "portfolio":
        return Watching(one, counts=_counts(session, one))
    if subject is None:
        return Watching(one)
    standing = standings.get(subject.entity_id)
    return Watching(one, standing, standing.status if standing else _status(subject))


def _counts(session: Session, one: Watch) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for some in watches.each_watched(session, [one.id], READ):
        counts.update(filter(None, map(_status, some)))
    return {status: counts[status] for status in STATUSES if counts[status]}


def _status(one: Watched) -> str:
    """The status of a subject when it was last looked at."""
    return str((one.outcome or {}).get("status", ""))


def by_place(some: Sequence[Watch]) -> dict[str, list[Watch]]:
    """Watches by where their alerts go, in the order of the first of each."""
    found: defaultdict[str, list[Watch]] = defaultdict(list)
    for one in some:
        found[one.place].append(one)
    return dict(found)
