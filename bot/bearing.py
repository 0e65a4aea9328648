"""Who bears a name: somebody on record for certain, or only somebody alike; and which words are several names. What is watched
rests on that for as long as it is watched, so that it takes more than an answer does."""

from collections.abc import Iterable

from bot import lookup, mentions, questions, screening
from bot.answers import Subject
from bot.dossier import Reading
from bot.errors import UserError
from bot.joining import dataset
from bot.lookup import Knowledge
from bot.mentions import Mention
from bot.records import PUBLIC
from bot.screening import Asked
from bot.store import datasets

BORNE = 0.95
"""From this likeness on a stored name may be the very name. What is written alike, the same words in another order or in another
script, and a weak alias to the letter score 0.95 and more."""

MEANT = 0.85
"""From this likeness on an entity may be meant by words that are not said to be its name: so score 7 of 10 names with a slip of
the pen or without their last word. Of 400 listed firms, 11 are so like another one."""

ELSEWHERE = frozenset(("only_asked", "legal_form"))
"""Reasons that speak of another firm, whatever the likeness: a word that the stored name lacks, another legal form. Of the 11,
7 have one of them."""

NEARLY = frozenset(("typo", "spelling", "only_stored", "initials"))
"""Reasons for which a name is not the very name."""

DISTINCT = frozenset(("brand", "name", "given", "number"))
"""Kinds of words that a name has and "Supply Co" has not."""


def called(reading: Reading, knowledge: Knowledge, name: str) -> Subject:
    """Who is called that, as `screen` finds them: the words are a name as a whole, or a number."""
    mention = screening.mention(knowledge, knowledge.view(reading), Asked(name, "", ""))
    return lookup.weigh_names([mention], reading, knowledge)[0]


def is_borne(subject: Subject) -> bool:
    """Whether somebody on record bears the very name that was looked up, and nobody else does."""
    return _is_sure(subject, BORNE, ELSEWHERE | NEARLY)


def is_meant(subject: Subject) -> bool:
    """Whether it is so alike that who is called so is meant, slips of the pen and words left out aside."""
    return _is_sure(subject, MEANT, ELSEWHERE)


def _is_sure(subject: Subject, likeness: float, against: frozenset[str]) -> bool:
    match = subject.standing.match if subject.standing else None
    if match is None:
        return subject.standing is not None
    return match.score >= likeness and against.isdisjoint(why.code for why in match.reasons)


def hidden(reading: Reading, ids: Iterable[str]) -> set[str]:
    """Which of these records are a workspace's own, where those who read may see only what everybody may."""
    some = set(ids) if reading.workspace == PUBLIC else set()
    holders = {name: datasets.holders(reading.session, name) for name in map(dataset, some)}
    return {id for id in some if holders[dataset(id)] and PUBLIC not in holders[dataset(id)]}


def several(reading: Reading, knowledge: Knowledge, said: str) -> tuple[str, ...]:
    """The names in some words where these are several, as `ask` reads them; none where they are one name or none: "Acme Trading
    and Supply Co"."""
    try:
        # What asks nothing is read as one name sooner.
        question = questions.read(f"{said}?", reading.day)
    except UserError:
        return ()
    match = knowledge.thresholds.match
    found = mentions.find(knowledge.index, knowledge.topics, question, knowledge.view(reading), match).names
    names = tuple(dict.fromkeys(one.text for one in found if _is_name(knowledge, one)))
    return names if len(names) > 1 else ()


def _is_name(knowledge: Knowledge, one: Mention) -> bool:
    if one.matches and one.matches[0].score >= knowledge.thresholds.match:
        return True
    return any(word.kind in DISTINCT for word in knowledge.index.analyser.analyse(one.text).words)
