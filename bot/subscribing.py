"""A channel's summaries, or a person's own, as people set them: on, off, how they stand, what they would say now."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import digest, limits, schedule, scoping
from bot.digest import Due
from bot.errors import UserError
from bot.mail import DAILY, WEEKLY, Outgoing, Place, Scope, Subscription, Taken
from bot.office import Office, letter
from bot.press import Press
from bot.questions.countries import ENGLISH, NATIONALS
from bot.reply import Message
from bot.schedule import Schedule
from bot.store import channels, editions, outbox, subscriptions
from bot.store.database import lock
from bot.store.editions import Past

OFF = frozenset("off stop none never no unsubscribe cancel end".split())
STATUS = frozenset("status show when settings help".split())
PREVIEW = frozenset("preview test now dry-run".split())
SET = frozenset(
    "summary start on at every each morning evening watched list lists topic topics country countries".split()
)
_TIME = re.compile(r"\b\d{1,2}([:.h]\d\d|\d\d)?\s*([ap]\.?m\b)?|\b(noon|midnight)\b")
_DAY = re.compile(r"(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:days?)?|weds?|sat|thu|week(?:days?|ends?))(?:-\w+)?")

LOOKED_BACK = {DAILY: timedelta(days=1), WEEKLY: timedelta(days=7)}
"""How far a preview looks back where there was no summary yet."""

CURABLE = ("not_in_channel", "channel_not_found")
"""Why Slack does not let us post in a channel, where inviting us helps."""

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a summary of an edition: `off`, `status`, `preview` or `set`, and then the schedule as typed."""

    edition: str
    what: str
    when: str = ""


def wish(text: str) -> Wish | None:
    """What is wanted by the text of a command; None where it asks about something called "Daily"."""
    first, _, rest = text.strip().casefold().partition(" ")
    words = [word.strip(".,:;!") for word in rest.split()]
    edition = first.strip(".,:;!")
    if edition not in (DAILY, WEEKLY) or "?" in rest:
        return None
    if not words:
        return Wish(edition, "status")
    for what, known in (("off", OFF), ("status", STATUS), ("preview", PREVIEW)):
        if words[0] in known:
            return Wish(edition, what)
    is_set = _TIME.search(rest) or words[0] in SET or _DAY.fullmatch(words[0])
    return Wish(edition, "set", text.strip().partition(" ")[2]) if is_set else None


def whose(place: Place) -> str:
    """Whose summary is meant in a place: the channel's, and in a direct conversation the person's own."""
    return place.user if place.channel.startswith(channels.DIRECT) else place.channel


def read(text: str, zone: str, edition: str) -> Schedule:
    """A schedule as typed, with lists by the names that we have for them, and countries by their codes. Raises UserError for what
    is not understood."""
    wanted = schedule.read(text, zone, edition)
    lists = tuple(dict.fromkeys(scoping.official(one).label for one in wanted.scope.lists))
    countries = tuple(dict.fromkeys(map(_country, wanted.scope.countries)))
    return replace(wanted, scope=replace(wanted.scope, lists=lists, countries=countries))


def _country(typed: str) -> str:
    if code := ENGLISH.get(typed) or (typed if typed in NATIONALS else ""):
        return code
    raise UserError(f"“{typed[:60]}” is no country that I know; write it like “09:00 country China, Iran”.")


def start(office: Office, item: Taken, place: Place, wanted: Wish, by: str) -> None:
    """Switches a summary on, and says so in the channel for all to see. Raises UserError where the time cannot be read, or the
    bot may not post there; then it stays off."""
    asked = read(wanted.when, office.settings.daily_zone, wanted.edition)
    key = f"daily-set:{item.number}"
    with office.database.writing() as session:
        one = _switched_on(session, office, place, asked, wanted.edition)
        payload = _notice(session, office, one, by).payload() | {"channel": one.channel}
        sending = office.sender.reserve(session, Outgoing(key, one.workspace, one.channel, payload))
    if sending:
        office.sender.send(sending)
    _confirm(office, one, key)
    office.finish(item)


def _switched_on(session: Session, office: Office, place: Place, asked: Schedule, edition: str) -> Subscription:
    lock(session, "summaries")
    # What is being loaded at this moment is still to be told.
    lock(session, "records")
    now = office.now()
    one = Subscription(place.workspace, whose(place), asked.at, asked.zone, asked.quiet, place.user, now, now)
    return digest.switch_on(session, replace(one, edition=edition, days=asked.days, scope=asked.scope))


