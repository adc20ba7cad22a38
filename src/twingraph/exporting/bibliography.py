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
    """Return the sources as BibTeX entries ``@misc``; the key is the id of the source.

    Before them stands a line that says what was selected from which data, and when.
    """
    # Outside of entries BibTeX reads nothing, as long as there is no @.
    entries = [f"% {export.sentence().replace('@', '(at)')}\n"]
    keys: set[str] = set()
    for source in export.sources:
        fields = {
            "title": "{" + _tex(source.title) + "}",
            "author": "{" + _tex(source.publisher) + "}" if source.publisher else None,
            "year": _year(source),
            "date": source.date and _tex(source.date),
            "url": source.url and _url(source.url),
            "urldate": source.retrieved and _tex(source.retrieved),
            "langid": source.language and _tex(source.language),
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        key = _key(source.id, keys)
        keys.add(key)
        entries.append(f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries).encode()


def to_csl(export: Export) -> bytes:
    """Return the sources as CSL-JSON, for Zotero, pandoc and citation styles.

    What was selected from which data, and when, stands in the field ``custom`` of each.
    """
    custom = {"twingraph": export.sentence().partition("; sources: ")[0]}
    items = [_item(source) | {"custom": custom} for source in export.sources]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()


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


def _key(text: str, taken: set[str]) -> str:
    """Return a key that no text can break out of, different from those that are taken."""
    plain = wanted = re.sub(r"[^A-Za-z0-9:._/+-]", "-", text) or "source"
    number = 1
    while plain in taken:
        number += 1
        plain = f"{wanted}-{number}"
    return plain


def _url(text: str) -> str:
    """Return an address without the characters that end a field or a line of TeX."""
    return "".join(f"%{ord(char):02X}" if char in "{}\\" or char < "!" else char for char in text)


def _tex(text: str) -> str:
    text = " ".join(text.split())
    return "".join(_TEX.get(char, char) for char in text)
