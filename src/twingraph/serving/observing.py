"""Counters and gauges for Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from twingraph.serving.pool import Pool
from twingraph.serving.snapshot import Served

__all__ = ["Watch"]

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


def _of_queries(served: Served, read: Callable[[Pool], int]) -> int:
    return read(served.now.queries)


def _of_calls(served: Served, read: Callable[[Pool], int]) -> int:
    return read(served.now.calls)


class Watch:
    """What is counted while the server runs.

    Args:
        served: whose workers are watched.
    """

    def __init__(self, served: Served) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "twingraph_http_requests", "Requests answered.", ["route", "method", "status"], registry=self._registry
        )
        self.seconds = Histogram(
            "twingraph_query_seconds",
            "Seconds from a query to the last byte of its answer.",
            ["outcome"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        gauges: dict[str, tuple[str, Callable[[Pool], int]]] = {
            "twingraph_workers_busy": ("Workers that answer.", lambda pool: pool.busy),
            "twingraph_requests_waiting": ("Requests that wait for a worker.", lambda pool: pool.waiting),
        }
        for name, (text, read) in gauges.items():
            gauge = Gauge(name, text, ["pool"], registry=self._registry)
            gauge.labels("queries").set_function(partial(_of_queries, served, read))
            gauge.labels("calls").set_function(partial(_of_calls, served, read))
        build = Gauge("twingraph_triples", "Triples of the build that is served.", registry=self._registry)
        build.set_function(lambda: served.now.manifest.triples)

    def text(self) -> bytes:
        """Return all values in Prometheus' text format."""
        found: bytes = generate_latest(self._registry)
        return found
