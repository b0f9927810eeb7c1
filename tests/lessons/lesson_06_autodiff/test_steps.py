"""The backward pass, taken apart, is that of `Value.backward`, contribution by contribution."""

import pytest

from dlcourse.lessons.lesson_06_autodiff.board import EXAMPLES
from dlcourse.lessons.lesson_06_autodiff.formula import parse
from dlcourse.lessons.lesson_06_autodiff.steps import backward_steps
from dlcourse.nn.autodiff import Value, topological_order


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_ends_where_backward_ends(example):
    root = parse(example, dict(zip("abc", EXAMPLES[example], strict=True)))
    _, moments = backward_steps(root)
    root.backward()
    assert moments[-1].grads == tuple(node.grad for node in topological_order(root))
    assert all(moments[-1].complete)


@pytest.mark.parametrize("example", EXAMPLES)
def test_nodes_are_visited_in_reverse_topological_order_and_when_they_are_complete(example):
    numbers = dict(zip("abc", EXAMPLES[example], strict=True))
    graph, moments = backward_steps(parse(example, numbers))
    visited = [moment.visited for moment in moments]
    assert visited == sorted(visited, reverse=True)
    assert all(m.complete[m.visited] for m in moments[1:])
    assert sorted(m.edge for m in moments[2:]) == list(range(len(graph.edges)))


def test_all_are_zero_and_then_there_is_a_seed():
    a, b = Value(2, "a"), Value(-3, "b")
    _, moments = backward_steps(a * b)
    assert [m.grads for m in moments] == [(0, 0, 0), (0, 0, 1), (-3, 0, 1), (-3, 2, 1)]
    assert [m.complete for m in moments[:2]] == [(False,) * 3, (False, False, True)]


def test_contributions_are_added_in_words():
    x = Value(-2, "x")
    _, moments = backward_steps(x * x)
    assert moments[-1].text == (
        "Visit v1, gradient 1. Add 1 · (-2) = -2 to the gradient of x: -2 + (-2) = -4."
    )


def test_it_changes_no_gradient():
    a = Value(2, "a")
    root = a * a
    backward_steps(root)
    assert (a.grad, root.grad) == (0, 0)


def test_a_single_number_has_a_seed_only():
    _, moments = backward_steps(Value(7))
    assert [m.grads for m in moments] == [(0,), (1,)]
