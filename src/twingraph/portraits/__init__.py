"""Portraits of municipalities, ties and sources: what is known, and who says so.

`portray_…`, `explain_pair` and `report_source` return plain data (see `twingraph.portraits.model`); the layouts
turn it into a page, and `twingraph.portraits.pages` writes that for a terminal or as Markdown.
"""

from __future__ import annotations
