"""What was answered, kept: append-only, each receipt chained by its hash to the one before in its workspace."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.store import receipts
from bot.store.database import lock
from bot.store.receipts import Stored

START = "0" * 64
"""What stands in for the hash before the first receipt of a workspace."""


def new_id(now: datetime) -> str:
    """An id that sorts by day and cannot be guessed: `20261123-6f1d0c7ab2e4`."""
    return f"{now.astimezone(UTC):%Y%m%d}-{secrets.token_hex(6)}"


def keep(session: Session, id: str, workspace: str, now: datetime, body: Mapping[str, Any]) -> Stored:
    """Appends the evidence of an answer to the workspace's chain, in the transaction of `session`."""
    (receipt,) = keep_all(session, workspace, now, [(id, body)])
    return receipt


def keep_all(
    session: Session, workspace: str, now: datetime, some: Iterable[tuple[str, Mapping[str, Any]]]
) -> list[Stored]:
    """The same for several at once, each by its id, in their order."""
    lock(session, f"receipts {workspace}")
    last, previous = receipts.last(session, workspace) or (0, START)
    kept: list[Stored] = []
    for number, (id, body) in enumerate(some, last + 1):
        unsealed = Stored(id, workspace, number, now.astimezone(UTC), dict(body), previous, "")
        kept.append(replace(unsealed, hash=fingerprint(unsealed)))
        previous = kept[-1].hash
        receipts.append(session, kept[-1])
    return kept


def fingerprint(one: Stored) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of all of a receipt but its own hash."""
    parts = [one.id, one.workspace, one.number, one.answered_at.isoformat(), one.body, one.previous]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def breaks(session: Session, workspace: str) -> Iterator[Stored]:
    """The receipts of a workspace that do not fit their hash, their number or the receipt before them."""
    previous, number = START, 0
    for one in receipts.chain(session, workspace):
        number += 1
        if (one.previous, one.number, one.hash) != (previous, number, fingerprint(one)):
            yield one
        previous, number = one.hash, one.number
