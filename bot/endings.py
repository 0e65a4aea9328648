"""What follows from how a message ended: a place that takes none is left alone until it does, and nothing told there is lost."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bot.mail import NEWS, Outgoing, Subscription
from bot.monitoring import Watch
from bot.reply import Words
from bot.slack import Outcome
from bot.store import channels, editions, outbox, subscriptions, tasks, watches

LEFT_OUT = (
    *("account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed"),
    *("team_not_found", "team_access_not_granted"),
)
"""Why a whole workspace takes nothing more: nobody there can be told."""

CLOSED = (
    *("channel_not_found", "not_in_channel", "is_archived", "restricted_action", "read_only_channel"),
    *("restricted_action_read_only_channel", "restricted_action_thread_only_channel", "access_denied"),
    *("restricted_action_non_threadable_channel", "cannot_dm_bot", "user_not_found", "user_disabled"),
    *("user_not_visible", "messages_tab_disabled", "ekm_access_denied", "no_permission", "org_login_required"),
    "channel_type_not_supported",
    *LEFT_OUT,
)
"""Why Slack does not take any message there. https://docs.slack.dev/reference/methods/chat.postMessage#errors"""

SETTING = ("daily-set:", "watch-set:")
"""What the keys of notices begin with that say that something was set: who set it hears at once that they failed."""

ALERT = "alert:"
"""What the keys of alerts begin with, which nobody makes a second time."""

TRIED_AGAIN = timedelta(days=1)
"""How often the first of the alerts that are held for a place is tried."""

SOON = timedelta(hours=1)
"""For how long nothing is tried again because of a command, which can be given where we are not."""


def settled(session: Session, words: Words, outgoing: Outgoing, outcome: Outcome, now: datetime) -> None:
    """Draws the conclusions, in the transaction in which a message is settled as `outcome` says."""
    if outgoing.response_url or outgoing.key.startswith(SETTING):
        return
    if outcome.state == "sent" and not outgoing.parent:
        _go_on(session, outgoing.workspace, outgoing.channel, now)
    if outcome.state == "failed":
        _take_back(session, outgoing)
        if outcome.why in CLOSED:
            _pause(session, words, outgoing, outcome.why, now)
            if outgoing.key.startswith(ALERT):
                outbox.hold(session, outgoing, now + TRIED_AGAIN, outcome.why)


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
    outbox.release(session, workspace, channel, CLOSED, now)
    subscriptions.resume(session, workspace, channel)
    watches.resume(session, workspace, channel)


def _take_back(session: Session, outgoing: Outgoing) -> None:
    """What a summary would have told, the next one tells."""
    told = None if outgoing.parent else editions.by_key(session, outgoing.key)
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
