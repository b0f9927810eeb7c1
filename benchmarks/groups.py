"""Measure lesson 21's two groups for many seeds; keep a record.

python -m benchmarks.groups             the record that lesson 21 shows, about three minutes
python -m benchmarks.groups --seeds 1   a part of it, printed and not recorded
"""

import argparse
import datetime
import json
import os
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # before NumPy is imported
    os.environ[name] = "1"

from dlcourse.compare.machine import cpu_name  # noqa: E402
from dlcourse.layout import RECORDS  # noqa: E402
from dlcourse.lessons.lesson_21_scale import groups  # noqa: E402

RECORD = RECORDS / "groups.json"
SEEDS = 10
REPAIRED = (0.02, 0.05, 0.1, 0.2)  # shares at which a repair makes a difference


def measure(seeds: int) -> list[dict[str, Any]]:
    """Train a reader for each kind, way, share and seed."""
    rows = []
    for kind in groups.KINDS:
        for way in groups.WAYS:
            for share in groups.SHARES if way == "as it is" else REPAIRED:
                found = [
                    groups.rates(groups.trained(share, seed, way, kind), share, kind)
                    for seed in range(seeds)
                ]
                told = [[round(rate, 5) for rate in one] for one in found]
                rows.append({"kind": kind, "way": way, "share": share, "rates": told})
                print(json.dumps(rows[-1]), flush=True)
    return rows


def main() -> None:
    """Measure, and write the record if all seeds ran."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    seeds = parser.parse_args().seeds
    rows = measure(seeds)
    if seeds < SEEDS:
        return
    record = {
        "what": "shares of wrong answers of two groups of digits, and of a crowd that mixes them",
        "command": groups.COMMAND,
        "date": datetime.date.today().isoformat(),
        "cpu": cpu_name(),
        "seeds": seeds,
        "columns": list(groups.Rates._fields),
        "rows": rows,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
