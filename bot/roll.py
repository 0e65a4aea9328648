"""Everything that a summary tells of as a table: a change a row, as CSV that spreadsheets read and do not run."""

from collections.abc import Sequence

from bot import reply, sheets
from bot.answers import ClaimFact, Digest, Event, RecordChange
from bot.records import FieldChange
from bot.reply import Words

COLUMNS = (
    *("what", "name", "entity_id", "authority", "list", "programme", "measures", "since", "before", "after"),
    *("statement", "asserted_by", "stance", "denied", "source", "url"),
)

TERMS = ("authority", "list", "measures", "programme", "legal_basis", "listed_on", "ended_on", "reason")


def table(words: Words, digest: Digest) -> bytes:
    """All events and all other changes of records of a digest, in their order."""
    unanswered = reply.to_text(words.parts("_no_response", 1))
    fields: dict[str, list[FieldChange]] = {}
    for one in digest.fields:
        fields.setdefault(one.entity_id, []).append(one)
    rows = [
        *(_of_event(event, unanswered) for event in digest.events),
        *(_of_record(one, fields.get(one.entity_id, ())) for one in digest.records),
    ]
    return sheets.table(COLUMNS, ([row.get(name, "") for name in COLUMNS] for row in rows))


def _of_event(event: Event, unanswered: str) -> dict[str, str]:
    unsure = event.claim.claim.possible_ids if event.claim else ()
    certain = " and ".join(one.name for one in event.entities if one.id not in unsure)
    possible = " or ".join(one.name for one in event.entities if one.id in unsure)
    about = {"what": event.what, "name": " and ".join(filter(None, (certain, possible)))}
    about["entity_id"] = "; ".join(one.id for one in event.entities)
    return about | (_of_act(event) if event.listing else _of_claim(event, unanswered))


def _of_act(event: Event) -> dict[str, str]:
    fact = event.listing
    if fact is None:
        return {}
    act, was = fact.listing, event.was
    changed = [term for term in TERMS if was and getattr(was, term) != getattr(act, term)]
    return {
        "entity_id": act.entity_id,
        **{name: getattr(act, name) for name in ("authority", "list", "programme")},
        "measures": "; ".join(act.measures),
        "since": fact.since,
        "before": "; ".join(f"{term}: {_said(was, term)}" for term in changed),
        "after": "; ".join(f"{term}: {_said(act, term)}" for term in changed) or act.ended_on,
        "source": "; ".join(one.publisher for one in fact.sources),
        "url": "; ".join(one.url for one in fact.sources if one.url),
    }


def _said(act: object, term: str) -> str:
    value = getattr(act, term)
    return value if isinstance(value, str) else ", ".join(value)


def _of_claim(event: Event, unanswered: str) -> dict[str, str]:
    fact = event.claim
    if fact is None:
        return {}
    denied = "; ".join(f"{one.claim.asserted_by}: {one.claim.statement}" for one in event.denials)
    is_open = fact.claim.stance in ("alleges", "confirms") and event.what != "withdrawn"
    return {
        "since": fact.counts_from,
        "before": _answered(event.answered),
        "statement": fact.claim.statement,
        "asserted_by": fact.claim.asserted_by,
        "stance": fact.claim.stance,
        "denied": denied or (unanswered if is_open else ""),
        "source": "; ".join(one.publisher for one in fact.sources),
        "url": "; ".join(one.url for one in fact.sources if one.url),
    }


def _answered(some: Sequence[ClaimFact]) -> str:
    """What a claim answers."""
    return "; ".join(f"{one.claim.asserted_by}: {one.claim.statement}" for one in some)


def _of_record(one: RecordChange, fields: Sequence[FieldChange]) -> dict[str, str]:
    return {
        "what": f"record {one.what}",
        "name": one.name,
        "entity_id": one.entity_id,
        "before": "; ".join(f"{change.field}: {change.before}" for change in fields if change.before),
        "after": "; ".join(f"{change.field}: {change.after}" for change in fields if change.after),
        "list": "; ".join(dict.fromkeys(change.list for change in fields)),
    }
