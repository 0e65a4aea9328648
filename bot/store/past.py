"""Takes a version of a list into history that is older than the newest one loaded: since when its entries were on the list, and
which were on it then and are gone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.records import Difference, Edition, Entry, FieldChange, Gone, Listing, Rejected
from bot.store import datasets, differing, names
from bot.store.portions import AT_A_TIME, SEEN, Portion, Versioning, base_of, distinct, earlier
from bot.store.tables import ListingRow
from bot.store.versions import digest, listing, portions

NOTHING: differing.Differing = ("", "", "", "")


class Remembering:
    """One older version of one list, published on a day between the versions `before` (empty: it is the oldest) and `after`.

    Each row of a listing tells of one time on the list, from `first_seen` to `last_seen`. `is_dated`: the list tells itself
    since when an entry was seen."""

    def __init__(
        self, session: Session, edition: Edition, workspace: str, now: datetime, published: str, before: str, after: str
    ) -> None:
        name = edition.dataset.list
        self.edition, self.published, self.before, self.after = edition, published, before, after
        self.days = frozenset(datasets.versions(session, name, workspace))
        if edition.delta:
            raise UserError(
                f"{name}: a delta of {published} is older than the loaded version of {max(self.days)}; load a whole "
                "version, or newer deltas in their order"
            )
        self.rows = Versioning(session, name, workspace, now)
        self.counts: Counter[str] = Counter()
        self.names = 0
        self.is_dated = False

    def take(self, entries: Sequence[Entry]) -> Iterator[Rejected]:
        """Writes what some entries add to history; gives out those whose id was there already."""
        fresh, repeated = distinct(self.rows.session, entries)
        self.is_dated |= any(act.first_seen for one in fresh for act in one.listings)
        ids = [one.entity.id for one in fresh]
        entities, acts = self.rows.entities(ids), self.rows.listings_of(ids)
        before = dict(self.rows.whole(row.pk for row in entities.values())) if not self.before else {}
        logged = self.rows.changes_of(ids, after=self.before)
        taken = self._taken(fresh, acts)
        portion = Portion()
        for one in fresh:
            self.names += len(one.entity.names)
            row, id = entities.get(one.entity.id), one.entity.id
            if row:
                told = differing.entities(one.entity, before[row.pk]) if before else ()
                what = self._known(portion, one, told, acts[id], logged[id], taken)
            else:
                what = self._new(portion, one, taken)
            self.counts[what] += 1
        self.rows.write(portion)
        yield from (Rejected(one.where, f"id: {one.entity.id!r} is there already") for one in repeated)

    def _taken(self, entries: Sequence[Entry], acts: dict[str, list[Any]]) -> dict[str, int]:
        """The rows that have the ids of listings which are another entity's by now."""
        held = {row.id for some in acts.values() for row in some}
        ids = (act.id for one in entries for act in one.listings if act.id not in held)
        return {row.id: row.pk for row in self.rows.listings(ids)}

    def _new(self, portion: Portion, one: Entry, taken: dict[str, int]) -> str:
        """An entry that was on the list then, and is on no newer version."""
        if one.listings:
            portion.entities.append((one.entity, digest(one.entity)))
        for act in one.listings:
            self._add(portion, act, [], taken)
        if self.before:
            on = min((act.listed_on or self.published for act in one.listings), default=self.published)
            self._log(portion, one, "added", self.published, on)
        self._log(portion, one, "removed", self.after, self.after)
        return "added"

    def _add(self, portion: Portion, act: Listing, times: Sequence[Any], taken: dict[str, int]) -> None:
        """A time on the list that only this version tells of; the latest one has the id of the listing itself."""
        gone = self._gone(act, act.first_seen or self.published, self.before)
        for row in times:
            if row.id == act.id and row.last_seen and row.last_seen < self.published:
                portion.replace(row, earlier(listing(row), row.pk))
            elif row.id == act.id:
                gone = earlier(gone, row.pk)
        if act.id in taken:
            gone = earlier(gone, taken[act.id])
        portion.listings.append((gone, digest(act)))

    def _gone(self, act: Listing, first_seen: str, last_absent: str) -> Listing:
        """A listing as of this version, which is the last with it; where it had ended by its own date, that stays."""
        own = act.ended_on if act.ended_on and act.ended_on <= self.after else ""
        return replace(
            act,
            read_on=act.read_on or self.published,
            first_seen=first_seen,
            last_absent=last_absent,
            ended_on=own or self.after,
            last_seen=self.published,
        )

    def _known(
        self,
        portion: Portion,
        one: Entry,
        of_entity: Iterable[differing.Differing],
        rows: Sequence[Any],
        logged: Sequence[FieldChange],
        taken: dict[str, int],
    ) -> str:
        """An entry of which there is a newer version: how it differed, and when it was there."""
        later = [change for change in logged if change.version > self.after]
        times: dict[str, list[Any]] = {}
        for row in rows:
            times.setdefault(base_of(row.id), []).append(row)
        told, is_new, is_on = list(of_entity), False, not rows
        for act in one.listings:
            of_act = times.pop(base_of(act.id), [])
            is_new |= not of_act
            is_on |= any(self._holds(row, self.after) for row in of_act)
            if not self.before:
                told += self._differing(act, of_act, later)
            self._present(portion, act, of_act, taken)
        absent = [row for some in times.values() for row in some]
        is_on |= any(self._holds(row, self.after) for row in absent)
        for row in absent:
            is_new |= self._absent(portion, row, logged)
        changes = _without(told, later) if is_on else []
        for change in changes:
            self._log(portion, one, "changed", self.after, self.after, change)
        if not is_on and not self.before and one.listings:
            self._log(portion, one, "removed", self.after, self.after)
        return "changed" if changes or is_new else "unchanged"

    def _differing(self, act: Listing, times: Sequence[Any], later: Sequence[FieldChange]) -> list[differing.Differing]:
        """How a listing differed from what the next version says of it."""
        for row in times:
            if self._holds(row, self.after):
                one = differing.undone(replace(listing(row), id=act.id), _until(row, later))
                # When it went is not what its publisher says of it.
                one = replace(one, ended_on=act.ended_on) if row.last_seen else one
                return list(differing.listings(act, one))
        return []

    def _holds(self, row: Any, day: str) -> bool:
        """Whether a version of that day is one of the times that a row tells of."""
        return bool(row.first_seen <= day and (not row.last_seen or day <= row.last_seen))

    def _is_own(self, row: Any) -> bool:
        """Whether the list told itself since when it had an entry, so that versions cannot."""
        return self.is_dated or row.first_seen not in self.days

    def _present(self, portion: Portion, act: Listing, times: Sequence[Any], taken: dict[str, int]) -> None:
        """Has a listing be on the list in this version."""
        if any(self._holds(row, self.published) for row in times):
            return
        last = next((row for row in times if self.before and row.last_seen == self.before), None)
        following = next((row for row in times if row.first_seen == self.after and not self._is_own(row)), None)
        since, absent = (last.first_seen, last.last_absent) if last else (self.published, self.before)
        if following:
            ids = [row.id for row in (last, following) if row and row.id == act.id]
            whole = replace(listing(following), id=(ids or [following.id])[0], first_seen=since, last_absent=absent)
            portion.replace(following, whole)
            portion.closed_listings += [last.pk] if last else []
        elif last:
            portion.replace(last, replace(self._gone(act, since, absent), id=last.id), digest(act))
        elif not (times and act.first_seen):
            self._add(portion, act, times, taken)

    def _absent(self, portion: Portion, row: Any, logged: Sequence[FieldChange]) -> bool:
        """Has a listing be off the list in this version; whether nothing is left of the time that the row told of."""
        stored = listing(row)
        if self._holds(row, self.published) and not self._is_own(row):
            is_before = row.first_seen < self.published
            is_later = not row.last_seen or row.last_seen > self.published
            if is_later:
                portion.replace(row, replace(stored, first_seen=self.after, last_absent=self.published))
            if is_before:
                self._end(portion, row, earlier(stored, row.pk) if is_later else stored, logged)
            if not is_before and not is_later:
                portion.closed_listings.append(row.pk)
            return not is_before and not is_later
        if row.first_seen == self.after and row.last_absent < self.published and not self._is_own(row):
            portion.replace(row, replace(stored, last_absent=self.published))
        elif row.last_seen and row.last_seen < self.published < row.ended_on:
            portion.replace(row, replace(stored, ended_on=self.published))
        return False

    def _end(self, portion: Portion, row: Any, act: Listing, logged: Sequence[FieldChange]) -> None:
        """The part of a time on the list that this version ends."""
        then = differing.undone(replace(act, id=base_of(act.id)), _until(row, logged))
        own = then.ended_on if then.ended_on and then.ended_on <= self.published else ""
        gone = replace(then, id=act.id, ended_on=own or self.published, last_seen=self.before)
        portion.closed_listings += [row.pk] if act.id == row.id else []
        portion.listings.append((gone, row.digest))

    def _log(
        self,
        portion: Portion,
        one: Entry,
        what: str,
        version: str,
        on: str,
        change: differing.Differing = NOTHING,
    ) -> None:
        id, name = one.entity.id, one.entity.name
        portion.changed.append(FieldChange(self.edition.dataset.list, version, on, what, id, name, *change))

    def drop(self, gone: Sequence[Gone]) -> None:
        """Nothing: what was on an older version is told by that alone."""

    def finish(self) -> Difference:
        """Notes of what is not in this version that it was not on the list then; what was counted."""
        covers = (ListingRow.first_seen <= self.published) & (
            (ListingRow.last_seen == "") | (ListingRow.last_seen >= self.published)
        )
        wanted = select(*ListingRow.__table__.c).where(
            self.rows.mine(ListingRow),
            ~exists().where(SEEN.c.id == ListingRow.entity_id),
            covers
            | ((ListingRow.first_seen == self.after) & (ListingRow.last_absent < self.published))
            | ((ListingRow.last_seen == self.before) & (ListingRow.ended_on > self.published)),
        )
        for some in portions(self.rows.by_and_by(wanted, ListingRow), AT_A_TIME):
            self._missing(some)
        found = Difference(**{name: self.counts[name] for name in ("added", "changed", "removed", "unchanged")})
        if self.rows.written and not found.is_any:
            names.records_changed(self.rows.session)
        return found

    def _missing(self, rows: Sequence[Any]) -> None:
        """Has listings be off the list whose entities this version does not have."""
        ids = list(dict.fromkeys(row.entity_id for row in rows))
        entities, logged = self.rows.entities(ids), self.rows.changes_of(ids, after=self.before)
        portion, left = Portion(), set()
        for row in rows:
            if self._absent(portion, row, logged[row.entity_id]):
                left.add(row.entity_id)
            is_first = not self.before and row.first_seen == self.after and row.last_absent < self.published
            if is_first and not self._is_own(row):
                on, name = row.listed_on or self.after, entities[row.entity_id].name
                change = FieldChange(self.rows.list, self.after, on, "added", row.entity_id, name)
                portion.changed.append(change)
        self.rows.write(portion)
        # A corrected file of a day may lack what no other version has.
        bare = [entities[id].pk for id, acts in self.rows.listings_of(left).items() if not acts]
        self.counts["removed"] += len(bare)
        self.rows.write(Portion(closed_entities=bare))


def _until(row: Any, logged: Sequence[FieldChange]) -> list[FieldChange]:
    """Those changes that led to what a row says."""
    return [change for change in logged if not row.last_seen or change.version <= row.last_seen]


def _without(told: Sequence[differing.Differing], later: Sequence[FieldChange]) -> list[differing.Differing]:
    """How a record differed from the next version, by how it differs from the newest and the later changes, newest first."""
    found, newest = list(told), {one[:2]: one for one in told}
    for one in later:
        key: Any = ("", one.field)
        if one.listing_id or not one.field or (one.field == "names" and one.after == "in another order"):
            continue
        if one.field in differing.ENTITY_FIELDS:
            newest[key] = (*key, newest[key][2] if key in newest else one.after, one.before)
        elif (*key, one.before, one.after) in found:
            found.remove((*key, one.before, one.after))
        else:
            found.append((*key, one.after, one.before))
    scalars = {key: one for key, one in newest.items() if not key[0] and key[1] in differing.ENTITY_FIELDS}
    rest = [one for one in found if one[:2] not in scalars]
    return [*(one for one in scalars.values() if one[2] != one[3]), *rest]
