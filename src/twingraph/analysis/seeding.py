"""Random numbers of igraph that are the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["seeded"]


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let igraph draw its random numbers from a seed; after that it draws them as before."""
    import igraph

    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 (reproducible, not secret)
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)
