"""The door over HTTP: what is let in, what is kept, and what a process tells of itself."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import web
from bot.errors import Missing
from bot.reply import Words
from tests import slackside
from tests.conftest import NOW
from tests.fakes import FakeSlack, Note
from tests.slackside import KNOWN, Bot

DAYS_AGO = 86_400.0


@pytest.mark.parametrize(
    "odd",
    [
        {"forged": True},
        {"age": 301},
        {"age": -301},
        {"age": 10 * DAYS_AGO},
        {"timestamp": "noon"},
        {"timestamp": "1e9"},
        {"timestamp": "-1"},
        {"timestamp": "179547533\xb2"},
        {"timestamp": "9" * 400},
        {"timestamp": "nan"},
        {"timestamp": " "},
    ],
)
def test_what_is_not_signed_by_slack_just_now_is_refused_and_not_kept(bot: Bot, odd: dict[str, object]) -> None:
    note = bot.people.mention("C1", KNOWN)
    answer = bot.slack.send(note, **odd)  # type: ignore[arg-type]
    assert (answer.status, bot.rows("SELECT * FROM inbox")) == (401, [])


def test_without_a_secret_nothing_is_served(
    monkeypatch: pytest.MonkeyPatch, quick_url: str, log: slackside.Log
) -> None:
    monkeypatch.setenv("DATABASE_URL", quick_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-test")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "")
    with pytest.raises(SystemExit) as ended:
        web.create()
    assert (ended.value.code, "SLACK_SIGNING_SECRET is not set" in log.text) == (3, True)


@pytest.mark.parametrize("age", [0, 60, 290])
def test_what_was_signed_within_five_minutes_is_let_in(bot: Bot, age: float) -> None:
    assert len(bot.tell(bot.people.mention("C1", KNOWN), age=age)) == 1


@pytest.mark.parametrize("missing", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
def test_what_lacks_a_header_is_refused(bot: Bot, missing: str) -> None:
    request = bot.slack.sign(bot.people.mention("C1", KNOWN))
    del request.headers[missing]
    assert bot.slack.deliver(request).status == 401


@pytest.mark.parametrize("signature", ["", "v0=", "v0=é", "v1=" + "0" * 64, "\x7f"])
def test_any_other_signature_is_refused(bot: Bot, signature: str) -> None:
    request = bot.slack.sign(bot.people.mention("C1", KNOWN))
    request.headers["X-Slack-Signature"] = signature
    assert bot.slack.deliver(request).status == 401


def test_a_signature_fits_its_own_body_alone(bot: Bot) -> None:
    request = bot.slack.sign(bot.people.mention("C1", KNOWN))
    changed = replace(request, body=request.body.replace(b"Dalian", b"Xalian"))
    assert bot.slack.deliver(changed).status == 401


def test_the_same_signed_request_again_is_let_in_and_done_once(bot: Bot) -> None:
    request = bot.slack.sign(bot.people.mention("C1", KNOWN))
    assert [bot.slack.deliver(request).status for _ in range(3)] == [200] * 3
    bot.rest()
    assert len(bot.slack.messages) == 1


def test_a_refusal_does_not_log_what_was_in_the_request(bot: Bot, log: slackside.Log) -> None:
    note = bot.people.command("is Secret Target Ltd flagged?")
    bot.asked.append(note)
    bot.slack.send(note, forged=True)
    bot.slack.send(note, timestamp="noon")
    assert log.text.count("a request without a valid signature was refused") == 2


def test_slack_verifies_the_address(bot: Bot) -> None:
    answer = bot.slack.send(bot.people.challenge("what?"))
    assert (answer.status, "what?" in answer.body) == (200, True)
    assert bot.slack.send(bot.people.challenge("what?"), forged=True).status == 401


def test_slack_checks_the_certificate(bot: Bot) -> None:
    assert bot.tell(Note("slash_commands", {"ssl_check": "1", "token": "verification"})) == []


def message(bot: Bot, **event: str) -> Note:
    known = {"type": "message", "channel_type": "im", "channel": "D1", "ts": "1.2", "user": "U1", "text": KNOWN}
    return bot.people.event({**known, **event})


IGNORED: dict[str, Callable[[Bot], Note]] = {
    "an edited direct message": lambda bot: bot.people.changed(bot.people.direct("is iRay listed?"), KNOWN),
    "another bot": lambda bot: bot.people.bot_message("D1", KNOWN),
    "another bot's mention": lambda bot: bot.people.mention("C1", KNOWN, kind={"bot_id": "BOTHER"}),
    "the bot itself": lambda bot: message(bot, user="UBOT", bot_id="BBOT"),
    "a deleted message": lambda bot: message(bot, subtype="message_deleted"),
    "a message in a channel": lambda bot: message(bot, channel_type="channel", channel="C1"),
    "a message in a group": lambda bot: message(bot, channel_type="mpim"),
    "somebody joining": lambda bot: bot.people.event({"type": "member_joined_channel", "user": "U1", "channel": "C1"}),
    "an unknown event": lambda bot: bot.people.event({"type": "invented_tomorrow", "what": [1, {"x": None}]}),
    "no event at all": lambda bot: Note("events_api", {"type": "event_callback", "team_id": "T1", "event_id": "Ev1"}),
    "an app that is rate limited": lambda bot: Note("events_api", {"type": "app_rate_limited", "team_id": "T1"}),
    "an unknown interaction": lambda bot: Note("interactive", {"type": "invented", "team": {"id": "T1"}}),
    "nothing": lambda bot: Note("events_api", {}),
}


@pytest.mark.parametrize("what", IGNORED)
def test_what_is_not_for_us_is_acknowledged_and_not_answered(bot: Bot, what: str) -> None:
    assert bot.tell(IGNORED[what](bot)) == []
    assert bot.rows("SELECT * FROM inbox") == []


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_what_a_person_says_with_more_to_it_is_answered(bot: Bot, subtype: str) -> None:
    (reply,) = bot.tell(message(bot, subtype=subtype))
    assert reply.text.startswith("LISTED")


def test_what_only_looks_like_the_bot_itself_is_done_with_at_once(bot: Bot) -> None:
    assert bot.tell(bot.people.direct(KNOWN, user="UBOT")) == []


def test_another_workspace_gets_nothing(bot: Bot) -> None:
    foreign = [
        bot.people.mention("C1", KNOWN, team="T2"),
        bot.people.direct(KNOWN, team="T2"),
        bot.people.command(KNOWN, team="T2"),
        bot.people.press(bot.mention(KNOWN), "sources", team="T2"),
    ]
    assert bot.tell(*foreign) == []
    assert bot.slack.views == []
    assert bot.rows("SELECT DISTINCT payload FROM inbox") == [(None,)]


@pytest.mark.parametrize("kind", ["command", "action"])
def test_what_nobody_listens_to_is_done_with_at_once(bot: Bot, kind: str) -> None:
    unknown = bot.people.press(bot.mention(KNOWN), "sources")
    unknown.payload["actions"][0]["action_id"] = "invented"
    notes = {"command": bot.people.command(KNOWN, command="/another"), "action": unknown}
    assert bot.tell(notes[kind]) == []


def refused_by_length(port: int, length: str) -> int:
    """The status of a request of that length, by its own word, that sends nothing of it."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.putrequest("POST", "/slack/events")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        return connection.getresponse().status


