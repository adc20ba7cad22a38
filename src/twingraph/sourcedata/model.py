"""The plain objects that the source data holds. No RDF, no files, no data frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

__all__ = [
    "Country",
    "Dataset",
    "Judgement",
    "Match",
    "Municipality",
    "OtherClaim",
    "PartnershipClaim",
    "PlaceName",
    "Source",
    "SourcePlace",
    "WrittenPlace",
]


@dataclass(frozen=True, slots=True)
class WrittenPlace:
    """A municipality as a source writes it.

    Attributes:
        name: exactly as written.
        country: today's ISO 3166-1 alpha-2 code, or "" where the source leaves it open.
        id: the source's own identifier of it (a QID, ``geonames:2950159``, its row number); "" where it has none.
    """

    name: str
    country: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """What a source says about a place that its claims name: evidence for whom it means. "" where it says nothing.

    Attributes:
        id, name, country: as in the claims.
        written_country: the country as the source writes it.
        names: further names that the source gives.
        lat, long: degrees (WGS 84).
        population: whole number.
        level: one of `twingraph.sourcedata.tables.LEVELS`.
    """

    source: str
    id: str
    name: str
    country: str
    written_country: str = ""
    language: str = ""
    names: tuple[str, ...] = ()
    lat: str = ""
    long: str = ""
    population: str = ""
    level: str = ""
    wikidata_id: str = ""
    geonames_id: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A page, document or data set that states facts, with what is needed to find it again."""

    id: str
    title: str
    publisher: str
    type: str
    language: str
    url: str = ""
    speaks_for: tuple[WrittenPlace, ...] = ()
    date: str = ""
    inferred_date: str = ""
    inference: str = ""
    retrieved: str = ""
    checked_how: str = ""
    licence: str = ""
    file: Path = Path()


@dataclass(frozen=True, slots=True)
class PartnershipClaim:
    """What one source says about one partnership. Dates are EDTF text, "" where not stated."""

    source: str
    id: str
    row: int
    locator: str
    places: tuple[WrittenPlace, ...]
    written_country: str = ""
    then_country: str = ""
    kind: str = ""
    start: str = ""
    end: str = ""
    status: str = ""
    status_since: str = ""
    first_contact: str = ""
    renewed: str = ""
    becomes: str = ""
    taken_over_from: str = ""
    taken_over: str = ""
    union: str = ""
    fields: tuple[str, ...] = ()
    basis: str = "stated"
    checked: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class OtherClaim:
    """What one source says about an association, an event, a municipality's twinning work or a wave.

    Attributes:
        about: ``type:key``, for instance ``association:helmstedt-twinning`` or ``municipality:Kiel@DE``.
        property: a name from `twingraph.sourcedata.statements.PROPERTIES`.
    """

    source: str
    id: str
    row: int
    locator: str
    about: str
    property: str
    value: str
    basis: str = "stated"
    checked: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A row of the gazetteer. Empty text where nothing is known from a source."""

    key: str
    name: str
    language: str
    country: str
    level: str
    name_de: str = ""
    name_en: str = ""
    lat: str = ""
    long: str = ""
    coordinates_source: str = ""
    wikidata_id: str = ""
    wikidata_source: str = ""
    geonames_id: str = ""
    geonames_source: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One more name of a municipality, and who uses it."""

    municipality: str
    name: str
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class Country:
    """A state of today (no end) or of the past. `start` and `end` are EDTF text."""

    code: str
    name_de: str
    name_en: str
    name_fr: str
    continent: str = ""
    start: str = ""
    end: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision that a written name is, or is not, a certain municipality.

    `source` "" means any source. Negative decisions are kept, so that a rejected pair is not proposed again.
    """

    source: str
    name: str
    country: str
    municipality: str
    judgement: str
    basis: str
    judged_on: str
    id: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """What comparing a written name with the gazetteers gave, as ``twingraph resolve`` wrote it.

    Attributes:
        municipality: key in the gazetteer; "" while the case is open.
        score: 0 to 1, how sure.
        basis: the reasons.
        candidates: for open cases what it may be, best first: keys of the gazetteer, QIDs, ``geonames:`` ids.
    """

    source: str
    name: str
    country: str
    id: str
    municipality: str
    score: str
    basis: str
    candidates: tuple[str, ...] = ()
    row: int = 0


@dataclass(slots=True)
class Dataset:
    """All that ``data/`` holds, checked row by row but not yet resolved."""

    folder: Path
    sources: dict[str, Source] = field(default_factory=dict)
    partnership_claims: list[PartnershipClaim] = field(default_factory=list)
    other_claims: list[OtherClaim] = field(default_factory=list)
    municipalities: dict[str, Municipality] = field(default_factory=dict)
    names: list[PlaceName] = field(default_factory=list)
    countries: dict[str, Country] = field(default_factory=dict)
    judgements: list[Judgement] = field(default_factory=list)
    source_places: list[SourcePlace] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
