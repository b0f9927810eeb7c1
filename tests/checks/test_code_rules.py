"""Rules on the learner's code: each speaks where it should, and is silent elsewhere."""

import linecache

import numpy as np
import pytest

from dlcourse.checks import Case, Check, inputs, judge, run_all
from dlcourse.checks.verdict import FALLBACK

pytestmark = pytest.mark.filterwarnings("ignore")


def f(x, n):
    """Return a number for each row that no formula below gives."""
    total = []
    for row in x:
        total.append(np.cbrt(row).sum() * np.log(n) + 0.123)
    return np.array(total)


def cases(rng):
    return [Case((rng.uniform(0.5, 2, (3, 4)), n)) for n in (2, 3, 5, 7)]


CHECK = Check(f, 1, cases, [])


def failure(body, before="", check=CHECK):
    source = f"{before}def f(x, n):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    title = f"<rule {hash(source)}>"
    linecache.cache[title] = (len(source), None, source.splitlines(True), title)
    namespace = {"np": np}
    exec(compile(source, title, "exec"), namespace)
    drawn = check.cases(np.random.default_rng(0))
    return judge(check, drawn, run_all(namespace["f"], inputs(drawn)), [source]).failure


# name: (body, words of the hint, the line that it points to)
SPEAKS = {
    "one minus": (
        "o = x.sum(axis=1)\nreturn n * o * 1 - o",
        "`o * (1 - o)`",
        "return n * o * 1 - o",
    ),
    "bits turned": ("return x.sum(axis=1) * ~n", "0 becomes -1", "return"),
    "one array with two names": (
        "a = b = x.copy()\na[0] += n\nb[0] -= n\nreturn (a - b).sum(axis=1)",
        "makes one array with 2 names",
        "a = b = x.copy()",
    ),
    "return in the loop": (
        "s = np.zeros(3)\nfor i in range(3):\n    s[i] = x[i].sum() * n\n    return s",
        "`return` stands inside the loop",
        "return s",
    ),
    "return on both paths": (
        "for i in range(3):\n    if n > 9:\n        return x[0]\n    else:\n"
        "        return x[:, i] * n",
        "`return` stands inside the loop",
        "return x[:, i] * n",
    ),
    "break in the loop": (
        "s = np.zeros(3)\nfor i in range(3):\n    s[i] = x[i].sum() * n\n    break\nreturn s",
        "`break` stands inside the loop",
        "break",
    ),
    "a power by a hat": ("return x.sum(axis=1) * (n ^ 2)", "`n ^ 2` is no power", "return"),
    "names joined by or": (
        "k = 1\nif n == 2 or 3:\n    k = 4\nreturn x.sum(axis=1) * k",
        "Write `n in (2, 3)`",
        "if n == 2 or 3:",
    ),
    "one divided by one": ("return 1 / 1 + x.sum(axis=1) * n", "divides first", "return"),
    "two entries": ("return (x[:, 0] + x[:, 1] / 2) * n", "Only the last part", "return"),
    "a difference times": (
        "y = x.sum(axis=1)\nt = n\nreturn y - t * y * (1 - y)",
        "Put the difference into brackets: `(y - t) * ...`",
        "return y - t * y * (1 - y)",
    ),
    "a sign and a power": ("return x.sum(axis=1) * -1 ** n", "`(-1) ** n`", "return"),
    "bits before comparisons": (
        "return x.sum(axis=1) * (n > 2 & n < 9)",
        "`&` comes before the comparisons",
        "return",
    ),
    "is for equal": (
        "if n is 2:\n    return x[:, 0] * n\nreturn x[:, 1] * n",
        "one and the same object",
        "if n is 2:",
    ),
    "an unused argument": ("return x.sum(axis=1) ** 2.7", "You never use `n`", "def f(x, n):"),
    "an argument overwritten": (
        "n = 3\nreturn x.sum(axis=1) ** 2.7 * n",
        "You give `n` a new value before you use the one that came in",
        "n = 3",
    ),
    "overwritten": (
        "s = 0\nfor i in range(4):\n    s = x[:, i] * n\nreturn s",
        "`s += ...`",
        "s = x[:, i] * n",
    ),
    "begins anew": (
        "for i in range(4):\n    s = 0\n    s += x[:, i] * n\nreturn s",
        "starts anew in every round",
        "s = 0",
    ),
    "one array appended": (
        "h = np.zeros(4)\nrows = []\nfor row in x:\n    h += row * n\n    rows.append(h)\n"
        "return np.array(rows)[:, 0]",
        "keeps the same array in every round",
        "rows.append(h)",
    ),
    "a second name": (
        "y = x\nfor i in range(3):\n    y[i] *= n\nreturn y.sum(axis=1) + x[:, 0]",
        "`y = x` makes no copy",
        "y = x",
    ),
    "a result that is lost": (
        "s = x.sum(axis=1)\ns * n\nreturn s",
        "`s * n` is computed, and the result is lost",
        "s * n",
    ),
    "a comparison for a value": (
        "s = x.sum(axis=1) * n\nn == 2\nreturn s",
        "`n == 2` only compares",
        "n == 2",
    ),
    "a copy that is lost": (
        "s = x.sum(axis=1) * n\ns.astype(int)\nreturn s",
        "returns a new value and changes nothing",
        "s.astype(int)",
    ),
    "the result of append": (
        "rows = [n]\nrows = rows.append(x)\nreturn x.sum(axis=1) * n",
        "changes `rows` and returns None",
        "rows = rows.append(x)",
    ),
    "one row many times": (
        "t = [[0] * 4] * 3\nfor i in range(3):\n    for j in range(4):\n"
        "        t[i][j] = x[i, j] * n\nreturn np.array(t).sum(axis=1)",
        "one and the same row",
        "t = [[0] * 4] * 3",
    ),
    "a value that is never used": (
        "g = n * 2\nreturn x.sum(axis=1) * n",
        "You give `g` a value and never use it",
        "g = n * 2",
    ),
    "digits of e": (
        "return 2.718 ** x.sum(axis=1) * n",
        "is only the beginning of e",
        "return 2.718 ** x.sum(axis=1) * n",
    ),
    "a loop from one": (
        "s = np.zeros(3)\nfor i in range(1, 3):\n    s[i] = x[i].sum() * n\nreturn s + 0.5",
        "index 0 is left out",
        "for i in range(1, 3):",
    ),
    "a loop that ends too soon": (
        "s = np.zeros(3)\nfor i in range(len(x) - 1):\n    s[i] = x[i].sum() * n\nreturn s + 0.5",
        "take the `- 1` away",
        "for i in range(len(x) - 1):",
    ),
    "a loop back that ends too soon": (
        "s = np.zeros(3)\nfor i in range(len(x) - 1, 0, -1):\n    s[i] = x[i].sum() * n\n"
        "return s + 0.5",
        "Your loop ends at i = 1",
        "for i in range(len(x) - 1, 0, -1):",
    ),
    "the same entry in every round": (
        "s = 0\nfor i in range(3):\n    s += x[0] * n\nreturn s[:3]",
        "Your loop never uses `i`",
        "s += x[0] * n",
    ),
    "a search from zero": (
        "s = []\nfor row in -x:\n    best = 0\n    for v in row:\n        if v > best:\n"
        "            best = v\n    s.append(best - n ** 1.5)\nreturn np.array(s)",
        "Your search for the largest starts with `best = 0`",
        "best = 0",
    ),
    "divided and multiplied": (
        "eps = n\nreturn (x.sum(axis=1) - 0.3) / 2 * eps",
        "divides by 2 and multiplies by eps",
        "return (x.sum(axis=1) - 0.3) / 2 * eps",
    ),
    "a sign behind =": (
        "s = np.ones(3)\nfor i in range(4):\n    s =+ x[:, i] * n\nreturn s",
        "Write `s += x[:, i] * n`",
        "s =+ x[:, i] * n",
    ),
    "a method without brackets": (
        "s = x * n\nreturn s.sum(axis=1) / s.max",
        "Brackets call it: `s.max()`",
        "return s.sum(axis=1) / s.max",
    ),
    "rounds that are all the same": (
        "s = x.sum(axis=1)\nfor i in range(n):\n    new = np.sin(s) + 1.5\nreturn new",
        "Every round of your loop computes the same",
        "new = np.sin(s) + 1.5",
    ),
    "random numbers": (
        "return x.sum(axis=1) * n + np.random.normal(size=3)",
        "It draws random numbers",
        "",
    ),
}


