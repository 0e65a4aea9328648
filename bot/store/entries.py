"""Writes one version of an official list, entry by entry: what differs from the version before, and what is on it no more.

Memory does not grow with the list: entries come in portions, and what was met is kept in a temporary table.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, Select, String, Table, exists, func, insert, select
from sqlalchemy.orm import Session

from bot.records import Dataset, Difference, Edition, Entity, Entry, FieldChange, Gone, Listing, Rejected
from bot.store import changes, differing
from bot.store.database import analyze
from bot.store.tables import EntityRow, ListingRow
from bot.store.versions import batches, close, digest, entity, insert_records, listing, portions

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
        close(self.session, EntityRow, portion.closed_entities, self.now)
        close(self.session, ListingRow, portion.closed_listings, self.now)
        insert_records(self.session, EntityRow, portion.entities, self.stamp)
        insert_records(self.session, ListingRow, portion.listings, self.stamp)
        changes.log(self.session, portion.changed, self.workspace, self.now)
        self.written += len(portion.entities) + len(portion.listings)
        if self.written >= self.analyze_at:
            analyze(self.session, "entity", "listing", "name", "identifier")
            self.analyze_at = self.written * 8


class Writing:
    """One version of one list being written, published on a day (ISO date), after the version `before` (None: it is the first).
    `counts` are of the publisher's records: added, changed, removed, unchanged."""

    def __init__(
        self, session: Session, edition: Edition, workspace: str, now: datetime, published: str, before: Dataset | None
    ) -> None:
        self.edition, self.published = edition, published
        self.rows = Versioning(session, edition.dataset.list, workspace, now)
        self.is_first, self.last = before is None, before.published_on if before else ""
        self.counts: Counter[str] = Counter()
        self.names = 0

    def take(self, entries: Sequence[Entry]) -> Iterator[Rejected]:
        """Writes some entries; gives out those whose id was there already."""
        fresh, repeated = distinct(self.rows.session, entries)
        ids = [one.entity.id for one in fresh]
        entities, acts = self.rows.entities(ids), self.rows.listings_of(ids)
        portion = Portion()
        for one in fresh:
            self.names += len(one.entity.names)
            self.counts[self._compare(portion, one, entities.get(one.entity.id), acts[one.entity.id])] += 1
        self._of_renewed(portion)
        self.rows.write(portion)
        yield from (Rejected(one.where, f"id: {one.entity.id!r} is there already") for one in repeated)

    def _compare(self, portion: Portion, one: Entry, row: Any, acts: Sequence[Any]) -> str:
        """What is to be written of an entry, and what this makes of it: `added`, `changed` or `unchanged`."""
        is_new = row is None or (bool(acts) and all(act.last_seen for act in acts))
        is_renewed = self._of_entity(portion, one.entity, row)
        told: list[differing.Differing] = []
        present = {act.id: act for act in acts if not act.last_seen}
        for act in one.listings:
            told += self._of_listing(portion, act, present.pop(act.id, None), [old for old in acts if old.id == act.id])
        # A delta speaks of what changed; the rest stays.
        for old in () if self.edition.delta else present.values():
            self._end_listing(portion, old)
            told.append((old.id, "ended_on", "", self.published))
        if is_new:
            on = min((act.listed_on for act in one.listings if act.listed_on), default=self.published)
            self._log(portion, one.entity, "added", on)
            return "added"
        for change in told:
            self._log(portion, one.entity, "changed", self.published, change)
        return "changed" if told or is_renewed else "unchanged"

    def _of_entity(self, portion: Portion, one: Entity, row: Any) -> bool:
        """Has an entity written that is new or differs; whether it differs."""
        said = digest(one)
        if row and row.digest == said:
            return False
        portion.entities.append((one, said))
        if row:
            portion.closed_entities.append(row.pk)
            portion.renewed[row.pk] = one
        return row is not None

    def _of_renewed(self, portion: Portion) -> None:
        """Logs how entities differ."""
        for pk, before in self.rows.whole(portion.renewed if not self.is_first else ()):
            after = portion.renewed[pk]
            for change in list(differing.entities(before, after)) or [("", "names", "", "in another order")]:
                self._log(portion, after, "changed", self.published, change)

    def _of_listing(
        self, portion: Portion, act: Listing, row: Any, gone: Sequence[Any]
    ) -> Iterator[differing.Differing]:
        said = digest(act)
        if row and row.digest == said:
            return
        first_seen, last_absent = (row.first_seen, row.last_absent) if row else (self.published, self.last)
        dated = replace(
            act,
            read_on=act.read_on or self.published,
            first_seen=act.first_seen or first_seen,
            last_absent=last_absent,
        )
        if row:
            portion.replace(row, dated, said)
            yield from list(differing.listings(listing(row), act)) or [(act.id, "sources", "", "")]
            return
        for old in gone:
            # It was on the list before and is back: both times stay on record.
            portion.replace(old, replace(listing(old), id=f"{old.id}~{old.ended_on}"))
        portion.listings.append((dated, said))
        yield act.id, "listed", "", act.listed_on or self.published

    def _end_listing(self, portion: Portion, row: Any) -> None:
        """Writes that a listing is not on the list any more; where it had ended by its own date, that stays."""
        act = listing(row)
        own = act.ended_on if act.ended_on and act.ended_on <= self.published else ""
        portion.replace(row, replace(act, ended_on=own or self.published, last_seen=self.last or self.published))

    def _log(
        self, portion: Portion, one: Entity, what: str, on: str, change: differing.Differing = ("", "", "", "")
    ) -> None:
        if not self.is_first:
            portion.changed.append(FieldChange(self.rows.list, self.published, on, what, one.id, one.name, *change))

    def drop(self, gone: Sequence[Gone]) -> None:
        """Takes off what a delta says is gone, entities or listings; it may speak of what was never taken."""
        ids = [one.id for one in gone]
        self._end(list(self.rows.entities(ids).values()))
        acts = [act for act in self.rows.listings(ids) if not act.last_seen]
        entities = self.rows.entities(act.entity_id for act in acts)
        portion = Portion()
        for act in acts:
            self._end_listing(portion, act)
            one, ended = entities[act.entity_id], (act.id, "ended_on", "", self.published)
            change = FieldChange(self.rows.list, self.published, self.published, "changed", one.id, one.name, *ended)
            portion.changed.append(change)
        self.counts["changed"] += len(entities)
        self.rows.write(portion)

    def finish(self) -> Difference:
        """Ends what the version does not have any more; what was counted."""
        if not self.edition.delta:
            missing = select(EntityRow.pk, EntityRow.id, EntityRow.name).where(
                self.rows.mine(EntityRow), ~exists().where(SEEN.c.id == EntityRow.id)
            )
            for some in portions(self.rows.by_and_by(missing, EntityRow), AT_A_TIME):
                self._end(some)
        return Difference(**{name: self.counts[name] for name in ("added", "changed", "removed", "unchanged")})

    def _end(self, rows: Sequence[Any]) -> None:
        """Ends the listings of some entities; one that has none goes itself: nothing was said of it."""
        acts = self.rows.listings_of(row.id for row in rows)
        portion = Portion()
        for row in rows:
            present = [act for act in acts[row.id] if not act.last_seen]
            for act in present:
                self._end_listing(portion, act)
            if not acts[row.id]:
                portion.closed_entities.append(row.pk)
            if present or not acts[row.id]:
                self.counts["removed"] += 1
                if not self.is_first:
                    gone = FieldChange(self.rows.list, self.published, self.published, "removed", row.id, row.name)
                    portion.changed.append(gone)
        self.rows.write(portion)


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
