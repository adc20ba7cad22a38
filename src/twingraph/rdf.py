"""Model and conclusions as N-Quads: the only place that mints IRIs of resources.

Every triple is written into exactly one named graph, since a query over the union of all graphs must see
each fact once (Oxigraph's union does not drop a triple that stands in two).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from twingraph.conclusions import Conclusions, Conflict, Partnership
from twingraph.dates import EdtfDate, parse_edtf
from twingraph.model import Dataset, Municipality, OtherClaim, PartnershipClaim, Source
from twingraph.names import search_key
from twingraph.resolution import Resolver
from twingraph.statements import SCHEMES
from twingraph.subjects import Subject, concluded_date
from twingraph.vocab import (
    CONCLUSIONS_GRAPH,
    DCTERMS,
    EDTF,
    GAZETTEER_GRAPH,
    GEO,
    GEOSPARQL,
    GN,
    ID,
    RDF,
    RDFS,
    SKOS,
    SOURCE_GRAPHS,
    TW,
    WD,
    XSD,
)

__all__ = ["QuadBuckets", "concept_iri", "write_quads"]

_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\x7f": "\\u007F"}
    | {chr(code): f"\\u{code:04X}" for code in range(32) if chr(code) not in "\n\r\t\b\f"}
)


def iri(text: str) -> str:
    """Return an IRI as an N-Quads term. The text must have been checked or minted here."""
    return f"<{text}>"


def text_literal(text: str, language: str = "") -> str:
    """Return a string, with its language if known, as an N-Quads term."""
    plain = f'"{text.translate(_ESCAPES)}"'
    return f"{plain}@{language}" if language and language != "und" else plain


def typed_literal(text: str, datatype: str) -> str:
    """Return a typed literal as an N-Quads term. `text` is in the type's lexical form."""
    return f'"{text}"^^<{datatype}>'


def concept_iri(scheme: str, notation: str) -> str:
    """Return the IRI of a SKOS concept.

    >>> concept_iri("kind", "friendship")
    'https://w3id.org/twingraph/id/kind/friendship'
    """
    return f"{ID}{scheme}/{notation}"


def resource(kind: str, *parts: str) -> str:
    """Return the IRI of a resource as an N-Quads term; parts are percent-encoded where needed."""
    # No safe part holds a slash, so one look at all of them together tells.
    if not _SAFE("".join(parts)):
        parts = tuple(quote(part, safe="") for part in parts)
    return f"<{ID}{kind}/{'/'.join(parts)}>"


_SAFE = re.compile(r"[A-Za-z0-9._~-]+\Z").match

_A = iri(RDF.type)
_LABEL = iri(RDFS.label)
_ALT = iri(SKOS.altLabel)
_EDTF = f"^^<{EDTF}>"
_DATE = f"^^<{XSD.date}>"
_INTEGER = f"^^<{XSD.integer}>"
_TRUE, _FALSE = typed_literal("true", XSD.boolean), typed_literal("false", XSD.boolean)


class _Terms(dict[str, str]):
    """Terms of the ontology as N-Quads terms, by local name."""

    def __missing__(self, name: str) -> str:
        term = self[name] = iri(TW + name)
        return term


_TW = _Terms()


class QuadBuckets:
    """N-Triples lines by named graph: what will be one N-Quads file."""

    def __init__(self) -> None:
        self.graphs: dict[str, list[str]] = {}

    def bucket(self, graph: str) -> list[str]:
        """Return the list of lines ``s p o`` of a graph; append to it."""
        return self.graphs.setdefault(graph, [])

    def settle(self) -> None:
        """Sort each graph's lines and drop repetitions; what is read later comes in this order."""
        self.graphs = {graph: sorted(set(self.graphs[graph])) for graph in sorted(self.graphs)}

    def text(self, size: int = 10_000) -> Iterable[str]:
        """Yield all quads as N-Quads, in pieces of at most `size` lines."""
        for graph, lines in self.graphs.items():
            end = f" <{graph}> .\n"
            for at in range(0, len(lines), size):
                yield end.join(lines[at : at + size]) + end


