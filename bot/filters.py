"""What a question narrows its answer to, read from its words: lists, countries, kinds, measures, and what it asks first."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.records import Listing


@dataclass(frozen=True, slots=True)
class OfficialList:
    """A list as people name it, or all lists of an authority: what an answer calls it; whose it is, in small letters (empty:
    anybody's); words of which its name has one, in small letters (none: any list of the authority); and the published lists that
    state its entries, of those that are loaded the first before the others."""

    label: str
    authorities: tuple[str, ...]
    words: tuple[str, ...] = ()

    forms: tuple[str, ...] = ()

    def holds(self, act: Listing) -> bool:
        """Whether an entry is on it."""
        return self.is_called(act.authority, act.list)

    def is_called(self, authority: str, list: str) -> bool:
        """Whether a list of this authority, of this name, is meant."""
        if self.authorities and authority.casefold() not in self.authorities:
            return False
        return not self.words or any(word in list.casefold() for word in self.words)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an answer is narrowed to; nothing of a sort leaves that open.

    `words` are `listed`, `not listed`, `formerly listed`, `named`, `contested`, `designated`; `any_list` says that one of the
    lists will do ("EU or UK"); `countries` are ISO codes; `changes` are `added`, `changed`, `removed`; `first` is what of a
    listing is asked: `since`, `programme`, `measure`, `still`, `ever`.

    `programmes` are parts of what an entry calls its programme, in small letters; `datasets` are names of loaded lists;
    `nationals` is what those of the countries are called; `unread` are words that narrow nothing; `after` says that a time begins
    after what its first day brought; `countryless` counts those of the sort that are on the list without any country.
    """

    words: frozenset[str] = frozenset()
    lists: tuple[OfficialList, ...] = ()
    any_list: bool = False
    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    changes: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    nationals: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    after: bool = False
    countryless: int = 0

    def __contains__(self, word: object) -> bool:
        return word in self.words

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.words))

    @property
    def asks_law(self) -> bool:
        """Whether it asks for what only entries of lists have."""
        return bool(
            self.lists
            or self.datasets
            or self.programmes
            or self.measures
            or self.words & {"listed", "designated", "formerly listed"}
        )

    @property
    def asks_who(self) -> bool:
        """Whether it asks for subjects of some sort."""
        return bool(self.countries or self.kinds)


def as_json(one: Filters) -> dict[str, Any]:
    """What is narrowed to, as JSON; what is left open is left out."""
    said = asdict(one)
    sets = {name: sorted(value) for name, value in said.items() if isinstance(value, frozenset)}
    return {name: value for name, value in (said | sets).items() if value}


def from_json(said: Mapping[str, Any]) -> Filters:
    """What `as_json` wrote down."""
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    for name in ("words", "changes"):
        read[name] = frozenset(said.get(name, ()))
    parts = ("authorities", "words", "forms")
    read["lists"] = tuple(
        OfficialList(one["label"], *(tuple(one[name]) for name in parts)) for one in said.get("lists", ())
    )
    return Filters(**read)
