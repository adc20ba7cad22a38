"""Cells that no spreadsheet takes for a formula, and back."""

from __future__ import annotations

import re

__all__ = ["safe_cell", "unsafe_cell"]

#: Where a formula can begin: at the start of a cell, and after what other programs part cells or rows at. A German
#: spreadsheet takes semicolons, and no quotes in the middle of what it takes for a cell.
_FORMULA = re.compile(r"""^(?=[\t\r\n])|(?:^|[;\t\r\n]"*)(?=[=+\-@])""")
_MARK = re.compile(r"""(^|[;\t\r\n]"*)'(?=[=+\-@\t\r\n])""")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, nor a part of it: with ``'`` where one could start.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("x;=1+2;y"), safe_cell("Vitré")
    ("'=HYPERLINK(1)", "x;'=1+2;y", 'Vitré')
    """
    return _FORMULA.sub(r"\g<0>'", text)


def unsafe_cell(text: str) -> str:
    """Return what a cell was before `safe_cell`.

    >>> unsafe_cell("x;'=1+2;y")
    'x;=1+2;y'
    """
    return _MARK.sub(r"\1", text)
