"""What a person wants watched → a watch: what their words mean by what is stored; set once, and ended."""

import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot import bearing
from bot.answers import Context, Subject
from bot.dossier import Reading
from bot.errors import UserError
from bot.filters import Filters, OfficialList, as_json, from_json
from bot.freshness import stating
from bot.lookup import Knowledge
from bot.monitoring import Watch, Watched
from bot.ownership import Owner
from bot.questions import naming
from bot.records import Dataset
from bot.store import listings, moments, watches
from bot.store.database import is_free, lock
from bot.wishes import Wish

SHOWN = 6
"""How many of those that are watched an error lists."""

MOST = 1_000
"""Watches of one place: each is looked at whenever anything is loaded. Many names are one portfolio."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be watched: its kind (empty: that is open), what it is called, its target and what it is narrowed to, as a Watch
    has them. It is open where the words are several names (`names`), where they fit several entities equally well (the
    candidates of `subject`), or where whoever they were matched to is not called quite so. `subject` is how it stands now, with
    the nearest names where there is none; `claims` is how many claims speak of a topic; `sets` are the published lists that are
    loaded of what is watched, `absent` the names of those of which none is. `seen` is the moment of what was recorded last when
    this was looked up."""

    kind: str
    label: str
    target: str = ""
    narrowed: Filters = field(default_factory=Filters)
    subject: Subject | None = None
    claims: int = 0
    sets: tuple[Dataset, ...] = ()
    absent: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    seen: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether a person must first say who is meant."""
        return not self.kind


@dataclass(frozen=True, slots=True)
class Added:
    """A watch, and whether it is new: False where the place had it already."""

    watch: Watch
    is_new: bool


def propose(
    session: Session, knowledge: Knowledge, wish: Wish, sees: str, now: datetime, context: Context | None = None
) -> Proposal:
    """What a wish means by what the workspace `sees` may see. Raises UserError for a list or an entity that is not stored, and
    for an "it" where `context` does not tell who that is."""
    reading = Reading(session, sees, None, now.astimezone(UTC).date(), knowledge.required)
    meant = _meant(reading, knowledge, wish, context or Context())
    return replace(meant, seen=moments.newest(session, now))


def _meant(reading: Reading, knowledge: Knowledge, wish: Wish, context: Context) -> Proposal:
    if wish.pointing:
        return _talked_of(reading, context)
    if wish.kind == "entity":
        return _entity(reading, wish.text)
    if wish.kind == "list":
        return _lists(reading, wish.text)
    if wish.kind == "topic":
        return Proposal("topic", wish.text, wish.text, claims=len(knowledge.topics.search(wish.text)))
    return _left_open(reading, knowledge, wish)


def _left_open(reading: Reading, knowledge: Knowledge, wish: Wish) -> Proposal:
    """What words mean that do not say it: an id, a list, whoever is called that, a topic, or a name that is on no record yet."""
    is_plain = not (wish.quoted or wish.kind)
    if is_plain and ":" in wish.text and (standing := reading.standings([wish.text]).get(wish.text)):
        return _entity(reading, standing.entity.id)
    if is_plain and (narrowed := naming.lists(wish.text)):
        return _of_lists(reading, narrowed)
    subject = bearing.called(reading, knowledge, wish.text)
    if subject.standing and (bearing.is_meant(subject) if is_plain else bearing.is_borne(subject)):
        return Proposal("entity", wish.text, subject.standing.entity.id, subject=subject)
    if not is_plain:
        # Who says that it is a name wants it watched whoever turns out to be meant.
        return Proposal("name", wish.text, wish.text, subject=subject)
    if names := bearing.several(reading, knowledge, wish.text):
        return Proposal("", wish.text, names=names)
    if subject.status == "ambiguous":
        return Proposal("", wish.text, subject=subject)
    if knowledge.topics.knows(wish.text) and (found := knowledge.topics.search(wish.text)):
        return Proposal("topic", wish.text, wish.text, claims=len(found))
    if subject.standing:
        return Proposal("", wish.text, subject=subject)
    return Proposal("name", wish.text, wish.text, subject=subject)


def meant(session: Session, knowledge: Knowledge, said: str, sees: str, now: datetime) -> tuple[str, ...]:
    """The ids of the records of whoever is meant by a name, by what the workspace `sees` may see; none where that is nobody."""
    reading = Reading(session, sees, None, now.astimezone(UTC).date(), knowledge.required)
    subject = bearing.called(reading, knowledge, said)
    return subject.standing.records if subject.standing and bearing.is_meant(subject) else ()


def _entity(reading: Reading, id: str) -> Proposal:
    standing = reading.standings([id]).get(id)
    if standing is None:
        raise UserError(
            f"There is no stored entity with the id {id}; “All sources” of an answer, and ask --json, show ids."
        )
    name = standing.entity.name
    subject = Subject(name, standing.status, standing.contested, standing.named, standing)
    return Proposal("entity", name, standing.entity.id, subject=subject)


def _talked_of(reading: Reading, context: Context) -> Proposal:
    ids = [id for _, some in context.subjects for id in some]
    if len(ids) != 1:
        raise UserError("Say whom to watch by the name.")
    return _entity(reading, ids[0])


def _lists(reading: Reading, said: str) -> Proposal:
    """Lists by the names that people have for them, by their own, or by that of their dataset."""
    if narrowed := naming.lists(said) or naming.lists(f"{said} list"):
        return _of_lists(reading, narrowed)
    sets = [one for one in reading.coverage if said.casefold() in (one.list, one.title.casefold())]
    if sets:
        return _of_lists(reading, Filters(datasets=tuple(one.list for one in sets)), sets[0].title)
    words = [word for word in said.casefold().split() if word not in ("the", "list")]
    if names := listings.called(reading.session, words, reading.workspace, None) if words else []:
        one = OfficialList(said, (), tuple(name.lower() for name in names))
        return _of_lists(reading, Filters(lists=(one,)))
    raise UserError(
        f"No stored list is called {said}. Say for instance SDN, Entity List, EU, UK or UN; a name goes in quotation marks."
    )


def _of_lists(reading: Reading, narrowed: Filters, label: str = "") -> Proposal:
    label = label or ", ".join((*(one.label for one in narrowed.lists), *narrowed.nationals))
    sets, absent = stating(reading.session, reading.workspace, narrowed, reading.coverage)
    return Proposal("list", label, narrowed=narrowed, sets=sets, absent=absent)


def add(session: Session, proposal: Proposal, where: Owner, by: str, now: datetime) -> Added:
    """Has something be watched from `now` on. What was recorded since it was looked up, or is at this moment, is still told. The
    same thing in the same place is one watch, also where the words differ.

    Raises UserError where it is still open who is meant, or the place watches too much.
    """
    if proposal.is_open:
        raise UserError(f"{proposal.label} may mean more than one thing: say which one is meant.")
    lock(session, f"watch:{where.workspace}")
    there = of(session, where)
    if same := next((one for one in there if _is_same(one, proposal)), None):
        return Added(same, False)
    narrowed = as_json(proposal.narrowed)
    kind, label, target = proposal.kind, proposal.label, proposal.target
    since = _since(session, proposal.seen, now)
    one = new(session, where, kind, label, by, since, target=target, narrowed=narrowed, beside=len(there))
    watches.add(session, one, _subjects(proposal), now)
    return Added(one, True)


def _since(session: Session, seen: datetime | None, now: datetime) -> datetime:
    """From when on changes are told to whoever saw what was recorded up to a moment: from now on, or from that moment on where
    more was recorded since, or is at this moment, with a time before now and for who knows how long."""
    is_quiet = is_free(session, "records")
    newest = moments.newest(session, now)
    if is_quiet and newest == seen:
        return max(now, seen or now)
    # Nothing is recorded for longer than a day.
    return max(seen or now - moments.DAY, now - moments.DAY)


def new(
    session: Session,
    where: Owner,
    kind: str,
    label: str,
    by: str,
    now: datetime,
    *,
    target: str = "",
    narrowed: dict[str, object] | None = None,
    size: int = 0,
    beside: int = 0,
) -> Watch:
    """A watch with an id of its own, which is not kept yet, in a place that has others `beside` it."""
    if beside >= MOST:
        raise UserError(
            f"{MOST:,} things are watched here already, which is the most; many names are watched as one portfolio."
        )
    return Watch(
        free_id(session),
        where.workspace,
        kind,
        label,
        by,
        now,
        channel=where.channel,
        user=where.user,
        target=target,
        narrowed=narrowed or {},
        size=size,
    )


def free_id(session: Session) -> str:
    """An id that no watch has: short as long as there are few, to be said and typed."""
    sizes = (digits for digits in range(2, 16) for _ in range(4))
    return next(id for id in (f"w-{secrets.token_hex(size)}" for size in sizes) if not watches.is_taken(session, id))


def _subjects(proposal: Proposal) -> Iterator[Watched]:
    if proposal.kind == "entity":
        standing = proposal.subject.standing if proposal.subject else None
        name = standing.entity.name if standing else proposal.label
        yield Watched(0, "", 1, name, entity_id=proposal.target)
    elif proposal.kind == "name":
        yield Watched(0, "", 1, proposal.target)


def _is_same(one: Watch, proposal: Proposal) -> bool:
    if one.kind != proposal.kind:
        return False
    if one.kind == "list":
        return from_json(one.narrowed) == proposal.narrowed
    if one.kind == "entity":
        standing = proposal.subject.standing if proposal.subject else None
        return one.target in (proposal.target, *(standing.records if standing else ()))
    return one.target.casefold() == proposal.target.casefold()


def of(session: Session, where: Owner) -> list[Watch]:
    """What is watched there, the oldest first."""
    if where.place:
        return watches.of_place(session, where.workspace, where.place)
    return [one for one in watches.active(session, where.workspace) if not one.place]


def end(
    session: Session, said: str, places: Sequence[Owner], by: str, now: datetime, records: Collection[str] = ()
) -> list[Watch]:
    """Ends what is meant by an id, by what a watch is called, or by `all`, in the first of these places that watches it; where
    none does, what is on the entity that has these `records`.

    Gives out the watches as they were. Raises UserError, which lists what is watched, where there is none.
    """
    there = [of(session, where) for where in places]
    called = [[one for one in some if _is_meant(one, said)] for some in there]
    on = [[one for one in some if one.kind == "entity" and one.target in records] for some in there]
    ended = [one for one in next(filter(None, called + on), []) if watches.end(session, one.id, by, now)]
    if not ended:
        raise UserError(_not_watched(said, [one for some in there for one in some]))
    return ended


def _is_meant(one: Watch, said: str) -> bool:
    wanted = " ".join(said.split()).casefold()
    if wanted in ("all", "everything", "*") or wanted in (one.id, one.label.casefold(), one.target.casefold()):
        return bool(wanted)
    return one.kind == "list" and from_json(one.narrowed) in (naming.lists(said), naming.lists(f"{said} list"))


def _not_watched(said: str, some: Sequence[Watch]) -> str:
    if not some:
        return "Nothing is watched here."
    shown = "; ".join(f"{one.id} {one.label}" for one in some[:SHOWN])
    more = f"; and {len(some) - SHOWN:,} more" if len(some) > SHOWN else ""
    what = f"{said.strip()} is not watched here" if said.strip() else "Say what is to be watched no longer"
    return f"{what}. These are: {shown}{more}."