def write_quads(dataset: Dataset, resolver: Resolver, conclusions: Conclusions, subjects: list[Subject]) -> QuadBuckets:
    """Return the whole graph but the vocabulary as lines by named graph, not yet settled."""
    buckets = QuadBuckets()
    labels = _write_gazetteer(dataset, buckets)
    for source in dataset.sources.values():
        _write_source(source, dataset, conclusions, buckets)
    out = buckets.bucket(CONCLUSIONS_GRAPH)
    for claim in dataset.partnership_claims:
        _write_partnership_claim(claim, dataset, resolver, labels, buckets, out)
    for other in dataset.other_claims:
        _write_other_claim(other, buckets)
    countries = {key: place.country for key, place in dataset.municipalities.items()}
    names = {key: display_name(place) for key, place in dataset.municipalities.items()}
    for found in conclusions.partnerships.values():
        _write_partnership(found, names, countries, out)
    _write_derived(conclusions, countries, out)
    for subject in subjects:
        _write_subject(subject, dataset, buckets, out)
    return buckets


# --- gazetteer -------------------------------------------------------------------------------------------


def _write_gazetteer(dataset: Dataset, buckets: QuadBuckets) -> dict[str, set[str]]:
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
        out.append(f"{this} {_A} {_TW['Country']}")
        out.append(f"{this} {_TW['countryCode']} {text_literal(country.code)}")
        out.append(f"{this} {_TW['displayName']} {text_literal(country.name_en)}")
        for language, name in (("de", country.name_de), ("en", country.name_en), ("fr", country.name_fr)):
            if name:
                out.append(f"{this} {_LABEL} {text_literal(name, language)}")
        if country.continent:
            out.append(f"{this} {_TW['isOnContinent']} {text_literal(country.continent)}")
        for column in ("start", "end"):
            text = getattr(country, column)
            if text:
                _date(out, this, column, parse_edtf(text))
    return written


def _write_municipality(
    place: Municipality, extra: Iterable[tuple[str, str]], buckets: QuadBuckets, out: list[str]
) -> set[str]:
    this = resource("municipality", place.key)
    out.append(f"{this} {_A} {_TW['Municipality']}")
    out.append(f"{this} {_TW['displayName']} {text_literal(display_name(place))}")
    out.append(f"{this} {_TW['isInCountry']} {resource('country', place.country)}")
    out.append(f"{this} {_TW['hasLevel']} <{concept_iri('level', place.level)}>")
    best: dict[str, str] = {}
    for language, name in ((place.language, place.name), ("de", place.name_de), ("en", place.name_en)):
        if name:
            best[language] = name
    written = set()
    for language, name in best.items():
        literal = text_literal(name, language)
        written.add(literal)
        out.append(f"{this} {_LABEL} {literal}")
    others = list(extra)
    if best.get(place.language) != place.name:
        others.append((place.name, place.language))
    for name, language in others:
        literal = text_literal(name, language)
        if literal not in written:
            written.add(literal)
            out.append(f"{this} {_ALT} {literal}")
    for key in {search_key(name) for name in (*best.values(), *(name for name, _ in others))} - {""}:
        literal = text_literal(key)
        written.add(f"search {literal}")
        out.append(f"{this} {_TW['searchName']} {literal}")
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
        by_source.setdefault(source, []).append((_TW["statesIdentifier"], term))
        locators.setdefault(source, locator)
    if place.lat and place.long:
        wkt = _wkt(_decimal(place.lat), _decimal(place.long))
        by_source.setdefault(place.coordinates_source, []).append((_TW["statesCoordinates"], wkt))
    for source, facts in by_source.items():
        claim = resource("claim", source, f"place-{place.key}")
        out = buckets.bucket(SOURCE_GRAPHS + source)
        out.append(f"{claim} {_A} {_TW['Claim']}")
        out.append(f"{claim} {_TW['isStatedBy']} {resource('source', source)}")
        locator = locators.get(source, f"entry {place.name}")
        out.append(f"{claim} {_TW['locator']} {text_literal(locator)}")
        for predicate, term in facts:
            out.append(f"{claim} {predicate} {term}")
        buckets.bucket(CONCLUSIONS_GRAPH).append(f"{this} {_TW['isSupportedBy']} {claim}")


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


