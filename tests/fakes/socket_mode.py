"""Slack's end of Socket Mode. https://docs.slack.dev/apis/events-api/using-socket-mode"""

import json
import socket
import threading
import time
import uuid
from contextlib import suppress

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.fakes.model import Json, Note

PING = 0.1
"""Slack pings too, if seldomer. Often, since slack_sdk cannot close a connection before it has read something from it."""


class SocketServer:
    """Takes connections, sends each envelope through one of them in turn, and keeps what comes back."""

    def __init__(self, app_id: str) -> None:
        self.app_id = app_id
        self.acks: dict[str, Json] = {}
        self.connections: list[ServerConnection] = []
        self._changed = threading.Condition()
        self._server = serve(
            self._serve,
            "127.0.0.1",
            0,
            compression=None,
            ping_interval=PING,
            ping_timeout=None,
            close_timeout=0.5,
            server_header=None,
        )
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link/"
        self.thread = threading.Thread(target=self._server.serve_forever)

    def close(self) -> None:
        self._server.shutdown()
        self.thread.join()

    def send(self, note: Note, retry_attempt: int, seconds: float) -> Json | None:
        """What the app acknowledges with; None where it does not within so many seconds."""
        until = time.monotonic() + seconds
        envelope: Json = {"envelope_id": str(uuid.uuid4()), "type": note.kind, "payload": note.payload}
        envelope["accepts_response_payload"] = note.kind != "events_api"
        if note.kind == "events_api":
            envelope |= {"retry_attempt": retry_attempt, "retry_reason": "timeout" if retry_attempt else ""}
        with self._changed:
            if not self._changed.wait_for(lambda: self.connections, seconds):
                return None
            connection = self.connections.pop(0)
            self.connections.append(connection)
        with suppress(ConnectionClosed):
            connection.send(json.dumps(envelope))
        with self._changed:
            self._changed.wait_for(lambda: envelope["envelope_id"] in self.acks, max(0, until - time.monotonic()))
        return self.acks.get(envelope["envelope_id"])

    def disconnect(self, reason: str) -> None:
        """Asks each client to connect anew, and sends nothing more through its old connection."""
        with self._changed:
            leaving, self.connections[:] = list(self.connections), []
        for connection in leaving:
            with suppress(ConnectionClosed):
                connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}}))

    def cut(self) -> None:
        """Breaks every connection, as a network does."""
        for connection in list(self.connections):
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)

    def _serve(self, connection: ServerConnection) -> None:
        hello = {"type": "hello", "num_connections": len(self.connections) + 1}
        with suppress(ConnectionClosed):
            connection.send(json.dumps({**hello, "connection_info": {"app_id": self.app_id}, "debug_info": {}}))
            with self._changed:
                self.connections.append(connection)
                self._changed.notify_all()
            for raw in connection:
                self._take(json.loads(raw))
        with self._changed:
            self.connections[:] = [one for one in self.connections if one is not connection]

    def _take(self, ack: Json) -> None:
        with self._changed:
            self.acks[ack["envelope_id"]] = ack
            self._changed.notify_all()
