"""Who watches: whose a watch is that somebody asks for, who may watch at all, and who for a channel. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config import EVERYONE
from bot.errors import UserError
from bot.mail import Place
from bot.wishes import HERE, ME


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a watch is: a channel's, a person's, or with neither whoever's that runs the bot. `instead` says that it was asked
    for in a channel, by somebody who may only watch for themselves."""

    workspace: str
    channel: str = ""
    user: str = ""
    instead: bool = False

    @property
    def place(self) -> str:
        """Where its alerts go."""
        return self.channel or self.user


def admit(place: Place) -> None:
    """Raises UserError where who asks for something about watches is of another company (Slack Connect)."""
    if place.is_outsider:
        raise UserError("Only people of the company that has me may watch things here; you can still ask me questions.")


def may_for_channels(watchers: Sequence[str], user: str) -> bool:
    """Whether somebody may watch for channels, by the setting CHANNEL_WATCHERS."""
    return EVERYONE in watchers or user in watchers


def for_whom(said: str, place: Place, watchers: Sequence[str]) -> Owner:
    """Whose a watch will be that is asked for in a place: as was `said` (HERE, ME), else in a channel the channel's, as far as
    the asker may. Raises UserError for whoever says "here" and may not."""
    if said == ME or not is_channel(place):
        return Owner(place.workspace, user=place.user)
    if may_for_channels(watchers, place.user):
        return Owner(place.workspace, channel=place.channel)
    if said == HERE:
        raise UserError("Only some people may watch for a channel, and you can watch for yourself: say “for me”.")
    return Owner(place.workspace, user=place.user, instead=True)


def whose(said: str, place: Place, watchers: Sequence[str], *, is_overheard: bool = False) -> list[Owner]:
    """Whose watches somebody is told of, or may end, from a place, in the order in which they are looked through: where others
    hear the reply (`is_overheard`), the channel's alone. Raises as `for_whom` does, and where one's own are meant there."""
    first = for_whom(said, place, watchers)
    if is_overheard and first.user:
        raise UserError(
            "Others read this, so I speak here only of what the channel watches: for your own watches, use /exposure or a direct "
            "message."
        )
    if first.user or said == HERE or is_overheard:
        return [first]
    return [first, Owner(place.workspace, user=place.user)]


def is_channel(place: Place) -> bool:
    """A direct conversation is called D…; a home and a modal stand in none."""
    return place.channel.startswith(("C", "G"))
