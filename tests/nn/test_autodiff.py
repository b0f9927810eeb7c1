"""Automatic differentiation: by hand, by finite differences, TensorFlow, and the layers.

It is also an oracle for the layers: their forward passes are written down a second time with
`Tensor`, which knows nothing of backpropagation through time, and the gradients must agree.
"""

import gc
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dlcourse import nn
from dlcourse.nn.autodiff import Tensor, Value, graph, topological_order, unbroadcast
from dlcourse.nn.autodiff import value as value_module
from dlcourse.nn.gradcheck import numerical_gradient
from tests.nn.mutants import mutant
from tests.nn.proofs import assert_close


class TestValue:
    def test_the_worked_example(self):
        a, b, c = Value(2), Value(-3), Value(10)
        loss = (a * b) + (b + c)
        loss.backward()
        assert (loss.data, a.grad, b.grad, c.grad) == (1, -3, 2 + 1, 1)

    def test_a_node_used_twice_adds_up_its_uses(self):
        x = Value(3)
        (x * x + x).backward()
        assert x.grad == 2 * 3 + 1

    def test_a_diamond_passes_each_node_once(self):
        """y = ((x + x) doubled 60 times): walking every path would take 2**60 steps."""
        x = y = Value(1)
        for _ in range(60):
            y = y + y
        y.backward()
        assert x.grad == 2**60

    def test_calling_backward_again_gives_the_same_gradients(self):
        a, b = Value(2), Value(-3)
        loss = (a * b).tanh() * a
        loss.backward()
        first = [node.grad for node in topological_order(loss)]
        loss.backward()
        assert [node.grad for node in topological_order(loss)] == first

    def test_another_result_starts_from_zero(self):
        x = Value(3)
        square, double = x * x, 2 * x
        square.backward()
        double.backward()
        assert x.grad == 2

    def test_a_hundred_thousand_operations_in_a_row(self):
        x = y = Value(1)
        for _ in range(100_000):
            y = y + 1e-5
        y.backward()
        assert x.grad == 1
        assert len(topological_order(y)) == 200_001
        del y
        gc.collect()  # neither does taking it apart need recursion

    @pytest.mark.parametrize(
        ("function", "at", "expected"),
        [
            (lambda x: x + 2, 3, (5, 1)),
            (lambda x: 2 + x, 3, (5, 1)),
            (lambda x: x - 2, 3, (1, 1)),
            (lambda x: 2 - x, 3, (-1, -1)),
            (lambda x: 2 * x, 3, (6, 2)),
            (lambda x: np.float64(2) * x, 3, (6, 2)),
            (lambda x: x / 2, 3, (1.5, 0.5)),
            (lambda x: 6 / x, 3, (2, -6 / 9)),
            (lambda x: -x, 3, (-3, -1)),
            (lambda x: x**2, -3, (9, -6)),
            (lambda x: x**-1, 2, (0.5, -0.25)),
            (lambda x: x**0, 0, (1, 0)),
            (lambda x: x**x, 2, (4, 4 * (math.log(2) + 1))),
            (lambda x: 2**x, 3, (8, 8 * math.log(2))),
            (lambda x: x.exp(), 0, (1, 1)),
            (lambda x: x.log(), 4, (math.log(4), 0.25)),
            (lambda x: x.tanh(), 0, (0, 1)),
            (lambda x: x.sigmoid(), 0, (0.5, 0.25)),
            (lambda x: x.sigmoid(), -1e4, (0, 0)),
            (lambda x: x.relu(), 2, (2, 1)),
            (lambda x: x.relu(), -2, (0, 0)),
            (lambda x: x.relu(), 0, (0, 0)),
            (lambda x: sum([x, x, 1]), 3, (7, 2)),
        ],
    )
    def test_every_operation_by_hand(self, function, at, expected):
        x = Value(at)
        y = function(x)
        y.backward()
        assert (y.data, x.grad) == pytest.approx(expected, rel=1e-14)

    @given(st.integers(0, 10_000))
    @settings(max_examples=40, deadline=None, derandomize=True)
    def test_random_graphs_against_finite_differences(self, seed):
        inputs = np.random.default_rng(seed).uniform(-1, 1, 4)

        def result(array):
            rng = random.Random(seed)
            values = [Value(number) for number in array]
            nodes = list(values)
            for _ in range(12):
                a, b = rng.choice(nodes), rng.choice(nodes)
                nodes.append(
                    rng.choice(
                        [
                            lambda a=a, b=b: a + b,
                            lambda a=a, b=b: a - b,
                            lambda a=a, b=b: a.tanh() * b.sigmoid(),
                            lambda a=a, b=b: a.tanh() / (b.tanh() + 2),
                            lambda a=a, b=b: (a.tanh().exp() + 1).log() - b,
                            lambda a=a, b=b: a.tanh() ** 2,
                        ]
                    )()
                )
            return sum(nodes), values

        y, values = result(inputs)
        y.backward()
        expected = numerical_gradient(lambda: result(inputs)[0].data, inputs)
        assert_close(np.array([value.grad for value in values]), expected, 1e-7, "gradient")

    def test_an_mlp_learns_xor_number_by_number(self):
        rng = random.Random(0)
        w = [Value(rng.uniform(-1, 1)) for _ in range(9)]
        data = [((-1, -1), -1), ((-1, 1), 1), ((1, -1), 1), ((1, 1), -1)]

        def loss():
            total = Value(0)
            for (x1, x2), target in data:
                hidden = [(w[i] * x1 + w[i + 1] * x2 + w[i + 2]).tanh() for i in (0, 3)]
                y = (w[6] * hidden[0] + w[7] * hidden[1] + w[8]).tanh()
                total = total + (y - target) ** 2
            return total / len(data)

        for _ in range(300):
            current = loss()
            current.backward()
            for weight in w:
                weight.data -= 0.5 * weight.grad
        assert loss().data < 0.05

    def test_gradients_that_replace_instead_of_adding_up_are_noticed(self):
        broken = mutant(value_module, ("source.grad += node.grad", "source.grad = node.grad"))
        b = broken.Value(-3)
        ((broken.Value(2) * b) + (b + broken.Value(10))).backward()
        assert b.grad != 3

    def test_its_repr_says_value_name_and_gradient(self):
        assert repr(Value(2, "a")) == "Value(2, 'a', grad=0)"


