"""Queries for channels: who may read along there."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.store.mail_tables import ChannelRow

DIRECT = "D"
"""What the id of a direct conversation begins with: the bot is told if one is with somebody of another company."""


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
    return not row.outsiders if row else channel.startswith(DIRECT)
