"""Gathers what became known between two moments, with all that belongs to it: the news of a summary."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from bot import bulletin, newsworthy
from bot.answers import ClaimFact, Digest, Event
from bot.dossier import Reading
from bot.lists import PUBLICATIONS
from bot.lists.publications import STARTER
from bot.newsworthy import Act, Statement
from bot.status import AGAINST, stands
from bot.store import entities, news
from bot.store.news import Span


def gather(session: Session, workspace: str, since: datetime, until: datetime) -> Digest:
    """What became known to a workspace after `since`, up to `until`, net of what was taken back in that time."""
    first, newer = news.loads(session, workspace, since, until)
    # What others published long ago is no news; a team's own claims file is, at once.
    baselines = tuple(one for one in first if one.form in PUBLICATIONS or one.list == STARTER)
    span = Span(workspace, since, until, tuple(one.list for one in (*first, *newer) if one not in baselines))
    then, now = (Reading(session, workspace, at, at.astimezone(UTC).date()) for at in (since, until))
    told: list[Act | Statement] = [
        *newsworthy.acts(news.listings(session, span), then.day, now.day),
        *newsworthy.statements(news.claims(session, span)),
    ]
    about = {id for one in told for id in one.about}
    return Digest(
        since=since,
        until=until,
        counts=Counter(one.what for one in told),
        events=tuple(_events(sorted(told, key=newsworthy.place)[: bulletin.MOST], then, now)),
        records=tuple(newsworthy.others(news.entities(session, span), about)),
        baselines=baselines,
        loaded=(*first, *newer),
        coverage=now.coverage,
    )


def _events(told: Sequence[Act | Statement], then: Reading, now: Reading) -> list[Event]:
    """What is told, with all that belongs to it: by what is known now, and of what is gone by what was known before."""
    found: list[Event] = []
    for reading, is_gone in ((now, False), (then, True)):
        some = [one for one in told if (one.what in ("removed", "withdrawn")) is is_gone]
        known = _Known(reading, some)
        found += known.acts([one for one in some if isinstance(one, Act)])
        found += known.statements([one for one in some if isinstance(one, Statement)])
    return sorted(found, key=newsworthy.order)


class _Known:
    """What one moment knew of all that some news are about."""

    def __init__(self, reading: Reading, told: Sequence[Act | Statement]) -> None:
        self.reading = reading
        ids = (id for one in told for id in one.about)
        self.entities = entities.by_ids(reading.session, ids, reading.workspace, reading.known_at)

    def acts(self, told: Sequence[Act]) -> Iterator[Event]:
        """Each with its listing as it stood."""
        for one, fact in zip(told, self.reading.listing_facts(one.record for one in told), strict=True):
            about = tuple(self.entities[id] for id in one.about if id in self.entities)
            yield Event(fact.since, one.what, about, fact, was=one.was)

    def statements(self, told: Sequence[Statement]) -> Iterator[Event]:
        """Each with the denials stored of it, and with what it answers."""
        said = (one.record for one in told)
        bearing = news.concerning(self.reading.session, said, self.reading.workspace, self.reading.known_at)
        # Whatever day they speak of: what counts is that it became known.
        facts = {fact.claim.id: fact for fact in replace(self.reading, day=date.max).claim_facts(bearing)}
        general: dict[str, list[str]] = defaultdict(list)
        for fact in facts.values():
            if fact.claim.stance == "denies" and not fact.claim.answers and stands(fact):
                for id in fact.claim.subject_ids:
                    general[id].append(fact.claim.id)
        for one in told:
            fact = facts[one.record.id]
            about = tuple(self.entities[id] for id in dict.fromkeys(one.about) if id in self.entities)
            answered = tuple(facts[id] for id in one.record.answers if id in facts)
            denials = tuple(facts[id] for id in _denials(fact, answered, general))
            yield Event(fact.counts_from, one.what, about, None, fact, denials, answered)


def _denials(fact: ClaimFact, answered: Sequence[ClaimFact], general: dict[str, list[str]]) -> list[str]:
    """The denials of a claim: its own, those of what it confirms or retracts, and what its subjects deny in general."""
    if fact.claim.stance == "denies":
        return []
    ids = [*fact.denied_by, *(id for one in answered for id in one.denied_by)]
    if fact.claim.stance in AGAINST:
        ids += [id for subject in fact.claim.subject_ids for id in general[subject]]
    return list(dict.fromkeys(ids))
