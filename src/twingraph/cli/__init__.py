"""The command line. Each command parses, calls one function and prints; its module is loaded when it runs."""

from __future__ import annotations

import os
import sys

import click

from twingraph.cli.lazy import LazyGroup
from twingraph.errors import TwingraphError

__all__ = ["cli", "main"]

_NO_STDOUT = "standard output is closed, so nothing can be printed; open it, or send it to /dev/null."

#: Command → (module with a click command of that name, one line for ``--help``). The lines stand here so
#: that ``twingraph --help`` loads no command.
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("build", "Build the graph from the source data."),
    "analyse": ("analyse", "Analyse how the network of ties hangs together."),
    "check": ("check", "Look for gaps and contradictions in the graph."),
    "explain": ("explain", "Show the claims behind a tie, side by side."),
    "export": ("export", "Write ties as a file for Gephi, a GIS, a reference manager."),
    "harvest": ("harvest", "Bring statements in from Wikidata."),
    "import": ("import", "Bring a table, a list or a graph file in as a source."),
    "network": ("network", "Select ties as a network, and write it as a graph file."),
    "query": ("query", "Ask a SPARQL query: from the library, a file or stdin."),
    "queries": ("queries", "List the query library, or describe one query."),
    "serve": ("serve", "Serve a SPARQL endpoint, a query API and pages."),
    "resolve": ("resolve", "Match written names with municipalities; decide open cases."),
    "show": ("show", "Show all that is known about a municipality."),
    "sources": ("sources", "List the sources and what they state."),
}


@click.group(
    cls=LazyGroup,
    members={name: (f"twingraph.cli.{module}_command", line) for name, (module, line) in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: twingraph build && twingraph show Helmstedt",
)
@click.version_option(package_name="twingraph", message="%(prog)s %(version)s")
def cli() -> None:
    """twingraph: who twinned with whom, when, and who says so.

    Exit codes: 0 done; 1 the input or the data is wrong; 2 wrong usage.
    """


def main() -> None:
    """Run the command line; print every error of twingraph's own as one paragraph, without a traceback."""
    has_stdout = sys.stdout is not None
    _fill_streams()
    for stream in (sys.stdout, sys.stderr):
        # Names of towns need UTF-8, also under LC_ALL=C and on Windows' pipes.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = cli.main([_as_utf8(argument) for argument in sys.argv[1:]], standalone_mode=False)
        sys.stdout.flush()
    except TwingraphError as error:
        _complain(str(error))
        code = 1
    except click.exceptions.Abort:
        _complain("stopped; nothing was changed.")
        code = 130
    except KeyboardInterrupt:
        _complain("stopped; nothing was changed.")
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python must not complain again while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except OSError as error:
        message = f"{error.filename or 'the output'}: {error.strerror or error}; the output is incomplete."
        _complain(message if has_stdout or error.filename else _NO_STDOUT)
        # What is left in its buffer can't be written either, and Python must not try again.
        sys.stdout = None
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _fill_streams() -> None:
    """Open the null device where the caller closed stdin, stdout or stderr.

    A file opened later would take the number of the closed stream, and what is printed would go into it.
    Standard output is opened for reading, so that printing fails instead of vanishing.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, mode) != number:
                raise
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", closefd=False)


def _as_utf8(argument: str) -> str:
    """Return an argument as the terminal wrote it: under LC_ALL=C Python may not read its letters."""
    try:
        return os.fsencode(argument).decode()
    except UnicodeError:
        return argument


def _complain(message: str) -> None:
    click.echo(f"Error: {message}", err=True)
