"""Writes one version of an official list, entry by entry: what differs from the version before, and what is on it no more.

Memory does not grow with the list: entries come in portions, and what was met is kept in a temporary table.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.records import Dataset, Difference, Edition, Entity, Entry, FieldChange, Gone, Listing, Rejected
from bot.store import datasets, differing
from bot.store.portions import AT_A_TIME, SEEN, Portion, Versioning, distinct, earlier
from bot.store.tables import EntityRow
from bot.store.versions import digest, listing, portions


class Writing:
    """One version of one list being written, published on a day (ISO date), after the version `before` (None: it is the first).
    `counts` are of the publisher's records: added, changed, removed, unchanged."""

    def __init__(
        self, session: Session, edition: Edition, workspace: str, now: datetime, published: str, before: Dataset | None
    ) -> None:
        self.edition, self.published = edition, published
        self.rows = Versioning(session, edition.dataset.list, workspace, now)
        self.is_first, days = before is None, datasets.versions(session, edition.dataset.list, workspace)
        self.last, self.is_correction = max((day for day in days if day < published), default=""), published in days
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
        stored = {act.id: act for act in acts}
        for act in one.listings:
            told += self._of_listing(portion, act, stored.pop(act.id, None))
        # A delta speaks of what changed; the rest stays.
        for old in () if self.edition.delta else (old for old in stored.values() if not old.last_seen):
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

    def _of_listing(self, portion: Portion, act: Listing, old: Any) -> Iterator[differing.Differing]:
        said = digest(act)
        if old and not old.last_seen and old.digest == said:
            return
        is_kept = old and (not old.last_seen or self._has_lapsed(old))
        dated = replace(
            act,
            read_on=act.read_on or self.published,
            first_seen=act.first_seen or (old.first_seen if is_kept else self.published),
            last_absent=old.last_absent if is_kept else self.last,
        )
        if old and not old.last_seen:
            portion.replace(old, dated, said)
            yield from list(differing.listings(listing(old), act)) or [(act.id, "sources", "", "")]
            return
        if is_kept:
            portion.closed_listings.append(old.pk)
        elif old:
            # It was on the list before and is back: both times stay on record.
            portion.replace(old, earlier(listing(old), old.pk))
        portion.listings.append((dated, said))
        yield act.id, "listed", "", act.listed_on or self.published

    def _has_lapsed(self, row: Any) -> bool:
        """Whether only another file of this very day lacked a listing, so that it was never off the list."""
        return self.is_correction and row.last_seen in (self.last, self.published)

    def _end_listing(self, portion: Portion, row: Any) -> None:
        """Writes that a listing is not on the list any more; where it had ended by its own date, that stays."""
        act = listing(row)
        on = act.ended_on if act.ended_on and act.ended_on <= self.published else self.published
        last_seen = self.last if self.last and act.first_seen != self.published else self.published
        portion.replace(row, replace(act, ended_on=on, last_seen=last_seen))

    def _log(
        self, portion: Portion, one: Entity, what: str, on: str, change: differing.Differing = ("", "", "", "")
    ) -> None:
        if not self.is_first:
            portion.changed.append(FieldChange(self.rows.list, self.published, on, what, one.id, one.name, *change))

    def drop(self, gone: Sequence[Gone]) -> None:
        """Takes off what a delta says is gone, entities or listings; it may speak of what was never taken."""
        ids = [one.id for one in gone]
        self._end(list(self.rows.entities(ids).values()))
        acts, portion = [act for act in self.rows.listings(ids) if not act.last_seen], Portion()
        entities = self.rows.entities(act.entity_id for act in acts)
        for act in acts:
            self._end_listing(portion, act)
            one, ended = entities[act.entity_id], (act.id, "ended_on", "", self.published)
            self._log(portion, one, "changed", self.published, ended)
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
        acts, portion = self.rows.listings_of(row.id for row in rows), Portion()
        for row in rows:
            present = [act for act in acts[row.id] if not act.last_seen]
            for act in present:
                self._end_listing(portion, act)
            if not acts[row.id]:
                portion.closed_entities.append(row.pk)
            if present or not acts[row.id]:
                self.counts["removed"] += 1
                self._log(portion, row, "removed", self.published)
        self.rows.write(portion)
