"""Which records are of one real-world subject, and why: the rules by which they are joined or kept apart. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from bot.joinkeys import ORGANISATIONS, Key
from bot.records import Listing

MOST_SHARED = 50
"""A key that more records have than this says nothing: a number like 0000000."""

CONFLICTING = ("uscc", "lei", "ogrn", "imo")
"""Schemes of numbers of which nobody has two."""

SELDOM_TWO = (*CONFLICTING, "inn")
"""The same with those of which few have two: where only a name, or a publisher who holds records apart, speaks of one."""

LEAST_ELSEWHERE = 8
"""How long a registration number must be where the country of one side is not known."""

PEOPLES = ("claims", "own")
"""Formats of files that people write: their author holds their records apart."""

AGGREGATORS = ("csl", "opensanctions")
STARTER = "starter"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as joining sees it. `seats` are the official lists it is on, in the dataset it is of: no publisher has one subject
    twice."""

    id: str
    kind: str
    countries: frozenset[str]
    keys: tuple[Key, ...]
    seats: frozenset[tuple[str, str, str]]


class Decision(NamedTuple):
    """What a person decided of two records: `join` or `separate`, and why."""

    kind: str
    one: str
    other: str
    why: str = ""


class Edge(NamedTuple):
    """Why two records are one subject: a code and its values, and both ids."""

    code: str
    value: str
    other_value: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Joined:
    """One subject of several records: their ids, the highest-ranked first, and why they are one."""

    ids: tuple[str, ...]
    edges: tuple[Edge, ...]


def seats(dataset: str, form: str, listings: Iterable[Listing]) -> frozenset[tuple[str, str, str]]:
    """The seats of a record of a dataset, which came in that format."""
    if form in PEOPLES:
        return frozenset({(dataset, "", "")})
    return frozenset((dataset, one.authority, one.list) for one in listings) or frozenset({(dataset, "", "")})


def dataset(id: str) -> str:
    """The dataset that a record is of."""
    return id.partition(":")[0]


OFFICIAL, OWN, COPIED, WRITTEN = range(4)
"""What a record is, what counts most first: of a publisher's own list, the team's own, of a copy of lists, what people wrote."""


def rank(id: str, order: Sequence[str]) -> tuple[int, int, str]:
    """Sorts records by how much they count: by what they are, and publishers' own lists in this order of their names."""
    name = dataset(id)
    form = next((one for one in (*PEOPLES, *AGGREGATORS) if name == one or name.startswith(f"{one}-")), name)
    if form == "own":
        return OWN, 0, id
    if form in AGGREGATORS:
        return COPIED, AGGREGATORS.index(form), id
    if form in order and form not in PEOPLES:
        return OFFICIAL, order.index(form), id
    return WRITTEN, int(name == STARTER), id


@dataclass(slots=True)
class _Cluster:
    """Records that are one so far, and what they have between them."""

    ids: list[str]
    countries: set[str]
    families: set[str]
    seats: set[tuple[str, str, str]]
    numbers: dict[str, set[str]]
    apart: set[str] = field(default_factory=set)
    edges: list[Edge] = field(default_factory=list)

    @classmethod
    def of(cls, one: Record) -> "_Cluster":
        numbers: dict[str, set[str]] = {}
        for key in one.keys:
            if key.code == "same_number" and key.scheme in SELDOM_TWO:
                numbers.setdefault(key.scheme, set()).add(key.value)
        return cls([one.id], set(one.countries), {family(one.kind)}, set(one.seats), numbers)

    def contradicts(self, other: "_Cluster", schemes: Sequence[str]) -> bool:
        """Whether the two have different numbers of one of these schemes."""
        mine, theirs = self.numbers, other.numbers
        return any(mine[one].isdisjoint(theirs[one]) for one in schemes if one in mine and one in theirs)

    def take(self, other: "_Cluster", edge: Edge) -> None:
        self.ids += other.ids
        self.countries |= other.countries
        self.families |= other.families
        self.seats |= other.seats
        self.apart |= other.apart
        for scheme, values in other.numbers.items():
            self.numbers[scheme] = self.numbers.get(scheme, set()) | values
        self.edges += [*other.edges, edge]

    def tell(self, edge: Edge) -> None:
        """Adds what speaks for the subject besides, where nothing says the same."""
        said = {(one.code, one.value.casefold(), one.other_value.casefold()) for one in self.edges}
        if (edge.code, edge.value.casefold(), edge.other_value.casefold()) not in said:
            self.edges.append(edge)


