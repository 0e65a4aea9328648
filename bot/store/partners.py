"""Finds the records that may be one with some others by the keys they share, and writes which are; in portions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.records import PUBLIC, Entity, Identifier, Listing, Name
from bot.store import names
from bot.store.join_tables import DecisionRow, JoinKeyRow, JoinProgressRow, MembershipRow
from bot.store.joins import Reasons
from bot.store.tables import DatasetRow, EntityRow, IdentifierRow, ListingRow, NameRow
from bot.store.versions import batches, portions

AT_A_TIME = 1000
KEYS_AT_A_TIME = 100_000

Wanted: TypeAlias = dict[str, tuple[str, Reasons]]
"""Record → its subject, and why."""


class Version(NamedTuple):
    """The current version of an entity: its key, whose it is, itself and its listings."""

    pk: int
    workspace: str
    entity: Entity
    listings: list[Listing]


@dataclass(frozen=True, slots=True)
class Progress:
    """Up to which versions of entities and listings, and which transaction, records have been related."""

    entity_pk: int = 0
    listing_pk: int = 0
    change: int = 0


def progress(session: Session) -> Progress:
    """How far records have been related."""
    row = session.execute(select(JoinProgressRow.entity_pk, JoinProgressRow.listing_pk, JoinProgressRow.change)).first()
    return Progress(*row) if row else Progress()


def progressed(session: Session, before: Progress) -> None:
    """Notes that all that is stored now has been related."""
    last = [session.scalar(select(func.coalesce(func.max(table.pk), 0))) for table in (EntityRow, ListingRow)]
    values = {"entity_pk": last[0], "listing_pk": last[1], "change": names.last_change(session).number}
    if before == Progress():
        session.execute(delete(JoinProgressRow))
        session.execute(insert(JoinProgressRow).values(pk=1, **values))
    else:
        session.execute(update(JoinProgressRow).values(**values))


def added(session: Session, since: Progress) -> Iterator[Version]:
    """The current versions that were recorded since."""
    last = since.entity_pk
    while some := _read(session, EntityRow.pk > last, AT_A_TIME):
        yield from some
        last = some[-1].pk


def current(session: Session, pks: Iterable[int]) -> Iterator[Version]:
    """These versions."""
    for some in batches(pks):
        yield from _read(session, EntityRow.pk.in_(some))


def _read(session: Session, which: Any, most: int | None = None) -> list[Version]:
    columns = (EntityRow.pk, EntityRow.workspace, EntityRow.id, EntityRow.kind, EntityRow.name, EntityRow.countries)
    wanted = select(*columns).where(which, EntityRow.known_until.is_(None)).order_by(EntityRow.pk).limit(most)
    rows = session.execute(wanted).all()
    called: dict[int, list[Name]] = {row.pk: [] for row in rows}
    numbers: dict[int, list[Identifier]] = {row.pk: [] for row in rows}
    acts = _acts(session, [(row.workspace, row.id) for row in rows])
    for some in batches(called):
        for pk, value, kind in session.execute(
            select(NameRow.entity_pk, NameRow.value, NameRow.kind)
            .where(NameRow.entity_pk.in_(some))
            .order_by(NameRow.pk)
        ):
            called[pk].append(Name(value, kind))
        for pk, scheme, value in session.execute(
            select(IdentifierRow.entity_pk, IdentifierRow.scheme, IdentifierRow.value)
            .where(IdentifierRow.entity_pk.in_(some))
            .order_by(IdentifierRow.pk)
        ):
            numbers[pk].append(Identifier(scheme, value))
    return [
        Version(
            row.pk,
            row.workspace,
            Entity(row.id, row.kind, row.name, tuple(called[row.pk]), tuple(row.countries), tuple(numbers[row.pk])),
            acts[row.workspace, row.id],
        )
        for row in rows
    ]


def _acts(session: Session, of: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Listing]]:
    """The current listings of entities by whose they are and the entity's id: two workspaces may each have a list of their own
    with the same ids."""
    found: dict[tuple[str, str], list[Listing]] = {one: [] for one in of}
    act = (ListingRow.id, ListingRow.authority, ListingRow.official_list, ListingRow.record_id)
    wanted = select(ListingRow.workspace, ListingRow.entity_id, *act).where(ListingRow.known_until.is_(None))
    for ids in batches(id for _, id in found):
        listed = wanted.where(ListingRow.entity_id.in_(ids)).order_by(ListingRow.pk)
        for owner, entity_id, id, authority, official, record_id in session.execute(listed):
            if (owner, entity_id) in found:
                one = Listing(id, entity_id, authority, official, (), "", (), record_id=record_id)
                found[owner, entity_id].append(one)
    return found


def relisted(session: Session, since: Progress) -> list[int]:
    """The current versions of entities that stayed as they were while their listings changed since."""
    changed = select(EntityRow.pk).join(ListingRow, ListingRow.entity_id == EntityRow.id).distinct()
    newer = ListingRow.pk > since.listing_pk
    return list(session.scalars(changed.where(newer, EntityRow.pk <= since.entity_pk, EntityRow.known_until.is_(None))))


def ended(session: Session, since: Progress) -> dict[int, str]:
    """The versions that ended since, by their keys, with the ids of the entities."""
    closing = and_(EntityRow.known_until.is_not(None), EntityRow.closed_in.is_(None))
    found: dict[int, str] = {}
    for which in (EntityRow.closed_in > since.change, closing):
        rows = session.execute(select(EntityRow.pk, EntityRow.id).where(which, EntityRow.pk <= since.entity_pk))
        found |= {row.pk: row.id for row in rows}
    return found


def add_keys(session: Session, keys: Iterable[tuple[int, int, str]]) -> None:
    """Keeps the keys of versions: key, version, whose it is."""
    for some in portions(keys, KEYS_AT_A_TIME):
        # In the order of the table: SQLite would read a page of it for each key.
        rows = [{"key": key, "entity_pk": pk, "workspace": workspace} for key, pk, workspace in sorted(some)]
        session.execute(insert(JoinKeyRow), rows)


def drop_keys(session: Session, pks: Iterable[int]) -> dict[int, int]:
    """Removes the keys of versions that ended; how many had each."""
    gone: dict[int, int] = {}
    for some in batches(pks):
        mine = JoinKeyRow.entity_pk.in_(some)
        for key in session.scalars(select(JoinKeyRow.key).where(mine)):
            gone[key] = gone.get(key, 0) + 1
        session.execute(delete(JoinKeyRow).where(mine))
    return gone


def shared(session: Session, since: Progress) -> Iterator[tuple[int, int, int]]:
    """The keys that a version recorded since has together with others: key, how many have it of the records that everybody sees,
    how many of these are new."""
    is_new, is_public = JoinKeyRow.entity_pk > since.entity_pk, JoinKeyRow.workspace == PUBLIC
    held = select(JoinKeyRow.key, func.count().filter(is_public), func.count().filter(is_public & is_new))
    if since.entity_pk:
        held = held.where(JoinKeyRow.key.in_(select(JoinKeyRow.key).where(is_new)))
    for row in session.execute(held.group_by(JoinKeyRow.key).having(func.count() > 1)).all():
        key, count, new = row
        yield key, count, new


def counts(session: Session, keys: Iterable[int], workspace: str) -> dict[int, int]:
    """How many records that a workspace sees have each of these keys."""
    found: dict[int, int] = {}
    for some in batches(keys):
        held = select(JoinKeyRow.key, func.count()).where(
            JoinKeyRow.key.in_(some), JoinKeyRow.workspace.in_((PUBLIC, workspace))
        )
        rows = session.execute(held.group_by(JoinKeyRow.key))
        found.update((key, number) for key, number in rows)
    return found


def keys_of(session: Session, pks: Iterable[int]) -> set[int]:
    """All keys of some versions."""
    wanted = select(JoinKeyRow.key).distinct()
    return {key for some in batches(pks) for key in session.scalars(wanted.where(JoinKeyRow.entity_pk.in_(some)))}


def holders(session: Session, keys: Iterable[int], workspace: str | None = None) -> set[int]:
    """The versions that have any of these keys and that a workspace sees (None: all)."""
    wanted = select(JoinKeyRow.entity_pk)
    if workspace is not None:
        wanted = wanted.where(JoinKeyRow.workspace.in_((PUBLIC, workspace)))
    return {pk for some in batches(keys) for pk in session.scalars(wanted.where(JoinKeyRow.key.in_(some)))}


def owners(session: Session, pks: Iterable[int]) -> Iterator[tuple[str, str]]:
    """Whose these versions are, and the ids of their entities."""
    wanted = select(EntityRow.workspace, EntityRow.id)
    for some in batches(pks):
        yield from ((owner, id) for owner, id in session.execute(wanted.where(EntityRow.pk.in_(some))))


def parted(session: Session, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Those of these records that are one with others now: for which workspace, and their ids."""
    wanted = select(MembershipRow.workspace, MembershipRow.entity_id).where(MembershipRow.known_until.is_(None))
    for some in batches(ids):
        yield from ((owner, id) for owner, id in session.execute(wanted.where(MembershipRow.entity_id.in_(some))))


