"""Draws the parts of a message on a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.reply import Part, numbered, to_text

WIDEST = 110
"""Columns that lines are kept within, for reading."""

MARKS = {"item": "  • ", "sub": "      – "}
"""What stands before the first line of an item; its other lines are set under its text."""


def draw(parts: Sequence[Part], console: Console) -> None:
    """Prints a message: set for reading where the console is a terminal, as plain lines where it goes elsewhere."""
    if not console.is_terminal:
        console.print(to_text(parts), markup=False, highlight=False, soft_wrap=True, emoji=False)
        return
    numbers = numbered(parts)
    before = ""
    for part in parts:
        if part.kind != "button":
            _space(before, part.kind, console)
            _draw(part, numbers, console)
            before = part.kind
    console.print()
    for url, number in numbers.items():
        console.print(Text(f"[{number}] {url}", style=f"dim link {url}"), soft_wrap=True)


def _space(before: str, kind: str, console: Console) -> None:
    """An empty line where something new begins."""
    if before and (kind in ("title", "note") or (kind == "para" and before in MARKS)):
        console.print()


def _draw(part: Part, numbers: Mapping[str, int], console: Console) -> None:
    text = Text()
    for run in part.runs:
        number = f" [{numbers[run.url]}]" if run.url else ""
        text.append(run.text + number, style=_style(part, run.bold, run.url))
    mark = MARKS.get(part.kind, "")
    first, *others = text.wrap(console, min(console.width, WIDEST) - len(mark)) or [Text()]
    console.print(Text(mark) + first)
    for line in others:
        console.print(Padding(line, (0, 0, 0, len(mark))))


def _style(part: Part, bold: bool, url: str) -> str:
    if part.kind == "title":
        return "bold"
    if part.kind == "note":
        return "dim"
    if url:
        return f"underline link {url}"
    return "bold" if bold else ""
