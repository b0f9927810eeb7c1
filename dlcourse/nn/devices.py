"""Devices: the memory in which arrays lie, and the processor that computes with them.

    model.to("cuda")     its arrays become CuPy's, in the memory of an NVIDIA GPU
    model.to("cpu")      and NumPy's again

The code is the same for both. NumPy gives a call with arrays of another library to that library
(NEP 13 for ufuncs, NEP 18 for the other functions), so ``np.tanh(z)`` is CuPy's where z is, and
``np.asarray(mask, like=z)`` is an array of the kind of z. Data moves only here, and where
``like=`` says so; a call that mixes arrays of both kinds is an error.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Layer

Mover: TypeAlias = Callable[[Any], Any]  # from an array anywhere to the same on a device

INSTALL = 'python -m pip install "cupy-cuda12x[ctk]"'


def to_host(array: Any) -> NDArray[Any]:
    """Return a NumPy array as it is, and a copy of CuPy's as one of NumPy."""
    return array.get() if hasattr(array, "get") else np.asarray(array)


@cache
def _cuda() -> Mover:
    try:
        import cupy

        if int(cupy.__version__.partition(".")[0]) < 14:  # promotes types as NumPy 1 did
            raise ImportError(f"CuPy {cupy.__version__} is installed")
    except ImportError as error:
        raise ImportError(
            f'the device "cuda" needs CuPy 14, and an NVIDIA GPU. Install it: {INSTALL} ({error})'
        ) from error
    try:
        cupy.ones(2).sum().item()  # asks for the driver, the GPU and the compiler at once
    except Exception as error:
        raise RuntimeError(
            f"CuPy {cupy.__version__} is there but cannot compute: {error}. Does nvidia-smi show "
            "a GPU, with a driver of version 525 or newer? The libraries of CUDA come with: "
            f"{INSTALL}"
        ) from error
    mover: Mover = cupy.asarray
    return mover


DEVICES: dict[str, Callable[[], Mover]] = {"cpu": lambda: to_host, "cuda": _cuda}


def mover(device: str) -> Mover:
    """Return the function that moves an array to a device, and leaves one that is there.

    Parameters
    ----------
    device : {"cpu", "cuda"}
        "cuda" is the GPU that CuPy uses: the first, or the first of those that the environment
        variable CUDA_VISIBLE_DEVICES leaves.

    Raises
    ------
    ValueError
        If there is no such device.
    ImportError
        If CuPy is not installed.
    RuntimeError
        If CuPy finds no GPU, or cannot compute with it.

    Examples
    --------
    >>> mover("cpu")(np.ones(2))
    array([1., 1.])
    """
    if device not in DEVICES:
        raise ValueError(f"unknown device {device!r}; known are {', '.join(DEVICES)}")
    return DEVICES[device]()


def replace_arrays(layer: Layer, replace: Callable[[Any], Any]) -> None:
    """Put ``replace(array)`` in the place of every array of a layer, and of the layers in it.

    These are the entries of `params` and `state`, and what a layer keeps for its own use, under
    names with an underscore. An array that stands at several places is replaced once. Arguments
    of the constructor stay as they are: printing and saving read them.
    """
    replaced: dict[int, tuple[Any, Any]] = {}  # by id; with the old array, whose id is taken then

    def new(array: Any) -> Any:
        if id(array) not in replaced:
            replaced[id(array)] = array, replace(array)
        return replaced[id(array)][1]

    for part in layers_in(layer):
        for arrays in (part.params, part.state):
            arrays.update({name: new(array) for name, array in arrays.items()})
        own = {name: value for name, value in vars(part).items() if name.startswith("_")}
        for name, value in own.items():
            if hasattr(value, "__array_function__"):
                setattr(part, name, new(value))


def layers_in(layer: Layer) -> Iterator[Layer]:
    """Yield a layer, and every layer that it has as an attribute or in a list, each once."""
    seen: set[int] = set()
    waiting: list[Any] = [layer]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list | tuple):
            waiting += found
        elif hasattr(found, "forward") and id(found) not in seen:
            seen.add(id(found))
            waiting += vars(found).values()
            yield found
