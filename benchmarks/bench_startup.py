"""What the command line costs to start, and a lookup from start to end.

Run: ``python benchmarks/bench_startup.py [--rounds N]``

Whole processes that take turns; CPU time of user and system, their children included; medians.
"""

from __future__ import annotations

import sys

import measure

#: Aims in CPU milliseconds, by row.
AIMS = {"twingraph --help": 150, "twingraph query": 500}


def main() -> None:
    """Measure and print the table."""
    parser = measure.parser("Time the start of twingraph and of its commands.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--store", type=measure.Path, help="ask this store instead of the made-up world's")
    options = parser.parse_args()
    store = options.store or measure.built_store(options)

    import twingraph

    with twingraph.open(store) as graph:
        candidates = graph.query(
            "SELECT ?name WHERE { ?m tw:partnerCount 12 ; tw:displayName ?name } ORDER BY ?m LIMIT 50", frame="result"
        ).records()
        # The commands must not have to ask which of several is meant.
        town = next(
            str(row["name"])
            for row in candidates
            if len(graph.query("municipality/find", frame="result", town=row["name"]).records()) == 1
        )
    python = sys.executable
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "python -c 'import pyoxigraph'": [python, "-c", "import pyoxigraph"],
        "python -c 'import twingraph'": [python, "-c", "import twingraph"],
        "twingraph --help": measure.twingraph("--help"),
        "twingraph query, the town by name, csv": measure.twingraph(
            "query", "find", "--store", store, "--param", f"town={town}", "--format", "csv"
        ),
        "twingraph query, its partners, csv": measure.twingraph(
            "query", "partners", "--store", store, "--param", f"town={town}", "--format", "csv"
        ),
        "twingraph query, its partners, table": measure.twingraph(
            "query", "partners", "--store", store, "--param", f"town={town}"
        ),
        "twingraph show, json": measure.twingraph("show", town, "--store", store, "--format", "json"),
        "twingraph show": measure.twingraph("show", town, "--store", store),
    }
    costs: dict[str, list[measure.Cost]] = {name: [] for name in commands}
    for command in commands.values():
        measure.run(command)
    for _ in range(options.rounds):
        for name, command in commands.items():
            costs[name].append(measure.run(command))
    base = measure.middle(costs["python -c pass"]).cpu
    table = []
    for name, found in costs.items():
        cost = measure.middle(found)
        aim = next((aim for start, aim in AIMS.items() if name.startswith(start)), None)
        table.append(
            [
                f"`{name}`" if "," not in name else f"`{name.split(',')[0]}`,{name.partition(',')[2]}",
                f"{cost.cpu * 1000:.0f}",
                f"{(cost.cpu - base) * 1000:.0f}",
                f"< {aim}" if aim else "",
            ]
        )
    print(measure.markdown_table(["process", "CPU ms", "over bare Python", "aim"], table))
    print()
    print(f"Medians of {options.rounds} runs in turn, on the store of the made-up world.")


if __name__ == "__main__":
    main()
