"""Modals and homes as Slack keeps them. https://docs.slack.dev/surfaces/modals"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.fakes import rules
from tests.fakes.model import Json, Refused, View

if TYPE_CHECKING:
    from tests.fakes import FakeSlack

DEEP = 3

TYPED = 3000
"""Characters that a field takes, unless the form says fewer."""

HOLDS = {"plain_text_input": "value", "conversations_select": "selected_conversation", "file_input": "files"}
"""What the state calls that which a field holds, by its kind."""


def open_view(slack: "FakeSlack", args: Json) -> Json:
    content = rules.view(args.get("view"), "modal")
    trigger = slack.exchange(str(args.get("trigger_id") or ""))
    return _shown(slack, slack.show(trigger.user, content))


def push_view(slack: "FakeSlack", args: Json) -> Json:
    content = rules.view(args.get("view"), "modal")
    trigger = slack.exchange(str(args.get("trigger_id") or ""))
    if trigger.view is None:
        raise Refused("not_found")
    return _shown(slack, stacked(slack, trigger.view, content))


def stacked(slack: "FakeSlack", below: View, content: Json) -> View:
    if sum(view.is_open and view.root_id == below.root_id for view in slack.views) >= DEEP:
        raise Refused("push_limit_reached")
    return slack.show(below.user, content, below)


def update_view(slack: "FakeSlack", args: Json) -> Json:
    content = rules.view(args.get("view"), "modal")
    wanted = (args.get("view_id"), args.get("external_id"))
    for view in slack.views:
        if view.is_open and (view.id == wanted[0] or (wanted[1] and view.content.get("external_id") == wanted[1])):
            return _shown(slack, changed(slack, view, content, args))
    raise Refused("not_found")


def publish_view(slack: "FakeSlack", args: Json) -> Json:
    content, user = rules.view(args.get("view"), "home"), str(args.get("user_id") or "")
    if not user.startswith(("U", "W")):
        raise Refused("user_not_found")
    home = slack.home(user)
    return _shown(slack, changed(slack, home, content, args) if home else slack.show(user, content))


def changed(slack: "FakeSlack", view: View, content: Json, args: Json) -> View:
    if args.get("hash") and args["hash"] != view.hash:
        raise Refused("hash_conflict")
    view.content, view.hash = content, slack.new_id("hash")
    slack.complain(rules.complaints("-", content["blocks"]))
    return view


def _shown(slack: "FakeSlack", view: View) -> Json:
    return {"view": as_view(slack, view)}


def as_view(slack: "FakeSlack", view: View) -> Json:
    """A view as Slack tells of it: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
    empty = {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "submit": None, "close": None}
    where = {"root_view_id": view.root_id, "previous_view_id": view.previous_id or None, "hash": view.hash}
    whose = {"team_id": slack.team, "app_id": slack.app_id, "bot_id": slack.bot_id, "app_installed_team_id": slack.team}
    return {**empty, "state": {"values": {}}, **view.content, "id": view.id, **where, **whose}


def filled(view: View, typed: Mapping[str, str], files: Sequence[Json] = ()) -> Json:
    """The state of a form's fields once these were typed or chosen, by the `action_id` of each.

    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission_fields
    """
    inputs = [block for block in view.content["blocks"] if block["type"] == "input"]
    unknown = set(typed) - {block["element"]["action_id"] for block in inputs}
    assert not unknown, f"the form has no fields {unknown}"
    return {block["block_id"]: {block["element"]["action_id"]: _value(block, typed, files)} for block in inputs}


def _value(block: Json, typed: Mapping[str, str], files: Sequence[Json]) -> Json:
    """What a field holds, and that it is not empty where it must not be: Slack lets nobody send that off."""
    element = block["element"]
    kind, given = element["type"], typed.get(element["action_id"], "")
    if kind == "file_input":
        held: Any = list(files)
    elif kind == "plain_text_input":
        held = given or element.get("initial_value")
        assert len(held or "") <= element.get("max_length", TYPED), "more than the field takes"
    elif kind == "conversations_select":
        held = given or element.get("initial_conversation")
    else:
        held = next((one for one in element["options"] if one["value"] == given), element.get("initial_option"))
    assert held or block.get("optional"), f"{element['action_id']} must be filled in"
    return {"type": kind, HOLDS.get(kind, "selected_option"): held}


def submitted(slack: "FakeSlack", view: View, answer: Json) -> None:
    """https://docs.slack.dev/surfaces/modals#response_actions"""
    action = answer.get("response_action", "")
    if action == "update":
        changed(slack, view, rules.view(answer["view"], "modal"), {})
    elif action == "push":
        stacked(slack, view, rules.view(answer["view"], "modal"))
    elif action != "errors":
        for one in slack.views:
            one.is_open &= one is not view and (action != "clear" or one.root_id != view.root_id)
