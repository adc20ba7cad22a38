"""Namespaces and terms: the only place in the code that spells IRIs."""

from __future__ import annotations

__all__ = ["BASE", "PREFIXES", "Namespace"]

BASE = "https://w3id.org/twingraph/"


class Namespace(str):
    """A namespace whose attributes are IRIs: ``TW.hasKind``.

    >>> TW.hasKind
    'https://w3id.org/twingraph/ontology#hasKind'
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return str(self) + name

    def term(self, name: str) -> str:
        """Return the IRI of a name that is no Python attribute (``long``, ``title``, with a hyphen)."""
        return str(self) + name


TW = Namespace(BASE + "ontology#")
ID = Namespace(BASE + "id/")
GRAPH = Namespace(BASE + "graph/")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
PROV = Namespace("http://www.w3.org/ns/prov#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
GEO = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
GEOSPARQL = Namespace("http://www.opengis.net/ont/geosparql#")
VOID = Namespace("http://rdfs.org/ns/void#")
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
WD = Namespace("http://www.wikidata.org/entity/")
GN = Namespace("https://sws.geonames.org/")

#: Prefixes for serialised RDF, for short IRIs in tables and for queries that leave them out.
PREFIXES: dict[str, str] = {
    "tw": str(TW),
    "twm": ID + "municipality/",
    "twp": ID + "partnership/",
    "twc": ID + "claim/",
    "tws": ID + "source/",
    "country": ID + "country/",
    "kind": ID + "kind/",
    "status": ID + "status/",
    "field": ID + "field/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "owl": str(OWL),
    "xsd": str(XSD),
    "skos": str(SKOS),
    "dcterms": str(DCTERMS),
    "prov": str(PROV),
    "foaf": str(FOAF),
    "geo": str(GEO),
    "geosparql": str(GEOSPARQL),
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
    "wd": str(WD),
    "gn": str(GN),
}

#: Named graphs other than those of the sources.
GAZETTEER_GRAPH = GRAPH + "gazetteer"
VOCABULARY_GRAPH = GRAPH + "vocabulary"
CONCLUSIONS_GRAPH = GRAPH + "conclusions"
SOURCE_GRAPHS = GRAPH + "source/"
