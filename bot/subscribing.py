"""A channel's summaries, or a person's own, as people set them: on, off, how they stand, what they would say now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import digest, limits, schedule, scoping, zones
from bot.digest import Due
from bot.errors import UserError
from bot.mail import DAILY, DAILY_SET, WEEKLY, Outgoing, Place, Subscription, Taken
from bot.office import Office, letter
from bot.press import Press
from bot.questions.countries import ENGLISH, NATIONALS
from bot.reply import Message
from bot.schedule import Schedule
from bot.store import channels, editions, outbox, subscriptions, watches
from bot.store.database import lock
from bot.store.editions import Past

OFF = frozenset("off stop none never no unsubscribe cancel end".split())
STATUS = frozenset("status show when settings help".split())
PREVIEW = frozenset("preview test now dry-run".split())
SET = frozenset(
    "summary start on at every each morning evening watched list lists topic topics country countries "
    "line silent quiet heartbeat all everything except".split()
)
_FOR_ME = re.compile(r"\s*\b(?:only |just )?for (?:me|myself)\b(?: only\b| alone\b)?", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}([:.h]\d\d|\d\d)?\s*([ap]\.?m\b)?|\b(noon|midnight)\b")
_DAY = re.compile(r"(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:days?)?|weds?|sat|thu|week(?:days?|ends?))(?:-\w+)?")

CURABLE = ("not_in_channel", "channel_not_found")
"""Why Slack does not let us post in a channel, where inviting us helps."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a summary of an edition: `off`, `status`, `preview`, `set`, and then the schedule as typed, or what is
    `unknown`, as typed; `is_own`: of the person's own, wherever it is said."""

    edition: str
    what: str
    when: str = ""
    is_own: bool = False


def wish(text: str) -> Wish | None:
    """What is wanted by the text of a command; None where it asks about something called "Daily"."""
    is_own, text = bool(_FOR_ME.search(text)), _FOR_ME.sub("", text).strip()
    first, _, rest = text.casefold().partition(" ")
    words = [word.strip(".,:;!") for word in rest.split()]
    edition = first.strip(".,:;!")
    if edition not in (DAILY, WEEKLY) or "?" in rest:
        return None
    if not words:
        return Wish(edition, "status", is_own=is_own)
    for what, known in (("off", OFF), ("status", STATUS), ("preview", PREVIEW)):
        if words[0] in known:
            return Wish(edition, what, is_own=is_own)
    typed = text.partition(" ")[2].strip()
    # A name is written with capitals, or in a script that has none.
    is_plain = typed.isascii() and typed.islower()
    is_day = _DAY.fullmatch(words[0]) or (is_plain and words[0].endswith(("day", "days")))
    if _TIME.search(rest) or words[0] in SET or is_day or zones.is_place(rest):
        return Wish(edition, "set", typed, is_own)
    return Wish(edition, "unknown", typed, is_own) if is_plain else None


def whose(place: Place, wanted: Wish) -> str:
    """Whose summary is meant in a place: the channel's; in a direct conversation, or where that is said, the person's own."""
    return place.user if wanted.is_own or place.channel.startswith(channels.DIRECT) else place.channel


def read(text: str, zone: str, edition: str, before: Schedule | None = None) -> Schedule:
    """A schedule as typed, with lists by the names that we have for them, and countries by their codes; what is not said stays as
    it was `before`. Raises UserError for what is not understood."""
    wanted = schedule.read(text, zone, edition, before)
    if before and wanted.scope == before.scope:
        return wanted
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
    key = f"{DAILY_SET}{item.number}"
    with office.database.writing() as session:
        before = subscriptions.of_place(session, place.workspace, whose(place, wanted))
        one = _switched_on(session, office, place, wanted)
        notice = _notice(session, office, one, before, by)
        payload = notice.payload() | {"channel": one.channel}
        sending = office.sender.reserve(session, Outgoing(key, one.workspace, one.channel, payload))
    if sending:
        office.sender.send(sending)
    _confirm(office, one, key)
    if wanted.is_own and whose(place, replace(wanted, is_own=False)) != one.channel:
        office.reply(item, place, notice)
    else:
        office.finish(item)


def _switched_on(session: Session, office: Office, place: Place, wanted: Wish) -> Subscription:
    lock(session, "summaries")
    asked = _asked(session, office, place, wanted)
    # What is being loaded at this moment is still to be told.
    lock(session, "records")
    now = office.now()
    channel = whose(place, wanted)
    one = Subscription(place.workspace, channel, asked.at, asked.zone, asked.quiet, place.user, now, now)
    return digest.switch_on(session, replace(one, edition=wanted.edition, days=asked.days, scope=asked.scope))


def _asked(session: Session, office: Office, place: Place, wanted: Wish) -> Schedule:
    """What was typed, with what was set before and is not said anew."""
    zone = office.settings.daily_zone
    one = subscriptions.of_channel(session, place.workspace, whose(place, wanted), wanted.edition)
    kept = one.zone if one and zones.is_known(one.zone) else zone
    before = Schedule(one.at, kept, one.quiet, one.days, one.scope) if one else None
    asked = read(wanted.when, zone, wanted.edition, before)
    if asked.scope.topics and not (before and asked.scope == before.scope):
        somebody = one or _imagined(office, place, wanted, office.now())
        sees = digest.eyes(session, [somebody])[somebody.key]
        for topic in asked.scope.topics:
            scoping.topic(session, topic, sees)
    return asked


