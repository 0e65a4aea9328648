"""A channel's daily summary as people set it: on, off, how it stands, what it would say now."""

from datetime import timedelta

from bot import bulletin, digest, schedule
from bot.errors import UserError
from bot.mail import Outgoing, Place, Subscription, Taken
from bot.office import Office
from bot.store import outbox, subscriptions
from bot.store.database import lock

OFF = frozenset("off stop none never unsubscribe cancel end".split())
STATUS = frozenset("status show when settings help".split())
PREVIEW = frozenset("preview test now dry-run".split())
TIMES = frozenset("noon midnight at on silent line".split())

ABSENT = ("not_in_channel", "channel_not_found", "is_archived", "restricted_action", "messages_tab_disabled")
"""Why Slack does not let us post in a channel, where somebody there can mend it."""

LOOKED_BACK = timedelta(days=1)
"""How far a preview looks back where there was no summary yet."""


def wish(text: str) -> tuple[str, str]:
    """What is wanted of the daily summary by the text of a command: `off`, `status`, `preview` or `set`, and the
    schedule as typed. Nothing at all where the text asks about something called "Daily"."""
    first, _, rest = text.strip().partition(" ")
    words = rest.casefold().split()
    if first.casefold() != "daily":
        return "", ""
    if not words:
        return "status", ""
    for name, known in (("off", OFF), ("status", STATUS), ("preview", PREVIEW)):
        if words[0] in known and len(words) == 1:
            return name, ""
    is_time = any(character.isdigit() for character in words[0]) or words[0] in TIMES or words[-1] in TIMES
    return ("set", rest.strip()) if is_time else ("", "")


def set_daily(office: Office, item: Taken, place: Place, text: str, by: str) -> None:
    """Switches a channel's summary on, and says so in the channel for all to see. Raises UserError where the time cannot be
    read, or the bot may not post there; then it stays off."""
    wanted = schedule.read(text, office.settings.daily_zone)
    now = office.now()
    one = Subscription(place.workspace, place.channel, wanted.at, wanted.zone, wanted.quiet, place.user, now, now)
    _, next_at = schedule.next_due(one.at, one.zone, now)
    said = office.desk.words.message("daily_set", by=f"@{by}", subscription=one, next=schedule.local(next_at, one.zone))
    notice = Outgoing(f"daily-set:{item.number}", one.workspace, one.channel, said.payload() | {"channel": one.channel})
    with office.database.writing() as session:
        lock(session, "daily")
        subscriptions.switch_on(session, one)
        outbox.reserve(session, notice, now)
    office.sender.deliver(notice.key)
    with office.database.writing() as session:
        state, why = outbox.ending(session, notice.key)
        if state == "failed":
            subscriptions.switch_off(session, one.workspace, one.channel)
    if state == "failed":
        invite = "Invite me first (/invite @Flagpost), then say it again." if why in ABSENT else ""
        raise UserError(f"I cannot post in this channel ({why}). {invite}".strip())
    office.finish(item)


def stop_daily(office: Office, item: Taken, place: Place, by: str) -> None:
    """Switches a channel's summary off, and says so there."""
    with office.database.writing() as session:
        lock(session, "daily")
        was_on = subscriptions.switch_off(session, place.workspace, place.channel)
    said = office.desk.words.message("daily_off", by=f"@{by}", was_on=was_on)
    office.reply(item, place, said, response_type="in_channel" if was_on else "ephemeral")


def show_status(office: Office, item: Taken, place: Place) -> None:
    """Tells how a channel's summary stands."""
    one = _of(office, place)
    values = {}
    if one:
        _, next_at = schedule.next_due(one.at, one.zone, office.now())
        values = {"next": schedule.local(next_at, one.zone), "told_until": schedule.local(one.told_until, one.zone)}
    office.reply(item, place, office.desk.words.message("daily_status", subscription=one, **values))


def preview(office: Office, item: Taken, place: Place) -> None:
    """Shows one person what a channel's summary would begin with now."""
    one, now = _of(office, place), office.now()
    zone = one.zone if one else office.settings.daily_zone
    since = one.told_until if one else now - LOOKED_BACK
    with office.database.reading() as session:
        found = digest.gather(session, place.workspace, since, now)
    office.reply(item, place, bulletin.messages(office.desk.words, found, schedule.local(now, zone).date(), zone)[0])


def _of(office: Office, place: Place) -> Subscription | None:
    with office.database.reading() as session:
        return subscriptions.of_channel(session, place.workspace, place.channel)
