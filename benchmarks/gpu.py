"""Time every network by batch size, on a GPU where there is one; check first, keep a record.

    python -m benchmarks.gpu                        everything, and a record in dlcourse/records/
    python -m benchmarks.gpu --quick                fewer batch sizes and rounds, and a record
    python -m benchmarks.gpu MLP LSTM               some of it, printed and not recorded
    python -m benchmarks.gpu --compare RECORD       again, and whether each figure agrees

Keras computes on the backend that the environment names (KERAS_BACKEND=tensorflow, jax or torch),
or on one that is installed: on the GPU in float32, TF32 and bfloat16, and on the CPU. `dlcourse.nn`
computes on the CPU with NumPy and, where CuPy is installed, on the GPU. Without a GPU all of it
runs on the CPU, and the record says CPU in its name and inside.

Before anything is timed, its outputs, three losses and a gradient must agree with `dlcourse.nn`
in float64. What does not agree is not timed; the record and the last lines say so. The record is
written after every network, so one that was interrupted holds what was measured until then; it is
not complete, and no lesson shows it.
"""

import argparse
import datetime
import gc
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from benchmarks import provenance
from benchmarks.correctness import LEARNING_RATE, TOLERANCES, check, expected_behaviour
from benchmarks.networks import NETWORKS, Network
from benchmarks.record import NOT_WANTED, write
from benchmarks.rerun import SPREAD, agreement, refuse_other_machine
from dlcourse import nn
from dlcourse.compare.keras_backend import load_keras
from dlcourse.compare.speed.contenders import Contender, Here, InKeras, cupy_has_gpu
from dlcourse.compare.speed.timing import in_turns, limits, quartiles
from dlcourse.compare.speed.work import TASKS, Work, work
from dlcourse.layout import RECORDS
from dlcourse.tables import Table

# The most telling first: a run that is short of time has these of every network.
BATCH_SIZES = (64, 1, 8192, 512, 8, 2048)
QUICK_BATCH_SIZES = (64, 1, 512)
ROUNDS, QUICK_ROUNDS, BLOCK = 7, 5, 0.02
SLOWEST = 1.0  # seconds that a training step on a CPU may take; larger batches are left out
TF32_SINCE = 8.0  # compute capability


class Entry(NamedTuple):
    """A contender that is yet to be made."""

    name: str
    precision: str
    make: Callable[[], Contender]


def entries(network: Network, batch_size: int, device: dict[str, str]) -> Iterator[Entry]:
    """Yield everything that computes this network on this machine."""
    model, (x, y) = network.model(), network.data(batch_size)
    common = (model, x, y, network.loss, nn.SGD(LEARNING_RATE))

    def keras(device: str, precision: str = "float32", fused: bool = True) -> Entry:
        title = InKeras.title(device, precision, fused)
        return Entry(title, precision, lambda: InKeras(*common, device, precision, fused))

    def here(device: str) -> Entry:
        return Entry(Here.title(device), "float32", lambda: Here(*common, device))

    yield here("CPU")
    yield keras("CPU")
    if device["kind"] == "CPU":
        yield keras("CPU", "bfloat16")
        return
    yield keras("GPU")
    if float(device.get("compute_capability", 0)) >= TF32_SINCE:
        yield keras("GPU", "tfloat32")
    yield keras("GPU", "bfloat16")
    if any(isinstance(layer, nn.LSTM | nn.GRU) for layer in model.layers):
        yield keras("GPU", fused=False)
    if cupy_has_gpu():
        yield here("GPU")


