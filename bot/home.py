"""Somebody's home: what is watched, the summaries, how fresh the lists are, what was asked lately; and what is set there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import digest, limits, ownership, schedule, watchdesk, watchforms, watching, watchstatus
from bot.dossier import Reading
from bot.errors import Missing
from bot.mail import Place, Subscription, Taken
from bot.monitoring import Watch
from bot.office import Office
from bot.ownership import Owner
from bot.records import Dataset
from bot.reply import Words, to_blocks
from bot.store import channels, subscriptions
from bot.store.receipts import Asked
from bot.watchdesk import Errand
from bot.watchstatus import WatchStatus

ROWS = (20, 12, 6, 3)
"""How many things are shown of each sort: the most that fits."""

QUESTIONS = 8


@dataclass(frozen=True, slots=True)
class Sort:
    """What one place watches: the first of it as it stands, and how much it is in all."""

    where: Owner
    shown: tuple[WatchStatus, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A channel's summary, and when the next comes in its own zone."""

    subscription: Subscription
    next: datetime


@dataclass(frozen=True, slots=True)
class Home:
    """What stands in somebody's home: what they watch themselves and what their channels do, the summaries there, the lists, and
    what they asked lately."""

    today: date
    own: Sort
    channels: tuple[Sort, ...]
    summaries: tuple[Summary, ...]
    coverage: tuple[Dataset, ...]
    asked: tuple[Asked, ...]
    may_for_channels: bool


def show(office: Office, item: Taken, place: Place) -> None:
    """Shows somebody their home, as it stands now; people of other companies get none."""
    if place.is_outsider:
        return office.finish(item)
    with office.database.writing() as session:
        channels.met(session, place.workspace, place.user, place.channel)
    refresh(office, place)
    return office.finish(item)


def refresh(office: Office, place: Place) -> None:
    """Shows somebody's home anew. Where Slack does not take it, it stays as it is until it is opened again."""
    with office.database.reading() as session:
        found = gather(session, office, place)
    office.slack(place.workspace).publish_home(place.user, view(office.desk.words, found))


def stop(office: Office, one: Errand, id: str) -> None:
    """Ends a watch whose button was pressed. Raises UserError as `watchdesk.stop` does."""
    watchdesk.stop(office, one, id, is_seen=True)
    refresh(office, one.here)


def watch(office: Office, one: Errand, fields: Mapping[str, Any]) -> None:
    """Has that be watched which was filled into the form."""
    watchforms.watch(office, one, fields)
    refresh(office, one.here)


def upload(office: Office, one: Errand, fields: Mapping[str, Any]) -> None:
    """Has a portfolio be watched that was filled into the form."""
    watchforms.upload(office, one, fields)
    refresh(office, one.here)


def gather(session: Session, office: Office, place: Place) -> Home:
    """What stands in somebody's home."""
    now, own = office.now(), Owner(place.workspace, user=place.user)
    asked = watchstatus.asked(session, place.workspace, place.user)
    reading = Reading(session, place.workspace, None, now.date(), office.desk.required)
    others = watchstatus.by_place(watchstatus.of_channels(session, place.workspace, place.user, asked))
    rows = max(1, ROWS[0] // max(1, len(others)))
    summaries = [one for one in subscriptions.active(session, place.workspace) if _is_theirs(one, place, asked)]
    return Home(
        today=now.date(),
        own=_sort(session, reading, own, watching.of(session, own), ROWS[0]),
        channels=tuple(
            _sort(session, reading, Owner(place.workspace, channel=channel), some, rows)
            for channel, some in others.items()
        ),
        summaries=tuple(filter(None, (_summary(one, now) for one in summaries))),
        coverage=reading.coverage,
        asked=tuple(one for one in asked if one.question)[:QUESTIONS],
        may_for_channels=ownership.may_for_channels(office.settings.channel_watchers, place.user),
    )


def _summary(one: Subscription, now: datetime) -> Summary | None:
    """A summary with its next moment; None where this machine does not know the zone any more, which the log tells."""
    try:
        return Summary(one, schedule.local(digest.comes_at(one, now), one.zone))
    except Missing:
        return None


def _sort(session: Session, reading: Reading, where: Owner, some: Sequence[Watch], most: int) -> Sort:
    return Sort(where, tuple(watchstatus.of(session, reading, some[:most])), len(some))


def _is_theirs(one: Subscription, place: Place, asked: Sequence[Asked]) -> bool:
    own = {place.user, place.channel, *(each.channel for each in asked)}
    return one.set_by == place.user or one.channel in own


def view(words: Words, found: Home) -> dict[str, Any]:
    """The home as Slack shows it, with the most that fits."""
    for room in ROWS:
        blocks = to_blocks(words.parts("home", room, home=found))
        shown = {"type": "home", "blocks": blocks}
        if not (wrong := limits.broken_view(shown)):
            return shown
    raise ValueError("; ".join(wrong))
