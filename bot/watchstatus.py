"""What is watched, each with how it stands today: for lists of watches, and for homes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.answers import STATUSES, Standing
from bot.dossier import Reading
from bot.filters import from_json
from bot.freshness import stating
from bot.monitoring import Watch, Watched
from bot.outcomes import NOBODY
from bot.records import PUBLIC, Dataset
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
    last looked at (empty: not yet); of a portfolio, how many of its names had which status then, the most serious first. Whether
    nothing found says anything is as of today; where it does not, `searched` is what was searched, and how fresh that is. Of a
    list, `sets` are the published lists that are loaded of it, `absent` the names of those of which none is."""

    watch: Watch
    standing: Standing | None = None
    status: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    searched: tuple[Dataset, ...] = ()
    sets: tuple[Dataset, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def looked_at(self) -> int:
        """How many names of a portfolio have been looked at."""
        return sum(self.counts.values())


def of(session: Session, reading: Reading, some: Sequence[Watch]) -> list[WatchStatus]:
    """These watches, in their order, as they stand by what `reading` may see."""
    single = _single(session, some)
    standings = reading.standings(one.entity_id for one in single.values() if one.entity_id)
    return [_standing(reading, one, single.get(one.id), standings) for one in some]


def _single(session: Session, some: Sequence[Watch]) -> dict[str, Watched]:
    """The only subject of each watch that has just one."""
    ids = [one.id for one in some if one.kind in SINGLE]
    return {one.watch_id: one for one in watches.watched(session, ids)}


def _standing(reading: Reading, one: Watch, subject: Watched | None, standings: Mapping[str, Standing]) -> WatchStatus:
    if one.kind == "list":
        sets, absent = stating(reading.session, reading.workspace, from_json(one.narrowed), reading.coverage)
        return WatchStatus(one, sets=sets, absent=absent)
    if one.kind == "portfolio":
        counts = _counts(reading, one)
        return WatchStatus(one, counts=counts, searched=_searched(reading, counts))
    if subject is None:
        return WatchStatus(one)
    standing = standings.get(subject.entity_id)
    status = standing.status if standing else _status(subject, reading)
    return WatchStatus(one, standing, status, searched=() if standing else _searched(reading, [status]))


def _searched(reading: Reading, statuses: Collection[str]) -> tuple[Dataset, ...]:
    return reading.coverage if "cannot_say" in statuses else ()


def _counts(reading: Reading, one: Watch) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for some in watches.each_watched(reading.session, [one.id], READ):
        counts.update(filter(None, (_status(each, reading) for each in some)))
    return {status: counts[status] for status in STATUSES if counts[status]}


def _status(one: Watched, reading: Reading) -> str:
    """The status of a subject when it was last looked at; empty where who sees only what everybody does may not hear of it."""
    made = one.outcome or {}
    if reading.workspace == PUBLIC and made.get("seen_as") != PUBLIC:
        return ""
    status = str(made.get("status", ""))
    if status not in NOBODY:
        return status
    # Sources die and come back without anything of the subject being looked at anew.
    return "no_record" if reading.silence_counts else "cannot_say"


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
