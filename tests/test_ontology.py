"""The ontology files: well-formed, complete in three languages, and with shapes that fire."""

from __future__ import annotations

import csv
import importlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH, XSD

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology"
TURTLE = sorted(ONTOLOGY.glob("*.ttl"))
TW = "https://w3id.org/twingraph/ontology#"
ID = "https://w3id.org/twingraph/id/"
LANGUAGES = {"en", "de", "fr"}

#: Names that queries of other people rely on. They stay.
CONTRACT = [
    "Association",
    "Claim",
    "Country",
    "Event",
    "Municipality",
    "Partnership",
    "Source",
    "countryAsStated",
    "end",
    "endEarliest",
    "endLatest",
    "foundedOn",
    "hasConflict",
    "hasField",
    "hasKind",
    "hasLevel",
    "hasParticipant",
    "hasStatus",
    "isInCountry",
    "isStatedBy",
    "isSupportedBy",
    "isTwinnedWith",
    "locator",
    "start",
    "startEarliest",
    "startLatest",
    "supports",
    "writtenName",
]

#: Schemes whose concepts the shapes list one by one.
CLOSED_SCHEMES = {"kind", "status", "level", "basis"}

#: Columns of the source tables, and the scheme that their values come from.
CONCEPT_PROPERTIES = {
    "field": "field",
    "earlier_field": "field",
    "topic": "field",
    "purpose": "purpose",
    "earlier_purpose": "purpose",
    "success_factor": "success-factor",
    "actor": "actor",
    "question": "question",
    "distinction": "distinction",
}


def parse(*names: str) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(ONTOLOGY / name, format="turtle")
    return graph


@pytest.fixture(scope="module")
def core() -> Graph:
    return parse("twingraph.ttl")


@pytest.fixture(scope="module")
def concepts() -> Graph:
    return parse("concepts.ttl")


@pytest.fixture(scope="module")
def alignments() -> Graph:
    return parse("alignments.ttl")


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return parse("shapes.ttl")


@pytest.fixture(scope="module")
def page() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        # The generator imports what it shares with the others from its own folder.
        patch.syspath_prepend(str(ROOT / "docs"))
        yield importlib.import_module("generate_ontology_page")


