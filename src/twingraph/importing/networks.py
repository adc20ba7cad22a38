"""Import a graph file: GEXF or GraphML with labels, or Linked Places; nodes are places, edges ties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.parsers import expat

from twingraph.errors import DataError
from twingraph.importing.intake import Intake
from twingraph.importing.mapping import tie_field
from twingraph.importing.outcome import Outcome, finish, source_id
from twingraph.importing.reading import read_json
from twingraph.importing.sheets import MAX_FILE
from twingraph.importing.values import Rejected, StatedPlace, check_value, read_place, read_tie, to_word
from twingraph.names import search_key
from twingraph.sourcedata.tables import cell_fault

__all__ = ["import_network"]

#: Attributes of nodes by the names that other programs give them.
_OF_NODES: dict[str, tuple[str, ...]] = {
    "name": ("label", "name", "title"),
    "country": ("country_code", "country", "countrycode", "land"),
    "lat": ("lat", "latitude"),
    "long": ("long", "lon", "lng", "longitude"),
    "wikidata_id": ("wikidata_id", "wikidata", "qid"),
    "geonames_id": ("geonames_id", "geonames", "geonameid"),
    "population": ("pop", "population"),
    "level": ("level",),
}
#: Types of relations and words of their labels that mean a partnership, beside the words for our kinds.
_RELATIONS = dict.fromkeys(
    ("p190", "twin", "twinned with", "partner", "partner town", "partner city", "sister town"), "partnership"
)
#: Types that only say that two places have to do with each other: the label tells in what way.
_RELATED = ("", "related", "related to")
_QID = re.compile(r"Q[1-9]\d{0,11}\Z")


def import_network(
    path: Path,
    data: Path,
    *,
    source: str | None = None,
    metadata: dict[str, str] | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Read a graph file as a source and write it into a data folder.

    Node attributes that are read are `_OF_NODES`, those of edges the columns of a tie that a table may have (see
    `tie_field`); a node id that is a QID is taken as one. A directed graph gives one claim for each direction. Of
    Linked Places, relations that mean a partnership are read; what is not read is told in the outcome's notes.

    Raises:
        DataError: the file is broken or of another form; nothing came in.
    """
    if not path.is_file():
        what = "does not exist" if not path.exists() else "is a folder" if path.is_dir() else "is no regular file"
        raise DataError(f"{what}; give GEXF, GraphML or Linked Places", file=path)
    if path.stat().st_size > MAX_FILE:
        raise DataError(f"is larger than {MAX_FILE >> 20} MiB", file=path)
    suffix = path.suffix.lower()
    intake = Intake()
    unread: Counter[str] = Counter()
    notes: list[str] = []
    if suffix in (".json", ".geojson", ".jsonld"):
        others = _take_linked_places(read_json(path), intake, path)
        if others:
            notes.append(f"relations that mean no partnership are not read: {_counted(others)}")
    elif suffix in (".gexf", ".graphml", ".xml"):
        from twingraph.networks.from_files import read_xml

        undescribed: set[str] = set()
        content = path.read_bytes()
        graph = read_xml(content, str(path), suffix)
        _check_ids(content, path)
        of_nodes = _lowered(graph.graph.get("node_default") or {})
        of_edges = graph.graph.get("edge_default") or {}
        is_dynamic = graph.graph.get("mode") == "dynamic"
        nodes = {node: _lowered(values) for node, values in graph.nodes(data=True)}
        if any(nodes.values()):
            # The reader makes nodes of all that edges name.
            undescribed = {str(node) for node, values in nodes.items() if not values and not _QID.match(str(node))}
        for number, (one, other, values) in enumerate(graph.edges(data=True), 1):
            ends = (str(one), {**of_nodes, **nodes[one]}), (str(other), {**of_nodes, **nodes[other]})
            tie = {**of_edges, **values}
            tie.pop("id", None)
            if is_dynamic and "certainty" in tie:
                # Of an export of twingraph: start and end are for a timeline, which ends today what lasts.
                tie = {name: value for name, value in tie.items() if name not in ("start", "end")}
            unread.update(_take(intake, number, f"edge {number}", *ends, tie, undescribed))
    else:
        raise DataError(f"its ending {suffix!r} is not known; give .gexf, .graphml or Linked Places (.json)", file=path)
    if unread:
        notes.append(f"data of edges that are not read: {_counted(unread)}")
    about = {"title": path.name, **(metadata or {})}
    return finish(intake, data, source or source_id(path.stem), about, dry_run=dry_run, notes=notes)


