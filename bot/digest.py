"""Route 3: what became known since the last post, told to each channel that wants it once a local day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import bulletin, dates, receipts, schedule
from bot.answers import NEWS, ClaimFact, Digest, Event, RecordChange
from bot.dossier import Reading
from bot.errors import Missing
from bot.lists import LISTS
from bot.mail import Outgoing, Subscription
from bot.records import Claim, Entity, Listing
from bot.reply import Message, Words
from bot.status import AGAINST, SERIOUSNESS, stands
from bot.store import entities, news, outbox, subscriptions
from bot.store.database import lock
from bot.store.news import Change, Span

BASELINES = frozenset({"starter", *LISTS})
"""Datasets whose first load is no news: long published by others. A team's own claims file is news at once."""

TERMS = ("authority", "list", "measures", "programme", "legal_basis", "listed_on", "ended_on", "reason")
"""What of a listing is told when it changes; the rest says only where and when it was read."""

TELLS = {"alleges": "named", "confirms": "named", "denies": "denied", "retracts": "retracted", "reports": "reported"}
"""Stance of a new claim → what it is in NEWS."""


def due(session: Session, now: datetime) -> list[Subscription]:
    """The daily summaries that are to be reserved now, each by itself, so that one that fails does not stop the others."""
    return [one for one in subscriptions.active(session) if _may_be_due(one, now)]


def reserve(session: Session, words: Words, one: Subscription, now: datetime) -> list[str]:
    """Reserves the summary of a channel that is due: its keys in the outbox, the first message's first.

    Empty where another process was first, or where nothing changed and the channel wants silence. Whoever was away for days
    posts once. Raises Missing where this machine does not know the zone.
    """
    lock(session, "daily")
    # Whoever loads records at this moment has taken the time already: what they write must not fall between two summaries.
    lock(session, "records")
    current = subscriptions.of_channel(session, one.workspace, one.channel)
    if current is None or not _is_due(current, now):
        return []
    day, _ = schedule.last_due(current.at, current.zone, now)
    until = max(now, current.told_until)
    subscriptions.told(session, current, until, day)
    digest = gather(session, current.workspace, current.told_until, until)
    if digest.is_quiet and current.quiet == "silent":
        return []
    receipt = receipts.new_id(now)
    said = bulletin.messages(words, digest, day, current.zone, receipt)
    receipts.keep(session, receipt, current.workspace, now, evidence(digest, said, f"daily {current.channel}"))
    posts = _posts(current, day, said)
    return [post.key for post in posts if outbox.reserve(session, post, now)]


def _may_be_due(one: Subscription, now: datetime) -> bool:
    try:
        return _is_due(one, now)
    except Missing:
        # Said by `reserve`, for this channel alone.
        return True


def _is_due(one: Subscription, now: datetime) -> bool:
    """A summary that was set after today's moment begins tomorrow."""
    day, moment = schedule.last_due(one.at, one.zone, now)
    return moment > one.set_at and (one.last_day is None or day > one.last_day)


def _posts(one: Subscription, day: date, said: Sequence[Message]) -> Iterator[Outgoing]:
    """The first message, and those in its thread."""
    key = f"daily:{one.workspace}:{one.channel}:{day}"
    for number, message in enumerate(said):
        payload = message.payload() | {"channel": one.channel}
        own, parent = (f"{key}:{number}", key) if number else (key, "")
        yield Outgoing(own, one.workspace, one.channel, payload, only_once=True, parent=parent)


