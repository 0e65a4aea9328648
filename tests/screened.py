"""What tests of screening share: files of names, results, `screen` as a process of its own."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from bot import screening
from bot.sheets import Sheet
from bot.store import datasets
from bot.store.database import Database
from bot.unfinished import Unfinished

ROOT = Path(__file__).parent.parent
NAMES = (
    *("Dalian Machine Tool", "大连机床", "Wuhan Global Sensor", "Wuhan Tongsheng Technology", "Hikvision", "海康威视"),
    *("iRay", "Yantai iRay Technology", "NCRIEO", "91330000733796106P", "Acme Optics Ltd", "Shanghai iRay"),
)


def listed(folder: Path, text: str | bytes, name: str = "names.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def many(folder: Path, count: int) -> Path:
    return listed(folder, "name,no\r\n" + "".join(f"{NAMES[n % len(NAMES)]} {n // 9},{n}\r\n" for n in range(count)))


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def begin(url: str, file: Path, out: Path, day: date | None = None) -> None:
    """Leaves beside results what a run that was cut off leaves there."""
    now = datetime.now(UTC)
    with Database(url) as database, database.reading() as session:
        look = screening.look(session, "local", day or now.date(), now)
        coverage = datasets.current(session, look.workspace, look.known_at)
    sheet = Sheet(file, screening.NEEDS, screening.ADDS)
    Unfinished(out, resume=False).keep(screening.basis(look, sheet.sha256, coverage))


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Started:
    """`screen` as a process of its own, with processes of its own."""

    def __init__(self, url: str, file: Path, out: Path, *options: str) -> None:
        environment = {"DATABASE_URL": url, "INDEX_FOLDER": str(out.parent / "index"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bot", "screen", str(file), "--out", str(out), *options]
        self.out = out
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # A shell that runs the tests in the background has their children ignore Ctrl-C.
            preexec_fn=_heed_interrupts,
        )

    def is_writing(self) -> bool:
        return self.out.exists() and self.out.stat().st_size > 1000

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Ends it once some rows are written: the exit status, what it complained of."""
        wait_until(self.is_writing)
        self.process.send_signal(number)
        _, complaints = self.process.communicate(timeout=30)
        return self.process.returncode, complaints

    def is_alone(self) -> bool:
        """Whether no process that it started is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)