def family(kind: str) -> str:
    """The kinds that may be one subject's, by one name."""
    return "organisation" if kind in ORGANISATIONS else kind


def partition(records: Iterable[Record], decisions: Iterable[Decision], order: Sequence[str]) -> list[Joined]:
    """The subjects that are of more than one record. The same for records and decisions in any order.

    Raises nothing: what contradicts itself stays apart, but for what a person joined.
    """
    by_id = {one.id: one for one in records}
    clusters = {id: _Cluster.of(one) for id, one in by_id.items()}
    decided = [one for one in decisions if one.one in by_id and one.other in by_id]
    for one in decided:
        if one.kind == "separate":
            clusters[one.one].apart.add(one.other)
            clusters[one.other].apart.add(one.one)
    by_hand = ((0, Edge("same_by_hand", one.why, "", *sorted(one[1:3]))) for one in decided if one.kind == "join")
    edges = sorted((*by_hand, *_edges(by_id.values())))
    for stage, edge in edges:
        mine, theirs = clusters[edge.one], clusters[edge.other]
        if mine is not theirs and _may_join(mine, theirs, stage):
            larger, smaller = (mine, theirs) if len(mine.ids) >= len(theirs.ids) else (theirs, mine)
            larger.take(smaller, edge)
            clusters |= dict.fromkeys(smaller.ids, larger)
    for _, edge in edges:
        if clusters[edge.one] is clusters[edge.other]:
            clusters[edge.one].tell(edge)
    several = {id(one): one for one in clusters.values() if len(one.ids) > 1}
    found = [
        Joined(tuple(sorted(one.ids, key=lambda id: rank(id, order))), tuple(sorted(one.edges)))
        for one in several.values()
    ]
    return sorted(found, key=lambda one: one.ids)


BY_ENTRY, BY_NUMBER, BY_PRIMARY, BY_NAME = 1, 2, 3, 4
"""The order in which reasons count, behind what people decided."""


def _may_join(mine: _Cluster, theirs: _Cluster, stage: int) -> bool:
    if not mine.apart.isdisjoint(theirs.ids) or not theirs.apart.isdisjoint(mine.ids):
        return False
    if stage <= BY_ENTRY:
        return True
    together = not mine.seats.isdisjoint(theirs.seats)
    schemes = CONFLICTING if stage == BY_NUMBER else SELDOM_TWO
    if together or mine.families.isdisjoint(theirs.families) or mine.contradicts(theirs, schemes):
        return False
    if stage == BY_NUMBER:
        return True
    elsewhere = bool(mine.countries and theirs.countries) and mine.countries.isdisjoint(theirs.countries)
    return not elsewhere


def _edges(records: Iterable[Record]) -> Iterator[tuple[int, Edge]]:
    """All pairs that share a key and may be one by it, each with its place in the order."""
    holders: dict[str, list[tuple[Record, Key]]] = defaultdict(list)
    for record in records:
        for key in record.keys:
            holders[key.text].append((record, key))
    for some in holders.values():
        if 1 < len(some) <= MOST_SHARED:
            for pair in combinations(sorted(some, key=lambda one: one[0].id), 2):
                if _is_reason(*pair[0], pair[1][0]):
                    yield _edge(*pair)


def _is_reason(one: Record, key: Key, other: Record) -> bool:
    """Whether a key that two records share says that they are one."""
    if key.code == "same_record":
        return True
    if family(one.kind) != family(other.kind):
        return False
    here = not one.countries.isdisjoint(other.countries)
    unknown = not (one.countries and other.countries)
    if key.scheme == "registration":
        return here or (unknown and len(key.value) >= LEAST_ELSEWHERE)
    if key.code == "same_number":
        return True
    return here or (unknown and key.scheme == "anywhere")


def _edge(one: tuple[Record, Key], other: tuple[Record, Key]) -> tuple[int, Edge]:
    (mine, key), (theirs, same) = one, other
    if key.code == "same_name":
        stage = BY_PRIMARY if key.is_primary and same.is_primary else BY_NAME
        return stage, Edge(key.code, key.shown, same.shown, mine.id, theirs.id)
    if key.code == "same_number":
        return BY_NUMBER, Edge(key.code, key.scheme, key.shown, mine.id, theirs.id)
    return BY_ENTRY, Edge(key.code, key.shown, "", mine.id, theirs.id)
