"""Queries for channels: who may read along there, and which is the direct conversation with whom."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store import once
from bot.store.mail_tables import ChannelRow, DirectRow
from bot.store.versions import batches

DIRECT = "D"
"""What the id of a direct conversation begins with: the bot is told if one is with somebody of another company."""

PERSON = ("U", "W")
"""What the ids of people begin with: messages to one stand in the direct conversation."""


def seen(session: Session, workspace: str, channel: str, outsiders: bool, now: datetime) -> None:
    """Notes whether people of other companies read a channel, as Slack said with something that came from there."""
    row = session.get(ChannelRow, (workspace, channel))
    if row is None:
        session.add(ChannelRow(workspace=workspace, channel=channel, outsiders=outsiders, at=now))
    elif row.outsiders != outsiders:
        row.outsiders, row.at = outsiders, now


def is_internal(session: Session, workspace: str, channel: str) -> bool:
    """Whether only colleagues read a channel, as far as is known: of one from which nothing came yet, it is not."""
    row = session.get(ChannelRow, (workspace, channel))
    return not row.outsiders if row else channel.startswith((DIRECT, *PERSON))


def is_inside(session: Session, workspace: str, place: str) -> bool:
    """Whether only colleagues read what is told in a channel, or to a person, as far as is known."""
    return is_internal(session, workspace, direct(session, workspace, place) or place)


def internal(session: Session, places: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of these workspaces' channels that only colleagues read, as far as is known."""
    wanted = set(places)
    read: dict[tuple[str, str], bool] = {}
    for some in batches(channel for _, channel in wanted):
        mine = ChannelRow.workspace.in_({workspace for workspace, _ in wanted})
        rows = session.execute(
            select(ChannelRow.workspace, ChannelRow.channel, ChannelRow.outsiders).where(
                mine, ChannelRow.channel.in_(some)
            )
        )
        read |= {(row.workspace, row.channel): row.outsiders for row in rows}
    return {one for one in wanted if not read.get(one, not one[1].startswith((DIRECT, *PERSON)))}


def met(session: Session, workspace: str, user: str, channel: str) -> None:
    """Notes which conversation is the direct one with a person."""
    if direct(session, workspace, user) != channel:
        once.replace(session, DirectRow, workspace=workspace, user=user, channel=channel)


def direct(session: Session, workspace: str, user: str) -> str:
    """The direct conversation with a person; empty where none is known."""
    row = session.get(DirectRow, (workspace, user))
    return row.channel if row else ""
