"""What is done again and again: loops in threads of their own, which a failure does not end and a signal does."""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.errors import Missing

log = logging.getLogger("flagpost")


class Loop:
    """Does `job` every so many seconds, at once when woken, until stopped. Several threads may share the work, each woken for
    one piece of it."""

    def __init__(self, name: str, job: Callable[[], object], seconds: float, threads: int = 1) -> None:
        self.name, self.job, self.seconds = name, job, seconds
        self.signal = threading.Semaphore(0)
        self.is_stopping = False
        self.threads = [threading.Thread(target=self._run, name=f"{name} {n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        """Begins; the first round is now."""
        for thread in self.threads:
            thread.start()

    def wake(self) -> None:
        """Makes one thread's next round begin now."""
        self.signal.release()

    def stop(self) -> None:
        """Lets the rounds that are under way be the last."""
        self.is_stopping = True
        self.signal.release(len(self.threads))

    def join(self, seconds: float) -> bool:
        """Waits for the last rounds to end; False where they did not within that time."""
        until = time.monotonic() + seconds
        for thread in self.threads:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)

    def _run(self) -> None:
        while not self.is_stopping:
            attempt(self.name, self.job)
            if not self.is_stopping:
                self.signal.acquire(timeout=self.seconds)


def attempt(name: str, job: Callable[[], object], *, let: tuple[type[Exception], ...] = ()) -> bool:
    """Does something; says whether it went well. What went wrong is in the log, with a reference where the mistake is ours; but
    what is `let` through is raised."""
    try:
        job()
    except let:
        raise
    except Missing as error:
        log.error("%s: %s", name, error)
        return False
    except Exception:  # one of the two catch-alls: a clock that stops tells nobody
        log.exception("%s failed, reference %s", name, uuid.uuid4().hex[:8])
        return False
    return True


class Clock:
    """The time of day, or one that was set and goes on from there."""

    def __init__(self, set_to: datetime | None = None) -> None:
        self.ahead = set_to - datetime.now(UTC) if set_to else timedelta()

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC) + self.ahead
