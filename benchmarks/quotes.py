"""Train ten LSTMs and ten tanh networks on text with quotations; keep a record of every one.

    python -m benchmarks.quotes             the record that lesson 16 shows
    python -m benchmarks.quotes --seeds 1   a part of it, printed and not recorded

The lesson itself trains seed 0 of both.
"""

import argparse
import datetime
import json
import time
from typing import Any

from dlcourse import nn
from dlcourse.compare.machine import cpu_name
from dlcourse.layout import RECORDS
from dlcourse.lessons.lesson_16_lstm import quotes
from dlcourse.nn.contract import Layer

RECORD = RECORDS / "quotes.json"
SEEDS = 10


def layer(name: str) -> tuple[Layer, float]:
    """Return a layer and its learning rate."""
    if name == "LSTM, 8 units":
        return nn.LSTM(8, return_sequences=True), 0.02
    return nn.SimpleRNN(20, return_sequences=True), 0.005


def measure(name: str, seed: int) -> dict[str, Any]:
    """Train and read one network."""
    start = time.process_time()
    recurrent, learning_rate = layer(name)
    model = quotes.train(recurrent, seed, learning_rate=learning_rate)
    seconds = round(time.process_time() - start, 1)
    reading = {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in quotes.read(model)._asdict().items()
    }
    return {"name": name, "seed": seed} | reading | {"cpu_seconds": seconds}


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=SEEDS)
    arguments = parser.parse_args()
    runs = []
    for name in ("LSTM, 8 units", "tanh, 20 units"):
        for seed in range(arguments.seeds):
            runs.append(measure(name, seed))
            print(json.dumps(runs[-1]), flush=True)
    if arguments.seeds == SEEDS:
        record = {"date": datetime.date.today().isoformat(), "processor": cpu_name(), "runs": runs}
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
