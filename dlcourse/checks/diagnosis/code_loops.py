"""The learner's loops show what is wrong: they end too soon, overwrite, begin anew, miss an end."""

import ast

import numpy as np

from dlcourse.checks.diagnosis.evidence import Evidence
from dlcourse.checks.diagnosis.hint import NOTHING, Hint
from dlcourse.checks.diagnosis.tree import (
    LOOPS,
    Loop,
    assigned,
    at,
    base,
    called,
    is_name,
    loaded,
    loops,
    number,
    walk,
    words,
)


def return_in_loop(evidence: Evidence) -> Hint:
    """Recognise a loop whose first round is its last: `return` or `break` on every path."""
    assert evidence.source
    for loop, _ in loops(evidence.source):
        for statement in loop.body:
            if leaves := _leaves(statement):
                word = "return" if isinstance(leaves, ast.Return) else "break"
                return at(
                    leaves,
                    f"`{word}` stands inside the loop, so the first round is the last one. Move "
                    "it to the left, until it stands below the loop.",
                )
            if any(isinstance(node, ast.Continue) for node in ast.walk(statement)):
                break  # some rounds do not come so far
    return NOTHING


def _leaves(statement: ast.stmt) -> ast.stmt | None:
    """Return the `return` or `break` that a statement ends with on every path."""
    if isinstance(statement, (ast.Return, ast.Break)):
        return statement
    if isinstance(statement, ast.If) and statement.orelse:
        ends = [_leaves(statement.body[-1]), _leaves(statement.orelse[-1])]
        return ends[-1] if all(ends) else None
    return None


def overwritten(evidence: Evidence) -> Hint:
    """Recognise `E = ...` for `E += ...`: each round throws away what the rounds before gave."""
    source = evidence.source
    assert source
    for loop, body in loops(source):
        inside = [node for node in walk(*loop.body) if isinstance(node, ast.Assign)]
        if any(isinstance(node, (ast.Break, ast.Return)) for node in walk(*loop.body)):
            continue  # a search keeps what it found
        for statement in inside:
            name = assigned(statement)
            if not (name and _begins_empty(name, loop, body)):
                continue
            if loaded(name, *loop.body) or _counts(name, loop):
                continue
            if loaded(name, *_after(loop, body)) and _varies(statement.value, loop):
                how = f"Add up with `{name} += ...`, or keep the largest or the last on purpose."
                if not _begins_at_zero(name, body):
                    how = f"Collect them with `{name}.append(...)`."
                return at(
                    statement,
                    f"Each round of the loop gives `{name}` a new value, and what the rounds "
                    f"before gave is lost. {how}",
                )
    return NOTHING


def _counts(name: str, loop: Loop) -> bool:
    return any(
        isinstance(node, ast.AugAssign) and base(node.target) == name for node in walk(*loop.body)
    )


def _begins_empty(name: str, loop: Loop, body: list[ast.stmt]) -> bool:
    """Tell whether a variable is set to zero, zeros or an empty list before the loop."""
    return any(
        assigned(node) == name and node.lineno < loop.lineno and _is_empty(node.value)
        for node in walk(*body)
        if isinstance(node, ast.Assign)
    )


def _begins_at_zero(name: str, body: list[ast.stmt]) -> bool:
    return any(
        assigned(node) == name and _is_empty(node.value) and not isinstance(node.value, ast.List)
        for node in walk(*body)
        if isinstance(node, ast.Assign)
    )


def _is_empty(value: ast.AST) -> bool:
    if isinstance(value, ast.List):
        return not value.elts
    return number(value) == 0 or called(value) in ("np.zeros", "np.zeros_like")


def _after(loop: Loop, body: list[ast.stmt]) -> list[ast.AST]:
    """Return what stands behind a loop: statements that begin below its last line."""
    end = loop.end_lineno or loop.lineno
    return [node for node in walk(*body) if getattr(node, "lineno", 0) > end]


def _varies(value: ast.AST, loop: Loop) -> bool:
    """Tell whether a value differs from round to round."""
    if isinstance(loop, ast.While):
        return True
    targets = {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}
    targets |= {assigned(node) for node in walk(*loop.body)}
    return any(isinstance(node, ast.Name) and node.id in targets for node in ast.walk(value))


def starts_anew(evidence: Evidence) -> Hint:
    """Recognise `total = 0` inside the loop that adds to it."""
    source = evidence.source
    assert source
    for loop, body in loops(source):
        for statement in loop.body:
            name = assigned(statement)
            if not name or not isinstance(statement, ast.Assign) or not _is_empty(statement.value):
                continue
            rest = [part for part in loop.body if part is not statement]
            grows = any(_adds(part, name) for part in walk(*rest))
            read = any(loaded(name, part) for part in rest if not _only_grows(part, name))
            if grows and not read and loaded(name, *_after(loop, body)):
                return at(
                    statement,
                    f"`{words(statement)}` stands inside the loop, so `{name}` starts anew in "
                    "every round. Move it above the loop.",
                )
    return NOTHING


