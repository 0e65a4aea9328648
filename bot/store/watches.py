"""Queries for watches: what a workspace watches, how each subject of that stood last, and what was told of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, insert, null, or_, select, update
from sqlalchemy.orm import Session

from bot.monitoring import Alert, Watch, Watched
from bot.store import once, tasks
from bot.store.mail_tables import TaskRow
from bot.store.versions import batches, portions
from bot.store.watch_tables import AlertRow, WatchedLinkRow, WatchedRow, WatchRow

ACTIVE = WatchRow.ended_at.is_(None)

GIVEN = ("watch_id", "number", "name", "reference", "schema", "country", "entity_id")
"""What of a subject is told with its watch; the rest is found out."""


class Known(NamedTuple):
    """What is known of a watched subject: its key, a record of the entity that it is (empty: none, or nobody knows which), its
    outcome as JSON, and the ids of the records that this rests on."""

    pk: int
    entity_id: str
    outcome: Mapping[str, Any]
    records: Sequence[str]


def task_key(workspace: str) -> str:
    """The key of the task that looks at what a workspace watches."""
    return f"watches:{workspace}"


def add(session: Session, watch: Watch, watched: Iterable[Watched], now: datetime | None = None) -> None:
    """Keeps a watch with its subjects, whose keys are not looked at, and has it be looked at as soon as may be: `now`, where
    that is not when it is set."""
    session.add(WatchRow(**_values(watch)))
    session.flush()
    _insert(session, watch.id, watched)
    _look_soon(session, watch.workspace, now or watch.set_at)


def extend(session: Session, id: str, watched: Iterable[Watched], size: int, now: datetime) -> None:
    """Adds subjects to a portfolio, which then has `size`, and has them be looked at as soon as may be."""
    row = session.get_one(WatchRow, id)
    _look_soon(session, row.workspace, now)
    row.size = size
    _insert(session, id, watched)


def renumber(session: Session, numbers: Mapping[int, int]) -> None:
    """Gives subjects of a portfolio other numbers, by their keys."""
    if numbers:
        session.execute(update(WatchedRow), [{"pk": pk, "number": number} for pk, number in numbers.items()])


def part(session: Session, pks: Iterable[int], watch: Watch) -> None:
    """Gives some subjects to another watch, which has ended."""
    tasks.hold(session, tasks.WATCHES, [watch.workspace])
    session.add(WatchRow(**_values(watch)))
    session.flush()
    for some in batches(pks):
        session.execute(update(WatchedRow).where(WatchedRow.pk.in_(some)).values(watch_id=watch.id))
        session.execute(delete(WatchedLinkRow).where(WatchedLinkRow.watched_pk.in_(some)))


def _insert(session: Session, id: str, watched: Iterable[Watched]) -> None:
    subject: Any = WatchedRow.__table__
    for some in portions(watched, 1000):
        rows = [_values(one) | {"watch_id": id} for one in some]
        # What is left out is NULL here; by way of the class it would be one of JSON.
        session.execute(insert(subject), [{name: row[name] for name in GIVEN} for row in rows])


def _look_soon(session: Session, workspace: str, now: datetime) -> None:
    key = task_key(workspace)
    values = {"kind": tasks.WATCHES, "workspace": workspace, "due_at": now, "taken_by": "", "taken_until": None}
    if not once.insert(session, TaskRow, key=key, attempts=0, **values):
        tasks.hasten(session, tasks.WATCHES, now, [workspace])


def by_id(session: Session, id: str, workspace: str) -> Watch | None:
    """The watch of this id, ended or not, if it is this workspace's."""
    row = session.get(WatchRow, id)
    return _watch(row) if row and row.workspace == workspace else None


def is_taken(session: Session, id: str) -> bool:
    """Whether any workspace has or had a watch of this id."""
    return session.get(WatchRow, id) is not None


def active(session: Session, workspace: str) -> list[Watch]:
    """The watches of a workspace that have not ended, the oldest first; those that are paused too."""
    return _watches(session, select(WatchRow).where(ACTIVE, WatchRow.workspace == workspace))


def ever(session: Session, workspace: str) -> list[Watch]:
    """All watches that a workspace has or had, the oldest first."""
    return _watches(session, select(WatchRow).where(WatchRow.workspace == workspace))


def of_place(session: Session, workspace: str, place: str) -> list[Watch]:
    """Those of a channel or a person."""
    return _watches(session, select(WatchRow).where(ACTIVE, WatchRow.workspace == workspace, _is_of(place)))


