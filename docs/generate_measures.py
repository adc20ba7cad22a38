"""Write the table of measures in ``docs/analysis/structure.md`` from the code that computes them.

Usage: python docs/generate_measures.py [--check]
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from committed_page import write_or_check
from twingraph.analysis.structure import MEASURES

TARGET = Path(__file__).resolve().parent / "analysis" / "structure.md"
_PART = re.compile(r"(<!-- measures:begin -->\n).*?(<!-- measures:end -->)", re.DOTALL)


def main() -> int:
    text = TARGET.read_text(encoding="utf-8")
    return write_or_check(TARGET, _PART.sub(lambda match: f"{match[1]}\n{table()}\n\n{match[2]}", text))


def table() -> str:
    """Return the measures as a Markdown table."""
    lines = ["| measure | unit | what it says | formula | source |", "|---|---|---|---|---|"]
    for name, measure in MEASURES.items():
        cells = (
            f"`{name}`",
            measure.unit,
            measure.meaning,
            measure.formula.replace("|", "\\|"),
            _linked(measure.source),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _linked(source: str) -> str:
    return re.sub(r"doi:(10\.[^\s,)]+(?:\([^)]*\)[^\s,)]*)?)", r"[doi:\1](https://doi.org/\1)", source)


if __name__ == "__main__":
    sys.exit(main())
