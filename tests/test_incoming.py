"""What Slack sends, read: whether it concerns us, where it was asked, what was said."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import incoming

WORDS = (
    "type event_callback event event_id trigger_id team_id channel channel_type im user ts text app_mention message "
    "actions block_actions container is_ephemeral thread_ts team id authorizations command subtype bot_id view"
).split()
scalars = st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS) | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=20,
)
payloads = st.dictionaries(st.sampled_from(WORDS), anything, max_size=8)


@settings(max_examples=50, deadline=None)
@given(payload=payloads, kind=st.sampled_from(["event_callback", "block_actions", ""]))
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
    for read in (incoming.place, incoming.question, incoming.action, incoming.asker, incoming.teams):
        assert read(given) is not None


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
