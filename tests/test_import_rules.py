"""The layering of the package: imports only go down, and cost next to nothing."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dlcourse.layout import ROOT
from dlcourse.syllabus import LESSONS

PACKAGE = ROOT / "dlcourse"

# Lowest first. A part may import from strictly lower ranks and from its own folder.
RANKS = [
    {"nn", "datasets", "layout", "tables", "__version__"},
    {"syllabus"},  # data that every part may read
    {"figures", "compare", "checks", "terms"},
    {"widgets", "exercises"},
    {"grading", "recall"},
    {"lessons"},
    {"teaching"},
    {"website"},
    {"cli"},
    {"__main__"},
]
RANK = {name: rank for rank, names in enumerate(RANKS) for name in names}

# A wing imports no other wing, but for these arrows: importing wing, imported wing.
BETWEEN_WINGS = {("lesson_13_cnn", "lesson_12_convolution")}

# Third-party packages that only some parts may import; NumPy is free for all.
RESTRICTED = {
    "IPython": {"figures", "widgets", "lessons", "grading"},
    "anywidget": {"widgets", "lessons", "recall"},
    "click": {"cli"},
    "docutils": {"teaching", "website"},
    "fsrs": {"recall"},
    "genanki": {"recall"},
    "ipywidgets": {"widgets", "lessons", "recall"},
    "jinja2": {"grading", "teaching"},
    "jupyterlab": {"cli"},
    "keras": {"compare"},
    "math_core": {"website"},
    "matplotlib": {"datasets", "figures", "widgets", "lessons"},  # datasets: its sample data
    "mistune": {"recall", "teaching"},
    "nbclient": {"cli"},
    "sphinx": {"website"},
    "sklearn": {"datasets", "lessons"},  # lesson 11 sets its machines side by side
    "tensorflow": {"compare"},
}
# The subject itself imports NumPy alone; these only inside the function that needs them.
ONLY_NUMPY = "nn"
INSIDE_FUNCTIONS = {"cupy", "sklearn", "tqdm"}


def imports(tree: ast.Module) -> Iterator[tuple[str, bool, int]]:
    """Yield each imported dotted name, whether that happens inside a function, and its line."""
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) in inside, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = f"{node.module}.{alias.name}" if node.level == 0 else "."
                yield name, id(node) in inside, node.lineno


def rank(dotted: list[str]) -> int:
    """Return the rank of a module of the package, from its names below ``dlcourse``."""
    return RANK.get(".".join(dotted[:2]), RANK.get(dotted[0] if dotted else "", len(RANKS)))


def violations(part: str, source: str, wing: str = "") -> list[str]:
    """Return what a module of `part`, in a wing or in none, imports against the rules."""
    found = []
    for name, is_inside, line in imports(ast.parse(source)):
        top, *rest = name.split(".")
        if name == ".":
            found.append(f"line {line}: write absolute imports")
        elif top == "dlcourse":
            target = rest[0] if rest else ""
            if target != part and rank(rest) >= RANK[part]:
                found.append(f"line {line}: {part} may not import {name}")
            other = rest[1] if target == "lessons" and len(rest) > 1 else ""
            foreign = other.startswith("lesson_") and other != wing
            if wing and foreign and (wing, other) not in BETWEEN_WINGS:
                found.append(f"line {line}: {wing} may not import {other}")
        elif part == ONLY_NUMPY:
            late = is_inside and top in INSIDE_FUNCTIONS
            if top != "numpy" and top not in sys.stdlib_module_names and not late:
                found.append(f"line {line}: {part} may not import {name}")
        elif part not in RESTRICTED.get(top, {part}):
            found.append(f"line {line}: {part} may not import {name}")
    return found


MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_go_down(path):
    part, *below = path.relative_to(PACKAGE).with_suffix("").parts
    wing = below[0] if part == "lessons" and len(below) > 1 else ""
    assert violations(part, path.read_text(encoding="utf-8"), wing) == []


def arrows() -> dict[str, set[str]]:
    """Return which modules of the package each module imports, anywhere in its text."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
    }
    found = {}
    for name, path in names.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        targets = set()
        for imported, _, _ in imports(tree):
            while imported and imported not in names:
                imported = imported.rpartition(".")[0]
            targets.add(imported)
        parents = {name.rpartition(".")[0]}  # a folder's front page may list what stands in it
        found[name] = {t for t in targets if t and t != name and t not in parents}
    return found


