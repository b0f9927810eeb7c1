"""Train the networks of lesson 18 over several seeds; keep a record of every run.

    python -m benchmarks.attention                 all of the record, about ten minutes
    python -m benchmarks.attention recall          one part of it measured anew
    python -m benchmarks.attention --seeds 1       printed and not recorded

Parts: tasks (reverse and sort), patience, heads, positions, lengths, recall, writers. Seconds are
those of one CPU core.
"""

import argparse
import datetime
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ[name] = "1"

import numpy as np  # noqa: E402

from dlcourse import datasets, nn  # noqa: E402
from dlcourse.compare.machine import cpu_name  # noqa: E402
from dlcourse.layout import RECORDS  # noqa: E402
from dlcourse.lessons.lesson_18_attention import experiments, models, tasks, writer  # noqa: E402

RECORD = RECORDS / "attention.json"
SEEDS = 5
WRITERS = 3  # seeds of the networks that write, which take longer
Row = dict[str, Any]
Make = Callable[[int], nn.Sequential]


def weights(model: nn.Sequential) -> int:
    """Return how many numbers training moves."""
    return sum(array.size for array in model.params.values())


def run(name: str, make: Make, task: str, steps: int, seed: int, **options: Any) -> Row:
    """Train one network on one task and measure it."""
    model = make(seed)
    start = time.process_time()
    learned = experiments.train(model, task, steps, seed, watch=True, **options)
    seconds = time.process_time() - start
    found = experiments.score(model, task)
    return {
        "network": name,
        "task": task,
        "seed": seed,
        "weights": weights(model),
        "steps": steps,
        "learned": learned,
        "letters": round(found.letters, 4),
        "whole": round(found.whole, 4),
        "cpu_seconds": round(seconds, 1),
    }


def measure_tasks(seeds: Sequence[int]) -> Iterator[Row]:
    """Reverse and sort, by a transformer of one block and of two, without positions, by LSTMs."""
    for seed in seeds:
        for task, steps in (("reverse", 300), ("sort", 600)):
            for blocks, name in ((1, "one block"), (2, "two blocks")):
                make: Make = lambda s, b=blocks: models.transformer(b, seed=s)  # type: ignore[misc]  # noqa: E731
                yield run(name, make, task, steps, seed)
            bare: Make = lambda s: models.transformer(positions="none", seed=s)  # noqa: E731
            yield run("one block, no positions", bare, task, steps, seed)
            for rate in (0.003, 0.01):
                name = f"LSTMs from both ends, rate {rate}"
                both: Make = lambda s: models.both_ways(seed=s)  # noqa: E731
                yield run(name, both, task, 1000, seed, rate=rate)


def measure_patience(seeds: Sequence[int]) -> Iterator[Row]:
    """Reverse by LSTMs of twice the units, over five times as many steps; two seeds."""
    for seed in seeds[:2]:
        make: Make = lambda s: models.both_ways(64, seed=s)  # noqa: E731
        yield run("LSTMs from both ends, 64 units", make, "reverse", 5000, seed, rate=0.003)


def measure_heads(seeds: Sequence[int]) -> Iterator[Row]:
    """Sort with 1, 4 and 8 heads; two are among the tasks."""
    for seed in seeds:
        for heads in (1, 4, 8):
            make: Make = lambda s, h=heads: models.transformer(heads=h, seed=s)  # type: ignore[misc]  # noqa: E731
            yield run(f"{heads} heads", make, "sort", 600, seed) | {"heads": heads}


def measure_positions(seeds: Sequence[int]) -> Iterator[Row]:
    """Reverse and sort with sines and cosines, and with trained positions beside the same start."""
    for seed in seeds:
        for task, steps in (("reverse", 300), ("sort", 600)):
            make: Make = lambda s: models.transformer(positions="waves", seed=s)  # noqa: E731
            yield run("one block, waves", make, task, steps, seed)
            large: Make = lambda s: models.transformer(large_start=True, seed=s)  # noqa: E731
            yield run("one block, trained, large start", large, task, steps, seed)


TRAINED_ON = {"16": (16,), "4 to 16": tuple(range(4, 17))}
TESTED_ON = (4, 8, 12, 14, 15, 16, 17, 18, 20, 24)


