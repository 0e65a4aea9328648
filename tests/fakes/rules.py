"""What Slack refuses in the content of messages and views, and what our own rules say of what it takes."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot import limits
from tests.fakes.model import Json, Refused

TEXT = 40_000
ALL_BLOCK_TEXT = 13_200
VIEW_BYTES = 250_000
METADATA_BYTES = 16_000
KINDS = set(
    "actions alert context context_actions divider file header image input markdown rich_text section table video".split()
)
"""https://docs.slack.dev/reference/block-kit/blocks, without the newest, which we do not use."""

MODAL_ONLY = {"alert"}
BROADCAST = re.compile(r"<!(channel|here|everyone|subteam)|(?<!\w)@(channel|here|everyone)\b")
SURE_BROADCAST = re.compile(r"<!(channel|here|everyone|subteam)")
LOOSE = re.compile(r"&(?!amp;|lt;|gt;)|<(?![!@#]|https?://|mailto:)")


def blocks(value: Any, wrong: str = "invalid_blocks_format") -> list[Json]:
    """The blocks of a call, which come as a list or as JSON."""
    found = parsed(value or [], wrong)
    if not isinstance(found, list) or not all(isinstance(block, dict) and "type" in block for block in found):
        raise Refused(wrong)
    return found


def parsed(value: Any, wrong: str) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise Refused(wrong) from None


def message(args: Json) -> tuple[str, list[Json]]:
    """Text and blocks of a message that Slack takes: https://docs.slack.dev/reference/methods/chat.postMessage#errors"""
    text, found = str(args.get("text") or ""), blocks(args.get("blocks"))
    if not text.strip() and not found:
        raise Refused("no_text")
    if len(text) > TEXT:
        raise Refused("msg_too_long")
    if sum(map(len, _texts(found))) > ALL_BLOCK_TEXT:
        raise Refused("msg_blocks_too_long")
    if wrong := [*_odd(found, MODAL_ONLY), *_broken_blocks(found)]:
        raise Refused("invalid_blocks", errors=wrong, response_metadata={"messages": wrong})
    return text, found


def metadata(value: Any) -> Json:
    """https://docs.slack.dev/messaging/message-metadata"""
    found = parsed(value or {}, "invalid_metadata_format")
    if not isinstance(found, dict):
        raise Refused("invalid_metadata_format")
    if found and not (isinstance(found.get("event_type"), str) and isinstance(found.get("event_payload"), dict)):
        raise Refused("invalid_metadata_schema")
    if len(json.dumps(found)) > METADATA_BYTES:
        raise Refused("metadata_too_large")
    return found


def view(value: Any, kind: str) -> Json:
    """A view that Slack takes: https://docs.slack.dev/reference/views"""
    content = parsed(value, "invalid_arguments")
    if not isinstance(content, dict) or content.get("type") != kind:
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] the view is no {kind}"]})
    found = blocks(content.get("blocks"), "invalid_arguments")
    if len(json.dumps(content)) > VIEW_BYTES:
        raise Refused("view_too_large")
    if wrong := [*_odd(found, set() if kind == "modal" else MODAL_ONLY), *_broken_view({**content, "blocks": found})]:
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {why}" for why in wrong]})
    return {**content, "blocks": found}


def _broken_blocks(found: Sequence[Json]) -> list[str]:
    try:
        return limits.broken("-", found)
    except (KeyError, TypeError, AttributeError) as error:
        return [f"a block lacks something or has it in another form: {error!r}"]


def _broken_view(content: Json) -> list[str]:
    try:
        return limits.broken_view(content)
    except (KeyError, TypeError, AttributeError) as error:
        return [f"the view lacks something or has it in another form: {error!r}"]


def _odd(found: Sequence[Json], forbidden: set[str]) -> list[str]:
    return [f"unsupported type: {block['type']}" for block in found if block["type"] not in KINDS - forbidden]


def complaints(text: str, found: Sequence[Json]) -> Iterator[str]:
    """What Slack takes and we do not want: text that it cuts, notifies with or misreads."""
    if not text.strip():
        yield "there is no text beside the blocks, for screen readers and notifications"
    if len(text) > limits.TEXT:
        yield f"text has {len(text)} characters of {limits.TEXT}"
    # Where there are blocks, the text is not shown, and a bare @channel in it is only a word.
    yield from _in_mrkdwn(text, SURE_BROADCAST if found else BROADCAST)
    for thing in objects(found):
        if thing.get("type") == "mrkdwn":
            yield from _in_mrkdwn(str(thing.get("text", "")), SURE_BROADCAST if thing.get("verbatim") else BROADCAST)
        if thing.get("type") == "broadcast":
            yield f"a rich_text notifies {thing.get('range')}"


def _in_mrkdwn(text: str, broadcast: re.Pattern[str]) -> Iterator[str]:
    for pattern, what in ((broadcast, "notifies everybody"), (LOOSE, "is not escaped")):
        if found := pattern.search(text):
            yield f"{text[max(0, found.start() - 20) : found.end() + 20]!r} {what}"


def objects(value: Any) -> Iterator[Json]:
    """Each object in a structure, however deep."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def _texts(found: Sequence[Json]) -> Iterator[str]:
    for thing in objects(found):
        yield from (thing[key] for key in ("text", "url") if isinstance(thing.get(key), str))
