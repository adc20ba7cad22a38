"""The query library: ``.rq`` files in folders, found by name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from twingraph.errors import QueryNotFoundError
from twingraph.querying.queries import LibraryQuery, parse_query
from twingraph.querying.wording import shown
from twingraph.resources import queries_dir

__all__ = ["QueryLibrary"]


class QueryLibrary:
    """The ``.rq`` files below a directory.

    Args:
        directory: by default the library that comes with twingraph.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = queries_dir() if directory is None else directory
        self._read: dict[str, LibraryQuery] = {}

    def ids(self) -> list[str]:
        """Return the ids of all queries, sorted."""
        files = self.directory.rglob("*.rq")
        return sorted(path.relative_to(self.directory).with_suffix("").as_posix() for path in files)

    def __iter__(self) -> Iterator[LibraryQuery]:
        """Yield all queries in the order of their ids."""
        return (self.find(query_id) for query_id in self.ids())

    def find(self, name: str) -> LibraryQuery:
        """Return the query with this id, or the only one whose last part is `name`.

        Raises:
            QueryNotFoundError: there is none, or more than one; near ones are named.
            QueryError: its header is broken.
        """
        if name not in self._read:
            query_id = self._resolve(name)
            path = self.directory / f"{query_id}.rq"
            self._read[name] = parse_query(path.read_text(encoding="utf-8-sig"), query_id)
        return self._read[name]

    def _resolve(self, name: str) -> str:
        wanted = name.removesuffix(".rq").strip("/")
        ids = self.ids()
        if wanted in ids:
            return wanted
        ending = [query_id for query_id in ids if query_id.endswith("/" + wanted)] if wanted else []
        if len(ending) == 1:
            return ending[0]
        if ending:
            raise QueryNotFoundError(f"several queries are called {shown(name)}: {', '.join(ending)}; give one in full")
        last_parts = {query_id.rpartition("/")[2]: query_id for query_id in ids}
        near = difflib.get_close_matches(wanted, ids, n=3)
        near += [last_parts[part] for part in difflib.get_close_matches(wanted, last_parts, n=3)]
        hint = f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "`twingraph queries` lists them"
        raise QueryNotFoundError(f"there is no query {shown(name)}; {hint}")
