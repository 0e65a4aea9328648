"""Joins records of one subject, within the transaction that recorded them; and by hand, where a person says so."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy.orm import Session

from bot import joining, joinkeys
from bot.errors import UserError
from bot.joining import MOST_SHARED, SELDOM_TWO, Record, partition
from bot.lists import LISTS
from bot.matching.analysis import Analyser
from bot.records import PUBLIC
from bot.store import joins, partners
from bot.store.database import analyze, lock
from bot.store.joins import Decision
from bot.store.partners import Progress, Version, Wanted
from bot.store.versions import batches

ANALYZE_AT = (1, 4, 16, 64, 256, 1024)
"""Before which portions the database looks anew at how many subjects there are."""

SAYS = {"join": "joined", "separate": "kept apart"}


class Relating:
    """One pass over what changed: which records it touches, and what subjects they are of."""

    def __init__(self, session: Session, analyser: Analyser, now: datetime) -> None:
        self.session, self.analyser, self.now = session, analyser, now
        self.forms = partners.forms(session)
        self.others = partners.workspaces(session)
        self.common: dict[str, set[int]] = {}

    def renew_keys(self, since: Progress) -> set[tuple[str, str]]:
        """Brings the keys in step with the records. Gives out what this touches: whose a record is, and its id."""
        gone = partners.ended(self.session, since)
        relisted = partners.relisted(self.session, since)
        lost = partners.drop_keys(self.session, [*gone, *relisted])
        renewed = chain(partners.current(self.session, relisted), partners.added(self.session, since))
        partners.add_keys(self.session, self._hashed(renewed))
        analyze(self.session, "entity", "listing", "join_key")
        touching = list(partners.shared(self.session, since))
        keys = {key for key, count, new in touching if count - new <= MOST_SHARED}
        left = partners.counts(self.session, lost, PUBLIC)
        # What was too common until now joins again.
        keys |= {key for key, count in left.items() if count <= MOST_SHARED < count + lost[key]}
        touched = partners.holders(self.session, keys) | set(relisted)
        return {
            *partners.owners(self.session, touched),
            *partners.parted(self.session, gone.values()),
            *self._decided(set(gone.values()), since),
        }

    def _decided(self, gone: set[str], since: Progress) -> Iterator[tuple[str, str]]:
        """The records that people decided about and that are gone or new."""
        for workspace in (PUBLIC, *self.others):
            decided = {id for one in joins.decided(self.session, workspace) for id in (one.one, one.other)}
            pks = partners.pks_of(self.session, decided, workspace)
            new = {id for pk, id in pks.items() if pk > since.entity_pk}
            yield from ((workspace, id) for id in new | (decided & gone))

    def _hashed(self, some: Iterable[Version]) -> Iterator[tuple[int, int, str]]:
        for one in some:
            for key in joinkeys.keys(self.analyser, one.entity, one.listings):
                yield key.hash, one.pk, one.workspace

    def settle(self, ids: Iterable[str], workspace: str) -> None:
        """Finds the subjects of some records and all that may be one with them, as a workspace sees them, and writes what
        differs; of what is everybody's, also for the workspaces that see it with records of their own."""
        done: set[str] = set()
        beside: dict[str, set[str]] = {}
        for number, some in enumerate(batches(ids)):
            if number in ANALYZE_AT:
                analyze(self.session, "membership")
            if new := [id for id in some if id not in done]:
                closure, keys = self._closure(new, workspace)
                done |= closure
                self._write(closure, keys, workspace)
                for other in self.others if workspace == PUBLIC else ():
                    near = partners.concerned(self.session, closure, keys, other)
                    beside.setdefault(other, set()).update(near)
        for other, near in sorted(beside.items()):
            self.settle(sorted(near), other)

    def _closure(self, ids: Sequence[str], workspace: str) -> tuple[set[str], set[int]]:
        """The records that may be one with these, by one step or many, and the keys they share. Those that are gone, too."""
        found, keys, seen = set[str](), set[int](), set[int]()
        common = self.common.setdefault(workspace, set())
        new = set(ids)
        while new:
            found |= new
            pks = partners.pks_of(self.session, new, workspace).keys() - seen
            seen |= pks
            unseen = partners.keys_of(self.session, pks) - keys - common
            counts = partners.counts(self.session, unseen, workspace)
            common |= {key for key, count in counts.items() if count > MOST_SHARED}
            usable = {key for key, count in counts.items() if 1 < count <= MOST_SHARED}
            keys |= usable
            beside = partners.holders(self.session, usable, workspace) - seen
            near = set(partners.ids_of(self.session, beside).values())
            near |= partners.members(self.session, new, PUBLIC)
            near |= partners.members(self.session, new, workspace) if workspace != PUBLIC else set()
            for one in joins.decided(self.session, workspace, new):
                near |= {one.one, one.other}
            new = near - found
        return found, keys

    def _write(self, closure: set[str], keys: set[int], workspace: str) -> None:
        pks = partners.pks_of(self.session, closure, workspace)
        some = list(partners.current(self.session, pks))
        decisions = joins.decided(self.session, workspace, closure)
        records = [self._record(one, keys, self.common[workspace]) for one in some]
        said = [joining.Decision(one.kind, one.one, one.other, one.why) for one in decisions]
        wanted: Wanted = {}
        for joined in partition(records, said, tuple(LISTS)):
            for id in joined.ids:
                wanted[id] = joined.ids[0], [list(edge) for edge in joined.edges if id in (edge.one, edge.other)]
        if workspace != PUBLIC:
            own = any(one.workspace != PUBLIC for one in some) or any(one.workspace != PUBLIC for one in decisions)
            # Where it sees them otherwise, all its rows count instead of everybody's; else none.
            wanted = {one.id: wanted.get(one.id, (one.id, [])) for one in records} if own else {}
        partners.write(self.session, closure, wanted, workspace, self.now)

    def _record(self, one: Version, keys: set[int], common: set[int]) -> Record:
        """A record with the keys that it shares, and its numbers that contradict others; what is too common says nothing."""
        entity = one.entity
        dataset = joining.dataset(entity.id)
        all_keys = joinkeys.keys(self.analyser, entity, one.listings)
        return Record(
            entity.id,
            entity.kind,
            frozenset(entity.countries),
            tuple(key for key in all_keys if key.hash in keys or (key.scheme in SELDOM_TWO and key.hash not in common)),
            joining.seats(dataset, self.forms.get(dataset, ""), one.listings),
        )


