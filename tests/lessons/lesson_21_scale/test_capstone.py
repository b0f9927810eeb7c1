"""The capstone's machines equal ours, whoever wrote their parts; a wrong part is seen."""

import pytest

from dlcourse import checks
from dlcourse.exercises.library import MACHINES, Parts
from dlcourse.lessons.lesson_21_scale import capstone

BORROWED = Parts({})


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_of_borrowed_parts_computes_what_ours_does(machine):
    assert capstone.difference(machine, BORROWED) < 1e-12


def larger(name):
    """Return a part that answers half as much again, or forgets the first batch."""
    right = checks.find(name).reference

    def part(*given, **named):
        found = right(*given, **named)
        if isinstance(found, tuple):
            return tuple(each * 1.5 for each in found)
        if isinstance(found, dict):
            return {key: each * 1.5 for key, each in found.items()}
        return found[1:] if isinstance(found, list) else found * 1.5

    return part


@pytest.mark.parametrize("machine", MACHINES)
def test_every_part_is_used(machine):
    usual = capstone.reads_digits(machine, BORROWED, epochs=2, examples=64).losses
    for name in MACHINES[machine]:
        parts = Parts({name: larger(name)})
        assert capstone.reads_digits(machine, parts, epochs=2, examples=64).losses != usual, name


def test_a_gradient_with_the_wrong_sign_is_seen():
    right = checks.find("conv_backward").reference

    def wrong(x, kernel, grad_y):
        grad_x, grad_kernel, grad_bias = right(x, kernel, grad_y)
        return -grad_x, grad_kernel, grad_bias

    assert capstone.difference("LeNet", Parts({"conv_backward": wrong})) > 0.01


def test_it_learns_to_read():
    line = capstone.reads_digits("LSTM", BORROWED, epochs=3, examples=400)
    assert line.losses[-1] < line.losses[0]
    assert line.wrong < 250  # a guess has 324 of 360 wrong


@pytest.mark.parametrize("machine", MACHINES)
def test_ours_learns_as_the_machine_of_parts_does(machine):
    """Rounding differs and grows from step to step; after one epoch on a few it is still small."""
    short = {"epochs": 1, "examples": 64}
    mine = capstone.reads_digits(machine, BORROWED, **short)
    ours = capstone.ours_reads_digits(machine, **short)
    assert ours.losses == pytest.approx(mine.losses, abs=1e-9)
    assert ours.wrong == mine.wrong
