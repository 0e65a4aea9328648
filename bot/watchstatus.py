"""What is watched, each with how it stands today: for lists of watches, and for homes."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.answers import STATUSES, Standing
from bot.dossier import Reading
from bot.monitoring import Watch, Watched
from bot.records import PUBLIC
from bot.store import receipts, watches
from bot.store.receipts import Asked

READ = 5_000
"""How many names of a portfolio are read at a time."""

LOOKED_THROUGH = 500
"""How many of a workspace's newest receipts are looked through for those of one person."""

SINGLE = ("entity", "name")
"""Kinds of watches that have one subject."""


@dataclass(frozen=True, slots=True)
class WatchStatus:
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


def of(session: Session, reading: Reading, some: Sequence[Watch]) -> list[WatchStatus]:
    """These watches, in their order, as they stand by what `reading` may see."""
    single = _single(session, some)
    standings = reading.standings(one.entity_id for one in single.values() if one.entity_id)
    return [_standing(session, reading.workspace, one, single.get(one.id), standings) for one in some]


def _single(session: Session, some: Sequence[Watch]) -> dict[str, Watched]:
    """The only subject of each watch that has just one."""
    ids = [one.id for one in some if one.kind in SINGLE]
    return {one.watch_id: one for one in watches.watched(session, ids)}


def _standing(
    session: Session, sees: str, one: Watch, subject: Watched | None, standings: Mapping[str, Standing]
) -> WatchStatus:
    if one.kind == "portfolio":
        return WatchStatus(one, counts=_counts(session, one, sees))
    if subject is None:
        return WatchStatus(one)
    standing = standings.get(subject.entity_id)
    return WatchStatus(one, standing, standing.status if standing else _status(subject, sees))


def _counts(session: Session, one: Watch, sees: str) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for some in watches.each_watched(session, [one.id], READ):
        counts.update(filter(None, (_status(each, sees) for each in some)))
    return {status: counts[status] for status in STATUSES if counts[status]}


def _status(one: Watched, sees: str) -> str:
    """The status of a subject when it was last looked at; empty where who sees only what everybody does may not hear of it."""
    made = one.outcome or {}
    return str(made.get("status", "")) if sees != PUBLIC or made.get("seen_as") == PUBLIC else ""


def asked(session: Session, workspace: str, user: str) -> list[Asked]:
    """What somebody asked lately, the newest first."""
    return receipts.asked_by(session, workspace, user, LOOKED_THROUGH)


def of_channels(session: Session, workspace: str, user: str, lately: Sequence[Asked] | None = None) -> list[Watch]:
    """What channels watch that are somebody's own: where they asked lately (`lately`, where that is known already), or set
    something. Of others, what they watch is not theirs to see: we do not know who may."""
    spoken_in = {one.channel for one in (asked(session, workspace, user) if lately is None else lately)}
    some = [one for one in watches.active(session, workspace) if one.channel]
    own = spoken_in | {one.channel for one in some if one.set_by == user}
    return [one for one in some if one.channel in own]


def by_place(some: Sequence[Watch]) -> dict[str, list[Watch]]:
    """Watches by where their alerts go, in the order of the first of each."""
    found: defaultdict[str, list[Watch]] = defaultdict(list)
    for one in some:
        found[one.place].append(one)
    return dict(found)
