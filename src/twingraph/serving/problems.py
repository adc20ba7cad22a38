"""Errors as a client gets them: Problem Details (RFC 9457), in words, without anything of the inside."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from twingraph.serving.workbench.texts import TEXTS

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
            headers=self._headers(),
            media_type="application/problem+json",
        )

    def page(self, lang: str, base: str) -> Response:
        """Return it as a page for people.

        Args:
            lang: ``en`` or ``de``; what exactly is wrong is said in English all the same, and marked so.
            base: what stands before each path of the server, without a slash at its end.
        """
        texts = TEXTS[lang]
        title, back = texts["notfound" if self.status == 404 else "wrong"], texts["search"]
        detail = self.detail[:1].upper() + self.detail[1:]
        return HTMLResponse(
            f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<title>{title} · twingraph</title>\n<link rel="icon" href="data:,">\n'
            f'<link rel="stylesheet" href="{escape(base)}/static/style.css">\n</head>\n<body>\n'
            f'<header><a class="brand" href="{escape(base)}/?lang={lang}">twingraph</a></header>\n'
            f'<main id="content">\n<h1>{title}</h1>\n<p role="alert" lang="en">{escape(detail)}</p>\n'
            f'<p><a href="{escape(base)}/?lang={lang}">{back}</a></p>\n</main>\n</body>\n</html>\n',
            self.status,
            headers=self._headers(),
        )

    def _headers(self) -> dict[str, str]:
        # What went wrong now may go right next time.
        return {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", **self.headers}
