"""``twingraph serve``."""

from __future__ import annotations

from pathlib import Path

import click

from twingraph.cli.options import store_option

__all__ = ["command"]


@click.command("serve", epilog="Examples: twingraph serve; twingraph serve --port 8080 --timeout 30 --workers 8")
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, metavar="NAME", help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="N",
    help="Port to listen at; 0 takes a free one.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1, max=3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Stop a query after this time.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=4, show_default=True, metavar="N", help="Queries at the same time."
)
@click.option(
    "--memory",
    type=click.IntRange(min=64),
    default=2048,
    show_default=True,
    metavar="MB",
    help="Memory that a query may take.",
)
@click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="URL",
    help="Let queries call this endpoint with SERVICE. May be repeated.",
)
@click.option("--base-url", metavar="URL", help="Address under which visitors see the server, behind a proxy.")
@click.option("--quiet", is_flag=True, help="Keep no log of requests.")
def command(
    store: Path | None,
    host: str,
    port: int,
    timeout: float,
    workers: int,
    memory: int,
    services: tuple[str, ...],
    base_url: str | None,
    quiet: bool,
) -> None:
    """Serve the graph: a SPARQL endpoint, a query API, and pages to read.

    Ctrl-C stops it. It is for reading only; put a proxy such as nginx or Caddy in front of it for the public.
    """
    from twingraph.resources import default_store
    from twingraph.serving.server import serve
    from twingraph.serving.settings import Settings

    for name, value in (("--allow-service", services), ("--base-url", [base_url] if base_url else [])):
        for address in value:
            if not address.startswith(("http://", "https://")) or any(char.isspace() for char in address):
                raise click.BadParameter(
                    f"{address!r} is no address; one starts with http:// or https://", param_hint=name
                )
    settings = Settings(
        store=store or default_store(),
        timeout=timeout,
        workers=workers,
        max_memory=memory << 20,
        services=frozenset(services),
        base_url=base_url,
    )
    serve(settings, host, port, say=lambda line: click.echo(line, err=True), log_requests=not quiet)
