"""Draws the parts of a message on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.reply import Part, to_text

WIDEST = 110
"""Columns that lines are kept within, for reading."""


def draw(parts: Sequence[Part], console: Console) -> None:
    """Prints a message: set for reading where the console is a terminal, as plain lines where it goes elsewhere."""
    if not console.is_terminal:
        console.print(to_text(parts), markup=False, highlight=False, soft_wrap=True, emoji=False)
        return
    width = min(console.width, WIDEST)
    for place, part in enumerate(parts):
        if part.kind == "button":
            continue
        if part.kind in ("title", "note") and place:
            console.print()
        text = Text(no_wrap=False)
        for run in part.runs:
            text.append(run.text, style=_style(part, run.bold, run.url))
        indent = {"item": 2, "sub": 6}.get(part.kind, 0)
        if indent:
            console.print(Text(" " * (indent - 2) + "•" if part.kind == "item" else " " * (indent - 2) + "–"), end=" ")
            lines = text.wrap(console, width - indent)
            console.print(lines[0])
            for line in lines[1:]:
                console.print(Padding(line, (0, 0, 0, indent)))
        else:
            console.print(text, width=width)


def _style(part: Part, bold: bool, url: str) -> str:
    if part.kind == "title":
        return "bold"
    if part.kind == "note":
        return "dim"
    if url:
        return f"underline link {url}"
    return "bold" if bold else ""