class Run:
    """One run of the benchmark: what is measured, and the record that grows.

    Parameters
    ----------
    names : list of str
        Networks.
    quick : bool
        Whether to measure less.
    minutes : float
        After which nothing new is begun.
    path : Path, optional
        Where the record goes; it is not written without.
    """

    def __init__(
        self, names: list[str], quick: bool, minutes: float, path: Path | None = None
    ) -> None:
        self.names, self.path = names, path
        self.sizes = QUICK_BATCH_SIZES if quick else BATCH_SIZES
        self.rounds = QUICK_ROUNDS if quick else ROUNDS
        self.ends = monotonic() + 60 * minutes
        self.slowness: dict[tuple[str, str], float] = {}  # seconds of a step, an example
        device, backend = provenance.device(), load_keras().backend.backend()
        self.record: dict[str, Any] = {
            "what": "time of a training step and of a prediction, by batch size",
            "device": device,
            "cpu": provenance.cpu(),
            "system": platform.system(),
            "backend": backend,
            "versions": provenance.versions(),
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "command": f"KERAS_BACKEND={backend} python -m benchmarks.gpu{' --quick' * quick}",
            "quick": quick,
            "complete": False,
            "rounds": self.rounds,
            "spread": SPREAD,
            "tolerances": TOLERANCES,
            "limits": {},  # a contender: operations and bytes a second, the most that was measured
            "figures": [],
            "failures": [],
            "left_out": [],
        }

    def measure_all(self) -> None:
        """Measure every network and batch size; the record is on disk after each."""
        for size in self.sizes:
            for name in self.names:
                print(f"{name}, batch of {size} ...", file=sys.stderr, flush=True)
                self.measure(name, size)
                self.write()
        self.record["complete"] = True
        self.write()

    def measure(self, name: str, size: int) -> None:
        """Check and time all contenders on one network and batch size."""
        network = NETWORKS[name]
        counted = work(network.model(), size)
        expected = expected_behaviour(network, size)
        ready: list[tuple[Contender, dict[str, Any]]] = []
        for entry in entries(network, size, self.record["device"]):
            about: dict[str, Any] = {"network": name, "batch_size": size, "contender": entry.name}
            if reason := self._reason_to_leave_out(about):
                self.record["left_out"].append(about | {"reason": reason})
                continue
            try:
                contender = entry.make()
                errors = check(contender, expected, entry.precision)
                if entry.name not in self.record["limits"]:
                    self.record["limits"][entry.name] = limits(contender)._asdict()
                fused = contender.fused() if isinstance(contender, InKeras) else None
            except Exception as error:  # whatever it is, the others are measured
                self._fail(about, error)
                continue
            about |= {"precision": entry.precision, "errors": errors}
            ready.append((contender, about if fused is None else about | {"fused": fused}))
        for task in TASKS:
            self._time(task, ready, counted)
        del ready
        free_memory()

    def _time(
        self, task: str, ready: list[tuple[Contender, dict[str, Any]]], counted: Work
    ) -> None:
        try:
            times = in_turns([contender for contender, _ in ready], task, self.rounds, BLOCK)
        except Exception as error:
            for _, about in ready:
                self._fail(about, error)
            return
        for (contender, about), seconds in zip(ready, times, strict=True):
            figure = {
                "task": task,
                "seconds": quartiles(seconds),
                "operations": counted.operations[task],
                "bytes": counted.bytes[task] * contender.itemsize // 4,
            }
            self.record["figures"].append(about | figure)
            if task == "training step":
                key = about["network"], about["contender"]
                an_example = float(np.median(seconds)) / about["batch_size"]
                self.slowness[key] = min(an_example, self.slowness.get(key, an_example))

    def _reason_to_leave_out(self, about: dict[str, Any]) -> str:
        if monotonic() > self.ends:
            return "the time was up"
        key = about["network"], about["contender"]
        seconds = self.slowness.get(key, 0.0) * about["batch_size"]
        if "CPU" in about["contender"] and seconds > SLOWEST:
            return f"a step would take about {seconds:.1f} s"
        return ""

    def _fail(self, about: dict[str, Any], error: Exception) -> None:
        keys = ("network", "batch_size", "contender")
        reason = f"{type(error).__name__}: {error}"[:300]
        self.record["failures"].append({key: about[key] for key in keys} | {"reason": reason})
        print(f"  {about['contender']}: {reason}", file=sys.stderr, flush=True)

    def write(self) -> None:
        """Keep what was measured so far, if it is to be kept."""
        if self.path is not None:
            write(self.record, self.path)


def free_memory() -> None:
    """Give back what Keras and CuPy keep of the last networks."""
    load_keras().utils.clear_session()
    gc.collect()
    if "cupy" in sys.modules and cupy_has_gpu():
        sys.modules["cupy"].get_default_memory_pool().free_all_blocks()


