"""The rules of PRODUCT: which listing stands on a day, how a claim stands, and the one status that heads an answer. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot import dates
from bot.answers import ClaimFact, ListingFact, Standing
from bot.records import DESIGNATING, Claim, Entity, Listing, Origin, Reason, Source

AGAINST = ("alleges", "confirms")
"""The stances that name a subject."""

SERIOUSNESS = {DESIGNATING: 0, "export licence requirement": 1, "export restriction": 2, "securities restriction": 3}
"""Order of listings in an answer, by measure; others come after these."""


def listing_fact(
    listing: Listing, day: date, sources: Mapping[str, Source], copies: tuple[Listing, ...] = ()
) -> ListingFact:
    """How a listing stood on `day`, with the copies of it that other files have.

    An entry without the list's own date counts as listed since the first version in which it was seen. Before that day it was
    not listed if an earlier version is known to lack it; otherwise the list cannot answer. A partial date counts from its
    first day on, and an end by its last.
    """
    published = bool(listing.listed_on)
    since = listing.listed_on or listing.first_seen
    begun = dates.first_day(since) <= day
    ended = bool(listing.ended_on) and dates.last_day(listing.ended_on) <= day
    before = "not_yet" if published or listing.last_absent else "unknown"
    state = before if not begun else "ended" if ended else "active"
    shown: dict[tuple[str, str], Source] = {}
    for one in (source for act in (listing, *copies) for source in _sources(act, sources)):
        shown.setdefault((one.publisher, one.url), one)
    return ListingFact(listing, state, since, published, tuple(shown.values()), copies)


def _sources(listing: Listing, sources: Mapping[str, Source]) -> Iterator[Source]:
    """What a listing rests on; the first leads to the page of the entry where it has one."""
    for number, one in enumerate(_pick(listing.source_ids, sources)):
        # Of what a list has no more, the version that had it last is the source.
        dated = replace(one, published_on=listing.last_seen) if listing.last_seen else one
        yield replace(dated, url=listing.url) if listing.url and number == 0 else dated


def claim_facts(
    claims: Iterable[Claim],
    day: date,
    sources: Mapping[str, Source],
    origins: Mapping[str, Origin],
    entity_ids: frozenset[str] = frozenset(),
) -> list[ClaimFact]:
    """The claims that were stated by `day`, each with its standing then; allegations first, each followed by its denials.

    `entity_ids` are the entities asked about: a claim that only may be about them is not certain.
    """
    dated = [(_counts_from(claim, sources), claim) for claim in claims]
    known = [(since, claim) for since, claim in dated if dates.first_day(since) <= day]
    replies = _Replies([claim for _, claim in known])
    facts = [
        ClaimFact(
            claim=claim,
            counts_from=since,
            standing=replies.standing(claim),
            origin=origins[claim.origin_id],
            sources=_pick(claim.source_ids, sources),
            denied_by=tuple(one.id for one in replies.answering.get(claim.id, ()) if one.stance == "denies"),
            is_certain=not entity_ids or not claim.possible_ids or bool(entity_ids & set(claim.subject_ids)),
        )
        for since, claim in known
    ]
    return _in_order(facts)


def _counts_from(claim: Claim, sources: Mapping[str, Source]) -> str:
    """The day a claim counts from: when it was stated, else when its first source was published."""
    return claim.stated_on or min((sources[id].published_on for id in claim.source_ids), key=dates.first_day)


class _Replies:
    """Which claims answer which, replace which, and say the same as which. What was taken back answers nothing."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.superseded = {id for claim in claims for id in claim.supersedes}
        self.retracted = {id for claim in claims if claim.stance == "retracts" for id in claim.answers}
        self.answering: dict[str, list[Claim]] = defaultdict(list)
        self.origins: dict[tuple[str, str], set[str]] = defaultdict(set)
        for claim in claims:
            if claim.id not in self.superseded | self.retracted:
                self._add(claim)

    def _add(self, claim: Claim) -> None:
        for id in claim.answers:
            self.answering[id].append(claim)
        if claim.stance in AGAINST:
            for id in claim.subject_ids:
                self.origins[id, claim.category].add(claim.origin_id)

    def standing(self, claim: Claim) -> str:
        """The standing of a claim among the others."""
        if claim.id in self.retracted:
            return "retracted"
        if claim.id in self.superseded:
            return "superseded"
        if any(one.stance == "denies" for one in self.answering.get(claim.id, ())):
            return "contested"
        return "corroborated" if self._is_corroborated(claim) else "uncontested"

    def _is_corroborated(self, claim: Claim) -> bool:
        """Whether a claim of another origin confirms it, or alleges the same of the same subject."""
        if any(one.stance in AGAINST and one.origin_id != claim.origin_id for one in self.answering.get(claim.id, ())):
            return True
        same = (self.origins.get((id, claim.category), set()) for id in claim.subject_ids)
        return claim.stance in AGAINST and any(origins - {claim.origin_id} for origins in same)


