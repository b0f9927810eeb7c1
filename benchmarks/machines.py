"""Measure the machines of lesson 11 on one split for all; keep a record of it.

    python -m benchmarks.machines             all of the record, about five minutes
    python -m benchmarks.machines --seeds 1   a third of it, printed and not recorded

Accuracies are those of five folds, shuffled, with the classes in each fold alike; a seed shuffles
anew and starts what is random in a machine anew. Times are seconds of one CPU core, the median of
the folds. Nothing is tuned (see `dlcourse.lessons.lesson_11_machines.machines`).
"""

import argparse
import datetime
import json
import os
import warnings
from importlib.metadata import version
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ[name] = "1"

import numpy as np  # noqa: E402

from dlcourse import datasets  # noqa: E402
from dlcourse.compare.machine import cpu_name  # noqa: E402
from dlcourse.layout import RECORDS  # noqa: E402
from dlcourse.lessons.lesson_11_machines import measure  # noqa: E402
from dlcourse.lessons.lesson_11_machines.machines import (  # noqa: E402
    CLASSIFIERS,
    REGRESSORS,
    classifier,
    one_class_svm,
    regressor,
)

RECORD = RECORDS / "machines.json"
SEEDS = 3
DRAWN = ("decision tree", "random forest", "neural network", "deep network", "k-means")
SCALED = {"digits": (False,), "tumours": (True,), "wines": (True, False)}  # how to learn from them
SIZES = (20, 50, 100, 200, 400, 1437)  # digits to learn from
USELESS = (0, 300)  # columns of random numbers
ONE_CLASS = "one-class SVM"
Rows = list[dict[str, Any]]


def tables(seeds: int) -> Rows:
    """Let each classifier do five folds of each table, raw, standardized, or both."""
    rows = []
    for table in ("digits", "tumours", "wines"):
        x, y = measure.data(table)
        for machine in CLASSIFIERS:
            for scaled in SCALED[table]:
                runs = [
                    measure.cross_validate(classifier(machine, seed, scaled), x, y, seed)
                    for seed in range(seeds)
                ]
                rows.append({"table": table, "machine": machine, "scaled": scaled, **_kept(runs)})
                print(json.dumps(rows[-1]), flush=True)
    return rows


def _kept(runs: list[measure.Run]) -> dict[str, Any]:
    return {
        "right": [round(one.right, 5) for one in runs],
        "right_known": [round(one.right_known, 5) for one in runs],
        "fit": _rounded(np.median([one.fit for one in runs])),
        "predict": _rounded(np.median([one.predict for one in runs])),
        "kilobytes": _rounded(np.median([one.kilobytes for one in runs])),
    }


def _rounded(number: Any) -> float:
    return float(f"{number:.3g}")


def useless(seeds: int) -> Rows:
    """Put columns of random numbers beside the measurements of the tumours."""
    x, y = measure.data("tumours")
    rows = []
    for columns in USELESS:
        for machine in CLASSIFIERS:
            right = []
            for seed in range(seeds):
                wide = measure.with_useless(x, columns, seed)
                one = measure.cross_validate(classifier(machine, seed), wide, y, seed)
                right.append(round(one.right, 5))
            rows.append({"columns": columns, "machine": machine, "right": right})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def sizes(seeds: int) -> Rows:
    """Teach few digits, then more; 360 others test. Every seed shuffles all digits anew."""
    x, y = measure.data("digits")
    rows = []
    for machine in CLASSIFIERS:
        for size in SIZES:
            runs = []
            for seed in range(seeds):
                places = np.random.default_rng(seed).permutation(len(x))
                known, new = places[:size], places[1437:]
                made = classifier(machine, seed, scaled=False)
                runs.append(measure.run(made, (x[known], y[known]), (x[new], y[new])))
            rows.append({"machine": machine, "size": size, **_kept(runs)})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def hands(seeds: int) -> Rows:
    """Read the course's 360 digits, most by other hands, after learning from its 1437."""
    train, test = datasets.digits_split()
    known, new = ((part.x.reshape(-1, 64).astype(float), part.y) for part in (train, test))
    rows = []
    for machine in CLASSIFIERS:
        for scaled in (True, False):
            wrong = [
                round(360 * (1 - measure.run(classifier(machine, seed, scaled), known, new).right))
                for seed in range(seeds if machine in DRAWN else 1)
            ]
            rows.append({"machine": machine, "scaled": scaled, "wrong": wrong})
            print(json.dumps(rows[-1]), flush=True)
    return rows


def numbers(seeds: int) -> Rows:
    """Let each machine for numbers predict how diabetes goes on."""
    x, y = measure.data("diabetes")
    rows = []
    for machine in REGRESSORS:
        found = [measure.explained(regressor(machine, seed), x, y, seed) for seed in range(seeds)]
        rows.append({"machine": machine, "explained": np.round(found, 4).tolist()})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def one_class(seeds: int) -> dict[str, Any]:
    """Teach a one-class SVM ordinary examples alone; its costs are those of all digits."""
    x, y = measure.data("digits")
    both = [(digit, seed) for digit in range(10) for seed in range(seeds)]
    runs = [measure.strangers(x, y == digit, 100, seed) for digit, seed in both]
    near = [measure.nearest_auc(x, y == digit, 100, seed) for digit, seed in both]
    tumours, label = measure.data("tumours")

    def few(known: int, seed: int) -> float:
        return float(np.mean([measure.strangers(x, y == d, known, seed).auc for d in range(10)]))

    def beside(columns: int, seed: int) -> float:
        wide = measure.with_useless(tumours, columns, seed)
        return measure.strangers(wide, label == 1, 200, seed, scaled=True).auc

    costs = measure.cross_validate(one_class_svm(scaled=False), x, y)
    found = {
        "machine": ONE_CLASS,
        "auc": [round(run.auc, 4) for run in runs],
        "nearest_auc": [round(auc, 4) for auc in near],
        "refused_known": round(float(np.mean([run.refused_known for run in runs])), 4),
        "refused_new": round(float(np.mean([run.refused_new for run in runs])), 4),
        "sizes": {n: [round(few(n, s), 4) for s in range(seeds)] for n in (5, 10, 20, 50, 100)},
        "useless": {n: [round(beside(n, s), 4) for s in range(seeds)] for n in USELESS},
        "fit": _rounded(costs.fit),
        "predict": _rounded(costs.predict),
        "kilobytes": _rounded(costs.kilobytes),
    }
    print(json.dumps(found), flush=True)
    return found


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many seeds")
    seeds = parser.parse_args().seeds
    warnings.simplefilter("error")  # what did not converge is no record
    measured = {
        part.__name__: part(seeds) for part in (tables, useless, sizes, hands, numbers, one_class)
    }
    if seeds == SEEDS:
        record = {
            "date": datetime.date.today().isoformat(),
            "processor": cpu_name(),
            "versions": {name: version(name) for name in ("scikit-learn", "numpy")},
            "seeds": seeds,
            **measured,
        }
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
