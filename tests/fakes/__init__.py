"""The one stand-in for Slack, at the wire: a local server that plays Slack's Web API and refuses what Slack refuses, and
the people whose doings Slack tells the app.

    with FakeSlack(app_url="http://127.0.0.1:3000") as slack:
        client = WebClient("xoxb-test", base_url=slack.url)
        slack.next("chat.postMessage", Fault.rate_limited(2))
        assert slack.send(slack.people.mention("C1", "is DMTG flagged?")).status == 200
        slack.wait_for(lambda: slack.in_channel("C1"))
        assert slack.complaints == []
"""

import json
import secrets
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self, TypeVar

from tests.fakes import files, responses, rules
from tests.fakes.model import (
    Answer,
    Call,
    Channel,
    Fault,
    File,
    Json,
    Note,
    Posted,
    Refused,
    Request,
    ResponseUrl,
    Trigger,
    View,
)
from tests.fakes.pace import RateLimits
from tests.fakes.people import People
from tests.fakes.socket_mode import SocketServer
from tests.fakes.wire import Server, deliver, signed

__all__ = ["Answer", "Call", "FakeSlack", "Fault", "Note", "Posted", "Request", "View"]

SCOPES = ("commands", "app_mentions:read", "chat:write", "im:history")
ACKNOWLEDGE = 3.0
TRIGGER = 3.0
Found = TypeVar("Found")


