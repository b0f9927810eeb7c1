"""Two tables that go round about machines, each claim beside what was measured.

A word such as "small" says nothing by itself. It says: smaller than what is called large. So a
word is held against the other words of its column, pair by pair.
"""

from statistics import mean
from typing import Any

from dlcourse.lessons.lesson_11_machines import results
from dlcourse.tables import Table

# From low to high, what a word of each column may be.
LEVELS = {
    "memory": ("small", "medium", "large", "very large"),
    "data needed": ("small", "large", "very large"),
    "overfitting": ("low", "average", "high", "very high"),
    "learning": ("fast", "costly", "very costly"),
    "predicting": ("fast", "costly"),
    "many features": ("very strong", "strong", "weak"),  # from little harm to much
}
# The verdicts of a table of eleven machines that is shown to students; "" where it has none.
WORDS = {
    "linear regression": ("small", "small", "low", "fast", "fast", "weak"),
    "logistic regression": ("small", "small", "low", "fast", "fast", "weak"),
    "decision tree": ("large", "small", "very high", "fast", "fast", "strong"),
    "random forest": ("very large", "large", "average", "costly", "costly", "strong"),
    "boosting": ("very large", "large", "average", "costly", "fast", "strong"),
    "naive Bayes": ("small", "small", "low", "fast", "fast", "weak"),
    "SVM": ("small", "large", "average", "costly", "fast", "very strong"),
    "neural network": ("medium", "large", "average", "costly", "fast", "very strong"),
    "deep network": ("very large", "very large", "high", "very costly", "fast", "very strong"),
    "k-means": ("", "small", "", "fast", "", "strong"),
    "one-class SVM": ("small", "large", "average", "costly", "fast", "very strong"),
}
CLEAR = 1.25  # two costs that differ by less are alike
POINT = 0.005  # and two shares
MOST = 2 / 3  # of the pairs must agree, or disagree


def measured(column: str, machine: str) -> float | None:
    """Return the number that belongs to a word, larger is higher; None where there is none."""
    if machine == "one-class SVM":
        return _of_one_class(column)
    costs = results.row("tables", table="digits", machine=machine, scaled=False)
    if column == "data needed":
        return None if machine == "k-means" else float(results.needed(machine) or 2000)
    if column == "overfitting":
        return float(mean(costs["right_known"]) - mean(costs["right"]))
    if column == "many features":
        few, many = (results.row("useless", machine=machine, columns=n) for n in (0, 300))
        return float(mean(few["right"]) - mean(many["right"]))
    key = {"memory": "kilobytes", "learning": "fit", "predicting": "predict"}[column]
    return float(costs[key])


def _of_one_class(column: str) -> float | None:
    found = results.record()["one_class"]
    if column == "data needed":
        return None  # it has another aim than 80 % right answers
    if column == "overfitting":
        return float(found["refused_new"] - found["refused_known"])
    if column == "many features":
        return float(mean(found["useless"]["0"]) - mean(found["useless"]["300"]))
    key = {"memory": "kilobytes", "learning": "fit", "predicting": "predict"}[column]
    return float(found[key])


def verdict(column: str, machine: str) -> str:
    """Return "holds", "contradicted", "open", or "" where nothing can be compared.

    Each other machine with another word is a pair. It agrees if the numbers are in the order of
    the words, and disagrees if they are in the other order; numbers that are alike do neither.
    """
    levels, place = LEVELS[column], list(LEVELS).index(column)
    own, value = WORDS[machine][place], measured(column, machine)
    if not own or value is None:
        return ""
    agree = disagree = 0
    for other, words in WORDS.items():
        rival = measured(column, other)
        if not words[place] or words[place] == own or rival is None:
            continue
        if not _differ(column, value, rival):
            continue
        higher = levels.index(own) > levels.index(words[place])
        agree += higher == (value > rival)
        disagree += higher != (value > rival)
    return judged(agree, disagree)


def judged(agree: int, disagree: int) -> str:
    """Say what so many pairs that agree and disagree make of a word.

    Examples
    --------
    >>> judged(4, 1), judged(1, 2), judged(1, 1), judged(0, 0)
    ('holds', 'contradicted', 'open', 'open')
    """
    pairs = agree + disagree
    if pairs and agree >= MOST * pairs:
        return "holds"
    return "contradicted" if pairs and disagree >= MOST * pairs else "open"


def _differ(column: str, one: float, other: float) -> bool:
    if column in ("overfitting", "many features"):
        return abs(one - other) >= POINT
    return max(one, other) >= CLEAR * min(one, other)


def said(column: str, machine: str) -> str:
    """Write the number of a cell with its unit."""
    value = measured(column, machine)
    if value is None:
        return "not comparable"
    if column in ("overfitting", "many features"):
        return f"{100 * value:.1f} points"
    if column == "data needed":
        return f"{value:.0f} digits" if value < 2000 else "more than 1437 digits"
    scale, unit = {"memory": (1, "KB"), "learning": (1000, "ms"), "predicting": (1, "ms")}[column]
    return f"{float(f'{scale * value:.2g}'):,g} {unit}"


