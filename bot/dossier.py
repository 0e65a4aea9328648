"""Gathers what is stored of some entities and says how each stood on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot import dates, status
from bot.answers import ClaimFact, ListingFact, Standing
from bot.records import Claim, Dataset, Entity, Listing, Origin, Source
from bot.store import claims, datasets, entities, listings


@dataclass(frozen=True)
class Reading:
    """One look into the store: for a workspace, as it was known at a moment (None: now), about a day."""

    session: Session
    workspace: str
    known_at: datetime | None
    day: date

    @cached_property
    def coverage(self) -> tuple[Dataset, ...]:
        """The datasets that were loaded at that moment."""
        return tuple(datasets.current(self.session, self.workspace, self.known_at))

    @cached_property
    def reaches_back(self) -> bool:
        """Whether every list has a version as old as the day; before that, its silence means nothing."""
        first = datasets.first_published(self.session, self.workspace, self.known_at)
        return bool(first) and all(dates.first_day(one) <= self.day for one in first)

    def standings(self, ids: Iterable[str]) -> dict[str, Standing]:
        """How each of these entities stood, by id; those that were not recorded at that moment are left out."""
        known = entities.by_ids(self.session, ids, self.workspace, self.known_at)
        acts = listings.of_entities(self.session, known, self.workspace, self.known_at)
        said = claims.of_entities(self.session, known, self.workspace, self.known_at)
        return self._standings(known, acts, said)

    def all_standings(self) -> dict[str, Standing]:
        """How every recorded entity stood, by id."""
        known = entities.every(self.session, self.workspace, self.known_at)
        acts = listings.every(self.session, self.workspace, self.known_at)
        said = claims.every(self.session, self.workspace, self.known_at)
        return self._standings(known, acts, said)

    def all_claims(self) -> list[Claim]:
        """Every claim that was recorded at that moment, stated by the day or not."""
        return claims.every(self.session, self.workspace, self.known_at)

    def claim_facts(self, some: Iterable[Claim]) -> list[ClaimFact]:
        """These claims with their standing on the day, those answering them included where they are among them."""
        said = list(some)
        sources, origins = self._documents((), said)
        return status.claim_facts(said, self.day, sources, origins)

    def listing_facts(self, some: Iterable[Listing]) -> list[ListingFact]:
        """These listings as they stood on the day."""
        acts = list(some)
        sources, _ = self._documents(acts, ())
        return [status.listing_fact(one, self.day, sources) for one in acts]

    def _standings(self, known: Mapping[str, Entity], acts: list[Listing], said: list[Claim]) -> dict[str, Standing]:
        sources, origins = self._documents(acts, said)
        by_entity: dict[str, list[ListingFact]] = {id: [] for id in known}
        for one in acts:
            if one.entity_id in by_entity:
                by_entity[one.entity_id].append(status.listing_fact(one, self.day, sources))
        about = _by_entity(said, known)
        return {
            id: status.standing(
                entity,
                by_entity[id],
                status.claim_facts(about[id], self.day, sources, origins, frozenset((id,))),
                reaches_back=self.reaches_back,
            )
            for id, entity in known.items()
        }

    def _documents(self, acts: Sequence[Listing], said: Sequence[Claim]) -> tuple[dict[str, Source], dict[str, Origin]]:
        ids = [id for act in acts for id in act.source_ids] + [id for one in said for id in one.source_ids]
        sources = claims.sources(self.session, ids, self.workspace, self.known_at)
        return sources, claims.origins(self.session, (one.origin_id for one in said), self.workspace, self.known_at)


def _by_entity(said: Iterable[Claim], known: Iterable[str]) -> dict[str, list[Claim]]:
    """The claims that concern each entity: about it or maybe about it, and those linked to such a claim by an answer."""
    said = list(said)
    about: dict[str, dict[str, Claim]] = {id: {} for id in known}
    answering: dict[str, list[Claim]] = {}
    by_id = {one.id: one for one in said}
    for one in said:
        for id in (*one.answers, *one.supersedes):
            answering.setdefault(id, []).append(one)
        for id in (*one.subject_ids, *one.possible_ids):
            if id in about:
                about[id][one.id] = one
    for some in about.values():
        for one in list(some.values()):
            some.update({id: by_id[id] for id in one.answers if id in by_id})
            some.update({reply.id: reply for reply in answering.get(one.id, ())})
    return {id: list(some.values()) for id, some in about.items()}
