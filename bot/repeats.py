"""Leaves out what lists only repeat: an entry that several lists have is news once, and so is what changed in its records."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot import dates
from bot.answers import RecordChange
from bot.dossier import Reading
from bot.joining import WRITTEN, dataset, rank
from bot.lists import LISTS
from bot.newsworthy import Act
from bot.records import Entity, Listing
from bot.store import joins, news
from bot.store.joins import Subjects

ORDER = tuple(LISTS)


def without(acts: Sequence[Act], then: Reading, now: Reading) -> list[Act]:
    """Those acts that no list tells whose word counts more, and that none has told before. What people wrote down is no list: an
    official one that says the same is news."""
    groups = subjects((one.record.entity_id for one in acts), now)
    ids = {id for one in acts for id in groups.together(one.record.entity_id)}
    if all(len(groups.together(one.record.entity_id)) == 1 for one in acts):
        return list(acts)
    known = _Known(groups, _entries(groups, ids, then), _entries(groups, ids, now), then.day, now)
    return [one for one in acts if not known.repeats(one)]


def subjects(ids: Iterable[str], now: Reading) -> Subjects:
    """Which records are one."""
    return joins.subjects(now.session, ids, now.workspace, now.known_at)


def _entries(groups: Subjects, ids: Iterable[str], reading: Reading) -> dict[tuple[str, ...], list[Listing]]:
    found: dict[tuple[str, ...], list[Listing]] = defaultdict(list)
    for one in news.held(reading.session, ids, reading.workspace, reading.known_at):
        found[_entry(groups, one)].append(one)
    return found


def _entry(groups: Subjects, one: Listing) -> tuple[str, ...]:
    """Whose entry, on which list of which authority."""
    return groups.of.get(one.entity_id, one.entity_id), one.authority.casefold(), one.list.casefold()


@dataclass(frozen=True)
class _Known:
    """The entries of all lists, as known before and as known now."""

    groups: Subjects
    then: dict[tuple[str, ...], list[Listing]]
    now: dict[tuple[str, ...], list[Listing]]
    day: date
    reading: Reading

    def repeats(self, act: Act) -> bool:
        """Whether another list says the same and counts more, or said it before."""
        one = act.record
        others = self._others(self.now, one)
        closer = [other for other in others if self._place(other) < self._place(one)]
        if act.what != "listed":
            before = self._before(one)
            has_ended = bool(before) and all(_is_over(other, self.day) for other in before)
            return bool(closer) or (act.what in ("ended", "removed") and has_ended)
        told = any(not _is_over(other, self.reading.day) for other in closer)
        return told or any(not _is_over(other, self.day) for other in self._before(one))

    def _others(self, known: dict[tuple[str, ...], list[Listing]], one: Listing) -> list[Listing]:
        """The same entry in other files."""
        return [other for other in known.get(_entry(self.groups, one), ()) if dataset(other.id) != dataset(one.id)]

    def _before(self, one: Listing) -> list[Listing]:
        """The same entry in other files as it was known before; what people wrote down counts only for what they wrote."""
        is_written = _is_written(one)
        return [other for other in self._others(self.then, one) if is_written or not _is_written(other)]

    def _place(self, one: Listing) -> tuple[bool, tuple[int, int, str]]:
        return not self.reading.precedence.is_own(one), rank(one.entity_id, ORDER)


def _is_written(one: Listing) -> bool:
    return rank(one.entity_id, ORDER)[0] == WRITTEN


def _is_over(one: Listing, day: date) -> bool:
    return bool(one.ended_on) and dates.last_day(one.ended_on) <= day


def records(changes: Iterable[tuple[RecordChange, Entity]], groups: Subjects) -> list[tuple[RecordChange, Entity]]:
    """Changes of records, each subject's once, by the record that counts most."""
    found: dict[tuple[str, str], tuple[RecordChange, Entity]] = {}
    for one in sorted(changes, key=lambda one: rank(one[1].id, ORDER)):
        found.setdefault((one[0].what, groups.of.get(one[1].id, one[1].id)), one)
    return sorted(found.values(), key=lambda one: (one[0].name.casefold(), one[0].entity_id))
