"""Write a generated page, or check that the committed one is what would be written: what the generators share."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_check(target: Path, text: str) -> int:
    """Write `text` to `target`; with ``--check`` write nothing, and return 1 if the page is not up to date."""
    if "--check" in sys.argv[1:]:
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            return 0
        print(f"{target.name} is not up to date; run python docs/{Path(sys.argv[0]).name}", file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8", newline="\n")
    return 0
