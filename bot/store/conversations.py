"""Queries for conversations: what a place in Slack was last about."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.store import once
from bot.store.mail_tables import ConversationRow


def context(session: Session, workspace: str, place: str, since: datetime) -> dict[str, Any]:
    """What was last talked of there, as it was put; empty where nothing was since then."""
    row = session.get(ConversationRow, (workspace, place))
    return row.context if row and row.at >= since else {}


def put(session: Session, workspace: str, place: str, context: dict[str, Any], now: datetime) -> None:
    """Notes what is talked of there now."""
    once.replace(session, ConversationRow, workspace=workspace, place=place, context=context, at=now)
