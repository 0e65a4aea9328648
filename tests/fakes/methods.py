"""Slack's Web API as an app sees it: METHODS lists what it can call, and each refuses what Slack refuses.

https://docs.slack.dev/reference/methods
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes import files, messages, sharing, views
from tests.fakes.model import Json, Refused

if TYPE_CHECKING:
    from tests.fakes import FakeSlack

HISTORY = {"C": "channels:history", "G": "groups:history", "D": "im:history"}
"""Reading needs the scope of the channel's kind."""


def call(slack: "FakeSlack", name: str, token: str, args: Json) -> Json:
    """The answer to a call; Refused where Slack refuses."""
    if name not in METHODS:
        raise Refused("unknown_method", req_method=name)
    method = METHODS[name]
    _check_token(token, slack.app_token if method.by_app else slack.token, slack)
    needed = HISTORY.get(str(args.get("channel"))[:1], "") if method.scope == "history" else method.scope
    if needed and needed not in slack.scopes:
        raise Refused("missing_scope", needed=needed, provided=",".join(slack.scopes))
    return {"ok": True, **method.does(slack, args)}


def _check_token(token: str, right: str, slack: "FakeSlack") -> None:
    if not token:
        raise Refused("not_authed")
    if token != right:
        raise Refused("not_allowed_token_type" if token in (slack.token, slack.app_token) else "invalid_auth")
    if slack.token_error:
        raise Refused(slack.token_error)


def auth_test(slack: "FakeSlack", args: Json) -> Json:
    who = {"url": f"https://{slack.domain}.slack.com/", "user": "flagpost", "user_id": slack.bot_user}
    return {
        **who,
        "team": slack.team_name,
        "team_id": slack.team,
        "bot_id": slack.bot_id,
        "is_enterprise_install": False,
    }


def info(slack: "FakeSlack", args: Json) -> Json:
    id = str(args.get("channel") or "")
    channel = slack.channel(id)
    state = {"is_member": channel.has_bot, "is_archived": channel.is_archived, "is_im": id.startswith("D")}
    return {"channel": {"id": id, "name": slack.channel_name(id), "is_channel": id.startswith("C"), **state}}


def open_connection(slack: "FakeSlack", args: Json) -> Json:
    return {"url": f"{slack.socket.url}?ticket={slack.new_id('ticket')}&app_id={slack.app_id}"}


@dataclass(frozen=True)
class Method:
    """What a method does, and the scope it needs ("history": see HISTORY); `by_app`: with the app's token."""

    does: Callable[["FakeSlack", Json], Json]
    scope: str = ""
    by_app: bool = False


METHODS: dict[str, Method] = {
    "auth.test": Method(auth_test),
    "chat.postMessage": Method(messages.post_message, "chat:write"),
    "chat.postEphemeral": Method(messages.post_ephemeral, "chat:write"),
    "chat.update": Method(messages.update, "chat:write"),
    "chat.delete": Method(messages.delete, "chat:write"),
    "conversations.history": Method(messages.history, "history"),
    "conversations.replies": Method(messages.replies, "history"),
    "conversations.info": Method(info, "channels:read"),
    "files.getUploadURLExternal": Method(files.announce, "files:write"),
    "files.completeUploadExternal": Method(sharing.complete, "files:write"),
    "files.info": Method(files.info, "files:read"),
    "views.open": Method(views.open_view),
    "views.push": Method(views.push_view),
    "views.update": Method(views.update_view),
    "views.publish": Method(views.publish_view),
    "apps.connections.open": Method(open_connection, by_app=True),
}
