"""Shared batches, recorded steps, short numbers; and the lesson's sentences about them."""

import shutil

import numpy as np
import pytest

from dlcourse import compare, datasets
from dlcourse.lessons.lesson_21_scale import groups, scale


def apart(model, devices, *, weighted=True, sizes=None):
    train = datasets.digits_split()[0]
    x, y = train.x[:128].reshape(128, 64).astype(float), train.y[:128]
    sizes = sizes or [128 // devices] * devices
    cuts = np.cumsum(sizes)[:-1]
    weights = [size / 128 if weighted else 1 / len(sizes) for size in sizes]
    parts = zip(weights, np.split(x, cuts), np.split(y, cuts), strict=True)
    found = [(weight, scale.gradients(model, *part)) for weight, *part in parts]
    mean = {name: sum(weight * each[name] for weight, each in found) for name in model.params}
    return scale.off_by(mean, scale.gradients(model, x, y))


def test_devices_take_the_same_step_where_rows_go_their_own_way():
    assert apart(scale.dense_network(), 8) < 1e-14
    assert apart(scale.dense_network(), 2, sizes=[100, 28]) < 1e-14
    assert apart(scale.dense_network(), 2, sizes=[100, 28], weighted=False) > 0.1


def test_batch_normalization_makes_another_step():
    off = [apart(scale.dense_network(normalized=True), devices) for devices in (2, 4, 16)]
    assert 0.03 < off[0] < off[1] < off[2]


def test_a_gradient_that_is_zero_does_not_decide():
    expected = {"w": np.array([3.0, 4.0]), "bias": np.array([1e-16])}
    assert scale.off_by({"w": np.array([3.0, 4.0]), "bias": np.array([-3e-16])}, expected) < 1e-15


def test_recorded_steps_are_found_or_refused():
    record = compare.recorded("MLP", backend="tensorflow")
    one, many = (scale.milliseconds(record, "Keras, CPU", batch) for batch in (1, 512))
    assert 1 < many / one < 5
    with pytest.raises(LookupError, match="was not timed with batches of 3"):
        scale.milliseconds(record, "Keras, CPU", 3)


def test_only_large_batches_are_cut():
    table = scale.threads("LeNet")
    slices = {row[0]: row[1] for row in table.rows}
    assert slices[64] == 1
    assert slices[8192] == 32
    for _, count, one, two, gain, share in table.rows:
        assert float(gain) == pytest.approx(float(one) / float(two), abs=0.04)
        assert (share == "-") == (count == 1)  # how much is divided is asked where anything is
    assert "Recorded 20" in table._repr_html_()


def test_shares_of_a_record_are_those_of_its_gains(monkeypatch, tmp_path):
    shutil.copy(scale.RECORDS / "cpu-2026-11-29.json", tmp_path)
    monkeypatch.setattr(scale, "RECORDS", tmp_path)
    shares = {row[0]: row[-1] for row in scale.threads("LeNet").rows}
    assert shares[64] == "-"
    assert shares[8192] in ("about 90 %", "about 100 %")
    assert shares[512] == "about 30 %"


def test_few_digits_turn_few_answers_round():
    model = groups.reader(seed=0)
    rows = scale.formats(model, groups.both_groups()[0]).rows
    assert [row[0] for row in rows] == ["float64", "float32", "TF32", "bfloat16"]
    assert rows[1][2] == "none"
