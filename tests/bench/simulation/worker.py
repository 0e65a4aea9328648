"""A worker of a simulation: the bot that `work` runs, by the shared clock, which wakes it whenever it is moved on.

Run by the conductor, with the bot's settings in its environment: python -m tests.bench.simulation.worker FOLDER
"""

import logging
import os
import signal
import sys
import threading
from pathlib import Path

from bot import config, running, sender, slack, workspaces
from tests.bench.simulation.clock import Clock

TIMEOUT = 1
"""Seconds that this bot waits for Slack."""

SENDING, OTHERS, BEAT = 0.1, 1.0, 0.25
"""Seconds between two looks at what is to be sent, and at what else is to be done, and between two signs of life. They are the
machine's seconds: those of the simulation are jumped over, and each jump wakes everybody."""

PAUSE, ASK_AGAIN, TICK = 0.1, 0.5, 0.01


def quicken() -> None:
    """Has the bot look about more often than it would."""
    slack.TIMEOUT, sender.PAUSE, workspaces.ASK_AGAIN = TIMEOUT, PAUSE, ASK_AGAIN
    running.THREADS = 1


def main(folder: Path) -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("flagpost").setLevel(logging.WARNING)
    clock, told = Clock(folder / "clock"), threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda number, frame: told.set())
    quicken()
    bot = running.Running(config.read(), now=clock.now)
    # The publishers are not asked for what they have today.
    bot.loops = [loop for loop in bot.loops if loop.name != "lists"]
    bot.beating.seconds = BEAT
    for loop in bot.loops:
        loop.seconds = SENDING if loop.name == "sending" else OTHERS
    bot.start()
    (folder / f"ready-{os.getpid()}").touch()
    turns = clock.turns
    while not told.wait(TICK):
        if clock.turns != turns:
            turns = clock.turns
            for loop in bot.loops:
                loop.wake()
    bot.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
