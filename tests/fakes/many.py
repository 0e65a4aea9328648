"""Several workspaces behind one address, as at Slack: each call goes to the workspace whose token it bears.

with Slacks(FakeSlack(team="T1", token="xoxb-1"), FakeSlack(team="T2", token="xoxb-2")) as slacks:
    one, two = slacks.workspaces
    WebClient(two.token, base_url=slacks.url).chat_postMessage(channel="C1", text="News")
    assert two.in_channel("C1") and slacks.complaints == []
"""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from tests.fakes import FakeSlack
from tests.fakes.socket_mode import SocketServer
from tests.fakes.wire import Server


class Slacks:
    """One app in several workspaces: one address, one signing secret, one kind of socket; all else is each workspace's."""

    def __init__(self, *workspaces: FakeSlack) -> None:
        self.workspaces = workspaces
        first = workspaces[0]
        self.app_token, self.signing_secret, self.app_id = first.app_token, first.signing_secret, first.app_id

    def __enter__(self) -> Self:
        self.server, self.socket = Server(self), SocketServer(self.app_id)
        self.server.thread.start()
        self.socket.thread.start()
        for one in self.workspaces:
            one.listen(self.server, self.socket)
        self.root, self.url = self.workspaces[0].root, self.workspaces[0].url
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in self.workspaces:
            one.closing.set()
        self.socket.close()
        self.server.close()

    @property
    def token(self) -> str:
        """All tokens, as the app is given them."""
        return " ".join(one.token for one in self.workspaces)

    @property
    def complaints(self) -> list[str]:
        return [complaint for one in self.workspaces for complaint in one.complaints]

    def of(self, address: str, token: str) -> FakeSlack:
        """The workspace that a call is for: by its token, or by the path of what is called without one. The first where none
        is: that one refuses it."""
        parts = address.replace("-", "/").split("/")
        return next((one for one in self.workspaces if token == one.token or one.team in parts), self.workspaces[0])

    def complain(self, complaints: Iterable[str]) -> None:
        self.workspaces[0].complain(complaints)
