"""Famous networks as lists of layers, and how many numbers each of them learns.

A layer is ("conv", size, channels in, channels out, groups, bias), ("dense", in, out) or
("norm", channels). Layers that learn nothing are left out.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from dlcourse.tables import Table

Spec = list[tuple[Any, ...]]

VGG_FILTERS = (64, 128, 256, 512, 512)
VGG_LAYERS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}
RESNET_BLOCKS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
# Table 1 of the paper: 1 x 1; 1 x 1 before the 3 x 3, and 3 x 3; the same for 5 x 5; after pooling.
INCEPTIONS = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


def count_params(spec: Iterable[tuple[Any, ...]]) -> int:
    """Return how many numbers the layers learn.

    Examples
    --------
    >>> count_params([("conv", 5, 1, 6, 1, True), ("norm", 6), ("dense", 84, 10)])
    1018
    """
    total = 0
    for kind, *numbers in spec:
        if kind == "conv":
            size, channels, filters, groups, bias = numbers
            total += size * size * (channels // groups) * filters
            total += filters if bias else 0
        elif kind == "dense":
            inputs, units = numbers
            total += inputs * units + units
        else:  # batch normalization: a scale and a shift for each channel
            total += 2 * numbers[0]
    return total


def conv(size: int, channels: int, filters: int, groups: int = 1) -> tuple[Any, ...]:
    """Return a convolution with biases."""
    return ("conv", size, channels, filters, groups, True)


def dense(*sizes: int) -> Spec:
    """Return dense layers with so many inputs, units and units again."""
    return [("dense", a, b) for a, b in pairwise(sizes)]


def lenet_5() -> Spec:
    """LeNet-5 as it is mostly built today: every filter sees all channels, and a dense end."""
    return [conv(5, 1, 6), conv(5, 6, 16), *dense(400, 120, 84, 10)]


def alexnet(groups: int = 2) -> Spec:
    """AlexNet; two graphics cards are two groups in its second, fourth and fifth convolution."""
    return [
        *(conv(11, 3, 96), conv(5, 96, 256, groups), conv(3, 256, 384)),
        *(conv(3, 384, 384, groups), conv(3, 384, 256, groups)),
        *dense(6 * 6 * 256, 4096, 4096, 1000),
    ]


def zfnet() -> Spec:
    """ZFNet: AlexNet without groups, and with 7 x 7 instead of 11 x 11 first."""
    return [
        *(conv(7, 3, 96), conv(5, 96, 256), conv(3, 256, 384), conv(3, 384, 384)),
        *(conv(3, 384, 256), *dense(6 * 6 * 256, 4096, 4096, 1000)),
    ]


def vgg(layers: int = 16) -> Spec:
    """VGG with 11, 13, 16 or 19 layers."""
    found, channels = Spec(), 3
    for filters, repeats in zip(VGG_FILTERS, VGG_LAYERS[layers], strict=True):
        for _ in range(repeats):
            found.append(conv(3, channels, filters))
            channels = filters
    return [*found, *dense(7 * 7 * 512, 4096, 4096, 1000)]


def inception(channels: int, sizes: tuple[int, ...]) -> Spec:
    """One module of GoogLeNet: four branches."""
    ones, before_3, threes, before_5, fives, pooled = sizes
    return [
        conv(1, channels, ones),
        *(conv(1, channels, before_3), conv(3, before_3, threes)),
        *(conv(1, channels, before_5), conv(5, before_5, fives)),
        conv(1, channels, pooled),
    ]


def googlenet() -> Spec:
    """GoogLeNet without the two helping heads that it has during training."""
    found, channels = [conv(7, 3, 64), conv(1, 64, 64), conv(3, 64, 192)], 192
    for sizes in INCEPTIONS.values():
        found += inception(channels, sizes)
        ones, _, threes, _, fives, pooled = sizes
        channels = ones + threes + fives + pooled
    return [*found, *dense(channels, 1000)]


def resnet(layers: int = 50, bias: bool = False) -> Spec:
    """ResNet with 18, 34, 50, 101 or 152 layers; batch normalization after each convolution."""
    deep = layers >= 50
    found: Spec = [("conv", 7, 3, 64, 1, bias), ("norm", 64)]
    channels = 64
    for filters, blocks in zip((64, 128, 256, 512), RESNET_BLOCKS[layers], strict=True):
        outputs = 4 * filters if deep else filters
        for _ in range(blocks):
            if deep:
                parts = [(1, channels, filters), (3, filters, filters), (1, filters, outputs)]
            else:
                parts = [(3, channels, filters), (3, filters, filters)]
            if channels != outputs:  # the shortcut is a 1 x 1 convolution there
                parts.append((1, channels, outputs))
            for size, a, b in parts:
                found += [("conv", size, a, b, 1, bias), ("norm", b)]
            channels = outputs
    return [*found, *dense(channels, 1000)]


FAMOUS: dict[str, tuple[Spec, str]] = {  # with what the paper says of its size
    "LeNet-5": (lenet_5(), "60,000"),
    "AlexNet": (alexnet(), "60 million"),
    "ZFNet": (zfnet(), "-"),
    "VGG16": (vgg(16), "138 million"),
    "GoogLeNet": (googlenet(), "12 times fewer than AlexNet"),
    "ResNet-50": (resnet(50), "-"),
}


def halves(spec: Spec) -> tuple[int, int]:
    """Return the parameters of convolutions, with their normalization, and of dense layers.

    Examples
    --------
    >>> halves(lenet_5())
    (2572, 59134)
    """
    head = count_params(layer for layer in spec if layer[0] == "dense")
    return count_params(spec) - head, head


def table() -> Table:
    """Return the famous networks, counted, beside what their papers say."""
    rows = [[name, f"{count_params(spec):,}", paper] for name, (spec, paper) in FAMOUS.items()]
    return Table(["network", "counted", "what its paper says"], rows)
