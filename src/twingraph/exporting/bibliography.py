"""The sources that a network rests on, as BibTeX and CSL-JSON for reference managers."""

from __future__ import annotations

import json
import re
from typing import Any

from twingraph.dates import parse_edtf
from twingraph.exporting.model import Export, Source

__all__ = ["to_bibtex", "to_csl"]

_TEX = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}  # fmt: skip


def to_bibtex(export: Export) -> bytes:
    """Return the sources as BibTeX entries ``@misc``; the key is the id of the source."""
    entries = []
    for source in export.sources:
        fields = {
            "title": "{" + _tex(source.title) + "}",
            "author": "{" + _tex(source.publisher) + "}" if source.publisher else None,
            "year": _year(source),
            "date": source.date,
            "url": source.url and source.url.replace("{", "%7B").replace("}", "%7D"),
            "urldate": source.retrieved,
            "langid": source.language,
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        entries.append(f"@misc{{{source.id},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries).encode()


def to_csl(export: Export) -> bytes:
    """Return the sources as CSL-JSON, for Zotero, pandoc and citation styles."""
    return (json.dumps([_item(source) for source in export.sources], ensure_ascii=False, indent=1) + "\n").encode()


def _item(source: Source) -> dict[str, Any]:
    item: dict[str, Any] = {"id": source.id, "type": "webpage", "title": source.title}
    if source.publisher:
        item["author"] = [{"literal": source.publisher}]
    if source.url:
        item["URL"] = source.url
    if source.language:
        item["language"] = source.language
    if source.date:
        item["issued"] = _date(source.date)
    if source.retrieved:
        item["accessed"] = _date(source.retrieved)
    return item


def _date(text: str) -> dict[str, Any]:
    """Return a date as CSL wants it: parts as far as they are known, or the text of an uncertain one."""
    parts = [int(part) for part in text.split("-")] if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text) else None
    return {"date-parts": [parts]} if parts else {"literal": text}


def _year(source: Source) -> str | None:
    if not source.date:
        return None
    try:
        year = parse_edtf(source.date).year
    except ValueError:
        return None
    return None if year is None else str(year)


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)
