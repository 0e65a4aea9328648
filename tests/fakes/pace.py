"""How much Slack takes at a time. https://docs.slack.dev/apis/web-api/rate-limits"""

import math
from dataclasses import dataclass, field

from tests.fakes.model import Refused


@dataclass
class RateLimit:
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


class RateLimits:
    """One for each channel, and one for the workspace as a whole; `refused` counts what came too fast."""

    def __init__(self) -> None:
        self.limits: dict[str, RateLimit] = {}
        self.refused = 0

    def spend(self, now: float, *asked: tuple[str, float | None, float]) -> None:
        """Takes a message from each limit (its name, pace and burst); Refused, and taken from none, where one is empty."""
        limits = [self._limit(name, pace, burst, now) for name, pace, burst in asked if pace is not None]
        if wait := max((limit.wait(now) for limit in limits), default=0):
            self.refused += 1
            raise Refused("ratelimited", 429, {"Retry-After": str(wait)})
        for limit in limits:
            limit.left -= 1

    def _limit(self, name: str, pace: float, burst: float, now: float) -> RateLimit:
        limit = self.limits.setdefault(name, RateLimit(pace, burst, now))
        limit.pace, limit.burst = pace, burst
        return limit