def terms(core: Graph, *kinds: URIRef) -> set[URIRef]:
    kinds = kinds or (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    return {t for kind in kinds for t in core.subjects(RDF.type, kind) if isinstance(t, URIRef)}


def messages(data: Graph, shapes: Graph) -> set[str]:
    """Return the messages of all results, whatever their severity."""
    _, report, _ = validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    return {str(m) for m in report.objects(None, SH.resultMessage)}


# The files


@pytest.mark.parametrize("file", TURTLE, ids=lambda f: f.name)
def test_parses(file: Path) -> None:
    assert len(Graph().parse(file, format="turtle")) > 0


@pytest.mark.skipif(shutil.which("turtlefmt") is None, reason="turtlefmt is not installed")
def test_is_formatted() -> None:
    done = subprocess.run(["turtlefmt", "--check", *TURTLE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", ["shapes.ttl", "ontology_shapes.ttl"])
def test_shapes_are_valid_shacl(file: str) -> None:
    conforms, _, text = validate(Graph(), shacl_graph=parse(file), meta_shacl=True)
    assert conforms, text


# The core


def test_conforms_to_its_own_style() -> None:
    conforms, _, text = validate(parse("twingraph.ttl", "concepts.ttl"), shacl_graph=parse("ontology_shapes.ttl"))
    assert conforms, text


@pytest.mark.parametrize("name", CONTRACT)
def test_contract_names_are_declared(core: Graph, name: str) -> None:
    assert URIRef(TW + name) in terms(core)


def test_every_term_has_labels_in_three_languages_and_one_definition(core: Graph) -> None:
    for term in terms(core):
        labels = [o.language for o in core.objects(term, RDFS.label) if isinstance(o, Literal)]
        assert sorted(map(str, labels)) == sorted(LANGUAGES), term
        assert len(list(core.objects(term, SKOS.definition))) == 1, term


def test_no_two_terms_have_the_same_english_label(core: Graph) -> None:
    labels = Counter(
        str(o)
        for t in terms(core)
        for o in core.objects(t, RDFS.label)
        if isinstance(o, Literal) and o.language == "en"
    )
    assert [label for label, count in labels.items() if count > 1] == []


def test_terms_are_declared_once_and_in_alphabetical_order() -> None:
    declared: dict[str, list[str]] = {"Class": [], "ObjectProperty": [], "DatatypeProperty": []}
    for line in (ONTOLOGY / "twingraph.ttl").read_text(encoding="utf-8").splitlines():
        if line.startswith("tw:"):
            name, _, kind = line.split()[:3]
            declared[kind.removeprefix("owl:")].append(name)
    everything = [name for names in declared.values() for name in names]
    assert len(everything) == len(set(everything)) > 90
    for names in declared.values():
        assert names == sorted(names, key=str.lower)


def test_every_kind_of_term_is_exactly_one(core: Graph) -> None:
    for term in terms(core):
        assert len(set(core.objects(term, RDF.type)) - {OWL.SymmetricProperty}) == 1, term


def test_only_the_twin_relation_is_symmetric(core: Graph) -> None:
    assert set(core.subjects(RDF.type, OWL.SymmetricProperty)) == {URIRef(TW + "isTwinnedWith")}


def test_domains_and_ranges_name_known_classes(core: Graph) -> None:
    known = terms(core, OWL.Class) | {SKOS.Concept, RDF.Property}
    for prop in terms(core, OWL.ObjectProperty, OWL.DatatypeProperty):
        sides = [(RDFS.domain, known)]
        if (prop, RDF.type, OWL.ObjectProperty) in core:
            sides.append((RDFS.range, known))
        for side, allowed in sides:
            for end in core.objects(prop, side):
                union = core.value(end, OWL.unionOf) if isinstance(end, BNode) else None
                for member in Collection(core, union) if union is not None else [end]:
                    assert member in allowed, (prop, member)


def test_bad_style_is_found() -> None:
    bad = Graph().parse(
        data="""
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix tw: <https://w3id.org/twingraph/ontology#> .
        tw:town a owl:Class ; rdfs:label "town"@en .
        tw:HasMayor a owl:ObjectProperty ; owl:inverseOf tw:isMayorOf ;
            rdfs:domain tw:A , tw:B ; rdfs:range tw:A , tw:B ;
            rdfs:label "a"@en , "b"@de , "c"@fr ; skos:definition "No full stop"@en .
        tw:age a owl:DatatypeProperty .
        tw:scheme a skos:ConceptScheme .
        tw:concept a skos:Concept ; skos:topConceptOf tw:scheme .
        """
    )
    rules = parse("ontology_shapes.ttl")
    assert {str(m) for m in rules.objects(None, SH.message)} == messages(bad, rules)


# The concepts


def test_notation_is_the_end_of_the_iri_and_unique_in_its_scheme(concepts: Graph) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for concept in concepts.subjects(RDF.type, SKOS.Concept):
        notation = str(concepts.value(concept, SKOS.notation))
        assert str(concept).startswith(ID)
        assert str(concept).rsplit("/", 1)[-1] == notation
        seen[str(concepts.value(concept, SKOS.inScheme)), notation] += 1
    assert len(seen) > 100
    assert {key for key, count in seen.items() if count > 1} == set()


def test_each_scheme_has_one_namespace(concepts: Graph) -> None:
    for scheme in concepts.subjects(RDF.type, SKOS.ConceptScheme):
        assert len({str(c).rsplit("/", 1)[0] for c in concepts.subjects(SKOS.inScheme, scheme)}) == 1


def test_labels_do_not_repeat_within_a_scheme(concepts: Graph) -> None:
    seen: Counter[tuple[str, str | None, str]] = Counter()
    for concept in concepts.subjects(RDF.type, SKOS.Concept):
        scheme = str(concepts.value(concept, SKOS.inScheme))
        for label in concepts.objects(concept, SKOS.prefLabel):
            assert isinstance(label, Literal)
            seen[scheme, label.language, str(label)] += 1
    assert {key for key, count in seen.items() if count > 1} == set()


def test_shapes_list_the_concepts_of_closed_schemes(concepts: Graph, shapes: Graph) -> None:
    listed = set()
    for members in shapes.objects(None, SH["in"]):
        found = set(Collection(shapes, members))
        (namespace,) = {str(c).removeprefix(ID).split("/")[0] for c in found}
        assert found == {c for c in concepts.subjects(RDF.type, SKOS.Concept) if str(c).startswith(f"{ID}{namespace}/")}
        listed.add(namespace)
    assert listed == CLOSED_SCHEMES


def rows(pattern: str) -> list[dict[str, str]]:
    """Return the rows of all tables in data/ whose path fits."""
    found = []
    for file in sorted((ROOT / "data").glob(pattern)):
        with file.open(encoding="utf-8", newline="") as lines:
            found += list(csv.DictReader(lines))
    return found


def concepts_in_the_data() -> set[str]:
    """Return scheme and notation of every concept that data/ uses."""
    used = set()
    for row in rows("sources/*/other_claims.csv"):
        if scheme := CONCEPT_PROPERTIES.get(row["property"]):
            used.add(f"{scheme}/{row['value']}")
        elif row["property"] == "type":
            used.add(f"{row['about'].split(':')[0]}-type/{row['value']}")
        elif row["property"] in {"side", "partner_side"} and row["value"].islower():
            used.add(f"region/{row['value']}")
    for row in rows("sources/*/partnership_claims.csv"):
        cells = [("field", field.strip()) for field in row["fields"].split(";")]
        cells += [("kind", row["kind"]), ("kind", row["becomes"])]
        cells += [("status", row["status"]), ("basis", row["basis"])]
        used |= {f"{scheme}/{value}" for scheme, value in cells if value}
    for file in sorted((ROOT / "data").glob("sources/*/source.toml")):
        source = tomllib.loads(file.read_text(encoding="utf-8"))
        used.add("source-type/" + source["type"].replace(" ", "-"))
    return used | {f"level/{row['level']}" for row in rows("gazetteer/municipalities.csv")}


def test_concepts_in_the_data_exist(concepts: Graph) -> None:
    known = {str(c).removeprefix(ID) for c in concepts.subjects(RDF.type, SKOS.Concept)}
    used = concepts_in_the_data()
    assert used
    assert used - known == set()


# The alignments


def test_alignments_only_add_links(core: Graph, alignments: Graph) -> None:
    header = URIRef("https://w3id.org/twingraph/ontology/alignments")
    allowed = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch, SKOS.narrowMatch, RDFS.comment}
    for subject, predicate, value in alignments:
        if subject == header:
            continue
        assert subject in terms(core), subject
        assert predicate in allowed, predicate
        assert not str(value).startswith(TW), value
    assert (URIRef("https://w3id.org/twingraph/ontology"), OWL.imports, None) not in core


def test_a_claim_never_turns_into_what_it_is_about(core: Graph, alignments: Graph) -> None:
    """A property that a claim shares with other things must not be a sub-property of one elsewhere."""
    claim = URIRef(TW + "Claim")
    for prop in alignments.subjects(RDFS.subPropertyOf, None):
        domain = core.value(prop, RDFS.domain)
        if isinstance(domain, BNode):
            assert claim not in Collection(core, core.value(domain, OWL.unionOf)), prop


def test_the_twin_relation_is_aligned(alignments: Graph) -> None:
    assert set(alignments.objects(URIRef(TW + "isTwinnedWith"), RDFS.subPropertyOf)) == {
        URIRef("http://www.wikidata.org/prop/direct/P190"),
        URIRef("http://dbpedia.org/ontology/twinTown"),
    }


# The JSON-LD context


def test_context_has_every_term_with_its_type(core: Graph) -> None:
    context = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    prefixes = {key: value for key, value in context.items() if str(value).startswith("http")}

    def expand(short: str) -> str:
        prefix, name = short.split(":", 1)
        return str(prefixes[prefix]) + name

    for cls in terms(core, OWL.Class):
        assert expand(context[cls.removeprefix(TW)]) == str(cls)
    for prop in terms(core, OWL.ObjectProperty):
        entry = context[prop.removeprefix(TW)]
        assert (expand(entry["@id"]), entry["@type"]) == (str(prop), "@id")
    for prop in terms(core, OWL.DatatypeProperty):
        entry = context[prop.removeprefix(TW)]
        assert expand(entry["@id"]) == str(prop)
        datatype = core.value(prop, RDFS.range)
        assert expand(entry.get("@type", "xsd:string")) == str(datatype), prop
    ours = {v["@id"] if isinstance(v, dict) else v for v in context.values()}
    assert {expand(v) for v in ours if str(v).startswith("tw:")} == {
        t for t in map(str, terms(core)) if t.startswith(TW)
    }


def test_context_reads_as_rdf() -> None:
    document = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))
    document |= {
        "id": "twp:a-b",
        "type": "Partnership",
        "hasParticipant": ["twm:a", "twm:b"],
        "start": "1960~",
        "startEarliest": "1959-01-01",
        "isDomestic": False,
    }
    graph = Graph().parse(data=json.dumps(document), format="json-ld")
    partnership = URIRef(ID + "partnership/a-b")
    assert (partnership, RDF.type, URIRef(TW + "Partnership")) in graph
    assert (partnership, URIRef(TW + "hasParticipant"), URIRef(ID + "municipality/b")) in graph
    edtf = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
    assert (partnership, URIRef(TW + "start"), Literal("1960~", datatype=edtf)) in graph
    assert (
        partnership,
        URIRef(TW + "startEarliest"),
        Literal("1959-01-01", datatype=XSD.date),
    ) in graph


