"""Route 1: a question -> an Answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from bot import mentions, overview, questions, receipts, subjects, topical
from bot.answers import OVER_ALL, Answer, Context, Standing, Subject
from bot.dossier import Reading
from bot.errors import UserError
from bot.indexing import Names
from bot.matching.index import Index, Match, View, decide
from bot.matching.score import MATCH, SHOW
from bot.matching.topics import Labelled, Topics
from bot.mentions import Mention, Mentioned
from bot.questions import Question
from bot.questions.times import day as read_day
from bot.records import PUBLIC, Change, Dataset, Reason, Thresholds
from bot.store import claims, thresholds

SHIPPED = Thresholds(SHOW, MATCH)
"""The thresholds of a workspace that has set none."""

NEAREST = 5
"""How many candidates are shown."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a process holds ready for a workspace to look names and topics up in, the transaction that recorded the last of it,
    the scores from which the workspace wants names shown and matched, and the lists that must be fresh for a negative."""

    workspace: str
    change: Change
    index: Index
    topics: Topics
    thresholds: Thresholds
    required: tuple[str, ...] = ()

    def view(self, reading: Reading) -> View:
        """The names that count in a reading."""
        return View(self.workspace, reading.known_at, reading.day, self.thresholds.show)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks what and when: the question as asked, the workspace, the moment (UTC), and options that override its words.

    `chosen` says which entity is meant where a mention fits several: the number of the mention, the entity's id. Where
    `outsiders` read along, only public records are used. `by` is who asked; `about` are ids of records that are meant for sure.
    """

    question: str
    workspace: str
    now: datetime
    as_of: str = ""
    known_at: datetime | None = None
    context: Context = field(default_factory=Context)
    chosen: tuple[tuple[int, str], ...] = ()
    outsiders: bool = False
    by: str = ""
    about: tuple[str, ...] = ()

    @property
    def sees(self) -> str:
        """The workspace whose records may be used."""
        return PUBLIC if self.outsiders else self.workspace


def know(
    session: Session, names: Names, workspace: str, before: Knowledge | None = None, required: tuple[str, ...] = ()
) -> Knowledge:
    """What is stored for a workspace, ready to be looked up; what `before` holds where nothing was recorded since."""
    index = names.current(session)
    wanted = thresholds.of(session, workspace) or SHIPPED
    if before and (before.change, before.workspace) == (names.at, workspace):
        return before if before.thresholds == wanted else replace(before, thresholds=wanted)
    labelled = (Labelled(one.id, (one.category, *one.topics), one.statement) for one in claims.ever(session, workspace))
    return Knowledge(workspace, names.at, index, Topics(names.analyser, labelled), wanted, required)


def answer(session: Session, knowledge: Knowledge, asking: Asking) -> Answer:
    """One answer to one question. Reads only; the caller keeps the receipt.

    Raises UserError for a question that is too long, names a day that cannot be, or chooses what cannot be chosen any more.
    """
    found = _answer(session, knowledge, asking)
    return replace(found, subjects=_settled(found.subjects, dict(asking.chosen))) if asking.chosen else found


def _answer(session: Session, knowledge: Knowledge, asking: Asking) -> Answer:
    today = asking.now.astimezone(UTC).date()
    question = _in_context(questions.read("" if asking.about else asking.question, today), asking.context)
    reading = Reading(session, asking.sees, asking.known_at, _day(question, asking, today), knowledge.required)
    question = _as_name(question, reading, knowledge)
    empty = Answer(
        receipt=receipts.new_id(asking.now),
        question=question.asked or asking.question,
        intent=question.intent,
        as_of=reading.day,
        known_at=asking.known_at or asking.now,
        asked_at=asking.now,
        coverage=reading.coverage,
        period=question.period,
        permission=question.permission,
        filters=question.filters,
        reach=overview.reach(reading, question.filters) if question.filters.first else "",
    )
    if asking.about:
        return replace(empty, intent="status", subjects=_again(Context(((asking.question, asking.about),)), reading))
    if question.intent in OVER_ALL:
        return overview.fill(empty, reading)
    if question.intent == "changes":
        return overview.fill(replace(empty, subjects=_concerned(question, reading, knowledge, asking.context)), reading)
    return _about(empty, question, reading, knowledge, asking.context)


