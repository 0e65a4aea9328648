"""A day's news as messages: one for the channel, and as many in its thread as it takes."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from bot import limits, reply, schedule
from bot.answers import Digest
from bot.reply import ROOMS, Message, Words

FEW = 12
"""How many events the first message shows at most: the most serious."""

MANY = 40
"""How many events a message of the thread shows at most."""

PAGES = 20
"""How many messages follow in the thread at most."""

MOST = FEW + MANY * PAGES
"""More events than this are never shown."""


def messages(words: Words, digest: Digest, day: date, zone: str, receipt: str = "") -> list[Message]:
    """The summary of a local day: the first message, and those of its thread where there is more to tell.

    Where nothing changed, one message of one line. What does not fit is counted, with how to ask for it.
    """
    known = {"since": schedule.local(digest.since, zone), "until": schedule.local(digest.until, zone)}
    common: dict[str, Any] = {"day": day, "zone": zone, "receipt": receipt, **known}
    if digest.is_quiet:
        return [words.message("digest_quiet", digest=digest, **common)]
    return list(_Pages(words, digest, common).all())


class _Pages:
    """The events of a digest in portions that fit a message, in their order, each event in exactly one."""

    def __init__(self, words: Words, digest: Digest, common: dict[str, Any]) -> None:
        self.words, self.digest = words, digest
        counts = Counter(digest.counts) + Counter(record=len(digest.records), baseline=len(digest.baselines))
        denied = sum(event.what == "named" and bool(event.denials) for event in digest.events)
        self.values = common | {"counts": counts, "denied": denied if len(digest.events) == digest.total else 0}

    def all(self) -> Iterator[Message]:
        """The first message, then those of the thread."""
        shown = self._most("digest", 0, FEW)
        yield self._message("digest", 0, shown)
        for page in range(1, PAGES + 1):
            if shown == self.digest.total:
                return
            is_last = page == PAGES
            count = self._most("digest_more", shown, MANY, is_last=is_last)
            yield self._message("digest_more", shown, count, is_last=is_last)
            shown += count

    def _most(self, template: str, start: int, most: int, **values: Any) -> int:
        """How many events from `start` on fit in full; one that does not fit even alone is shortened."""
        counts = range(1, min(most, len(self.digest.events) - start) + 1)
        too_many = bisect_left(counts, True, key=lambda count: not self._fits(template, start, count, **values))
        return max(too_many, 1) if counts else 0

    def _fits(self, template: str, start: int, count: int, **values: Any) -> bool:
        parts = self.words.parts(template, ROOMS[0], **self._values(start, count), **values)
        message = Message(reply.to_text(parts), reply.to_blocks(parts))
        return not limits.broken(message.payload()["text"], message.blocks)

    def _message(self, template: str, start: int, count: int, **values: Any) -> Message:
        return self.words.message(template, **self._values(start, count), **values)

    def _values(self, start: int, count: int) -> dict[str, Any]:
        some = replace(self.digest, events=self.digest.events[start : start + count])
        return {"digest": some, "first": start + 1, "left": self.digest.total - start - count, **self.values}
