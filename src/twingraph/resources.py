"""Where the shipped data, ontology and queries are, in a checkout and in an installed wheel."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

__all__ = ["asset", "data_dir", "default_store", "ontology_dir", "queries_dir"]

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


@cache
def _root() -> Path:
    """Return the folder that holds ``data/``, ``ontology/`` and ``queries/``.

    The checkout comes first: an editable install leaves an old copy of the wheel's folders behind,
    but its package path points into the checkout.
    """
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "ontology").is_dir():
        return _CHECKOUT
    return _PACKAGE / "_resources"


def in_checkout() -> bool:
    """Return whether twingraph runs from a checkout rather than from an installed wheel."""
    return _root() == _CHECKOUT


def data_dir() -> Path:
    """Return the folder of the shipped sources and gazetteer."""
    return _root() / "data"


def ontology_dir() -> Path:
    """Return the folder of the ontology's Turtle files."""
    return _root() / "ontology"


def queries_dir() -> Path:
    """Return the folder of the query library."""
    return _root() / "queries"


def asset(name: str) -> Path:
    """Return a file that pages and maps need, such as a script from a package registry; see ``assets/assets.toml``."""
    return _PACKAGE / "assets" / name


def default_store() -> Path:
    """Return where the store is built and looked for by default.

    What the environment variable ``TWINGRAPH_STORE`` names; else in a checkout ``build/store``, and after an
    installation from a wheel the user's data folder (``~/.local/share/twingraph/store`` on Linux).
    """
    named = os.environ.get("TWINGRAPH_STORE")
    if named:
        return Path(named)
    if in_checkout():
        return _CHECKOUT / "build" / "store"
    import platformdirs

    return Path(platformdirs.user_data_dir("twingraph", appauthor=False)) / "store"
