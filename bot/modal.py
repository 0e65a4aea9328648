"""Every source behind an answer, in a modal of as many pages as it takes."""

from collections.abc import Sequence
from typing import Any

from bot import limits
from bot.answers import Answer
from bot.mail import Place, Taken
from bot.office import Office
from bot.reply import EVERYTHING, Part, Words, to_blocks, to_text

PAGE = 9_000
"""Characters of a page: a few screens on a phone."""


def show(office: Office, item: Taken, place: Place, receipt: str, *, trigger_id: str) -> None:
    """Opens the first page; where Slack no longer lets it be opened, says so to whoever pressed. Raises UserError where the
    answer is there no more."""
    view = pages(office.desk.words, office.again(place, receipt))[0]
    outcome = office.slack(place.workspace).open_view(trigger_id, view)
    if outcome.state == "sent":
        return office.finish(item)
    return office.reply(item, place, office.desk.words.message("late"))


def turn(office: Office, item: Taken, place: Place, receipt: str, page: str, *, view_id: str) -> None:
    """Shows another page of the modal that is open."""
    views = pages(office.desk.words, office.again(place, receipt))
    office.slack(place.workspace).update_view(view_id, views[min(int(page), len(views) - 1)])
    office.finish(item)


def pages(words: Words, answer: Answer) -> list[dict[str, Any]]:
    """The views of an answer's sources, each within Slack's limits; nothing is left out."""
    parts = [part for part in words.parts("sources", EVERYTHING, answer=answer) if part.kind != "button"]
    divided = _divide(parts)
    return [_view(words, answer, page, number, len(divided)) for number, page in enumerate(divided)]


def _divide(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts in pages; what stands under an item stays with it."""
    divided: list[list[Part]] = [[]]
    length = 0
    for part in parts:
        own = sum(len(run.text) + len(run.url) for run in part.runs)
        if divided[-1] and length + own > PAGE and part.kind != "sub":
            divided.append([])
            length = 0
        divided[-1].append(part)
        length += own
    return divided


def _view(words: Words, answer: Answer, page: Sequence[Part], number: int, of: int) -> dict[str, Any]:
    title, close, *rest = words.parts("pages", 1, receipt=answer.receipt, number=number, of=of)
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": to_text([title]), "emoji": False},
        "close": {"type": "plain_text", "text": close.label, "emoji": False},
        "blocks": to_blocks([*page, *rest]),
    }
    if wrong := limits.broken_view(view):
        raise ValueError("; ".join(wrong))
    return view
