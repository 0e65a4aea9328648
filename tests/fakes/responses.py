"""What comes to Slack otherwise than by a method: posts to a response_url, and what stands in an acknowledgement."""

from typing import TYPE_CHECKING

from tests.fakes import messages, views
from tests.fakes.model import Json, Note, Posted, Refused, Reply, ResponseUrl

if TYPE_CHECKING:
    from tests.fakes import FakeSlack

USES, LIFE = 5, 30 * 60


def respond(slack: "FakeSlack", path: str, args: Json) -> Reply:
    """A post to a response_url. https://docs.slack.dev/interactivity/handling-user-interaction#message_responses"""
    url = slack.response_urls.get(path)
    if url is None:
        raise Refused("invalid_url", 404)
    if slack.now() - url.made > LIFE:
        raise Refused("expired_url", 404)
    if url.uses >= USES:
        raise Refused("used_url", 404)
    if slack.channel(url.channel).is_archived:
        raise Refused("is_archived", 410)
    _deliver(slack, url, args)
    url.uses += 1
    return Reply(200, "ok")


def _deliver(slack: "FakeSlack", url: ResponseUrl, args: Json) -> None:
    replaces, deletes = (str(args.get(f"{what}_original", "")).lower() == "true" for what in ("replace", "delete"))
    if url.by_action and not {"replace_original", "delete_original"} & set(args):
        slack.complain(["a response to an action says neither replace_original nor delete_original"])
    if deletes and url.source:
        url.source.deleted = True
        return
    text, blocks = messages.content(slack, args)
    if replaces and url.source:
        messages.replace(slack, url.source, text, blocks)
        return
    to_all = args.get("response_type") == "in_channel"
    thread = messages.thread(slack, url.channel, args)
    posted = Posted(url.channel, slack.new_ts(), text, "response_url", thread, blocks, user=slack.bot_user)
    posted.ephemeral_to = "" if to_all else url.user
    slack.add(posted)


def acknowledged(slack: "FakeSlack", note: Note, answer: Json) -> None:
    """What Slack does with what stands in an acknowledgement: a message for a command, a change of views for a modal."""
    try:
        if note.kind == "slash_commands" and answer:
            _deliver(slack, ResponseUrl(note.payload["channel_id"], note.payload["user_id"], slack.now()), answer)
            slack.messages[-1].via = "ack"
        if note.payload.get("type") == "view_submission":
            views.submitted(slack, slack.view(note.payload["view"]["id"]), answer)
    except Refused as refused:
        slack.complain([f"the acknowledgement of {note.kind} is refused: {refused.reply.body!r}"])