def evidence(digest: Digest, said: Sequence[Message], asker: str) -> dict[str, Any]:
    """What a receipt keeps of a summary: what was told, by which data, in which words."""
    told: dict[str, list[str]] = {}
    for event in digest.events:
        told.setdefault(event.what, []).append(_record(event))
    for change in digest.records:
        told.setdefault(f"record {change.what}", []).append(change.entity_id)
    data = [(one.list, one.version, one.loaded_at) for one in digest.coverage]
    return {
        "digest": {
            "since": _moment(digest.since),
            "until": _moment(digest.until),
            "told": told,
            "baselines": [one.list for one in digest.baselines],
        },
        "data": [{"list": list, "version": version, "loaded_at": _moment(at)} for list, version, at in data],
        "text": said[0].text,
        "blocks": said[0].blocks,
        "thread": [one.text for one in said[1:]],
        "asker": asker,
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""


def gather(session: Session, workspace: str, since: datetime, until: datetime) -> Digest:
    """What became known to a workspace after `since`, up to `until`, net of what was taken back in that time."""
    first, newer = news.loads(session, workspace, since, until)
    baselines = tuple(one for one in first if one.list in BASELINES)
    told = tuple(one.list for one in (*first, *newer) if one not in baselines)
    span = Span(workspace, since, until, told)
    then, now = (Reading(session, workspace, at, at.astimezone(UTC).date()) for at in (since, until))
    events = [*_acts(news.listings(session, span), then, now), *_said(news.claims(session, span), then, now)]
    return Digest(
        since=since,
        until=until,
        events=tuple(sorted(events, key=_place)),
        records=tuple(_others(news.entities(session, span), events)),
        baselines=baselines,
        newer=tuple(newer),
        coverage=now.coverage,
    )


def _place(event: Event) -> tuple[int, int, str, str]:
    """The most serious first, then by name."""
    measures = event.listing.listing.measures if event.listing else ()
    measure = min((SERIOUSNESS.get(one, 9) for one in measures), default=9)
    return NEWS.index(event.what), measure, " ".join(one.name.casefold() for one in event.entities), _record(event)


def _record(event: Event) -> str:
    """The id of what an event tells of."""
    return event.listing.listing.id if event.listing else event.claim.claim.id if event.claim else ""


def _others(changes: Iterable[Change[tuple[str, str]]], events: Iterable[Event]) -> Iterator[RecordChange]:
    """Changes of entities' own records; of one that came or went, an event about it says enough."""
    told = {entity.id for event in events for entity in event.entities}
    for change in changes:
        id, name = change.after or change.before or ("", "")
        what = "removed" if change.after is None else "changed" if change.before else "added"
        if what == "changed" or id not in told:
            yield RecordChange(what, id, name)


def _known(reading: Reading, ids: Iterable[str]) -> dict[str, Entity]:
    return entities.by_ids(reading.session, ids, reading.workspace, reading.known_at)


def _acts(changes: Sequence[Change[Listing]], then: Reading, now: Reading) -> Iterator[Event]:
    """What changed of the law: each listing as it stands now, or stood where it is gone."""
    kinds = [(_act(one, then.day, now.day), one) for one in changes]
    told = [(what, one) for what, one in kinds if what]
    stood = then.listing_facts(one.before for what, one in told if one.before and what == "removed")
    stand = now.listing_facts(one.after for _, one in told if one.after)
    facts = {fact.listing.id: fact for fact in (*stood, *stand)}
    ids = {fact.listing.entity_id for fact in facts.values()}
    known = _known(then, ids) | _known(now, ids)
    for what, one in told:
        fact = facts[(one.after or one.before).id]  # type: ignore[union-attr]  # one of the two is there
        about = (known[fact.listing.entity_id],) if fact.listing.entity_id in known else ()
        yield Event(fact.since, what, about, fact, was=one.before if what == "terms" else None)


def _act(change: Change[Listing], then: date, now: date) -> str:
    """What a change of a listing is in NEWS; empty where it is none."""
    before, after = change.before, change.after
    if after is None:
        return "removed"
    ended = _has_ended(after, now)
    if before is None or ended != _has_ended(before, then):
        return "ended" if ended else "listed"
    return "terms" if any(getattr(before, term) != getattr(after, term) for term in TERMS) else ""


def _has_ended(listing: Listing, day: date) -> bool:
    return bool(listing.ended_on) and dates.last_day(listing.ended_on) <= day


def _said(changes: Sequence[Change[Claim]], then: Reading, now: Reading) -> Iterator[Event]:
    """What changed of reporting. A denial that is shown beside what it denies is not told a second time."""
    gone = {one.before.id: "withdrawn" for one in changes if one.before and one.after is None}
    told = {one.after.id: what for one in changes if one.after and (what := _statement(one.before, one.after))}
    events = list(_Statements(told, [one.after for one in changes if one.after], now).events())
    beside = {denial.claim.id for event in events if event.what != "denied" for denial in event.denials}
    yield from (event for event in events if event.what != "denied" or _record(event) not in beside)
    yield from _Statements(gone, [one.before for one in changes if one.before], then).events()


def _statement(before: Claim | None, after: Claim) -> str:
    """What a claim that is new or differs is in NEWS; empty where it says the same as before."""
    if before is None or _whom(before) != _whom(after):
        return TELLS[after.stance]
    return "reworded" if replace(before, topics=after.topics) != after else ""


def _whom(claim: Claim) -> tuple[str, frozenset[str]]:
    return claim.stance, frozenset((*claim.subject_ids, *claim.possible_ids))


class _Statements:
    """Claims of which something is to be told (id → what it is in NEWS), among all that bear upon them as one moment knew it."""

    def __init__(self, told: Mapping[str, str], some: Iterable[Claim], reading: Reading) -> None:
        self.told = told
        about = [one for one in some if one.id in told]
        bearing = news.concerning(reading.session, about, reading.workspace, reading.known_at)
        # Whatever day they speak of: what counts is that it became known.
        facts = replace(reading, day=date.max).claim_facts(bearing)
        self.facts = {fact.claim.id: fact for fact in facts}
        self.known = _known(reading, (id for one in about for id in (*one.subject_ids, *one.possible_ids)))
        self.general: dict[str, list[str]] = defaultdict(list)
        for fact in facts:
            if fact.claim.stance == "denies" and not fact.claim.answers and stands(fact):
                for id in fact.claim.subject_ids:
                    self.general[id].append(fact.claim.id)

    def events(self) -> Iterator[Event]:
        """Each with the denials stored of it, and with what it answers."""
        for id, what in self.told.items():
            fact = self.facts[id]
            whom = dict.fromkeys((*fact.claim.subject_ids, *fact.claim.possible_ids))
            about = tuple(self.known[id] for id in whom if id in self.known)
            answered = tuple(self.facts[id] for id in fact.claim.answers if id in self.facts)
            yield Event(fact.counts_from, what, about, None, fact, tuple(self._denials(fact, answered)), answered)

    def _denials(self, fact: ClaimFact, answered: Sequence[ClaimFact]) -> Iterator[ClaimFact]:
        """The denials of a claim: its own, those of what it confirms or retracts, and what its subjects deny in general. Those
        that are new come first."""
        if fact.claim.stance == "denies":
            return
        ids = [*fact.denied_by, *(id for one in answered for id in one.denied_by)]
        if fact.claim.stance in AGAINST:
            ids += [id for subject in fact.claim.subject_ids for id in self.general[subject]]
        yield from (self.facts[id] for id in sorted(dict.fromkeys(ids), key=lambda id: id not in self.told))
