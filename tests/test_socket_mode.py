"""Socket Mode: the same over a connection that the bot opens, which ends, breaks and is renewed."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import socketmode
from bot.errors import FlagpostError, Missing, Refused
from bot.socketmode import Connection
from tests.fakes import FakeSlack, Fault, Note
from tests.launching import Process
from tests.slackside import KNOWN, TWO, Bot, Log, locked


class Held:
    """A bot's connection, held by a thread until the test ends, or until it is lost."""

    def __init__(self, bot: Bot) -> None:
        self.bot, self.told = bot, threading.Event()
        self.connection = Connection(bot.running.doing.app, bot.running.office.settings)
        self.error: FlagpostError | None = None
        self.thread = threading.Thread(target=self._hold)

    def _hold(self) -> None:
        try:
            self.connection.hold(self.told)
        except FlagpostError as error:
            self.error = error

    def end(self) -> None:
        self.told.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


@pytest.fixture(scope="module", autouse=True)
def watchful() -> Iterator[None]:
    """Makes connections notice sooner that they are gone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socketmode, "LOOK", 0.05)
        patch.setattr(socketmode, "PING", 0.2)
        yield


@pytest.fixture(scope="module")
def connected(standing: Bot, watchful: None) -> Iterator[Held]:
    one = Held(standing)
    one.thread.start()
    standing.slack.wait_for(lambda: standing.slack.socket.connections)
    yield one
    one.end()


@pytest.fixture
def held(bot: Bot, connected: Held) -> Held:
    """The standing bot's connection, open."""
    bot.slack.wait_for(lambda: bot.slack.socket.connections)
    return connected


def told(bot: Bot, *notes: Note) -> list[str]:
    """What is new in Slack after each note was acknowledged with nothing more, and all is done."""
    before = len(bot.slack.messages)
    bot.asked += notes
    acks = [bot.slack.socket_send(note) for note in notes]
    assert [set(ack or ()) for ack in acks] == [{"envelope_id"}] * len(notes)
    bot.rest()
    return [
        f"{one.channel}{one.thread_ts and '/thread'}{one.ephemeral_to} {one.text}"
        for one in bot.slack.messages[before:]
    ]


ASKED: dict[str, Callable[[Bot], Note]] = {
    "C1/thread LISTED": lambda bot: bot.people.mention("C1", KNOWN),
    "C1U1 LISTED": lambda bot: bot.people.command(KNOWN),
    "D1 LISTED": lambda bot: bot.people.direct(KNOWN),
}


@pytest.mark.parametrize("begins", ASKED)
def test_what_is_asked_over_the_connection_is_answered_in_its_place(bot: Bot, held: Held, begins: str) -> None:
    note = ASKED[begins](bot)
    (reply,) = told(bot, note)
    assert reply.startswith(begins)
    assert told(bot, note, note) == []


def test_an_edited_mention_is_answered_once(bot: Bot, held: Held) -> None:
    note = bot.people.mention("C1", KNOWN)
    assert len(told(bot, note, bot.people.edited(note, TWO))) == 1


def test_buttons_work_over_the_connection(bot: Bot, held: Held) -> None:
    told(bot, bot.people.command(TWO))
    (asked,) = bot.slack.messages
    assert told(bot, bot.people.press(asked, "choose_0_2"), bot.people.press(asked, "sources")) == []
    assert (asked.text.startswith("LISTED"), len(bot.slack.views)) == (True, 1)
    (shared,) = told(bot, bot.people.press(asked, "share"))
    assert shared.startswith("C1 @u1 asked")


def test_what_comes_both_ways_is_answered_once(bot: Bot, held: Held) -> None:
    note = bot.people.direct(KNOWN)
    assert len(bot.tell(note)) == 1
    assert told(bot, note) == []


def test_nothing_is_acknowledged_before_it_is_kept(bot: Bot, held: Held) -> None:
    note = bot.people.mention("C1", KNOWN)
    with locked(bot.url), ThreadPoolExecutor() as pool:
        kept, told_so = pool.map(bot.slack.socket_send, (note, bot.people.command(KNOWN)))
    assert (kept, "cannot reach its database" in (told_so or {})["payload"]["text"]) == (None, True)
    assert len(told(bot, note)) == 1


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_a_connection_that_slack_ends_is_renewed(bot: Bot, held: Held, reason: str) -> None:
    bot.slack.disconnect(reason)
    bot.slack.wait_for(lambda: bot.slack.socket.connections)
    assert len(told(bot, bot.people.direct(KNOWN))) == 1


def test_a_connection_that_breaks_is_renewed(bot: Bot, held: Held) -> None:
    bot.slack.socket.cut()
    bot.slack.wait_for(lambda: bot.slack.socket_send(bot.people.direct(KNOWN), seconds=0.5), 20)
    bot.rest()
    assert "LISTED" in bot.slack.messages[0].text


def test_a_connection_that_cannot_be_renewed_ends_the_process(fresh_bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socketmode, "LOST", 0.2)
    one = Held(fresh_bot)
    one.thread.start()
    fresh_bot.slack.wait_for(lambda: fresh_bot.slack.socket.connections)
    fresh_bot.slack.next("apps.connections.open", Fault.error(500), times=100)
    fresh_bot.slack.socket.cut()
    one.thread.join(15)
    assert isinstance(one.error, Missing)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.refusal("invalid_auth"), Refused),
        (Fault.drop_before(), Missing),
        (Fault.error(500), Missing),
    ],
)
def test_a_connection_that_cannot_be_opened_ends_the_process(
    bot: Bot, log: Log, fault: Fault, error: type[FlagpostError]
) -> None:
    bot.slack.next("apps.connections.open", fault, times=3)
    told = threading.Event()
    told.set()
    with pytest.raises(error) as raised:
        Connection(bot.running.doing.app, bot.running.office.settings).hold(told)
    assert (raised.type, "flagpost" in log.text) == (error, False)


def test_a_wrong_app_token_is_one_line_and_3(launch: Callable[..., Process], quick_url: str) -> None:
    one = launch(quick_url, "socket", SLACK_APP_TOKEN="xapp-wrong")
    assert one.status() == 3
    assert [line for line in one.said.splitlines() if "INFO " not in line] == [
        "Slack does not take SLACK_APP_TOKEN: invalid_auth"
    ]


def test_a_signal_lets_the_answer_under_way_be_finished(
    launch: Callable[..., Process], slack: FakeSlack, quick_url: str
) -> None:
    one = launch(quick_url, "socket")
    slack.wait_for(lambda: slack.socket.connections, 20)
    slack.next("chat.postMessage", Fault(takes=True, wait=1))
    assert slack.socket_send(slack.people.direct(KNOWN)) is not None
    slack.wait_for(lambda: slack.messages)
    assert one.end() == 0
    assert slack.socket.connections == []
