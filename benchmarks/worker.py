"""One contender on one workload, in a process of its own.

    python -m benchmarks.worker CONTENDER WORKLOAD

Reads lines "TASK CALLS" and answers each with the CPU seconds that so many calls took,
all threads of the process together. TASK is "step" or "inference".
"""

import sys
from collections.abc import Callable
from time import process_time

import numpy as np

from benchmarks.workloads import WORKLOADS, Product, Workload
from dlcourse import compare, nn

LEARNING_RATE = 0.01
Tasks = dict[str, Callable[[], object]]


def dlcourse_tasks(workload: Workload) -> Tasks:
    model, (x, y) = workload.model(), workload.data()
    optimizer = nn.SGD(LEARNING_RATE)
    return {
        "step": lambda: model.train_on_batch(x, y, loss=workload.loss, optimizer=optimizer),
        "inference": lambda: model.forward(x)[0],
    }


def keras_tasks(workload: Workload) -> Tasks:
    twin, (x, y) = compare.to_keras(workload.model()), workload.data()
    twin.compile(
        optimizer=compare.keras_optimizer(nn.SGD(LEARNING_RATE)),
        loss=compare.keras_loss(workload.loss),
    )
    return {
        "step": lambda: twin.train_on_batch(x, y),
        "inference": lambda: twin.predict_on_batch(x),
    }


def products_tasks(workload: Workload) -> Tasks:
    """Compute the matrix products alone; no NumPy code can be faster."""
    forward, backward = (_products(each) for each in (workload.forward, workload.backward))

    def run(products: list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]) -> None:
        for times, left, right, out in products:
            for _ in range(times):
                np.matmul(left, right, out=out)

    return {"step": lambda: run(forward + backward), "inference": lambda: run(forward)}


def _products(
    products: list[Product],
) -> list[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(0)
    return [
        (
            times,
            rng.standard_normal((rows, inner), np.float32),
            rng.standard_normal((inner, columns), np.float32),
            np.empty((rows, columns), np.float32),
        )
        for times, rows, inner, columns in products
    ]


CONTENDERS = {"dlcourse": dlcourse_tasks, "keras": keras_tasks, "products": products_tasks}


def main() -> None:
    contender, name = sys.argv[1:]
    tasks = CONTENDERS[contender](WORKLOADS[name])
    for line in sys.stdin:
        task, calls = line.split()
        start = process_time()
        for _ in range(int(calls)):
            tasks[task]()
        print(process_time() - start, flush=True)


if __name__ == "__main__":
    main()
