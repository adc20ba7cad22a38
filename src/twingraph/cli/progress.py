"""What a command is doing, on one line of the terminal; nothing where stderr is no terminal."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

import click

__all__ = ["Progress"]

#: Seconds before a share is shown, and between two of them.
_PATIENCE, _PAUSE = 0.5, 0.1


class Progress:
    """Shows the running task and its share; use it in a ``with`` block, which clears the line at the end."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._task = ""
        self._began = self._last = 0.0

    def __enter__(self) -> Self:
        """Return the progress itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Clear the line."""
        self.clear()

    def say(self, task: str) -> None:
        """Show a task of unknown length."""
        if self._is_shown:
            click.echo(f"\r\x1b[K{task} …\r", nl=False, err=True)

    def __call__(self, task: str, done: int, total: int) -> None:
        """Show how much of a task is done, and about how long the rest takes."""
        if not self._is_shown:
            return
        now = time.monotonic()
        if task != self._task:
            self._task, self._began, self._last = task, now, 0.0
        if now - self._began < _PATIENCE or now - self._last < _PAUSE or not total:
            return
        self._last = now
        left = (now - self._began) * (total - done) / done if done else 0.0
        rest = f", about {left:.0f} s left" if left >= 1 else ""
        click.echo(f"\r\x1b[K{task}: {done / total:.0%}{rest}\r", nl=False, err=True)

    def clear(self) -> None:
        """Remove the line."""
        if self._is_shown:
            click.echo("\r\x1b[K", nl=False, err=True)