def measure_lengths(seeds: Sequence[int]) -> Iterator[Row]:
    """Test at other lengths than those of training."""
    for seed in seeds:
        for task in tasks.TASKS:
            for trained, lengths in TRAINED_ON.items():
                for blocks in (1, 2) if trained != "16" else (1,):
                    model = models.transformer(blocks, positions="waves", seed=seed)
                    steps = 600 if trained == "16" else 800
                    experiments.train(model, task, steps, seed, lengths=lengths)
                    scores = {t: experiments.score(model, task, t) for t in TESTED_ON}
                    yield {
                        "task": task,
                        "trained": trained,
                        "blocks": blocks,
                        "seed": seed,
                        "steps": steps,
                        "letters": {t: round(found.letters, 4) for t, found in scores.items()},
                        "whole": {t: round(found.whole, 4) for t, found in scores.items()},
                    }


RECALL = {  # network and steps
    "one block": 600,
    "two blocks": 600,
    "one block, told": 600,
    "two blocks, usual start": 600,
}


def measure_recall(seeds: Sequence[int]) -> Iterator[Row]:
    """Recall the value of one of 8 keys that has come before, in rows of 16 pairs."""
    for seed in seeds:
        for kind, steps in RECALL.items():
            model = experiments.recall_network(kind, 8, seed)
            start = time.process_time()
            curve = experiments.recall(model, 8, 16, steps, seed)
            yield {
                "network": kind,
                "seed": seed,
                "weights": weights(model),
                "steps": steps,
                "right": [round(share, 4) for share in curve],
                "cpu_seconds": round(time.process_time() - start, 1),
            }


def one_hot_reader(layer: nn.contract.Layer, seed: int) -> nn.Sequential:
    """Return a recurrent network of lesson 15's kind: letters go in as a 1 among zeros."""
    size = len(datasets.LETTERS)
    one_hot = nn.Embedding(size, size)
    layers = [one_hot, layer, nn.Dense(size)]
    model = nn.Sequential(layers, input_shape=(models.ANY,), seed=seed)
    one_hot.params["embeddings"][...] = np.eye(size)
    one_hot.trainable = False
    return model


TEXTS = {  # what is read and held back, steps, and which networks: all of them on the longer one
    "manual": (datasets.python_manual, 340_000, 1000, 4),
    "stories": (datasets.stories_of_data, 26_000, 400, 2),
}
KINDS: dict[str, tuple[Make, float]] = {  # with learning rates chosen on a part of what is read
    "transformer, one block of 36": (lambda s: writer.network(1, 36, s), 0.01),
    "transformer, two blocks of 64": (lambda s: writer.network(2, 64, s), 0.005),
    "tanh, 96 units": (lambda s: one_hot_reader(nn.SimpleRNN(96, return_sequences=True), s), 0.008),
    "LSTM, 48 units": (lambda s: one_hot_reader(nn.LSTM(48, return_sequences=True), s), 0.01),
}


def measure_writers(seeds: Sequence[int]) -> Iterator[Row]:
    """Bits per letter of what was held back of a long text and a short one: networks and counts."""
    for text, (read, size, steps, kinds) in TEXTS.items():
        letters = read()
        seen, new = letters[:size], letters[size:]
        yield {
            "text": text,
            "network": "counts",
            "python": platform.python_version(),
            "read": len(seen),
            "letters": len(new),
            "bits": [round(value, 3) for value in writer.counted_bits(seen, new, 6)],
        }
        for seed in seeds[:WRITERS]:
            for name, (make, rate) in list(KINDS.items())[:kinds]:
                model = make(seed)
                start = time.process_time()
                writer.train(model, seen, steps, seed, rate)
                seconds = time.process_time() - start
                yield {
                    "text": text,
                    "network": name,
                    "seed": seed,
                    "weights": sum(array.size for array in model.trainable_params.values()),
                    "steps": steps,
                    "rate": rate,
                    "bits": round(writer.bits(model, new), 3),
                    "cpu_seconds": round(seconds, 1),
                }


PARTS: dict[str, Callable[[Sequence[int]], Iterator[Row]]] = {
    "tasks": measure_tasks,
    "patience": measure_patience,
    "heads": measure_heads,
    "positions": measure_positions,
    "lengths": measure_lengths,
    "recall": measure_recall,
    "writers": measure_writers,
}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many seeds")
    arguments = parser.parse_args()
    for part in arguments.part or PARTS:
        rows = []
        for row in PARTS[part](range(arguments.seeds)):
            rows.append(row)
            print(json.dumps(row), flush=True)
        if arguments.seeds == SEEDS:
            record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}
            record |= {"date": datetime.date.today().isoformat(), "processor": cpu_name()}
            record[part] = rows
            RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
