"""Which of several listings counts where they tell of one official entry: the publisher's own, or the newest copy. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot import dates
from bot.joining import PEOPLES, dataset, rank
from bot.lists import LISTS
from bot.lists.publications import Publication
from bot.records import Dataset, Listing


class OfList(Protocol):
    """What says of which list of which authority it is."""

    @property
    def authority(self) -> str: ...

    @property
    def list(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Settled:
    """A listing, and the copies of it that it stands for."""

    listing: Listing
    copies: tuple[Listing, ...] = ()


@dataclass(frozen=True)
class Precedence:
    """Whose word counts for which list: the publishers, by the names of their lists, and the versions that are loaded."""

    publications: Mapping[str, Publication]
    loaded: Mapping[str, Dataset]
    known: dict[tuple[str, str], Dataset | None] = field(default_factory=dict)

    def publisher(self, one: OfList) -> Dataset | None:
        """The loaded list that states what a listing says; None where there is none."""
        pair = one.authority, one.list
        if pair not in self.known:
            covering = [
                self.loaded[name]
                for wanted in (pair, (one.authority, ""))
                for name, publication in self.publications.items()
                if wanted in publication.covers and name in self.loaded
            ]
            self.known[pair] = covering[0] if covering else None
        return self.known[pair]

    def is_own(self, one: Listing) -> bool:
        """Whether a listing is its publisher's own."""
        publisher = self.publisher(one)
        return publisher is not None and publisher.list == dataset(one.id)

    def read_on(self, one: Listing) -> str:
        """The day of what a listing was read from: the version of its list, or what a person wrote down."""
        held = self.loaded.get(dataset(one.id))
        return held.published_on if held and held.form not in PEOPLES else one.read_on

    def original(self, one: Listing) -> str:
        """The id of the record that the publisher of a copy has if the entry is still there; "" for what is no older copy."""
        publisher = self.publisher(one)
        read_on = self.read_on(one)
        if publisher is None or not one.record_id or not read_on or publisher.list == dataset(one.id):
            return ""
        newer = dates.last_day(read_on) < dates.first_day(publisher.published_on)
        return f"{publisher.list}:{'-'.join(one.record_id.split())}" if newer else ""

    def ended(self, one: Listing, there: Collection[str]) -> Listing:
        """A copy whose entry its publisher does not have any more, as ended; others as they are. `there` are ids of records."""
        original, publisher = self.original(one), self.publisher(one)
        if not original or not publisher or original in there or one.ended_on:
            return one
        return replace(one, ended_on=publisher.published_on, last_seen=self.read_on(one))

    def settle(self, some: Iterable[Listing]) -> list[Settled]:
        """The listings of one subject, each official entry once."""
        groups: list[list[Listing]] = []
        for one in sorted(some, key=self._place):
            same = next((group for group in groups if self._is_copy(one, group[0])), None)
            if same is None:
                groups.append([one])
            else:
                same.append(one)
        return [Settled(_dated(group), tuple(group[1:])) for group in groups]

    def _place(self, one: Listing) -> tuple[bool, bool, int, tuple[int, int, str], str]:
        """Sorts the publisher's own first, what is on the list now before what was; then the newest copy."""
        read = dates.last_day(self.read_on(one)).toordinal() if self.read_on(one) else 0
        return not self.is_own(one), bool(one.last_seen), -read, rank(one.entity_id, tuple(LISTS)), one.id

    def _is_copy(self, one: Listing, other: Listing) -> bool:
        """Whether two listings tell of one entry; nobody has one twice."""
        if one.authority.casefold() != other.authority.casefold() or dataset(one.id) == dataset(other.id):
            return False
        same_list = one.list.casefold() == other.list.casefold()
        if one.record_id and other.record_id:
            same_entry = one.record_id.casefold() == other.record_id.casefold()
            return same_entry and (same_list or self._covers_all(other))
        return same_list and bool(one.listed_on) and one.listed_on == other.listed_on

    def _covers_all(self, one: Listing) -> bool:
        publication = self.publications.get(dataset(one.id))
        return publication is not None and (one.authority, "") in publication.covers


def _dated(group: Sequence[Listing]) -> Listing:
    """The first of some listings of one entry; where it has no date of its own, with what the others know of that."""
    one = group[0]
    if one.listed_on:
        return one
    if own := next((each.listed_on for each in group if each.listed_on), ""):
        return replace(one, listed_on=own)
    first = min((each for each in group if each.first_seen), key=lambda each: each.first_seen, default=one)
    return replace(one, first_seen=first.first_seen, last_absent=first.last_absent)
