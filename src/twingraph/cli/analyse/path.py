"""``twingraph analyse path``."""

from __future__ import annotations

import click

from twingraph.cli.analyse.options import Printing, analysis_options
from twingraph.cli.finding_output import print_findings
from twingraph.cli.selection_options import Request, find_key

__all__ = ["command"]


@click.command(
    "path",
    epilog='Examples: twingraph analyse path Helmstedt "Xi\'an"; twingraph analyse path Leeds@GB Dortmund --as-of 1975',
)
@click.argument("one", metavar="ONE")
@click.argument("other", metavar="OTHER")
@click.option("--undated", is_flag=True, help="Let chains in time use ties whose start nobody knows.")
@analysis_options
def command(request: Request, printing: Printing, one: str, other: str, undated: bool) -> None:
    """Show the shortest chains of ties between two municipalities, and the earliest that time allowed.

    ONE and OTHER are names in any language, keys such as Q486562, Name@CC, or the nodes of a file.
    """
    from twingraph.errors import AnalysisError
    from twingraph.findings.paths import find_path
    from twingraph.networks.selecting import select

    with request.opened() as (table, graph):
        network = select(table, request.selection)
        ends = [find_key(table, graph, name) for name in (one, other)]
    for key in ends:
        if key not in network.possible:
            raise AnalysisError(
                f"{table.places[key].name} ({key}) has no tie in this selection: {network.description}. Widen it, with "
                "another time for example."
            )
    findings = find_path(network, *ends, undated=undated)
    print_findings(findings, network, printing)
