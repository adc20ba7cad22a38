"""How commands print what they found: text for the terminal, Markdown, or JSON."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from twingraph.portraits.pages import Page

__all__ = ["language_option", "terminal_width", "to_json", "write_page"]

F = TypeVar("F", bound=Callable[..., Any])

_NARROWEST, _WIDEST = 60, 120


def language_option(function: F) -> F:
    """``--lang``."""
    from twingraph.portraits.asking import LANGUAGES

    return click.option(
        "--lang",
        "language",
        type=click.Choice(LANGUAGES),
        default="local",
        show_default=True,
        help="Language of names and concepts; local takes the name used in the place.",
    )(function)


def terminal_width() -> int:
    """Return how wide text may be: the terminal's width within reason, 80 where there is none."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, _NARROWEST), _WIDEST)


def to_json(found: Any) -> str:
    """Return dataclasses, or dictionaries and lists of them, as indented JSON."""
    return json.dumps(_plain(found), ensure_ascii=False, indent=2)


def write_page(found: Any, layout: Callable[[], Page], output_format: str) -> None:
    """Print what was found as JSON, or its page as text or Markdown."""
    if output_format == "json":
        click.echo(to_json(found))
        return
    from twingraph.portraits.pages import to_markdown, to_text

    page = layout()
    click.echo(to_markdown(page) if output_format == "markdown" else to_text(page, terminal_width()), nl=False)


def _plain(found: Any) -> Any:
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        return {item.name: _plain(getattr(found, item.name)) for item in dataclasses.fields(found)}
    if isinstance(found, dict):
        return {key: _plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_plain(item) for item in found]
    return found