# The shapes of the data

PREFIXES = """
@prefix : <https://example.org/> .
@prefix association-type: <https://w3id.org/twingraph/id/association-type/> .
@prefix basis: <https://w3id.org/twingraph/id/basis/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix event-type: <https://w3id.org/twingraph/id/event-type/> .
@prefix field: <https://w3id.org/twingraph/id/field/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix geosparql: <http://www.opengis.net/ont/geosparql#> .
@prefix kind: <https://w3id.org/twingraph/id/kind/> .
@prefix level: <https://w3id.org/twingraph/id/level/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source-type: <https://w3id.org/twingraph/id/source-type/> .
@prefix status: <https://w3id.org/twingraph/id/status/> .
@prefix tw: <https://w3id.org/twingraph/ontology#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

GOOD = """
:fr a tw:Country ; tw:countryCode "FR" ; tw:displayName "France" ; rdfs:label "France"@fr , "Frankreich"@de .
:dd a tw:Country ; tw:countryCode "DDDE" ; tw:displayName "GDR" ; rdfs:label "GDR"@en ;
    tw:start "1949"^^edtf:EDTF ; tw:end "1990"^^edtf:EDTF ;
    tw:startEarliest "1949-01-01"^^xsd:date ; tw:startLatest "1949-12-31"^^xsd:date ;
    tw:endEarliest "1990-01-01"^^xsd:date ; tw:endLatest "1990-12-31"^^xsd:date .
