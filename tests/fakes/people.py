"""What people do in Slack, as the payloads the app gets of it: the same for HTTP and for Socket Mode."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.fakes.messages import as_message
from tests.fakes.model import Json, Note, Posted, View
from tests.fakes.rules import objects
from tests.fakes.views import as_view, filled

if TYPE_CHECKING:
    from tests.fakes import FakeSlack


def escaped(text: str) -> str:
    """https://docs.slack.dev/messaging/formatting-message-text#escaping"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class People:
    """Makes notes; send them with `slack.send` or `slack.socket_send`. Text is what is typed, or with `wire` what comes."""

    def __init__(self, slack: "FakeSlack") -> None:
        self.slack = slack

    def event(self, event: Json, *, team: str = "", shared: bool = False) -> Note:
        """Any event in its envelope: https://docs.slack.dev/apis/events-api#callback-field"""
        team = team or self.slack.team
        installed = {"enterprise_id": None, "team_id": team, "user_id": self.slack.bot_user, "is_bot": True}
        payload = self._payload(
            type="event_callback",
            team_id=team,
            context_team_id=team,
            context_enterprise_id=None,
            event={"event_ts": self.slack.new_ts(), **event},
            event_id=self.slack.new_id("Ev"),
            event_time=int(time.time()),
            authorizations=[{**installed, "is_enterprise_install": False}],
            is_ext_shared_channel=shared,
            event_context=self.slack.new_id("4-"),
        )
        return Note("events_api", payload)

    def mention(self, channel: str, text: str, *, wire: bool = False, **more: Any) -> Note:
        """https://docs.slack.dev/reference/events/app_mention; with user, thread, team and shared as options."""
        whole = text if wire else f"<@{self.slack.bot_user}> {escaped(text)}"
        return self._says("app_mention", channel, whole, **more)

    def direct(self, text: str, *, user: str = "U1", wire: bool = False, **more: Any) -> Note:
        """https://docs.slack.dev/reference/events/message.im, in the channel of direct messages D1 for U1."""
        whole = text if wire else escaped(text)
        return self._says("message", f"D{user[1:]}", whole, user=user, kind={"channel_type": "im"}, **more)

    def bot_message(self, channel: str, text: str, **more: Any) -> Note:
        """A message of another app's: https://docs.slack.dev/reference/events/message/bot_message"""
        bot = {"bot_id": "BOTHER", "app_id": "AOTHER", "bot_profile": {"id": "BOTHER", "name": "other"}}
        kind = {**bot, "channel_type": "im" if channel.startswith("D") else "channel"}
        return self._says("message", channel, escaped(text), user="UOTHER", kind=kind, **more)

    def edited(self, note: Note, text: str, *, wire: bool = False) -> Note:
        """The same mention, edited: Slack sends it as a new event with the old ts."""
        old = note.payload["event"]
        whole = text if wire else f"<@{self.slack.bot_user}> {escaped(text)}"
        edited = {"user": old["user"], "ts": self.slack.new_ts()}
        return self._again(note, {**old, "text": whole, "edited": edited, "event_ts": edited["ts"]})

    def changed(self, note: Note, text: str) -> Note:
        """https://docs.slack.dev/reference/events/message/message_changed: what comes of an edited direct message."""
        old = {key: value for key, value in note.payload["event"].items() if key not in ("channel", "channel_type")}
        ts = self.slack.new_ts()
        new = {**old, "text": escaped(text), "edited": {"user": old["user"], "ts": ts}}
        where = {key: note.payload["event"][key] for key in ("channel", "channel_type")}
        what = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "message": new,
            "previous_message": old,
        }
        return self._again(note, {**what, **where, "ts": ts, "event_ts": ts})

    def opens_home(self, user: str = "U1", tab: str = "home") -> Note:
        """https://docs.slack.dev/reference/events/app_home_opened"""
        home = self.slack.home(user)
        seen = {"view": as_view(self.slack, home)} if home else {}
        return self.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": tab, **seen})

    def challenge(self, challenge: str = "3eZbrw1aB") -> Note:
        """https://docs.slack.dev/reference/events/url_verification"""
        return Note("events_api", {"token": "verification", "challenge": challenge, "type": "url_verification"})

    def command(
        self, text: str, *, command: str = "/exposure", channel: str = "C1", user: str = "U1", team: str = ""
    ) -> Note:
        """https://docs.slack.dev/interactivity/implementing-slash-commands; the text comes raw."""
        where = {"channel_id": channel, "channel_name": self.slack.channel_name(channel)}
        payload = {
            "token": "verification",
            "team_id": team or self.slack.team,
            "team_domain": self.slack.domain,
            **where,
            "user_id": user,
            "user_name": user.lower(),
            "command": command,
            "text": text,
            "api_app_id": self.slack.app_id,
            "is_enterprise_install": "false",
            "response_url": self.slack.response_url(channel, user),
            "trigger_id": self.slack.trigger(user),
        }
        return Note("slash_commands", payload)

    def press(self, where: Posted | View, action_id: str, value: str = "", *, user: str = "U1", team: str = "") -> Note:
        """Presses the button or takes the option that is there, the one with this value if there are several.

        https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
        """
        block_id, element = _found(where, action_id, value)
        known = {
            "type": element["type"],
            "action_id": action_id,
            "block_id": block_id,
            "action_ts": self.slack.new_ts(),
        }
        action = {**known, **_chosen(element, value)}
        return self._acts("block_actions", where, user, team, actions=[action], state={"values": {}})

    def submit(self, view: View, values: Json | None = None, *, user: str = "") -> Note:
        """`values` as {block_id: {action_id: {…}}}: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload"""
        seen = {**as_view(self.slack, view), "state": {"values": values or {}}}
        what = self._interaction("view_submission", user or view.user, view=view)
        return Note("interactive", {**what, "view": seen, "response_urls": []})

    def submits(self, view: View, files: Sequence[Json] = (), /, *, user: str = "", **typed: str) -> Note:
        """Fills in the fields of these names, with the files that the person uploaded, and sends the form off; what is left
        alone goes as the form came."""
        return self.submit(view, filled(view, typed, files), user=user)

    def _says(
        self,
        type: str,
        channel: str,
        text: str,
        *,
        user: str = "U1",
        thread: str = "",
        kind: Json | None = None,
        **more: Any,
    ) -> Note:
        ts = self.slack.user_says(channel, text, thread=thread, user=user)
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        blocks = [{"type": "rich_text", "block_id": self.slack.new_id("b"), "elements": [section]}]
        event = {
            "type": type,
            "user": user,
            "text": text,
            "ts": ts,
            "event_ts": ts,
            "channel": channel,
            "blocks": blocks,
        }
        event |= {"team": more.get("team") or self.slack.team, "client_msg_id": self.slack.new_id("")}
        return self.event({**event, **({"thread_ts": thread} if thread else {}), **(kind or {})}, **more)

    def _again(self, note: Note, event: Json) -> Note:
        old = note.payload
        return self.event(event, team=old["team_id"], shared=old["is_ext_shared_channel"])

    def _acts(self, type: str, where: Posted | View, user: str, team: str = "", **more: Any) -> Note:
        if isinstance(where, View):
            place: Json = {"container": {"type": "view", "view_id": where.id}, "view": as_view(self.slack, where)}
        else:
            place = self._place(where, user)
        view = where if isinstance(where, View) else None
        return Note("interactive", {**self._interaction(type, user, view=view, team=team), **place, **more})

    def _place(self, posted: Posted, user: str) -> Json:
        """Where a message is that was acted on; what nobody else sees is not sent along."""
        url = self.slack.response_url(posted.channel, user, source=posted, by_action=True)
        container: Json = {"type": "message", "message_ts": posted.ts, "channel_id": posted.channel}
        container |= {"is_ephemeral": bool(posted.ephemeral_to)} | (
            {"thread_ts": posted.thread_ts} if posted.thread_ts else {}
        )
        channel = {"id": posted.channel, "name": self.slack.channel_name(posted.channel)}
        seen = {} if posted.ephemeral_to else {"message": as_message(self.slack, posted)}
        return {"container": container, "channel": channel, "response_url": url, **seen}

    def _interaction(self, type: str, user: str, *, view: View | None = None, team: str = "") -> Json:
        team = team or self.slack.team
        return self._payload(
            type=type,
            team={"id": team, "domain": self.slack.domain},
            user={"id": user, "username": user.lower(), "name": user.lower(), "team_id": team},
            enterprise=None,
            is_enterprise_install=False,
            trigger_id=self.slack.trigger(user, view),
        )

    def _payload(self, **payload: Any) -> Json:
        return {"token": "verification", "api_app_id": self.slack.app_id, **payload}


def _found(where: Posted | View, action_id: str, value: str = "") -> tuple[str, Json]:
    """The element that is acted on and the id of its block, which Slack gives where the app did not."""
    blocks = where.blocks if isinstance(where, Posted) else where.content["blocks"]
    for place, block in enumerate(blocks):
        for element in objects(block):
            if element.get("action_id") == action_id and _offers(element, value):
                return block.get("block_id", f"b{place}"), element
    raise AssertionError(f"nothing to act on is called {action_id!r} {value!r} in {blocks}")


def _offers(element: Json, value: str) -> bool:
    """Whether a value can be chosen of an element; anything can where the app is asked for the options."""
    offered = [element.get("value"), *(option["value"] for option in element.get("options", []))]
    return value == "" or value in offered or element["type"] == "external_select"


def _chosen(element: Json, value: str) -> Json:
    if element["type"] == "button":
        return {"text": element["text"], "value": element.get("value", "")}
    asked = {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
    options = [option for option in element.get("options", []) if value in ("", option["value"])]
    return {"selected_option": options[0] if options else asked}
