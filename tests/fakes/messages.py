"""Messages as Slack takes and lists them. https://docs.slack.dev/messaging"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from tests.fakes import files, rules
from tests.fakes.model import Json, Posted, Refused

if TYPE_CHECKING:
    from tests.fakes import FakeSlack


def post_message(slack: "FakeSlack", args: Json) -> Json:
    channel = writable(slack, str(args.get("channel") or ""))
    text, blocks = content(slack, args)
    metadata = rules.metadata(args.get("metadata"))
    parent = thread(slack, channel, args)
    slack.spend(channel)
    posted = Posted(channel, slack.new_ts(), text, "chat.postMessage", parent, blocks, metadata, user=slack.bot_user)
    slack.add(posted)
    return {"channel": channel, "ts": posted.ts, "message": as_message(slack, posted, whole=True)}


def post_ephemeral(slack: "FakeSlack", args: Json) -> Json:
    channel = writable(slack, str(args.get("channel") or ""))
    text, blocks = content(slack, args)
    if not str(args.get("user") or "").startswith(("U", "W")):
        raise Refused("user_not_in_channel")
    parent = thread(slack, channel, args)
    posted = Posted(channel, slack.new_ts(), text, "chat.postEphemeral", parent, blocks, ephemeral_to=args["user"])
    slack.add(posted)
    return {"message_ts": posted.ts}


def update(slack: "FakeSlack", args: Json) -> Json:
    posted = _own_message(slack, args, "cant_update_message")
    text, blocks = content(slack, args)
    if "metadata" in args:
        posted.metadata = rules.metadata(args["metadata"])
    replace(slack, posted, text, blocks)
    seen = as_message(slack, posted, whole=True)
    return {"channel": posted.channel, "ts": posted.ts, "text": text, "message": seen}


def delete(slack: "FakeSlack", args: Json) -> Json:
    posted = _own_message(slack, args, "cant_delete_message")
    posted.deleted = True
    return {"channel": posted.channel, "ts": posted.ts}


def history(slack: "FakeSlack", args: Json) -> Json:
    """Newest first, without the replies in threads."""
    channel = _readable(slack, args)
    return _page(slack, args, [one for one in reversed(slack.listed(channel)) if one.thread_ts in ("", one.ts)])


def replies(slack: "FakeSlack", args: Json) -> Json:
    """Oldest first, the parent before all."""
    channel, ts = _readable(slack, args), str(args.get("ts") or "")
    if slack.message(channel, ts) is None:
        raise Refused("thread_not_found")
    return _page(slack, args, [one for one in slack.listed(channel) if ts in (one.ts, one.thread_ts)])


def as_message(slack: "FakeSlack", posted: Posted, *, whole: bool = False) -> Json:
    """A message as Slack tells of it, `whole` with the metadata: https://docs.slack.dev/reference/objects/message"""
    seen: Json = {"type": "message", "user": posted.user, "text": posted.text, "ts": posted.ts, "team": slack.team}
    if posted.user == slack.bot_user:
        seen |= {"bot_id": slack.bot_id, "app_id": slack.app_id}
    for key in ("thread_ts", "blocks", *(["metadata"] if whole else [])):
        if value := getattr(posted, key):
            seen[key] = value
    if posted.files:
        seen["files"] = [files.as_file(slack, file) for file in posted.files]
    return seen


def writable(slack: "FakeSlack", id: str) -> str:
    """The channel the app may post to; a person's id means the direct messages with them."""
    id = f"D{id[1:]}" if id.startswith(("U", "W")) else id
    channel = slack.channel(id)
    if channel.is_archived:
        raise Refused("is_archived")
    if not channel.has_bot:
        raise Refused("not_in_channel" if id.startswith("C") else "channel_not_found")
    return id


def _readable(slack: "FakeSlack", args: Json) -> str:
    id = str(args.get("channel") or "")
    if not slack.channel(id).has_bot:
        raise Refused("not_in_channel" if id.startswith("C") else "channel_not_found")
    return id


def content(slack: "FakeSlack", args: Json) -> tuple[str, list[Json]]:
    """Text and blocks of a message that Slack takes, with the pictures in it."""
    text, blocks = rules.message(args)
    files.check_pictures(slack, blocks)
    return text, blocks


def thread(slack: "FakeSlack", channel: str, args: Json) -> str:
    thread = str(args.get("thread_ts") or "")
    if thread and slack.message(channel, thread) is None:
        raise Refused("thread_not_found")
    return thread


def _own_message(slack: "FakeSlack", args: Json, otherwise: str) -> Posted:
    slack.channel(str(args.get("channel") or ""))
    posted = slack.message(str(args["channel"]), str(args.get("ts") or ""))
    if posted is None:
        raise Refused("message_not_found")
    if posted.user != slack.bot_user:
        raise Refused(otherwise)
    return posted


def replace(slack: "FakeSlack", posted: Posted, text: str, blocks: list[Json]) -> None:
    posted.text, posted.blocks, posted.replaced = text, blocks, True
    slack.complain(rules.complaints(text, blocks))


def _page(slack: "FakeSlack", args: Json, found: Sequence[Posted]) -> Json:
    """A page of messages: https://docs.slack.dev/apis/web-api/pagination"""
    whole = str(args.get("include_all_metadata", "")).lower() in ("1", "true")
    start, limit = int(str(args.get("cursor") or "next:0").partition(":")[2]), int(args.get("limit") or 100)
    wanted = [one for one in found if _in_time(one, args)]
    more = start + limit < len(wanted)
    seen = [as_message(slack, one, whole=whole) for one in wanted[start : start + limit]]
    return {"messages": seen, "has_more": more, "response_metadata": {"next_cursor": f"next:{start + limit}" * more}}


def _in_time(posted: Posted, args: Json) -> bool:
    try:
        oldest, latest = Decimal(str(args.get("oldest") or 0)), Decimal(str(args.get("latest") or "Infinity"))
    except InvalidOperation:
        raise Refused("invalid_ts_oldest") from None
    ts, ends = Decimal(posted.ts), str(args.get("inclusive", "")).lower() in ("1", "true")
    return oldest <= ts <= latest if ends else oldest < ts < latest
