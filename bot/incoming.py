"""Reads what Slack sends: whether it concerns us, where somebody asked, what was said. Pure.

Payloads: https://docs.slack.dev/apis/events-api, https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload,
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from bot.mail import Incoming, Place

Payload: TypeAlias = Mapping[str, Any]

COMMAND = "/exposure"

SPOKEN = ("", "file_share", "thread_broadcast")
"""Subtypes of messages that a person wrote just now; all others are edits, deletions, joins, bots."""

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_STYLE = re.compile(r"(?<!\w)([*_~`])(?=\S)(.{1,200}?)(?<=\S)\1(?!\w)", re.DOTALL)
_QUOTED = re.compile(r"^(?:&gt;)+ ?", re.MULTILINE)
_STYLES = 3
"""How deep styles are taken off: bold within italics within a quotation of code."""


def read(payload: Payload) -> Incoming | None:
    """What somebody did, with what tells repeats; None where it is not for us to do anything: bots, edits, joins."""
    kind = _kind(payload)
    if not kind:
        return None
    event = _part(payload, "event")
    key = _key(payload)
    where = place(payload)
    subject = f"{where.workspace}:{where.channel}:{event['ts']}" if event.get("ts") else ""
    if not (key and where.workspace):
        return None
    return Incoming(f"{where.workspace}:{key}", subject, f"{where.workspace}:{where.conversation}", kind, dict(payload))


def _key(payload: Payload) -> str:
    """What all deliveries of one thing have in common. A form that is sent off twice is the same form, as long as it shows the
    same; each sending has a trigger of its own."""
    if payload.get("type") == "view_submission":
        view = _part(payload, "view")
        return f"{view['id']}:{view.get('hash', '')}" if view.get("id") else ""
    return str(payload.get("event_id") or payload.get("trigger_id") or "")


def _kind(payload: Payload) -> str:
    event = _part(payload, "event")
    if payload.get("type") == "event_callback":
        return _home(event) if event.get("type") == "app_home_opened" else _spoken(event)
    if payload.get("command"):
        return "command"
    if payload.get("type") == "view_submission":
        return "submission"
    return "action" if payload.get("type") == "block_actions" and payload.get("actions") else ""


def _part(payload: Payload, name: str) -> Payload:
    """What stands there, where that has parts of its own."""
    part = payload.get(name)
    return part if isinstance(part, Mapping) else {}


def _spoken(event: Payload) -> str:
    """Other bots are not answered, or two of them would talk for ever."""
    if event.get("bot_id") or event.get("subtype", "") not in SPOKEN or not event.get("user"):
        return ""
    if event.get("type") == "app_mention":
        return "mention"
    return "direct" if event.get("type") == "message" and event.get("channel_type") == "im" else ""


def _home(event: Payload) -> str:
    """Opening the tab with the messages fires the same event."""
    return "home" if event.get("tab") == "home" and event.get("user") else ""


def teams(payload: Payload) -> set[str]:
    """The workspaces that Slack sent this for."""
    told = payload.get("authorizations")
    events = [one.get("team_id") for one in told if isinstance(one, Mapping)] if isinstance(told, list) else []
    return {str(team) for team in (payload.get("team_id"), _part(payload, "team").get("id"), *events) if team}


def place(payload: Payload, workspace: str = "") -> Place:
    """Where it was asked: a mention is answered in its thread, a direct message in place, a command by its response URL.
    `workspace` is the one of ours that it came to; where that is not known, it is the one that the payload names first."""
    found = _place(payload)
    ours = workspace or found.workspace
    return replace(found, workspace=ours, is_outsider=_is_outsider(payload, ours))


def _place(payload: Payload) -> Place:
    if payload.get("type") == "event_callback":
        return _place_of_event(payload)
    if payload.get("command"):
        return Place(
            str(payload.get("team_id", "")),
            str(payload.get("channel_id", "")),
            str(payload.get("user_id", "")),
            response_url=str(payload.get("response_url", "")),
        )
    return _place_of_action(payload)


def _place_of_event(payload: Payload) -> Place:
    event = _part(payload, "event")
    is_direct = event.get("channel_type") == "im"
    return Place(
        str(payload.get("team_id", "")),
        str(event.get("channel", "")),
        str(event.get("user", "")),
        thread=str(event.get("thread_ts") or ("" if is_direct else event.get("ts", ""))),
        outsiders=bool(payload.get("is_ext_shared_channel")),
    )


def _place_of_action(payload: Payload) -> Place:
    """A button of a message that only one person sees is answered to that person, any other in the thread it stands in; one of
    a modal or a home, which stand in no channel, to the person directly, and so is a form."""
    container, message, user = _part(payload, "container"), _part(payload, "message"), _part(payload, "user")
    channel = str(container.get("channel_id") or _part(payload, "channel").get("id") or user.get("id") or "")
    thread = str(container.get("thread_ts") or message.get("thread_ts") or "")
    if not thread and not channel.startswith(("D", "U", "W")):
        thread = str(container.get("message_ts") or message.get("ts") or "")
    team = _part(payload, "team").get("id") or user.get("team_id") or ""
    url = str(payload.get("response_url", "")) if container.get("is_ephemeral") else ""
    return Place(str(team), channel, str(user.get("id", "")), thread, url)


def _is_outsider(payload: Payload, workspace: str) -> bool:
    """Whether who did it is of another company than a workspace. In a channel that companies share, so is whoever is of none that
    Slack tells. Commands are only for members of the workspace that has them."""
    if payload.get("type") != "event_callback":
        # The team beside it is ours, whoever pressed.
        team = _part(payload, "user").get("team_id") or workspace
    elif payload.get("is_ext_shared_channel"):
        event = _part(payload, "event")
        # The team of a mention from elsewhere is ours; that of a message is the author's.
        team = event.get("user_team") or event.get("team")
    else:
        return False
    enterprises = _enterprises(payload)
    return enterprises.get(str(team), str(team)) != enterprises.get(workspace, workspace)


def _enterprises(payload: Payload) -> dict[str, str]:
    """The enterprises of workspaces, as far as a payload tells: the workspaces of one enterprise are one company."""
    told = payload.get("authorizations")
    some = [payload, *(told if isinstance(told, list) else ())]
    pairs = [(one.get("team_id"), one.get("enterprise_id")) for one in some if isinstance(one, Mapping)]
    team = _part(payload, "team")
    pairs += [
        (payload.get("context_team_id"), payload.get("context_enterprise_id")),
        (team.get("id"), team.get("enterprise_id")),
    ]
    return {str(workspace): str(enterprise) for workspace, enterprise in pairs if workspace and enterprise}


def private(payload: Payload, asked: Place) -> Place:
    """Where only the person who did it sees the reply, if there is such a place; else where it was asked."""
    return replace(asked, response_url=str(payload.get("response_url", "")))


def question(payload: Payload) -> str:
    """What was asked, as the person typed it. The text of an event comes escaped and with Slack's own markup, that of a command
    comes as it is. https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages"""
    if payload.get("command"):
        return _whole(str(payload.get("text", ""))).strip()
    return plain(_whole(str(_part(payload, "event").get("text", ""))))


def _whole(text: str) -> str:
    """Text that can be written down: halves of characters, which JSON can carry, are none."""
    return text.encode("utf-8", "replace").decode()


def plain(text: str) -> str:
    """The text of an event without markup: people's and groups' names taken out, channels and links by what is shown."""
    text = _MARKUP.sub(_shown, _QUOTED.sub("", text))
    for _ in range(_STYLES):
        text = _STYLE.sub(r"\2", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _shown(match: re.Match[str]) -> str:
    mark, value, label = match.groups()
    if mark == "@" or (mark == "!" and not value.startswith("date")):
        return " "
    if label and label in value and value.startswith(("http://", "https://")):
        # An address that Slack made a link of; whole, it is known for one.
        return value
    return label or (value if not mark else "")


def action(payload: Payload) -> tuple[str, str]:
    """The id and the value of the button that was pressed."""
    actions = payload.get("actions")
    pressed = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}
    return str(pressed.get("action_id", "")), str(pressed.get("value", ""))


def view(payload: Payload) -> Payload:
    """The modal or home that something was done in; empty for what was done elsewhere."""
    return _part(payload, "view")


def is_home(payload: Payload) -> bool:
    """Whether it was done in somebody's home."""
    return view(payload).get("type") == "home"


def metadata(payload: Payload) -> str:
    """What we gave a form along, to have it back."""
    return str(view(payload).get("private_metadata", ""))


def fields(payload: Payload) -> dict[str, Any]:
    """What was filled into a form, by the id of each field: text, the value or the conversation that was chosen, or files."""
    values = _part(_part(view(payload), "state"), "values")
    filled = (_part(values, block) for block in values)
    return {str(name): _filled(one) for block in filled for name, one in block.items() if isinstance(one, Mapping)}


def _filled(one: Payload) -> Any:
    files = one.get("files")
    if isinstance(files, list):
        return [file for file in files if isinstance(file, Mapping)]
    return str(one.get("value") or one.get("selected_conversation") or _part(one, "selected_option").get("value") or "")


def asker(payload: Payload) -> str:
    """The name by which Slack shows who did it, where the payload has one; else the id."""
    user = _part(payload, "user")
    return str(payload.get("user_name") or user.get("username") or user.get("name") or user.get("id") or "somebody")
