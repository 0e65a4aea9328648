"""What follows from how a message ended: a place that takes none is left alone until it does, and nothing told there is lost."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.mail import ALERTED, NEWS, SETTING, WITHHELD, Outgoing, Subscription
from bot.monitoring import Watch
from bot.reply import Words
from bot.slack import MENDABLE, Ending
from bot.store import channels, editions, held, outbox, subscriptions, tasks, watches, withheld

LEFT_OUT = (*MENDABLE, "team_not_found", "team_access_not_granted")
"""Why a whole workspace takes nothing more: nobody there can be told."""

OF_PLACES = (
    *("channel_not_found", "not_in_channel", "is_archived", "restricted_action", "read_only_channel"),
    *("restricted_action_read_only_channel", "restricted_action_thread_only_channel", "access_denied"),
    *("restricted_action_non_threadable_channel", "cannot_dm_bot", "user_not_found", "user_disabled"),
    *("user_not_visible", "messages_tab_disabled", "ekm_access_denied", "no_permission", "org_login_required"),
    "channel_type_not_supported",
)
"""Why Slack does not take any message in a place. https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

CLOSED = (*OF_PLACES, *LEFT_OUT)
"""Why Slack does not take any message there, whatever it says."""

TRIED_AGAIN = timedelta(days=1)
"""How often the first of the alerts that are held for a place is tried."""

TRIED_SOON = timedelta(hours=1)
"""The same where a whole workspace takes nothing: of all that is held there, only one is tried at a time."""

SOON = timedelta(hours=1)
"""For how long nothing is tried again because of a command, which can be given where we are not."""


def settled(session: Session, words: Words, outgoing: Outgoing, ending: Ending, now: datetime) -> None:
    """Draws the conclusions, in the transaction in which a message is settled as `ending` says."""
    if outgoing.response_url or outgoing.key.startswith(SETTING):
        return
    if ending.state == "sent" and not outgoing.parent:
        _go_on(session, outgoing.workspace, outgoing.channel, now)
    if ending.state == "failed":
        _take_back(session, outgoing, is_withheld=ending.why == WITHHELD)
        if ending.why == WITHHELD and outgoing.key.startswith(ALERTED):
            _tell_anew(session, outgoing.workspace, outgoing.parent or outgoing.key, now)
        if ending.why in CLOSED:
            _pause(session, words, outgoing, ending.why, now)
        if outgoing.key.startswith(ALERTED) and (ending.why in CLOSED or ending.everywhere):
            until = now + (TRIED_SOON if ending.everywhere else TRIED_AGAIN)
            outbox.hold(session, outgoing, until, ending.why)


def _tell_anew(session: Session, workspace: str, key: str, now: datetime) -> None:
    """All of an alert that was not sent is made anew together, also where outsiders have left before the turn of its thread."""
    outbox.settle_below(session, key, "failed", now, WITHHELD)
    withheld.look_again(session, workspace, key, now)


def well_again(session: Session, workspace: str, now: datetime) -> None:
    """A workspace that took nothing takes messages: what is held in it is sent, and what it watches goes on. Summaries try again
    by themselves, at their hours."""
    held.release_all(session, workspace, OF_PLACES, now)
    watches.resume_all(session, workspace, LEFT_OUT)


def returned(session: Session, workspace: str, channel: str, now: datetime, *, is_member: bool, user: str = "") -> None:
    """Something came in from a channel (a direct conversation with `user`): what is still to be told there is tried at once.
    `is_member` says that we are in it, as with a mention or a direct message; a command can be given where we are not, and then
    it is only a reason to try."""
    whose = user or channel
    paused = subscriptions.paused(session, workspace, whose)
    # Summaries before their tasks, as whoever reserves: else two could wait for each other.
    if is_member:
        _go_on(session, workspace, whose, now)
    for one in paused:
        if is_member or not editions.is_tried_since(session, one, now - SOON):
            tasks.put(session, one.key, tasks.SUMMARY, workspace, now)


def _go_on(session: Session, workspace: str, channel: str, now: datetime) -> None:
    """A place takes messages: what was paused there is not any more, and what is held for it is sent."""
    held.release(session, workspace, channel, now)
    subscriptions.resume(session, workspace, channel)
    watches.resume(session, workspace, channel)


def _take_back(session: Session, outgoing: Outgoing, *, is_withheld: bool) -> None:
    """What a summary would have told, the next one tells; also where only what stands below it was withheld."""
    key = outgoing.parent if is_withheld else ""
    told = None if outgoing.parent and not key else editions.by_key(session, key or outgoing.key)
    if told:
        subscriptions.took_back(session, told.workspace, told.channel, told.edition, told.since)


def _pause(session: Session, words: Words, outgoing: Outgoing, why: str, now: datetime) -> None:
    """Each owner is told once, of all that he set there; what is paused is not paused anew, so that he is not told again."""
    workspace, channel = outgoing.workspace, outgoing.channel
    summaries = subscriptions.pause(session, workspace, channel, now, why)
    watched = watches.pause(session, workspace, channel, now, why)
    if why in LEFT_OUT or channel.startswith((channels.DIRECT, *channels.PERSON)):
        return
    for owner in dict.fromkeys([*(_owner(one) for one in summaries), *(_owner(one) for one in watched)]):
        mine = {
            "summaries": [one for one in summaries if _owner(one) == owner],
            "watches": [one for one in watched if _owner(one) == owner],
        }
        if owner.startswith(channels.PERSON):
            said = words.message("paused", channel=channel, why=why, **mine)
            key = f"paused:{workspace}:{channel}:{owner}:{now.astimezone(UTC):%Y%m%dT%H%M%S}"
            payload = said.payload() | {"channel": owner}
            outbox.reserve(session, Outgoing(key, workspace, owner, payload, only_once=True, urgency=NEWS), now)


def _owner(one: Subscription | Watch) -> str:
    """The id of whoever set it; a watch may say where that was, too."""
    return one.set_by.rpartition("/")[2]
