"""Asks an endpoint page by page and keeps each page, so that an interrupted harvest goes on where it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from twingraph.errors import EndpointError, QueryTimeoutError
from twingraph.stores.endpoint import ask_endpoint

__all__ = ["Fault", "Pages", "Row", "whole"]

Row = dict[str, Any]
#: Says what is wrong with the rows of an answer; "" where nothing is.
Fault = Callable[[Sequence[Row]], str]
#: Stands in the last row of an answer; where it is missing, the answer was cut.
_END = "urn:x-twingraph:end"
#: Attempts for one page, and seconds between the first two; each further pause is twice as long, up to the longest.
_ATTEMPTS, _PAUSE, _LONGEST = 10, 1.0, 60.0
#: A page that took less than the first is followed by a larger one, one that took more than the second by a smaller.
_QUICK, _SLOW = 8.0, 25.0
#: Seconds after which a kept answer is no longer what the endpoint would say today.
_KEPT_FOR = 86_400.0
#: A pause that an endpoint asks for and that is longer, in seconds, is left to the one who started the harvest.
_LONGEST_ASKED_FOR = 600.0
#: Endpoints that may answer another time: none, a refusal of load, an error of the server, or a broken answer.
_PASSING = (None, 200, 408, 429, 500, 502, 503, 504)


def whole(pattern: str, key: str) -> str:
    """Return the part of a query from its braces on that orders what the pattern finds and closes it with a last row.

    Args:
        pattern: what stands between the braces of WHERE.
        key: the variable to order by; its values are addresses that begin with http.
    """
    # VALUES in its place is lost on Virtuoso.
    return f"{{ {{ {pattern} }} UNION {{ BIND(<{_END}> AS ?{key}) }} }} ORDER BY STR(?{key})"


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

    def ask(self, query: str, key: str = "", fault: Fault = lambda _: "") -> list[Row]:
        """Return the rows of one question, from the folder if it was answered before.

        Args:
            query: the question.
            key: the variable by which `whole` ordered it; "" where it did not.
            fault: rows that it finds fault with are no answer; they are not kept and asked for again.

        Raises:
            EndpointError: it is not answered, however often it is asked.
        """
        kept = self._read(query)
        if kept is None or fault(kept):
            kept = self._asked(query, key, lambda: None, fault)
            self._write(query, kept)
        return kept

    def number(self, query: str) -> int:
        """Return the one number ``?n`` that a question asks for.

        Raises:
            EndpointError: it is not answered with a number, however often it is asked.
        """
        return int(str(self.ask(query, fault=_no_number)[0]["n"]))

    def walk(
        self, query: Callable[[str, int], str], rest: Callable[[str], str], key: str, size: int, least: int = 50
    ) -> Iterator[list[Row]]:
        """Yield page after page of rows that are ordered by a key.

        A page that is not full is the last one, or one that the endpoint cut: what it counts tells which.

        Args:
            query: makes the question, with `whole`, from the last key so far and the size of the page.
            rest: makes the question for the number ``?n`` of keys that follow on a key.
            key: the column that rows are ordered by; a page holds so many different values of it.
            size: of the first page; pages grow and shrink with the time that they take.
            least: no page is made smaller than this.

        Raises:
            EndpointError: a page is not answered, or not whole, however often it is asked for.
        """
        last = ""
        known: set[object] = set()
        while True:
            # Whatever its size was, a page goes on from the last key of the one before.
            name = f"{query('', 0)} {last}"
            kept = self._read(name)
            if kept is None:
                begun = time.monotonic()
                shrunk = size

                def shrink() -> str:
                    nonlocal shrunk
                    shrunk = max(least, shrunk // 2)
                    return query(last, shrunk)  # noqa: B023 - used before the loop goes on

                def fault(rows: Sequence[Row]) -> str:
                    keys = {row[key] for row in rows}
                    if None in keys or keys & known:
                        return "answered with a page that does not follow on the one before"
                    if len(keys) < shrunk:  # noqa: B023 - used before the loop goes on
                        counted = self._once(rest(last))  # noqa: B023 - used before the loop goes on
                        if wrong := _no_number(counted):
                            return wrong
                        there = int(str(counted[0]["n"]))
                        if there > len(keys):
                            return f"counts {there:,} statements but gave {len(keys):,}"
                    return ""

                rows = self._asked(query(last, size), key, shrink, fault)
                size, took = shrunk, time.monotonic() - begun
                kept = [{"rows": rows, "size": size}]
                self._write(name, kept)
                size = min(size * 2, 20_000) if took < _QUICK else max(least, size // 2) if took > _SLOW else size
            rows, asked_for = kept[0]["rows"], kept[0]["size"]
            if rows:
                yield rows
            keys = {row[key] for row in rows}
            known.update(keys)
            if len(keys) < asked_for:
                return
            last = str(rows[-1][key])

    def clear(self) -> None:
        """Remove the answers that are kept."""
        for file in self._folder.glob("*.json"):
            file.unlink()
        with contextlib.suppress(OSError):
            self._folder.rmdir()

    def _once(self, query: str) -> list[Row]:
        self.requests += 1
        return ask_endpoint(self._endpoint, query, timeout=self._limit + 5, agent=self._agent, attempts=1).records()

    def _asked(self, query: str, key: str, shrink: Callable[[], str | None], fault: Fault) -> list[Row]:
        pause = _PAUSE
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                rows = self._once(query)
                if key and not (rows and rows[-1][key] == _END):
                    reason = "gave an answer that was cut: its last row is missing"
                else:
                    rows = rows[:-1] if key else rows
                    reason = fault(rows)
                if not reason:
                    return rows
                raise EndpointError(f"{self._endpoint} {reason}", url=self._endpoint, status=200)
            except (EndpointError, QueryTimeoutError) as error:
                status = getattr(error, "status", None)
                wanted = getattr(error, "pause", None)
                if wanted is None:
                    wanted = _LONGEST if status == 429 else 0.0
                if status not in _PASSING or attempt == _ATTEMPTS or wanted > _LONGEST_ASKED_FOR:
                    raise
                self.repeated += 1
                if status != 429:
                    # Too much for the server, or for the line: less is asked of it next time.
                    query = shrink() or query
                wait = max(pause, wanted)
                self._say(f"waiting {wait:g} s, since {str(error)[:120]}")
                self._sleep(wait)
                pause = min(2 * pause, _LONGEST)
        raise AssertionError("the last attempt returns or raises")

    def _file(self, query: str) -> Path:
        return self._folder / f"{hashlib.sha256(f'{self._endpoint} {query}'.encode()).hexdigest()[:32]}.json"

    def _read(self, query: str) -> list[Row] | None:
        file = self._file(query)
        try:
            if time.time() - file.stat().st_mtime > _KEPT_FOR:
                return None
            found: list[Row] = json.loads(file.read_bytes())
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


def _no_number(rows: Sequence[Row]) -> str:
    if len(rows) == 1 and re.fullmatch(r"\d{1,12}", str(rows[0].get("n")), re.ASCII):
        return ""
    return "answered with no number where one was asked for"