:m1 a tw:Municipality ; tw:displayName "Ville" ; rdfs:label "Ville"@fr ; tw:isInCountry :fr ;
    tw:hasLevel level:municipality ; geo:lat 48.1 ; geo:long -1.2 ; skos:exactMatch wd:Q1 ;
    geosparql:asWKT "POINT(-1.2 48.1)"^^geosparql:wktLiteral ; tw:isTwinnedWith :m2 .
:m2 a tw:Municipality ; tw:displayName "Autre" ; rdfs:label "Autre"@fr ; tw:isInCountry :fr ;
    tw:hasLevel level:village ; geo:lat 48.2 ; geo:long 2.0 ; tw:isTwinnedWith :m1 .
:s a tw:Source ; dcterms:title "Liste" ; dcterms:publisher "Ville" ; dcterms:language "fr" ;
    dcterms:date "2019"^^edtf:EDTF ; tw:webpage <https://ville.example/> ; tw:speaksFor :m1 ;
    tw:hasSourceType source-type:municipal-page ; tw:retrievedOn "2026-01-31"^^xsd:date .
:c1 a tw:Claim ; tw:isStatedBy :s ; tw:locator "row 1" ; tw:hasBasis basis:stated ; tw:isChecked true ;
    tw:writtenName "Ville" , "Autre" ; tw:hasMention :n1 ; tw:hasKind kind:friendship ;
    tw:countryAsStated :dd ; tw:becomesKind kind:partnership ; tw:hasStatus status:active ;
    tw:start "1960~"^^edtf:EDTF .
