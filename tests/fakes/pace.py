"""How much Slack takes at a time. https://docs.slack.dev/apis/web-api/rate-limits"""

import math
from dataclasses import dataclass, field

from tests.fakes.model import Refused


@dataclass
class Purse:
    """So many messages a second, by Slack's clock, and as many at once as were not posted before, up to a burst."""

    pace: float
    burst: float
    left: float = field(init=False)
    then: float

    def __post_init__(self) -> None:
        self.left = self.burst

    def wait(self, now: float) -> int:
        """Whole seconds until the next message is taken; 0 where it is taken now."""
        self.left = min(self.burst, self.left + max(0.0, now - self.then) * self.pace)
        self.then = now
        return 0 if self.left >= 1 else max(1, math.ceil((1 - self.left) / self.pace))


class Purses:
    """One for each channel, and one for the workspace as a whole; `refused` counts what came too fast."""

    def __init__(self) -> None:
        self.purses: dict[str, Purse] = {}
        self.refused = 0

    def spend(self, now: float, *asked: tuple[str, float | None, float]) -> None:
        """Takes a message from each purse (its name, pace and burst); Refused, and taken from none, where one is empty."""
        purses = [self._purse(name, pace, burst, now) for name, pace, burst in asked if pace is not None]
        if wait := max((purse.wait(now) for purse in purses), default=0):
            self.refused += 1
            raise Refused("ratelimited", 429, {"Retry-After": str(wait)})
        for purse in purses:
            purse.left -= 1

    def _purse(self, name: str, pace: float, burst: float, now: float) -> Purse:
        purse = self.purses.setdefault(name, Purse(pace, burst, now))
        purse.pace, purse.burst = pace, burst
        return purse
