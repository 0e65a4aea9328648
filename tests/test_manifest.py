"""What manifest.json asks Slack for is what the code needs and listens to."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from slack_bolt import App

from bot import incoming
from bot.office import Office
from bot.slack import OPTIONAL, SCOPES
from bot.watchexport import WRITE
from bot.watchforms import READ
from handlers import HANDLERS

MANIFEST: dict[str, Any] = json.loads((Path(__file__).parent.parent / "manifest.json").read_text("utf-8"))
EVENTS = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
PATH = "/slack/events"

NEEDED = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
}
"""https://docs.slack.dev/reference/events: the scope that each event needs, if any."""


class Registering:
    """Stands where the Bolt app does, and notes what handlers listen to."""

    def __init__(self) -> None:
        self.listens: dict[str, set[Any]] = {kind: set() for kind in ("event", "command", "action", "view")}
        for handler in HANDLERS:
            handler.register(cast(App, self), cast(Office, None))

    def __getattr__(self, kind: str) -> Any:
        def listen(to: Any, matchers: Any = ()) -> Any:
            self.listens[kind].add(to)
            return lambda listener: listener

        return listen


def event(name: str) -> dict[str, Any]:
    kind, _, channel = name.partition(".")
    said = {
        "type": kind,
        "channel": "C1",
        "user": "U1",
        "text": "is Hikvision flagged?",
        "ts": "1.000001",
        "tab": "home",
    }
    return {"type": "event_callback", "team_id": "T1", "event_id": "E1", "event": {**said, "channel_type": channel}}


def test_the_scopes_are_those_that_doctor_looks_for() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == SCOPES | set(OPTIONAL)


def test_what_may_be_refused_is_asked_for_too_as_slack_wants_it() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) == set(OPTIONAL) <= set(scopes["bot"])
    assert {READ, WRITE} < set(OPTIONAL)


def test_each_event_has_its_scope_and_no_scope_is_asked_for_in_vain() -> None:
    assert {NEEDED[name] for name in EVENTS} - {""} | {"commands", "chat:write"} == SCOPES


def test_handlers_listen_to_just_what_is_subscribed_to() -> None:
    listens = Registering().listens
    assert listens["event"] == {name.partition(".")[0] for name in EVENTS}
    assert listens["command"] == {one["command"] for one in MANIFEST["features"]["slash_commands"]}
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] == bool(listens["action"] | listens["view"])
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] == ("app_home_opened" in listens["event"])


@pytest.mark.parametrize("name", EVENTS)
def test_each_subscribed_event_is_read(name: str) -> None:
    assert incoming.read(event(name)) is not None


def test_everything_comes_to_one_address() -> None:
    settings = MANIFEST["settings"]
    addresses = [settings[one]["request_url"] for one in ("event_subscriptions", "interactivity")]
    assert all(url.endswith(PATH) for url in (*addresses, MANIFEST["features"]["slash_commands"][0]["url"]))


def test_people_may_write_to_the_bot_directly() -> None:
    home = MANIFEST["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_texts_keep_within_slacks_limits() -> None:
    shown = MANIFEST["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