def _notice(session: Session, office: Office, one: Subscription, by: str) -> Message:
    is_internal = channels.is_internal(session, one.workspace, one.channel)
    comes = schedule.local(digest.comes_at(one, office.now()), one.zone)
    return office.desk.words.message("daily_set", by=f"@{by}", next=comes, is_internal=is_internal, **_about(one))


def _about(one: Subscription | None) -> dict[str, Any]:
    """What the words for a summary need to know."""
    countries = [NATIONALS.get(code, code.upper()) for code in one.scope.countries] if one else []
    return {
        "subscription": one,
        "countries": countries,
        "is_own": bool(one and one.channel.startswith(channels.PERSON)),
    }


def _confirm(office: Office, one: Subscription, key: str) -> None:
    """Takes it back where the notice cannot be posted, for then no summary can."""
    with office.database.writing() as session:
        state, why = outbox.ending(session, key)
        if state == "failed":
            digest.switch_off(session, one.workspace, one.channel, one.edition)
    if state == "failed":
        cure = " Invite me first (/invite @Flagpost), then say it again." if why in CURABLE else ""
        raise UserError(f"I cannot post in this channel: {why.replace('_', ' ')}.{cure}")


def stop(office: Office, item: Taken, place: Place, wanted: Wish, by: str) -> None:
    """Switches a summary off, and says so there."""
    was_on = _of(office, place, wanted.edition) is not None
    said = office.desk.words.message("daily_off", by=f"@{by}", was_on=was_on, edition=wanted.edition)
    options = {"response_type": "in_channel" if was_on else "ephemeral"}
    with office.ending(item, letter(place, said, f"reply:{item.number}", options)) as session:
        digest.switch_off(session, place.workspace, whose(place), wanted.edition)


def show_status(office: Office, item: Taken, place: Place, wanted: Wish) -> None:
    """Tells how a summary stands."""
    one = _of(office, place, wanted.edition)
    values = _about(one) | {"edition": wanted.edition}
    if one:
        comes = schedule.local(digest.comes_at(one, office.now()), one.zone)
        values |= {"next": comes, "told_until": schedule.local(one.told_until, one.zone)}
    office.reply(item, place, office.desk.words.message("daily_status", **values))


def preview(office: Office, item: Taken, place: Place, wanted: Wish) -> None:
    """Shows one person what a summary would begin with now, and how much would follow; nothing counts as told."""
    one, now = _of(office, place, wanted.edition), office.now()
    is_on, asked = one is not None, one or imagined(office, place, wanted.edition, now)
    with office.database.reading() as session:
        edition = Press(office.desk.words, office.settings.required_lists).proof(session, _due(session, asked, now))
    told = edition.bulletin
    note = office.desk.words.message(
        *("daily_preview",),
        is_on=is_on,
        edition=wanted.edition,
        is_silent=edition.is_silent,
        told=told,
        **_about(asked),
    )
    office.reply(item, place, _joined(told.said[0], note))


def _due(session: Session, one: Subscription, now: datetime) -> Due:
    """As if it were due now."""
    sees = digest.eyes(session, [one])[one.key]
    past = editions.pasts(session, [one], now).get(one.key, Past())
    return Due(one, schedule.local(now, one.zone).date(), max(now, one.told_until), sees, past)


def imagined(office: Office, place: Place, edition: str, now: datetime) -> Subscription:
    """What there would be where nothing is set."""
    since = now - LOOKED_BACK[edition]
    one = Subscription(place.workspace, whose(place), "09:00", office.settings.daily_zone, "line", NOBODY, since, since)
    return replace(one, edition=edition, scope=Scope())


def _joined(first: Message, note: Message) -> Message:
    """Both in one message, where they fit."""
    both = Message(f"{first.text}\n{note.text}", [*first.blocks, *note.blocks])
    return first if limits.broken(both.payload()["text"], both.blocks) else both


def _of(office: Office, place: Place, edition: str) -> Subscription | None:
    with office.database.reading() as session:
        return subscriptions.of_channel(session, place.workspace, whose(place), edition)
