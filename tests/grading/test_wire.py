"""Values across the wall: what plain values become comes back, and nothing else gets through."""

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from dlcourse.checks.runner import MAX_SIZE, MAX_TEXT, Opaque, Outcome, Raised
from dlcourse.checks.values import same
from dlcourse.grading.sandbox import wire
from dlcourse.grading.sandbox.wire import HEADER, WireError, decode, encode

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.complex_numbers()
    | texts
    | st.builds(Opaque, st.sampled_from(["a set", "a function"]))
)
arrays = npst.arrays(
    st.sampled_from([np.dtype(d) for d in ("?", "i1", "u8", "f2", "f4", "f8", "c8", "c16", ">f8")]),
    npst.array_shapes(min_dims=0, max_side=4, min_side=0),
)
plain = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner, max_size=3)
    | st.tuples(inner, inner)
    | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


def through(value):
    message = encode(value)
    text, raw = wire.lengths(message[:8])
    assert len(message) == 8 + text + raw
    return decode(message[8 : 8 + text], message[8 + text :])


@given(plain)
def test_plain_values_come_back(value):
    assert alike(value, through(value))


def alike(before, after) -> bool:
    if isinstance(before, np.ndarray):
        native = before.astype(before.dtype.newbyteorder("="))
        return native.dtype == after.dtype and native.tobytes() == after.tobytes()
    if isinstance(before, (list, tuple)):
        return type(before) is type(after) and all(map(alike, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(alike(before[k], after[k]) for k in before)
    return same(before, after) or repr(before) == repr(after)


@pytest.mark.parametrize("dtype", [*"?bBhHiIlLefdFD"])
def test_numbers_of_numpy_keep_their_type(dtype):
    value = np.ones(1, dtype)[0]
    assert type(through(value)) is type(value)


def test_long_doubles_become_doubles():
    assert through(np.longdouble(1.5)).dtype == np.float64
    assert through(np.ones(2, np.clongdouble)).dtype == np.complex128


def test_outcomes_come_back():
    outcome = Outcome(
        (1, np.ones(3)),
        (np.zeros(2), "relu"),
        Raised("ValueError", "m", "x = 1", 3, "half", ("x: 2", "w: an array of shape (3,)")),
        "p",
        ("w",),
    )
    back = wire.unpack_outcome(through(wire.pack_outcome(outcome)))
    assert repr(back) == repr(outcome)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[1,]", "\x00", "1e5,", "9" * 5000, "[" * 100_000, '{"tuple": 1}', '{"dict": [1]}',
        '{"dict": [[1]]}', '{"dict": [[[], 1]]}', '{"complex": [1, 2]}', '{"complex": [1.0]}',
        '{"opaque": 1}', '{"a": 1, "b": 2}', "{}", '{"pickle": "x"}', '{"array": 1}',
        '{"array": ["<f8", [1], 0]}', '{"array": ["<f8", [-1], 0]}', '{"array": ["<f8", [], -8]}',
        '{"array": ["|O", [1], 0]}', '{"array": ["<U1", [1], 0]}', '{"array": ["<M8[s]", [1], 0]}',
        '{"array": ["<f8", [true], 0]}', '{"array": ["<f8", [1.0], 0]}',
        '{"array": [["<f8"], [], 0]}', '{"array": ["|b1", [0, 1000000000000], 0]}',
        f'{{"array": ["|b1", [0, {2**62}], 0]}}',
        '{"array": ["|b1", [100000, 100000], 0]}', f'{{"array": ["|b1", {[1] * 40}, 0]}}',
        '{"number": ["|b1", [2], 0]}', '{"array": ["<f2", [3], 0]}', str([0] * 20_000),
        "[" * 30 + "]" * 30,
        # Not where the array before ends, or bytes that are no array's.
        '[{"array": ["|b1", [2], 0]}, {"array": ["|b1", [2], 1]}]', '{"array": ["|b1", [2], 1]}',
        '[{"array": ["|b1", [3], 0]}, {"array": ["|b1", [3], 0]}]', '{"array": ["|b1", [2], 0]}',
    ],
)  # fmt: skip
def test_what_encode_cannot_have_made_is_refused(text):
    with pytest.raises(WireError):
        decode(text.encode(), b"\x00\x01\x02")


def test_what_is_decoded_is_as_large_as_what_came():
    raw = bytes(16_000_000)
    shared = [{"array": ["<c16", [1_000_000], 0]}] * 400
    with pytest.raises(WireError):
        decode(json.dumps(shared).encode(), raw)


def test_lengths_over_the_limit_are_refused_before_they_are_read():
    for sizes in ((wire.MAX_JSON + 1, 0), (0, wire.MAX_RAW + 1), (2**32 - 1, 2**32 - 1)):
        with pytest.raises(WireError):
            wire.lengths(HEADER.pack(*sizes))


def test_bools_are_only_true_or_false():
    value = decode(b'{"array": ["|b1", [3], 0]}', b"\x00\x02\xff")
    assert value.view(np.uint8).tolist() == [0, 1, 1]


def test_huge_numbers_become_opaque():
    assert decode(str(2**64).encode(), b"") == Opaque("a huge whole number")
    assert decode(str(-(2**63) - 1).encode(), b"") == Opaque("a huge whole number")


def test_texts_are_cut_and_can_be_written():
    assert len(decode(json.dumps("x" * 10_000).encode(), b"")) == MAX_TEXT
    assert decode(b'"\\ud800!"', b"") == "?!"


def test_arrays_of_the_largest_size():
    assert through(np.zeros(MAX_SIZE, np.complex128)).size == MAX_SIZE


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["tuple", "dict", "complex", "opaque", "array", "number"]),
            inner,
            max_size=2,
        )
    ),
    max_leaves=20,
)


@given(json_values, st.binary(max_size=40))
def test_any_json_is_a_plain_value_or_refused(value, raw):
    with contextlib.suppress(WireError):
        wire.unpack_outcome(decode(json.dumps(value).encode(), raw))


@given(st.binary(max_size=100))
def test_any_bytes_are_a_plain_value_or_refused(text):
    with contextlib.suppress(WireError):
        decode(text, b"")


@pytest.mark.parametrize(
    "message",
    [
        None, [], [1, 2, 3, 4], [1, (), None, "", []], [1, [], None, 1, []], [1, [], None, "", [1]],
        [1, [], ["E"], "", []], [1, [], ["E", "", "", -1], "", []],
        [1, [], ["E", "", 1, 1], "", []],
        [1, [], ["E", "", "", True], "", []], {"value": 1},
        [1, [], np.zeros(2), "", []], [1, [], np.zeros(0), "", []], [1, [], False, "", []],
        [1, [], np.float64(0), "", []], [1, [], [], "", []], np.zeros(5), [1, [], None, "", [1.0]],
        [1, [], ["E", "", "", 1, ""], "", []], [1, [], ["E", "", "", 1, "", [1]], "", []],
        [1, [], ["E", "", "", 1, "", "w"], "", []],
    ],
)  # fmt: skip
def test_what_is_no_outcome_is_refused(message):
    with pytest.raises(WireError):
        wire.unpack_outcome(message)