def _counted(found: Counter[str]) -> str:
    shown = [f"{name[:60]} ({count:,})" for name, count in found.most_common(20)]
    return ", ".join([*shown, *([f"and {len(found) - 20:,} more"] if len(found) > 20 else [])])


def _check_ids(content: bytes, path: Path) -> None:
    """See that no two nodes of an XML file have one id; the library would keep the last of them.

    Raises:
        DataError: two have.
    """
    seen: set[str] = set()

    def begin(tag: str, attributes: dict[str, str]) -> None:
        key = attributes.get("id")
        if tag.rpartition(":")[2] == "node" and key is not None:
            if key in seen:
                raise DataError(f"two nodes have the id {key[:60]!r}; give each its own", file=path)
            seen.add(key)

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.Parse(content, True)


def _take(
    intake: Intake,
    number: int,
    locator: str,
    first: tuple[str, Mapping[str, Any]],
    partner: tuple[str, Mapping[str, Any]],
    tie: Mapping[str, Any],
    undescribed: Collection[str] = (),
) -> list[str]:
    """Take one edge, or reject it: also if it names a node that the file does not describe.

    Returns:
        The names of what the edge says that is not read.
    """
    intake.read += 1
    unread: list[str] = []
    try:
        for column, (key, _) in (("source", first), ("target", partner)):
            if key in undescribed:
                raise Rejected(f"the file says nothing about the node {key[:40]!r}", column)
        names, unread = _fields(tie)
        texts = {what: _first(tie, [name]) for what, name in names.items()}
        for what, text in _only_time(tie):
            texts.setdefault(what, text)
            names.setdefault(what, what)
        for what, text in texts.items():
            check_value(text, names[what])
        own = texts.pop("locator", "")
        if own and not cell_fault(own):
            locator = f"{own}; {locator}"
        read = read_tie(texts, names.get, lambda what, text: to_word(what, text, {}))
        intake.add(number, locator, _node(*first), _node(*partner), read)
    except Rejected as error:
        cells = {"source": first[0], "target": partner[0], **{str(key): str(value) for key, value in tie.items()}}
        intake.reject(number, error, cells)
    return unread