class TestGraph:
    def test_text_and_edges_of_the_worked_example(self):
        a, b, c = Value(2, "a"), Value(-3, "b"), Value(10, "c")
        loss = (a * b) + (b + c)
        loss.label = "L"
        loss.backward()
        drawing = graph(loss)
        assert repr(drawing).splitlines()[-1].split() == ["L", "=", "v1", "+", "v2", "1", "1"]
        names = [node.name for node in drawing.nodes]
        edges = {(names[e.source], names[e.target], e.slope) for e in drawing.edges}
        assert edges == {
            ("a", "v1", -3),
            ("b", "v1", 2),
            ("b", "v2", 1),
            ("c", "v2", 1),
            ("v1", "L", 1),
            ("v2", "L", 1),
        }

    def test_every_node_is_right_of_its_inputs_and_no_two_share_a_place(self):
        rng = random.Random(0)
        nodes = [Value(1), Value(2)]
        for _ in range(40):
            nodes.append(rng.choice(nodes) * rng.choice(nodes))
        drawing = graph(sum(nodes))
        places = [(node.x, node.y) for node in drawing.nodes]
        for edge in drawing.edges:
            way = [drawing.nodes[edge.source].x, *(x for x, _ in edge.via)]
            assert [*way, drawing.nodes[edge.target].x] == list(
                range(way[0], way[0] + len(way) + 1)
            )
            places += edge.via
        assert len(set(places)) == len(places)

    def test_formulas(self):
        x = Value(2, "x")
        assert [node.formula for node in graph((x**3).exp()).nodes] == ["", "x**3", "exp(v1)"]
        assert [node.name for node in graph(x * 5).nodes] == ["x", "5", "v1"]


