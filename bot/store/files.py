"""Queries for the files that go out with messages: each is kept once, however many messages it goes out with."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.store import once
from bot.store.mail_tables import FileRow, OutboxRow

KEPT = timedelta(days=3)
"""How long a file stays at the least: longer than a message waits that was not held back."""


def keep(session: Session, some: Iterable[bytes], now: datetime) -> None:
    """Keeps what files hold; each is found by its `fingerprint`."""
    wanted = {fingerprint(one): one for one in some}
    # Whoever keeps the same at this moment comes to them in the same order: he waits for us, or we for him.
    new = [sha256 for sha256 in sorted(wanted) if _keep(session, sha256, wanted[sha256], now)]
    if new:
        _sweep(session, now)


def _keep(session: Session, sha256: str, data: bytes, now: datetime) -> bool:
    """Whether it was not kept before."""
    seen = update(FileRow).where(FileRow.sha256 == sha256).values(kept_at=now).returning(FileRow.sha256)
    if session.execute(seen).first() is not None:
        return False
    return once.insert(session, FileRow, sha256=sha256, data=data, kept_at=now)


def fingerprint(data: bytes) -> str:
    """What stands for a file."""
    return hashlib.sha256(data).hexdigest()


def _sweep(session: Session, now: datetime) -> None:
    """Erases what no message is to go out with any more. What was kept a moment ago stays: its message may be on its way here."""
    wanted = select(OutboxRow.pk).where(OutboxRow.file == FileRow.sha256, OutboxRow.settled_at.is_(None))
    old = select(FileRow.sha256).where(FileRow.kept_at < now - KEPT, ~wanted.exists()).with_for_update(skip_locked=True)
    session.execute(delete(FileRow).where(FileRow.sha256.in_(old)).execution_options(synchronize_session=False))


def read(session: Session, fingerprints: Iterable[str]) -> dict[str, bytes]:
    """What these files hold."""
    wanted = set(fingerprints) - {""}
    rows = session.execute(select(FileRow.sha256, FileRow.data).where(FileRow.sha256.in_(wanted))) if wanted else ()
    return {row.sha256: row.data for row in rows}
