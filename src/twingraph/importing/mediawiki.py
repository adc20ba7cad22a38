"""Pages of a wiki, and how to get one from its MediaWiki API."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

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


def fetch_page(address: str, *, timeout: float = 60.0) -> WikiPage:
    """Ask a wiki's MediaWiki API for the text of a page.

    Args:
        address: of the page for readers, such as ``https://de.wikipedia.org/wiki/Helmstedt``.
        timeout: seconds.

    Raises:
        EndpointError: no such page, no answer, or one that is no MediaWiki's.
    """
    parts = urllib.parse.urlsplit(address)
    title = urllib.parse.unquote(parts.path.rpartition("/wiki/")[2]).replace("_", " ")
    if parts.scheme not in ("http", "https") or "/wiki/" not in parts.path or not title:
        raise EndpointError("is no address of a page: https://en.wikipedia.org/wiki/Title", url=address)
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
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            raw = answer.read(MAX_PAGE + 1)
    except urllib.error.HTTPError as error:
        raise EndpointError(
            f"the wiki answered {error.code} {error.reason}; try again later", url=address, status=error.code
        ) from None
    except (OSError, ValueError) as error:
        raise EndpointError(f"the wiki gave no answer ({error})", url=address) from None
    if len(raw) > MAX_PAGE:
        raise EndpointError("the answer is larger than any page", url=address)
    try:
        page = json.loads(raw)["query"]["pages"][0]
        if page.get("missing"):
            raise EndpointError("there is no such page", url=address)
        revision = page["revisions"][0]
        text = revision["slots"]["main"]["content"]
        title = page["title"]
    except (ValueError, KeyError, IndexError, TypeError):
        raise EndpointError("the answer is none of a MediaWiki, or cut off", url=address) from None
    language = parts.netloc.split(".")[0]
    return WikiPage(
        title,
        text,
        f"{parts.scheme}://{parts.netloc}/w/index.php?oldid={revision.get('revid', '')}",
        language if re.match(r"[a-z]{2,3}\Z", language) else "und",
        str(revision.get("timestamp", ""))[:10],
    )
