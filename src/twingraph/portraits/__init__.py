"""Portraits of municipalities, ties and sources: what is known, and who says so.

`gather` functions return plain data (see `twingraph.portraits.model`), `layouts` turn it into pages, and
`pages` writes these for a terminal or as Markdown.
"""

from __future__ import annotations
