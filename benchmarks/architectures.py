"""Train the networks of lesson 14 from five starts each; keep a record of it.

    python -m benchmarks.architectures             all of the record, about ten minutes
    python -m benchmarks.architectures styles      a part of it, written into the record
    python -m benchmarks.architectures --seeds 1   a fifth of it, printed and not recorded

Five styles of convolutional networks on the course's digits; stacks of 10, 18 and 34 layers with
shortcuts and without; a detector of shapes, and what becomes of it when a choice of its paper is
undone. Recipes: `networks` and `detector` in the wing of lesson 14.
"""

import argparse
import datetime
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ[name] = "1"

from dlcourse import datasets, nn  # noqa: E402
from dlcourse.compare.machine import cpu_name  # noqa: E402
from dlcourse.layout import RECORDS  # noqa: E402
from dlcourse.lessons.lesson_14_architectures import detector, networks  # noqa: E402
from dlcourse.nn.losses import Loss  # noqa: E402

RECORD = RECORDS / "architectures.json"
SEEDS = 5
STALE = 0.99  # momentum of the averages of batch normalization, where they lag behind
SIDES = ((4.0, 7.0), (7.0, 16.0), (16.0, 22.0))  # of shapes that are looked for, in pixels
Rows = list[dict[str, Any]]


def styles(seeds: int) -> Rows:
    """Train the five styles, and two in between; digits misread of the 1437 and of the 360."""
    train, test = datasets.digits_split()
    rows = []
    for name, style in (networks.STYLES | networks.WHY).items():
        models = [networks.trained(style, seed) for seed in range(seeds)]
        rows.append(
            {
                "style": name,
                "parameters": networks.size(models[0]),
                "train": [networks.misread(model, train.x, train.y) for model in models],
                "test": [networks.misread(model, test.x, test.y) for model in models],
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    return rows


def depths(seeds: int) -> Rows:
    """Train the stacks; the plain ones once more with averages that lag behind."""
    rows = []
    for momentum, kinds in ((networks.MOMENTUM, (False, True)), (STALE, (False,))):
        for layers in networks.DEPTHS:
            for residual in kinds:
                runs = [
                    networks.trained_deep(layers, residual, seed, momentum) for seed in range(seeds)
                ]
                rows.append(
                    {
                        "layers": layers,
                        "residual": residual,
                        "momentum": momentum,
                        "epochs": [[round(error, 2) for error in run.epochs] for run in runs],
                        "train": [round(run.train, 2) for run in runs],
                        "test": [round(run.test, 2) for run in runs],
                    }
                )
                print(json.dumps(rows[-1]), flush=True)
    return rows


def patient(seeds: int) -> Rows:
    """Give the deepest plain stack three times the epochs, to see whether it was only slow."""
    layers, epochs = max(networks.DEPTHS), 3 * networks.DEEP_EPOCHS
    runs = [networks.trained_deep(layers, False, seed, epochs=epochs) for seed in range(seeds)]
    rows = [
        {
            "layers": layers,
            "epochs": epochs,
            "last": [round(run.epochs[-1], 2) for run in runs],
            "train": [round(run.train, 2) for run in runs],
            "test": [round(run.test, 2) for run in runs],
        }
    ]
    print(json.dumps(rows), flush=True)
    return rows


def detectors(seeds: int) -> Rows:
    """Train the detector, and with one choice undone at a time; average precision on new ones."""
    ways: dict[str, tuple[int, Loss]] = {
        "as in the paper": (8, nn.YOLOLoss()),
        "empty cells count 1": (8, nn.YOLOLoss(no_object=1.0)),
        "boxes count 1": (8, nn.YOLOLoss(coordinates=1.0)),
        "no roots": (8, detector.WithoutRoots()),
        "4 x 4 cells": (4, nn.YOLOLoss()),
    }
    rows = []
    for name, (cells, loss) in ways.items():
        row: dict[str, Any] = {"way": name, "at_50": [], "at_75": [], "sides": []}
        for seed in range(seeds):
            model = detector.trained(seed, cells=cells, loss=loss)
            roots = not isinstance(loss, detector.WithoutRoots)
            half, three_quarters = detector.scores(model, detector.fresh(seed), roots)
            row["at_50"].append(round(half, 4))
            row["at_75"].append(round(three_quarters, 4))
            if name == "as in the paper":
                row["sides"].append([_of_side(model, seed, sides) for sides in SIDES])
        rows.append(row)
        print(json.dumps(row), flush=True)
    return rows


def _of_side(model: nn.Sequential, seed: int, sides: tuple[float, float]) -> float:
    """Return the average precision on drawings of one shape with sides in this range."""
    drawings = detector.fresh(seed, sides=sides, most=1)
    return round(detector.scores(model, drawings)[0], 4)


PARTS: dict[str, Callable[[int], Rows]] = {
    "styles": styles,
    "depths": depths,
    "patient": patient,
    "detectors": detectors,
}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many seeds")
    asked = parser.parse_args()
    wanted = asked.parts or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    measured = {part: PARTS[part](asked.seeds) for part in wanted}
    if asked.seeds != SEEDS:
        return
    kept = {} if len(wanted) == len(PARTS) else json.loads(RECORD.read_text(encoding="utf-8"))
    record = kept | {
        "date": datetime.date.today().isoformat(),
        "processor": cpu_name(),
        "versions": {"numpy": version("numpy")},
        "seeds": SEEDS,
        "sides": SIDES,
        **measured,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
