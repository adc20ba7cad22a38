"""From what a person types to a place of a network from elsewhere."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Mapping
from typing import TypeVar

from twingraph.errors import AmbiguousNameError, UnknownNameError
from twingraph.names import search_key
from twingraph.querying.wording import shown

__all__ = ["find_place"]

Key = TypeVar("Key", bound=Hashable)
_NEAREST = 6


def find_place(names: Mapping[Key, str | None], text: str) -> Key:
    """Return the place that a text names: by its key, or by its name whatever its case and accents.

    Args:
        names: name by key; None where a place has none.
        text: a key or a name.

    Raises:
        UnknownNameError: there is none; near names are given.
        AmbiguousNameError: several places have this name; their keys are given.
    """
    by_text = {str(key): key for key in names}
    if text in by_text:
        return by_text[text]
    wanted = search_key(text)
    named = {key: name for key, name in names.items() if name is not None}
    found = [key for key, name in named.items() if search_key(name) == wanted] if wanted else []
    if len(found) == 1:
        return found[0]
    if found:
        lines = [f"{named[key]}: {key}" for key in found[:_NEAREST]]
        raise AmbiguousNameError(
            f"several places are called {shown(text)}:\n  " + "\n  ".join(lines) + "\nGive one by its key.",
            candidates=[str(key) for key in found],
        )
    near = list(dict.fromkeys(difflib.get_close_matches(text, [*named.values(), *by_text], _NEAREST, 0.6)))
    hint = f" Near are: {'; '.join(near)}." if near else ""
    raise UnknownNameError(f"the network has no place {shown(text)}.{hint}", candidates=near)