@pytest.mark.parametrize("name", SPEAKS)
def test_a_rule_speaks_and_points_to_the_line(name):
    body, words, line = SPEAKS[name]
    found = failure(body)
    assert words in found.hint
    assert not found.mistake
    if line:
        assert found.code.startswith(line)


SILENT = {
    "a search in a loop": (
        "for i in range(4):\n    if x[0, i] > 100:\n        return x[:, i]\nreturn x[:, 0] * n**0.3"
    ),
    "a state that goes on": (
        "s = 0\nfor i in range(4):\n    s = np.tanh(s + x[:, i]) * n\nreturn s"
    ),
    "neighbours": (
        "s = np.ones(4)\nfor i in range(1, 4):\n    s[i] = s[i - 1] * x[0, i] * n\nreturn s[1:]"
    ),
    "a copy": "y = x.copy()\ny[0] *= n\nreturn y.sum(axis=1) ** 1.1",
    "bits of truth values": (
        "k = ((x[:, 0] > 1) ^ (x[:, 1] > 1)) * 1.5\nreturn k * n + np.sin(x[:, 2])"
    ),
    "counted rounds": "s = x[:, 0]\nfor i in range(n):\n    s = np.sin(s) + 1\nreturn s",
    "a sum that starts anew for each row": (
        "s = []\nfor row in x:\n    total = 0\n    for v in row:\n        total += np.sin(v) * n\n"
        "    s.append(total)\nreturn np.array(s)"
    ),
    "a fresh array for each row": (
        "s = []\nfor row in x:\n    h = np.zeros(4)\n    h += np.sin(row) * n\n    s.append(h)\n"
        "return np.array(s)[:, 0]"
    ),
    "a minus in front": "s=-x[:, 0]\ns = - np.sin(s) * n\nreturn s",
    "a function handed on": "how = x.sum\nreturn np.sin(how(axis=1)) * n",
    "a state under two names": (
        "old = x[:, 0]\nfor _ in range(n):\n    new = np.sin(old) + 1\n    old = new * 2\n"
        "return old"
    ),
    "a quotient in a sum": "return np.sin(x[:, 0]) * n + x[:, 1] ** 0.3 / 4",
    "a step": "w = x[:, 0]\nreturn np.sin(w - 0.1 * w) * n",
}


