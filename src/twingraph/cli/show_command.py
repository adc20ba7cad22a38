"""``twingraph show``."""

from __future__ import annotations

from pathlib import Path

import click

from twingraph.cli.options import endpoint_option, format_option, open_target, store_option
from twingraph.cli.output import language_option, write_page

__all__ = ["command"]


@click.command(
    "show",
    epilog="Examples: twingraph show Helmstedt; twingraph show 西安; twingraph show Leeds@GB; "
    "twingraph show country:FR",
)
@click.argument("name", metavar="NAME")
@click.option("--country", metavar="CC", help="Code of its country, where several places have the name.")
@language_option
@format_option("text", "json", "markdown", default="text")
@store_option
@endpoint_option
def command(
    name: str, country: str | None, language: str, output_format: str, store: Path | None, endpoint: str | None
) -> None:
    """Show all that is known about a municipality, with the sources.

    NAME is a name in any language or spelling, a key such as Q486562, Name@CC or an IRI. It may also be a
    country, an association or an event, by name or as type:key (country:FR).
    """
    from twingraph.portraits.asking import Asker
    from twingraph.portraits.finding import find_thing

    with open_target(store, endpoint) as graph:
        asker = Asker(graph, language)
        found = find_thing(asker, name, country)
        if found.type == "municipality":
            from twingraph.portraits.municipality import portray_municipality
            from twingraph.portraits.municipality_layout import municipality_page

            municipality = portray_municipality(asker, found.iri)
            write_page(municipality, lambda: municipality_page(municipality), output_format)
        elif found.type == "country":
            from twingraph.portraits.thing_layout import country_page
            from twingraph.portraits.things import portray_country

            state = portray_country(asker, found.iri)
            write_page(state, lambda: country_page(state), output_format)
        else:
            from twingraph.portraits.thing_layout import thing_page
            from twingraph.portraits.things import portray_thing

            thing = portray_thing(asker, found.type, found.iri)
            write_page(thing, lambda: thing_page(thing), output_format)
