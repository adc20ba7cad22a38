"""Import, resolve, build and check at four sizes, to see that time grows with size.

Usage: python benchmarks/bench_import.py [--sizes 5000 10000 20000 40000]

The pairs are made of real places of GeoNames, drawn with a fixed seed, written as a person would: by name and country
in one list, with coordinates in the other. No file from elsewhere is needed. Times are CPU seconds of the process and
its threads; opening the gazetteer and making its index, which do not grow with the lists, are told apart.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import tempfile
import time
from pathlib import Path

import twingraph
from twingraph.building import build
from twingraph.checking.checks import run_checks
from twingraph.importing.mapping import load_mapping
from twingraph.importing.tables import import_table
from twingraph.resolving.cases import write_matching
from twingraph.resolving.gazetteers import open_gazetteer
from twingraph.resolving.matching import match_names
from twingraph.sourcedata.reader import read_dataset


def write_lists(folder: Path, pairs: int) -> list[Path]:
    """Write two lists of pairs, the second half of which stand in both."""
    places = [entry for entry in open_gazetteer().by_ref.values() if entry.population > 8_000]
    draw = random.Random(pairs)
    rows = []
    while len(rows) < pairs:
        one, other = draw.sample(places, 2)
        rows.append((one.name, one.country, one.lat, one.long, other.name, other.country, other.lat, other.long))
    paths = []
    for name, part, columns in (
        ("plain", rows[: 3 * pairs // 4], (0, 1, 4, 5)),
        ("located", rows[pairs // 4 :], range(8)),
    ):
        path = folder / f"{name}.csv"
        header = ["city1", "country1", "lat1", "lng1", "city2", "country2", "lat2", "lng2"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([header[number] for number in columns])
            writer.writerows([row[number] for number in columns] for row in part)
        paths.append(path)
    return paths


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 10_000, 20_000, 40_000])
    given = parser.parse_args()
    began = time.process_time()
    gazetteer = open_gazetteer()
    for country in gazetteer.countries:
        gazetteer.named("", country)
    print(f"opening the gazetteer and making its index: {time.process_time() - began:.1f} s\n")
    del gazetteer
    print("| claims | import s | resolve s | build s | check s | all s | ms for a claim | peak MiB |")
    print("|---|---|---|---|---|---|---|---|")
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            plain, located = write_lists(folder, 2 * size // 3)
            data, store = folder / "data", folder / "store"
            times = []
            began = time.process_time()
            outcomes = [
                import_table(plain, load_mapping("pairs"), data),
                import_table(located, load_mapping("pairs-with-coordinates"), data),
            ]
            times.append(time.process_time())
            write_matching(data, match_names(read_dataset(data), open_gazetteer()))
            times.append(time.process_time())
            build(data, store)
            times.append(time.process_time())
            with twingraph.open(store) as graph:
                run_checks(graph, shapes=False)
            times.append(time.process_time())
            claims = sum(len(outcome.intake.claims) for outcome in outcomes)
            spans = [after - before for before, after in zip([began, *times], times, strict=False)]
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            total = sum(spans)
            cells = [f"{claims:,}", *(f"{span:.1f}" for span in spans), f"{total:.1f}", f"{1000 * total / claims:.2f}"]
            print(f"| {' | '.join(cells)} | {peak:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
