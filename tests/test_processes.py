"""The bot as processes: killed at the worst moment, two at a time, ended by a signal, started without what it needs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import pytest

from bot import __main__ as cli
from bot.store.database import Database
from tests.fakes import FakeSlack, Fault, Note
from tests.fakes.wire import deliver
from tests.launching import Process
from tests.slackside import KNOWN, execute, get, rows

Launch = Callable[..., Process]

EVENTS = 40


def let_time_pass(url: str) -> None:
    """What a dead process held is free after some seconds, for which nobody wants to wait here."""
    with Database(url) as database:
        execute(database, "UPDATE inbox SET taken_until = received_at")
        execute(database, "UPDATE outbox SET taken_until = reserved_at")


def left(url: str) -> int:
    """How much is not done, or not sent."""
    with Database(url) as database:
        ((inbox,),) = rows(database, "SELECT count(*) FROM inbox WHERE done_at IS NULL")
        ((outbox,),) = rows(database, "SELECT count(*) FROM outbox WHERE settled_at IS NULL")
    return int(inbox) + int(outbox)


def work(slack: FakeSlack, url: str, monkeypatch: pytest.MonkeyPatch, now: datetime) -> int:
    """The exit status of `work --once` at a time, in this process."""
    for name, value in {"DATABASE_URL": url, "SLACK_BOT_TOKEN": slack.token, "SLACK_API_URL": slack.url}.items():
        monkeypatch.setenv(name, value)
    return cli.main(("work", "--once", "--now", now.isoformat()))


def killed_while_answering(launch: Launch, slack: FakeSlack, url: str) -> None:
    """Leaves three direct messages acknowledged and not settled; the answer to one of them is there all the same."""
    slack.next("chat.postMessage", Fault.hang(60, takes=False), times=2)
    slack.next("chat.postMessage", Fault.hang(60, takes=True))
    first = launch(url, "serve", "--no-clock").ready()
    slack.app_url = first.address
    notes = [slack.people.direct(KNOWN, user=user) for user in ("U1", "U2", "U3")]
    assert [slack.send(note).status for note in notes] == [200] * 3
    slack.wait_for(lambda: len([call for call in slack.calls if call.method == "chat.postMessage"]) == 3)
    first.kill()
    assert (len(slack.messages), left(url)) == (1, 3)


def test_what_a_killed_process_had_acknowledged_is_answered_once_by_the_next(
    launch: Launch, slack: FakeSlack, quick_url: str
) -> None:
    killed_while_answering(launch, slack, quick_url)
    let_time_pass(quick_url)
    launch(quick_url, "serve", "--no-clock")
    slack.wait_for(lambda: left(quick_url) == 0, 20)
    assert sorted(one.channel for one in slack.messages) == ["D1", "D2", "D3"]


def test_work_finishes_what_a_killed_process_left(
    launch: Launch, slack: FakeSlack, quick_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_while_answering(launch, slack, quick_url)
    assert work(slack, quick_url, monkeypatch, datetime.now(UTC)) == 0
    assert len(slack.messages) == 1
    assert work(slack, quick_url, monkeypatch, datetime.now(UTC) + timedelta(minutes=2)) == 0
    assert sorted(one.channel for one in slack.messages) == ["D1", "D2", "D3"]


def delivered(slack: FakeSlack, address: str, note: Note) -> int:
    """The last status of an event that is sent again, as Slack does, where the first was no 200."""
    first = deliver(address, slack.sign(note), 3).status
    return first if first == 200 else deliver(address, slack.sign(note, retry=1), 3).status


def test_two_processes_on_one_database_answer_each_message_once(launch: Launch, slack: FakeSlack, url: str) -> None:
    both = [launch(url, "serve"), launch(url, "serve")]
    addresses = [one.ready().address for one in both]
    notes = [slack.people.direct(KNOWN, user=f"U{n % 20}") for n in range(EVENTS)]

    def to_both(note: Note) -> list[int]:
        return [delivered(slack, address, note) for address in addresses]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(to_both, notes)) == [[200, 200]] * EVENTS
    slack.wait_for(lambda: left(url) == 0, 30)
    assert sorted(one.channel for one in slack.messages) == sorted(f"D{n % 20}" for n in range(EVENTS))
    assert [one.end() for one in both] == [0, 0]


def posted_raw(port: int, **headers: str) -> int:
    """The status of a request whose body is never sent."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.putrequest("POST", "/slack/events")
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(b"0\r\n\r\n" if "Transfer_Encoding" in headers else None)
        return connection.getresponse().status


def test_a_signal_lets_the_answer_under_way_be_finished(launch: Launch, slack: FakeSlack, quick_url: str) -> None:
    one = launch(quick_url, "serve").ready()
    slack.app_url = one.address
    assert (posted_raw(one.port, Content_Length="10000000"), posted_raw(one.port, Transfer_Encoding="chunked")) == (
        413,
        401,
    )
    slack.next("chat.postMessage", Fault(takes=True, wait=1.5))
    slack.send(slack.people.direct(KNOWN))
    slack.wait_for(lambda: slack.messages)
    assert (one.end(), left(quick_url), len(slack.messages)) == (0, 0, 1)
    assert get(one.port, "/healthz").status == 0


@pytest.mark.parametrize(
    ("arguments", "unset", "why"),
    [
        (("serve",), "SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN is not set"),
        (("serve",), "SLACK_SIGNING_SECRET", "SLACK_SIGNING_SECRET is not set"),
        (("socket",), "SLACK_APP_TOKEN", "SLACK_APP_TOKEN is not set"),
        (("serve",), "DATABASE_URL", "run: python -m bot init"),
        (("socket",), "DATABASE_URL", "run: python -m bot init"),
        (("work",), "DATABASE_URL", "run: python -m bot init"),
    ],
)
def test_what_it_needs_and_does_not_have_is_one_line_and_3(
    quick_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    unset: str,
    why: str,
) -> None:
    given = {
        "DATABASE_URL": quick_url,
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_SIGNING_SECRET": "s",
    }
    for name, value in {**given, unset: "sqlite:///none.db" if unset == "DATABASE_URL" else ""}.items():
        monkeypatch.setenv(name, value)
    assert cli.main(arguments) == 3
    out, err = capsys.readouterr()
    assert (out, why in err, err.count("\n")) == ("", True, 1)


def test_a_wrong_token_ends_what_serves(launch: Launch, quick_url: str) -> None:
    one = launch(quick_url, "serve", SLACK_BOT_TOKEN="xoxb-wrong")
    assert (one.status(), "Slack does not take SLACK_BOT_TOKEN: invalid_auth" in one.said) == (3, True)
    assert "Traceback" not in one.said