# --- sources and claims ----------------------------------------------------------------------------------


def _write_source(source: Source, dataset: Dataset, conclusions: Conclusions, buckets: QuadBuckets) -> None:
    out = buckets.bucket(SOURCE_GRAPHS + source.id)
    this = resource("source", source.id)
    out.append(f"{this} {_A} {_TW['Source']}")
    out.append(f"{this} {iri(DCTERMS + 'title')} {text_literal(source.title, source.language)}")
    out.append(f"{this} {iri(DCTERMS.publisher)} {text_literal(source.publisher)}")
    out.append(f"{this} {iri(DCTERMS.language)} {text_literal(source.language)}")
    out.append(f"{this} {iri(DCTERMS.identifier)} {text_literal(source.id)}")
    out.append(f"{this} {_TW['hasSourceType']} <{concept_iri('source-type', source.type.replace(' ', '-'))}>")
    if source.url:
        out.append(f"{this} {_TW['webpage']} <{source.url}>")
    if source.date:
        out.append(f"{this} {iri(DCTERMS.date)} {_edtf(source.date)}")
    if source.inferred_date:
        out.append(f"{this} {_TW['inferredDate']} {_edtf(source.inferred_date)}")
        out.append(f"{this} {_TW['inferenceNote']} {text_literal(source.inference, 'en')}")
    if source.retrieved:
        out.append(f"{this} {_TW['retrievedOn']} {typed_literal(source.retrieved, XSD.date)}")
    if source.checked_how:
        out.append(f"{this} {_TW['checkNote']} {text_literal(source.checked_how, 'en')}")
    if source.licence:
        out.append(f"{this} {iri(DCTERMS.rights)} {text_literal(source.licence)}")
    checked = conclusions.checked.get(source.id)
    if checked is None:
        checked = bool(source.checked_how)
    out.append(f"{this} {_TW['isChecked']} {_TRUE if checked else _FALSE}")
    for key in sorted(conclusions.voices.get(source.id, ())):
        buckets.bucket(CONCLUSIONS_GRAPH).append(f"{this} {_TW['speaksFor']} {resource('municipality', key)}")


def _claim_head(claim: PartnershipClaim | OtherClaim, out: list[str]) -> str:
    this = resource("claim", claim.source, claim.id)
    out.append(f"{this} {_A} {_TW['Claim']}")
    out.append(f"{this} {_TW['isStatedBy']} {resource('source', claim.source)}")
    out.append(f"{this} {_TW['locator']} {text_literal(claim.locator)}")
    out.append(f"{this} {_TW['hasBasis']} <{concept_iri('basis', claim.basis)}>")
    out.append(f"{this} {_TW['isChecked']} {_TRUE if claim.checked else _FALSE}")
    if claim.note:
        out.append(f"{this} {iri(SKOS.note)} {text_literal(claim.note, 'en')}")
    return this


_CLAIM_DATES = (
    ("start", "start"),
    ("end", "end"),
    ("status_since", "statusSince"),
    ("first_contact", "firstContact"),
    ("renewed", "renewed"),
    ("taken_over", "takenOverOn"),
)


