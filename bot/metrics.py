"""What a process counts and times, for Prometheus."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)


class Metrics:
    """One process's figures. https://prometheus.io/docs/practices/naming/"""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted = self._counter("accepted", "What somebody did in Slack, by kind", "kind")
        self.repeated = self._counter("repeated", "Deliveries of what came before, by kind", "kind")
        self.refused = self._counter("refused", "Requests without a valid signature")
        self.failed = self._counter("failed", "What could not be done and was apologised for")
        self.acknowledging = self._histogram("acknowledge_seconds", "From receiving to acknowledging")
        self.replied = self._histogram("reply_seconds", "From receiving to the reply being sent")
        self.open = Gauge("flagpost_open", "What waits, by box", ["box"], registry=self.registry)

    def _counter(self, name: str, does: str, *labels: str) -> Counter:
        return Counter(f"flagpost_{name}", does, labels, registry=self.registry)

    def _histogram(self, name: str, does: str) -> Histogram:
        return Histogram(f"flagpost_{name}", does, buckets=SECONDS, registry=self.registry)

    def came(self, kind: str, is_new: bool) -> None:
        """Counts one delivery."""
        (self.accepted if is_new else self.repeated).labels(kind).inc()

    def text(self, waiting: Mapping[str, int]) -> bytes:
        """All figures, with how much waits in each box now, in the text format that is scraped."""
        for box, number in waiting.items():
            self.open.labels(box).set(number)
        return generate_latest(self.registry)
