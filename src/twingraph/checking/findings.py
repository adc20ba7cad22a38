"""What checks find: plain data, the same for every form of report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["SEVERITIES", "Check", "Finding", "Report", "to_plain"]

#: From the gravest to the mildest: faults in the graph, doubts to decide, gaps the sources may never fill.
SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found."""

    subject: str
    label: str
    detail: str
    sources: list[str]


@dataclass(frozen=True, slots=True)
class Check:
    """One check and what it found.

    Attributes:
        id: name of the query without its folder, or ``shape-…`` for a SHACL constraint.
        severity: one of `SEVERITIES`.
        title: one line.
        explanation: what a finding means.
        advice: what to do.
        findings: in the order of their labels; empty: all is well.
    """

    id: str
    severity: str
    title: str
    explanation: str
    advice: str
    findings: list[Finding]


@dataclass(slots=True)
class Report:
    """The checks that ran, and what could not be checked and why."""

    checks: list[Check] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def count(self, severity: str) -> int:
        """Return how many findings of a severity there are."""
        return sum(len(check.findings) for check in self.checks if check.severity == severity)


def to_plain(report: Report) -> dict[str, Any]:
    """Return a report as dictionaries and lists, for JSON."""
    return {
        "counts": {severity: report.count(severity) for severity in SEVERITIES},
        "skipped": report.skipped,
        "checks": report.checks,
    }
