"""Which groups are tied more among themselves than with others?"""

from __future__ import annotations

from typing import Any

from twingraph.findings.model import Finding, Progress, compare, describe, silent
from twingraph.findings.texts import excerpt_of
from twingraph.networks.model import Network
from twingraph.querying.wording import plural

__all__ = ["find_communities"]

_METHODS = {
    "method": "how groups were found",
    "communities": "number of groups",
    "largest": "places in the largest group",
    "modularity": "ties inside groups beyond what chance would give; 0 is chance, above about 0.3 groups are marked",
    "nmi_country": "agreement of groups with countries, 0 to 1 (normalised mutual information)",
    "ari_country": "the same, corrected for chance: 0 is chance, 1 the same division (adjusted Rand index)",
    "nmi_continent": "agreement with continents, 0 to 1",
    "ari_continent": "the same, corrected for chance",
    "nmi_language": "agreement with the languages of the places' own names, 0 to 1",
    "ari_language": "the same, corrected for chance",
    "stability": "mean agreement (NMI) with the groups that ten other seeds give; 1 if they never differ",
}
_PROFILE = {
    "community": "number of the group, 0 is the largest",
    "municipalities": "places in it",
    "ties_inside": "ties between its places",
    "ties_outside": "ties of its places with other groups",
    "countries": "countries it reaches over",
    "main_country": "country of most of its places",
    "main_share": "share of that country, 0 to 1",
    "leading": "the places with most partners in it",
}
_MEMBERS = {
    "municipality": "key of the place",
    "name": "its name",
    "country": "its country today",
    "community": "number of its group, 0 is the largest",
}
_CAVEATS = [
    "Groups are a way to look at a network, not a fact of it: divisions of nearly the same quality can differ much.",
    "Small groups merge in large networks, whatever the ties say (the resolution limit of modularity).",
]


def find_communities(network: Network, *, seed: int = 1, progress: Progress = silent) -> list[Finding]:
    """Return groups found by Leiden and Louvain, what they are made of, and the group of each place.

    Tables: ``methods``, ``communities`` and ``members`` (both of Leiden; of the possible ties).
    """
    from twingraph.analysis.communities import communities, community_profile, compare_methods, partition

    methods = compare(network, lambda graph: compare_methods(graph, seed=seed, progress=progress), ["method"])
    graph = network.possible
    profile = community_profile(graph, partition(graph, seed=seed))
    members = communities(graph, seed=seed).sort(["community", "name", "municipality"])
    about = {"seed": seed, "method": "leiden"}
    return [
        Finding(
            key="methods",
            question="Do places form groups, and do these follow countries or languages?",
            answer=_tell(methods),
            frame=methods,
            columns=describe(_METHODS, methods.columns),
            excerpt=excerpt_of(
                methods,
                "method",
                "communities",
                "modularity",
                "ari_country",
                "ari_language",
                "nmi_country",
                "stability",
            ),
            caveats=_CAVEATS,
            about={"seed": seed},
        ),
        Finding(
            key="communities",
            question="Which groups are tied more among themselves than with others?",
            answer=_tell_groups(profile),
            frame=profile,
            columns=_PROFILE,
            excerpt=profile.head(15),
            caveats=_CAVEATS[:1],
            about=about,
        ),
        Finding(
            key="members",
            question="To which group does each place belong?",
            answer=[],
            frame=members,
            columns=_MEMBERS,
            excerpt=members.select("community", "name", "country").head(20),
            about=about,
        ),
    ]


def _tell(methods: Any) -> list[str]:
    suffix = "" if "modularity" in methods.columns else "_possible"
    row = methods.filter(methods["method"] == "leiden").row(0, named=True)
    if row[f"modularity{suffix}"] is None:
        return ["Without ties there are no groups."]
    told = [
        f"Leiden finds {plural(row[f'communities{suffix}'], 'group')}; the modularity is "
        f"{row[f'modularity{suffix}']:.2f}. The largest has {plural(row[f'largest{suffix}'], 'place')}."
    ]
    country = row[f"ari_country{suffix}"]
    if country is not None:
        follows = "hardly follow" if country < 0.1 else "partly follow" if country < 0.5 else "largely follow"
        told.append(
            f"The groups {follows} countries (adjusted Rand index {round(country, 2) + 0.0:.2f}, where 0 is chance)."
        )
    return told


def _tell_groups(profile: Any) -> list[str]:
    if not profile.height:
        return []
    row = profile.row(0, named=True)
    inside = f"; {row['main_share']:.0%} of its places are in {row['main_country']}" if row["main_country"] else ""
    countries = plural(row["countries"], "country", "countries")
    return [f"The largest group has {plural(row['municipalities'], 'place')} in {countries}{inside}."]
