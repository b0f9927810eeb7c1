"""Train the longer runs of lesson 19; keep a record of every one.

python -m benchmarks.graphs             the record that lesson 19 shows, about ten minutes
python -m benchmarks.graphs --seeds 1   a part of it, printed and not recorded
"""

import argparse
import datetime
import json
import os
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ[name] = "1"

from dlcourse.compare.machine import cpu_name  # noqa: E402
from dlcourse.layout import RECORDS  # noqa: E402
from dlcourse.lessons.lesson_19_graphs import experiments  # noqa: E402

RECORD = RECORDS / "graphs.json"
SEEDS = 5
LABELS = (1, 5, 20)  # of each digit
DEPTHS = (1, 2, 4, 8, 16)
MORE = (32, 64, 128, 256, 1024)  # means without layers in between
Rows = list[dict[str, Any]]


def few_labels(seeds: int) -> Rows:
    """Let each method answer for all digits from few labels; twice as many draws as seeds."""
    _, y, _ = experiments.digits()
    rows = []
    for each in LABELS:
        for method in experiments.METHODS:
            shares = []
            for seed in range(2 * seeds):
                labels = experiments.draw(y, each, seed)
                answers = experiments.answer(method, labels, seed)
                shares.append(round(experiments.right(answers, labels), 4))
            rows.append({"labels": each, "method": method, "right": shares})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def depth(seeds: int) -> Rows:
    """Mix neighbours more and more often, with and without layers in between."""
    rows = []
    for way in experiments.WAYS:
        for times in (*DEPTHS, *(MORE if way.startswith("means") else ())):
            runs = [experiments.deep(way, times, seed) for seed in range(seeds)]
            known, others = ([round(share, 4) for share in one] for one in zip(*runs, strict=True))
            rows.append({"way": way, "times": times, "known": known, "right": others})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def club_depth(seeds: int) -> Rows:
    """Mix more and more often on the club; four times as many seeds, each is quick."""
    rows = []
    for times in (*DEPTHS, 32):
        right = [experiments.deep_on_the_club(times, seed) for seed in range(4 * seeds)]
        means = [experiments.smoothed_on_the_club(times, seed) for seed in range(4 * seeds)]
        rows.append({"times": times, "right": right, "means": means})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def pixels(seeds: int) -> Rows:
    """Read digits by kernels and by graph convolutions, also with all pixels shuffled alike."""
    rows = []
    for kind in experiments.PIXELS:
        for shuffled in (False, True):
            runs = [experiments.pixels(kind, seed, shuffled) for seed in range(seeds)]
            known, new = (list(one) for one in zip(*runs, strict=True))
            rows.append({"kind": kind, "shuffled": shuffled, "known": known, "wrong": new})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many seeds")
    seeds = parser.parse_args().seeds
    measured = {part.__name__: part(seeds) for part in (few_labels, depth, club_depth, pixels)}
    if seeds == SEEDS:
        record = {
            "date": datetime.date.today().isoformat(),
            "processor": cpu_name(),
            "seeds": seeds,
            **measured,
        }
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