:c2 a tw:Claim ; tw:isStatedBy :s ; tw:locator "row 2" ; tw:start "1974/1975"^^edtf:EDTF ;
    tw:startEarliest "1974-01-01"^^xsd:date ; tw:startLatest "1975-12-31"^^xsd:date .
:n1 a tw:Mention ; tw:writtenName "Ville" ; tw:position 1 ; tw:refersTo :m1 .
:p a tw:Partnership ; rdfs:label "Ville – Autre" ; tw:hasParticipant :m1 , :m2 ; tw:hasKind kind:partnership ;
    tw:hasStatus status:active ; tw:hasField field:culture ; tw:start "1960"^^edtf:EDTF ;
    tw:isSupportedBy :c1 , :c2 ; tw:hasConflict :x ; tw:hasPhase :ph ; tw:participantCount 2 ;
    tw:claimCount 2 ; tw:sourceCount 1 .
:x a tw:Conflict ; tw:concernsProperty tw:start ; tw:hasClaim :c1 , :c2 .
:ph a tw:Phase ; tw:position 1 ; tw:hasKind kind:friendship ; tw:start "1960"^^edtf:EDTF .
:pair a tw:CountryPair ; tw:ofCountry :fr ; tw:displayName "FR–FR" ; tw:partnershipCount 1 .
:a a tw:Association ; rdfs:label "Comité" ; tw:isSupportedBy :c1 ; tw:supports :p ;
    tw:hasAssociationType association-type:committee ; tw:foundedOn "1961"^^edtf:EDTF .
:e a tw:Event ; rdfs:label "Fête" ; tw:isSupportedBy :c1 ; tw:takesPlaceOn "XXXX-05-20"^^edtf:EDTF ;
    tw:takesPlaceIn :m1 ; tw:hasEventType event-type:meeting ; tw:participantCount 40 .
