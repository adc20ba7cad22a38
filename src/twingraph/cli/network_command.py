"""``twingraph network``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twingraph.cli.options import format_option, path_type
from twingraph.cli.output import terminal_width, to_json
from twingraph.cli.query_command import write_answer
from twingraph.cli.selection_options import Request, network_options
from twingraph.querying.wording import plural

if TYPE_CHECKING:
    from twingraph.networks.model import Network

__all__ = ["command"]


def _writer(module: str, name: str) -> Callable[[Network], bytes]:
    def write(network: Network) -> bytes:
        import importlib

        from twingraph.exporting.model import Export

        content: bytes = getattr(importlib.import_module(f"twingraph.exporting.{module}"), name)(Export(network))
        return content

    return write


_WRITERS = {
    ".graphml": _writer("graph_files", "to_graphml"),
    ".gexf": _writer("graph_files", "to_gexf"),
    ".csv": _writer("table_files", "to_edge_list"),
    ".json": _writer("graph_files", "to_node_link"),
}


@click.command(
    "network",
    epilog="Examples: twingraph network --as-of 1989-11-09 --kind partnership; "
    "twingraph network --country FR --multilateral star -o france.graphml",
)
@network_options
@click.option(
    "--output",
    "-o",
    type=path_type,
    metavar="FILE",
    help="Write the network: .graphml, .gexf, .csv (edge list) or .json (NetworkX node-link data).",
)
@format_option("text", "json", default="text")
def command(request: Request, output: Path | None, output_format: str) -> None:
    """Select ties as a network; say what was selected, and how large it is.

    A file written holds all ties that possibly were in force; the attribute certainty of each says whether it
    certainly was.
    """
    if output is not None and output.suffix.lower() not in _WRITERS:
        raise click.UsageError(f"--output: {output.name} must end with one of {', '.join(_WRITERS)}.")
    network = request.network()
    if output is not None:
        write_answer(_WRITERS[output.suffix.lower()](network), output)
    summary = _summary(network)
    if output_format == "json":
        click.echo(to_json(summary))
        return
    import textwrap

    lines = [
        f"Selection: {summary['selection']}",
        f"Data: {summary['data']}",
        *(f"Note: {note}" for note in network.notes),
    ]
    for line in lines:
        click.echo(textwrap.fill(line, terminal_width(), subsequent_indent="  ", break_long_words=False))
    possible = summary["possible"]
    if network.certain is network.possible:
        click.echo(f"Places: {possible['places']:,}; pairs: {possible['pairs']:,}; ties: {possible['ties']:,}")
    else:
        certain = summary["certain"]
        for name, counts in (("Certainly", certain), ("Possibly", possible)):
            click.echo(
                f"{name} in force: {plural(counts['ties'], 'tie')}, {plural(counts['pairs'], 'pair')}, "
                f"{plural(counts['places'], 'place')}"
            )
    click.echo(f"Ties without a known start: {network.undated:,} ({network.undated_share:.0%})")
    if output is not None:
        click.echo(f"Written: {output}")


def _summary(network: Network) -> dict[str, Any]:
    """Return the selection and the sizes of its graphs as plain values."""
    return {
        "selection": network.description,
        "choices": network.selection.to_dict(),
        "data": str(network.origin),
        "certain": _sizes(network.certain, network.certain_count),
        "possible": _sizes(network.possible, network.selected),
        "undated": network.undated,
        "undated_share": network.undated_share,
        "notes": network.notes,
    }


def _sizes(graph: Any, ties: int) -> dict[str, int]:
    return {"places": graph.number_of_nodes(), "pairs": graph.number_of_edges(), "ties": ties}
