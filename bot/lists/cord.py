"""The cord that ends a download from outside."""

import socket
import threading
from contextlib import suppress
from typing import Any

from bot.errors import Missing


class Stopped(Missing):
    """The process ends, and what it was downloading is left."""


class Cord:
    """Ends a download from outside, whatever it waits for. Timeouts of sockets do not: each byte that drips in renews them."""

    def __init__(self) -> None:
        self.error: Missing | None = None
        self.pulled = threading.Event()
        self.sockets: list[socket.socket] = []

    def pull(self, error: Missing) -> None:
        """Ends it; `error` is raised there."""
        self.error = self.error or error
        self.pulled.set()
        for one in tuple(self.sockets):
            _shut(one)

    def hold(self, event: str, about: dict[str, Any]) -> None:
        """Is told of each connection that opens: https://www.encode.io/httpcore/extensions/#trace"""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self.sockets.append(about["return_value"].get_extra_info("socket"))
            if self.error:
                _shut(self.sockets[-1])

    def check(self) -> None:
        """Raises what it was pulled with."""
        if self.error:
            raise self.error

    def wait(self, seconds: float) -> None:
        """Waits so long, unless it is pulled."""
        self.pulled.wait(seconds)
        self.check()


def _shut(one: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        one.shutdown(socket.SHUT_RDWR)
