"""The file of a page: everything inline, scripts allowed by their digests only, data that is never markup."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from twingraph.exporting.model import Export
from twingraph.exporting.pages.texts import TEXTS

__all__ = ["page"]

_FOLDER = Path(__file__).resolve().parent


def page(export: Export, kind: str, content: dict[str, Any], libraries: Sequence[str], renderer: str) -> bytes:
    """Return a page as UTF-8.

    Nothing in it can load from elsewhere, and no script runs but those whose digests its policy names: names and
    titles are data within JSON and reach the page as text.

    Args:
        export: what is shown.
        kind: ``network`` or ``map``.
        content: see `twingraph.exporting.pages.content.page_content`.
        libraries: texts of scripts of others.
        renderer: file beside this module that draws the picture.
    """
    from jinja2 import Template

    # Closing tags inside a script would end it; in these scripts they can only stand in texts.
    scripts = [script.replace("</script", "<\\/script") for script in (*libraries, _own(renderer), _own("page.js"))]
    digests = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    texts = TEXTS[export.language]
    values = {
        "language": export.language,
        "title": texts[f"title_{kind}"],
        "noscript": texts["noscript"],
        "version": export.about()["twingraph"],
        "policy": policy,
        "styles": _own("page.css"),
        "kind": kind,
        "data": _data(content | {"kind": kind}),
        "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
    }
    text: str = Template(_own("page.html")).render(values)  # no value comes from data without being escaped
    return text.encode()


@cache
def _own(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _data(content: Any) -> str:
    """Return JSON in which no character can end a script or begin a comment."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _digest(script: str) -> str:
    # A browser digests what it parsed, in which line ends are single.
    text = script.replace("\r\n", "\n").replace("\r", "\n")
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