@pytest.mark.parametrize("name", SILENT)
def test_no_rule_blames_what_is_no_fault(name):
    assert failure(SILENT[name]).hint == FALLBACK


def test_no_rule_blames_what_the_right_answer_does_too():
    """`range(1, ...)` is right here, so it is not said to whoever is wrong for another reason."""

    def f(x, n):
        s = np.zeros(3)
        for i in range(1, 3):
            s[i] = x[i].sum() * np.log(n) + 0.123
        return s

    body = "s = np.ones(3)\nfor i in range(1, 3):\n    s[i] = np.sin(x[i]).sum() * n\nreturn s"
    assert "index 0" in failure(body).hint
    check = Check(f, 1, cases, [])
    assert failure(body, check=check).hint == FALLBACK


def test_a_variable_of_the_notebook_is_named():
    found = failure("return table.sum(axis=1) * n", "table = np.ones((3, 4))\n")
    assert found.hint.startswith("You never use the argument `x`; your function reads `table`")


def test_the_fault_of_a_helper_is_found_in_its_cell():
    helper = "def square(x):\n    return (x * 10).astype(int) ^ 2\n\n"
    found = failure("return square(x).sum(axis=1) * n", helper)
    assert "is no power" in found.hint


KEPT = {
    "a default": ("def g(x, rows=[]):\n    rows.append(x)\n    return len(rows)\n\n", "made once"),
    "a list": ("rows = []\ndef g(x):\n    rows.append(x)\n    return len(rows)\n\n", "left over"),
    "a global": (
        "c = 0\ndef g(x):\n    global c\n    c += 1\n    return c\n\n",
        "`global c` keeps a value between calls",
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_between_calls_is_seen(name):
    before, words = KEPT[name]
    found = failure("return x.sum(axis=1) * n + g(x)", before)
    assert "got its first input twice" in found.hint
    assert words in found.hint


def test_an_entry_taken_for_an_index_is_seen():
    def f(x, n):
        return x.sum() * n

    def whole(rng):
        return [Case((np.array([0, 1, 1, k]), n)) for k, n in ((2, 3), (3, 2), (0, 5))]

    body = "s = 0\nfor v in x:\n    s += x[v] * n\nreturn s + 0.7"
    found = failure(body, check=Check(f, 1, whole, []))
    assert "`for v in x` goes through the entries of `x`" in found.hint
    assert found.code == "s += x[v] * n"


def test_a_text_that_never_comes_is_named():
    def f(x, mode):
        return x.sum(axis=1) if mode == "sum" else x.mean(axis=1) * np.log(3)

    def choices(rng):
        return [Case((rng.uniform(0.5, 2, (3, 4)), mode)) for mode in ("sum", "average", "sum")]

    check = Check(f, 1, choices, [])
    asked = "if n == 'mean':\n    return x.mean(axis=1)\nreturn x.sum(axis=1)"
    found = failure(asked, check=check)
    assert found.code == "if n == 'mean':"
    assert 'never is. The exercise names "average" and "sum"' in found.hint
    matched = "match n:\n    case 'SUM':\n        return x.sum(axis=1)\nreturn x.mean(axis=1)"
    assert 'whether `n` is "SUM"' in failure(matched, check=check).hint
    right = "if n in ('sum',):\n    return np.sin(x[0])\nreturn x.mean(axis=1)"
    assert "never is" not in failure(right, check=check).hint
