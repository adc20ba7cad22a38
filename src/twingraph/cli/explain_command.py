"""``twingraph explain``."""

from __future__ import annotations

from pathlib import Path

import click

from twingraph.cli.options import endpoint_option, format_option, open_target, store_option
from twingraph.cli.output import language_option, write_page

__all__ = ["command"]


@click.command("explain", epilog="Examples: twingraph explain Helmstedt Vitré; twingraph explain Dortmund Leeds@GB")
@click.argument("one", metavar="NAME")
@click.argument("other", metavar="NAME")
@language_option
@format_option("text", "json", "markdown", default="text")
@store_option
@endpoint_option
def command(one: str, other: str, language: str, output_format: str, store: Path | None, endpoint: str | None) -> None:
    """Show the claims behind a tie, side by side, and how they were weighed.

    Without a tie, the shortest chain of partnerships in force is shown, if one of up to four ties exists.
    """
    from twingraph.portraits.asking import Asker
    from twingraph.portraits.explanation import explain_pair
    from twingraph.portraits.finding import find_municipality
    from twingraph.portraits.tie_layout import explanation_page

    with open_target(store, endpoint) as graph:
        asker = Asker(graph, language)
        found = explain_pair(asker, find_municipality(asker, one).iri, find_municipality(asker, other).iri)
        write_page(found, lambda: explanation_page(found), output_format)