def _notice(session: Session, office: Office, one: Subscription, before: Sequence[Subscription], by: str) -> Message:
    """What is said of a summary that is set; `before` are those that were set in the place. What holds for all that is set there
    is said with the first of it, and what holds for a summary when there was none."""
    told = {
        "by": f"@{by}",
        "next": schedule.local(digest.comes_at(one, office.now()), one.zone),
        "is_internal": channels.is_internal(session, one.workspace, one.channel),
        "is_first": not before and not watches.of_place(session, one.workspace, one.channel),
        "is_new": all(other.edition != one.edition for other in before),
        "is_own": one.channel.startswith(channels.PERSON),
    }
    return office.desk.words.message("daily_set", **told, **_about(session, one))


def _about(session: Session, one: Subscription | None) -> dict[str, Any]:
    """What the words for a summary need to know."""
    countries = [NATIONALS.get(code, code.upper()) for code in one.scope.countries] if one else []
    return {
        "subscription": one,
        "countries": countries,
        "watches": bool(one and one.scope.watched and watches.of_place(session, one.workspace, one.channel)),
    }


def _where(place: Place, wanted: Wish) -> dict[str, Any]:
    """How a summary is called that is there, or is not; and whether it is a person's own, so that it is commanded as that."""
    is_own = whose(place, wanted) != place.channel or place.channel.startswith(channels.PERSON)
    return {"edition": wanted.edition, "where": "for you" if wanted.is_own else "here", "is_own": is_own}


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
    was = _of(office, place, wanted)
    if was and not zones.is_known(was.zone):
        was = replace(was, zone="")
    said = office.desk.words.message("daily_off", by=f"@{by}", was=was, **_where(place, wanted))
    options = {"response_type": "in_channel" if was and not wanted.is_own else "ephemeral"}
    with office.ending(item, letter(place, said, f"reply:{item.number}", options)) as session:
        digest.switch_off(session, place.workspace, whose(place, wanted), wanted.edition)


def show_status(office: Office, item: Taken, place: Place, wanted: Wish) -> None:
    """Tells how a summary stands. Raises UserError where its time zone is known no more, as `preview` does."""
    one = _in_time(_of(office, place, wanted))
    with office.database.reading() as session:
        values = _about(session, one) | _where(place, wanted)
    if one:
        comes = schedule.local(digest.comes_at(one, office.now()), one.zone)
        values |= {"next": comes, "told_until": schedule.local(one.told_until, one.zone)}
    office.reply(item, place, office.desk.words.message("daily_status", **values))


def preview(office: Office, item: Taken, place: Place, wanted: Wish) -> None:
    """Shows one person what a summary would begin with now, and how much would follow; nothing counts as told."""
    one, now = _in_time(_of(office, place, wanted)), office.now()
    is_on, asked = one is not None, one or _imagined(office, place, wanted, now)
    with office.database.reading() as session:
        edition = Press(office.desk.words, office.settings.required_lists).proof(session, _due(session, asked, now))
    told = edition.bulletin
    note = office.desk.words.message(
        "daily_preview",
        is_on=is_on,
        is_silent=edition.is_silent,
        told=told,
        **_where(place, wanted),
    )
    office.reply(item, place, _joined(told.said[0], note))


def say_what_can_be_said(office: Office, item: Taken, place: Place, wanted: Wish) -> None:
    """Tells whoever wishes something unknown of a summary what can be wished."""
    said = office.desk.words.message("daily_unknown", typed=wanted.when, **_where(place, wanted))
    office.reply(item, place, said)


def say_the_command(office: Office, item: Taken, place: Place, wanted: Wish) -> None:
    """Tells whoever wishes something of a summary by a mention which command does it."""
    said = office.desk.words.message("use_command", wish=wanted, **_where(place, wanted))
    office.reply(item, place, said)


def _due(session: Session, one: Subscription, now: datetime) -> Due:
    """As if it were due now."""
    sees = digest.eyes(session, [one])[one.key]
    past = editions.pasts(session, [one], now).get(one.key, Past())
    return Due(one, schedule.local(now, one.zone).date(), max(now, one.told_until), sees, past)


def _imagined(office: Office, place: Place, wanted: Wish, now: datetime) -> Subscription:
    return digest.imagined(place.workspace, whose(place, wanted), wanted.edition, office.settings.daily_zone, now)


def _joined(first: Message, note: Message) -> Message:
    """Both in one message, where they fit."""
    both = Message(f"{first.text}\n{note.text}", [*first.blocks, *note.blocks])
    return first if limits.broken(both.payload()["text"], both.blocks) else both


def _in_time(one: Subscription | None) -> Subscription | None:
    if one and not zones.is_known(one.zone):
        example = f"/exposure {one.edition} {'monday ' if one.edition == WEEKLY else ''}{one.at} Europe/London"
        where, mine = ("for you", " for me") if one.channel.startswith(channels.PERSON) else ("here", "")
        raise UserError(
            f"The {one.edition} summary {where} is set for {one.at}, {one.zone}, and I do not know that time zone any more: none "
            f"comes until you set another, like “{example}{mine}”. What becomes known meanwhile is told then."
        )
    return one


def _of(office: Office, place: Place, wanted: Wish) -> Subscription | None:
    with office.database.reading() as session:
        return subscriptions.of_channel(session, place.workspace, whose(place, wanted), wanted.edition)