def cells(*columns: str) -> Table:
    """Return some columns of the table of words: word, number and verdict of each machine."""
    heads = [head for column in columns for head in (column, "measured", "so it")]
    rows = []
    for machine, words in WORDS.items():
        line = [machine]
        for column in columns:
            word = words[list(LEVELS).index(column)]
            line += [word or "-", said(column, machine), verdict(column, machine) or "-"]
        rows.append(line)
    return Table(["machine", *heads], rows)


def counted() -> dict[str, int]:
    """Return how many cells hold, are contradicted, and stay open."""
    verdicts = [verdict(column, machine) for column in LEVELS for machine in WORDS]
    return {name: verdicts.count(name) for name in ("holds", "contradicted", "open")}


def _mean_right(part: str, machine: str, **wanted: Any) -> float:
    return float(100 * mean(results.row(part, machine=machine, **wanted)["right"]))


def machine_or_deep() -> Table:
    """Return thirteen differences between machine learning and deep learning that are named.

    "Network" is the deep one, with three hidden layers.
    """
    opinion = "nothing to measure: "
    network, svm = "deep network", "SVM"
    right = {m: _mean_right("tables", m, table="digits", scaled=False) for m in (network, svm)}
    few = {m: _mean_right("sizes", m, size=50) for m in results.machines()}
    raw = {m: _mean_right("tables", m, table="wines", scaled=False) for m in results.machines()}
    full = {m: _mean_right("tables", m, table="wines", scaled=True) for m in results.machines()}
    cost = {m: results.row("tables", machine=m, table="digits", scaled=False) for m in right}
    cost |= {
        m: results.row("tables", machine=m, table="digits", scaled=False)
        for m in ("boosting", "logistic regression", "3 nearest neighbours")
    }
    grown = {
        m: results.row("sizes", machine=m, size=1437)["fit"]
        / results.row("sizes", machine=m, size=400)["fit"]
        for m in (network, svm, "boosting")
    }
    wrong = {
        m: mean(results.row("hands", machine=m, scaled=False)["wrong"])
        for m in ("3 nearest neighbours", network)
    }
    other = {
        m: (
            360 - 3.6 * _mean_right("sizes", m, size=1437),
            mean(results.row("hands", machine=m, scaled=False)["wrong"]),
        )
        for m in (network, svm)
    }
    best = max(few, key=lambda m: few[m])
    rows = [
        ("hierarchy of layers", "shallow", "many layers", opinion + "that is what deep means"),
        (
            "feature extraction", "by hand", "automatic",
            f"from bare grey values: neighbours {wrong['3 nearest neighbours']:.0f} wrong of 360, "
            f"network {wrong[network]:.0f}",
        ),
        ("feature learning", "limited", "intricate", "not testable on tables; lesson 13 looks"),
        (
            "performance", "limited on complex tasks", "excels",
            f"digits: SVM {right[svm]:.1f} %, network {right[network]:.1f} % right",
        ),
        (
            "data", "curated features", "raw data",
            f"wines, standardized to raw: forest {full['random forest']:.1f} to "
            f"{raw['random forest']:.1f} %, network {full[network]:.1f} to {raw[network]:.1f} %",
        ),
        (
            "training", "simpler", "much computation",
            f"fit: logistic {1000 * cost['logistic regression']['fit']:.0f} ms, network "
            f"{1000 * cost[network]['fit']:.0f} ms, boosting "
            f"{1000 * cost['boosting']['fit']:.0f} ms",
        ),
        (
            "domains", "tuned to one", "generalizes",
            f"known to other hands, wrong of 360: SVM {other[svm][0]:.0f} to {other[svm][1]:.0f}, "
            f"network {other[network][0]:.0f} to {other[network][1]:.0f}",
        ),
        (
            "applications", "small data", "large data",
            f"50 digits: network {few[network]:.0f} %, SVM {few[svm]:.0f} %, best {best} "
            f"{few[best]:.0f} %; large data not tested",
        ),
        ("representations", "by hand", "learned", opinion + "see feature extraction"),
        ("interpretability", "better", "black box", opinion + "100 trees explain no more"),
        ("algorithms", "many", "networks", opinion + "true by its words"),
        (
            "computing", "light", "heavy",
            f"1000 answers: network {cost[network]['predict']:.1f} ms, SVM "
            f"{cost[svm]['predict']:.0f} ms, neighbours "
            f"{cost['3 nearest neighbours']['predict']:.0f} ms",
        ),
        (
            "scaling up", "limited", "well",
            f"3.6 times the digits, time to fit: SVM x {grown[svm]:.1f}, boosting x "
            f"{grown['boosting']:.1f}; the network's steps are fixed",
        ),
    ]  # fmt: skip
    return Table(["aspect", "machine learning", "deep learning", "what we find"], rows)
