"""A summary as messages: one for the channel, as many in its thread as it takes, a picture, and a table of everything."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot import picture, reply, roll, schedule
from bot.answers import GROUP, GROUPS, Digest, Event
from bot.lists import OFFICIAL
from bot.mail import DAILY, NEWS, QUIET, WEEKLY, Attachment
from bot.pages import Frame, Page
from bot.reply import ROOMS, Message, Part, Words

FEW = 12
"""How many events the first message shows at most: the most serious."""

LEAD = 5
"""How many it shows where it cannot show all."""

MANY = 40
"""How many events a message of the thread shows at most."""

PAGES = 20
"""How many messages follow in the thread at most; what is in none is in the table."""

AT_A_TIME = 20
"""How many events are worded at a time."""

NAMED, NAMES = 20, 300
"""How many records of those that only had their own words changed are named, and characters for that."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A summary in words: the first message and those of its thread in their order, the picture that stands in the first, the
    table of everything that is shared last in the thread with its words, and how urgent it all is."""

    said: tuple[Message, ...]
    picture: Attachment | None = None
    sheet: Attachment | None = None
    sheet_text: str = ""
    urgency: int = NEWS


def compose(
    words: Words, digest: Digest, day: date, zone: str, receipt: str = "", edition: str = DAILY, key: str = ""
) -> Bulletin:
    """The summary of a local day, or of the week that it ends. `key` makes the names of files its own.

    Where nothing changed, one message of one line. What does not fit in the first message is in its thread, each event once, and
    everything is in the table.
    """
    known = {"since": schedule.local(digest.since, zone), "until": schedule.local(digest.until, zone)}
    official = tuple(one for one in digest.coverage if one.form in OFFICIAL)
    common = {"day": day, "zone": zone, "edition": edition, "official": official, **known}
    bare = replace(digest, events=(), records=(), fields=(), trend=())
    if digest.is_quiet:
        said = (words.message("digest_quiet", digest=bare, receipt=receipt, **common),)
        return Bulletin(said, urgency=QUIET)
    whole = _Whole(words, digest, common | {"digest": bare, "receipt": receipt})
    messages = tuple(whole.messages())
    drawn = picture.draw(words, digest, _file("weeks", key, day, "png")) if edition == WEEKLY else None
    if not whole.is_cut:
        return Bulletin(messages, drawn)
    count = digest.total + len(digest.records)
    title = reply.to_text(words.parts("digest_sheet", 1, count=count, **common))
    sheet = Attachment("sheet", _file("changes", key, day, "csv"), title, roll.table(words, digest))
    return Bulletin(messages, drawn, sheet, title)


def _file(what: str, key: str, day: date, ending: str) -> str:
    return f"{(key or f'{day}').replace(':', '-')}-{what}.{ending}"


class _Whole:
    """The events of a digest in portions that fit a message, in their order, each event in exactly one. `is_long`: there are
    more than the first message shows; `is_tight`: what stands around them there is cut short."""

    def __init__(self, words: Words, digest: Digest, common: Mapping[str, Any]) -> None:
        self.words, self.digest, self.common = words, digest, common
        self.headings = dict(zip(GROUPS, ([one] for one in words.parts("digest_headings", 1)), strict=True))
        self.is_long, self.is_tight = digest.total > FEW, False
        self.rendered: list[list[Part]] = []

    @property
    def is_cut(self) -> bool:
        """Whether not everything is named in the first message."""
        named = _names(self.digest).values()
        return (
            self.is_long
            or self.is_tight
            or any(count > NAMED or len("; ".join(names)) > NAMES for count, names in named)
        )

    def messages(self) -> Iterator[Message]:
        """The first message, then those of the thread."""
        first = self._first(LEAD if self.is_long else FEW)
        if not self.is_long and first.count < self.digest.total:
            self.is_long = True
            first = self._first(LEAD)
        yield first.message()
        shown = first.count
        for number in range(1, PAGES + 1):
            if shown == self.digest.total:
                return
            page = self._page(shown, is_last=number == PAGES)
            yield page.message()
            shown += page.count

    def _first(self, most: int) -> Page:
        """The first message, with as much of all else as leaves room for events."""
        for room in (12, 6, 3, 1):
            self.is_tight = room == 1
            page = Page(Frame(self._head(room), self._foot(room)))
            if page.has_room(bool(self.digest.events)):
                break
        if self.digest.total == 1:
            return self._filled(page, 0, most, {})
        return self._filled(page, 0, most, self.headings)

    def _head(self, room: int) -> list[Part]:
        groups = Counter(GROUP[event.what] for event in self.digest.events)
        counts = groups | Counter(record=len(self.digest.records), baseline=len(self.digest.baselines))
        named = [event for event in self.digest.events if event.what == "named"]
        denied = sum(bool(event.denials) for event in named)
        withdrawn = sum(event.claim is not None and event.claim.standing == "retracted" for event in named)
        # One event by itself stands in the second line in full.
        first = self.digest.events[0] if self.digest.total > 1 else None
        group = GROUP[first.what] if first else ""
        values: dict[str, Any] = {"first": first, "group": group, "more": groups[group] - 1}
        is_weekly = self.common["edition"] == WEEKLY
        values |= {"trend": self.digest.trend if is_weekly else (), "weeks": len(self.digest.weeks)}
        values |= {"lists": _lists(self.digest.events) if self.is_long and not is_weekly else ()}
        values |= {"denied": denied, "withdrawn": withdrawn, "brief": self.digest.counts.get("listed_and_ended", 0)}
        return self.words.parts("digest_head", room, counts=counts, **values, **self.common)

    def _foot(self, room: int) -> list[Part]:
        return self.words.parts(
            "digest_foot",
            room,
            is_long=self.is_long,
            is_cut=self.is_cut,
            total=self.digest.total,
            names=_names(self.digest),
            longest=NAMES // 5 if self.is_tight else NAMES,
            **self.common,
        )

    def _page(self, start: int, *, is_last: bool) -> Page:
        """The events from `start` on that fit one message of the thread."""
        values: dict[str, Any] = {**self.common, "start": start + 1, "total": self.digest.total}
        longest = self.words.parts("digest_more", 1, end=self.digest.total, **values)
        left = self.words.parts("digest_left", 1, left=self.digest.total, **self.common) if is_last else []
        page = self._filled(Page(Frame(longest, left)), start, MANY, self.headings)
        end = start + page.count
        page.frame.head = self.words.parts("digest_more", 1, end=end, **values)
        if is_last:
            rest = self.digest.total - end
            page.frame.foot = self.words.parts("digest_left", 1, left=rest, **self.common) if rest else []
        return page

    def _filled(self, page: Page, start: int, most: int, headings: Mapping[str, list[Part]]) -> Page:
        """A page with as many events as fit; one that does not fit even alone is told in brief."""
        under = ""
        for place, event in enumerate(self.digest.events[start : start + most], start):
            parts = self._in_full(place)
            group = GROUP[event.what]
            heading = headings.get(group, []) if group != under else []
            if not page.add(heading, parts):
                if page.count:
                    break
                page.add(heading, self._in_brief(page, heading, event))
            under = group
        return page

    def _in_full(self, place: int) -> list[Part]:
        """The parts of an event, which is worded only when it is its turn."""
        while place >= len(self.rendered):
            some = self.digest.events[len(self.rendered) : len(self.rendered) + AT_A_TIME]
            self.rendered += self._told(some, ROOMS[0])
        return self.rendered[place]

    def _in_brief(self, page: Page, heading: list[Part], event: Event) -> list[Part]:
        told = [self._told([event], room)[0] for room in ROOMS[1:]]
        return next((parts for parts in told if page.takes(heading + parts)), told[-1])

    def _told(self, events: Sequence[Event], room: int) -> list[list[Part]]:
        """The parts of each event: an item, and what stands under it."""
        found: list[list[Part]] = []
        for part in self.words.parts("digest_events", room, events=tuple(events), **self.common):
            if part.kind == "item":
                found.append([])
            found[-1].append(part)
        return found


def _lists(events: Sequence[Event]) -> tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...]:
    """How many events of each group there are on each list, those with the most first; and without a list."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for event in events:
        act = event.listing.listing if event.listing else None
        pair = (act.authority, act.list) if act else ("", "")
        counts.setdefault(pair, Counter())[GROUP[event.what]] += 1
    order = sorted(counts, key=lambda pair: (pair == ("", ""), -counts[pair].total(), pair))
    return tuple((*pair, tuple(counts[pair].items())) for pair in order)


def _names(digest: Digest) -> dict[str, tuple[int, tuple[str, ...]]]:
    """How many other records came, went or changed, and what the first of them are called."""
    found: dict[str, list[str]] = {}
    for one in digest.records:
        found.setdefault(one.what, []).append(one.name)
    return {what: (len(names), tuple(names[:NAMED])) for what, names in found.items()}
