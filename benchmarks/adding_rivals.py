"""Give other networks the adding problem of lesson 16; keep a record of every run.

    python -m benchmarks.adding_rivals             all of the record
    python -m benchmarks.adding_rivals --seeds 1   a part of it, printed and not recorded

Task, rule to stop and test are those of `benchmarks.adding_problem`, and so are batch, optimizer
and clipping. Each network says what is its own: units, learning rate, starting weights, budget.
"""

import argparse
import datetime
import json
import os
import time
from typing import Any, NamedTuple

import numpy as np

from benchmarks.adding_problem import (
    ALLOWED_WRONG,
    BATCH,
    TEST_SEQUENCES,
    adding_network,
    count_wrong,
    train,
)
from dlcourse import datasets, nn
from dlcourse.compare.machine import cpu_name
from dlcourse.layout import RECORDS
from dlcourse.nn.contract import Layer

RECORD = RECORDS / "adding_rivals.json"


class Rival(NamedTuple):
    """One network with its recipe."""

    name: str
    lag: int
    learning_rate: float
    most_sequences: int
    seeds: int


RIVALS = (
    Rival("LSTM, 8 units, forget bias ln T", 30, 0.02, 60_000, 10),
    Rival("LSTM, 8 units, forget bias 1", 30, 0.02, 60_000, 5),
    Rival("tanh, 20 units", 30, 0.005, 60_000, 10),
    Rival("ReLU, 40 units, identity start", 30, 0.005, 60_000, 5),
    Rival("LSTM, 8 units, forget bias 1", 100, 0.02, 60_000, 5),
    Rival("tanh, 40 units", 30, 0.002, 800_000, 2),
)


def network(rival: Rival, seed: int) -> nn.Sequential:
    """Build a network with its starting weights."""
    kind, size = rival.name.split(",")[:2]
    units = int(size.split()[0])
    if rival.name.endswith("ln T"):
        return adding_network(rival.lag, seed)
    layer: Layer = nn.LSTM(units) if kind == "LSTM" else nn.SimpleRNN(units, kind.lower())
    model = nn.Sequential([layer, nn.Dense(1)], input_shape=(None, 2), seed=seed)
    if kind == "ReLU":
        model.params["0.recurrent_kernel"][...] = np.eye(units)
    return model


def measure(rival: Rival, seed: int) -> dict[str, Any]:
    """Train and test one network."""
    start = time.process_time()
    model = network(rival, seed)
    sequences, stopped = train(
        model, rival.lag, seed, rival.most_sequences, learning_rate=rival.learning_rate
    )
    seconds = time.process_time() - start
    x, y = datasets.adding_batch(rival.lag, 256, np.random.default_rng([seed, rival.lag, 1]))
    r = float(np.corrcoef(model.predict(x)[:, 0], y[:, 0])[0, 1])
    return rival._asdict() | {
        "seed": seed,
        "sequences": sequences,
        "stopped": stopped,
        "wrong": count_wrong(model, rival.lag, seed),
        "correlation": round(r, 4) if np.isfinite(r) else 0.0,
        "cpu_seconds": round(seconds, 1),
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, help="at most so many of each network")
    arguments = parser.parse_args()
    if hasattr(os, "nice"):
        os.nice(10)
    runs = []
    for rival in RIVALS:
        for seed in range(min(rival.seeds, arguments.seeds or rival.seeds)):
            runs.append(measure(rival, seed))
            print(json.dumps(runs[-1]), flush=True)
    if not arguments.seeds:
        record = {
            "date": datetime.date.today().isoformat(),
            "processor": cpu_name(),
            "batch": BATCH,
            "test_sequences": TEST_SEQUENCES,
            "allowed_wrong": ALLOWED_WRONG,
            "runs": [{k: v for k, v in run.items() if k != "seeds"} for run in runs],
        }
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
