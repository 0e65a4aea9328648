"""An answer as JSON, in the form of the contract, and what of it a receipt keeps."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot import dates
from bot.answers import Answer, ClaimFact, Context, ListingFact, Matched, Standing, Subject
from bot.lookup import Asking
from bot.matching.score import VERSION
from bot.records import FieldChange, Source
from bot.reply import Message, Words


def answer(words: Words, one: Answer, message: Message) -> dict[str, Any]:
    """The whole answer as one JSON object, with its text and blocks."""
    return {
        "receipt": one.receipt,
        "question": one.question,
        "intent": one.intent,
        "as_of": one.as_of.isoformat(),
        "known_at": dates.moment(one.known_at),
        "subjects": [_subject(words, subject) for subject in one.subjects],
        "claims": [_claim(fact) for fact in one.claims],
        "events": [
            {
                "on": event.on,
                "what": event.what,
                "entities": [entity.id for entity in event.entities],
                "record": event.listing.listing.id if event.listing else event.claim.claim.id if event.claim else None,
                "fields": [_field(change) for change in event.fields],
            }
            for event in one.events
        ],
        "total": one.total,
        "counts": dict(one.counts),
        "ids": list(one.ids),
        "coverage": [{"list": set.list, "version": set.version, "state": set.state} for set in one.coverage],
        "text": message.text,
        "blocks": message.blocks,
    }


def _field(one: FieldChange) -> dict[str, Any]:
    return {"field": one.field, "before": one.before, "after": one.after, "version": one.version}


def evidence(words: Words, one: Answer, message: Message, asker: str) -> dict[str, Any]:
    """What a receipt keeps: the answer as it was given, by which data and which matcher, and who asked."""
    # A list that is missing was never loaded.
    data = [
        {"list": set.list, "version": set.version, "loaded_at": dates.moment(set.loaded_at) if set.loaded_at else None}
        for set in one.coverage
    ]
    return {"answer": answer(words, one, message), "data": data, "matcher": VERSION, "asker": asker}


def asking(one: Asking) -> dict[str, Any]:
    """All that a question rested on besides the records, so that it can be asked again."""
    return {
        "question": one.question,
        "as_of": one.as_of,
        "known_at": dates.moment(one.known_at) if one.known_at else None,
        "context": context(one.context),
        "chosen": [list(choice) for choice in one.chosen],
        "outsiders": one.outsiders,
        "about": list(one.about),
    }


def read_asking(stored: Mapping[str, Any], workspace: str, now: datetime) -> Asking:
    """The question that `asking` wrote down, asked at `now`."""
    return Asking(
        stored["question"],
        workspace,
        now,
        stored["as_of"],
        datetime.fromisoformat(stored["known_at"]) if stored["known_at"] else None,
        read_context(stored["context"]),
        tuple((int(number), str(id)) for number, id in stored["chosen"]),
        stored["outsiders"],
        # Receipts from before there were watches lack it.
        about=tuple(map(str, stored.get("about", ()))),
    )


def context(one: Context) -> dict[str, Any]:
    """What a conversation was about, as JSON."""
    return {
        "subjects": [[mention, list(ids)] for mention, ids in one.subjects],
        "intent": one.intent,
        "as_of": one.as_of.isoformat() if one.as_of else None,
        "topic": one.topic,
    }


def read_context(stored: Mapping[str, Any]) -> Context:
    """What `context` wrote down; an empty one of nothing."""
    if not stored:
        return Context()
    subjects = tuple((str(mention), tuple(map(str, ids))) for mention, ids in stored["subjects"])
    day = date.fromisoformat(stored["as_of"]) if stored["as_of"] else None
    return Context(subjects, stored["intent"], day, stored["topic"])


def _subject(words: Words, one: Subject) -> dict[str, Any]:
    standing = one.standing
    return {
        "mention": one.mention,
        "status": one.status,
        "contested": one.contested,
        "named": one.named,
        "entity": _entity(words, standing) if standing else None,
        "match": _match(words, standing.match) if standing and standing.match else None,
        "candidates": [_candidate(words, candidate) for candidate in one.candidates],
        "listings": [_listing(fact) for fact in standing.listings] if standing else [],
        "claims": [_claim(fact) for fact in standing.claims] if standing else [],
    }


def _entity(words: Words, one: Standing) -> dict[str, Any]:
    entity = one.entity
    return {
        "id": entity.id,
        "name": entity.name,
        "kind": entity.kind,
        "countries": list(entity.countries),
        "names": [{"value": name.value, "kind": name.kind, "script": name.script} for name in entity.names],
        "identifiers": [{"scheme": number.scheme, "value": number.value} for number in entity.identifiers],
        "note": entity.note,
        "records": list(one.records),
        "joined": [words.reason(why) for why in one.joined],
    }


def _match(words: Words, one: Matched) -> dict[str, Any]:
    return {"score": one.score, "matched_name": one.name, "reasons": [words.reason(why) for why in one.reasons]}


def _candidate(words: Words, one: Standing) -> dict[str, Any]:
    match = _match(words, one.match) if one.match else {"score": None, "reasons": []}
    return {
        "id": one.entity.id,
        "name": one.entity.name,
        "score": match["score"],
        "reasons": match["reasons"],
        "status": one.status,
        "contested": one.contested,
        "listings": [_listing(fact) for fact in one.listings],
        "claims": [_claim(fact) for fact in one.claims],
    }


def _listing(fact: ListingFact) -> dict[str, Any]:
    one = fact.listing
    return {
        "authority": one.authority,
        "list": one.list,
        "programme": one.programme or None,
        "legal_basis": one.legal_basis or None,
        "measures": list(one.measures),
        "listed_on": one.listed_on or None,
        "first_seen": one.first_seen or None,
        "ended_on": one.ended_on or None,
        "last_seen": one.last_seen or None,
        "status": fact.state,
        "record_id": one.record_id or None,
        "reason": one.reason or None,
        "read_on": one.read_on,
        "source": _source(fact.sources[0]) if fact.sources else None,
        "sources": [_source(source) for source in fact.sources],
    }


def _claim(fact: ClaimFact) -> dict[str, Any]:
    one = fact.claim
    return {
        "id": one.id,
        "stance": one.stance,
        "category": one.category,
        "statement": one.statement,
        "asserted_by": one.asserted_by,
        "hedge": one.hedge or None,
        "stated_on": one.stated_on or None,
        "period": one.period or None,
        "standing": fact.standing,
        "answers": list(one.answers),
        "subjects": list(one.subject_ids),
        "possible_subjects": list(one.possible_ids),
        "origin": {
            "id": fact.origin.id,
            "speaker": fact.origin.speaker,
            "occasion": fact.origin.occasion or None,
            "uttered_on": fact.origin.uttered_on or None,
        },
        "sources": [_source(source) for source in fact.sources],
    }


def _source(one: Source) -> dict[str, Any]:
    return {"publisher": one.publisher, "title": one.title, "url": one.url, "published_on": one.published_on}