class TestTensor:
    @pytest.mark.parametrize(
        ("grad_shape", "shape"),
        [((5, 2), (2,)), ((5, 2), (5, 1)), ((5, 2), ()), ((3, 1, 2), (1, 2)), ((4,), (4,))],
    )
    def test_unbroadcast_is_the_transpose_of_broadcasting(self, grad_shape, shape):
        """<broadcast(x), g> = <x, unbroadcast(g)> for all x and g."""
        rng = np.random.default_rng(0)
        x, grad = rng.standard_normal(shape), rng.standard_normal(grad_shape)
        there = (np.broadcast_to(x, grad_shape) * grad).sum()
        back = (x * unbroadcast(grad, shape)).sum()
        assert unbroadcast(grad, shape).shape == shape
        assert back == pytest.approx(there, rel=1e-12)

    @given(
        shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3),
        operation=st.sampled_from(["+", "-", "*", "/"]),
    )
    @settings(max_examples=60, deadline=None, derandomize=True)
    def test_broadcasting_operations_against_finite_differences(self, shapes, operation):
        rng = np.random.default_rng(0)
        a, b = (rng.uniform(1, 2, shape) for shape in shapes.input_shapes)
        weights = rng.standard_normal(shapes.result_shape)
        function = {
            "+": lambda a, b: a + b,
            "-": lambda a, b: a - b,
            "*": lambda a, b: a * b,
            "/": lambda a, b: a / b,
        }[operation]
        left, right = Tensor(a), Tensor(b)
        (function(left, right) * weights).sum().backward()

        def loss():
            return float((function(a, b) * weights).sum())

        for tensor, array in ((left, a), (right, b)):
            assert_close(tensor.grad, numerical_gradient(loss, array), 1e-7, operation)

    @pytest.mark.parametrize(
        "function",
        [
            lambda x: x.exp(),
            lambda x: (x * x + 1).log(),
            lambda x: x.tanh(),
            lambda x: x.sigmoid(),
            lambda x: x.relu(),
            lambda x: -x,
            lambda x: x**3,
            lambda x: 2 / (x * x + 1),
            lambda x: 1 - x,
            lambda x: x.mean(axis=0) * x.sum(axis=1, keepdims=True),
            lambda x: x.mean() * x.sum(axis=(0, 1)),
            lambda x: x @ np.arange(12.0).reshape(3, 4),
            lambda x: np.arange(20.0).reshape(2, 5, 2) @ x,
            lambda x: (x * np.arange(8.0).reshape(4, 2, 1)) @ np.ones((3, 2)),
        ],
    )
    def test_every_operation_against_finite_differences(self, function):
        x = np.random.default_rng(0).standard_normal((2, 3))
        weights = np.random.default_rng(1).standard_normal(function(Tensor(x)).shape)
        tensor = Tensor(x)
        (function(tensor) * weights).sum().backward()
        expected = numerical_gradient(lambda: float((function(Tensor(x)) * weights).sum().data), x)
        assert_close(tensor.grad, expected, 1e-7, "gradient")

    def test_calling_backward_again_gives_the_same_gradients(self):
        x = Tensor([1.0, 2.0])
        loss = (x * x).sum()
        for _ in range(2):
            loss.backward()
            np.testing.assert_array_equal(x.grad, [2, 4])

    def test_float32_stays_float32(self):
        x = Tensor(np.ones((2, 3), np.float32))
        loss = ((2.0 * x @ np.ones((3, 2)) + 1) / 3.0).sigmoid().mean()
        loss.backward()
        assert loss.data.dtype == x.grad.dtype == np.float32

    def test_it_agrees_with_numbers(self):
        grads = []
        for kind in (Value, Tensor):
            a, b = kind(0.5), kind(-2.0)
            y = (a.tanh() * b + b.sigmoid() / a - a.exp()) ** 2 * (a - 3 * b).relu().log()
            y.backward()
            grads.append([float(node.grad) for node in (a, b)])
        np.testing.assert_allclose(*grads, rtol=1e-13)

    def test_what_it_cannot_do_is_refused_in_words(self):
        with pytest.raises(ValueError, match=r"starts from a single number, got shape \(2,\)"):
            Tensor([1.0, 2.0]).backward()
        with pytest.raises(ValueError, match=r"needs two matrices, got shapes \(2, 3\) and \(3,\)"):
            Tensor(np.ones((2, 3))) @ np.ones(3)

    def test_gradients_equal_those_of_tensorflow(self):
        tf = pytest.importorskip("dlcourse.compare.keras_backend").load_tensorflow()
        rng = np.random.default_rng(0)
        shapes = [(5, 3), (3, 4), (4,), (4, 2), (2,)]
        arrays = [rng.standard_normal(shape) for shape in shapes]

        def loss(x, w1, b1, w2, b2, exp, log, tanh, total):
            z = tanh(x @ w1 + b1) @ w2 + b2
            shares = exp(z) / total(exp(z), 1)
            return -total(log(shares) * np.eye(2)[[0, 1, 1, 0, 1]], None) / 5

        ours = [Tensor(array) for array in arrays]
        result = loss(
            *ours, Tensor.exp, Tensor.log, Tensor.tanh,
            lambda t, axis: t.sum(axis, keepdims=axis is not None),
        )  # fmt: skip
        result.backward()
        theirs = [tf.constant(array) for array in arrays]
        with tf.GradientTape() as tape:
            tape.watch(theirs)
            expected = loss(
                *theirs, tf.exp, tf.math.log, tf.tanh,
                lambda t, axis: tf.reduce_sum(t, axis, keepdims=axis is not None),
            )  # fmt: skip
        assert result.data == pytest.approx(float(expected), rel=1e-12)
        for tensor, grad in zip(ours, tape.gradient(expected, theirs), strict=True):
            assert_close(tensor.grad, grad.numpy(), 1e-12, "gradient")


