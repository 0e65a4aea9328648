"""Queries for subjects: which records are one, and what people decided of that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.records import PUBLIC
from bot.store.join_tables import DecisionRow, MembershipRow
from bot.store.versions import batches

Reasons: TypeAlias = list[list[str]]
"""Why a record is of its subject: a code, two values and the ids of two records, of each reason."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of two records: `join` or `separate`, for a workspace, why, by whom and when; and, where it was taken
    back, when, why and by whom."""

    pk: int
    workspace: str
    kind: str
    one: str
    other: str
    why: str
    by: str
    at: datetime
    undone_at: datetime | None = None
    undone_why: str = ""
    undone_by: str = ""


@dataclass(slots=True)
class Subjects:
    """Which records are of which subject, as a workspace sees it: subject by record, records and reasons by subject. A record
    that is not in here is a subject by itself."""

    of: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    reasons: dict[str, Reasons] = field(default_factory=dict)

    def together(self, id: str) -> list[str]:
        """The records that are one with a record, itself included."""
        return self.members.get(self.of.get(id, id)) or [id]

    def why(self, id: str) -> Reasons:
        """Why they are."""
        return self.reasons.get(self.of.get(id, id), [])


def subjects(session: Session, ids: Iterable[str], workspace: str, known_at: datetime | None) -> Subjects:
    """The subjects of these records, with all their records, as known at `known_at` (None: now)."""
    asked = _rows(session, MembershipRow.entity_id, ids, workspace, known_at)
    mine = _of_workspace(asked, workspace)
    rows = _rows(session, MembershipRow.subject_id, (row.subject_id for row in mine), workspace, known_at)
    if workspace != PUBLIC:
        # What is one for everybody may be of another subject for this workspace.
        rows += _rows(session, MembershipRow.entity_id, (row.entity_id for row in rows), workspace, known_at)
    return _collect(_of_workspace(rows, workspace))


def every(session: Session, workspace: str, known_at: datetime | None) -> Subjects:
    """All subjects of more than one record, as known at `known_at` (None: now)."""
    rows = session.scalars(select(MembershipRow).where(_visible(workspace, known_at)))
    return _collect(_of_workspace(rows, workspace))


def _visible(workspace: str, known_at: datetime | None) -> ColumnElement[bool]:
    mine = MembershipRow.workspace.in_((PUBLIC, workspace))
    if known_at is None:
        return and_(mine, MembershipRow.known_until.is_(None))
    still = or_(MembershipRow.known_until.is_(None), MembershipRow.known_until > known_at)
    return and_(mine, MembershipRow.known_from <= known_at, still)


def _rows(
    session: Session, column: InstrumentedAttribute[str], ids: Iterable[str], workspace: str, known_at: datetime | None
) -> list[MembershipRow]:
    wanted = select(MembershipRow).where(_visible(workspace, known_at))
    return [row for some in batches(ids) for row in session.scalars(wanted.where(column.in_(some)))]


def _of_workspace(rows: Iterable[MembershipRow], workspace: str) -> list[MembershipRow]:
    """One row a record: what the workspace itself holds counts more than what is everybody's."""
    found: dict[str, MembershipRow] = {}
    for row in rows:
        if row.workspace != PUBLIC or row.entity_id not in found:
            found[row.entity_id] = row
    return list(found.values())


def _collect(rows: Iterable[MembershipRow]) -> Subjects:
    found = Subjects()
    for row in sorted(rows, key=lambda row: row.entity_id):
        found.of[row.entity_id] = row.subject_id
        found.members.setdefault(row.subject_id, []).append(row.entity_id)
        reasons = found.reasons.setdefault(row.subject_id, [])
        reasons += [one for one in row.reasons if one not in reasons]
    return found


def decided(session: Session, workspace: str, ids: Iterable[str] | None = None) -> list[Decision]:
    """The decisions in force for a workspace, those for everybody included, that are about any of these records (None: all), in
    their order; of several about the same two records, the last."""
    wanted = select(DecisionRow).where(DecisionRow.workspace.in_((PUBLIC, workspace)), DecisionRow.undone_at.is_(None))
    if ids is None:
        rows = list(session.scalars(wanted))
    else:
        beside = (or_(DecisionRow.one.in_(some), DecisionRow.other.in_(some)) for some in batches(ids))
        rows = [row for near in beside for row in session.scalars(wanted.where(near))]
    # What a workspace decided counts more, for itself, than what is everybody's.
    rows.sort(key=lambda row: (row.workspace != PUBLIC, row.pk))
    last = {(row.one, row.other): row for row in rows}
    return [_decision(row) for row in sorted(last.values(), key=lambda row: row.pk)]


def all_decisions(session: Session, workspaces: Sequence[str]) -> list[Decision]:
    """All decisions of some workspaces, those that were taken back too, the oldest first."""
    wanted = select(DecisionRow).where(DecisionRow.workspace.in_(workspaces)).order_by(DecisionRow.pk)
    return [_decision(row) for row in session.scalars(wanted)]


def decide(session: Session, one: Decision) -> None:
    """Records a decision; its key is not looked at."""
    fields = ("workspace", "kind", "one", "other", "why", "by", "at")
    values = {name: getattr(one, name) for name in fields} | {"undone_why": "", "undone_by": ""}
    session.execute(insert(DecisionRow).values(values))


def take_back(session: Session, pk: int, why: str, by: str, now: datetime) -> None:
    """Records that a decision was taken back."""
    values = {"undone_at": now, "undone_why": why, "undone_by": by}
    session.execute(update(DecisionRow).where(DecisionRow.pk == pk).values(values))


def latest(session: Session, kind: str, one: str, other: str, workspace: str) -> Decision | None:
    """The last decision of a kind about two records, in either order, that is in force in exactly this workspace."""
    wanted = select(DecisionRow).where(
        DecisionRow.workspace == workspace,
        DecisionRow.kind == kind,
        DecisionRow.undone_at.is_(None),
        or_(
            and_(DecisionRow.one == one, DecisionRow.other == other),
            and_(DecisionRow.one == other, DecisionRow.other == one),
        ),
    )
    row = session.scalars(wanted.order_by(DecisionRow.pk.desc()).limit(1)).first()
    return _decision(row) if row else None


def _decision(row: DecisionRow) -> Decision:
    return Decision(**{name: getattr(row, name) for name in Decision.__slots__})