def _write_partnership_claim(
    claim: PartnershipClaim,
    dataset: Dataset,
    resolver: Resolver,
    labels: dict[str, set[str]],
    buckets: QuadBuckets,
    conclusions: list[str],
) -> None:
    out = buckets.bucket(SOURCE_GRAPHS + claim.source)
    this = _claim_head(claim, out)
    language = dataset.sources[claim.source].language
    for number, place in enumerate(claim.places, 1):
        mention = resource("mention", claim.source, claim.id, str(number))
        name = text_literal(place.name)
        out.append(f"{this} {_TW['hasMention']} {mention}")
        out.append(f"{this} {_TW['writtenName']} {name}")
        out.append(f"{mention} {_A} {_TW['Mention']}")
        out.append(f"{mention} {_TW['writtenName']} {name}")
        found = resolver.resolve(place, claim.source)
        if found.municipality is None:
            continue
        municipality = resource("municipality", found.municipality)
        conclusions.append(f"{mention} {_TW['refersTo']} {municipality}")
        if found.basis == "judgement":
            conclusions.append(f"{mention} {_TW['resolutionBasis']} {text_literal(found.basis)}")
        known = labels[found.municipality]
        literal = text_literal(place.name, language)
        if literal not in known:
            known.add(literal)
            conclusions.append(f"{municipality} {_ALT} {literal}")
            search = text_literal(search_key(place.name))
            if f"search {search}" not in known:
                known.add(f"search {search}")
                conclusions.append(f"{municipality} {_TW['searchName']} {search}")
    country = claim.then_country or (claim.places[1].country if claim.written_country else "")
    if country:
        out.append(f"{this} {_TW['countryAsStated']} {resource('country', country)}")
    if claim.written_country:
        out.append(f"{this} {_TW['writtenCountry']} {text_literal(claim.written_country)}")
    if claim.kind:
        out.append(f"{this} {_TW['hasKind']} <{concept_iri('kind', claim.kind)}>")
    if claim.status:
        out.append(f"{this} {_TW['hasStatus']} <{concept_iri('status', claim.status)}>")
    if claim.becomes:
        out.append(f"{this} {_TW['becomesKind']} <{concept_iri('kind', claim.becomes)}>")
    for field in claim.fields:
        out.append(f"{this} {_TW['hasField']} <{concept_iri('field', field)}>")
    for column, term in _CLAIM_DATES:
        text = getattr(claim, column)
        if text:
            _date(out, this, term, parse_edtf(text))
    if claim.taken_over_from:
        out.append(f"{this} {_TW['writtenPredecessor']} {text_literal(claim.taken_over_from)}")


def _edtf(text: str) -> str:
    return f'"{text}"{_EDTF}'


def _date(out: list[str], this: str, term: str, date: EdtfDate) -> None:
    """Write a date as stated and, for start and end, its bounds."""
    out.append(f'{this} {_TW[term]} "{date.text}"{_EDTF}')
    if term in ("start", "end"):
        if date.earliest:
            out.append(f'{this} {_TW[term + "Earliest"]} "{date.earliest}"{_DATE}')
        if date.latest:
            out.append(f'{this} {_TW[term + "Latest"]} "{date.latest}"{_DATE}')


def _write_other_claim(claim: OtherClaim, buckets: QuadBuckets) -> None:
    _claim_head(claim, buckets.bucket(SOURCE_GRAPHS + claim.source))


# --- partnerships ----------------------------------------------------------------------------------------


