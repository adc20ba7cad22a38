"""A group of commands whose modules are loaded when they run, so that ``--help`` loads none."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from twingraph.querying.wording import shown

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """A click group.

    Args:
        members: command → (module with an attribute ``command``, one line for ``--help``).
    """

    def __init__(self, *args: Any, members: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in order."""
        return list(self.members)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in self.members:
            return None
        command: click.Command = importlib.import_module(self.members[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed, or say which is near."""
        name = args[0]
        if name not in self.members and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, self.members, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" The commands are {', '.join(self.members)}."
            raise click.UsageError(f"There is no command {shown(name)}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lines without loading a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.members.items()])
