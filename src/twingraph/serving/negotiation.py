"""Which form of an answer a client asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["MEDIA_TYPES", "RDF_TYPES", "RESULT_TYPES", "choose"]

#: Media type → form, for SELECT and ASK; the first is the one for clients that take anything.
RESULT_TYPES: Mapping[str, str] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
#: The same for CONSTRUCT and DESCRIBE.
RDF_TYPES: Mapping[str, str] = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/x-turtle": "turtle",
    "text/plain": "ntriples",
    "application/json": "jsonld",
    "application/xml": "rdfxml",
    "text/xml": "rdfxml",
}
#: Form → the media type that the answer says it has.
MEDIA_TYPES: Mapping[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8; header=present",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "turtle": "text/turtle; charset=utf-8",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type that a client prefers of those offered; None where it takes none of them.

    The most specific range that covers a type counts (RFC 9110, 12.5.1); of equal preferences the first offered wins.

    Args:
        accept: the header's value; None or an empty one takes anything.
        offered: media types, in the order of preference of the server.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [found for part in accept.split(",") if (found := _range(part)) is not None]
    best: tuple[float, int] | None = None
    for place, media_type in enumerate(offered):
        quality = _quality(media_type, ranges)
        if quality > 0 and (best is None or quality > best[0]):
            best = (quality, place)
    return None if best is None else offered[best[1]]


def _range(text: str) -> tuple[str, float] | None:
    name, *parameters = (part.strip() for part in text.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = float(value.strip())
            except ValueError:
                return None
            # NaN is no number between 0 and 1 either.
            if not 0 <= quality <= 1:
                return None
    return (name.lower(), quality) if "/" in name else None


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    kind = media_type.partition("/")[0]
    for wanted in (media_type, f"{kind}/*", "*/*"):
        for name, quality in ranges:
            if name == wanted:
                return quality
    return 0.0
