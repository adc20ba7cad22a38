"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["MOST_REQUESTS", "Settings"]

#: Requests of clients that are answered at the same time; more are refused with 503.
MOST_REQUESTS = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the graph is, and the limits that hold for everyone who asks.

    Attributes:
        store: the directory of the store.
        timeout: seconds that a query may take, from its start to the last byte of its answer.
        workers: queries that run at the same time; as many that take longer than a moment run beside them.
        max_waiting: requests that wait for a worker; more are refused with 503.
        max_request_bytes: of a request's body.
        max_answer_bytes: of an answer.
        max_memory: bytes that a worker may take beyond what it has when it starts; None: no limit.
        request_seconds: in which a request's head must be there, then its body, and in which a client must read on.
        services: addresses that queries may call with SERVICE; none by default.
        base_url: under which the server is seen from outside; None: what each request says.
    """

    store: Path
    timeout: float = 60.0
    workers: int = 4
    max_waiting: int = 512
    max_request_bytes: int = 1 << 20
    max_answer_bytes: int = 1 << 30
    max_memory: int | None = 2 << 30
    request_seconds: float = 10.0
    services: frozenset[str] = frozenset()
    base_url: str | None = None
