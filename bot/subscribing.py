"""A channel's daily summary as people set it: on, off, how it stands, what it would say now."""

import re
from datetime import datetime, timedelta

from bot import bulletin, digest, gathering, schedule
from bot.errors import UserError
from bot.mail import Outgoing, Place, Subscription, Taken
from bot.office import Office, letter
from bot.store import channels, outbox, subscriptions
from bot.store.database import lock

OFF = frozenset("off stop none never no unsubscribe cancel end".split())
STATUS = frozenset("status show when settings help".split())
PREVIEW = frozenset("preview test now dry-run".split())
SET = frozenset("summary start on every each morning evening weekdays weekday".split())
_TIME = re.compile(r"\b\d{1,2}([:.h]\d\d|\d\d)?\s*([ap]\.?m\b)?|\b(noon|midnight)\b")

LOOKED_BACK = timedelta(days=1)
"""How far a preview looks back where there was no summary yet."""

CURABLE = ("not_in_channel", "channel_not_found")
"""Why Slack does not let us post in a channel, where inviting us helps."""


def wish(text: str) -> tuple[str, str]:
    """What is wanted of the daily summary by the text of a command: `off`, `status`, `preview` or `set`, and the schedule as
    typed. Nothing at all where the text asks about something called "Daily"."""
    first, _, rest = text.strip().casefold().partition(" ")
    words = [word.strip(".,:;!") for word in rest.split()]
    if first.strip(".,:;!") != "daily" or "?" in rest:
        return "", ""
    if not words:
        return "status", ""
    for name, known in (("off", OFF), ("status", STATUS), ("preview", PREVIEW)):
        if words[0] in known:
            return name, ""
    return ("set", rest) if _TIME.search(rest) or words[0] in SET else ("", "")


def set_daily(office: Office, item: Taken, place: Place, text: str, by: str) -> None:
    """Switches a channel's summary on, and says so in the channel for all to see. Raises UserError where the time cannot be
    read, or the bot may not post there; then it stays off."""
    wanted = schedule.read(text, office.settings.daily_zone)
    key = f"daily-set:{item.number}"
    with office.database.writing() as session:
        lock(session, "daily")
        # What is being loaded at this moment is still to be told.
        lock(session, "records")
        now = office.now()
        one = Subscription(place.workspace, place.channel, wanted.at, wanted.zone, wanted.quiet, place.user, now, now)
        one = subscriptions.switch_on(session, one)
        is_internal = channels.is_internal(session, one.workspace, one.channel)
        said = office.desk.words.message(
            "daily_set", by=f"@{by}", subscription=one, next=_next(one, now), is_internal=is_internal
        )
        payload = said.payload() | {"channel": one.channel}
        sending = office.sender.reserve(session, Outgoing(key, one.workspace, one.channel, payload))
    if sending:
        office.sender.send(sending)
    _confirm(office, one, key)
    office.finish(item)


def _confirm(office: Office, one: Subscription, key: str) -> None:
    """Takes it back where the notice cannot be posted, for then no summary can."""
    with office.database.writing() as session:
        state, why = outbox.ending(session, key)
        if state == "failed":
            subscriptions.switch_off(session, one.workspace, one.channel)
    if state == "failed":
        cure = " Invite me first (/invite @Flagpost), then say it again." if why in CURABLE else ""
        raise UserError(f"I cannot post in this channel: {why.replace('_', ' ')}.{cure}")


def stop_daily(office: Office, item: Taken, place: Place, by: str) -> None:
    """Switches a channel's summary off, and says so there."""
    was_on = _of(office, place) is not None
    said = office.desk.words.message("daily_off", by=f"@{by}", was_on=was_on)
    options = {"response_type": "in_channel" if was_on else "ephemeral"}
    with office.ending(item, letter(place, said, f"reply:{item.number}", options)) as session:
        subscriptions.switch_off(session, place.workspace, place.channel)


def _next(one: Subscription, now: datetime) -> datetime:
    return schedule.local(digest.next_of(one, now), one.zone)


def show_status(office: Office, item: Taken, place: Place) -> None:
    """Tells how a channel's summary stands."""
    one = _of(office, place)
    values = {}
    if one:
        values = {"next": _next(one, office.now()), "told_until": schedule.local(one.told_until, one.zone)}
    office.reply(item, place, office.desk.words.message("daily_status", subscription=one, **values))


def preview(office: Office, item: Taken, place: Place) -> None:
    """Shows one person what a channel's summary would begin with now."""
    one, now = _of(office, place), office.now()
    zone = one.zone if one else office.settings.daily_zone
    since = one.told_until if one else now - LOOKED_BACK
    with office.database.reading() as session:
        found = gathering.gather(session, place.workspace, since, now)
    office.reply(item, place, bulletin.messages(office.desk.words, found, schedule.local(now, zone).date(), zone)[0])


def _of(office: Office, place: Place) -> Subscription | None:
    with office.database.reading() as session:
        return subscriptions.of_channel(session, place.workspace, place.channel)
