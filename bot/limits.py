"""Slack's limits as a table, and what in a message breaks them. Runs on the final dicts, in the sender and in the tests.

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
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTIONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
ID = 255


def broken(text: str, blocks: Sequence[Block]) -> list[str]:
    """Each limit of Slack's that a message breaks, as a sentence; empty for a message that can be sent."""
    return [*_message(text, blocks), *(why for block in blocks for why in _block(block))]


def _message(text: str, blocks: Sequence[Block]) -> Iterator[str]:
    if not text.strip():
        yield "the message has no text"
    if len(text) > TEXT:
        yield f"text has {len(text)} characters of {TEXT}"
    if len(blocks) > BLOCKS:
        yield f"{len(blocks)} blocks of {BLOCKS}"
    if (total := sum(map(_length, blocks))) > ALL_BLOCK_TEXT:
        yield f"the blocks hold {total} characters of {ALL_BLOCK_TEXT}"
    repeated = [id for id, count in Counter(block.get("block_id") for block in blocks).items() if id and count > 1]
    yield from (f"block_id {id!r} is used twice" for id in repeated)


def _block(block: Block) -> Iterator[str]:
    kind = block["type"]
    if len(str(block.get("block_id", ""))) > ID:
        yield f"a block_id is longer than {ID}"
    if kind == "header" and not 0 < len(block["text"]["text"]) <= HEADER:
        yield f"a header has {len(block['text']['text'])} characters of {HEADER}"
    if kind == "section" and not 0 < len(block["text"]["text"]) <= SECTION:
        yield f"a section has {len(block['text']['text'])} characters of {SECTION}"
    if kind == "context" and not 0 < len(block["elements"]) <= CONTEXT_ELEMENTS:
        yield f"a context has {len(block['elements'])} elements of {CONTEXT_ELEMENTS}"
    if kind == "rich_text" and not _length(block):
        yield "a rich_text says nothing"
    if kind == "actions":
        yield from _actions(block["elements"])


def _actions(elements: Sequence[Block]) -> Iterator[str]:
    if not 0 < len(elements) <= ACTIONS:
        yield f"{len(elements)} actions of {ACTIONS}"
    for element in elements:
        if not 0 < len(element["text"]["text"]) <= BUTTON_TEXT:
            yield f"a button says {len(element['text']['text'])} characters of {BUTTON_TEXT}"
        if len(element.get("value", "")) > BUTTON_VALUE or len(element["action_id"]) > ID:
            yield "a button carries too long a value or action_id"
    if len({element["action_id"] for element in elements}) < len(elements):
        yield "two actions of one block have the same action_id"


def _length(value: Any) -> int:
    """Characters of all texts and links in a block."""
    if isinstance(value, Mapping):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + len(str(value.get("url", ""))) + sum(_length(one) for one in value.values())
    return sum(map(_length, value)) if isinstance(value, list) else 0
