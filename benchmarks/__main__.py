"""Time every network against Keras, PyTorch and JAX, by batch size; print ratios, keep a record.

    python -m benchmarks                          everything, and a record in dlcourse/records/
    python -m benchmarks LSTM --batches 64 512    some of it, printed and not recorded
    python -m benchmarks --check                  Keras alone; exit status 1 beyond a gate

Each contender runs in a process of its own, on two threads and then on one. In each round every
contender computes for about the same time, one after the other, and ratios are taken in the round;
the median of the rounds counts. With one thread the time is that of the processor, which neighbours
disturb little. With two it is that of the clock: for the record, let nothing else run then.

Keras is as TensorFlow starts on this processor. "oneDNN" is Keras with the library that TensorFlow
switches on by itself where a processor has AVX512-VNNI, and nowhere else.
"""

import argparse
import ast
import datetime
import math
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.networks import NETWORKS
from benchmarks.record import NOT_WANTED, write
from dlcourse.compare.machine import cpu_name
from dlcourse.compare.speed.timing import quartiles
from dlcourse.layout import RECORDS
from dlcourse.tables import Table

CONTENDERS = ("dlcourse", "keras", "products", "onednn", "torch", "jax")
CHECKED = ("dlcourse", "keras", "products")  # what the gates need
NAMES = [*NETWORKS, "XOR"]
BATCHES = (1, 8, 64, 512, 2048, 8192)
XOR_BATCH = 4
SLOWEST = 2.0  # seconds of a call; larger batches are left out
# Of the ratio to Keras's time: what we aim at, and what fails the check.
TARGETS = {"ResNet block": 1.3, "XOR": 0.035}
GATES = {
    "MLP": 1.3, "LeNet": 1.3, "LeCun 1989": 1.4, "RNN": 1.9, "LSTM": 2.2, "GRU": 2.1,
    "ResNet block": 2.0, "XOR": 0.09,
}  # fmt: skip
# Of the ratio to the time of the products alone. Where Keras's convolutions are quicker than
# NumPy's products, a matter of the processor, code that stays below this one is not at fault.
FLOOR_GATES = {
    "MLP": 4.0, "LeNet": 5.0, "LeCun 1989": 8.0, "RNN": 4.0, "LSTM": 4.0, "GRU": 4.0,
    "ResNet block": 4.0, "XOR": 9.0,
}  # fmt: skip
MEMORY_LIMIT = 1.0  # of Keras's extra memory
COUNTS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Result(NamedTuple):
    """Times of one task of one network, for one batch size and number of threads."""

    network: str
    batch: int
    task: str
    threads: int
    ms: dict[str, float]  # median time of a call, per contender
    to_keras: dict[str, list[float]]  # ratios: lower quartile, median, upper quartile

    @property
    def ratio(self) -> float:
        """Our time, of Keras's."""
        return self.to_keras["dlcourse"][1]

    @property
    def to_floor(self) -> float:
        """Our time, of that of the products alone; infinite where they were not timed."""
        floor = self.to_keras.get("products")
        return self.ratio / floor[1] if floor else math.inf

    @property
    def target(self) -> float:
        """What the ratio should be at most."""
        return TARGETS.get(self.network, 1.0)


def environment(threads: int, contender: str = "keras") -> dict[str, str]:
    """Return the environment of a measured process."""
    dropped = (*NOT_WANTED, "TF_ENABLE_ONEDNN_OPTS")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    if contender == "onednn":
        kept["TF_ENABLE_ONEDNN_OPTS"] = "1"
    return kept | {
        "OMP_NUM_THREADS": str(threads),  # of ours, too, whose products take one thread each
        **dict.fromkeys(COUNTS, "1"),
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": str(threads),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "JAX_PLATFORMS": "cpu",
        "KERAS_BACKEND": "tensorflow",
    }


def run_python(*arguments: str) -> str:
    """Run Python in the environment of the measured processes and return what it prints."""
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment(1)
    ).stdout.strip()


