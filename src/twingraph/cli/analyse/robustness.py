"""``twingraph analyse robustness``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from twingraph.cli.analyse.options import Printing, analysis_options
from twingraph.cli.finding_output import print_findings
from twingraph.cli.progress import Progress
from twingraph.cli.selection_options import Request

__all__ = ["command"]


@click.command(
    "robustness",
    epilog="Examples: twingraph analyse robustness --measure transitivity --measure mean_distance; "
    "twingraph analyse robustness --graph relations.tsv --variation without-cliques=27",
)
@click.option(
    "--measure", "measures", multiple=True, metavar="NAME", help="A measure of the structure; may be repeated."
)
@click.option(
    "--variation",
    "variations",
    multiple=True,
    metavar="NAME[=VALUE]",
    help="What to leave out or change; may be repeated [default: all that fit the data].",
)
@analysis_options
def command(request: Request, printing: Printing, measures: tuple[str, ...], variations: tuple[str, ...]) -> None:
    """Compute figures again with something left out, and show how far they move.

    Variations: without-domestic, without-multilateral, multilateral-as-star, without-union=KEY (or each-union),
    without-source=ID (or each-source), only-checked, two-sources, without-cliques=N (ties in groups of N or more
    that are all tied with each other), without-place=KEY.
    """
    from twingraph.analysis.robustness import VARIATIONS
    from twingraph.analysis.structure import MEASURES
    from twingraph.findings.robustness import find_robustness
    from twingraph.networks.selecting import select

    for option, names, known in (("--measure", measures, MEASURES), ("--variation", variations, VARIATIONS)):
        for name in names:
            word, equals, _ = name.partition("=")
            if word + equals not in known:
                message = f"there is no {option[2:]} {name!r}; there are {_listed(known)}."
                raise click.BadParameter(message, param_hint=option)
    with request.opened() as (table, _):
        network = select(table, request.selection)
        with Progress() as progress:
            findings = find_robustness(
                table, network, measures=list(measures), variations=list(variations), progress=progress
            )
    print_findings(findings, network, printing)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{name}VALUE" if name.endswith("=") else name for name in names)