class FakeSlack:
    """A workspace with one app in it. What it keeps is there to be asserted on:

    messages, said: what the app posted, and people; views: what was opened; calls: each call with how it ended;
    complaints: what Slack takes and we do not want, and what went wrong in the fake: tests assert that there is none.

    And to be set at any time: scopes, token, token_error ("token_revoked"), pace (messages per second and channel, None
    for as many as come) and burst, budget (the same for the workspace as a whole), app_url, ahead (seconds by which Slack's
    clock is in the future), processing (seconds until a file that was uploaded can stand in a message), weather (what goes
    wrong with calls for which nothing is scripted).
    """

    def __init__(
        self,
        *,
        token: str = "xoxb-test",
        app_token: str = "xapp-test",
        signing_secret: str = "secret",
        team: str = "T1",
        team_name: str = "Test",
        bot_user: str = "UBOT",
        bot_id: str = "BBOT",
        app_id: str = "A1",
        scopes: Iterable[str] = SCOPES,
        channels: Iterable[str] = ("C1",),
        pace: float | None = 1.0,
        burst: float = 4,
        budget: float | None = None,
        app_url: str = "",
    ) -> None:
        self.token, self.app_token, self.signing_secret = token, app_token, signing_secret
        self.team, self.team_name, self.domain = team, team_name, team_name.lower()
        self.bot_user, self.bot_id, self.app_id = bot_user, bot_id, app_id
        self.scopes, self.token_error, self.app_url = tuple(scopes), "", app_url
        self.pace, self.burst, self.budget, self.ahead, self.processing = pace, burst, budget, 0.0, 0.0
        self.weather: Callable[[str], Fault] = lambda method: Fault(takes=True)
        self.channels = {id: Channel() for id in channels}
        self.messages: list[Posted] = []
        self.said: list[Posted] = []
        self.views: list[View] = []
        self.files: dict[str, File] = {}
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.response_urls: dict[str, ResponseUrl] = {}
        self.people = People(self)
        self.lock, self.closing = threading.RLock(), threading.Event()
        self._found: dict[tuple[str, str], Posted] = {}
        self._triggers: dict[str, Trigger] = {}
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.limits = RateLimits()
        self._last_ts = 0

    def __enter__(self) -> Self:
        server, socket = Server(self), SocketServer(self.app_id)
        server.thread.start()
        socket.thread.start()
        self.listen(server, socket)
        return self

    def listen(self, server: Server, socket: SocketServer) -> None:
        """Is called from there on, and sends through these sockets."""
        self.server, self.socket = server, socket
        self.root = f"http://127.0.0.1:{server.server_port}"
        self.url = f"{self.root}/api/"

    def of(self, address: str, token: str) -> Self:
        """The workspace that a call is for: this one."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.socket.close()
        self.server.close()

    # What goes on in the workspace

    def invite(self, channel: str) -> None:
        """Brings the bot into a channel, which is made if need be."""
        self.channels.setdefault(channel, Channel()).has_bot = True

    def remove(self, channel: str) -> None:
        """Takes the bot out of a channel, which is made if need be."""
        self.channels.setdefault(channel, Channel()).has_bot = False

    def archive(self, channel: str, *, back: bool = False) -> None:
        """Archives a channel, which is made if need be, or brings it back."""
        self.channels.setdefault(channel, Channel()).is_archived = not back

    def upload(self, name: str, data: bytes, user: str = "U1") -> Json:
        """A file that a person uploads, as it stands in the event that tells of it."""
        return files.people_upload(self, name, data, user)

    def user_says(self, channel: str, text: str, thread: str = "", user: str = "U1") -> str:
        """Puts a person's message into a channel, without telling the app; says its ts."""
        self.channels.setdefault(channel, Channel())
        return self.add(Posted(channel, self.new_ts(), text, "user", thread, user=user)).ts

    def response_url(self, channel: str, user: str, *, source: Posted | None = None, by_action: bool = False) -> str:
        """A new response_url, for a command or for an action on a message."""
        path = f"/{'actions' if by_action else 'commands'}/{self.team}/{self.new_id('')}"
        self.response_urls[path] = ResponseUrl(channel, user, self.now(), source, by_action)
        return self.root + path

    def trigger(self, user: str, view: View | None = None) -> str:
        """A new trigger_id, which a view can be opened with."""
        id = f"{secrets.randbelow(10**9)}.{secrets.randbelow(10**9)}.{self.new_id('')}"
        self._triggers[id] = Trigger(user, self.now(), view)
        return id

    # What goes wrong

    def next(self, method: str, fault: Fault, times: int = 1) -> None:
        """Has the next calls of a method go wrong; "response_url" stands for all posts to those."""
        self._faults[method].extend([fault] * times)

    def heal(self) -> None:
        """Forgets what should have gone wrong."""
        self._faults.clear()

    # What Slack tells the app

    def sign(self, note: Note, *, forged: bool = False, age: float = 0, timestamp: str = "", retry: int = 0) -> Request:
        """A note as a request, to be delivered as often as one likes; or a forged, old, malformed or repeated one."""
        secret = "forged" if forged else self.signing_secret
        return signed(secret, note, timestamp or str(int(time.time() - age)), retry)

    def deliver(self, request: Request, *, seconds: float = ACKNOWLEDGE) -> Answer:
        """Posts a request to the app at `app_url`."""
        answer = deliver(self.app_url, request, seconds)
        if answer.status == 200:
            self._acknowledged(request.note, answer.body)
        return answer

    def send(self, note: Note, *, forged: bool = False, age: float = 0, timestamp: str = "", retry: int = 0) -> Answer:
        """Signs a note and posts it to the app."""
        return self.deliver(self.sign(note, forged=forged, age=age, timestamp=timestamp, retry=retry))

    def socket_send(self, note: Note, *, retry_attempt: int = 0, seconds: float = ACKNOWLEDGE) -> Json | None:
        """Sends a note through one of the app's sockets, and says what it acknowledged with, None for nothing."""
        ack = self.socket.send(note, retry_attempt, seconds)
        if ack is not None:
            self._acknowledged(note, json.dumps(ack.get("payload") or {}))
        return ack

    def disconnect(self, reason: str = "refresh_requested") -> None:
        self.socket.disconnect(reason)

    def _acknowledged(self, note: Note, body: str) -> None:
        answer = json.loads(body) if body.startswith("{") else {"text": body} if body else {}
        with self.lock:
            responses.acknowledged(self, note, answer)

    # What is to be asserted

    def in_channel(self, channel: str, user: str = "") -> list[Posted]:
        """What the app posted that everybody sees there, and with `user` what only they see."""
        with self.lock:
            here = [one for one in self.messages if one.channel == channel and not one.deleted]
        return [one for one in here if one.ephemeral_to in ("", user)]

    def wait_for(self, condition: Callable[[], Found], seconds: float = 10) -> Found:
        """Waits until a condition holds, and gives what it gave."""
        until = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > until:
                raise AssertionError(f"not within {seconds} s; calls: {self.calls[-5:]}, complaints: {self.complaints}")
            time.sleep(0.01)
        return found

    # What the methods need

    def now(self) -> float:
        return time.time() + self.ahead

    def new_id(self, kind: str) -> str:
        return f"{kind}{secrets.token_hex(5).upper()}"

    def new_ts(self) -> str:
        with self.lock:
            self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def fault(self, method: str) -> Fault:
        with self.lock:
            return self._faults[method].popleft() if self._faults[method] else self.weather(method)

    def channel(self, id: str) -> Channel:
        if id.startswith("D"):
            return self.channels.setdefault(id, Channel())
        if id not in self.channels:
            raise Refused("channel_not_found")
        return self.channels[id]

    def channel_name(self, id: str) -> str:
        return "directmessage" if id.startswith("D") else f"channel-{id.lower()}"

    def spend(self, channel: str) -> None:
        """https://docs.slack.dev/apis/web-api/rate-limits: one message per second and channel, with short bursts."""
        whole = ("", self.budget, max(self.burst, self.budget or 0))
        self.limits.spend(self.now(), (channel, self.pace, self.burst), whole)

    def add(self, posted: Posted) -> Posted:
        with self.lock:
            (self.said if posted.via == "user" else self.messages).append(posted)
            self._found[posted.channel, posted.ts] = posted
        if posted.via != "user":
            self.complain(rules.complaints(posted.text, posted.blocks))
        return posted

    def message(self, channel: str, ts: str) -> Posted | None:
        posted = self._found.get((channel, ts))
        return posted if posted and posted.is_listed else None

    def listed(self, channel: str) -> list[Posted]:
        return sorted(
            (one for (where, _), one in self._found.items() if where == channel and one.is_listed),
            key=lambda one: one.ts,
        )

    def exchange(self, id: str) -> Trigger:
        trigger = self._triggers.get(id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.now() - trigger.made > TRIGGER:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def show(self, user: str, content: Json, below: View | None = None) -> View:
        id = self.new_id("V")
        view = View(id, user, content, self.new_id("hash"), below.root_id if below else id, below.id if below else "")
        self.views.append(view)
        self.complain(rules.complaints("-", content["blocks"]))
        return view

    def view(self, id: str) -> View:
        return next(view for view in self.views if view.id == id)

    def home(self, user: str) -> View | None:
        return next((view for view in self.views if view.content["type"] == "home" and view.user == user), None)

    def complain(self, complaints: Iterable[str]) -> None:
        self.complaints.extend(complaints)