def _as_name(question: Question, reading: Reading, knowledge: Knowledge) -> Question:
    """A question of words that ask nothing: about whoever is called just that, where somebody is."""
    if question.intent != "unknown":
        return question
    names = _mentioned(question, reading, knowledge).names
    is_name = any(one.matches and one.matches[0].reasons[0].code.startswith("exact") for one in names)
    return replace(question, intent="status") if is_name else question


def _day(question: Question, asking: Asking, today: date) -> date:
    if asking.as_of:
        return read_day(asking.as_of, today)
    if question.as_of:
        return question.as_of
    kept = asking.context.as_of
    return kept if kept and question.pointing and not question.timed else today


def _in_context(question: Question, context: Context) -> Question:
    """A question that only makes sense after another one: it takes on the intent it lacks."""
    has_words = any(token.role == "word" for token in question.tokens)
    if question.intent == "unknown" and not has_words and question.timed and (context.subjects or context.topic):
        return replace(question, intent=context.intent, pointing=True)
    return question


def _about(empty: Answer, question: Question, reading: Reading, knowledge: Knowledge, context: Context) -> Answer:
    """The answer about the names of a question; without any, about its topic; without that, about what was talked of."""
    if question.choosing and len(context.subjects) == 1 and context.subjects[0][1]:
        return replace(empty, subjects=_chosen(question, context, reading))
    found = _mentioned(question, reading, knowledge)
    if any(one.is_sure or one.matches for one in found.names) and not _only_topical(question, found.names):
        return replace(empty, subjects=_subjects(found.names, reading, knowledge))
    if topic := topical.fill(empty, question, reading, knowledge.topics, found.topic):
        return topic
    if context.subjects and not found.names and (question.pointing or not found.topic):
        return replace(empty, subjects=_again(context, reading))
    if context.topic and (again := topical.fill(empty, question, reading, knowledge.topics, context.topic)):
        return again
    asks = question.explicit or question.intent not in ("status", "topic") or _is_bare(question)
    if asks and (found.names or found.topic):
        named = found.names or (
            Mention(found.topic, 0, tuple(knowledge.index.match(found.topic, knowledge.view(reading)))),
        )
        return replace(empty, subjects=_subjects(named, reading, knowledge))
    if question.intent == "topic":
        return replace(empty, topic=found.topic or question.text)
    if question.intent in ("denial", "sources"):
        return topical.everything(empty, reading)
    return replace(empty, intent="unknown")


def _mentioned(question: Question, reading: Reading, knowledge: Knowledge) -> Mentioned:
    view, match = knowledge.view(reading), knowledge.thresholds.match
    return mentions.find(knowledge.index, knowledge.topics, question, view, match)


def _only_topical(question: Question, names: Sequence[Mention]) -> bool:
    """Whether a question about a topic names only what is not stored."""
    return question.intent == "topic" and not any(one.matches for one in names)


def _is_bare(question: Question) -> bool:
    """Whether a question is nothing but a name."""
    return all(token.role in ("word", "break", "quote") for token in question.tokens)


def _concerned(question: Question, reading: Reading, knowledge: Knowledge, context: Context) -> tuple[Subject, ...]:
    """The subjects whose changes are asked for; none when all changes are."""
    found = _mentioned(question, reading, knowledge)
    if found.names:
        return _subjects(found.names, reading, knowledge)
    return _again(context, reading) if question.pointing and not found.topic else ()


def _subjects(names: Sequence[Mention], reading: Reading, knowledge: Knowledge) -> tuple[Subject, ...]:
    found = weigh_names(names, reading, knowledge)
    return tuple({_identity(one): one for one in reversed(found)}.values())[::-1]


def weigh_names(names: Sequence[Mention], reading: Reading, knowledge: Knowledge) -> list[Subject]:
    """For each name, in order, the entity it means and how it stood, or those it may mean: read in one set of queries."""
    standings = reading.standings(match.entity_id for name in names for match in name.matches)
    return [_subject(name, standings, reading, knowledge.thresholds.match) for name in names]


def _identity(subject: Subject) -> str:
    """Two mentions of one entity are one subject, told at its first mention."""
    return subject.standing.entity.id if subject.standing else subject.mention.casefold()


