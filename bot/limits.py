"""Slack's limits as a table, and what in a message or a view breaks them. Runs on the final dicts, in the sender and in
the tests.

https://docs.slack.dev/reference/block-kit/blocks; the sum over a message is undocumented and was measured.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Block: TypeAlias = Mapping[str, Any]

TEXT = 4000
BLOCKS = 50
ALL_BLOCK_TEXT = 13_000
SECTION = 3000
FIELDS, FIELD = 10, 2000
HEADER = 150
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 3000
ACTIONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
OPTIONS, OPTION_TEXT, OPTION_VALUE = 100, 75, 150
ID = 255
MARKDOWN = 12_000
IMAGE_TEXT = 2000
TABLE_ROWS, TABLE_CELLS, ALL_TABLE_TEXT = 100, 20, 10_000

VIEW_BLOCKS = 100
VIEW_TEXT = 24
PRIVATE_METADATA = 3000


def broken(text: str, blocks: Sequence[Block]) -> list[str]:
    """Each limit of Slack's that a message breaks, as a sentence; empty for a message that can be sent."""
    return [*_message(text, blocks), *_blocks(blocks, BLOCKS)]


def broken_view(view: Mapping[str, Any]) -> list[str]:
    """Each limit of Slack's that a modal or a home breaks, as a sentence; empty for a view that can be shown."""
    return [*_view(view), *_blocks(view["blocks"], VIEW_BLOCKS)]


def _message(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    if not text.strip():
        yield "the message has no text"
    if len(text) > TEXT:
        yield f"text has {len(text)} characters of {TEXT}"
    if (total := sum(map(_length, blocks))) > ALL_BLOCK_TEXT:
        yield f"the blocks hold {total} characters of {ALL_BLOCK_TEXT}"


def _view(view: Mapping[str, Any]) -> Iterator[str]:
    yield from _over("private_metadata", view.get("private_metadata", ""), PRIVATE_METADATA)
    yield from _over("callback_id", view.get("callback_id", ""), ID)
    for part in ("title", "submit", "close"):
        if part in view:
            yield from _over(part, view[part]["text"], VIEW_TEXT, least=1)
    if view["type"] == "modal" and "title" not in view:
        yield "a modal has no title"
    if view["type"] == "modal" and "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        yield "a modal asks for input and has no submit"


def _blocks(blocks: Sequence[Block], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks of {most}"
    repeated = [id for id, count in Counter(block.get("block_id") for block in blocks).items() if id and count > 1]
    yield from (f"block_id {id!r} is used twice" for id in repeated)
    for kind, limit in (("table", ALL_TABLE_TEXT), ("markdown", MARKDOWN)):
        if (total := sum(_length(block) for block in blocks if block["type"] == kind)) > limit:
            yield f"all {kind} blocks hold {total} characters of {limit}"
    yield from (why for block in blocks for why in _block(block))


def _block(block: Block) -> Iterator[str]:
    kind = block["type"]
    if len(str(block.get("block_id", ""))) > ID:
        yield f"a block_id is longer than {ID}"
    if kind == "header":
        yield from _over("a header", block["text"]["text"], HEADER, least=1)
    if kind == "section":
        yield from _section(block)
    if kind == "context":
        yield from _over("a context", block["elements"], CONTEXT_ELEMENTS, least=1, of="elements")
        yield from (why for one in block["elements"] for why in _over("a context", one.get("text", ""), CONTEXT_TEXT))
    if kind == "rich_text" and not _length(block):
        yield "a rich_text says nothing"
    if kind == "image":
        yield from _over("the description of an image", block["alt_text"], IMAGE_TEXT, least=1)
        yield from _over("the title of an image", block.get("title", {}).get("text", ""), IMAGE_TEXT)
    if kind == "table":
        yield from _table(block["rows"])
    if kind == "actions":
        yield from _actions(block["elements"])
    for part in ("accessory", "element"):
        if part in block:
            yield from _element(block[part])


def _section(block: Block) -> Iterator[str]:
    if "text" in block or "fields" not in block:
        yield from _over("a section", block["text"]["text"], SECTION, least=1)
    yield from _over("a section", block.get("fields", []), FIELDS, of="fields")
    for field in block.get("fields", []):
        yield from _over("a field", field["text"], FIELD, least=1)


def _table(rows: Sequence[Sequence[Block]]) -> Iterator[str]:
    yield from _over("a table", rows, TABLE_ROWS, least=1, of="rows")
    for row in rows:
        yield from _over("a row", row, TABLE_CELLS, least=1, of="cells")
    if not all(_length(cell) for row in rows for cell in row):
        yield "a cell of a table is empty"


def _actions(elements: Sequence[Block]) -> Iterator[str]:
    if not 0 < len(elements) <= ACTIONS:
        yield f"{len(elements)} actions of {ACTIONS}"
    ids = [element["action_id"] for element in elements if "action_id" in element]
    if len(set(ids)) < len(ids):
        yield "two actions of one block have the same action_id"
    yield from (why for element in elements for why in _element(element))


def _element(element: Block) -> Iterator[str]:
    if "text" in element:
        yield from _over("a button", element["text"]["text"], BUTTON_TEXT, least=1, verb="says")
    if len(element.get("value", "")) > BUTTON_VALUE or len(element.get("action_id", "")) > ID:
        yield "a button carries too long a value or action_id"
    for part, text in element.get("confirm", {}).items():
        if part in CONFIRM:
            yield from _over(f"the {part} of what is asked first", text["text"], CONFIRM[part], least=1)
    if "options" in element:
        yield from _over("a select", element["options"], OPTIONS, least=1, of="options")
    for option in element.get("options", []):
        yield from _over("an option", option["text"]["text"], OPTION_TEXT, least=1, verb="says")
        yield from _over("the value of an option", option["value"], OPTION_VALUE, least=1)


def _over(
    what: str, value: str | Sequence[Any], most: int, *, least: int = 0, of: str = "characters", verb: str = "has"
) -> Iterator[str]:
    """The sentence for something that is too long or too short, if it is."""
    if not least <= len(value) <= most:
        yield f"{what} {verb} {len(value)} {of} of {most}"


def _length(value: Any) -> int:
    """Characters of all texts and links in a block."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + len(str(value.get("url", ""))) + sum(_length(one) for one in value.values())
    return sum(map(_length, value)) if isinstance(value, list) else 0
