"""Measure bells, networks and mixtures of experts for lesson 20; keep a record of it.

    python -m benchmarks.radial             all of the record, about five minutes
    python -m benchmarks.radial --seeds 1   one seed of each, printed and not recorded

Forecasts: five seeds, each with a series of its own and starting centres or weights of its own.
Seconds are those of one core, spent by this process alone. Experts on three lines: ten seeds, each
with points and weights of its own. Vowels: 25 seeds, each with speakers and weights of its own.
"""

import argparse
import datetime
import json
import os
from importlib.metadata import version
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ[name] = "1"

from dlcourse.compare.machine import cpu_name  # noqa: E402
from dlcourse.layout import RECORDS  # noqa: E402
from dlcourse.lessons.lesson_20_radial import experts, forecasts, vowels  # noqa: E402

RECORD = RECORDS / "radial.json"
SEEDS = {"forecasts": 5, "lines": 10, "vowels": 25}
AHEAD = (6, 85)
EXPERTS = (1, 2, 3, 4, 8)
Rows = list[dict[str, Any]]


def measure_forecasts(seeds: int) -> Rows:
    """Let every machine forecast each series, and take its time."""
    rows = []
    for ahead in AHEAD:
        tasks = [forecasts.task(ahead, seed) for seed in range(seeds)]
        for name, machine in forecasts.machines().items():
            found = [forecasts.measured(machine, data, seed) for seed, data in enumerate(tasks)]
            errors, seconds = zip(*found, strict=True)
            rows.append(
                {
                    "ahead": ahead,
                    "machine": name,
                    "errors": [round(error, 5) for error in errors],
                    "seconds": [round(spent, 3) for spent in seconds],
                }
            )
            print(json.dumps(rows[-1]), flush=True)
    return rows


def measure_lines(seeds: int) -> Rows:
    """Let experts compete, and cooperate, for three lines."""
    rows = []
    for competition in (True, False):
        for number in EXPERTS:
            runs = [experts.train(number, competition, seed) for seed in range(seeds)]
            rows.append(
                {
                    "competition": competition,
                    "experts": number,
                    "errors": [round(run.error, 4) for run in runs],
                    "used": [run.used for run in runs],
                    "bits": [round(run.bits, 3) for run in runs],
                }
            )
            print(json.dumps(rows[-1]), flush=True)
    return rows


def measure_vowels(seeds: int) -> Rows:
    """Let experts and networks race for the vowels, at every rate."""
    rows = []
    for system in vowels.SYSTEMS:
        for rate in vowels.RATES:
            runs = [vowels.race(system, rate, seed) for seed in range(seeds)]
            arrived = [run for run in runs if run.epochs is not None]
            rows.append(
                {
                    "system": system,
                    "rate": rate,
                    "epochs": [run.epochs for run in runs],
                    "train": [round(run.train, 1) for run in arrived],
                    "test": [round(run.test, 1) for run in arrived],
                    "used": [run.used for run in arrived],
                }
            )
            print(json.dumps(rows[-1]), flush=True)
    return rows


PARTS = {"forecasts": measure_forecasts, "lines": measure_lines, "vowels": measure_vowels}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, help="how many seeds of each")
    parser.add_argument("--part", choices=PARTS, help="measure this part anew, and keep the others")
    chosen = parser.parse_args()
    wanted = [chosen.part] if chosen.part else list(PARTS)
    found = {part: PARTS[part](chosen.seeds or SEEDS[part]) for part in wanted}
    if chosen.seeds:
        return
    record = json.loads(RECORD.read_text(encoding="utf-8")) if chosen.part else {}
    record |= {
        "date": datetime.date.today().isoformat(),
        "processor": cpu_name(),
        "versions": {"numpy": version("numpy")},
        "seeds": SEEDS,
        **found,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
