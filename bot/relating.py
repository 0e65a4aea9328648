"""Stand-in until the joining of records is there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.matching.analysis import Analyser


def relate(session: Session, analyser: Analyser, workspace: str, lists: Sequence[str], now: datetime) -> None:
    """Does nothing yet."""
