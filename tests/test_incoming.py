"""What Slack sends, read: whether it concerns us, where it was asked, what was said."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import incoming

WORDS = (
    "type event_callback event event_id trigger_id team_id channel channel_type im user ts text app_mention message "
    "actions block_actions container is_ephemeral thread_ts team id authorizations command subtype bot_id view "
    "app_home_opened tab home view_submission hash state values value files selected_option"
).split()
scalars = st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS) | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=20,
)
payloads = st.dictionaries(st.sampled_from(WORDS), anything, max_size=8)


@settings(max_examples=50, deadline=None)
@given(payload=payloads, kind=st.sampled_from(["event_callback", "block_actions", "view_submission", ""]))
def test_whatever_comes_is_read_or_left_alone(payload: dict[str, Any], kind: str) -> None:
    given = {**payload, "type": kind}
    concerns = incoming.read(given)
    assert concerns is None or (concerns.key and concerns.lane and concerns.kind)
    assert all(isinstance(team, str) for team in incoming.teams(given))


@settings(max_examples=50, deadline=None)
@given(payload=payloads, event=st.dictionaries(st.sampled_from(WORDS), anything))
def test_whatever_was_read_can_be_answered(payload: dict[str, Any], event: dict[str, Any]) -> None:
    given = {**payload, "type": "event_callback", "event": event}
    assert incoming.private(given, incoming.place(given)) is not None
    read = (incoming.place, incoming.question, incoming.action, incoming.asker, incoming.teams)
    for one in (*read, incoming.view, incoming.metadata, incoming.fields):
        assert one(given) is not None


@given(text=st.text(alphabet="<>&|@#!*_~` \nab;gtlamp()", max_size=60) | st.text())
def test_no_markup_is_too_odd_to_be_read(text: str) -> None:
    assert len(incoming.plain(text)) <= len(text)


@pytest.mark.parametrize("text", ["*a ", "<", "*", "<a|", "&gt;", "*_", "`a`", "<@U1>", "_ _"])
def test_a_message_as_long_as_slack_takes_is_read_in_no_time(text: str) -> None:
    began = time.process_time()
    incoming.plain((text * 40_000)[:40_000])
    assert time.process_time() - began < 2


@given(text=st.text(alphabet=st.characters(exclude_characters="*_~`\n", exclude_categories=["Cs", "Zs", "Cc"])))
def test_what_is_typed_without_marks_comes_out_as_it_was(text: str) -> None:
    wire = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert incoming.plain(f"<@UBOT> {wire}") == text.strip()


@pytest.mark.parametrize(
    ("wire", "typed"),
    [
        ("<@UBOT> is Hikvision listed?", "is Hikvision listed?"),
        ("is <@U2> Hikvision listed?", "is   Hikvision listed?"),
        ("<@UBOT|flagpost> Hikvision", "Hikvision"),
        ("<!here> <!channel> <!everyone> Hikvision", "Hikvision"),
        ("<!subteam^S1|@desk> Hikvision", "Hikvision"),
        ("<#C1|optics> Hikvision", "optics Hikvision"),
        ("<#C1> Hikvision", "Hikvision"),
        ("<https://hikvision.com|hikvision.com>", "https://hikvision.com"),
        ("<https://hikvision.com/?a=1&amp;b=2>", "https://hikvision.com/?a=1&b=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("since <!date^1392734382^{date}|2014-02-18>", "since 2014-02-18"),
        ("*is* _Hikvision_ ~listed~ `now`?", "is Hikvision listed now?"),
        ("*_Hikvision_*", "Hikvision"),
        ("```Hikvision```", "Hikvision"),
        ("&gt; is Hikvision listed?", "is Hikvision listed?"),
        ("&gt;&gt;&gt; is Hikvision listed?", "is Hikvision listed?"),
        ("Marks &amp; Spencer", "Marks & Spencer"),
        ("&lt;b&gt; &amp;amp; &amp;lt;", "<b> &amp; &lt;"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("  \n ", ""),
    ],
)
def test_slacks_markup_is_taken_back_to_what_was_typed(wire: str, typed: str) -> None:
    assert incoming.plain(wire) == typed


def test_the_text_of_a_command_is_as_it_was_typed() -> None:
    assert incoming.question({"command": "/exposure", "text": " a &amp; <b> *c* "}) == "a &amp; <b> *c*"


HOME = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1"}
FORM = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2.3"}


@pytest.mark.parametrize(("tab", "kind"), [("home", "home"), ("messages", None)])
def test_opening_the_home_concerns_us_and_opening_the_messages_does_not(tab: str, kind: str | None) -> None:
    event = {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": tab}
    concerns = incoming.read({**HOME, "event": event})
    assert (concerns.kind if concerns else None) == kind


def test_a_form_is_the_same_however_often_it_is_sent_off() -> None:
    view = {"id": "V1", "hash": "h1"}
    first = incoming.read({**FORM, "view": view})
    again = incoming.read({**FORM, "view": view, "trigger_id": "4.5.6"})
    other = incoming.read({**FORM, "view": {**view, "hash": "h2"}})
    assert first is not None
    assert again is not None
    assert other is not None
    assert (first.kind, first.key) == ("submission", again.key)
    assert first.key != other.key


def test_a_form_is_answered_to_whoever_sent_it_off() -> None:
    place = incoming.place({**FORM, "view": {"id": "V1", "hash": "h1"}})
    assert (place.workspace, place.channel, place.user, place.thread) == ("T1", "U1", "U1", "")


def test_what_was_filled_in_is_read_by_the_names_of_the_fields() -> None:
    file = {"id": "F1", "name": "clients.csv"}
    values = {
        "b1": {"what": {"type": "plain_text_input", "value": "Acme Optics"}},
        "b2": {"channel": {"type": "conversations_select", "selected_conversation": "C1"}},
        "b3": {"file": {"type": "file_input", "files": [file]}},
        "b4": {"days": {"type": "static_select", "selected_option": {"value": "0"}}},
        "b5": {"text": {"type": "plain_text_input", "value": None}},
    }
    filled = incoming.fields({**FORM, "view": {"state": {"values": values}}})
    assert filled == {"what": "Acme Optics", "channel": "C1", "file": [file], "days": "0", "text": ""}


GRID = {"team_id": "T1", "enterprise_id": "E1"}
"""Our workspace, in our enterprise."""


def spoken(*, shared: bool = True, authorized: object = None, **event: object) -> dict[str, Any]:
    told = {"type": "app_mention", "user": "U2", "channel": "C1", **event}
    return {**HOME, "is_ext_shared_channel": shared, "authorizations": [authorized or {"team_id": "T1"}], "event": told}


def pressed(team: str, **ours: str) -> dict[str, Any]:
    return {"type": "block_actions", "team": {"id": "T1", **ours}, "user": {"id": "U2", "team_id": team}}


@pytest.mark.parametrize(
    ("payload", "is_outsider"),
    [
        (spoken(team="T1"), False),
        (spoken(team="T1", user_team="T2"), True),
        (spoken(team="T1", user_team="E2"), True),
        (spoken(team="T2", user_team="T1", source_team="T2"), False),
        (spoken(team="T2"), True),
        (spoken(), True),
        (spoken(shared=False), False),
        (spoken(shared=False, team="T1", user_team="T2"), False),
        (spoken(team="T1", user_team="E1", authorized=GRID), False),
        (spoken(team="T2", user_team="E1", authorized=GRID), False),
        (spoken(team="T2", user_team="E2", authorized=GRID), True),
        ({**spoken(team="T3", authorized=GRID), "team_id": "T3", "enterprise_id": "E1"}, False),
        ({**spoken(team="T2", authorized=GRID), "context_team_id": "T2", "context_enterprise_id": "E2"}, True),
        (pressed("T1"), False),
        (pressed("T2"), True),
        (pressed("E1", enterprise_id="E1"), False),
        ({**FORM, "user": {"id": "U2", "team_id": "T2"}}, True),
        ({"command": "/exposure", "team_id": "T1", "user_id": "U1"}, False),
    ],
)
def test_who_is_of_another_company_is_known_by_the_teams_that_slack_tells(
    payload: dict[str, Any], is_outsider: bool
) -> None:
    assert incoming.place(payload, "T1").is_outsider == is_outsider
