"""Asks an endpoint page by page and keeps each page, so that an interrupted harvest goes on where it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from twingraph.errors import EndpointError, QueryTimeoutError
from twingraph.stores.endpoint import ask_endpoint

__all__ = ["Pages", "Row"]

Row = dict[str, Any]
#: Attempts for one page, and seconds between the first two; each further pause is twice as long, up to the longest.
_ATTEMPTS, _PAUSE, _LONGEST = 10, 1.0, 60.0
#: A page that took less than the first is followed by a larger one, one that took more than the second by a smaller.
_QUICK, _SLOW = 8.0, 25.0
#: Endpoints that may answer another time: none, a refusal of load, an error of the server, or a broken answer.
_PASSING = (None, 200, 408, 429, 500, 502, 503, 504)


class Pages:
    """Questions to one endpoint, one after the other, whose answers are kept in a folder.

    Args:
        endpoint: its address.
        folder: where answers are kept; made if it is new.
        agent: what the endpoint is told of who asks.
        limit: seconds that the endpoint gives a query.
        sleep: waits; another one for tests.
        say: is told what is being waited for.
    """

    def __init__(
        self,
        endpoint: str,
        folder: Path,
        *,
        agent: str,
        limit: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.requests = self.repeated = self.kept = 0
        self._endpoint = endpoint
        self._folder = folder
        self._agent = agent
        self._limit = limit
        self._sleep = sleep
        self._say = say

    def ask(self, query: str) -> list[Row]:
        """Return the rows of one question, from the folder if it was answered before.

        Raises:
            EndpointError: it is not answered, however often it is asked.
        """
        kept = self._read(query)
        if kept is None:
            kept = self._asked(query, lambda: None)
            assert kept is not None
            self._write(query, kept)
        return kept

    def walk(self, query: Callable[[str, int], str], key: str, size: int, least: int = 50) -> Iterator[list[Row]]:
        """Yield page after page of rows that are ordered by a key.

        Args:
            query: makes the question from the last key so far and the size of the page.
            key: the column that rows are ordered by; a page holds so many different values of it.
            size: of the first page; pages grow and shrink with the time that they take.
            least: no page is made smaller than this.
        """
        last, number = "", 0
        while True:
            name = f"{hashlib.sha256(query('', 0).encode()).hexdigest()[:16]}-{number:05}"
            kept = self._read(name)
            if kept is None:
                begun = time.monotonic()
                shrunk = size

                def shrink() -> str:
                    nonlocal shrunk
                    shrunk = max(least, shrunk // 2)
                    return query(last, shrunk)  # noqa: B023 - used before the loop goes on

                rows = self._asked(query(last, size), shrink)
                size, took = shrunk, time.monotonic() - begun
                kept = [{"rows": rows, "size": size}]
                self._write(name, kept)
                size = min(size * 2, 20_000) if took < _QUICK else max(least, size // 2) if took > _SLOW else size
            rows, asked_for = kept[0]["rows"], kept[0]["size"]
            if rows:
                yield rows
            if len({row[key] for row in rows}) < asked_for:
                return
            last, number = str(rows[-1][key]), number + 1

    def clear(self) -> None:
        """Remove the answers that are kept."""
        for file in self._folder.glob("*.json"):
            file.unlink()
        with contextlib.suppress(OSError):
            self._folder.rmdir()

    def _asked(self, query: str, shrink: Callable[[], str | None]) -> list[Row]:
        pause = _PAUSE
        for attempt in range(1, _ATTEMPTS + 1):
            self.requests += 1
            try:
                result = ask_endpoint(self._endpoint, query, timeout=self._limit + 5, agent=self._agent)
                return result.records()
            except (EndpointError, QueryTimeoutError) as error:
                status = getattr(error, "status", None)
                if status not in _PASSING or attempt == _ATTEMPTS:
                    raise
                self.repeated += 1
                if status != 429:
                    # Too much for the server, or for the line: less is asked of it next time.
                    query = shrink() or query
                self._say(f"waiting {pause:g} s, since {str(error)[:120]}")
                self._sleep(pause)
                pause = min(2 * pause, _LONGEST)
        raise AssertionError("the last attempt returns or raises")

    def _file(self, query: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self._endpoint} {query}'.encode()).hexdigest()[:32]}.json"

    def _read(self, query: str) -> list[Row] | None:
        try:
            found: list[Row] = json.loads(self._file(query).read_bytes())
        except (OSError, ValueError):
            return None
        self.kept += 1
        return found

    def _write(self, query: str, rows: Sequence[Row]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(query)
        part = file.with_suffix(".part")
        with part.open("w", encoding="utf-8") as out:
            json.dump(rows, out, ensure_ascii=False, default=str)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
