"""The workspaces that a process speaks for, each by its token."""

import logging
import threading
import time
from collections.abc import Iterable, Sequence

from bot.errors import Missing, Refused
from bot.mail import Identity
from bot.slack import Slack

log = logging.getLogger("flagpost")

ASK_AGAIN = 10.0
"""Seconds until a workspace that did not say who we are is asked again."""


class Workspaces:
    """One app in several workspaces. Whoever looks for one may use it from several threads."""

    def __init__(self, tokens: Sequence[str], url: str) -> None:
        self.unknown = [Slack(token, url) for token in tokens]
        self.known: dict[str, Slack] = {}
        self.asking, self.ask_at = threading.Lock(), 0.0

    def introduce(self) -> list[Identity]:
        """Asks for each token who it says we are; one that cannot be asked for now is asked again later. Raises Refused where
        Slack does not take one, or two are of the same workspace."""
        with self.asking:
            found = [who for one in list(self.unknown) if (who := self._ask(one))]
            self.ask_at = time.monotonic() + ASK_AGAIN
        return found

    def of(self, workspace: str) -> Slack | None:
        """The Slack of a workspace; None where we have no token of it, or do not know yet that we have."""
        if workspace not in self.known:
            self._ask_again()
        return self.known.get(workspace)

    def among(self, workspaces: Iterable[str]) -> Slack | None:
        """The Slack of the first of these workspaces that is ours, None where none is. Raises Missing while that is not known."""
        for one in sorted(workspaces):
            if slack := self.of(one):
                return slack
        if self.unknown:
            raise Missing("Slack has not yet said of each token which workspace it is of")
        return None

    @property
    def ids(self) -> tuple[str, ...]:
        """The workspaces that are known to be ours."""
        self._ask_again()
        return tuple(sorted(self.known))

    @property
    def all_known(self) -> bool:
        """Whether it is known of each token which workspace it is of."""
        return not self.unknown

    def _ask_again(self) -> None:
        """One thread asks, now and then; others go on with what is known."""
        if not self.unknown or time.monotonic() < self.ask_at or not self.asking.acquire(blocking=False):
            return
        try:
            for one in list(self.unknown):
                self._ask_late(one)
            self.ask_at = time.monotonic() + ASK_AGAIN
        finally:
            self.asking.release()

    def _ask_late(self, one: Slack) -> None:
        try:
            self._ask(one)
        except Refused as error:
            log.error("%s", error)

    def _ask(self, one: Slack) -> Identity | None:
        try:
            who = one.identity()
        except Refused:
            raise
        except Missing as error:
            log.warning("%s; what comes in waits", error)
            return None
        if who.workspace in self.known:
            raise Refused(f"SLACK_BOT_TOKEN has two tokens of the workspace {who.workspace_name} ({who.workspace})")
        self.known = {**self.known, who.workspace: one}
        self.unknown.remove(one)
        return who
