"""What a person wants watched → a watch: what their words mean by what is stored; set once, and ended."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot import lookup, screening
from bot.answers import Context, Subject
from bot.dossier import Reading
from bot.errors import UserError
from bot.filters import Filters, OfficialList, as_json, from_json
from bot.lookup import Knowledge
from bot.monitoring import Watch, Watched
from bot.questions import naming
from bot.screening import Asked
from bot.store import listings, watches
from bot.store.database import lock
from bot.watchers import Where
from bot.wishes import Wish

SHOWN = 6
"""How many of those that are watched an error lists."""

MOST = 1_000
"""Watches of one place: each is looked at whenever anything is loaded. Many names are one portfolio."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be watched: its kind (empty: the words fit several entities equally well, the candidates of `subject`), what it
    is called, its target and what it is narrowed to, as a Watch has them. `subject` is how it stands now, with the nearest names
    where there is none; `claims` is how many claims speak of a topic; `is_loaded` whether any stored list is meant."""

    kind: str
    label: str
    target: str = ""
    narrowed: Filters = field(default_factory=Filters)
    subject: Subject | None = None
    claims: int = 0
    is_loaded: bool = True

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
    if wish.pointing:
        return _talked_of(reading, context or Context())
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
    subject = _called(reading, knowledge, wish.text)
    if subject.standing:
        return Proposal("entity", wish.text, subject.standing.entity.id, subject=subject)
    if subject.status == "ambiguous":
        # Who says that it is a name wants it watched whoever turns out to be meant.
        return Proposal(wish.kind, wish.text, wish.text if wish.kind else "", subject=subject)
    if is_plain and knowledge.topics.knows(wish.text) and (found := knowledge.topics.search(wish.text)):
        return Proposal("topic", wish.text, wish.text, claims=len(found))
    return Proposal("name", wish.text, wish.text, subject=subject)


def _called(reading: Reading, knowledge: Knowledge, name: str) -> Subject:
    """Who is called that, as `screen` finds them: the words are a name as a whole, or a number."""
    mention = screening.mention(knowledge, knowledge.view(reading), Asked(name, "", ""))
    return lookup.weigh_names([mention], reading, knowledge)[0]


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
        return Proposal("list", sets[0].title, narrowed=Filters(datasets=tuple(one.list for one in sets)))
    words = [word for word in said.casefold().split() if word not in ("the", "list")]
    if names := listings.called(reading.session, words, reading.workspace, None) if words else []:
        one = OfficialList(said, (), tuple(name.lower() for name in names))
        return Proposal("list", said, narrowed=Filters(lists=(one,)))
    raise UserError(
        f"No stored list is called {said}. Say for instance SDN, Entity List, EU, UK or UN; a name goes in quotation marks."
    )


def _of_lists(reading: Reading, narrowed: Filters) -> Proposal:
    label = ", ".join((*(one.label for one in narrowed.lists), *narrowed.nationals))
    is_loaded = any(listings.holders(reading.session, one, reading.workspace, None) for one in narrowed.lists)
    return Proposal("list", label, narrowed=narrowed, is_loaded=is_loaded)


def add(session: Session, proposal: Proposal, where: Where, by: str, now: datetime) -> Added:
    """Has something be watched from `now` on. The same thing in the same place is one watch, also where the words differ.

    Raises UserError where it is still open who is meant, or the place watches too much.
    """
    if proposal.is_open:
        raise UserError(f"Several entities fit {proposal.label}: say which one is meant.")
    lock(session, f"watch:{where.workspace}")
    there = of(session, where)
    if same := next((one for one in there if _is_same(one, proposal)), None):
        return Added(same, False)
    narrowed = as_json(proposal.narrowed)
    kind, label, target = proposal.kind, proposal.label, proposal.target
    one = new(session, where, kind, label, by, now, target=target, narrowed=narrowed, beside=len(there))
    watches.add(session, one, _subjects(proposal))
    return Added(one, True)


def new(
    session: Session,
    where: Where,
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


def of(session: Session, where: Where) -> list[Watch]:
    """What is watched there, the oldest first."""
    if where.place:
        return watches.of_place(session, where.workspace, where.place)
    return [one for one in watches.active(session, where.workspace) if not one.place]


def end(session: Session, said: str, places: Sequence[Where], by: str, now: datetime) -> list[Watch]:
    """Ends what is meant by an id, by what a watch is called, or by `all`, in the first of these places that watches it.

    Gives out the watches as they were. Raises UserError, which lists what is watched, where there is none.
    """
    there = [of(session, where) for where in places]
    meant = next(filter(None, ([one for one in some if _is_meant(one, said)] for some in there)), [])
    ended = [one for one in meant if watches.end(session, one.id, by, now)]
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