def path_of(record: dict[str, Any]) -> Path:
    """Name the file of a record after what was measured, where and when."""
    device = record["device"]
    kind = "cpu"
    if device["kind"] == "GPU":
        kind = "gpu-" + "-".join("".join(c if c.isalnum() else " " for c in device["name"]).split())
    return RECORDS / f"sweep-{kind.lower()}-{record['backend']}-{record['date']}.json"


def results(record: dict[str, Any]) -> Table:
    """Lay out all figures of a record, one row per network, batch size and contender."""
    rows: dict[tuple[str, int, str], list[object]] = {}
    for figure in record["figures"]:
        key = figure["network"], figure["batch_size"], figure["contender"]
        low, median, high = (1000 * seconds for seconds in figure["seconds"])
        cells = [f"{median:.3g}", f"{low:.3g} to {high:.3g}"]
        rows.setdefault(key, [*key, f"{max(figure['errors'].values()):.0e}"]).extend(cells)
    ordered = sorted(rows.values(), key=lambda row: list(NETWORKS).index(str(row[0])))
    columns = ["network", "batch", "contender", "error"]
    columns += [heading for task in TASKS for heading in (f"{task}, ms", "middle half")]
    return Table(columns, [row for row in ordered if len(row) == len(columns)])


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    made.formatter_class = argparse.RawDescriptionHelpFormatter
    made.add_argument("networks", nargs="*", metavar="NETWORK", help=", ".join(NETWORKS))
    made.add_argument("--quick", action="store_true", help="batches of 1, 64 and 512, five rounds")
    made.add_argument("--minutes", type=float, default=8.5, help="begin nothing new after so many")
    made.add_argument("--record", type=Path, metavar="PATH", help="write the record there")
    made.add_argument("--compare", type=Path, metavar="RECORD", help="exit status 1 if it differs")
    return made


def main() -> int:
    options = parser().parse_args()
    if unknown := set(options.networks) - set(NETWORKS):
        there = ", ".join(NETWORKS)
        parser().error(f"no network {', '.join(sorted(unknown))}; there are {there}")
    if set(NOT_WANTED) & set(os.environ):  # they count when NumPy is imported: begin again
        environment = {k: v for k, v in os.environ.items() if k not in NOT_WANTED}
        again = [sys.executable, "-m", "benchmarks.gpu", *sys.argv[1:]]
        return subprocess.call(again, env=environment)
    prepare_backend()
    before = json.loads(options.compare.read_text(encoding="utf-8")) if options.compare else None
    names = options.networks or list(NETWORKS)
    run = Run(names, before["quick"] if before else options.quick, options.minutes)
    if before:
        refuse_other_machine(before, run.record)
    elif options.record or not options.networks:
        run.path = options.record or path_of(run.record)
    try:
        run.measure_all()
    except KeyboardInterrupt:
        print("interrupted; what follows was measured until then", file=sys.stderr)
    return report(run, before)


def prepare_backend() -> None:
    """Let Keras run on what is installed."""
    if "KERAS_BACKEND" not in os.environ and not find_spec("tensorflow"):
        os.environ["KERAS_BACKEND"] = next(filter(find_spec, ("jax", "torch")), "tensorflow")


def report(run: Run, before: dict[str, Any] | None) -> int:
    """Print what was measured, and what was not; return the exit status."""
    print(results(run.record))
    for kind, title in (("failures", "Not timed, because it failed"), ("left_out", "Left out")):
        for about in run.record[kind]:
            where = f"{about['network']}, batch of {about['batch_size']}, {about['contender']}"
            print(f"{title}: {where}: {about['reason']}")
    if run.path is not None:
        print(f"Record: {run.path}")
    if before is None:
        return 0 if run.record["complete"] and not run.record["failures"] else 1
    measured = set(run.names)
    before = before | {"figures": [f for f in before["figures"] if f["network"] in measured]}
    table, all_agree = agreement(before, run.record)
    print(table)
    return 0 if all_agree else 1


if __name__ == "__main__":
    sys.exit(main())