def _is_of(place: str) -> Any:
    return or_(WatchRow.channel == place, and_(WatchRow.channel == "", WatchRow.user == place))


def _watches(session: Session, wanted: Select[Any]) -> list[Watch]:
    return [_watch(row) for row in session.scalars(wanted.order_by(WatchRow.set_at, WatchRow.id))]


def workspaces(session: Session, *, ever: bool = False) -> list[str]:
    """The workspaces that watch anything, or ever did."""
    wanted = select(WatchRow.workspace).distinct().order_by(WatchRow.workspace)
    return list(session.scalars(wanted if ever else wanted.where(ACTIVE)))


def end(session: Session, id: str, by: str, now: datetime) -> bool:
    """Ends a watch; False where it had ended, or there is none."""
    tasks.hold(session, tasks.WATCHES, session.scalars(select(WatchRow.workspace).where(WatchRow.id == id)))
    ending = update(WatchRow).where(ACTIVE, WatchRow.id == id).values(ended_at=now, ended_by=by)
    if session.execute(ending.returning(WatchRow.id)).first() is None:
        return False
    subjects = select(WatchedRow.pk).where(WatchedRow.watch_id == id)
    session.execute(delete(WatchedLinkRow).where(WatchedLinkRow.watched_pk.in_(subjects)))
    return True


def pause(session: Session, workspace: str, place: str, now: datetime, why: str) -> list[Watch]:
    """Pauses the watches of a place that are not: gives out those, as they were."""
    some = [one for one in of_place(session, workspace, place) if one.paused_at is None]
    if some:
        tasks.hold(session, tasks.WATCHES, [workspace])
    _set(session, (one.id for one in some), paused_at=now, paused_why=why)
    return some


def resume(session: Session, workspace: str, place: str) -> list[Watch]:
    """Goes on with the watches of a place that are paused, from where they were: gives out those, as they were."""
    return _resume(session, workspace, [one for one in of_place(session, workspace, place) if one.paused_at])


def resume_all(session: Session, workspace: str, whys: Collection[str]) -> list[Watch]:
    """The same for all of a workspace that are paused for any of these reasons."""
    some = [one for one in active(session, workspace) if one.paused_at and one.paused_why in whys]
    return _resume(session, workspace, some)


def _resume(session: Session, workspace: str, some: list[Watch]) -> list[Watch]:
    if since := [one.paused_at for one in some if one.paused_at]:
        _look_soon(session, workspace, min(since))
        tasks.hold(session, tasks.WATCHES, [workspace])
    _set(session, (one.id for one in some), paused_at=None, paused_why="")
    return some


def seen(session: Session, ids: Iterable[str], until: datetime) -> None:
    """Notes that changes up to a moment have been looked at for these watches."""
    _set(session, ids, seen_until=until)


def becomes(session: Session, id: str, entity_id: str) -> None:
    """A watch on a name is one on an entity from now on."""
    _set(session, [id], kind="entity", target=entity_id)


def _set(session: Session, ids: Iterable[str], **values: Any) -> None:
    for some in batches(ids):
        session.execute(update(WatchRow).where(WatchRow.id.in_(some)).values(**values))


def still(session: Session, ids: Iterable[str]) -> set[str]:
    """Which of these watches have not ended and are not paused. PostgreSQL lets nobody end them before this transaction has."""
    going_on = select(WatchRow.id).where(ACTIVE, WatchRow.paused_at.is_(None)).order_by(WatchRow.id).with_for_update()
    return {id for some in batches(ids) for id in session.scalars(going_on.where(WatchRow.id.in_(some)))}


def watched(session: Session, watch_ids: Iterable[str]) -> list[Watched]:
    """The subjects of these watches, in their order."""
    return [one for some in each_watched(session, watch_ids, 5_000) for one in some]


def each_watched(session: Session, watch_ids: Iterable[str], size: int) -> Iterator[list[Watched]]:
    """The same in lists of at most this size, so that a portfolio need not be held whole."""
    for ids in batches(watch_ids):
        last = ("", 0)
        while some := _after(session, WatchedRow.watch_id.in_(ids), last, size):
            yield some
            last = some[-1].watch_id, some[-1].number


def _after(session: Session, mine: ColumnElement[bool], last: tuple[str, int], size: int) -> list[Watched]:
    watch, number = WatchedRow.watch_id, WatchedRow.number
    later = or_(watch > last[0], and_(watch == last[0], number > last[1]))
    # Plain rows, which the session does not keep.
    wanted = select(*WatchedRow.__table__.c).where(mine, later).order_by(watch, number).limit(size)
    return [_watched(row) for row in session.execute(wanted)]