def _adds(node: ast.AST, name: str) -> bool:
    """Tell whether a statement lets a variable grow: ``+=``, or ``.append``."""
    if isinstance(node, ast.AugAssign):
        return is_name(node.target, name)
    return called(node) == f"{name}.append"


def _only_grows(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement, or all of a loop, reads a variable only to let it grow."""
    if isinstance(statement, (*LOOPS, ast.If)):
        return all(_only_grows(part, name) for part in (*statement.body, *statement.orelse))
    if isinstance(statement, ast.Expr):
        return called(statement.value) == f"{name}.append" or not loaded(name, statement)
    if isinstance(statement, ast.AugAssign):
        return not loaded(name, statement.value)
    if assigned(statement) == name and isinstance(statement, ast.Assign):
        return isinstance(statement.value, ast.BinOp)
    return not loaded(name, statement)


def entry_as_index(evidence: Evidence) -> Hint:
    """Recognise `for v in x: ... x[v]`: an entry taken for its position."""
    source = evidence.source
    assert source
    arrays = {
        own
        for own, argument in zip(source.parameters, evidence.case.arguments, strict=False)
        if isinstance(argument, (np.ndarray, list, tuple))
    }
    for loop, _ in loops(source):
        if not (isinstance(loop, ast.For) and is_name(loop.iter) and is_name(loop.target)):
            continue
        for node in walk(*loop.body):
            if (
                isinstance(node, ast.Subscript)
                and is_name(node.value, loop.iter.id)
                and is_name(node.slice, loop.target.id)
                and loop.iter.id in arrays
            ):
                x, v = loop.iter.id, loop.target.id
                return at(
                    node,
                    f"`for {v} in {x}` goes through the entries of `{x}`, not through their "
                    f"positions, so `{x}[{v}]` takes a value for an index. Use `{v}` itself, or "
                    f"`for {v} in range(len({x}))`.",
                )
    return NOTHING


def one_off(evidence: Evidence) -> Hint:
    """Recognise a loop over indices that leaves out the first or the last one."""
    assert evidence.source
    for loop, _ in loops(evidence.source):
        if not (isinstance(loop, ast.For) and is_name(loop.target)):
            continue
        if called(loop.iter) != "range" or not _is_index(loop.target.id, loop):
            continue
        assert isinstance(loop.iter, ast.Call)
        if said := _range_off(loop.target.id, loop.iter.args, loop):
            return at(loop, said)
    return NOTHING


def _range_off(i: str, arguments: list[ast.expr], loop: ast.For) -> str:
    steps = [number(argument) for argument in arguments]
    if len(arguments) == 3 and steps[1:] == [0, -1] and not _stores_beside(i, -1, loop):
        return (
            f"Your loop ends at {i} = 1: the end of a `range` is not included. To come down to 0 "
            f"it must be `range({words(arguments[0])}, -1, -1)`."
        )
    if len(arguments) == 2 and steps[0] == 1 and not _uses_beside(i, -1, loop):
        return (
            f"Your loop starts at {i} = 1, so index 0 is left out. Counting starts at 0: "
            f"`range({words(arguments[1])})`."
        )
    last = arguments[min(len(arguments), 2) - 1]
    if (
        len(arguments) < 3
        and isinstance(last, ast.BinOp)
        and isinstance(last.op, ast.Sub)
        and number(last.right) == 1
        and not _uses_beside(i, 1, loop)
    ):
        return (
            f"Your loop leaves out the last index: `range(n)` ends before n already, so take the "
            f"`- 1` away: `{words(last.left)}`."
        )
    return ""


def _is_index(i: str, loop: ast.For) -> bool:
    """Tell whether a variable stands alone in square brackets."""
    return any(
        isinstance(node, ast.Subscript) and (is_name(node.slice, i) or _holds(node.slice, i))
        for node in walk(*loop.body)
    )


def _holds(index: ast.AST, i: str) -> bool:
    return isinstance(index, ast.Tuple) and any(is_name(part, i) for part in index.elts)


def _beside(node: ast.AST, i: str, step: int) -> bool:
    """Tell whether a node is ``i + 1`` (step 1) or ``i - 1`` (step -1)."""
    sign = ast.Add if step > 0 else ast.Sub
    return isinstance(node, ast.BinOp) and isinstance(node.op, sign) and is_name(node.left, i)


def _uses_beside(i: str, step: int, loop: ast.For) -> bool:
    return any(_beside(node, i, step) for node in walk(*loop.body))


def _stores_beside(i: str, step: int, loop: ast.For) -> bool:
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and any(_beside(part, i, step) for part in ast.walk(node.slice))
        for node in walk(*loop.body)
    )


def same_entry_every_round(evidence: Evidence) -> Hint:
    """Recognise a loop that never uses its variable, and a fixed index in its place."""
    assert evidence.source
    for loop, _ in loops(evidence.source):
        if not (isinstance(loop, ast.For) and is_name(loop.target)):
            continue
        i = loop.target.id
        fixed = [
            node
            for node in walk(*loop.body)
            if isinstance(node, ast.Subscript)
            and is_name(node.value)
            and isinstance(node.ctx, ast.Load)
            and number(node.slice) is not None
        ]
        if fixed and not i.startswith("_") and not loaded(i, *loop.body):
            return at(
                fixed[0],
                f"Your loop never uses `{i}`, and takes `{words(fixed[0])}` in every round. Is "
                f"`{i}` meant to be the index?",
            )
    return NOTHING


def same_every_round(evidence: Evidence) -> Hint:
    """Recognise a loop in which no round reads what the round before has made."""
    assert evidence.source
    for loop, _ in loops(evidence.source):
        made = [s for s in loop.body if isinstance(s, ast.Assign)]
        if not (isinstance(loop, ast.For) and is_name(loop.target) and made):
            continue
        body = [node for node in walk(*loop.body) if isinstance(node, (ast.Name, *LOOPS))]
        given: set[str] = set()
        carried = is_name(loop.iter) or loaded(loop.target.id, *loop.body)
        for statement in loop.body:
            read = {n.id for n in walk(statement) if is_name(n) and isinstance(n.ctx, ast.Load)}
            later = {n.id for n in body if is_name(n) and isinstance(n.ctx, ast.Store)} - given
            carried = carried or bool(read & later) or isinstance(statement, ast.AugAssign)
            given |= {n.id for n in walk(statement) if is_name(n) and isinstance(n.ctx, ast.Store)}
            carried = carried or not isinstance(statement, (ast.Assign, ast.Expr))
        if not carried and not any(isinstance(t, ast.Subscript) for s in made for t in s.targets):
            return at(
                made[-1],
                "Every round of your loop computes the same: none reads what the one before has "
                f"made. Is `{words(made[-1].targets[0])}` meant to be the start of the next round, "
                "under the name that the round reads?",
            )
    return NOTHING


def extreme_from_zero(evidence: Evidence) -> Hint:
    """Recognise a search for the largest that starts at 0, where all numbers may be negative."""
    for loop, body in loops(evidence.source) if evidence.source else ():
        for node in walk(*loop.body):
            name, word = _searched(node)
            if not name:
                continue
            starts = [s for s in walk(*body) if isinstance(s, ast.Assign) and assigned(s) == name]
            zero = next((s for s in starts if number(s.value) == 0), None)
            if zero is not None:
                return at(
                    zero,
                    f"Your search for the {word} starts with `{words(zero)}`. Where no number is "
                    f"{'above' if word == 'largest' else 'below'} 0, it finds none. Start with the "
                    "first number, or with "
                    f"{'-np.inf' if word == 'largest' else 'np.inf'}.",
                )
    return NOTHING


def _searched(node: ast.AST) -> tuple[str, str]:
    """Return the variable of ``if x > best: best = x`` or ``best = max(best, x)``, and of what."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and len(node.test.ops) == 1:
        left, right = node.test.left, node.test.comparators[0]
        greater = isinstance(node.test.ops[0], (ast.Gt, ast.GtE))
        less = isinstance(node.test.ops[0], (ast.Lt, ast.LtE))
        for best, other, largest in ((right, left, greater), (left, right, less)):
            kept = [s for s in node.body if is_name(best) and assigned(s) == best.id]
            if not (kept and isinstance(kept[0], ast.Assign) and (greater or less)):
                continue
            if ast.dump(kept[0].value) == ast.dump(other):
                return assigned(kept[0]), "largest" if largest else "smallest"
    if isinstance(node, ast.Assign) and called(node.value) in ("max", "min"):
        assert isinstance(node.value, ast.Call)
        if any(is_name(part, assigned(node)) for part in node.value.args):
            return assigned(node), "largest" if called(node.value) == "max" else "smallest"
    return "", ""


def shrinks_on_the_way(evidence: Evidence) -> Hint:
    """Recognise a loop over a list from which it takes entries: the next one is left out."""
    assert evidence.source
    for loop, _ in loops(evidence.source):
        if not (isinstance(loop, ast.For) and is_name(loop.iter)):
            continue
        name = loop.iter.id
        inside = list(walk(*loop.body))
        if any(isinstance(node, (ast.Break, ast.Return)) for node in inside):
            continue
        for node in inside:
            if called(node) in (f"{name}.remove", f"{name}.pop"):
                return at(
                    node,
                    f"`{words(node)}` takes an entry from `{name}` while the loop goes through it: "
                    "the others move up, and the loop leaves the next one out. Make a new list of "
                    f"those that stay, or go through a copy: `for ... in list({name}):`.",
                )
    return NOTHING
