"""Gathers what is stored of some entities and says how each stood on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from bot import dates, freshness, status, subjects
from bot.answers import ClaimFact, ListingFact, Standing
from bot.lists import PUBLICATIONS
from bot.precedence import Precedence, Settled
from bot.records import Claim, Dataset, Entity, Listing, Origin, Source
from bot.store import changes, claims, datasets, differing, entities, joins, listings
from bot.store.joins import Subjects


@dataclass(frozen=True)
class Reading:
    """One look into the store: for a workspace, as it was known at a moment (None: now), about a day."""

    session: Session
    workspace: str
    known_at: datetime | None
    day: date
    required: tuple[str, ...] = ()

    @cached_property
    def coverage(self) -> tuple[Dataset, ...]:
        """The lists that were loaded at that moment or should have been, with their states; `required` must be fresh."""
        return freshness.coverage(self.session, self.workspace, self.known_at, self.day, self.required)

    @cached_property
    def reaches_back(self) -> bool:
        """Whether every published list has a version as old as the day; before that, its silence means nothing. What people
        wrote is complete for no day: it counts where there is nothing else."""
        first = datasets.first_published(self.session, self.workspace, self.known_at)
        days = [day for form, day in first if form in PUBLICATIONS] or [day for _, day in first]
        return bool(days) and all(dates.first_day(day) <= self.day for day in days)

    @cached_property
    def silence_counts(self) -> bool:
        """Whether it says something that nothing is found: all that had to be searched is fresh, and reaches back to the day."""
        is_behind = any(one.counts and one.state != "fresh" for one in self.coverage)
        return bool(self.coverage) and self.reaches_back and not is_behind

    @cached_property
    def precedence(self) -> Precedence:
        """Whose word counts for which list."""
        return Precedence(PUBLICATIONS, {one.list: one for one in self.coverage if one.published_on})

    def standings(self, ids: Iterable[str]) -> dict[str, Standing]:
        """How the subject of each of these records stood, by the record's id; those that were not recorded at that moment are
        left out."""
        asked = list(dict.fromkeys(ids))
        groups = joins.subjects(self.session, asked, self.workspace, self.known_at)
        members = (member for id in asked for member in groups.together(id))
        known = entities.by_ids(self.session, members, self.workspace, self.known_at)
        acts = self._as_then(known, listings.of_entities(self.session, known, self.workspace, self.known_at))
        said = claims.of_entities(self.session, known, self.workspace, self.known_at)
        found = self._standings(known, groups, acts, said)
        return {id: found[groups.of.get(id, id)] for id in asked if id in known}

    def _as_then(self, ids: Iterable[str], acts: list[Listing]) -> list[Listing]:
        """Listings in the terms that they had on the day: what later versions of their lists changed is taken back."""
        later = changes.of_entities(self.session, ids, self.workspace, self.known_at, self.day.isoformat())
        return [differing.undone(one, later) for one in acts] if later else acts

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

    def _standings(
        self, known: Mapping[str, Entity], groups: Subjects, acts: Sequence[Listing], said: list[Claim]
    ) -> dict[str, Standing]:
        """How each subject stood, by the id that it is grouped under."""
        members: dict[str, list[Entity]] = {}
        for id, entity in known.items():
            members.setdefault(groups.of.get(id, id), []).append(entity)
        sources, origins = self._documents(acts, said)
        listed = self._settled(known, groups, acts)
        about = _by_subject(said, {id: groups.of.get(id, id) for id in known})
        found: dict[str, Standing] = {}
        for subject, some in members.items():
            ids = tuple(one.id for one in subjects.ranked(some))
            found[subject] = status.standing(
                subjects.merged(some),
                [status.listing_fact(one.listing, self.day, sources, one.copies) for one in listed.get(subject, ())],
                status.claim_facts(about[subject], self.day, sources, origins, frozenset(ids)),
                reaches_back=self.reaches_back,
                records=ids,
                joined=subjects.why(groups.why(subject), ids),
            )
        return found

    def _settled(
        self, known: Mapping[str, Entity], groups: Subjects, acts: Sequence[Listing]
    ) -> dict[str, list[Settled]]:
        """The listings of each subject, each official entry once, by the word that counts most."""
        older = {self.precedence.original(one) for one in acts} - known.keys() - {""}
        there = {*known, *entities.by_ids(self.session, older, self.workspace, self.known_at)}
        of: dict[str, list[Listing]] = {}
        for one in acts:
            if one.entity_id in known:
                subject = groups.of.get(one.entity_id, one.entity_id)
                of.setdefault(subject, []).append(self._as_read(self.precedence.ended(one, there)))
        return {subject: self.precedence.settle(some) for subject, some in of.items()}

    def _as_read(self, one: Listing) -> Listing:
        """A listing with the day of the version that was last seen to have it."""
        return replace(one, read_on=one.last_seen or self.precedence.read_on(one))

    def _documents(self, acts: Sequence[Listing], said: Sequence[Claim]) -> tuple[dict[str, Source], dict[str, Origin]]:
        ids = [id for act in acts for id in act.source_ids] + [id for one in said for id in one.source_ids]
        sources = claims.sources(self.session, ids, self.workspace, self.known_at)
        return sources, claims.origins(self.session, (one.origin_id for one in said), self.workspace, self.known_at)


def _by_subject(said: Iterable[Claim], subjects: Mapping[str, str]) -> dict[str, list[Claim]]:
    """The claims that concern each subject, given the subject of each record: about it or maybe about it, and those linked to
    such a claim by an answer."""
    said = list(said)
    about: dict[str, dict[str, Claim]] = {subject: {} for subject in subjects.values()}
    answering: dict[str, list[Claim]] = {}
    by_id = {one.id: one for one in said}
    for one in said:
        for id in (*one.answers, *one.supersedes):
            answering.setdefault(id, []).append(one)
        for id in (*one.subject_ids, *one.possible_ids):
            if id in subjects:
                about[subjects[id]][one.id] = one
    for some in about.values():
        for one in list(some.values()):
            some.update({id: by_id[id] for id in one.answers if id in by_id})
            some.update({reply.id: reply for reply in answering.get(one.id, ())})
    return {id: list(some.values()) for id, some in about.items()}
