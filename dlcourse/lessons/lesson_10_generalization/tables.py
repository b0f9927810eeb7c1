"""The tables of lesson 10 that take many runs.

``python -m dlcourse.lessons.lesson_10_generalization.tables`` measures and prints them all,
``... tables remedies shifts`` those that are named.
"""

import sys
from collections.abc import Callable, Sequence

import numpy as np

from dlcourse import nn
from dlcourse.lessons.lesson_10_generalization import experiments, rules
from dlcourse.tables import Table

HIDDEN = (128, 128)
EPOCHS, DECAY = 60, 3.0  # the decay: chosen on other draws, by their validation sets


def said(errors: Sequence[float]) -> str:
    """Write the median of some errors, and the lowest and highest.

    Examples
    --------
    >>> said([3.0, 7.25, 4.0])
    '4.0 (3.0 to 7.2)'
    """
    low, middle, high = min(errors), float(np.median(errors)), max(errors)
    return f"{middle:.1f} ({low:.1f} to {high:.1f})"


def memory(seeds: Sequence[int] = (0, 1, 2)) -> Table:
    """Let networks learn 500 examples by heart, after Zhang and others, 2017."""
    rows = []
    for kind in experiments.KINDS:
        runs = [experiments.memorise(kind, seed) for seed in seeds]
        epochs = ", ".join(str(run.epochs) for run in runs)
        known = max(run.train for run in runs)
        rows.append([kind, epochs, f"{known:.0f}", said([run.test for run in runs])])
    return Table(
        ["training set", "epochs", "errors on it, %", "errors on new digits, %"],
        rows,
        f"500 examples, two layers of 256 units, seeds {', '.join(map(str, seeds))}.",
    )


def remedies(seeds: Sequence[int] = (0, 1, 2), epochs: int = EPOCHS) -> Table:
    """Compare early stopping, weight decay and dropout, with wrong labels and with right ones."""
    columns = []
    for wrong in (0.3, 0.0):
        found: dict[str, list[float]] = {}
        for seed in seeds:
            data = experiments.parts(seed, 500, wrong)
            plain = experiments.train(
                experiments.network(seed, HIDDEN), data, epochs=epochs, watched=True
            )
            found.setdefault("nothing", []).append(plain.test[-1])
            found.setdefault("early stopping", []).append(plain.test[plain.best])
            others = {
                f"weight decay {DECAY:g}": ((0.0, 0.0), nn.AdamW(1e-3, weight_decay=DECAY)),
                "dropout 0.2, 0.5": ((0.2, 0.5), nn.Adam(1e-3)),
            }
            for name, (dropout, optimizer) in others.items():
                model = experiments.network(seed, HIDDEN, dropout)
                experiments.train(model, data, optimizer, epochs)
                found.setdefault(name, []).append(
                    experiments.error(model, data.test_x, data.test_y)
                )
        columns.append(found)
    return Table(
        ["remedy", "30 % wrong labels", "right labels"],
        [[name, *(said(found[name]) for found in columns)] for name in columns[0]],
        f"Errors on new digits in percent, {len(seeds)} draws: median (lowest to highest).",
    )


def shifts(seeds: Sequence[int] = (0, 1, 2)) -> Table:
    """Train on digits as they are, or shifted at random; test on both kinds."""
    rows = []
    for name, moved in (("as they are", False), ("shifted at random", True)):
        runs = [experiments.augmented(seed, moved) for seed in seeds]
        rows.append([name, *(said(errors) for errors in zip(*runs, strict=True))])
    return Table(
        ["trained on digits", "tested as they are", "tested shifted"],
        rows,
        f"Errors in percent, {len(seeds)} draws of 300 digits: median (lowest to highest).",
    )


def hands(seeds: Sequence[int] = (0, 1, 2)) -> Table:
    """Test one network on digits by hands that it knows, and by others."""
    x, y = experiments.images()
    rows = []
    for name, shuffled in (("shuffled", True), ("in order: test digits by other hands", False)):
        errors = []
        for seed in seeds:
            order = np.arange(len(x))
            if shuffled:
                order = np.random.default_rng(seed).permutation(len(x))
            known, new = order[:1437], order[1437:]
            model = experiments.network(seed, (64,))
            model.fit(
                x[known], y[known], loss=experiments.LOSS, optimizer=nn.Adam(3e-3), epochs=20,
                verbose=False,
            )  # fmt: skip
            errors.append(experiments.error(model, x[new], y[new]))
        rows.append([name, said(errors)])
    return Table(["how it was split", "errors on the 360 test digits, %"], rows)


def rules_of_thumb() -> Table:
    """Put every rule to the test."""
    return Table(
        ["rule", "without it", "result", "following it", "result", "verdict"],
        [
            [row.rule, row.without, row.before, row.following, row.after, row.verdict]
            for row in rules.run_all()
        ],
    )


ALL: dict[str, Callable[[], Table]] = {
    "memory": memory,
    "remedies": remedies,
    "shifts": shifts,
    "hands": hands,
    "rules": rules_of_thumb,
}


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ALL:
        print(ALL[wanted](), end="\n\n")
