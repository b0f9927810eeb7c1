"""A typed formula becomes the graph that the same Python makes, or a sentence says why not."""

import math

import pytest

from dlcourse.lessons.lesson_06_autodiff.formula import parse
from dlcourse.nn.autodiff import topological_order

NUMBERS = {"a": 2.0, "b": -3.0, "c": 10.0}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("(a * b) + (b + c)", 1.0),
        ("a - b / c", 2.3),
        ("-a ** 2", -4.0),
        ("a ** -1 + 2.5", 3.0),
        ("tanh(a) + sigmoid(b)", math.tanh(2) + 1 / (1 + math.exp(3))),
        ("relu(b) + exp(a) + log(c)", math.exp(2) + math.log(10)),
        (" 7 ", 7.0),
    ],
)
def test_it_computes_what_python_computes(formula, result):
    assert parse(formula, NUMBERS).data == pytest.approx(result)


def test_derivatives_are_those_of_nudging():
    formula, eps = "tanh(a * b / c) * a + log(c) ** 2 - exp(b) / a", 1e-6
    root = parse(formula, NUMBERS)
    root.backward()
    grads = {node.label: node.grad for node in topological_order(root)}
    for name, number in NUMBERS.items():
        up, down = (parse(formula, NUMBERS | {name: number + e}).data for e in (eps, -eps))
        assert grads[name] == pytest.approx((up - down) / (2 * eps), abs=1e-8)


def test_a_part_that_occurs_twice_is_one_node():
    assert len(topological_order(parse("a * b + tanh(a * b)", NUMBERS))) == 5


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("", "There is no formula"),
        ("a +", "not complete"),
        ("a * x", "no number 'x' here, only a, b, c"),
        ("sin(a)", "'sin\\(a\\)' is not understood"),
        ("a @ b", "not understood"),
        ("True + a", "'True' is not understood"),
        ("a ** b", "After \\*\\* there must be a number"),
        ("b ** 0.5", "-3 to the power of 0.5"),
        ("a / (b + 3)", "divides by 0"),
        ("(b + 3) ** -1", "to the power of -1"),
        ("log(b)", "logarithm of -3"),
        ("exp(exp(c))", "too large"),
        ("1e308 * c", "too large"),
        ("a" + "+ a" * 100, "more than 200 characters"),
        ("__import__('os').getcwd()", "not understood"),
        ("a.real", "not understood"),
        ("tanh(a, b)", "not understood"),
    ],
)
def test_what_is_no_formula_is_refused_in_a_sentence(formula, words):
    with pytest.raises(ValueError, match=words):
        parse(formula, NUMBERS)