def relate(session: Session, analyser: Analyser, now: datetime) -> None:
    """Joins what is one subject, after lists were loaded in this transaction, at `now`: all that was recorded since this was
    done last."""
    since = partners.progress(session)
    relating = Relating(session, analyser, now)
    touched = relating.renew_keys(since)
    for owner in sorted({owner for owner, _ in touched}, key=lambda owner: (owner != PUBLIC, owner)):
        relating.settle(sorted(id for whose, id in touched if whose == owner), owner)
    partners.progressed(session, since)


def decide(
    session: Session,
    analyser: Analyser,
    kind: str,
    one: str,
    other: str,
    why: str,
    by: str,
    workspace: str,
    now: datetime,
) -> None:
    """Records that a person joins or separates two records (`kind`: `join`, `separate`), for a workspace or everybody, and
    follows it. Raises UserError for what is no two records, or without a reason."""
    lock(session, "records")
    _check(session, one, other, why, workspace)
    before = joins.decided(session, workspace, [one])
    if any((each.kind, each.workspace, {each.one, each.other}) == (kind, workspace, {one, other}) for each in before):
        raise UserError(f"{one} and {other} are {SAYS[kind]} by hand already; --undo takes that back")
    first, second = sorted((one, other))
    joins.decide(session, Decision(0, workspace, kind, first, second, why.strip(), by, now))
    _settle_again(session, analyser, (one, other), workspace, now)


def undo(
    session: Session,
    analyser: Analyser,
    kind: str,
    one: str,
    other: str,
    why: str,
    by: str,
    workspace: str,
    now: datetime,
) -> None:
    """Takes back the latest decision of a kind about two records. Raises UserError where there is none, or without a reason."""
    lock(session, "records")
    _need_reason(why)
    found = joins.latest(session, kind, one, other, workspace)
    if found is None:
        raise UserError(f"{one} and {other} are not {SAYS[kind]} by hand, so there is nothing to undo")
    joins.take_back(session, found.pk, why.strip(), by, now)
    _settle_again(session, analyser, (one, other), workspace, now)


def _need_reason(why: str) -> None:
    if not why.strip():
        raise UserError("--why is missing: say why, for whoever looks at this later")


def _check(session: Session, one: str, other: str, why: str, workspace: str) -> None:
    _need_reason(why)
    if one == other:
        raise UserError(f"{one} is one record; name two")
    known = set(partners.pks_of(session, (one, other), workspace).values())
    for id in (one, other):
        if id not in known:
            raise UserError(f"there is no record {id!r}; ask --json shows the ids of records")


def _settle_again(session: Session, analyser: Analyser, ids: Sequence[str], workspace: str, now: datetime) -> None:
    relate(session, analyser, now)
    Relating(session, analyser, now).settle(ids, workspace)
