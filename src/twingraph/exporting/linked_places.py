"""Networks in the Linked Places format (its context 1.1), which the World Historical Gazetteer and Recogito take.

Source of the format: https://github.com/LinkedPasts/linked-places-format
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from twingraph.exporting.model import Export, Source

__all__ = ["to_lpf"]

_CONTEXT = "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
#: The format has three degrees of certainty; without a known start nothing is said of time at all.
_CERTAINTY = {"certain": "certain", "possible": "less-certain", "undated": "uncertain"}
_PLAIN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z", re.ASCII)


def to_lpf(export: Export) -> bytes:
    """Return a feature for each place, with its ties as relations; each tie stands at both of its ends."""
    graph = export.network.possible
    sources = {source.id: source for source in export.sources}
    features = []
    for node, values in graph.nodes(data=True):
        relations = [_relation(graph, other, edge, sources) for other, edge in graph.adj[node].items()]
        cited = sorted({key for edge in graph.adj[node].values() for key in edge.get("source_ids", "").split()})
        name: dict[str, Any] = {"toponym": str(values.get("name", node))}
        if cited:
            name["citations"] = [_citation(sources.get(key) or Source(key, key)) for key in cited]
        properties: dict[str, Any] = {"title": name["toponym"]}
        if len(str(values.get("country", ""))) == 2:
            properties["ccodes"] = [values["country"]]
        feature: dict[str, Any] = {
            "@id": _iri(node, values),
            "type": "Feature",
            "properties": properties,
            "names": [name],
            "geometry": {"type": "GeometryCollection", "geometries": _points(values)},
            "relations": relations,
        }
        if values.get("type") != "union":
            feature["types"] = [{"identifier": "aat:300008347", "label": "inhabited place"}]
        features.append(feature)
    document = {
        "type": "FeatureCollection",
        "@context": _CONTEXT,
        "descriptions": [{"value": f"{name}: {value}"} for name, value in _told(export)],
        "features": features,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _told(export: Export) -> list[tuple[str, Any]]:
    about = export.about()
    return [
        (name, ", ".join(value) if isinstance(value, list) else value) for name, value in about.items() if value != []
    ]


def _iri(node: Any, values: dict[str, Any]) -> str:
    """Return the IRI of a place; of a place of a file, which has none, one that tells it apart within the file."""
    iri: str | None = values.get("iri")
    return iri or f"urn:twingraph:place:{quote(str(node), safe='')}"


def _points(values: dict[str, Any]) -> list[dict[str, Any]]:
    if "lat" not in values or "long" not in values:
        return []
    return [{"type": "Point", "coordinates": [values["long"], values["lat"]]}]


def _relation(graph: Any, other: Any, edge: dict[str, Any], sources: dict[str, Source]) -> dict[str, Any]:
    target = graph.nodes[other]
    relation: dict[str, Any] = {
        "relationType": "gvp:tgn3000_related_to",
        "relationTo": _iri(other, target),
        "label": f"{edge.get('kind', 'tie')} with {target.get('name', other)}",
        "certainty": _CERTAINTY[edge["certainty"]],
    }
    start, end = _moment(edge, "start"), _moment(edge, "end")
    if start is None and end is not None:
        # A time span begins with its start: of this one it is known that it does not lie after the end.
        start = {"latest": end.get("in") or end.get("latest") or end["earliest"]}
    if start:
        relation["when"] = {"timespans": [{"start": start, **({"end": end} if end else {})}]}
    if edge.get("source_ids"):
        relation["citations"] = [_citation(sources.get(key) or Source(key, key)) for key in edge["source_ids"].split()]
    return relation


def _moment(edge: dict[str, Any], name: str) -> dict[str, str] | None:
    """Return a date as the format writes it: as it is given, or by its bounds."""
    text = edge.get(name)
    if text and _PLAIN.match(text):
        return {"in": text}
    bounds = {bound: edge[f"{name}_{bound}"] for bound in ("earliest", "latest") if f"{name}_{bound}" in edge}
    return bounds or None


def _citation(source: Source) -> dict[str, str]:
    return {"label": source.title, **({"@id": source.url} if source.url else {})}
