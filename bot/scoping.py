"""What a channel asked to be told of: which changes its summaries tell, and which they only count."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from sqlalchemy.orm import Session

from bot import filters
from bot.errors import UserError
from bot.filters import Filters, OfficialList
from bot.mail import Subscription
from bot.matching.topics import stem
from bot.monitoring import Watch
from bot.newsworthy import Act, Statement
from bot.questions import naming
from bot.questions.official_lists import NAMINGS
from bot.records import Claim, Dataset, Entity, Listing
from bot.store import claims, joins, listings, watches

FEW = 5
"""How many lists or topics are named to whoever named none."""


@dataclass(frozen=True, slots=True)
class Watching:
    """What a channel watches: records, lists, topics."""

    records: frozenset[str] = frozenset()
    lists: tuple[Filters, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is told: what is on one of `lists` or speaks of one of `topics`; of that, what concerns one of `countries` (codes);
    of that, what is watched. What is left open narrows nothing. Two channels that asked for the same are equal."""

    lists: tuple[OfficialList, ...] = ()
    topics: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    watching: Watching | None = None

    def tells(self, one: Act | Statement, known: Mapping[str, Entity]) -> bool:
        """Whether a change of a listing or a claim is told, given the entities that it is about."""
        about = [known[id] for id in one.about if id in known]
        held = [(one.record.authority, one.record.list)] if isinstance(one, Act) else []
        return self._tells(about, held, one.record)

    def tells_record(self, one: Entity, held: Collection[tuple[str, str]]) -> bool:
        """Whether a change of an entity's own record is told, given the lists (authority and name) that it is on."""
        return self._tells([one], held, None)

    def tells_dataset(self, one: Dataset) -> bool:
        """Whether it is told that a dataset was loaded for the first time."""
        forms = {form for asked in self.lists for form in asked.forms}
        return not self.topics and self.watching is None and (not self.lists or one.form in forms)

    def _tells(
        self, about: Sequence[Entity], held: Collection[tuple[str, str]], record: Listing | Claim | None
    ) -> bool:
        if not _is_of(self.countries, about):
            return False
        asked = any(one.is_called(*pair) for one in self.lists for pair in held) or _speaks(record, self.topics)
        if (self.lists or self.topics) and not asked:
            return False
        return self.watching is None or _is_watched(self.watching, about, held, record)


def _is_watched(
    watching: Watching, about: Sequence[Entity], held: Collection[tuple[str, str]], record: Listing | Claim | None
) -> bool:
    if any(one.id in watching.records for one in about) or _speaks(record, watching.topics):
        return True
    return any(_is_on(one, about, held) for one in watching.lists)


def _is_on(wanted: Filters, about: Sequence[Entity], held: Collection[tuple[str, str]]) -> bool:
    """Whether somebody of the sort that a watch is narrowed to is on a list that is watched."""
    if not held or (wanted.kinds and not any(one.kind in wanted.kinds for one in about)):
        return False
    if wanted.datasets and not any(one.id.partition(":")[0] in wanted.datasets for one in about):
        return False
    is_called = any(one.is_called(*pair) for one in wanted.lists for pair in held)
    return (is_called or not wanted.lists) and _is_of(wanted.countries, about)


def _is_of(countries: Collection[str], about: Iterable[Entity]) -> bool:
    return not countries or any(not set(countries).isdisjoint(one.countries) for one in about)


def _speaks(record: Listing | Claim | None, topics: Iterable[str]) -> bool:
    """Whether a claim, or the grounds of a listing, speak of one of these topics."""
    if isinstance(record, Claim):
        return any(speaks_of(topic, (record.category, *record.topics, record.statement)) for topic in topics)
    return record is not None and any(speaks_of(topic, (record.programme, record.reason)) for topic in topics)


def speaks_of(topic: str, texts: Iterable[str]) -> bool:
    """Whether all words of a topic are in some texts, whatever their endings; in Chinese, the topic as it stands."""
    text = " ".join(texts).replace("_", " ").casefold()
    asked = _stems(topic.replace("_", " ").casefold())
    return bool(asked) and (asked <= _stems(text) or (not topic.isascii() and topic.casefold() in text))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"\w+", text)}


def wanted(session: Session, subscription: Subscription) -> Wanted | None:
    """What a channel's summary tells of; None where that is all."""
    scope = subscription.scope
    # A list that had a name once and has none now narrows to nothing, rather than to everything.
    lists = tuple(_named(one) or OfficialList(one, (one.casefold(),)) for one in scope.lists)
    countries = frozenset(code.casefold() for code in scope.countries)
    found = Wanted(lists, scope.topics, countries)
    if scope.watched:
        found = replace(found, watching=_watching(session, subscription.workspace, subscription.channel))
    return found if found != Wanted() else None


def _watching(session: Session, workspace: str, channel: str) -> Watching:
    some = watches.of_place(session, workspace, channel)
    ids = watches.records_of(session, (one.id for one in some))
    ids |= {one.target for one in some if one.kind == "entity"}
    groups = joins.subjects(session, ids, workspace, None)
    return Watching(
        records=frozenset(record for id in ids for record in groups.together(id)),
        lists=tuple(filters.from_json(one.narrowed) for one in _of(some, "list")),
        topics=tuple(one.target for one in _of(some, "topic")),
    )


def _of(some: Iterable[Watch], kind: str) -> Iterable[Watch]:
    return sorted((one for one in some if one.kind == kind), key=lambda one: (one.target, one.label))


def official(typed: str) -> OfficialList:
    """The list that a person names: "SDN", "the Entity List", "UK". Raises UserError, which says what can be named."""
    if found := _named(typed):
        return found
    shown = " ".join(typed.split())[:60]
    raise UserError(f"“{shown}” is no list that I know. The nearest are: {', '.join(_nearest(shown))}.")


def _nearest(typed: str) -> list[str]:
    """The lists that are called most like that."""

    def likeness(label: str) -> float:
        plain = label.casefold()
        forms = (plain, re.sub(r" lists?$", "", plain))
        return max(SequenceMatcher(None, typed.casefold(), form).ratio() for form in forms)

    return sorted(known(), key=likeness, reverse=True)[:FEW]


def topic(session: Session, typed: str, workspace: str) -> str:
    """The topic that a person names, where anything that a workspace sees speaks of it. Raises UserError, which says what can be
    named."""
    said = claims.every(session, workspace, None)
    if any(_speaks(one, (typed,)) for one in said):
        return typed
    plain = typed.replace("_", " ").casefold()
    grounds = listings.grounds(session, sorted(_stems(plain)), workspace)
    if any(speaks_of(typed, some) for some in grounds):
        return typed
    used = Counter(
        label.replace("_", " ") for one in said for label in dict.fromkeys((one.category, *one.topics)) if label
    )
    some = ", ".join(label for label, _ in used.most_common(FEW)) or "none yet"
    raise UserError(f"Nothing stored speaks of “{' '.join(typed.split())[:60]}”. Topics that are, for example: {some}.")


def _named(typed: str) -> OfficialList | None:
    plain = " ".join(typed.split())
    # Short forms are lists only where the words around say so.
    for said in (plain, f"{plain} list", f"on the {plain}") if plain else ():
        read = naming.lists(said)
        if read and len(read.lists) == 1 and not read.asks_who:
            return read.lists[0]
    return next((one.list for one in NAMINGS if one.list.label.casefold() == plain.casefold()), None)


def known() -> tuple[str, ...]:
    """What the lists are called that can be asked for."""
    return tuple(one.list.label for one in NAMINGS)