class Worker:
    """A process that runs one contender on one network when it is told to."""

    def __init__(self, contender: str, network: str, threads: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", contender, network, str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(threads, contender),
        )
        self._answer()  # ready: what it computes is right

    def seconds(self, batch: int, task: str, calls: int) -> float:
        """Return the time of so many calls."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{batch} {task} {calls}\n")
        self.process.stdin.flush()
        return float(self._answer())

    def calls_for(self, batch: int, task: str, seconds: float) -> int:
        """Warm up, and return how many calls take about so long."""
        self.seconds(batch, task, 1)  # Keras and JAX compile at the first call
        calls = 1
        while (taken := self.seconds(batch, task, calls)) < seconds / 4:
            calls *= 4
        return max(1, round(calls * seconds / taken))

    def _answer(self) -> str:
        assert self.process.stdout is not None
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{' '.join(self.process.args[-3:])} failed; its message is above")
        return answer


@contextmanager
def worker(contender: str, network: str, threads: int) -> Iterator[Worker]:
    """Start a worker; let it end with its standard input."""
    started = Worker(contender, network, threads)
    with started.process:
        yield started


def measure(
    network: str,
    batches: tuple[int, ...],
    threads: int,
    rounds: int,
    block: float,
    contenders: tuple[str, ...],
) -> Iterator[Result]:
    """Time both tasks of a network in batches of all sizes, all contenders in turns."""
    there = [c for c in contenders if c not in ("torch", "jax") or find_spec(c)]
    if threads > 1 and "products" in there:
        there.remove("products")  # on one thread only: what they would be on two is no floor
    slowest = 0.0  # seconds of a call, per example
    with ExitStack() as stack:
        workers = {c: stack.enter_context(worker(c, network, threads)) for c in there}
        for batch in batches:
            if slowest * batch > SLOWEST:
                print(f"left out: {network}, batch of {batch}", file=sys.stderr)
                continue
            for task in ("step", "inference"):
                calls = {c: each.calls_for(batch, task, block) for c, each in workers.items()}
                times = np.array(
                    [
                        [
                            each.seconds(batch, task, calls[c]) / calls[c]
                            for c, each in workers.items()
                        ]
                        for _ in range(rounds)
                    ]
                )
                medians = np.median(times, axis=0)
                slowest = float(medians.max()) / batch if batch >= 64 else 0.0
                keras = times[:, there.index("keras")]
                yield Result(
                    network,
                    batch,
                    task,
                    threads,
                    dict(zip(there, 1000 * medians, strict=True)),
                    {
                        c: list(quartiles(times[:, place] / keras))
                        for place, c in enumerate(there)
                        if c != "keras"
                    },
                )


def measure_memory(rounds: int = 3) -> dict[str, float]:
    """Return the extra megabytes of a convolution, per contender."""

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
    """Lay the results out, a row per task; ratios are to Keras's time."""
    columns = ["network", "batch", "task", "threads", "Keras, ms", "dlcourse, ms", "ratio"]
    columns += ["middle half", "products alone", "oneDNN", "PyTorch", "JAX", "target", "verdict"]
    return Table(columns, [_row(result) for result in results])


def _row(r: Result) -> list[object]:
    low, median, high = r.to_keras["dlcourse"]
    others = [f"{r.to_keras[c][1]:.3f}" if c in r.to_keras else "" for c in CONTENDERS[2:]]
    times = [f"{r.ms[c]:.3g}" for c in ("keras", "dlcourse")]
    spread = f"{low:.3f} to {high:.3f}"
    where = [r.network, r.batch, r.task, r.threads]
    return [*where, *times, f"{median:.3f}", spread, *others, f"{r.target:.3g}", verdict(r)]


def verdict(result: Result) -> str:
    """Say in a word or two how the median ratio stands to its limits."""
    if result.ratio > GATES[result.network]:
        return f"beyond the gate, {GATES[result.network]}"
    if result.ratio <= result.target:
        return "reached"
    return f"missed by {result.ratio / result.target - 1:.0%}"


def save(results: list[Result], memory: dict[str, float] | None, rounds: int) -> Path:
    """Write a record that names the machine by its processor only."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    packages = [
        name for name in ("numpy", "keras", "tensorflow", "torch", "jax") if find_spec(name)
    ]
    record = {
        "date": today,
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in packages},
        "blas": blas(),
        "rounds": rounds,
        "unit": "one thread: CPU time; more: time of the clock. Ratios to Keras: lower quartile, "
        "median, upper quartile",
        "targets": {name: TARGETS.get(name, 1.0) for name in NAMES},
        "results": [result._asdict() for result in results],
        "conv2d_extra_megabytes": memory,
    }
    path = RECORDS / f"cpu-{today}.json"
    write(record, path)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=", ".join(NAMES))
    parser.add_argument("--batches", nargs="+", type=int, default=BATCHES, metavar="N")
    parser.add_argument("--threads", nargs="+", type=int, default=(2, 1), metavar="N")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--block", type=float, default=0.05, help="seconds per contender and round")
    parser.add_argument("--check", action="store_true", help="exit status 1 beyond a gate")
    options = parser.parse_args()
    if unknown := set(options.networks) - set(NAMES):
        parser.error(f"no network {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")

    contenders = CHECKED if options.check else CONTENDERS
    results: list[Result] = []
    for threads in options.threads:
        for network in options.networks or NAMES:
            print(f"measuring {network}, threads: {threads} ...", file=sys.stderr, flush=True)
            batches = (XOR_BATCH,) if network == "XOR" else tuple(options.batches)
            results += measure(network, batches, threads, options.rounds, options.block, contenders)
    print(table(results))
    memory = None
    if not options.networks:
        memory = measure_memory()
        print(
            "Conv2D, forward and backward, takes "
            f"{memory['dlcourse']:.0f} MB of extra memory; Keras {memory['keras']:.0f} MB."
        )
        if not options.check:
            print(f"Record: {save(results, memory, options.rounds)}")
    if options.check and (failed := failures(results, memory)):
        print("\n".join(failed), file=sys.stderr)
        return 1
    return 0


def failures(results: list[Result], memory: dict[str, float] | None) -> list[str]:
    """Say what lies beyond its gates, that of Keras and that of the products."""
    failed = [
        f"{r.network}, batch of {r.batch}, {r.task}, threads: {r.threads}: "
        f"{r.ratio:.3f} of Keras's time, at most {GATES[r.network]} allowed, and {r.to_floor:.1f} "
        f"times the products alone, at most {FLOOR_GATES[r.network]:.0f}; ms: "
        + ", ".join(f"{name} {ms:.3g}" for name, ms in r.ms.items())
        for r in results
        if r.ratio > GATES[r.network] and r.to_floor > FLOOR_GATES[r.network]
    ]
    if memory is not None and memory["dlcourse"] > MEMORY_LIMIT * memory["keras"]:
        failed.append("Conv2D takes more memory than Keras")
    return failed


if __name__ == "__main__":
    sys.exit(main())
