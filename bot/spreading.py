"""Many lines that are told in one: as many as fit in its first message, the rest in its thread, and all in a sheet. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from bot import sheets
from bot.mail import Attachment
from bot.reply import Message, Words

FIRST, PAGE, PAGES = 12, 25, 8
"""How many lines the first message shows at most, how many each one in its thread, and how many of these follow."""

T = TypeVar("T")


def spread(
    words: Words, templates: tuple[str, str], lines: Sequence[Any], values: Mapping[str, Any], most: int = FIRST
) -> list[Message]:
    """The first message, with at most so many lines, and those of its thread, by the templates of both. Each gets `lines`, the
    number of the first of them (`start`), how many there are in all (`total`), and how many come after it (`left`; 0 where
    another message follows in the thread); the first also how many of those are in its thread (`threaded`). No line is in two,
    and none is cut."""
    common = {**values, "start": 1, "total": len(lines), "is_last": True}
    # How many are in the thread is known once that is written; no number is longer than that of all.
    first, at = _filled(words, templates[0], lines[:most], len(lines), common | {"threaded": len(lines)})
    shown = at
    thread: list[Message] = []
    while at < len(lines) and len(thread) < PAGES:
        common = {**values, "start": at + 1, "total": len(lines), "is_last": len(thread) == PAGES - 1}
        message, count = _filled(words, templates[1], lines[at : at + PAGE], len(lines) - at, common)
        thread.append(message)
        at += count
    if thread:
        told = {"start": 1, "total": len(lines), "lines": lines[:shown], "left": len(lines) - shown}
        first = words.message(templates[0], **{**values, **told, "threaded": at - shown})
    return [first, *thread]


def _filled(
    words: Words, template: str, some: Sequence[Any], ahead: int, common: dict[str, Any]
) -> tuple[Message, int]:
    """A message with the first of some lines, and with how many. One line that is too long even alone is cut."""

    def with_first(count: int) -> dict[str, Any]:
        return common | {"lines": some[:count], "left": (ahead - count) if common["is_last"] else 0}

    if message := words.whole(template, **with_first(len(some))):
        return message, len(some)
    is_long = bisect_left(range(1, len(some)), True, key=lambda count: not words.whole(template, **with_first(count)))
    count = max(is_long, min(len(some), 1))
    return words.message(template, **with_first(count)), count


def some_of_each(lines: Iterable[T], group: Callable[[T], Hashable], most: int) -> list[T]:
    """The lines group by group, but of each group some among the first `most`."""
    groups: dict[Hashable, list[T]] = {}
    for one in lines:
        groups.setdefault(group(one), []).append(one)
    shown = dict.fromkeys(groups, 0)
    for _ in range(most):
        longer = [each for each in groups if shown[each] < len(groups[each])]
        if longer:
            shown[min(longer, key=lambda each: shown[each])] += 1
    first = [one for each, some in groups.items() for one in some[: shown[each]]]
    return first + [one for each, some in groups.items() for one in some[shown[each] :]]


def sheet(key: str, label: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Attachment:
    """The table of all lines that belongs to the message of a key."""
    return file(key, label, sheets.table(header, rows))


def file(key: str, label: str, data: bytes) -> Attachment:
    """A table that is one already."""
    return Attachment("sheet", f"{key.replace(':', '-')}.csv", label[:100], data)
