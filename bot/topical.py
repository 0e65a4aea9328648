"""Answers questions that name nobody: the claims on a topic, with those who are named in them and what they answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot import dates
from bot.answers import Answer, ClaimFact, Subject
from bot.dossier import Reading
from bot.matching.topics import Topics
from bot.questions import Question
from bot.records import Claim


def fill(empty: Answer, question: Question, reading: Reading, topics: Topics, words: str) -> Answer | None:
    """The answer about the topic that `words` ask for; None where no claim speaks of it.

    A period that some of the claims speak of narrows them to it ("in Q4 2023"); else it is the time of asking.
    """
    order = topics.search(words)
    if not order:
        return None
    stored = {one.id: one for one in reading.all_claims()}
    found = [stored[id] for id in order if id in stored]
    if question.period and (spoken := [one for one in found if _speaks_of(one, question.period)]):
        reading = replace(reading, day=max(reading.day, empty.asked_at.date()))
        found = spoken
    facts = _with_replies(found, stored.values(), reading)
    intent = "topic" if question.intent in ("status", "profile", "list", "unknown") else question.intent
    return _grouped(replace(empty, intent=intent, as_of=reading.day, topic=words), facts, reading)


def everything(empty: Answer, reading: Reading) -> Answer:
    """All denials, or all claims with their sources, for a question that says no more than that."""
    stored = reading.all_claims()
    wanted = [one for one in stored if empty.intent != "denial" or one.stance == "denies"]
    return _grouped(replace(empty, topic=empty.intent), _with_replies(wanted, stored, reading), reading)


def _speaks_of(claim: Claim, period: tuple[date, date]) -> bool:
    if not claim.period:
        return False
    first, last = dates.span(claim.period)
    return first <= period[1] and period[0] <= last


def _with_replies(found: list[Claim], stored: Iterable[Claim], reading: Reading) -> list[ClaimFact]:
    """The facts of the claims found, with the denials of them and what they deny, each beside the other."""
    by_id = {one.id: one for one in stored}
    wanted = {one.id: one for one in found}
    wanted |= {id: by_id[id] for one in found for id in one.answers if id in by_id}
    wanted |= {one.id: one for one in by_id.values() if set(one.answers) & wanted.keys()}
    return reading.claim_facts(wanted.values())


def _grouped(empty: Answer, facts: list[ClaimFact], reading: Reading) -> Answer:
    """Claims about exactly one entity go to it as a subject, the rest stand by themselves."""
    mine: dict[str, list[ClaimFact]] = {}
    general: list[ClaimFact] = []
    for fact in facts:
        if len(fact.claim.subject_ids) == 1 and not fact.claim.answers:
            mine.setdefault(fact.claim.subject_ids[0], []).append(fact)
        else:
            general.append(fact)
    subjects = []
    for id, standing in reading.standings(mine).items():
        said = tuple(
            one for one in standing.claims if one.claim.id in {fact.claim.id for fact in mine[id]} or one.claim.answers
        )
        shown = replace(standing, claims=said)
        subjects.append(Subject(standing.entity.name, standing.status, standing.contested, standing.named, shown))
    return replace(empty, subjects=tuple(subjects), claims=tuple(general))
