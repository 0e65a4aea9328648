"""Takes a version of a list into history that is older than the newest one loaded: since when its entries were on the list, and
which were on it then and are gone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.records import Difference, Edition, Entry, FieldChange, Gone, Listing, Rejected
from bot.store import differing
from bot.store.entries import SEEN, Portion, Versioning, distinct
from bot.store.tables import ListingRow
from bot.store.versions import digest, listing, portions


class Remembering:
    """One older version of one list, published on a day between the versions `before` (empty: it is the oldest) and `after`."""

    def __init__(
        self, session: Session, edition: Edition, workspace: str, now: datetime, published: str, before: str, after: str
    ) -> None:
        self.edition, self.published, self.before, self.after = edition, published, before, after
        self.rows = Versioning(session, edition.dataset.list, workspace, now)
        self.counts: Counter[str] = Counter()
        self.names = 0

    def take(self, entries: Sequence[Entry]) -> Iterator[Rejected]:
        """Writes what some entries add to history; gives out those whose id was there already."""
        fresh, repeated = distinct(self.rows.session, entries)
        ids = [one.entity.id for one in fresh]
        entities, acts = self.rows.entities(ids), self.rows.listings_of(ids)
        before = dict(self.rows.whole(row.pk for row in entities.values())) if not self.before else {}
        logged = self.rows.changes_of(ids, after=self.after)
        portion = Portion()
        for one in fresh:
            self.names += len(one.entity.names)
            row = entities.get(one.entity.id)
            if row:
                told = differing.entities(one.entity, before[row.pk]) if before else ()
                what = self._known(portion, one, told, acts[row.id], logged[row.id])
            else:
                what = self._new(portion, one)
            self.counts[what] += 1
        self.rows.write(portion)
        yield from (Rejected(one.where, f"id: {one.entity.id!r} is there already") for one in repeated)

    def _new(self, portion: Portion, one: Entry) -> str:
        """An entry that was on the list then, and is on no newer version."""
        if one.listings:
            portion.entities.append((one.entity, digest(one.entity)))
        for act in one.listings:
            self._add(portion, act)
        if self.before:
            self._log(
                portion,
                one,
                "added",
                self.published,
                min((act.listed_on or self.published for act in one.listings), default=self.published),
            )
        self._log(portion, one, "removed", self.after, self.after)
        return "added"

    def _add(self, portion: Portion, act: Listing, id: str = "") -> None:
        own = act.ended_on if act.ended_on and act.ended_on <= self.after else ""
        gone = replace(
            act,
            id=id or act.id,
            read_on=self.published,
            first_seen=act.first_seen or self.published,
            last_absent=self.before,
            ended_on=own or self.after,
            last_seen=self.published,
        )
        portion.listings.append((gone, digest(gone)))

    def _known(
        self,
        portion: Portion,
        one: Entry,
        of_entity: Iterable[differing.Differing],
        acts: Sequence[Any],
        logged: Sequence[FieldChange],
    ) -> str:
        """An entry of which there is a newer version: how it differed, and since when it is there."""
        told = list(of_entity)
        by_id = {act.id: act for act in acts}
        is_older = False
        for act in one.listings:
            stored = by_id.get(act.id)
            if stored is None:
                self._add(portion, act)
                is_older = True
                continue
            is_older |= self._reach_back(portion, act, stored)
            if not self.before:
                told += differing.listings(act, differing.undone(listing(stored), logged))
        for change in told:
            self._log(portion, one, "changed", self.after, self.after, change)
        return "changed" if told or is_older else "unchanged"

    def _reach_back(self, portion: Portion, act: Listing, row: Any) -> bool:
        """Has a listing count from this version on, where that is earlier than was known."""
        stored = listing(row)
        if row.first_seen > self.published and row.last_absent >= self.after:
            # On the list, off it, and on it again.
            self._add(portion, act, f"{act.id}~{self.after}")
            return True
        if row.first_seen > self.published:
            older = replace(stored, first_seen=self.published, last_absent=self.before)
        elif row.last_seen and row.last_seen < self.published < row.ended_on:
            older = replace(stored, last_seen=self.published)
        else:
            return False
        portion.replace(row, older)
        return True

    def _log(
        self,
        portion: Portion,
        one: Entry,
        what: str,
        version: str,
        on: str,
        change: differing.Differing = ("", "", "", ""),
    ) -> None:
        id, name = one.entity.id, one.entity.name
        portion.changed.append(FieldChange(self.edition.dataset.list, version, on, what, id, name, *change))

    def drop(self, gone: Sequence[Gone]) -> None:
        """Nothing: what was on an older version is told by that alone."""

    def finish(self) -> Difference:
        """Notes of what is not in this version that it was not on the list then; what was counted."""
        wanted = select(*ListingRow.__table__.c).where(
            self.rows.mine(ListingRow),
            ~exists().where(SEEN.c.id == ListingRow.entity_id),
            (ListingRow.first_seen == self.after)
            | ((ListingRow.last_seen != "") & (ListingRow.last_seen < self.published)),
        )
        for some in portions(self.rows.by_and_by(wanted, ListingRow), 1000):
            self._absent(some)
        return Difference(**{name: self.counts[name] for name in ("added", "changed", "removed", "unchanged")})

    def _absent(self, rows: Sequence[Any]) -> None:
        portion = Portion()
        entities = self.rows.entities(row.entity_id for row in rows)
        for row in rows:
            stored = listing(row)
            if row.first_seen == self.after and row.last_absent < self.published:
                portion.replace(row, replace(stored, last_absent=self.published))
                if not self.before:
                    on, name = row.listed_on or self.after, entities[row.entity_id].name
                    change = FieldChange(self.rows.list, self.after, on, "added", row.entity_id, name)
                    portion.changed.append(change)
            elif row.last_seen and row.last_seen < self.published < row.ended_on:
                portion.replace(row, replace(stored, ended_on=self.published))
        self.rows.write(portion)