class TestLayersAgainstTensor:
    """The fourth oracle: the forward pass of a layer, written with Tensor."""

    @pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
    def test_mlp(self, activation):
        layers = [nn.Dense(4), nn.Activation(activation), nn.Dense(2)]
        model = nn.Sequential(layers, input_shape=(3,), seed=0, dtype=np.float64)
        rng = np.random.default_rng(0)
        inputs, target = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
        outputs, cache = model.forward(inputs)
        loss, grad_outputs = nn.MeanSquaredError().value_and_grad(target, outputs)
        grad_inputs, grads = model.backward(grad_outputs, cache)

        x = Tensor(inputs)
        w1, b1, w2, b2 = params = [Tensor(array) for array in model.params.values()]
        error = getattr(x @ w1 + b1, activation)() @ w2 + b2 - target
        result = (error**2).mean()
        result.backward()
        assert result.data == pytest.approx(loss, rel=1e-12)
        assert_close(grad_inputs, x.grad, 1e-12, "inputs")
        for (name, grad), tensor in zip(grads.items(), params, strict=True):
            assert_close(grad, tensor.grad, 1e-12, name)

    @pytest.mark.parametrize("cell", ["SimpleRNN", "LSTM", "GRU reset after", "GRU reset before"])
    def test_recurrent(self, cell):
        units, blocks, layer, step = RECURRENT[cell]
        rng = np.random.default_rng(0)
        layer.build((5, 3), rng, np.float64)
        for array in layer.params.values():
            array[...] = rng.standard_normal(array.shape)
        inputs = rng.standard_normal((2, 5, 3))
        outputs, cache = layer.forward(inputs)
        grad_outputs = rng.standard_normal(outputs.shape)
        grad_inputs, grads = layer.backward(grad_outputs, cache)

        steps = [Tensor(inputs[:, t]) for t in range(5)]
        params = [  # a tensor for each gate
            [Tensor(block) for block in np.split(array, blocks, axis=-1)]
            for array in layer.params.values()
        ]
        state = [Tensor(np.zeros((2, units)))] * 2
        loss = Tensor(0.0)
        for t, x in enumerate(steps):
            state = step(x, state, *params)
            loss = loss + (state[0] * grad_outputs[:, t]).sum()
        loss.backward()
        assert_close(outputs[:, -1], state[0].data, 1e-12, "outputs")
        assert_close(grad_inputs, np.stack([x.grad for x in steps], axis=1), 1e-12, "inputs")
        for (name, grad), gates in zip(grads.items(), params, strict=True):
            expected = np.concatenate([gate.grad for gate in gates], axis=-1)
            assert_close(grad, expected, 1e-12, name)


def simple_rnn_step(x, state, kernel, recurrent_kernel, bias):
    h, _ = state
    return [(x @ kernel[0] + h @ recurrent_kernel[0] + bias[0]).tanh(), None]


def lstm_step(x, state, kernel, recurrent_kernel, bias):
    h, c = state
    z = [x @ k + h @ r + b for k, r, b in zip(kernel, recurrent_kernel, bias, strict=True)]
    i, f, g, o = z[0].sigmoid(), z[1].sigmoid(), z[2].tanh(), z[3].sigmoid()
    c = f * c + i * g
    return [o * c.tanh(), c]


def gru_before_step(x, state, kernel, recurrent_kernel, bias):
    h, _ = state
    a = [x @ k + b for k, b in zip(kernel, bias, strict=True)]
    z, r = ((a[i] + h @ recurrent_kernel[i]).sigmoid() for i in (0, 1))
    g = (a[2] + (r * h) @ recurrent_kernel[2]).tanh()
    return [z * h + (1 - z) * g, None]


def gru_after_step(x, state, kernel, recurrent_kernel, bias):
    h, _ = state
    first, second = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])  # choose a row of the bias
    a = [x @ k + first @ b for k, b in zip(kernel, bias, strict=True)]
    b = [h @ r + second @ b for r, b in zip(recurrent_kernel, bias, strict=True)]
    z, r = (a[0] + b[0]).sigmoid(), (a[1] + b[1]).sigmoid()
    return [z * h + (1 - z) * (a[2] + r * b[2]).tanh(), None]


RECURRENT = {
    "SimpleRNN": (4, 1, nn.SimpleRNN(4, return_sequences=True), simple_rnn_step),
    "LSTM": (4, 4, nn.LSTM(4, return_sequences=True), lstm_step),
    "GRU reset after": (4, 3, nn.GRU(4, return_sequences=True), gru_after_step),
    "GRU reset before": (
        4,
        3,
        nn.GRU(4, return_sequences=True, reset_after=False),
        gru_before_step,
    ),
}
