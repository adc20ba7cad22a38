"""The command line. Each command parses, calls one function and prints; its module is loaded when it runs."""

from __future__ import annotations

import importlib
import sys

import click

from twingraph.errors import TwingraphError

__all__ = ["cli", "main"]

#: Command → (module with a click command of that name, one line for ``--help``). The lines stand here so
#: that ``twingraph --help`` loads no command.
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("build", "Build the graph from the source data."),
    "check": ("check", "Look for gaps and contradictions in the graph."),
    "explain": ("explain", "Show the claims behind a tie, side by side."),
    "query": ("query", "Ask a SPARQL query: from the library, a file or stdin."),
    "queries": ("queries", "List the query library, or describe one query."),
    "show": ("show", "Show all that is known about a municipality."),
    "sources": ("sources", "List the sources and what they state."),
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"twingraph.cli.{COMMANDS[cmd_name][0]}_command")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" The commands are {', '.join(COMMANDS)}."
            raise click.UsageError(f"There is no command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=_LazyGroup,
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
    for stream in (sys.stdout, sys.stderr):
        # Names of towns need UTF-8, also under LC_ALL=C and on Windows' pipes.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = cli.main(standalone_mode=False)
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
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except OSError as error:
        _complain(f"{error.filename or 'the output'}: {error.strerror or error}; the output is incomplete.")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str) -> None:
    click.echo(f"Error: {message}", err=True)
