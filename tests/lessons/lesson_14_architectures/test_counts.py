"""Counts: those that libraries and papers publish, and those of networks that are built."""

import pytest

from dlcourse import nn
from dlcourse.lessons.lesson_14_architectures import counts
from dlcourse.lessons.lesson_14_architectures.counts import count_params

PUBLISHED = {  # by keras.applications and torchvision
    "vgg11": (counts.vgg(11), 132_863_336),
    "vgg13": (counts.vgg(13), 133_047_848),
    "vgg16": (counts.vgg(16), 138_357_544),
    "vgg19": (counts.vgg(19), 143_667_240),
    "resnet18": (counts.resnet(18), 11_689_512),
    "resnet34": (counts.resnet(34), 21_797_672),
    "resnet50": (counts.resnet(50), 25_557_032),
    "resnet101": (counts.resnet(101), 44_549_160),
    "resnet152": (counts.resnet(152), 60_192_808),
    "resnet50 of Keras, what it learns": (counts.resnet(50, bias=True), 25_583_592),
    "lenet": (counts.lenet_5(), 61_706),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_counts(name):
    spec, expected = PUBLISHED[name]
    assert count_params(spec) == expected


def test_a_network_that_is_built_has_as_many():
    layers = [nn.Conv2D(6, 5), nn.BatchNormalization(), nn.Conv2D(4, 3, use_bias=False)]
    layers += [nn.GlobalAveragePooling2D(), nn.Dense(10)]
    model = nn.Sequential(layers, input_shape=(12, 12, 3), seed=0)
    spec = [("conv", 5, 3, 6, 1, True), ("norm", 6), ("conv", 3, 6, 4, 1, False), ("dense", 4, 10)]
    assert count_params(spec) == sum(array.size for array in model.params.values())


def test_an_inception_module_is_that_of_the_branches():
    ones, before_3, threes, before_5, fives, pooled = counts.INCEPTIONS["3a"]
    branches = nn.Branches(
        [
            [nn.Conv2D(ones, 1)],
            [nn.Conv2D(before_3, 1), nn.Conv2D(threes, 3, padding="same")],
            [nn.Conv2D(before_5, 1), nn.Conv2D(fives, 5, padding="same")],
            [nn.MaxPooling2D(3, 1, padding="same"), nn.Conv2D(pooled, 1)],
        ]
    )
    model = nn.Sequential([branches], input_shape=(4, 4, 192), seed=0)
    expected = sum(array.size for array in model.params.values())
    assert count_params(counts.inception(192, counts.INCEPTIONS["3a"])) == expected
    assert model.output_shapes[-1] == (4, 4, 256)


def test_halves_and_the_table():
    for spec, _ in counts.FAMOUS.values():
        assert sum(counts.halves(spec)) == count_params(spec)
    table = counts.table()
    assert [row[0] for row in table.rows] == list(counts.FAMOUS)
    assert table.rows[1][1] == "60,965,224"


def test_groups_that_are_ignored_would_be_seen():
    assert count_params(counts.alexnet(groups=1)) - count_params(counts.alexnet()) == 1_413_120