def _write_partnership(found: Partnership, names: dict[str, str], countries: dict[str, str], out: list[str]) -> None:
    this = resource("partnership", found.key)
    add = out.append
    add(f"{this} {_A} {_TW['Partnership']}")
    add(f"{this} {_LABEL} {text_literal(_partnership_label(found, names))}")
    for key in found.participants:
        add(f"{this} {_TW['hasParticipant']} {resource('municipality', key)}")
    for key in found.confirmed_by:
        add(f"{this} {_TW['isConfirmedBy']} {resource('municipality', key)}")
    for key in found.taken_over_from:
        add(f"{this} {_TW['takenOverFrom']} {resource('municipality', key)}")
    add(f"{this} {_TW['hasKind']} <{concept_iri('kind', found.kind)}>")
    add(f"{this} {_TW['hasStatus']} <{concept_iri('status', found.status)}>")
    for field in found.fields:
        add(f"{this} {_TW['hasField']} <{concept_iri('field', field)}>")
    for claim in found.claims:
        add(f"{this} {_TW['isSupportedBy']} {resource('claim', claim.source, claim.id)}")
    if found.start:
        _date(out, this, "start", found.start)
        year = found.start.year
        if year is not None:
            add(f'{this} {_TW["startYear"]} "{year}"{_INTEGER}')
        earliest, latest = found.start.earliest, found.start.latest
        if earliest and latest and earliest[:3] == latest[:3]:
            add(f'{this} {_TW["startDecade"]} "{int(earliest[:3])}0"{_INTEGER}')
    if found.end:
        _date(out, this, "end", found.end)
        if found.end.year is not None:
            add(f'{this} {_TW["endYear"]} "{found.end.year}"{_INTEGER}')
    if found.status_since:
        _date(out, this, "statusSince", found.status_since)
    add(f'{this} {_TW["claimCount"]} "{len(found.claims)}"{_INTEGER}')
    add(f'{this} {_TW["sourceCount"]} "{len({c.source for c in found.claims})}"{_INTEGER}')
    add(f'{this} {_TW["participantCount"]} "{len(found.participants)}"{_INTEGER}')
    add(f"{this} {_TW['isReciprocated']} {_TRUE if found.is_reciprocated else _FALSE}")
    states = [countries[key] for key in found.participants]
    add(f"{this} {_TW['isDomestic']} {_TRUE if len(set(states)) == 1 else _FALSE}")
    if len(states) == 2:
        add(f"{this} {_TW['hasCountryPair']} {resource('country-pair', _pair(states))}")
    for number, phase in enumerate(found.phases, 1):
        node = resource("phase", found.key, str(number))
        add(f"{this} {_TW['hasPhase']} {node}")
        add(f"{node} {_A} {_TW['Phase']}")
        add(f'{node} {_TW["position"]} "{number}"{_INTEGER}')
        add(f"{node} {_TW['hasKind']} <{concept_iri('kind', phase.kind)}>")
        if phase.start:
            _date(out, node, "start", phase.start)
        if phase.end:
            _date(out, node, "end", phase.end)
    _write_conflicts(this, "partnership", found.key, found.conflicts, out)


def _partnership_label(found: Partnership, names: dict[str, str]) -> str:
    if len(found.participants) <= 4:
        return " – ".join(sorted((names[key] for key in found.participants), key=search_key))
    union = found.key.removeprefix("union-").replace("-", " ").title()
    return f"{union} ({len(found.participants)} municipalities)"


_CONFLICT_TERMS = {"kind": "hasKind", "status": "hasStatus"}


def _write_conflicts(this: str, kind: str, key: str, conflicts: list[Conflict], out: list[str]) -> None:
    for number, conflict in enumerate(conflicts, 1):
        node = resource("conflict", kind, key, f"{conflict.property}-{number}")
        term = TW + _CONFLICT_TERMS.get(conflict.property, conflict.property)
        if kind != "partnership":
            from twingraph.statements import PROPERTIES

            term = PROPERTIES[kind, conflict.property].term
        values = ", ".join(dict.fromkeys(conflict.values))
        out.append(f"{this} {_TW['hasConflict']} {node}")
        out.append(f"{node} {_A} {_TW['Conflict']}")
        out.append(f"{node} {_TW['concernsProperty']} {iri(term)}")
        out.append(f"{node} {_LABEL} {text_literal(f'{conflict.property}: {values}')}")
        for source, claim in conflict.claims:
            out.append(f"{node} {_TW['hasClaim']} {resource('claim', source, claim)}")


def _pair(states: list[str]) -> str:
    one, other = sorted(states)
    return f"{one}-{other}"


