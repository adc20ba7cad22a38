"""Random networks in which every place keeps its number of ties: what chance alone would give.

The configuration model (Bollobás 1980; Newman 2010, Networks, chapter 13): every tie is cut into two ends, and the
ends are joined anew at random; no place is tied with itself, and two ties of the same pair, rare in sparse networks,
are let stand. Networks are drawn by a Markov chain of double-edge swaps on labelled ends (Fosdick, Larremore,
Nishimura & Ugander 2018, Configuring random graph models with fixed degree sequences, doi:10.1137/16M1087175): two
ties exchange an end, in either of the two ways, unless a pair would come about that may not. The chain begins with
the observed network and visits every network that exchanges reach equally often, so what a selection rules out never
occurs in any of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from twingraph.analysis.wiring import Wiring
from twingraph.errors import AnalysisError

if TYPE_CHECKING:
    from twingraph.networks.selection import Selection

__all__ = ["NULLS", "AllowedPairs", "sample_pairs"]

NULLS = ("configuration", "simple")

Ends = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: Rounds before the first network. In each round every tie takes part in one proposed exchange.
_WARM_UP = 60
#: How often each tie is exchanged between two networks, on average.
_EXCHANGES = 3
#: Rounds between two networks at most, where few exchanges fit.
_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class AllowedPairs:
    """Which pairs of places a random network may tie.

    Attributes:
        groups: the group of each place, such as its country: its place in `table`.
        table: whether two groups may be tied, square and symmetric.
    """

    groups: Ends
    table: Flags

    @classmethod
    def of(cls, wiring: Wiring, selection: Selection) -> AllowedPairs:
        """Return the pairs that a selection does not rule out by the countries and continents of the two places."""
        ends = list(zip(wiring.attribute("country"), wiring.attribute("continent"), strict=True))
        number = {end: index for index, end in enumerate(dict.fromkeys(ends))}
        table = [[selection.allows(one, other) for other in number] for one in number]
        size = len(number)
        return cls(
            np.array([number[end] for end in ends], dtype=np.int64), np.array(table, dtype=bool).reshape(size, size)
        )

    def __call__(self, one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> Flags:
        """Return for each pair whether it may be tied."""
        fit = one != other
        if not self.table.all():
            fit = fit & self.table[self.groups[one], self.groups[other]]
        return np.asarray(fit, dtype=bool)

    @property
    def are_within_groups(self) -> bool:
        """Whether there are several groups, and only places of the same one may be tied."""
        return len(self.table) > 1 and not (self.table & ~np.eye(len(self.table), dtype=bool)).any()


def sample_pairs(
    wiring: Wiring,
    samples: int,
    seed: int = 1,
    *,
    null: str = "configuration",
    allowed: AllowedPairs | None = None,
) -> Iterator[tuple[Ends, Ends]]:
    """Yield random networks as the ends of their ties, two arrays of as many places as the network has ties.

    Args:
        wiring: the network whose degrees are kept.
        samples: how many to draw, 1 or more.
        seed: of the random numbers, 0 or more.
        null: ``configuration``, or ``simple``: networks without repeated ties, by exchanging ends of existing ties ten
            times as often as there are ties (Milo et al. 2003, arXiv:cond-mat/0312028); slower, and near to it.
        allowed: which pairs may be tied; None: any two places.

    Raises:
        AnalysisError: there is no such model; a number is out of range; the network itself holds a tie that is not
            allowed; or pairs are ruled out for the model ``simple``, which knows no such condition.
    """
    if null not in NULLS:
        raise AnalysisError(f"there is no null model {null!r}; take {' or '.join(NULLS)}.")
    for name, value, least in (("samples", samples, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise AnalysisError(f"{name}: {value!r} can't be used; give a whole number, {least} or more.")
    if allowed is None:
        allowed = AllowedPairs(np.zeros(wiring.n, dtype=np.int64), np.ones((1, 1), dtype=bool))
    if null == "simple":
        if not allowed.table.all():
            raise AnalysisError("the null model 'simple' can't rule out any pairs; take 'configuration'.")
        return _by_native_exchange(wiring, samples, seed)
    if not allowed(wiring.tails, wiring.heads).all():
        raise AnalysisError("the network holds ties that its selection rules out; pass the selection it was made by.")
    return _by_chain(wiring, samples, seed, allowed)


def _by_chain(wiring: Wiring, samples: int, seed: int, allowed: AllowedPairs) -> Iterator[tuple[Ends, Ends]]:
    generator = np.random.default_rng(seed)
    one, other = wiring.tails.astype(np.int64), wiring.heads.astype(np.int64)
    # Where ties stay within their group, only ties of the same group can exchange ends.
    parts = allowed.groups[one] if allowed.are_within_groups else None
    exchanged = sum(_exchange(one, other, parts, allowed, generator) for _ in range(_WARM_UP))
    each = 2 * exchanged / (_WARM_UP * wiring.m) if wiring.m else 0.0
    rounds = min(_ROUNDS, int(np.ceil(_EXCHANGES / each))) if each else 0
    for _ in range(samples):
        for _ in range(rounds):
            _exchange(one, other, parts, allowed, generator)
        yield one.copy(), other.copy()


def _exchange(one: Ends, other: Ends, parts: Ends | None, allowed: AllowedPairs, generator: np.random.Generator) -> int:
    """Let ties that chance puts side by side exchange an end where both then are allowed; return how many did.

    Which ties meet does not depend on their ends (nor on their order within the network), so each exchange is as
    likely as the one that undoes it.
    """
    order = generator.permutation(len(one))
    if parts is not None:
        order = order[np.argsort(parts[order], kind="stable")]
    half = len(one) // 2
    first, second = order[: 2 * half : 2], order[1 : 2 * half : 2]
    crossed = generator.random(half) < 0.5
    a, b, c, d = one[first], other[first], one[second], other[second]
    c, d = np.where(crossed, d, c), np.where(crossed, c, d)
    fit = allowed(a, d) & allowed(c, b)
    first, second = first[fit], second[fit]
    other[first] = d[fit]
    one[second], other[second] = c[fit], b[fit]
    return len(first)


def _by_native_exchange(wiring: Wiring, samples: int, seed: int) -> Iterator[tuple[Ends, Ends]]:
    from twingraph.analysis.seeding import seeded

    with seeded(seed):
        for _ in range(samples):
            graph = wiring.native.copy()
            if wiring.m > 1:
                graph.rewire(n=10 * wiring.m)
            edges = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
            yield edges[:, 0], edges[:, 1]
