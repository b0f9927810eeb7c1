"""One contender on one network, in a process of its own.

    python -m benchmarks.worker CONTENDER NETWORK THREADS

First it must compute what `dlcourse.nn` computes in float64; what is wrong is not timed. Then it
reads lines "BATCH TASK CALLS" and answers each with the seconds that so many calls took: of the
processor with one thread, which neighbours disturb little, and of the clock with more. TASK is
"step" or "inference".
"""

import os
import sys
from collections.abc import Callable
from functools import cache
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks.networks import EXAMPLES, NETWORKS, XOR, Network
from benchmarks.peers import LEARNING_RATE, Tasks, jax_tasks, torch_tasks
from benchmarks.products import Runner
from dlcourse import compare, nn

CHECKED_STEPS, TOLERANCE = 3, 1e-3  # relative, in float32
NETWORK: dict[str, Network] = NETWORKS | {"XOR": XOR}


def dlcourse_tasks(network: Network, batch: int, threads: int) -> Tasks:
    """Train and predict here; the threads are those of OMP_NUM_THREADS."""
    nn.keep_freed_memory()  # as `fit` does
    model, (x, y) = network.model(), network.data(batch)
    optimizer = nn.SGD(LEARNING_RATE)
    return {
        "step": lambda: model.train_on_batch(x, y, loss=network.loss, optimizer=optimizer),
        "inference": lambda: model.predict(x, batch_size=batch),
    }


def keras_tasks(network: Network, batch: int, threads: int) -> Tasks:
    """Train and predict with the twin, compiled by default."""
    twin, (x, y) = compare.to_keras(network.model()), network.data(batch)
    twin.compile(
        optimizer=compare.keras_optimizer(nn.SGD(LEARNING_RATE)),
        loss=compare.keras_loss(network.loss),
    )
    return {
        "step": lambda: float(np.ravel(twin.train_on_batch(x, y))[0]),
        "inference": lambda: twin.predict_on_batch(x),
    }


def products_tasks(network: Network, batch: int, threads: int) -> Tasks:
    """Compute the matrix products alone, on one thread: there is no network to be checked."""
    runner = Runner(network.model(), batch)
    return {task: lambda task=task: runner.run(task) for task in ("step", "inference")}


CONTENDERS: dict[str, Callable[[Network, int, int], Tasks]] = {
    "dlcourse": dlcourse_tasks,
    "keras": keras_tasks,
    "onednn": keras_tasks,  # started with another setting
    "torch": torch_tasks,
    "jax": jax_tasks,
    "products": products_tasks,
}


def errors(network: Network, tasks: Tasks) -> dict[str, float]:
    """Return how far outputs and losses lie from those of `dlcourse.nn` in float64."""
    model, (x, y) = network.model(np.float64), network.data(EXAMPLES)
    optimizer = nn.SGD(LEARNING_RATE)
    expected = model.predict(x, batch_size=EXAMPLES)
    outputs = tasks["inference"]()
    losses = [
        (tasks["step"](), model.train_on_batch(x, y, loss=network.loss, optimizer=optimizer))
        for _ in range(CHECKED_STEPS)
    ]
    return {
        "outputs": float(np.linalg.norm(outputs - expected) / np.linalg.norm(expected)),
        "losses": max(abs(found - wanted) / abs(losses[0][1]) for found, wanted in losses),
    }


def refuse_wrong(contender: str, network: Network, threads: int) -> None:
    """Exit in words if a contender computes something else."""
    if contender == "products":
        return
    for quantity, error in errors(
        network, CONTENDERS[contender](network, EXAMPLES, threads)
    ).items():
        if not error <= TOLERANCE:
            raise SystemExit(f"{contender}: {quantity} off by {error:.1e}; it is not timed")


def main() -> None:
    contender, name, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if hasattr(os, "sched_setaffinity"):  # what no variable tells JAX: how many cores it may use
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    clock = process_time if threads == 1 else perf_counter
    network = NETWORK[name]
    refuse_wrong(contender, network, threads)
    print("ready", flush=True)

    @cache
    def tasks(batch: int) -> Any:
        return CONTENDERS[contender](network, batch, threads)

    for line in sys.stdin:
        batch, task, calls = line.split()
        call = tasks(int(batch))[task]
        start = clock()
        for _ in range(int(calls)):
            call()
        print(clock() - start, flush=True)


if __name__ == "__main__":
    main()
