"""Templates -> parts -> Slack messages and plain text. Keeps within Slack's limits however much there is to say."""

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import limits
from bot.answers import Answer, units
from bot.records import DESIGNATING, Reason

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

ROOMS = (40, 20, 12, 8, 5, 3, 2, 1)
"""How many facts are shown of each subject, and how many subjects at full length: the most that fits."""

EVERYTHING = 1_000_000
"""Room for where there are no limits, like a terminal."""

_JOINERS = "\u200c\u200d"
"""The two invisible characters that spelling needs, in Persian and Indic names."""

_USER, _CHANNEL = "user:", "channel:"

_BOLD, _BOLD_END, _LINK, _LINK_TEXT, _LINK_END = "\ue000\ue001\ue002\ue003\ue004"
_RUN = re.compile(f"{_BOLD}(.*?){_BOLD_END}|{_LINK}(.*?){_LINK_TEXT}(.*?){_LINK_END}|([^{_BOLD}{_LINK}]+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; with `user` or `channel`, a person or a channel by the id that Slack has."""

    text: str
    bold: bool = False
    url: str = ""
    user: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message: `title`, `para`, `item` (of a list), `sub` (under an item), `note` (small print), `button`, `row`
    (text with a button beside it) or `field` (of a form). A button has a `label`, an `action` and a `value`, and as `confirm`
    what is asked first, if anything: the question, what it would do, yes and no; a field has a `label`, its name as `action`,
    and a hint as text.
    """

    kind: str
    runs: tuple[Run, ...] = ()
    label: str = ""
    action: str = ""
    value: str = ""
    confirm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A Slack message: the complete plain text and the blocks."""

    text: str
    blocks: list[dict[str, Any]]

    def payload(self) -> dict[str, Any]:
        """What is posted: the text escaped for mrkdwn as Slack asks, links not unfolded."""
        return {"text": _escaped(self.text), "blocks": self.blocks, "unfurl_links": False, "unfurl_media": False}


class Words:
    """All the bot's words: the templates, ready to be rendered."""

    def __init__(self, folder: Path = TEMPLATES) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=False,  # what is made here is JSON, not HTML
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {"b": _bold, "link": _link, "short": _short, "units": units}
        self.environment.globals |= {"DESIGNATING": DESIGNATING}

    def compile(self) -> None:
        """Makes all templates ready, so that no reader waits for it."""
        for name in self.environment.list_templates():
            self.environment.get_template(name)

    def parts(self, template: str, room: int, **values: Any) -> list[Part]:
        """The parts of a message. Control characters never get past here."""
        return self._render(template, room, {name: _printable(value) for name, value in values.items()})

    def _render(self, template: str, room: int, values: Mapping[str, Any]) -> list[Part]:
        text = self.environment.get_template(f"{template}.jinja").render(room=room, **values)
        return [_part(json.loads(line)) for line in text.splitlines() if line.strip()]

    def message(self, *templates: str, **values: Any) -> Message:
        """One message made by these templates, one after the other, with the most that fits: of the blocks, and by itself of
        the text."""
        text: list[Part] = []
        blocks: list[Part] = []
        printable = {name: _printable(value) for name, value in values.items()}
        for room in ROOMS:
            parts = [part for template in templates for part in self._render(template, room, printable)]
            text = text or (parts if _text_fits(parts) else [])
            blocks = blocks or (parts if _blocks_fit(parts) else [])
            if text and blocks:
                break
        text, blocks = text or _cut(parts, _text_fits), blocks or _cut(parts, _blocks_fit)
        return Message(to_text(text), to_blocks(blocks))

    def whole(self, template: str, **values: Any) -> Message | None:
        """The message that a template makes with the most room; None where that is too long for Slack."""
        parts = self.parts(template, ROOMS[0], **values)
        return Message(to_text(parts), to_blocks(parts)) if _text_fits(parts) and _blocks_fit(parts) else None

    def answer(self, answer: Answer, before: Sequence[str] = (), after: Sequence[str] = (), **values: Any) -> Message:
        """The message for an answer; its template is named like its intent. Others may stand before and after it."""
        return self.message(*before, answer.intent, *after, answer=answer, **values)

    def whole_answer(self, answer: Answer) -> list[Part]:
        """All parts of an answer, for where there are no limits."""
        return self.parts(answer.intent, EVERYTHING, answer=answer)

    def reason(self, why: Reason) -> str:
        """A reason of a match in words."""
        return to_text(self.parts("_reason_alone", 1, why=why))


def _text_fits(parts: Sequence[Part]) -> bool:
    return len(_escaped(to_text(parts))) <= limits.TEXT


def _blocks_fit(parts: Sequence[Part]) -> bool:
    return not limits.broken("-", to_blocks(parts))


def _cut(parts: Sequence[Part], fits: Callable[[Sequence[Part]], bool]) -> list[Part]:
    """The parts without as many of the last facts as it takes; what stands under an item goes with it, small print stays."""
    kept = list(parts)
    while not fits(kept):
        last = max((place for place, part in enumerate(kept) if part.kind in ("item", "para") and place), default=0)
        if not last:
            raise ValueError("a message breaks Slack's limits even at its shortest")
        end = next((place for place in range(last + 1, len(kept)) if kept[place].kind != "sub"), len(kept))
        del kept[last:end]
    return kept


def to_text(parts: Sequence[Part]) -> str:
    """The parts as plain text, a line each; links are numbered, and their addresses stand at the end, each once."""
    leads = {"item": "• ", "row": "• ", "sub": "  – "}
    numbers = numbered(parts)
    lines = [
        leads.get(part.kind, "") + "".join(_plain(run, numbers) for run in part.runs)
        for part in parts
        if part.kind not in ("button", "field")
    ]
    return "\n".join([*lines, *(f"[{number}] {url}" for url, number in numbers.items())])


def numbered(parts: Sequence[Part]) -> dict[str, int]:
    """Each address of the parts' links with its number, from 1 in the order of first use."""
    urls = dict.fromkeys(run.url for part in parts for run in part.runs if run.url)
    return {url: number for number, url in enumerate(urls, 1)}


def _plain(run: Run, numbers: Mapping[str, int]) -> str:
    return f"{run.text} [{numbers[run.url]}]" if run.url else run.text


def to_blocks(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """The parts as Block Kit. Stored text goes into elements that Slack shows as they are, never into mrkdwn."""
    blocks: list[dict[str, Any]] = []
    body: list[dict[str, Any]] = []
    for part in parts:
        if part.kind in ("title", "para"):
            if body and body[-1]["type"] == "rich_text_section":
                # One section with line breaks, as Slack's own editor makes it: clients differ over sections in a row.
                body[-1]["elements"] += [{"type": "text", "text": "\n"}, *_elements(part)]
            else:
                body.append({"type": "rich_text_section", "elements": _elements(part)})
        elif part.kind in ("item", "sub"):
            _into_list(body, part)
        else:
            blocks += _closed(body)
            body = []
            _small(blocks, part)
    return blocks + _closed(body)


def _closed(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "elements": body}] if body else []


def _into_list(body: list[dict[str, Any]], part: Part) -> None:
    indent = 1 if part.kind == "sub" else 0
    section = {"type": "rich_text_section", "elements": _elements(part)}
    if body and body[-1]["type"] == "rich_text_list" and body[-1]["indent"] == indent:
        body[-1]["elements"].append(section)
    else:
        body.append({"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": [section]})


def _small(blocks: list[dict[str, Any]], part: Part) -> None:
    if part.kind == "note":
        text = "".join(run.text for run in part.runs)
        blocks.append({"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]})
        return
    button: dict[str, Any] = {
        "type": "button",
        "text": {"type": "plain_text", "text": part.label, "emoji": False},
        "action_id": part.action,
        "value": part.value,
    }
    if part.confirm:
        texts = ({"type": "plain_text", "text": text} for text in part.confirm)
        button["confirm"] = dict(zip(("title", "text", "confirm", "deny"), texts, strict=True))
    if part.kind == "row":
        # Plain, for it is stored text, and a section could only be mrkdwn else; each run has a line of its own.
        lines = "\n".join(run.text.strip().removeprefix("— ") for run in part.runs)
        said = {"type": "plain_text", "text": lines, "emoji": False}
        blocks.append({"type": "section", "text": said, "accessory": button})
    elif blocks and blocks[-1]["type"] == "actions":
        blocks[-1]["elements"].append(button)
    else:
        blocks.append({"type": "actions", "elements": [button]})


def _elements(part: Part) -> list[dict[str, Any]]:
    """The runs as rich text elements."""
    elements: list[dict[str, Any]] = []
    for run in part.runs:
        if run.user:
            elements.append({"type": "user", "user_id": run.user})
        elif run.channel:
            elements.append({"type": "channel", "channel_id": run.channel})
        elif run.url:
            elements.append({"type": "link", "url": run.url, "text": run.text})
        else:
            style = {"style": {"bold": True}} if run.bold or part.kind == "title" else {}
            elements.append({"type": "text", "text": run.text, **style})
    return elements


def _part(raw: Mapping[str, Any]) -> Part:
    runs = tuple(_runs(raw.get("text", "")))
    said = {name: raw.get(name, "") for name in ("label", "action", "value")}
    return Part(raw["kind"], runs, **said, confirm=tuple(raw.get("confirm", ())))


def _runs(marked: str) -> Iterator[Run]:
    for bold, url, linked, plain in _RUN.findall(re.sub(r"\s+", " ", marked).strip()):
        if url.startswith(_USER):
            yield Run(linked, user=url.removeprefix(_USER))
        elif url.startswith(_CHANNEL):
            yield Run(linked, channel=url.removeprefix(_CHANNEL))
        elif url:
            yield Run(linked or url, url=url)
        elif bold or plain:
            yield Run(bold or plain, bold=bool(bold))


def _escaped(text: str) -> str:
    """Text as Slack wants it: three characters escaped, no others. https://docs.slack.dev/messaging/formatting-message-text"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _bold(text: object) -> str:
    return f"{_BOLD}{text}{_BOLD_END}" if str(text) else ""


def _link(text: object, url: str) -> str:
    """A link, or with `user:ID` a person, with `channel:ID` a channel; what is none of these stays text."""
    good = url.startswith(("http://", "https://", _USER, _CHANNEL))
    return f"{_LINK}{url.replace('|', '%7C')}{_LINK_TEXT}{text}{_LINK_END}" if good else str(text)


def _short(text: str, most: int) -> str:
    """The text, cut at a word where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0] + "…"


def _printable(value: Any) -> Any:
    """A value whose texts hold no control, formatting or private characters, at any depth: they could turn a terminal or
    the reading direction around, or pass for our own marks."""
    if isinstance(value, str):
        return value if value.isprintable() else "".join(c if c.isprintable() or c in _JOINERS else " " for c in value)
    if isinstance(value, (tuple, list, frozenset)):
        return type(value)(map(_printable, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{field.name: _printable(getattr(value, field.name)) for field in dataclasses.fields(value)}
        )
    return value