def circles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """Return the groups of modules in which each one imports, in the end, itself."""
    reach = {name: set(targets) for name, targets in arrows.items()}
    for via in reach:
        for targets in reach.values():
            if via in targets:
                targets |= reach[via]
    groups = []
    for name in sorted(reach):
        group = {other for other in reach[name] if name in reach[other]} | {name}
        if name in reach[name] and group not in groups:
            groups.append(group)
    return groups


def test_no_circle_of_imports_inside_folders_or_across_them():
    assert circles(arrows()) == []


def test_a_circle_is_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [{"b", "c"}]


def test_every_wing_has_the_name_of_a_lesson_and_an_empty_front_page():
    wings = {path.name for path in (PACKAGE / "lessons").glob("lesson_*")}
    assert wings <= {f"lesson_{lesson.name}" for lesson in LESSONS}
    for name in wings:
        front = ast.parse((PACKAGE / "lessons" / name / "__init__.py").read_text("utf-8"))
        assert len(front.body) == 1  # a docstring: who asks for checks gets no figures


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("nn", "import keras"),
        ("nn", "from matplotlib import pyplot"),
        ("nn", "from dlcourse.tables import Table"),
        ("nn", "from tqdm.auto import tqdm"),
        ("nn", "import cupy"),
        ("nn", "from .contract import Array"),
        ("datasets", "from dlcourse import nn"),
        ("figures", "from dlcourse import compare"),
        ("figures", "import ipywidgets"),
        ("checks", "import tensorflow.keras"),
        ("compare", "from dlcourse.grading import check"),
        ("grading", "def f():\n    from dlcourse.cli import main"),
        ("grading", "import click"),
        ("widgets", "import dlcourse"),
        ("cli", "from dlcourse.nowhere import nothing"),
        ("grading", "from dlcourse.lessons.lesson_02_perceptron import checks"),
        ("checks", "from dlcourse.lessons import lesson_02_perceptron"),
    ],
)
def test_the_rules_see_what_breaks_them(part, line):
    assert len(violations(part, line)) == 1


def test_a_wing_keeps_to_itself():
    other = "from dlcourse.lessons.lesson_12_convolution.figures import stack_boxes"
    assert len(violations("lessons", other, "lesson_02_perceptron")) == 1
    assert violations("lessons", other, "lesson_13_cnn") == []


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("nn", "import math\nimport numpy as np\nfrom dlcourse.nn.contract import Array"),
        ("nn", "def fit():\n    from tqdm.auto import tqdm"),
        ("compare", "import keras\nfrom dlcourse import nn"),
        ("cli", "import click\nfrom dlcourse.exercises import release"),
        ("checks", "from dlcourse.syllabus import LESSONS"),
    ],
)
def test_the_rules_let_through_what_is_right(part, line):
    assert violations(part, line) == []


# ------------------------------------------------------------------ what an import costs

HEAVY = {"IPython", "ipywidgets", "keras", "matplotlib", "sklearn", "tensorflow"}


def run_python(code: str) -> str:
    """Run `code` in a new interpreter that may keep its byte code, and return what it prints."""
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=True
    ).stdout


def imported_by(statement: str) -> set[str]:
    """Return the top-level names of all modules that are there after `statement`."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(run_python(code).split())


@pytest.mark.parametrize(
    "statement",
    ["import dlcourse", "from dlcourse import nn, compare", "from dlcourse.grading import check"],
)
def test_an_import_leaves_heavy_packages_alone(statement):
    assert not imported_by(statement) & (HEAVY - {"IPython"})


def test_heavy_packages_would_be_seen():
    assert "matplotlib" in imported_by("import dlcourse, matplotlib")


def cpu_seconds(statement: str) -> float:
    """Return the CPU time of an interpreter that executes `statement`."""
    return float(run_python(f"{statement}\nimport time\nprint(time.process_time())"))


def test_import_dlcourse_costs_no_more_than_import_numpy():
    """CPU time, the least of several interleaved runs: a busy machine only adds to it."""
    ours, numpys = [], []
    for _ in range(5):
        numpys.append(cpu_seconds("import numpy"))
        ours.append(cpu_seconds("import dlcourse"))
    assert min(ours) <= 1.3 * min(numpys)
