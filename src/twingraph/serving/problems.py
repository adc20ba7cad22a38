"""Errors as a client gets them: Problem Details (RFC 9457), in words, without anything of the inside."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response

__all__ = ["ProblemError"]


class ProblemError(Exception):
    """What is wrong with a request, or why it can't be answered now.

    Args:
        status: of HTTP.
        detail: for people: what is wrong and what to do.
        headers: further ones, such as ``Retry-After``.
        **more: further members, such as ``line`` and ``column``.
    """

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = {name: value for name, value in more.items() if value is not None}

    def response(self) -> Response:
        """Return it as a response."""
        body = {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status}
        return JSONResponse(
            body | {"detail": self.detail} | self.more,
            self.status,
            # What went wrong now may go right next time.
            headers={"Cache-Control": "no-store", **self.headers},
            media_type="application/problem+json",
        )
