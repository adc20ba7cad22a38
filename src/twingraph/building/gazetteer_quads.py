"""Municipalities and countries as quads, and who states their identifiers and coordinates."""

from __future__ import annotations

from collections.abc import Iterable

from twingraph.building.terms import (
    ALT_LABEL,
    LABEL,
    TERMS,
    A,
    QuadBuckets,
    concept_iri,
    iri,
    resource,
    text_literal,
    typed_literal,
    write_date,
)
from twingraph.dates import parse_edtf
from twingraph.names import search_key
from twingraph.sourcedata.model import Dataset, Municipality
from twingraph.vocab import (
    CONCLUSIONS_GRAPH,
    DCTERMS,
    GAZETTEER_GRAPH,
    GEO,
    GEOSPARQL,
    GN,
    SKOS,
    SOURCE_GRAPHS,
    WD,
    XSD,
)

__all__ = ["display_name", "write_gazetteer"]


def write_gazetteer(dataset: Dataset, buckets: QuadBuckets) -> dict[str, set[str]]:
    """Write municipalities and countries; return the names and search keys written for each municipality."""
    out = buckets.bucket(GAZETTEER_GRAPH)
    written: dict[str, set[str]] = {}
    extra: dict[str, list[tuple[str, str]]] = {}
    for more in dataset.names:
        extra.setdefault(more.municipality, []).append((more.name, more.language))
    for place in dataset.municipalities.values():
        written[place.key] = _write_municipality(place, extra.get(place.key, ()), buckets, out)
    for country in dataset.countries.values():
        this = resource("country", country.code)
        out.append(f"{this} {A} {TERMS['Country']}")
        out.append(f"{this} {TERMS['countryCode']} {text_literal(country.code)}")
        out.append(f"{this} {TERMS['displayName']} {text_literal(country.name_en)}")
        for language, name in (("de", country.name_de), ("en", country.name_en), ("fr", country.name_fr)):
            if name:
                out.append(f"{this} {LABEL} {text_literal(name, language)}")
        if country.continent:
            out.append(f"{this} {TERMS['isOnContinent']} {text_literal(country.continent)}")
        for column in ("start", "end"):
            text = getattr(country, column)
            if text:
                write_date(out, this, column, parse_edtf(text))
    return written


def _write_municipality(
    place: Municipality, extra: Iterable[tuple[str, str]], buckets: QuadBuckets, out: list[str]
) -> set[str]:
    this = resource("municipality", place.key)
    out.append(f"{this} {A} {TERMS['Municipality']}")
    out.append(f"{this} {TERMS['displayName']} {text_literal(display_name(place))}")
    out.append(f"{this} {TERMS['isInCountry']} {resource('country', place.country)}")
    out.append(f"{this} {TERMS['hasLevel']} <{concept_iri('level', place.level)}>")
    if place.language != "und":
        out.append(f"{this} {iri(DCTERMS.language)} {text_literal(place.language)}")
    best: dict[str, str] = {}
    for language, name in ((place.language, place.name), ("de", place.name_de), ("en", place.name_en)):
        if name:
            best[language] = name
    written = set()
    for language, name in best.items():
        literal = text_literal(name, language)
        written.add(literal)
        out.append(f"{this} {LABEL} {literal}")
    others = list(extra)
    if best.get(place.language) != place.name:
        others.append((place.name, place.language))
    for name, language in others:
        literal = text_literal(name, language)
        if literal not in written:
            written.add(literal)
            out.append(f"{this} {ALT_LABEL} {literal}")
    for key in {search_key(name) for name in (*best.values(), *(name for name, _ in others))} - {""}:
        literal = text_literal(key)
        written.add(f"search {literal}")
        out.append(f"{this} {TERMS['searchName']} {literal}")
    if place.lat and place.long:
        lat, long = _decimal(place.lat), _decimal(place.long)
        out.append(f"{this} {iri(GEO.lat)} {typed_literal(lat, XSD.decimal)}")
        out.append(f"{this} {iri(GEO.long)} {typed_literal(long, XSD.decimal)}")
        out.append(f"{this} {iri(GEOSPARQL.asWKT)} {_wkt(lat, long)}")
    for identifier in _identifiers(place):
        out.append(f"{this} {iri(SKOS.exactMatch)} {identifier[1]}")
    _write_gazetteer_claims(place, this, buckets)
    return written


def display_name(place: Municipality) -> str:
    """Return the one name to show where no language is asked for.

    The local name; where that is in another script, the English or German one, if a source has it.
    """
    if all(ch < "\u0250" or "\u1e00" <= ch < "\u2070" for ch in place.name):
        return place.name
    return place.name_en or place.name_de or place.name


def _identifiers(place: Municipality) -> list[tuple[str, str, str]]:
    """Return ``(source, IRI term, locator)`` of each identifier."""
    found = []
    if place.wikidata_id:
        found.append((place.wikidata_source, iri(WD + place.wikidata_id), f"item {place.wikidata_id}"))
    if place.geonames_id:
        found.append((place.geonames_source, iri(f"{GN}{place.geonames_id}/"), f"place {place.geonames_id}"))
    return found


def _write_gazetteer_claims(place: Municipality, this: str, buckets: QuadBuckets) -> None:
    """Write who states an identifier or the coordinates: one claim for each municipality and source."""
    by_source: dict[str, list[tuple[str, str]]] = {}
    locators: dict[str, str] = {}
    for source, term, locator in _identifiers(place):
        by_source.setdefault(source, []).append((TERMS["statesIdentifier"], term))
        locators.setdefault(source, locator)
    if place.lat and place.long:
        wkt = _wkt(_decimal(place.lat), _decimal(place.long))
        by_source.setdefault(place.coordinates_source, []).append((TERMS["statesCoordinates"], wkt))
    for source, facts in by_source.items():
        claim = resource("claim", source, f"place-{place.key}")
        out = buckets.bucket(SOURCE_GRAPHS + source)
        out.append(f"{claim} {A} {TERMS['Claim']}")
        out.append(f"{claim} {TERMS['isStatedBy']} {resource('source', source)}")
        locator = locators.get(source, f"entry {place.name}")
        out.append(f"{claim} {TERMS['locator']} {text_literal(locator)}")
        for predicate, term in facts:
            out.append(f"{claim} {predicate} {term}")
        buckets.bucket(CONCLUSIONS_GRAPH).append(f"{this} {TERMS['isSupportedBy']} {claim}")


def _wkt(lat: str, long: str) -> str:
    return typed_literal(f"POINT({long} {lat})", GEOSPARQL.wktLiteral)


def _decimal(text: str) -> str:
    """Return a decimal in the form the store keeps: no trailing zeros, so that both read the same."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    digits = digits.lstrip("0") or "0"
    if digits.startswith("."):
        digits = "0" + digits
    return "0" if digits == "0" else sign + digits
