"""Random networks in which every place keeps its number of ties: what chance alone would give.

The configuration model (Bollobás 1980; Newman 2010, Networks, chapter 13): every tie is cut into two ends, and the
ends are joined anew at random. A tie of a place with itself is drawn again; two ties of the same pair are rare in
sparse networks and are let stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from twingraph.analysis.wiring import Wiring
from twingraph.errors import AnalysisError

__all__ = ["NULLS", "sample_pairs"]

NULLS = ("configuration", "simple")

Ends = npt.NDArray[np.int64]
#: Rounds of drawing again, after which what still does not fit is let stand.
_ROUNDS = 200


def sample_pairs(
    wiring: Wiring,
    samples: int,
    seed: int = 1,
    *,
    null: str = "configuration",
    groups: Ends | None = None,
    scope: str | None = None,
) -> Iterator[tuple[Ends, Ends]]:
    """Yield random networks as the ends of their ties, two arrays of as many places as the network has ties.

    Args:
        wiring: the network whose degrees are kept.
        samples: how many to draw.
        seed: of the random numbers.
        null: ``configuration``, or ``simple``: networks without repeated ties, by exchanging ends of existing ties ten
            times as often as there are ties (Milo et al. 2003, arXiv:cond-mat/0312028); slower, and near to it.
        groups: the group of each place, such as its country; needed for `scope`.
        scope: ``international``: no tie within a group; ``domestic``: only such ties. None: any.

    Raises:
        AnalysisError: there is no such model, or `scope` is asked of the model ``simple``.
    """
    if null not in NULLS:
        raise AnalysisError(f"there is no null model {null!r}; take {' or '.join(NULLS)}.")
    if null == "simple":
        if scope is not None:
            raise AnalysisError("the null model 'simple' draws domestic and international ties; take 'configuration'.")
        yield from _by_exchange(wiring, samples, seed)
        return
    generator = np.random.default_rng(seed)
    ends = np.concatenate([wiring.tails, wiring.heads]).astype(np.int64)
    fits = _fitting(groups, scope)
    if scope == "domestic" and groups is not None:
        # Ends are joined within each group, since hardly any random pair would fit.
        order = np.argsort(groups[ends], kind="stable")
        ends = ends[order]
        cuts = np.flatnonzero(np.diff(groups[ends])) + 1
        parts = np.split(np.arange(len(ends)), cuts)
    else:
        parts = [np.arange(len(ends))]
    for _ in range(samples):
        mixed = np.concatenate([ends[generator.permutation(part)] for part in parts]) if len(ends) else ends
        one, other = mixed[0::2].copy(), mixed[1::2].copy()
        _repair(one, other, fits, generator)
        yield one, other


def _fitting(groups: Ends | None, scope: str | None) -> Callable[[Ends, Ends], npt.NDArray[np.bool_]]:
    if scope is None or groups is None:
        return lambda one, other: one != other
    if scope == "international":
        return lambda one, other: groups[one] != groups[other]
    return lambda one, other: (one != other) & (groups[one] == groups[other])


def _repair(
    one: Ends,
    other: Ends,
    fits: Callable[[Ends, Ends], npt.NDArray[np.bool_]],
    generator: np.random.Generator,
) -> None:
    """Exchange ends of pairs that do not fit with those of other pairs, where both fit then."""
    pairs = len(one)
    for _ in range(_ROUNDS):
        wrong = np.flatnonzero(~fits(one, other))
        if not len(wrong) or pairs < 2:
            return
        partners = generator.integers(pairs, size=len(wrong))
        # Each pair takes part in one exchange at most, so that exchanges do not disturb each other.
        _, first = np.unique(partners, return_index=True)
        wrong, partners = wrong[first], partners[first]
        apart = ~np.isin(partners, wrong)
        wrong, partners = wrong[apart], partners[apart]
        better = fits(one[wrong], other[partners]) & fits(one[partners], other[wrong])
        wrong, partners = wrong[better], partners[better]
        other[wrong], other[partners] = other[partners].copy(), other[wrong].copy()


def _by_exchange(wiring: Wiring, samples: int, seed: int) -> Iterator[tuple[Ends, Ends]]:
    from twingraph.analysis.seeding import seeded

    with seeded(seed):
        for _ in range(samples):
            graph = wiring.native.copy()
            if wiring.m > 1:
                graph.rewire(n=10 * wiring.m)
            edges = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
            yield edges[:, 0], edges[:, 1]
