"""Measure how well written names become municipalities, on two lists that name the same places in two ways.

Usage: python benchmarks/measure_resolution.py NAMES.csv ITEMS.gexf RELATIONS.tsv

- NAMES.csv: pairs by name, country and coordinates (city1, country1, lat1, lng1, city2 …).
- ITEMS.gexf: places by QID with label, country, coordinates; RELATIONS.tsv: pairs by QID, with names.tsv beside it.

The truth is made without coordinates, inhabitants and gazetteer, but of names, countries and partners, which the
matching uses, too: a written name (with the part of the country, where the list names one) means the item whose label
and country are the same and with which it shares two partners or more by name, if just one item does. Items of which a
second has the same label and country but fewer shared partners count as homonyms and are reported apart.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from pathlib import Path

import networkx as nx

from twingraph.importing.mapping import load_mapping
from twingraph.importing.networks import import_network
from twingraph.importing.tables import import_table
from twingraph.names import search_key
from twingraph.resolving.countries import find_country, named_part
from twingraph.resolving.gazetteers import open_gazetteer
from twingraph.resolving.matching import match_names
from twingraph.sourcedata.reader import read_dataset

Name = tuple[str, str, str]


def code(text: str) -> str:
    """Return the country's code, or nothing."""
    found = find_country(text)
    return found.code if found else ""


def truth(names: Path, items: Path, relations: Path) -> tuple[dict[Name, str], set[Name]]:
    """Return the item of each written name (name, country code, part), and which of them are homonyms."""
    graph = nx.read_gexf(items)
    label = {node: values["label"] for node, values in graph.nodes(data=True)}
    country = {node: code(values["country"]) for node, values in graph.nodes(data=True)}
    partners: dict[str, set[str]] = defaultdict(set)
    for one, other in graph.edges:
        partners[one].add(search_key(label[other]))
        partners[other].add(search_key(label[one]))
    labels = dict(csv.reader((relations.with_name("names.tsv")).open(encoding="utf-8"), delimiter="\t"))
    for one, other in csv.reader(relations.open(encoding="utf-8"), delimiter="\t"):
        partners[one].add(search_key(labels[other]))
        partners[other].add(search_key(labels[one]))
    by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node in graph:
        by_name[search_key(label[node]), country[node]].append(node)
    written: dict[Name, set[str]] = defaultdict(set)
    for row in csv.DictReader(names.open(encoding="utf-8")):
        for one, other in (("1", "2"), ("2", "1")):
            country_text = row[f"country{one}"]
            name = (row[f"city{one}"], code(country_text), named_part(country_text))
            written[name].add(search_key(row[f"city{other}"]))
    found: dict[Name, str] = {}
    homonyms: set[Name] = set()
    for name, their in written.items():
        fitting = by_name.get((search_key(name[0]), name[1]), [])
        shared = {node: len(their & partners[node]) for node in fitting}
        sure = [node for node, count in shared.items() if count >= 2]
        if len(sure) == 1:
            found[name] = sure[0]
            if len(fitting) > 1:
                homonyms.add(name)
    return found, homonyms


def main() -> None:
    """Match, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", type=Path)
    parser.add_argument("items", type=Path)
    parser.add_argument("relations", type=Path)
    parser.add_argument("--without-coordinates", action="store_true", help="match by name and country alone")
    parser.add_argument("--show", type=int, default=0, help="show this many of the wrong and the open")
    given = parser.parse_args()
    expected, homonyms = truth(given.names, given.items, given.relations)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        mapping = load_mapping("pairs" if given.without_coordinates else "pairs-with-coordinates")
        import_table(given.names, mapping, data, source="names")
        import_network(given.items, data, source="items")
        matching = match_names(read_dataset(data), open_gazetteer())
    item_of = {case.place.wikidata_id: case.municipality for case in matching.cases if case.key[0] == "items"}
    right = wrong = open_cases = shown = 0
    apart = [0, 0, 0]
    for case in matching.cases:
        name = (case.key[1], case.key[2], named_part(case.place.written_country))
        item = expected.get(name) if case.key[0] == "names" else None
        # Where coordinates part a name, the truth does not tell which is meant.
        if item is None or case.key[3] not in ("", name[2]):
            continue
        outcome = 2 if not case.municipality else 0 if case.municipality == item_of[item] else 1
        right, wrong, open_cases = right + (outcome == 0), wrong + (outcome == 1), open_cases + (outcome == 2)
        if name in homonyms:
            apart[outcome] += 1
        if outcome and shown < given.show:
            shown += 1
            word = "wrong" if outcome == 1 else "open"
            print(f"  {word}: {case.key[1:3]} {item_of[item]} {case.municipality}: {case.basis}")
            for candidate in case.candidates[:2]:
                reasons = "; ".join(candidate.reasons)
                print(f"      {candidate.score:.2f} {candidate.entry.ref} {candidate.entry.name}: {reasons}")
    total = right + wrong + open_cases
    print(f"{total:,} names whose item is known: {right:,} right, {wrong} wrong, {open_cases} open")
    print(f"precision {right / (right + wrong):.4f}, recall {right / total:.4f}, open {open_cases / total:.4f}")
    print(f"homonyms among items: {sum(apart)} names: {apart[0]} right, {apart[1]} wrong, {apart[2]} open")
    names = [case for case in matching.cases if case.key[0] == "names"]
    waiting = sum(not case.municipality for case in names)
    print(f"all {len(names):,} written names: {waiting / len(names):.3f} open")


if __name__ == "__main__":
    main()