def watched_by_pk(session: Session, pks: Iterable[int]) -> list[Watched]:
    """These subjects, in the order of their keys."""
    wanted = select(*WatchedRow.__table__.c)
    rows = (row for some in batches(sorted(pks)) for row in session.execute(wanted.where(WatchedRow.pk.in_(some))))
    return sorted(map(_watched, rows), key=lambda one: one.pk)


def records_of(session: Session, watch_ids: Iterable[str]) -> set[str]:
    """The ids of the records that the subjects of these watches are; of one that may be several, of none."""
    wanted = select(WatchedRow.entity_id).where(WatchedRow.entity_id != "")
    return {id for some in batches(watch_ids) for id in session.scalars(wanted.where(WatchedRow.watch_id.in_(some)))}


def resting_on(session: Session, record_ids: Iterable[str], watch_ids: Iterable[str]) -> set[int]:
    """The keys of the subjects of these watches of which something is known that rests on any of these records."""
    links = select(WatchedLinkRow.watched_pk, WatchedRow.watch_id).join(
        WatchedRow, WatchedRow.pk == WatchedLinkRow.watched_pk
    )
    found = (
        row for some in batches(record_ids) for row in session.execute(links.where(WatchedLinkRow.entity_id.in_(some)))
    )
    wanted = set(watch_ids)
    return {row.watched_pk for row in found if row.watch_id in wanted}


def growing(session: Session, watch_ids: Iterable[str]) -> set[str]:
    """Which of these watches have subjects of which nothing is known yet."""
    new = select(WatchedRow.watch_id).where(WatchedRow.outcome.is_(null())).distinct()
    return {id for some in batches(watch_ids) for id in session.scalars(new.where(WatchedRow.watch_id.in_(some)))}


def unknown(session: Session, watch_id: str, most: int) -> list[Watched]:
    """The first subjects of a watch of which nothing is known yet."""
    mine = and_(WatchedRow.watch_id == watch_id, WatchedRow.outcome.is_(null()))
    wanted = select(*WatchedRow.__table__.c).where(mine).order_by(WatchedRow.number).limit(most)
    return [_watched(row) for row in session.execute(wanted)]


def know(session: Session, some: Iterable[Known]) -> None:
    """Notes what is known of subjects now, in the place of what was."""
    subject: Any = WatchedRow.__table__
    for part in portions(some, 500):
        pks = [one.pk for one in part]
        session.execute(delete(WatchedLinkRow).where(WatchedLinkRow.watched_pk.in_(pks)))
        session.execute(
            update(subject)
            .where(subject.c.pk == bindparam("of"))
            .values(entity_id=bindparam("entity"), outcome=bindparam("known")),
            [{"of": one.pk, "entity": one.entity_id, "known": dict(one.outcome)} for one in part],
        )
        if links := [{"watched_pk": one.pk, "entity_id": id} for one in part for id in dict.fromkeys(one.records)]:
            session.execute(insert(WatchedLinkRow), links)


def note(session: Session, alerts: Iterable[Alert]) -> None:
    """Keeps that these alerts were made."""
    if rows := [_values(one) for one in alerts]:
        session.execute(insert(AlertRow), rows)


def alerts(
    session: Session,
    workspace: str,
    since: datetime | None = None,
    most: int = 100,
    watch_ids: Iterable[str] | None = None,
) -> list[Alert]:
    """The newest alerts of a workspace (only of these watches) that were made from a moment on, the newest first."""
    wanted = select(AlertRow).where(AlertRow.workspace == workspace).order_by(AlertRow.pk.desc()).limit(most)
    wanted = wanted.where(AlertRow.made_at >= since) if since else wanted
    parts = [wanted]
    if watch_ids is not None:
        parts = [wanted.where(AlertRow.watch_id.in_(some)) for some in batches(watch_ids)]
    rows = sorted((row for part in parts for row in session.scalars(part)), key=lambda row: row.pk, reverse=True)
    return [Alert(**{field.name: getattr(row, field.name) for field in fields(Alert)}) for row in rows[:most]]


def _values(one: Watch | Watched | Alert) -> dict[str, Any]:
    found = {field.name: getattr(one, field.name) for field in fields(one)}
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in found.items()}


def _watch(row: Any) -> Watch:
    return Watch(**{field.name: getattr(row, field.name) for field in fields(Watch)})


def _watched(row: Any) -> Watched:
    return Watched(**{field.name: getattr(row, field.name) for field in fields(Watched)})
