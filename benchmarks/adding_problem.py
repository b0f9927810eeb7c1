"""Train LSTMs on the adding problem over long lags; keep a record of every run, misses included.

    python -m benchmarks.adding_problem                  lags 50, 100, 500, 1000, five seeds each
    python -m benchmarks.adding_problem 100 --seeds 2    some of it, printed and not recorded

Lesson 16 shows the record; `benchmarks.adding_rivals` gives other networks the same task. The
task, the error that counts as wrong (0.04 or more), the rule to stop (the last 2,000 training
sequences all right, with a mean error below 0.01) and the test (2,560 fresh sequences) are those
of Hochreiter and Schmidhuber, 1997, experiment 4. The network and the optimizer are ours, the same
for every lag and seed; only the biases of the gates depend on the lag.
"""

import argparse
import datetime
import json
import math
import os
import time
from typing import Any

import numpy as np

from dlcourse import datasets, nn
from dlcourse.compare.machine import cpu_name
from dlcourse.layout import RECORDS

RECORD = RECORDS / "adding_problem.json"
LAGS, SEEDS = (50, 100, 500, 1000), 5
UNITS, BATCH, MOST_SEQUENCES = 8, 32, 60_000
LEARNING_RATE, CLIPNORM = 0.02, 1.0
ALLOWED_ERROR, MEAN_ERROR, RIGHT_IN_A_ROW = 0.04, 0.01, 2_000
TEST_SEQUENCES, ALLOWED_WRONG = 2_560, 3


def adding_network(lag: int, seed: int) -> nn.Sequential:
    """Build the network; its cells remember for about `lag` steps before it has learned anything.

    The forget gates start at sigmoid(ln lag) = lag / (lag + 1), the input gates at what is left.
    """
    model = nn.Sequential([nn.LSTM(UNITS), nn.Dense(1)], input_shape=(None, 2), seed=seed)
    bias = model.params["0.bias"]
    bias[:UNITS] = -math.log(lag)
    bias[UNITS : 2 * UNITS] = math.log(lag)
    return model


def train(
    model: nn.Sequential,
    lag: int,
    seed: int,
    most_sequences: int = MOST_SEQUENCES,
    *,
    learning_rate: float = LEARNING_RATE,
) -> tuple[int, bool]:
    """Train until the last 2,000 sequences went well, or there were too many.

    Returns
    -------
    sequences : int
        Sequences seen.
    stopped : bool
        Whether the rule ended the training.
    """
    rng, loss = np.random.default_rng(seed), nn.MeanSquaredError()
    steps = most_sequences // BATCH
    rate = nn.CosineDecay(learning_rate, steps, alpha=0.05)
    optimizer = nn.Adam(rate, global_clipnorm=CLIPNORM)
    recent = np.ones(RIGHT_IN_A_ROW)  # errors of the last sequences
    for step in range(1, steps + 1):
        x, y = datasets.adding_batch(lag, BATCH, rng)
        outputs, cache = model.forward(x, training=True)
        _, grad_outputs = loss.value_and_grad(y, outputs)
        _, grads = model.backward(grad_outputs, cache, input_grad=False)
        optimizer.step(model.params, grads)
        recent = np.append(recent, abs(outputs - y))[-RIGHT_IN_A_ROW:]
        if recent.max() < ALLOWED_ERROR and recent.mean() < MEAN_ERROR:
            return step * BATCH, True
    return steps * BATCH, False


def count_wrong(model: nn.Sequential, lag: int, seed: int) -> int:
    """Count the wrong answers on 2,560 fresh sequences."""
    rng, wrong = np.random.default_rng([seed, lag]), 0
    for _ in range(TEST_SEQUENCES // 256):
        x, y = datasets.adding_batch(lag, 256, rng)
        wrong += int((abs(model.predict(x, batch_size=256) - y) >= ALLOWED_ERROR).sum())
    return wrong


def measure(lag: int, seed: int, most_sequences: int = MOST_SEQUENCES) -> dict[str, Any]:
    """Train and test one network."""
    start = time.process_time()
    model = adding_network(lag, seed)
    sequences, stopped = train(model, lag, seed, most_sequences)
    seconds = time.process_time() - start
    return {
        "lag": lag,
        "seed": seed,
        "sequences": sequences,
        "stopped": stopped,
        "wrong": count_wrong(model, lag, seed),
        "cpu_seconds": round(seconds, 1),
    }


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lags", nargs="*", type=int, help="T; all of the record if none is given")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="seeds 0, 1, ... of each lag")
    arguments = parser.parse_args()
    if hasattr(os, "nice"):
        os.nice(10)
    runs = []
    for lag in arguments.lags or LAGS:
        for seed in range(arguments.seeds):
            runs.append(measure(lag, seed))
            print(json.dumps(runs[-1]), flush=True)
    if not arguments.lags and arguments.seeds == SEEDS:
        record = {
            "date": datetime.date.today().isoformat(),
            "processor": cpu_name(),
            "units": UNITS,
            "batch": BATCH,
            "most_sequences": MOST_SEQUENCES,
            "test_sequences": TEST_SEQUENCES,
            "allowed_wrong": ALLOWED_WRONG,
            "runs": runs,
        }
        RECORD.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
