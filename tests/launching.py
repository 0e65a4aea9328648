"""The bot as a process of its own, as an operator starts it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.fakes import FakeSlack
from tests.slackside import get, settings

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def memory(pid: int) -> float:
    """The most memory that a process ever had, in MB; 0 where there is no /proc."""
    file = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", file.read_text()) if file.exists() else None
    return int(found[1]) / 1024 if found else 0.0


class Process:
    """`python -m bot` as a process of its own, with what it says on both channels."""

    def __init__(self, slack: FakeSlack, url: str, folder: Path, *arguments: str, **environment: str) -> None:
        one = settings(slack, url)
        self.port = free_port()
        self.log = folder / f"{self.port}.log"
        given = {
            "DATABASE_URL": url,
            "INDEX_FOLDER": str(one.index_folder),
            "LIST_FOLDER": str(one.list_folder),
            "SLACK_BOT_TOKEN": " ".join(one.slack_bot_tokens),
            "SLACK_SIGNING_SECRET": one.slack_signing_secret,
            "SLACK_APP_TOKEN": one.slack_app_token,
            "SLACK_API_URL": one.slack_api_url,
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
        }
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *arguments],
                env={**os.environ, **given, **environment},
                cwd=folder,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_for(self, condition: Callable[[], object], seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.02)

    def ready(self) -> Self:
        """Waits until it serves."""
        self.wait_for(lambda: get(self.port, "/readyz").status == 200)
        return self

    def kill(self) -> None:
        """kill -9, also of what it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self, seconds: float = 10) -> int:
        """Asks it to end: its exit status."""
        self.process.terminate()
        return self.process.wait(seconds)

    def status(self, seconds: float = 20) -> int:
        """The exit status of what ends by itself."""
        return self.process.wait(seconds)
