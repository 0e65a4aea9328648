"""Queries for receipts: appended, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.store.tables import ReceiptRow


@dataclass(frozen=True, slots=True)
class Stored:
    """A receipt: its place in the workspace's chain, what it says, and the hash over that and the one before."""

    id: str
    workspace: str
    number: int
    answered_at: datetime
    body: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a person's: its receipt, when and in which channel it was asked, and the status of its first subject; empty
    where it has none."""

    id: str
    at: datetime
    channel: str
    question: str
    status: str


def last(session: Session, workspace: str) -> tuple[int, str] | None:
    """The number and the hash of the newest receipt of a workspace."""
    rows = select(ReceiptRow.number, ReceiptRow.hash).where(ReceiptRow.workspace == workspace)
    row = session.execute(rows.order_by(ReceiptRow.number.desc()).limit(1)).first()
    return (row.number, row.hash) if row else None


def append(session: Session, receipt: Stored) -> None:
    """Adds a receipt at the end of its chain; the caller holds the chain's lock."""
    session.add(ReceiptRow(**{name: getattr(receipt, name) for name in Stored.__slots__}))


def chain(session: Session, workspace: str) -> list[Stored]:
    """All receipts of a workspace, oldest first."""
    rows = select(ReceiptRow).where(ReceiptRow.workspace == workspace).order_by(ReceiptRow.number)
    return [_stored(row) for row in session.scalars(rows)]


def workspaces(session: Session) -> list[str]:
    """The workspaces that have receipts."""
    return list(session.scalars(select(ReceiptRow.workspace).distinct().order_by(ReceiptRow.workspace)))


def by_id(session: Session, id: str, workspace: str) -> Stored | None:
    """The receipt of this id, if it is this workspace's."""
    row = session.get(ReceiptRow, id)
    return _stored(row) if row and row.workspace == workspace else None


def asked_by(session: Session, workspace: str, user: str, most: int) -> list[Asked]:
    """What a person asked in Slack, of the `most` newest receipts of the workspace, the newest first."""
    newest = last(session, workspace)
    asker, answer = ReceiptRow.body["asker"].as_string(), ReceiptRow.body["answer"]
    wanted = select(
        *(
            ReceiptRow.id,
            ReceiptRow.answered_at,
            asker.label("asker"),
            answer["question"].as_string().label("question"),
        ),
        answer["subjects"][0]["status"].as_string().label("status"),
    ).where(ReceiptRow.workspace == workspace, ReceiptRow.number > (newest[0] if newest else 0) - most)
    theirs = wanted.where(asker.like(f"slack {workspace}/%/{user}")).order_by(ReceiptRow.number.desc())
    return [
        Asked(row.id, row.answered_at, row.asker.split("/")[1], row.question or "", row.status or "")
        for row in session.execute(theirs)
    ]


def _stored(row: ReceiptRow) -> Stored:
    return Stored(**{name: getattr(row, name) for name in Stored.__slots__})
