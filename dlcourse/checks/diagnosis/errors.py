"""An error ended the function: what its class and its text mean for a beginner."""

import re

from dlcourse.checks.check import Check
from dlcourse.checks.runner import Raised

# The class of the error, what its message contains, and the sentence; the first that fits.

ERRORS: tuple[tuple[str, str, str], ...] = (
    (
        "NotImplementedError",
        "",
        "The line `raise NotImplementedError` is still there. Delete it and write your code.",
    ),
    (
        "(IndentationError|TabError)",
        "",
        "The lines of one block begin at the same place: four blanks for each level, and no tabs. "
        "The first line of your code stands right below the docstring's quotes.",
    ),
    (
        "SyntaxError",
        "",
        "Python cannot read this cell. Look at that line and at the one before: is there a colon "
        "behind `if`, `for` or `def`, and is every bracket and every quote closed?",
    ),
    (
        "MissingAnswer",
        "defines no function",
        "Put the line that begins with `def` back as the exercise gave it.",
    ),
    (
        "TimeLimitError",
        "not run",
        "Your function took too long on the inputs before this one, so this one was not tried.",
    ),
    (
        "TimeLimitError",
        "",
        "Your function did not come to an end and was stopped. Look for a loop whose condition "
        "never becomes false: does something in it change the condition?",
    ),
    (
        "ValueError",
        r"truth value of an array",
        "Python needs one True or False here, and got an array of them. `if`, `and`, `or` and "
        "`not` take single values: compare single numbers, or use `.all()` or `.any()`; between "
        "arrays write `&` and `|`.",
    ),
    (
        "ValueError",
        r"matmul|not aligned|operands could not be broadcast|shape-mismatch|mismatch in its core",
        "Two arrays do not fit together. Print their shapes just before this line: for a @ b the "
        "last axis of a must be as long as the first axis of b.",
    ),
    (
        "ValueError",
        r"unpack",
        "The number of variables on the left is not the number of values on the right.",
    ),
    (
        "ValueError",
        r"setting an array element with a sequence|inhomogeneous",
        "An array is made of parts that have different lengths. If a function returns several "
        "values, take them apart first: `a, b, c = function(...)`.",
    ),
    (
        "(UFuncType|_UFuncOutputCasting|Type)Error",
        r"[Cc]annot cast",
        "An array of whole numbers cannot take decimals in place. Make it of floats from the "
        "start, np.zeros(n) without dtype=int, or write `w = w + ...` instead of `w += ...`.",
    ),
    (
        "TypeError",
        r"can't multiply sequence|can only concatenate|unsupported operand.*(list|tuple)"
        r"|(list|tuple) indices must be|not supported between instances of '(list|tuple)'",
        "A list is used as if it were an array. Lists do not add, multiply or compare number by "
        "number and take one index at a time; make it an array first: np.array(...).",
    ),
    (
        "TypeError",
        r"NoneType|None",
        "A value here is None. It comes from a function without `return`, or from one that is "
        "not written yet.",
    ),
    (
        "TypeError",
        r"positional argument|unexpected keyword|required",
        "The brackets hold another number of values than the function takes. Compare the call "
        "with the line that begins with `def`.",
    ),
    (
        "TypeError",
        r"not subscriptable|scalar variable|not iterable|has no len|unsized",
        "A single number is used as if it were an array: it has no entries to index or loop over.",
    ),
    (
        "TypeError",
        r"not callable",
        "Something that is no function is called. Look for a missing `*` before a bracket, or a "
        "variable that has the name of a function.",
    ),
    (
        "IndexError",
        r"invalid index to scalar|too many indices",
        "This uses more indices than the array has axes. Print its shape just before this line.",
    ),
    (
        "IndexError",
        r"",
        "An index is beyond the end. Counting starts at 0, so the last entry of n is n - 1.",
    ),
    (
        "NameError",
        r"'(numpy)'",
        "The exercise imports NumPy under its short name: write `np.` in place of `{0}.`.",
    ),
    (
        "NameError",
        r"'(array|zeros|ones|zeros_like|ones_like|eye|arange|linspace|exp|log|sqrt|tanh|sign|dot|"
        r"mean|prod|maximum|minimum|argmax|where|outer|stack|concatenate|linalg|inf|nan|newaxis)'",
        "{0} belongs to NumPy and has `np.` in front: write `np.{0}`.",
    ),
    (
        "(NameError|UnboundLocalError)",
        r"'(\w+)'",
        "The name {0} has no value at this point. Check its spelling, and that the line that "
        "defines it runs first, on every path.",
    ),
    (
        "AttributeError",
        r"'list' object",
        "A list is used as if it were an array. Make it one first: np.array(...).",
    ),
    (
        "AttributeError",
        r"'NoneType' object",
        "A value here is None. It comes from a function without `return`.",
    ),
    ("AttributeError", "", "There is nothing of that name. Check the spelling after the dot."),
    ("KeyError", "", "The dictionary has no such key. Check its spelling."),
    ("ZeroDivisionError", "", "This divides by zero. What should happen for this input?"),
    (
        "RecursionError",
        "",
        "The function calls itself without end. Did you mean to call another one?",
    ),
    ("AssertionError", "", "An `assert` in your code does not hold for this input."),
    ("MemoryError", "", "This asks for more memory than there is. Print the shapes it works with."),
    ("SystemExit", "", "exit() and quit() stop Python. Use `return` to leave a function."),
)


def explain(error: Raised, check: Check) -> str:
    """Explain an error by its class and its text; empty if it is none that beginners meet."""
    if not error.line and error.kind == "TypeError" and "argument" in error.message:
        return (
            f"The exercise calls {check.call}. Your function does not take these "
            f"{len(check.parameters)} arguments: keep the line that begins with `def` as it was "
            "given."
        )
    for kind, pattern, sentence in ERRORS:
        found = re.search(pattern, error.message)
        if re.fullmatch(kind, error.kind) and found:
            return sentence.format(*found.groups())
    return ""
