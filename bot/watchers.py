"""Who watches: whose a watch is that somebody asks for, and who may watch for a channel. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.config import EVERYONE
from bot.errors import UserError
from bot.mail import Place
from bot.wishes import HERE, ME


@dataclass(frozen=True, slots=True)
class Where:
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


def may_for_channels(watchers: Sequence[str], user: str) -> bool:
    """Whether somebody may watch for channels, by the setting CHANNEL_WATCHERS."""
    return EVERYONE in watchers or user in watchers


def for_whom(said: str, place: Place, watchers: Sequence[str]) -> Where:
    """Whose a watch will be that is asked for in a place: as was `said` (HERE, ME), else in a channel the channel's, as far as
    the asker may. Raises UserError for whoever says "here" and may not."""
    if said == ME or not _is_channel(place):
        return Where(place.workspace, user=place.user)
    if may_for_channels(watchers, place.user):
        return Where(place.workspace, channel=place.channel)
    if said == HERE:
        raise UserError("Only some people may watch for a channel, and you can watch for yourself: say “for me”.")
    return Where(place.workspace, user=place.user, instead=True)


def whose(said: str, place: Place, watchers: Sequence[str]) -> list[Where]:
    """Whose watches somebody may end from a place, in the order in which they are looked through. Raises as `for_whom` does."""
    first = for_whom(said, place, watchers)
    return [first] if first.user or said == HERE else [first, Where(place.workspace, user=place.user)]


def _is_channel(place: Place) -> bool:
    """A direct conversation is called D…; a home and a modal stand in none."""
    return place.channel.startswith(("C", "G"))
