import numpy as np

from dlcourse.lessons.lesson_20_radial import outside, reader


def test_bells_read_digits_and_more_bells_read_better():
    few, many = (reader.misread(k, 2, seed=9) for k in (20, 150))
    assert many < few < 60
    assert many < 20


def test_the_test_is_another_one():
    assert reader.misread(20, 2, 9, tested=True) != reader.misread(20, 2, 9)
    assert reader.misread(20, 2, 9, tested=True) == reader.misread(20, 2, 9, tested=True)


def test_inside_all_know_the_sine_and_outside_the_bells_are_silent():
    inside = np.abs(outside.PLACES) <= 3
    bells = outside.bells().predict(outside.PLACES[:, np.newaxis])
    network = outside.network(9)
    for said, most in ((bells, 0.05), (network, 0.2)):
        assert np.abs(said - np.sin(outside.PLACES))[inside].max() < most
    assert abs(bells[-1]) < 1e-6
    assert abs(network[-1]) > 0.5
