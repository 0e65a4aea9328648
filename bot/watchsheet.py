"""What is watched as a CSV: every watch in a row, or every name of one with how it stands now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy.orm import Session

from bot import dates, lookup, screening
from bot.answers import Subject
from bot.dossier import Reading
from bot.lookup import Knowledge
from bot.monitoring import Watch, Watched
from bot.reply import Words
from bot.screening import Asked
from bot.store import watches

STANDS = tuple(name for name in screening.ADDS if name != "candidates")
"""Columns that say how a subject stands."""

GIVEN = ("name", "id", "kind", "country")
"""The columns of a portfolio, as it came in: with them, it can be read as one again."""

NAMES = (*GIVEN, *STANDS)
"""The columns of a watch: how each name stands now."""

WATCHES = (
    *(
        "watch",
        "kind",
        "label",
        "channel",
        "user",
        "names",
        "set_by",
        "set_at",
        "seen_until",
        "paused_since",
        "paused_why",
    ),
    *STANDS,
)
"""The columns of all watches; how it stands is told of those on one subject."""

CHUNK = 200
"""Names that are looked up together."""


def names(session: Session, knowledge: Knowledge, words: Words, watch: Watch, now: datetime) -> Iterator[list[str]]:
    """The names of a watch in order, each a row of NAMES."""
    for some in watches.each_watched(session, [watch.id], CHUNK):
        stand = standing(session, knowledge, words, some, now)
        for one, cells in zip(some, stand, strict=True):
            yield [one.name, one.reference, one.schema, one.country, *cells]


def all_watches(
    session: Session, knowledge: Knowledge, words: Words, some: Iterable[Watch], now: datetime
) -> Iterator[list[str]]:
    """Each of these watches, a row of WATCHES."""
    waiting = iter(some)
    while few := list(islice(waiting, CHUNK)):
        subjects = {
            one.watch_id: one
            for one in watches.watched(session, [one.id for one in few if one.kind in ("entity", "name")])
        }
        stand = dict(zip(subjects, standing(session, knowledge, words, list(subjects.values()), now), strict=True))
        for one in few:
            yield [*_watch(one), *stand.get(one.id, [""] * len(STANDS))]


def _watch(one: Watch) -> list[str]:
    size = str(one.size) if one.kind == "portfolio" else ""
    moments = [dates.moment(at) if at else "" for at in (one.set_at, one.seen_until, one.paused_at)]
    return [one.id, one.kind, one.label, one.channel, one.user, size, one.set_by, *moments, one.paused_why]


def standing(
    session: Session, knowledge: Knowledge, words: Words, some: Sequence[Watched], now: datetime
) -> list[list[str]]:
    """The cells of STANDS for each of these: of the entity that it is known to be, else of whoever is called that."""
    reading = Reading(session, knowledge.workspace, None, now.astimezone(UTC).date(), knowledge.required)
    known = reading.standings(one.entity_id for one in some if one.entity_id)
    view = knowledge.view(reading)
    unknown = [one for one in some if one.entity_id not in known]
    mentions = [screening.mention(knowledge, view, Asked(one.name, one.schema, one.country)) for one in unknown]
    called = dict(zip((one.pk for one in unknown), lookup.weigh_names(mentions, reading, knowledge), strict=True))
    rows = []
    for one in some:
        subject = called.get(one.pk)
        if subject is None:
            found = known[one.entity_id]
            subject = Subject(one.name, found.status, found.contested, found.named, found)
        rows.append(screening.cells(words, subject, Asked(one.name, one.schema, one.country), reading)[: len(STANDS)])
    return rows