def _subject(name: Mention, standings: dict[str, Standing], reading: Reading, match: float) -> Subject:
    matches = subjects.distinct(name.matches, standings)
    likely = decide(matches, match)
    weighed = [subjects.matched(standings[one.entity_id], one) for one in likely or matches[:NEAREST]]
    if len(likely) == 1:
        return _one(name.text, weighed[0], matches[1:], standings)
    if likely:
        return ambiguous(name.text, weighed)
    return replace(_nothing(name.text, weighed, reading), reasons=name.wrong)


def _nothing(mention: str, near: Sequence[Standing], reading: Reading) -> Subject:
    """A mention that nothing fits; whether that says anything depends on what was searched."""
    return Subject(mention, "no_record" if reading.silence_counts else "cannot_say", candidates=tuple(near))


def _one(mention: str, standing: Standing, others: Sequence[Match], standings: dict[str, Standing]) -> Subject:
    near = tuple(subjects.matched(standings[match.entity_id], match) for match in others[:NEAREST])
    return Subject(mention, standing.status, standing.contested, standing.named, standing, near)


def ambiguous(mention: str, candidates: Iterable[Standing]) -> Subject:
    """A mention that several entities fit equally well; contested when any of them is."""
    some = tuple(candidates)
    contested, named = any(one.contested for one in some), any(one.named for one in some)
    return Subject(mention, "ambiguous", contested, named, None, some)


def _again(context: Context, reading: Reading) -> tuple[Subject, ...]:
    """The subjects that the conversation was about, looked up anew."""
    standings = reading.standings(id for _, ids in context.subjects for id in ids)
    found = []
    for mention, ids in context.subjects:
        some = subjects.of(ids, standings)
        if len(some) == 1:
            found.append(_one(mention, some[0], (), standings))
        else:
            found.append(ambiguous(mention, some) if some else _nothing(mention, (), reading))
    return tuple(found)


def _settled(some: Sequence[Subject], chosen: dict[int, str]) -> tuple[Subject, ...]:
    """The subjects, those that fit several entities settled by what a person chose."""
    return tuple(_settle(one, chosen[number]) if number in chosen else one for number, one in enumerate(some))


def _settle(subject: Subject, entity_id: str) -> Subject:
    found = next((one for one in subject.candidates if entity_id in one.records), None)
    if found is None:
        raise UserError("The records have changed since: that one can no longer be chosen. Please ask again.")
    others = tuple(one for one in subject.candidates if one is not found)
    if found.match:
        by_person = Reason("chosen", str(len(subject.candidates)))
        found = replace(found, match=replace(found.match, reasons=(*found.match.reasons, by_person)))
    return Subject(subject.mention, found.status, found.contested, found.named, found, others)


ORDINALS = {"first": 0, "second": 1, "third": 2, "last": -1}


def _chosen(question: Question, context: Context, reading: Reading) -> tuple[Subject, ...]:
    """The one of several candidates that the question picks by a word of its names, by its place or by its status; all of
    them where that does not tell."""
    mention, ids = context.subjects[0]
    found = reading.standings(ids)
    some = subjects.of(ids, found)
    words = [token.text.casefold() for token in question.tokens]
    by_place = [some[ORDINALS[word]] for word in words if word in ORDINALS and some[ORDINALS[word] :][:1]]
    by_name = [
        one
        for one in some
        if any(word in " ".join(name.value for name in one.entity.names).casefold() for word in _names(question))
    ]
    by_status = [
        one for one in some if one.status in words or (one.status == "listed" and "listed" in question.filters)
    ]
    chosen = next((few for few in (by_place, by_name, by_status) if len(few) == 1), some)
    return (_one(mention, chosen[0], (), found),) if len(chosen) == 1 else (ambiguous(mention, some),)


def _names(question: Question) -> list[str]:
    """The words of a question that may be of a name."""
    return [token.text.casefold() for token in question.tokens if token.role == "word" and len(token.text) > 2]


def about_coverage(coverage: Sequence[Dataset], now: datetime) -> Answer:
    """The answer to "what is loaded?", without a receipt, for whoever runs the bot."""
    return Answer("none", "coverage", "coverage", now.date(), now, now, coverage=tuple(coverage))
