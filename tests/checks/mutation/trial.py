"""Try mutants of the plain answer to a question on the cases of its check."""

import ast
from collections.abc import Callable, Sequence
from typing import Any

import nbformat
import numpy as np

from dlcourse import layout
from dlcourse.checks import Case, Check, Outcome
from dlcourse.checks.diagnosis import Evidence
from dlcourse.checks.runner import plain
from dlcourse.checks.values import same
from dlcourse.checks.verdict import _is_right as is_right
from tests.checks.mutation.helpers import EndlessError, Helpers

DRAWS = 3


def answers(lesson: str) -> dict[str, str]:
    """Return the plain answers of a lesson: the source of each function or class, no docstring."""
    (path,) = layout.SOLUTIONS.glob(f"{lesson}_*/*.ipynb")
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            for function in ast.parse(cell.source).body:
                if isinstance(function, ast.FunctionDef | ast.ClassDef):
                    if ast.get_docstring(function):
                        del function.body[0]
                    found[function.name] = ast.unparse(function)
    return found


class Trial:
    """One question: its fixed cases, drawn ones, and the plain answers of its lesson."""

    def __init__(self, check: Check, sources: dict[str, str]) -> None:
        self.check = check
        self.source = sources[check.name]
        self._others: dict[str, Any] = {"np": np}
        for source in sources.values():
            exec(source, self._others)
        draws = [check.cases(np.random.default_rng(seed)) for seed in range(DRAWS)]
        columns = list(zip(*draws, strict=True))
        self.fixed = self._with_answers(c[0] for c in columns if _all_same(c))
        self.drawn = self._with_answers(case for c in columns if not _all_same(c) for case in c)

    def _with_answers(self, cases: Any) -> list[tuple[Case, Any]]:
        return [(case, self.check.reference(*plain(case.arguments))) for case in cases]

    def survives(self, source: str) -> bool:
        """Tell whether a mutant is right on every fixed case though it changes something."""
        helpers = Helpers()
        function = self._defined(source, helpers)
        if not self._right_on_all(function, self.fixed):
            return False
        if helpers.used and not helpers.changed:
            self._right_on_all(function, self.drawn)
            return helpers.changed
        return True

    def _defined(self, source: str, helpers: Helpers) -> Callable[..., Any]:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, (ast.For, ast.While)):
                node.body.insert(0, *ast.parse("_tick()").body)
        scope = self._others | helpers.names
        exec(compile(ast.fix_missing_locations(tree), "<mutant>", "exec"), scope)
        function: Callable[..., Any] = scope[self.check.name]
        return function

    def _right_on_all(
        self, function: Callable[..., Any], cases: Sequence[tuple[Case, Any]]
    ) -> bool:
        return all(self._is_right(function, case, expected) for case, expected in cases)

    def _is_right(self, function: Callable[..., Any], case: Case, expected: Any) -> bool:
        own = plain(case.arguments)
        try:
            with np.errstate(all="ignore"):
                value = plain(function(*own))
        except (Exception, EndlessError):
            return False
        return is_right(Evidence(self.check, case, expected, Outcome(value, own)))


def _all_same(cases: Sequence[Case]) -> bool:
    return all(same(cases[0].arguments, case.arguments) for case in cases)


def difference(before: str, after: str) -> str:
    """Say in one line what a mutant changes: ``return w => return x``."""
    old, new = (
        [line.strip() for line in text.splitlines() if line.strip()] for text in (before, after)
    )
    for end in (0, -1):
        while old and new and old[end] == new[end]:
            del old[end], new[end]
    return f"{'; '.join(old)} => {'; '.join(new)}".strip()
