"""Slack's limits: each is known, and what keeps within them all breaks none."""

from typing import Any

import pytest

from bot import limits


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def select(*options: tuple[str, str]) -> dict[str, Any]:
    listed = [{"text": plain(text), "value": value} for text, value in options]
    return {"type": "actions", "elements": [{"type": "static_select", "action_id": "pick", "options": listed}]}


def table(*rows: list[str]) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}


def fields(*texts: str) -> dict[str, Any]:
    return {"type": "section", "fields": [plain(text) for text in texts]}


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Settings"), "blocks": [{"type": "divider"}], **more}


ASKED = {"type": "input", "label": plain("Who"), "element": {"type": "plain_text_input", "action_id": "who"}}

FITS = [
    fields(*["x" * 2000] * 2),
    select(*[("t" * 75, "v" * 150)] * 100),
    table(*[["x"] * 20] * 100),
    {"type": "section", "text": plain("x"), "accessory": button(value="v" * 2000)},
    {"type": "markdown", "text": "x"},
]


def test_what_keeps_within_the_limits_breaks_none() -> None:
    assert limits.broken("x", FITS[:1]) == limits.broken("x", FITS[1:]) == []


def test_a_view_that_keeps_within_the_limits_breaks_none() -> None:
    assert limits.broken_view(modal(submit=plain("Save"), blocks=[{"type": "divider"}] * 100)) == []
    assert limits.broken_view({"type": "home", "blocks": FITS}) == []


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (fields(*["x"] * 11), "a section has 11 fields of 10"),
        (fields("x" * 2001), "a field has 2001 characters of 2000"),
        (select(*[("t", "v")] * 101), "a select has 101 options of 100"),
        (select(("t" * 76, "v")), "an option says 76 characters of 75"),
        (select(("t", "v" * 151)), "the value of an option has 151 characters of 150"),
        (select(), "a select has 0 options of 100"),
        (table(*[["x"]] * 101), "a table has 101 rows of 100"),
        (table(["x"] * 21), "a row has 21 cells of 20"),
        (table(["x", ""]), "a cell of a table is empty"),
        (table(["x" * 10_001]), "all table blocks hold 10001 characters of 10000"),
        ({"type": "markdown", "text": "x" * 12_001}, "all markdown blocks hold 12001 characters of 12000"),
        ({"type": "context", "elements": [plain("x" * 3001)]}, "a context has 3001 characters of 3000"),
        ({"type": "actions", "elements": [button(), button()]}, "two actions of one block have the same action_id"),
        ({"type": "actions", "elements": [button()] * 26}, "26 actions of 25"),
        ({"type": "section", "text": plain("x"), "accessory": button(text=plain("x" * 76))}, "a button says 76"),
        ({"type": "divider", "block_id": "x" * 256}, "a block_id is longer than 255"),
    ],
)
def test_a_limit_of_blocks_is_known(block: dict[str, Any], why: str) -> None:
    assert why in " ".join(limits.broken("x", [block]))


@pytest.mark.parametrize(
    ("view", "why"),
    [
        (modal(title=plain("x" * 25)), "title has 25 characters of 24"),
        (modal(submit=plain("x" * 25)), "submit has 25 characters of 24"),
        (modal(close=plain("")), "close has 0 characters of 24"),
        (modal(private_metadata="x" * 3001), "private_metadata has 3001 characters of 3000"),
        (modal(callback_id="x" * 256), "callback_id has 256 characters of 255"),
        (modal(blocks=[{"type": "divider"}] * 101), "101 blocks of 100"),
        (modal(blocks=[ASKED]), "a modal asks for input and has no submit"),
        (modal(blocks=[fields("x" * 2001)]), "a field has 2001 characters of 2000"),
        ({"type": "modal", "blocks": []}, "a modal has no title"),
    ],
)
def test_a_limit_of_views_is_known(view: dict[str, Any], why: str) -> None:
    assert why in " ".join(limits.broken_view(view))
