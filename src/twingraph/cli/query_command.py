"""``twingraph query``."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twingraph.answers.results import DEFAULT_FORMATS
from twingraph.cli.options import endpoint_option, native_path, open_target, path_type, store_option, timeout_option
from twingraph.errors import QueryError, QueryNotFoundError, TwingraphError
from twingraph.graph import find_query
from twingraph.querying.queries import LibraryQuery, parse_query
from twingraph.querying.wording import shown

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["command"]

_FORMATS = ("table", "csv", "tsv", "json", "xml", "markdown", "parquet", "turtle", "ntriples", "jsonld", "rdfxml")


def _read_params(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for value in values:
        name, equals, text = value.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{shown(value)} has no '='; write name=value, for instance town=Helmstedt.")
        found.append((name, text))
    return found


@click.command(
    "query",
    epilog="Example: twingraph query partners --param town=Helmstedt --format csv | head",
)
@click.argument("query", metavar="NAME|FILE|-")
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_read_params,
    help="A parameter of the query; may be repeated.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(_FORMATS),
    help="Form of the answer [default: table, or turtle for RDF].",
)
@click.option("--output", "-o", type=path_type, metavar="FILE", help="Write to a file.")
@store_option
@endpoint_option
@timeout_option
def command(
    query: str,
    params: list[tuple[str, str]],
    output_format: str | None,
    output: Path | None,
    store: Path | None,
    endpoint: str | None,
    timeout: float | None,
) -> None:
    """Ask a SPARQL query and print the answer.

    NAME is a query of the library (see twingraph queries), FILE a .rq file, - reads the query from stdin.
    """
    loaded = _load(query)
    if timeout is None:
        # The engine can't be interrupted from Python; a query that runs on must end with Ctrl-C all the same.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    with open_target(store, endpoint) as graph:
        result = graph.run(loaded.bind(params), timeout=timeout)
        hints = [] if result.kind != "select" or len(result) else _unknown_names(graph, loaded, params, timeout)
    if output_format == "parquet" and output is None and sys.stdout.isatty():
        raise click.UsageError("parquet is not for a terminal; name a file with --output.")
    to_terminal = output is None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if to_terminal else None
    write_answer(result.serialize(output_format or DEFAULT_FORMATS[result.kind], width=width), output)
    for hint in hints:
        click.echo(hint, err=True)


def _unknown_names(
    graph: Graph, query: LibraryQuery, params: list[tuple[str, str]], timeout: float | None
) -> list[str]:
    """Return a line for each name given that no municipality has, which may be why there are no rows."""
    from twingraph.portraits.asking import Asker
    from twingraph.portraits.finding import near_municipalities

    names = {parameter.name for parameter in query.parameters if parameter.type == "name"}
    lines = []
    asker = Asker(graph, timeout=timeout)
    for name, value in params:
        if name not in names:
            continue
        try:
            if asker.ask("portrait/bearers-of-name", name=value):
                continue
            near = near_municipalities(asker, value)
        except TwingraphError:
            # The answer stands without the hint.
            continue
        nearest = f"; near are {'; '.join(near)}" if near else ""
        lines.append(f"no municipality is called {shown(value)}{nearest}")
    return lines


def _load(query: str) -> LibraryQuery:
    """Return the query that the argument names: stdin, a file, or one of the library."""
    if query == "-":
        if sys.stdin is None:
            raise QueryError("standard input is closed; send the query to it, or give a file")
        try:
            return parse_query(sys.stdin.buffer.read().decode("utf-8-sig"), "")
        except UnicodeDecodeError as error:
            raise QueryError(f"the query on stdin is not UTF-8 (byte {error.start + 1}); send it as UTF-8") from None
    path = Path(native_path(query))
    # Unlike the method of Path, this also takes names that are too long for a file.
    if os.path.exists(path):  # noqa: PTH110
        return find_query(path)
    try:
        return find_query(query)
    except QueryNotFoundError as error:
        if not query.endswith(".rq") and (path.suffix or len(path.parts) > 2):
            raise QueryNotFoundError(f"there is no file {shown(query)}, and {error}") from None
        raise


def is_stream(output: Path) -> bool:
    """Return whether something that is neither file nor folder bears that name: a pipe, a terminal, a device."""
    return output.exists() and not output.is_file() and not output.is_dir()


def require_writable(output: Path) -> None:
    """Make sure that a file can be written, before long work is done for it; nothing is changed.

    Raises:
        TwingraphError: its folder does not exist or can't be written to, or there is a folder of its name.
    """
    target = _linked_file(output)
    if target.is_dir():
        problem = "it is a folder"
    elif is_stream(output):
        if os.access(output, os.W_OK):
            return
        problem = "no permission"
    elif not target.parent.is_dir():
        problem = f"there is no folder {target.parent}"
    elif not os.access(target.parent, os.W_OK):
        problem = "its folder can't be written to"
    else:
        return
    raise TwingraphError(f"{output}: can't be written ({problem}); choose another place with --output.")


def write_answer(answer: bytes, output: Path | None) -> None:
    """Write an answer to stdout, or to a file that appears only when it is whole.

    A file that is there already keeps its permissions, and a link to it stays one. A pipe or a device is written to as
    it is.

    Raises:
        TwingraphError: the file can't be written; what was there before still is.
    """
    if output is None:
        sys.stdout.buffer.write(answer)
        if answer and not answer.endswith(b"\n") and sys.stdout.isatty():
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
        return
    try:
        if is_stream(output):
            with output.open("wb") as stream:
                stream.write(answer)
        else:
            _replace(_linked_file(output), answer)
    except OSError as error:
        raise TwingraphError(
            f"{output}: can't be written ({error.strerror}); choose another place with --output."
        ) from None


def _linked_file(output: Path) -> Path:
    """Return the file that a link leads to, which need not be there yet; any other path as it is."""
    if not output.is_symlink():
        return output
    try:
        return output.resolve()
    except (OSError, RuntimeError):
        raise TwingraphError(
            f"{output}: can't be written (it is a link to itself); choose another place with --output."
        ) from None


def _replace(target: Path, content: bytes) -> None:
    """Put a file in the place of another, in one step."""
    part = target.with_name(f".twingraph-{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            if target.exists():
                # Before the first byte, so that nobody reads who may not read the file.
                part.chmod(stat.S_IMODE(target.stat().st_mode))
            file.write(content)
        part.replace(target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
