"""Eigenvalues that say how a network hangs together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from twingraph.analysis.wiring import Wiring
from twingraph.errors import AnalysisError

__all__ = ["algebraic_connectivity", "leading_eigenvector", "spectral_norm"]

Vector = npt.NDArray[np.float64]

#: Up to this size a dense matrix is faster, and exact without iteration.
_DENSE = 200
#: Up to this size the factors of a sparse matrix fit into memory; beyond it equations are solved by iteration.
_FACTORED = 50_000
#: The relative error that is allowed; the figures printed have seven digits.
_TOLERANCE = 1e-10
#: Restarts of the iteration for the largest eigenvalue, after which the nearness of others is met in another way.
_RESTARTS = 300


def spectral_norm(wiring: Wiring) -> float | None:
    """Return the largest eigenvalue of the adjacency matrix by absolute value; None without nodes, 0 without edges.

    For an undirected graph it is at least the mean degree and at most the largest (Cvetković, Doob and Sachs 1980).
    """
    if not wiring.n:
        return None
    if not wiring.m:
        return 0.0
    if wiring.n <= _DENSE:
        return float(np.abs(np.linalg.eigvalsh(wiring.adjacency.toarray())).max())
    return leading_eigenvector(wiring)[0]


def leading_eigenvector(wiring: Wiring) -> tuple[float, Vector]:
    """Return the largest eigenvalue of the adjacency matrix of a graph with edges, and its eigenvector of length 1."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    # The largest eigenvalue of a matrix without negative entries has an eigenvector without negative entries, so a
    # positive start is never at a right angle to it, and the same start gives the same answer.
    start = 1.0 + wiring.degrees
    try:
        values, vectors = eigsh(wiring.adjacency, k=1, which="LA", v0=start, tol=0, maxiter=_RESTARTS)
    except ArpackNoConvergence:
        # Long chains have many eigenvalues close to the largest. No eigenvalue is beyond the largest degree: seen from
        # there, in the inverse, they lie far apart.
        bound = float(wiring.degrees.max()) * (1 + 1e-9)
        solve = _solver(csc_array(bound * eye_array(wiring.n) - wiring.adjacency))
        inverted, vectors = eigsh(solve, k=1, which="LA", v0=start, tol=0)
        values = bound - 1.0 / inverted
    return float(values[0]), np.asarray(vectors[:, 0])


def _solver(matrix: Any) -> Any:
    """Return the inverse of a sparse positive definite matrix, as an operator that solves by its factors."""
    from scipy.sparse.linalg import LinearOperator, splu

    factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
    return LinearOperator(matrix.shape, matvec=factors.solve, dtype=np.float64)


def algebraic_connectivity(wiring: Wiring) -> float | None:
    """Return the second smallest eigenvalue of the Laplacian D − A of the largest component.

    The smaller it is, the less has to be cut to split the component (Fiedler 1973). None where the component has no
    two nodes.
    """
    part = wiring.largest
    if part.n < 2:
        return None
    if part.n <= _DENSE:
        laplacian = np.diag(part.degrees.astype(float)) - part.adjacency.toarray()
        return float(np.linalg.eigvalsh(laplacian)[1])
    return _second_smallest(part)


def _second_smallest(part: Wiring) -> float:
    """Iterate with the inverse of the Laplacian, in which the value looked for is the largest."""
    from scipy.sparse import csc_array, diags_array
    from scipy.sparse.linalg import LinearOperator, eigsh

    n = part.n
    laplacian = csc_array(diags_array(part.degrees.astype(float)) - part.adjacency)
    solve = _by_factors(laplacian, part) if n <= _FACTORED else _by_iteration(laplacian, part)
    inverse = LinearOperator((n, n), matvec=solve, dtype=np.float64)
    start = np.sin(np.arange(1, n + 1))
    start -= start.mean()
    largest = eigsh(inverse, k=1, which="LA", v0=start, return_eigenvectors=False, tol=_TOLERANCE)[0]
    return float(1.0 / largest)


def _by_factors(laplacian: Any, part: Wiring) -> Callable[[Vector], Vector]:
    """Return what solves an equation with the Laplacian by its factors.

    Nodes are eliminated by how few neighbours are left, so that the trees around the core fill in nothing.
    """
    from scipy.sparse.linalg import splu

    # The Laplacian has the eigenvalue 0, of the constant vector: one node is held at 0, and constants are taken out.
    kept = np.delete(np.arange(part.n), int(np.argmax(part.degrees)))
    factors = splu(laplacian[kept][:, kept], permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})

    def solve(vector: Vector) -> Vector:
        right = vector.ravel() - vector.mean()
        left = np.zeros(part.n)
        left[kept] = factors.solve(right[kept])
        return np.asarray(left - left.mean())

    return solve


def _by_iteration(laplacian: Any, part: Wiring) -> Callable[[Vector], Vector]:
    """Return what solves an equation with the Laplacian by conjugate gradients, in memory for a few vectors."""
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import cg

    scaling = diags_array(1.0 / part.degrees)
    matrix = laplacian.tocsr()

    def solve(vector: Vector) -> Vector:
        right = vector.ravel() - vector.mean()
        left, failed = cg(matrix, right, rtol=_TOLERANCE / 10, M=scaling, maxiter=50 * part.n)
        if failed:
            raise AnalysisError("the algebraic connectivity did not converge; leave this measure out.")
        return np.asarray(left - left.mean())

    return solve