def ids_of(session: Session, pks: Iterable[int]) -> dict[int, str]:
    """The ids of the entities of some versions, by their keys."""
    wanted = select(EntityRow.pk, EntityRow.id)
    return {pk: id for some in batches(pks) for pk, id in session.execute(wanted.where(EntityRow.pk.in_(some)))}


def pks_of(session: Session, ids: Iterable[str], workspace: str) -> dict[int, str]:
    """The current versions of some entities that a workspace sees, with their ids."""
    wanted = select(EntityRow.pk, EntityRow.id).where(
        EntityRow.known_until.is_(None), EntityRow.workspace.in_((PUBLIC, workspace))
    )
    return {pk: id for some in batches(ids) for pk, id in session.execute(wanted.where(EntityRow.id.in_(some)))}


def members(session: Session, ids: Iterable[str], workspace: str) -> set[str]:
    """The records that are one with any of these now, in exactly this workspace's rows."""
    mine = and_(MembershipRow.workspace == workspace, MembershipRow.known_until.is_(None))
    subjects = select(MembershipRow.subject_id).where(mine)
    one_with = select(MembershipRow.entity_id).where(mine)
    # In two steps: of a query within a query PostgreSQL made a loop over all rows for each row.
    found = {id for some in batches(ids) for id in session.scalars(subjects.where(MembershipRow.entity_id.in_(some)))}
    return {id for some in batches(found) for id in session.scalars(one_with.where(MembershipRow.subject_id.in_(some)))}


