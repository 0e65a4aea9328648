"""How files that were uploaded come to stand in channels. https://docs.slack.dev/messaging/working-with-files"""

from typing import TYPE_CHECKING

from tests.fakes import files, messages, rules
from tests.fakes.model import File, Json, Posted, Refused

if TYPE_CHECKING:
    from tests.fakes import FakeSlack


def complete(slack: "FakeSlack", args: Json) -> Json:
    """Keeps what was uploaded, and shares it where a channel is named: a message with files, which has no metadata.

    https://docs.slack.dev/reference/methods/files.completeUploadExternal
    """
    asked = rules.parsed(args.get("files") or [], "invalid_arguments")
    if not isinstance(asked, list) or not asked or not all(isinstance(one, dict) and "id" in one for one in asked):
        raise Refused("invalid_arguments")
    found = [slack.files.get(str(one["id"])) for one in asked]
    uploaded = [file for file in found if file and file.data is not None and file.ready_at is None]
    if len(uploaded) < len(found):
        raise Refused("file_not_found")
    posted = _shared(slack, args, uploaded)
    for file, one in zip(uploaded, asked, strict=True):
        file.title, file.ready_at = str(one.get("title") or file.name), slack.now() + slack.processing
    if posted:
        slack.add(posted)
    return {"files": [files.as_file(slack, file) for file in uploaded]}


def _shared(slack: "FakeSlack", args: Json, uploaded: list[File]) -> Posted | None:
    """What stands in the channel then. Its blocks are ignored where there is a comment, and may not hold markdown."""
    id = str(args.get("channel_id") or "")
    if not id:
        return None
    if id.startswith("U"):
        raise Refused("channel_not_found")
    text, found = str(args.get("initial_comment") or ""), rules.blocks(args.get("blocks"))
    channel = messages.writable(slack, id)
    parent = messages.thread(slack, channel, args)
    slack.spend(channel)
    blocks = [] if text else found
    return Posted(channel, slack.new_ts(), text, "file", parent, blocks, user=slack.bot_user, files=uploaded)
