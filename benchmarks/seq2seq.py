"""Train the readers and writers of lesson 17, three to five seeds each; keep a record of every run.

    python -m benchmarks.seq2seq                   all of the record, about ten minutes
    python -m benchmarks.seq2seq copying           a part of it, anew
    python -m benchmarks.seq2seq copying --seed 9  one run; recorded if the record has this seed

All networks are `dlcourse.nn.EncoderDecoder` with 64 units; recipe and counting are those of
`dlcourse.lessons.lesson_17_seq2seq.experiments`. Nothing is chosen by the results.
"""

import argparse
import datetime
import json
import os
import time
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ[name] = "1"

import numpy as np  # noqa: E402

from dlcourse.compare.machine import cpu_name  # noqa: E402
from dlcourse.layout import RECORDS  # noqa: E402
from dlcourse.lessons.lesson_17_seq2seq import experiments, tasks  # noqa: E402

RECORD = RECORDS / "seq2seq.json"
SEEDS = {"copying": 5, "beams": 3, "into_digits": 3, "into_words": 5, "padding": 3}
KINDS = {  # how the source is read: from its end or not, with attention or not
    "as it is": {"reverse": False, "attention": False},
    "reversed": {"reverse": True, "attention": False},
    "with attention": {"reverse": False, "attention": True},
}
WRITERS: dict[str, dict[str, Any]] = {
    "without attention": {},
    "with attention": {"attention": True},
    "without, as large": {"units": 77},
}
LENGTHS = (4, 6, 8, 10, 12, 15)
BEAM, SEARCHED = 5, 150
Row = dict[str, Any]


def copying(seed: int) -> Iterator[Row]:
    """Copy strings of 4 to 10 letters; then shorter ones, and longer ones than were seen."""
    for kind, options in KINDS.items():
        model = experiments.copier(seed, **options)
        found = experiments.by_length(model, LENGTHS, seed, reverse=options["reverse"])
        yield {"kind": kind, "parameters": _size(model), "lengths": _shares(found)}


def beams(seed: int) -> Iterator[Row]:
    """Copy strings of 8 letters, greedily and with a beam."""
    for kind in ("as it is", "reversed"):
        reverse = KINDS[kind]["reverse"]
        model = experiments.copier(seed, reverse=reverse)
        rng = np.random.default_rng([seed, 5])
        source, target = tasks.strings(8, SEARCHED, rng, reverse=reverse)
        for width in (1, BEAM):
            whole, log_p = experiments.searched(model, source, target, width)
            yield {"kind": kind, "width": width, "whole": round(whole, 4), "log_p": round(log_p, 4)}


def into_digits(seed: int) -> Iterator[Row]:
    """Write number words in digits."""
    for kind, options in KINDS.items():
        task = tasks.Numbers(into_words=False, reverse=options["reverse"])
        model = experiments.translator(task, seed, steps=1_500, attention=options["attention"])
        found = experiments.right(model, *task.arrays(tasks.split(seed)[1]))
        yield {"kind": kind, "parameters": _size(model), **_rounded(found._asdict())}


def into_words(seed: int) -> Iterator[Row]:
    """Write digits in number words."""
    task = tasks.Numbers(into_words=True)
    for kind, options in WRITERS.items():
        model = experiments.translator(task, seed, steps=1_500, **options)
        found = experiments.right(model, *task.arrays(tasks.split(seed)[1]))
        yield {"kind": kind, "parameters": _size(model), **_rounded(found._asdict())}


def padding(seed: int) -> Iterator[Row]:
    """Copy strings from padded batches."""
    for way in experiments.PADDING:
        found = experiments.padding(seed, way)
        yield {"way": way, "widths": _rounded({str(n): share for n, share in found.items()})}


PARTS = {part.__name__: part for part in (copying, beams, into_digits, into_words, padding)}


def _size(model: Any) -> int:
    return int(sum(array.size for array in model.params.values()))


def _shares(found: dict[int, Any]) -> dict[str, dict[str, float]]:
    return {str(length): _rounded(one._asdict()) for length, one in found.items()}


def _rounded(shares: dict[str, float]) -> dict[str, float]:
    return {name: round(share, 4) for name, share in shares.items()}


def measure(part: str, seed: int) -> list[Row]:
    """Run one seed of a part."""
    rows = []
    start = time.process_time()
    for row in PARTS[part](seed):
        seconds = round(time.process_time() - start, 1)
        rows.append({"seed": seed, **row, "cpu_seconds": seconds})
        print(json.dumps({"part": part, **rows[-1]}), flush=True)
        start = time.process_time()
    return rows


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}; all if none is given")
    parser.add_argument("--seed", type=int, help="this one alone; all of a part by default")
    arguments = parser.parse_args()
    for part in arguments.parts or PARTS:
        for seed in range(SEEDS[part]) if arguments.seed is None else [arguments.seed]:
            rows = measure(part, seed)
            if seed < SEEDS[part]:
                _record(part, rows)


def _record(part: str, rows: list[Row]) -> None:
    """Put the runs of a seed into the record; all others stay as they were."""
    old = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    others = [row for row in old.get(part, {}).get("runs", []) if row["seed"] != rows[0]["seed"]]
    old[part] = {
        "date": datetime.date.today().isoformat(),
        "processor": cpu_name(),
        "numpy": version("numpy"),
        "runs": sorted(others + rows, key=lambda row: int(row["seed"])),
    }
    text = json.dumps({name: old[name] for name in PARTS if name in old}, indent=1)
    RECORD.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