def forms(session: Session) -> dict[str, str]:
    """The format that each dataset came in."""
    rows = session.execute(select(DatasetRow.list, DatasetRow.form).distinct())
    return {name: form for name, form in rows if form}


def workspaces(session: Session) -> list[str]:
    """The workspaces that hold records or decisions of their own."""
    own = [
        *session.scalars(select(DatasetRow.workspace).distinct()),
        *session.scalars(select(DecisionRow.workspace).distinct()),
    ]
    return sorted({*own} - {PUBLIC})


def concerned(session: Session, ids: Iterable[str], keys: Iterable[int], workspace: str) -> set[str]:
    """The records for which a workspace may see some others otherwise than everybody does: it has such with the same keys,
    decided about them, or saw them otherwise until now."""
    own = select(JoinKeyRow.entity_pk).where(JoinKeyRow.workspace == workspace)
    pks = {pk for some in batches(keys) for pk in session.scalars(own.where(JoinKeyRow.key.in_(some)))}
    near = set(ids_of(session, pks).values())
    row, decision = MembershipRow, DecisionRow
    seen = select(row.entity_id).where(row.workspace == workspace, row.known_until.is_(None))
    decided = select(decision.one, decision.other).where(decision.workspace == workspace)
    for some in batches(ids):
        near |= set(session.scalars(seen.where(or_(row.entity_id.in_(some), row.subject_id.in_(some)))))
        for pair in session.execute(decided.where(or_(decision.one.in_(some), decision.other.in_(some)))):
            near |= set(pair)
    return near


def write(session: Session, ids: Iterable[str], wanted: Wanted, workspace: str, now: datetime) -> None:
    """Makes these the subjects of some records in a workspace's rows; what differs ends at `now`."""
    stored: dict[str, MembershipRow] = {}
    for some in batches(ids):
        mine = select(MembershipRow).where(
            MembershipRow.workspace == workspace,
            MembershipRow.known_until.is_(None),
            MembershipRow.entity_id.in_(some),
        )
        stored |= {row.entity_id: row for row in session.scalars(mine)}
    kept = {id for id, row in stored.items() if wanted.get(id) == (row.subject_id, row.reasons)}
    for pks in batches(row.pk for id, row in stored.items() if id not in kept):
        session.execute(update(MembershipRow).where(MembershipRow.pk.in_(pks)).values(known_until=now))
    stamp = {"workspace": workspace, "known_from": now}
    rows = [
        {"entity_id": id, "subject_id": subject, "reasons": reasons, **stamp}
        for id, (subject, reasons) in sorted(wanted.items())
        if id not in kept
    ]
    for portion in portions(rows, AT_A_TIME):
        session.execute(insert(MembershipRow), portion)
    session.expunge_all()
