"""Pages of a wiki, and how to get one from its MediaWiki API."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from twingraph.errors import EndpointError

__all__ = ["MAX_PAGE", "WikiPage", "fetch_page"]

#: The largest page of Wikipedia has some 2 MB.
MAX_PAGE = 16 << 20


@dataclass(frozen=True, slots=True)
class WikiPage:
    """A page with its text and where it is from.

    Attributes:
        title: of the page.
        text: its wikitext.
        url: the page a reader can open; of this version where it is known.
        language: of the wiki, "und" where unknown.
        date: EDTF day of this version, or "".
    """

    title: str
    text: str
    url: str = ""
    language: str = "und"
    date: str = ""


_NO_ANSWER = "the answer is none of a MediaWiki, or cut off"


def fetch_page(address: str, *, timeout: float = 60.0) -> WikiPage:
    """Ask a wiki's MediaWiki API for the text of a page.

    Args:
        address: of the page for readers, such as ``https://de.wikipedia.org/wiki/Helmstedt``.
        timeout: seconds, for the whole answer.

    Raises:
        EndpointError: no such page, no answer, or one that is no MediaWiki's.
    """
    parts = urllib.parse.urlsplit(address)
    title = _title(parts)
    if parts.scheme not in ("http", "https") or not title:
        raise EndpointError(
            f"{address} is no address of a wiki's page; write one such as https://en.wikipedia.org/wiki/Title",
            url=address,
        )
    query = {
        "action": "query",
        "prop": "revisions",
        "rvprop": "content|ids|timestamp",
        "rvslots": "main",
        "titles": title,
        "redirects": "1",
        "format": "json",
        "formatversion": "2",
    }
    api = f"{parts.scheme}://{parts.netloc}/w/api.php?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above.
        api, headers={"User-Agent": "twingraph (https://w3id.org/twingraph) python-urllib"}
    )
    page = _page(_answer(request, address, timeout), address)
    try:
        revision = page["revisions"][0]
        text = revision["slots"]["main"]["content"]
        title = page["title"]
    except (KeyError, IndexError, TypeError):
        raise EndpointError(_NO_ANSWER, url=address) from None
    language = parts.netloc.split(".")[0]
    return WikiPage(
        title,
        text,
        f"{parts.scheme}://{parts.netloc}/w/index.php?oldid={revision.get('revid', '')}",
        language if re.match(r"[a-z]{2,3}\Z", language) else "und",
        str(revision.get("timestamp", ""))[:10],
    )


def _title(parts: urllib.parse.SplitResult) -> str:
    """Return the title that an address names: /wiki/Title, or title=Title in its query."""
    if "/wiki/" in parts.path:
        return urllib.parse.unquote(parts.path.partition("/wiki/")[2]).replace("_", " ").strip()
    named = urllib.parse.parse_qs(parts.query).get("title", [""])
    return named[0].replace("_", " ").strip()


def _answer(request: urllib.request.Request, address: str, timeout: float) -> bytes:
    """Return what a wiki answers.

    Raises:
        EndpointError: it refuses, gives no answer in time, or one larger than any page.
    """
    end = time.monotonic() + timeout
    raw = bytearray()
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - the scheme is checked.
            while chunk := answer.read1(1 << 16):
                raw += chunk
                if len(raw) > MAX_PAGE:
                    raise EndpointError("the answer is larger than any page", url=address)
                if time.monotonic() > end:
                    raise EndpointError(f"the wiki gave no whole answer within {timeout:g} seconds", url=address)
    except urllib.error.HTTPError as error:
        advice = "there is no MediaWiki at this address" if error.code == 404 else "try again later"
        raise EndpointError(
            f"the wiki answered {error.code} {error.reason}; {advice}", url=address, status=error.code
        ) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise EndpointError(f"the wiki gave no answer ({error})", url=address) from None
    return bytes(raw)


def _page(raw: bytes, address: str) -> dict[str, Any]:
    """Return the page of an answer.

    Raises:
        EndpointError: there is none, or the wiki says why it gives none.
    """
    try:
        found = json.loads(raw)
        if isinstance(found, dict) and isinstance(found.get("error"), dict):
            told = found["error"]
            why = told.get("info") or told.get("code") or "it does not say why"
            raise EndpointError(f"the wiki refuses: {str(why)[:200]}", url=address)
        page = found["query"]["pages"][0]
        is_missing = page.get("missing") or page.get("invalid")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise EndpointError(_NO_ANSWER, url=address) from None
    if is_missing:
        raise EndpointError("there is no such page", url=address)
    return dict(page)
