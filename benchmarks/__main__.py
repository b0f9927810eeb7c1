"""Time every workload against Keras; print ratios, keep a record.

    python -m benchmarks                      everything, and a record in dlcourse/records/
    python -m benchmarks LSTM GRU --rounds 5  some of it
    python -m benchmarks --check              no record; exit status 1 beyond a gate

Each contender runs in a process of its own, on one thread. In each round every contender
computes for about the same time, one after the other, and the ratio of CPU times is taken;
the median of the rounds counts. A busy machine disturbs that little, but it does: for the
record, let nothing else run.
"""

import argparse
import ast
import datetime
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.record import NOT_WANTED, write
from benchmarks.workloads import WORKLOADS, Limits
from dlcourse.compare.machine import cpu_name
from dlcourse.compare.speed.timing import quartiles
from dlcourse.layout import RECORDS
from dlcourse.tables import Table

CONTENDERS = ("dlcourse", "keras", "products")
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}
MEMORY_LIMIT = 1.0  # of Keras's extra memory


class Result(NamedTuple):
    """CPU times of one task of one workload."""

    workload: str
    task: str
    ms: dict[str, float]  # median time of a call, a contender
    ratio: list[float]  # to Keras: lower quartile, median, upper quartile
    floor: float  # median ratio of the matrix products alone
    target: float
    gate: float


def environment() -> dict[str, str]:
    """Return the environment of the measured processes."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_WANTED}
    return kept | ONE_THREAD


def run_python(*arguments: str) -> str:
    """Run Python in the environment of the measured processes and return what it prints."""
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment()
    ).stdout.strip()


class Worker:
    """A process that runs one contender on one workload when it is told to."""

    def __init__(self, contender: str, workload: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", contender, workload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def seconds(self, task: str, calls: int) -> float:
        """Return the CPU time of so many calls."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{task} {calls}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{' '.join(self.process.args[-2:])} failed; its message is above")
        return float(answer)

    def calls_for(self, task: str, seconds: float) -> int:
        """Warm up, and return how many calls take about so long."""
        calls = 1
        self.seconds(task, 3)  # Keras compiles at the first call
        while (taken := self.seconds(task, calls)) < seconds / 4:
            calls *= 4
        return max(1, round(calls * seconds / taken))


@contextmanager
def worker(contender: str, workload: str) -> Iterator[Worker]:
    """Start a worker; let it end with its standard input."""
    started = Worker(contender, workload)
    with started.process:
        yield started


def measure(workload: str, rounds: int, block: float) -> list[Result]:
    """Time both tasks of a workload, all contenders in turns."""
    results = []
    with ExitStack() as stack:
        workers = {c: stack.enter_context(worker(c, workload)) for c in CONTENDERS}
        for task in ("step", "inference"):
            calls = {c: each.calls_for(task, block) for c, each in workers.items()}
            times = np.array(
                [
                    [each.seconds(task, calls[c]) / calls[c] for c, each in workers.items()]
                    for _ in range(rounds)
                ]
            )
            ours, keras, products = times.T
            limits: Limits = getattr(WORKLOADS[workload], task)
            results.append(
                Result(
                    workload,
                    task,
                    dict(zip(CONTENDERS, 1000 * np.median(times, axis=0), strict=True)),
                    list(quartiles(ours / keras)),
                    float(np.median(products / keras)),
                    *limits,
                )
            )
    return results


def measure_memory(rounds: int = 3) -> dict[str, float]:
    """Return the extra megabytes of a convolution, a contender."""

    def once(contender: str) -> float:
        return float(run_python("-m", "benchmarks.memory", contender))

    return {
        contender: float(np.median([once(contender) for _ in range(rounds)]))
        for contender in ("dlcourse", "keras")
    }


def blas() -> str:
    """Name the library behind NumPy's matrix products, and the processor it is tuned for."""
    code = "import numpy, threadpoolctl as t; print(t.threadpool_info())"
    for library in ast.literal_eval(run_python("-c", code)):
        if library["user_api"] == "blas":
            return f"{library['internal_api']} {library['version']}, {library['architecture']}"
    return "unknown"


def table(results: list[Result]) -> Table:
    """Lay the results out, one row per task."""
    rows = [
        [
            r.workload,
            r.task,
            f"{r.ms['keras']:.2f}",
            f"{r.ms['dlcourse']:.2f}",
            f"{r.ratio[1]:.3f}",
            f"{r.ratio[0]:.3f} to {r.ratio[2]:.3f}",
            f"{r.floor:.3f}",
            f"{r.target:.3f}",
            verdict(r),
        ]
        for r in results
    ]
    columns = ["workload", "task", "Keras, ms", "dlcourse, ms", "ratio", "middle half"]
    return Table([*columns, "products alone", "target", "verdict"], rows)


def verdict(result: Result) -> str:
    """Say in a word or two how the median ratio stands to its limits."""
    median = result.ratio[1]
    if median > result.gate:
        return f"beyond the gate, {result.gate}"
    return "reached" if median <= result.target else f"missed by {median / result.target - 1:.0%}"


def save(results: list[Result], memory: dict[str, float] | None, rounds: int) -> Path:
    """Write a record that names the machine by its processor only."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    record = {
        "date": today,
        "cpu": cpu_name(),
        "system": platform.system(),
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("numpy", "keras", "tensorflow")},
        "blas": blas(),
        "rounds": rounds,
        "unit": "CPU time of one thread; ratio to Keras: lower quartile, median, upper quartile",
        "results": [result._asdict() for result in results],
        "conv2d_extra_megabytes": memory,
    }
    path = RECORDS / f"cpu-{today}.json"
    write(record, path)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(WORKLOADS))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--block", type=float, default=0.2, help="seconds per contender and round")
    parser.add_argument("--check", action="store_true", help="exit status 1 beyond a gate")
    options = parser.parse_args()
    if unknown := set(options.workloads) - set(WORKLOADS):
        parser.error(f"no workload {', '.join(sorted(unknown))}; there are {', '.join(WORKLOADS)}")

    results = []
    for workload in options.workloads or WORKLOADS:
        print(f"measuring {workload} ...", file=sys.stderr, flush=True)
        results += measure(workload, options.rounds, options.block)
    print(table(results))
    if options.workloads:
        memory = None
    else:
        memory = measure_memory()
        print(
            "Conv2D, forward and backward, takes "
            f"{memory['dlcourse']:.0f} MB of extra memory; Keras {memory['keras']:.0f} MB."
        )
        if not options.check:
            print(f"Record: {save(results, memory, options.rounds).relative_to(Path.cwd())}")
    if options.check and (failed := failures(results, memory)):
        print("\n".join(failed), file=sys.stderr)
        return 1
    return 0


def failures(results: list[Result], memory: dict[str, float] | None) -> list[str]:
    """Say what lies beyond its gate."""
    failed = [
        f"{r.workload}, {r.task}: {r.ratio[1]:.3f} of Keras's time, at most {r.gate} allowed"
        for r in results
        if r.ratio[1] > r.gate
    ]
    if memory is not None and memory["dlcourse"] > MEMORY_LIMIT * memory["keras"]:
        failed.append("Conv2D takes more memory than Keras")
    return failed


if __name__ == "__main__":
    sys.exit(main())