def _in_order(facts: Sequence[ClaimFact]) -> list[ClaimFact]:
    """Contested allegations with their denials behind them, then other allegations, then denials, then the rest."""
    by_id = {fact.claim.id: fact for fact in facts}
    ordered: dict[str, ClaimFact] = {}
    for fact in sorted(facts, key=_rank):
        ordered.setdefault(fact.claim.id, fact)
        for id in fact.denied_by:
            ordered.setdefault(id, by_id[id])
    return list(ordered.values())


def _rank(fact: ClaimFact) -> tuple[int, str]:
    against = fact.claim.stance in AGAINST and stands(fact)
    place = 0 if against and fact.denied_by else 1 if against else 2 if fact.claim.stance == "denies" else 3
    return place, fact.counts_from


def stands(fact: ClaimFact) -> bool:
    """Whether a claim has not been taken back or replaced."""
    return fact.standing not in ("retracted", "superseded")


def standing(
    entity: Entity,
    listings: Iterable[ListingFact],
    claims: Sequence[ClaimFact],
    *,
    reaches_back: bool = True,
    records: tuple[str, ...] = (),
    joined: tuple[Reason, ...] = (),
) -> Standing:
    """The status of an entity and its flags, from what stood on the day; `reaches_back` says whether any stored version is as
    old as that day, so that silence means something.

    A claim whose source does not tell which of several entities it meant is shown, and flags a listed one as named, but does
    not make an entity *named* by itself. `records` are the ids of all records of the entity, and `joined` says why they are one.
    """
    records = records or (entity.id,)
    acts = tuple(sorted((one for one in listings if one.state != "not_yet"), key=_seriousness))
    states = {one.state for one in acts}
    against = [one for one in claims if one.claim.stance in AGAINST and stands(one)]
    certain = [one for one in against if set(records) & set(one.claim.subject_ids)]
    status = _status(states, bool(certain), silence_counts=bool(claims) or (reaches_back and "unknown" not in states))
    contested = any(one.claim.stance == "denies" and stands(one) for one in claims)
    named = bool(certain) or (bool(against) and status in ("listed", "formerly_listed"))
    return Standing(entity, status, contested, named, acts, tuple(claims), None, records, joined)


def _status(states: set[str], named: bool, *, silence_counts: bool) -> str:
    if "active" in states:
        return "listed"
    if "ended" in states:
        return "formerly_listed"
    if named:
        return "named"
    return "mentioned" if silence_counts else "cannot_say"


def _seriousness(fact: ListingFact) -> tuple[int, int, str, str]:
    measure = min((SERIOUSNESS.get(one, 9) for one in fact.listing.measures), default=9)
    return ("active", "ended", "unknown").index(fact.state), measure, fact.since, fact.listing.id


def _pick(ids: Iterable[str], sources: Mapping[str, Source]) -> tuple[Source, ...]:
    return tuple(sources[id] for id in ids if id in sources)