@pytest.mark.parametrize("length", ["1000001", "10000000", "9" * 30, "many", "-1"])
def test_what_is_too_long_is_refused_unread(bot: Bot, length: str) -> None:
    assert refused_by_length(bot.server.server_port, length) == 413


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"{", b"[]", b"payload={", b"payload=[1]", b'{"event": 1}', b"null"]
)
def test_garbage_is_refused_without_a_word(bot: Bot, body: bytes, kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    request = bot.slack.sign(bot.people.challenge(), forged=True)
    for headers in ({"Content-Type": kind}, {**request.headers, "Content-Type": kind}):
        assert bot.slack.deliver(replace(request, body=body, headers=headers)).status == 401
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("odd", [{"event": 1}, {"type": "event_callback", "event": [], "event_id": 1}, {"team": "T1"}])
def test_what_slack_never_sends_is_acknowledged_all_the_same(bot: Bot, odd: dict[str, object]) -> None:
    assert bot.tell(Note("events_api", odd)) == []


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/healthz", "GET", 200),
        ("/healthz", "HEAD", 200),
        ("/readyz", "GET", 200),
        ("/metrics", "GET", 200),
        ("/metrics", "HEAD", 200),
        ("/", "GET", 404),
        ("/slack/events/x", "POST", 404),
        ("/healthz", "POST", 404),
        ("/slack/install", "GET", 404),
        ("/../etc/passwd", "GET", 404),
    ],
)
def test_each_path_has_its_status(bot: Bot, path: str, method: str, status: int) -> None:
    assert bot.get(path, method).status == status


def samples(bot: Bot) -> dict[str, float]:
    """What is scraped: name and labels → figure."""
    families = text_string_to_metric_families(bot.get("/metrics").body)
    return {"/".join([one.name, *one.labels.values()]): one.value for family in families for one in family.samples}


def test_figures_can_be_scraped_and_count_what_happened(fresh_bot: Bot) -> None:
    note = fresh_bot.people.mention("C1", KNOWN)
    fresh_bot.tell(note, note, fresh_bot.people.command(KNOWN))
    fresh_bot.slack.send(note, forged=True)
    found = samples(fresh_bot)
    assert (found["flagpost_accepted_total/mention"], found["flagpost_accepted_total/command"]) == (1, 1)
    assert (found["flagpost_repeated_total/mention"], found["flagpost_refused_total"]) == (1, 1)
    assert (found["flagpost_reply_seconds_count"], found["flagpost_acknowledge_seconds_count"]) == (2, 3)
    assert (found["flagpost_open/inbox"], found["flagpost_open/outbox"]) == (0, 0)


def test_a_database_that_is_not_there_is_not_ready(slack: FakeSlack, phrases: Words) -> None:
    gone = "postgresql+psycopg://nobody:hunter2@127.0.0.1:1/none"
    with Bot(slack, gone, NOW, phrases, loops=False) as bot:
        answer = bot.get("/readyz")
        assert (answer.status, "hunter2" in answer.body) == (503, False)
        assert (bot.get("/healthz").status, bot.get("/metrics").status) == (200, 200)


def test_a_database_that_was_never_set_up_is_not_ready(slack: FakeSlack, empty_url: str, phrases: Words) -> None:
    with Bot(slack, empty_url, NOW, phrases, loops=False) as bot:
        assert bot.get("/readyz").status == 503
        with pytest.raises(Missing, match="run: python -m bot init"):
            bot.running.start()


def test_a_signed_question_in_any_characters_is_answered(each_bot: Bot) -> None:
    for text in ("nul \x00 in the middle", "half \ud83d a pair", "\u202eright to left", "🙂" * 500, "\n\n\n"):
        assert each_bot.direct(text).text
