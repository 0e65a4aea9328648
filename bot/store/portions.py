"""The current rows of one list, read and replaced in portions; a temporary table keeps which entries of a version were met."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, Select, String, Table, exists, func, insert, select
from sqlalchemy.orm import Session

from bot.records import Entity, Entry, FieldChange, Listing
from bot.store import changes
from bot.store.database import analyze
from bot.store.tables import EntityRow, ListingRow
from bot.store.versions import batches, close, entity, insert_records

SEEN = Table("seen_entry", MetaData(), Column("id", String(200), primary_key=True), prefixes=["TEMPORARY"])

AT_A_TIME = 1000
"""Records that are held in memory when all of a list are gone through."""


@dataclass(slots=True)
class Portion:
    """What some entries make necessary: rows that end, records that are written with the fingerprint of what their publisher
    says, and the log; `renewed` are the rows of entities that end and what takes their place."""

    closed_entities: list[int] = field(default_factory=list)
    closed_listings: list[int] = field(default_factory=list)
    entities: list[tuple[Entity, str]] = field(default_factory=list)
    listings: list[tuple[Listing, str]] = field(default_factory=list)
    changed: list[FieldChange] = field(default_factory=list)
    renewed: dict[int, Entity] = field(default_factory=dict)

    def replace(self, row: Any, act: Listing, said: str = "") -> None:
        """Ends the row of a listing and writes it anew; what its publisher says is the same unless `said`."""
        self.closed_listings.append(row.pk)
        self.listings.append((act, said or row.digest))


class Versioning:
    """The current rows of one list in one workspace, read and replaced in portions."""

    def __init__(self, session: Session, list: str, workspace: str, now: datetime) -> None:
        self.session, self.list, self.workspace, self.now = session, list, workspace, now
        self.stamp = {"workspace": workspace, "list": list, "known_from": now}
        self.written, self.analyze_at = 0, AT_A_TIME

    def mine(self, table: type[EntityRow] | type[ListingRow]) -> ColumnElement[bool]:
        """Which rows of a table are current ones of this list."""
        return (table.list == self.list) & (table.workspace == self.workspace) & table.known_until.is_(None)

    def entities(self, ids: Iterable[str]) -> dict[str, Any]:
        """The rows of these entities by id, without their names and numbers."""
        wanted = select(EntityRow.pk, EntityRow.id, EntityRow.name, EntityRow.digest)
        return {row.id: row for row in self._rows(wanted, EntityRow, EntityRow.id, ids)}

    def listings_of(self, ids: Iterable[str]) -> dict[str, list[Any]]:
        """The rows of the listings of these entities, by entity."""
        found: dict[str, list[Any]] = {id: [] for id in ids}
        for row in self._rows(select(*ListingRow.__table__.c), ListingRow, ListingRow.entity_id, found):
            if row.list == self.list:
                found[row.entity_id].append(row)
        return found

    def listings(self, ids: Iterable[str]) -> Iterator[Any]:
        """The rows of these listings."""
        return self._rows(select(*ListingRow.__table__.c), ListingRow, ListingRow.id, ids)

    def _rows(self, wanted: Select[*tuple[Any, ...]], table: Any, column: Any, ids: Iterable[str]) -> Iterator[Any]:
        # Without a word on the list: a planner that has no figures yet would go through all of it each time.
        mine = (table.workspace == self.workspace) & table.known_until.is_(None)
        for some in batches(ids):
            yield from self.session.execute(wanted.where(column.in_(some), mine).order_by(table.pk))

    def whole(self, pks: Iterable[int]) -> Iterator[tuple[int, Entity]]:
        """The entities of these rows."""
        for some in batches(pks):
            yield from (
                (row.pk, entity(row)) for row in self.session.scalars(select(EntityRow).where(EntityRow.pk.in_(some)))
            )

    def changes_of(self, ids: Iterable[str], after: str) -> dict[str, list[FieldChange]]:
        """What versions published later than that day changed in these entities, newest first."""
        found: dict[str, list[FieldChange]] = {id: [] for id in ids}
        for one in changes.of_entities(self.session, found, self.workspace, None, after):
            found[one.entity_id].append(one)
        return found

    def by_and_by(self, wanted: Select[*tuple[Any, ...]], table: type[EntityRow] | type[ListingRow]) -> Iterator[Any]:
        """The rows of a query by their keys, so that none is held while others are written."""
        last = 0
        while rows := self.session.execute(wanted.where(table.pk > last).order_by(table.pk).limit(AT_A_TIME)).all():
            yield from rows
            last = rows[-1].pk

    def count(self) -> int:
        """How many entities are on the list now: those that have a listing which is, or have none."""
        gone = exists().where(ListingRow.entity_id == EntityRow.id, self.mine(ListingRow), ListingRow.last_seen != "")
        there = exists().where(ListingRow.entity_id == EntityRow.id, self.mine(ListingRow), ListingRow.last_seen == "")
        wanted = select(func.count()).select_from(EntityRow).where(self.mine(EntityRow), there | ~gone)
        return self.session.scalar(wanted) or 0

    def write(self, portion: Portion) -> None:
        """Ends and inserts what a portion makes necessary."""
        # An entry may have gone to another subject, where its publisher merged two.
        moved = {row.pk for row in self.listings(act.id for act, _ in portion.listings)} - {*portion.closed_listings}
        portion.closed_listings += sorted(moved)
        close(self.session, EntityRow, portion.closed_entities, self.now)
        close(self.session, ListingRow, portion.closed_listings, self.now)
        insert_records(self.session, EntityRow, portion.entities, self.stamp)
        insert_records(self.session, ListingRow, portion.listings, self.stamp)
        changes.log(self.session, portion.changed, self.workspace, self.now)
        self.written += len(portion.entities) + len(portion.listings)
        if self.written >= self.analyze_at:
            analyze(self.session, "entity", "listing", "name", "identifier")
            self.analyze_at = self.written * 8


def base_of(id: str) -> str:
    """What all rows of a listing share, those of its earlier times on the list too: its id, unless that is very long."""
    found = re.fullmatch(r"(.+?)~(?:[\d-]{10}|[\d-]*~\d+)", id)
    id = found[1] if found else id
    return id if len(id) <= 165 else f"{id[:100]}.{hashlib.sha256(id.encode()).hexdigest()}"


def earlier(act: Listing, pk: int) -> Listing:
    """A listing as an earlier time on the list than the one its id tells of, made from the row `pk`."""
    return replace(act, id=f"{base_of(act.id)}~{act.first_seen[:10]}~{pk}")


def begin(session: Session) -> None:
    """Makes the place where the ids that were met are kept; `end` removes it."""
    SEEN.create(session.connection())


def end(session: Session) -> None:
    """Removes that place."""
    SEEN.drop(session.connection())


def distinct(session: Session, entries: Iterable[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The entries whose id was not met before, and the others."""
    first: dict[str, Entry] = {}
    repeated: list[Entry] = []
    for one in entries:
        if first.setdefault(one.entity.id, one) is not one:
            repeated.append(one)
    met = {id for some in batches(first) for id in session.scalars(select(SEEN.c.id).where(SEEN.c.id.in_(some)))}
    repeated += [one for id, one in first.items() if id in met]
    fresh = [one for id, one in first.items() if id not in met]
    if fresh:
        session.execute(insert(SEEN), [{"id": one.entity.id} for one in fresh])
    return fresh, repeated