:w a tw:Wave ; rdfs:label "Vague" ; tw:isSupportedBy :c1 ; tw:begins "1947"^^edtf:EDTF .
"""

#: For each class, things that break its rules. Together they must call up every message of the shapes.
BAD = {
    "Association": """
        :a1 a tw:Association .
        :a2 a tw:Association ; rdfs:label " " ; tw:isSupportedBy :s ; tw:supports :s ;
            tw:hasAssociationType kind:other .
    """,
    "Claim": """
        :k1 a tw:Claim ; tw:writtenName " " .
        :k2 a tw:Claim ; tw:isStatedBy :m1 ; tw:locator "" ; tw:hasBasis kind:other ; tw:isChecked "yes" ;
            tw:hasKind status:active ; tw:becomesKind :s ; tw:hasStatus kind:other ; tw:countryAsStated :m1 ;
            tw:hasMention :s ; tw:start "1978"^^edtf:EDTF , "1979"^^edtf:EDTF ;
            tw:end "1988"^^edtf:EDTF , "1989"^^edtf:EDTF ; tw:statusSince "1"^^edtf:EDTF , "2"^^edtf:EDTF ;
            tw:firstContact "1"^^edtf:EDTF , "2"^^edtf:EDTF ; tw:takenOverOn "1"^^edtf:EDTF , "2"^^edtf:EDTF .
    """,
    "Conflict": ":x1 a tw:Conflict ; tw:hasClaim :c1 .",
    "Country": """
        :y1 a tw:Country ; tw:countryCode "deu" ; tw:start "1"^^edtf:EDTF , "2"^^edtf:EDTF ;
            tw:end "1"^^edtf:EDTF , "2"^^edtf:EDTF .
    """,
    "CountryPair": ":y2 a tw:CountryPair ; tw:partnershipCount 0 .",
    "Event": """
        :e1 a tw:Event .
        :e2 a tw:Event ; tw:takesPlaceIn :fr ; tw:participantCount 0 ; tw:hasEventType kind:other ;
            tw:takesPlaceEarliest "2025-05-21"^^xsd:date ;
            tw:takesPlaceLatest "2025-05-20"^^xsd:date , "2025" .
    """,
    "Mention": ":n2 a tw:Mention ; tw:position 0 ; tw:refersTo :m1 , :m2 .",
    "Municipality": """
        :m3 a tw:Municipality ; geo:long 181.5 .
        :m4 a tw:Municipality ; geo:lat 90.5 ; geosparql:asWKT "POINT(1 2)" ; tw:isTwinnedWith :s ;
            skos:exactMatch <https://www.wikidata.org/wiki/Q1> .
    """,
    "Partnership": """
        :p1 a tw:Partnership ; tw:hasParticipant :m1 .
        :p2 a tw:Partnership ; tw:start "1"^^edtf:EDTF , "2"^^edtf:EDTF ;
            tw:end "1"^^edtf:EDTF , "2"^^edtf:EDTF ; tw:participantCount 1 ; tw:claimCount 0 ;
            tw:sourceCount 0 ; tw:hasConflict :c1 ; tw:hasPhase :c1 ; tw:hasField kind:other .
    """,
    "Phase": """
        :h1 a tw:Phase ; tw:start "1"^^edtf:EDTF , "2"^^edtf:EDTF ; tw:end "1"^^edtf:EDTF , "2"^^edtf:EDTF .
    """,
    "Source": """
        :s1 a tw:Source ; tw:hasSourceType source-type:database .
        :s2 a tw:Source ; dcterms:language "German" ; tw:webpage "www.ville.example" ; tw:speaksFor :fr ;
            dcterms:date "1"^^edtf:EDTF , "2"^^edtf:EDTF ; tw:inferredDate "1"^^edtf:EDTF , "2"^^edtf:EDTF ;
            tw:retrievedOn "31.1.2026" .
    """,
    "Wave": ":w1 a tw:Wave .",
    "Dates": """
        :d1 a tw:Claim ; tw:start "1978-01-01"^^xsd:date .
        :d2 a tw:Claim ; tw:startEarliest "1979-01-01"^^xsd:date ; tw:startLatest "1978-12-31"^^xsd:date ;
            tw:endEarliest "1970-01-01"^^xsd:date ; tw:endLatest "1969-12-31"^^xsd:date .
        :d3 a tw:Claim ; tw:startLatest "1978" ; tw:endLatest "1979" .
    """,
}

#: One message of each group, so that a group cannot fire for another reason only.
EXPECTED = {
    "Association": "Give the association a name: add a claim with the property name.",
    "Claim": "Name exactly one source for the claim; two sources that say the same are two claims.",
    "Conflict": "List all claims that disagree; it takes at least two.",
    "Country": "Give one code: two letters of ISO 3166-1, or four letters of ISO 3166-3 for a former state.",
    "CountryPair": "Name the two countries of the pair, or one for partnerships inside a country.",
    "Event": "Put the earliest day of the event on or before its latest day.",
    "Mention": "Let the mention refer to one municipality of the gazetteer, or to none while it is undecided.",
    "Municipality": "Give at most one latitude, a decimal from -90 to 90; "
    "check that it was not swapped with the longitude.",
    "Partnership": "Give the partnership at least two different municipalities of the gazetteer.",
    "Phase": "Give the phase exactly one kind.",
    "Source": "Give the source a web page that a reader can open, or make its type document.",
    "Wave": "Base the wave on at least one claim of a source.",
    "Dates": "Write the date as EDTF with the datatype edtf:EDTF, "
    "for instance 1978-10-22, 1978 or 1974/1975; never pad it to a day that no source gives.",
}


@pytest.fixture(scope="module")
def fired(shapes: Graph) -> dict[str, set[str]]:
    """Return the messages that each group of bad things calls up beside the good ones."""
    return {
        name: messages(Graph().parse(data=PREFIXES + GOOD + bad, format="turtle"), shapes) for name, bad in BAD.items()
    }


def test_good_data_conform_without_a_remark(shapes: Graph) -> None:
    assert messages(Graph().parse(data=PREFIXES + GOOD, format="turtle"), shapes) == set()


@pytest.mark.parametrize("name", BAD)
def test_bad_data_are_found(fired: dict[str, set[str]], name: str) -> None:
    assert EXPECTED[name] in fired[name]


def test_every_message_of_the_shapes_can_fire(fired: dict[str, set[str]], shapes: Graph) -> None:
    every = {str(m) for m in shapes.objects(None, SH.message)}
    assert every - set().union(*fired.values()) == set()


def test_every_class_has_a_shape(core: Graph, shapes: Graph) -> None:
    assert terms(core, OWL.Class) <= set(shapes.objects(None, SH.targetClass))


def test_shapes_use_declared_terms_only(core: Graph, shapes: Graph) -> None:
    used = {t for triple in shapes for t in triple if str(t).startswith(TW)}
    assert used <= terms(core)


def test_every_rule_has_a_message_and_a_severity(shapes: Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        for rule in shapes.objects(shape, SH.property):
            assert shapes.value(rule, SH.message), list(shapes.predicate_objects(rule))
            assert shapes.value(rule, SH.severity), list(shapes.predicate_objects(rule))


def test_gaps_are_no_violations(shapes: Graph) -> None:
    """A municipality without coordinates and a partnership without a date must not stop a build."""
    data = GOOD.replace("geo:lat 48.2 ; geo:long 2.0 ; ", "").replace('tw:start "1960"^^edtf:EDTF ;', "")
    _, report, _ = validate(Graph().parse(data=PREFIXES + data, format="turtle"), shacl_graph=shapes)
    assert isinstance(report, Graph)
    assert Counter(report.objects(None, SH.resultSeverity)) == {SH.Warning: 1, SH.Info: 1}


# The page


def test_page_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "generate_ontology_page.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_page_shows_every_term_and_concept_once(page: ModuleType, core: Graph, concepts: Graph) -> None:
    text = page.render()
    for term in terms(core):
        if str(term).startswith(TW):
            assert text.count(f'id="{term.removeprefix(TW)}"') == 1, term
    for concept in concepts.subjects(RDF.type, SKOS.Concept):
        anchor = "-".join(str(concept).removeprefix(ID).split("/"))
        assert text.count(f'id="{anchor}"') == 1, concept


def test_page_loads_nothing_from_outside(page: ModuleType) -> None:
    text = page.render()
    for loading in ("<script", "<link", "<img", "<iframe", "@import", "url(http", " src="):
        assert loading not in text


def test_page_example_conforms(page: ModuleType, shapes: Graph) -> None:
    places = """
        <https://w3id.org/twingraph/id/municipality/a> a tw:Municipality ; tw:displayName "Schaffhausen" ;
            rdfs:label "Schaffhausen"@de ; tw:isInCountry :ch ; tw:hasLevel level:municipality ; geo:lat 1.0 .
        <https://w3id.org/twingraph/id/municipality/b> a tw:Municipality ; tw:displayName "Sindelfingen" ;
            rdfs:label "Sindelfingen"@de ; tw:isInCountry :de ; tw:hasLevel level:municipality ; geo:lat 1.0 .
        :ch a tw:Country ; tw:countryCode "CH" ; tw:displayName "Switzerland" ; rdfs:label "Switzerland"@en .
        :de a tw:Country ; tw:countryCode "DE" ; tw:displayName "Germany" ; rdfs:label "Germany"@en .
    """
    data = Graph().parse(data=page.EXAMPLE, format="turtle").parse(data=PREFIXES + places, format="turtle")
    assert messages(data, shapes) == set()


def test_diagram_fails_if_a_term_is_gone(page: ModuleType) -> None:
    vocabulary = page.Vocabulary()
    for name in ("hasParticipant", "Wave"):
        gone = page.Vocabulary()
        gone.core.remove((URIRef(TW + name), None, None))
        with pytest.raises(KeyError, match=name):
            page._diagram(gone)
    vocabulary.core.remove((URIRef(TW + "hasConflict"), RDFS.domain, None))
    with pytest.raises(ValueError, match="hasConflict"):
        page._diagram(vocabulary)