def _write_derived(conclusions: Conclusions, countries: dict[str, str], out: list[str]) -> None:
    """Write what follows from all partnerships together: neighbours, counts, country pairs."""
    partners: dict[str, set[str]] = {}
    pairs: dict[str, list[Partnership]] = {}
    for found in conclusions.partnerships.values():
        if found.is_in_force:
            for key in found.participants:
                partners.setdefault(key, set()).update(found.participants)
        if len(found.participants) == 2:
            pairs.setdefault(_pair([countries[key] for key in found.participants]), []).append(found)
    for key in sorted(partners):
        this = resource("municipality", key)
        others = partners[key] - {key}
        for other in others:
            out.append(f"{this} {_TW['isTwinnedWith']} {resource('municipality', other)}")
        out.append(f'{this} {_TW["partnerCount"]} "{len(others)}"{_INTEGER}')
        states = {countries[other] for other in others}
        out.append(f'{this} {_TW["partnerCountryCount"]} "{len(states)}"{_INTEGER}')
    for name in sorted(pairs):
        node = resource("country-pair", name)
        out.append(f"{node} {_A} {_TW['CountryPair']}")
        for code in set(name.split("-")):
            out.append(f"{node} {_TW['ofCountry']} {resource('country', code)}")
        out.append(f"{node} {_TW['displayName']} {text_literal(name.replace('-', '–'))}")
        out.append(f'{node} {_TW["partnershipCount"]} "{len(pairs[name])}"{_INTEGER}')
        dated = [p for p in pairs[name] if p.start and p.start.earliest]
        if dated:
            first = min(dated, key=lambda p: (p.start.earliest, p.start.latest or "9", p.key) if p.start else ())
            out.append(f"{node} {_TW['firstPartnership']} {resource('partnership', first.key)}")


# --- other subjects --------------------------------------------------------------------------------------

_CLASSES = {"association": "Association", "event": "Event", "wave": "Wave"}


def _write_subject(subject: Subject, dataset: Dataset, buckets: QuadBuckets, out: list[str]) -> None:
    this = resource(subject.type, subject.key)
    if subject.type in _CLASSES:
        out.append(f"{this} {_A} {_TW[_CLASSES[subject.type]]}")
    named = False
    for said in subject.said:
        claim = said.claim
        node = resource("claim", claim.source, claim.id)
        source = buckets.bucket(SOURCE_GRAPHS + claim.source)
        out.append(f"{this} {_TW['isSupportedBy']} {node}")
        prop = said.property
        predicate = iri(prop.term)
        term = _term(said.target, claim.value, prop.value, dataset.sources[claim.source].language, claim.basis)
        # The claim carries what it states, as a partnership's claim carries tw:start.
        source.append(f"{node} {predicate} {term}")
        if prop.value == "integer" and claim.value.startswith("~"):
            source.append(f"{node} {_TW['isApproximate']} {_TRUE}")
            out.append(f"{this} {_TW['isApproximate']} {_TRUE}")
        if prop.name == "name":
            out.append(f"{this} {_ALT if named else _LABEL} {term}")
            named = True
        elif prop.value != "edtf":
            out.append(f"{term} {predicate} {this}" if prop.reverse else f"{this} {predicate} {term}")
    for name in dict.fromkeys(said.property.name for said in subject.said if said.property.value == "edtf"):
        values = subject.values(name)
        text = concluded_date(values)
        if text:
            date = parse_edtf(text)
            out.append(f"{this} {iri(values[0].property.term)} {_edtf(text)}")
            if name == "takes_place_on" and date.earliest and date.latest:
                out.append(f'{this} {_TW["takesPlaceEarliest"]} "{date.earliest}"{_DATE}')
                out.append(f'{this} {_TW["takesPlaceLatest"]} "{date.latest}"{_DATE}')
    _write_conflicts(this, subject.type, subject.key, subject.conflicts, out)


def _term(target: tuple[str, str] | None, value: str, form: str, language: str, basis: str) -> str:
    if target is not None:
        kind, key = target
        return f"<{concept_iri(kind, key)}>" if kind in SCHEMES else resource(kind, key)
    if form == "edtf":
        return _edtf(value)
    if form == "integer":
        return typed_literal(str(int(value.lstrip("~"))), XSD.integer)
    if form == "url":
        return iri(value)
    # A name that is inferred is the editor's description, not a name in the source's language.
    return text_literal(value, "" if basis == "inferred" else language)
