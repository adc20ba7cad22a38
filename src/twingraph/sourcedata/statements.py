"""What a row of ``other_claims.csv`` can say: properties, what they apply to, and their terms in RDF."""

from __future__ import annotations

from dataclasses import dataclass

from twingraph.vocab import RDFS, SKOS, TW

__all__ = ["PROPERTIES", "SCHEMES", "SUBJECTS", "Property"]

#: Schemes of concepts by the name used in IRIs and data, with the plural in the scheme's IRI.
SCHEMES: dict[str, str] = {
    "kind": "kinds",
    "status": "statuses",
    "level": "levels",
    "basis": "bases",
    "source-type": "source-types",
    "association-type": "association-types",
    "event-type": "event-types",
    "field": "fields",
    "purpose": "purposes",
    "success-factor": "success-factors",
    "actor": "actors",
    "question": "questions",
    "distinction": "distinctions",
    "region": "regions",
}

SUBJECTS = ("association", "event", "municipality", "wave", "claim")


@dataclass(frozen=True, slots=True)
class Property:
    """One property of ``other_claims.csv``.

    Attributes:
        subject: what it is said of: one of `SUBJECTS`.
        name: as in the column ``property``.
        term: IRI of the term in RDF.
        value: text, edtf, integer, url, place (Name@CC), claim, place-or-claim, association, event,
            concept:<scheme>, side (country code or region).
        single: whether two different values contradict each other.
        meaning: for the data dictionary.
        reverse: the triple runs from the value to the subject (``tw:organises``).
    """

    subject: str
    name: str
    term: str
    value: str
    meaning: str
    single: bool = False
    reverse: bool = False


_P = Property
_ALL = (
    _P("association", "name", RDFS.label, "text", "Its full name as the source writes it."),
    _P("association", "short_name", SKOS.altLabel, "text", "A short name."),
    _P("association", "type", TW.hasAssociationType, "concept:association-type", "What it is.", True),
    _P("association", "founded", TW.foundedOn, "edtf", "When it was founded.", True),
    _P("association", "resolved_on", TW.resolvedOn, "edtf", "When the council decided to form it.", True),
    _P("association", "dissolved", TW.dissolvedOn, "edtf", "When it was dissolved.", True),
    _P("association", "seat", TW.hasSeat, "place", "The municipality it sits in."),
    _P("association", "supports", TW.supports, "place-or-claim", "The municipality or partnership it works for."),
    _P("association", "acts_for", TW.actsFor, "place", "The municipality on whose behalf it acts."),
    _P("association", "field", TW.hasField, "concept:field", "What it does."),
    _P("association", "follows", TW.follows, "association", "The association it came out of."),
    _P("association", "webpage", TW.webpage, "url", "Its web page."),
    _P("association", "member", TW.hasMember, "place", "A municipality that is its member."),
    _P("event", "name", RDFS.label, "text", "Its name."),
    _P("event", "type", TW.hasEventType, "concept:event-type", "What it is.", True),
    _P("event", "takes_place_on", TW.takesPlaceOn, "edtf", "When it takes place.", True),
    _P("event", "takes_place_in", TW.takesPlaceIn, "place", "Where it takes place."),
    _P("event", "motto", TW.motto, "text", "Its motto as written."),
    _P("event", "participant_count", TW.participantCount, "integer", "How many took part; ~40 for about 40.", True),
    _P("event", "moderated_by", TW.isModeratedBy, "association", "Who moderated it."),
    _P("event", "organised_by", TW.organises, "association-or-place", "Who organised it.", reverse=True),
    _P("event", "topic", TW.concernsField, "concept:field", "A field of activity it deals with."),
    _P("event", "success_factor", TW.hasSuccessFactor, "concept:success-factor", "What it names as needed."),
    _P("event", "actor", TW.involvesActor, "concept:actor", "A local actor it names."),
    _P("event", "question", TW.raisesQuestion, "concept:question", "A question it leaves open."),
    _P("event", "followed_by", TW.isFollowedBy, "event", "The next event of the series."),
    _P(
        "event",
        "concerns",
        TW.concerns,
        "place-or-claim-or-side",
        "The partnership, municipality or country it is about.",
    ),
    _P(
        "municipality",
        "partner_count",
        TW.partnerCountStated,
        "integer",
        "How many partners the source says it has.",
        True,
    ),
    _P("municipality", "purpose", TW.hasPurpose, "concept:purpose", "What its partnerships are for."),
    _P("municipality", "earlier_purpose", TW.hasEarlierPurpose, "concept:purpose", "What they were for at first."),
    _P("municipality", "field", TW.hasField, "concept:field", "A field of activity of its partnerships."),
    _P("municipality", "earlier_field", TW.hasEarlierField, "concept:field", "A field that stood out earlier."),
    _P("municipality", "actor", TW.involvesActor, "concept:actor", "A local actor in its partnerships."),
    _P("municipality", "success_factor", TW.hasSuccessFactor, "concept:success-factor", "What its partnerships need."),
    _P("municipality", "distinction", TW.hasDistinction, "concept:distinction", "What sets its twinning work apart."),
    _P("municipality", "merged_into", TW.mergedInto, "place", "The municipality it became part of."),
    _P("municipality", "merged_on", TW.mergedOn, "edtf", "When it became part of it.", True),
    _P("wave", "name", RDFS.label, "text", "A name for the wave, ours."),
    _P("wave", "begins", TW.begins, "edtf", "When it begins.", True),
    _P("wave", "order", TW.position, "integer", "Its place in the source's sequence.", True),
    _P("wave", "side", TW.hasSide, "side", "The one side: country or region."),
    _P("wave", "partner_side", TW.hasPartnerSide, "side", "The other side: country or region."),
    _P("wave", "purpose", TW.hasPurpose, "concept:purpose", "What the ties of the wave were for."),
    _P("claim", "distinction", TW.hasDistinction, "concept:distinction", "What sets the partnership apart."),
    _P("claim", "purpose", TW.hasPurpose, "concept:purpose", "What the partnership is for."),
    _P("claim", "field", TW.hasField, "concept:field", "A field of activity of the partnership."),
    _P("claim", "actor", TW.involvesActor, "concept:actor", "A local actor in the partnership."),
)

#: By (subject, name).
PROPERTIES: dict[tuple[str, str], Property] = {(p.subject, p.name): p for p in _ALL}
