"""Work for a client that may go away: then it is not finished."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import Request

from twingraph.serving.problems import ProblemError

__all__ = ["ClientGoneError", "while_present"]

T = TypeVar("T")


class ClientGoneError(ProblemError):
    """Nobody is left to answer."""

    def __init__(self) -> None:
        super().__init__(400, "the client went away")


async def while_present(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of some work, which is cancelled when the client hangs up.

    Args:
        request: of the client; its body has been read, or there is none.
        work: what to do.

    Raises:
        ClientGoneError: the client hung up before the work was done.
    """
    task, watch = asyncio.ensure_future(work), asyncio.ensure_future(_absence(request))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGoneError
        return task.result()
    finally:
        task.cancel()
        watch.cancel()


async def _absence(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