def _fields(tie: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Return which of an edge's data is which field of a tie, and the names of what is none or one stated twice."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    unread = []
    for name, value in tie.items():
        if name in _TIMES:
            continue
        found = tie_field(name)
        text = _first(tie, [name])
        if found and found[0] == "kind" and found[1] and text and not _is_kind(text):
            # Such as the type of an edge, which may be directed.
            unread.append(f"{name} {text[:30]!r}")
        elif found and text:
            ranked.setdefault(found[0], []).append((found[1], name))
        elif text or isinstance(value, (dict, list)):
            unread.append(name)
    names = {}
    for what, candidates in ranked.items():
        (_, names[what]), *further = sorted(candidates)
        unread += [name for _, name in further]
    return names, unread


def _is_kind(text: str) -> bool:
    try:
        to_word("kind", text, {})
    except ValueError:
        return False
    return True


#: What GEXF calls the times of an edge that has several.
_TIMES = ("spells", "slices")


def _only_time(tie: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield start and end of the time that an edge has as a list.

    Raises:
        Rejected: it has several.
    """
    for name in _TIMES:
        times = tie.get(name) or []
        if len(times) > 1:
            raise Rejected(f"it has {len(times)} times; give each an edge of its own", name)
        for time in times:
            for what, value in zip(("start", "end"), time, strict=True):
                if text := _first({what: value}, [what]):
                    yield what, text


def _lowered(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in values.items()}


def _node(key: str, values: Mapping[str, Any]) -> StatedPlace:
    texts = {what: _first(values, names) for what, names in _OF_NODES.items()}
    name = texts.pop("name") or key
    return read_place(name, {**texts, "id": key}, lambda what: what, lambda what, text: to_word(what, text, {}))


def _first(values: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = values.get(name)
        if value is None or isinstance(value, (dict, list)):
            continue
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = " ".join(str(value).split())
        if text.lower() not in ("", "nan", "none"):
            return text
    return ""


def _take_linked_places(found: Any, intake: Intake, path: Path) -> Counter[str]:
    """Take the relations of a FeatureCollection of Linked Places (https://github.com/LinkedPasts/linked-places-format).

    Returns:
        How often there are relations of which types that mean no partnership.
    """
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise DataError("is no FeatureCollection of Linked Places", file=path)
    places: dict[str, dict[str, Any]] = {}
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or not feature.get("@id"):
            raise DataError("is no feature with an @id", file=path, row=number)
        if str(feature["@id"]) in places:
            raise DataError(f"two features have the @id {str(feature['@id'])[:60]!r}", file=path, row=number)
        places[str(feature["@id"])] = _feature(feature)
    number = 0
    others: Counter[str] = Counter()
    for feature in features:
        own = str(feature["@id"])
        relations = feature.get("relations") or []
        for relation in relations if isinstance(relations, list) else []:
            if not isinstance(relation, dict):
                continue
            number += 1
            kind = _kind_of_relation(relation)
            if kind is None:
                others[str(relation.get("relationType") or "without a type")] += 1
                continue
            other = str(relation.get("relationTo") or "")
            partner = places.get(other) or _named_by_id(other)
            undescribed = () if partner else (other,)
            tie = {"kind": kind, **_when(relation.get("when"))}
            ends = (own, places[own]), (other, partner)
            _take(intake, number, f"relation {number} ({own})"[:200], *ends, tie, undescribed)
    return others


def _kind_of_relation(relation: Mapping[str, Any]) -> str | None:
    """Return the kind of tie that a relation means, "" for a tie of no kind that is told, None for no partnership."""
    local = re.split(r"[:/#]", str(relation.get("relationType") or ""))[-1]
    word = search_key(re.sub(r"^tgn\d+|(?<=[a-z])(?=[A-Z])", " ", local))
    if word in _RELATED:
        word = search_key(re.split(r"\s(?:with|of|mit|avec)\s", str(relation.get("label") or ""))[0])
    if word == "tie":
        return ""
    try:
        return to_word("kind", word, _RELATIONS)
    except ValueError:
        return None


def _feature(feature: dict[str, Any]) -> dict[str, Any]:
    given = feature.get("properties")
    properties: dict[str, Any] = given if isinstance(given, dict) else {}
    values: dict[str, Any] = {"name": properties.get("title") or ""}
    for named in feature.get("names") or []:
        if not values["name"] and isinstance(named, dict):
            values["name"] = named.get("toponym") or ""
    codes = properties.get("ccodes")
    if isinstance(codes, list) and len(codes) == 1:
        values["country"] = codes[0]
    geometry = feature.get("geometry")
    if isinstance(geometry, dict):
        point = geometry if geometry.get("type") == "Point" else next(iter(geometry.get("geometries") or [{}]), {})
        spot = point.get("coordinates") if isinstance(point, dict) else None
        if isinstance(spot, list) and len(spot) >= 2:
            values["long"], values["lat"] = spot[0], spot[1]
    for link in feature.get("links") or []:
        values |= _linked(str(link.get("identifier", "")) if isinstance(link, dict) else "")
    return values


def _linked(identifier: str) -> dict[str, str]:
    """Return the Wikidata or GeoNames id that an identifier ends with."""
    tail = re.split(r"[:/]", identifier.rstrip("/"))[-1]
    if _QID.match(tail):
        return {"wikidata_id": tail}
    if re.match(r"(?:gn:|.*geonames)", identifier) and tail.isdecimal():
        return {"geonames_id": tail}
    return {}


def _named_by_id(identifier: str) -> dict[str, str]:
    """Return what an identifier tells of a place that the file does not describe: its QID, as which it is named."""
    qid = _linked(identifier).get("wikidata_id")
    return {"name": qid, "wikidata_id": qid} if qid else {}


def _when(when: Any) -> dict[str, Any]:
    """Return the times of a relation, as an edge of GEXF has them."""
    spans = when.get("timespans") if isinstance(when, dict) else None
    given = [span for span in spans if isinstance(span, dict)] if isinstance(spans, list) else []
    return {"spells": [(_moment(span.get("start")), _moment(span.get("end"))) for span in given]} if given else {}


def _moment(part: Any) -> str:
    """Return a start or an end as EDTF: a date, or one between its earliest and its latest."""
    if not isinstance(part, dict):
        return ""
    earliest, latest = (str(part.get(bound) or "") for bound in ("earliest", "latest"))
    if part.get("in") or earliest == latest:
        return str(part.get("in") or earliest)
    return f"{earliest or '..'}/{latest or '..'}"
