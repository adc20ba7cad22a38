"""All families of questions for one network, and the reasons why some of them have no answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from twingraph.errors import AnalysisError, SelectionError
from twingraph.findings.model import Finding, Progress, silent
from twingraph.networks.model import Network, TieTable

__all__ = ["Chapter", "Report", "collect"]


@dataclass(slots=True)
class Chapter:
    """One family of questions.

    Attributes:
        key: the name of its command below ``twingraph analyse``.
        title: what it is about.
        findings: its answers; empty where there is none.
        reason: why there is none.
    """

    key: str
    title: str
    findings: list[Finding] = field(default_factory=list)
    reason: str | None = None


@dataclass(slots=True)
class Report:
    """Everything that was found out about a network.

    Attributes:
        network: the network.
        chapters: in the order in which they are read.
        words: of the command line that name the data and the selection.
        version: of twingraph.
    """

    network: Network
    chapters: list[Chapter]
    words: Sequence[str]
    version: str


def collect(
    table: TieTable, network: Network, words: Sequence[str], *, seed: int = 1, progress: Progress = silent
) -> Report:
    """Answer every family of questions; one that the data can't answer is kept with the reason."""
    from importlib.metadata import version

    chapters = []
    for key, title, find in _families(table, network, seed, progress):
        try:
            chapters.append(Chapter(key, title, list(find())))
        except (AnalysisError, SelectionError) as error:
            chapters.append(Chapter(key, title, reason=str(error)))
    return Report(network, chapters, words, version("twingraph"))


def _families(
    table: TieTable, network: Network, seed: int, progress: Progress
) -> list[tuple[str, str, Callable[[], Sequence[Finding]]]]:
    from twingraph.findings.centrality import find_centrality
    from twingraph.findings.communities import find_communities
    from twingraph.findings.countries import find_countries
    from twingraph.findings.growth import find_growth
    from twingraph.findings.robustness import find_robustness
    from twingraph.findings.structure import find_structure

    return [
        ("structure", "How it hangs together", lambda: find_structure(network, progress=progress)),
        ("growth", "How it grew", lambda: find_growth(network, progress=progress)),
        ("countries", "Countries and distances", lambda: find_countries(network, seed=seed, progress=progress)),
        ("centrality", "Who holds it together", lambda: find_centrality(network, progress=progress)),
        ("communities", "Groups", lambda: find_communities(network, seed=seed, progress=progress)),
        ("robustness", "Would it change?", lambda: find_robustness(table, network, progress=progress)),
    ]
