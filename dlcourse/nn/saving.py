"""Save a model to a file and read it again: NumPy's npz with the layers as JSON inside.

The file is a zip archive. ``model.json`` says what the layers are, as constructor calls; each
array is an ``.npy`` file under the name it has in ``params`` or ``state``. Frozen layers are listed
by what stands before the names of their arrays, the model itself as "". Nothing in it is code:
reading a file from a stranger can fail, but it cannot run anything.
"""

import json
import os
import zipfile
import zlib
from os import PathLike
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from dlcourse.nn.contract import Layer, configuration, parts_of
from dlcourse.nn.devices import to_host
from dlcourse.nn.file_kinds import kind_of_file

FORMAT = "dlcourse.nn model, version 1"


def save(model: Layer, path: str | PathLike[str]) -> None:
    """Write a built model to a file, which is replaced only when all is written.

    Parameters
    ----------
    model : Layer
    path : path
        Used as it is; ".npz" is a good ending.

    Raises
    ------
    TypeError
        If an argument of a layer cannot be written as JSON, such as a function.
    """
    content = {
        "format": FORMAT,
        "model": _describe(model, "model"),
        "frozen": [name for name, part in parts_of(model) if not part.trainable],
    }
    text = json.dumps(content, indent=1)
    unfinished = f"{os.fspath(path)}.unfinished"
    try:
        with open(unfinished, "wb") as file:
            _write(file, {name: to_host(array) for name, array in _arrays(model).items()}, text)
        os.replace(unfinished, path)
    finally:
        if os.path.exists(unfinished):
            os.remove(unfinished)


def _write(file: IO[bytes], arrays: dict[str, NDArray[Any]], text: str) -> None:
    """Write what `np.savez` would, and the text; its ``allow_pickle`` is younger than NumPy 2.1."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)
        archive.writestr("model.json", text)


def load(model: Layer, path: str | PathLike[str]) -> None:
    """Copy all arrays from a file into a built model of the same layers; what is frozen stays so.

    Raises
    ------
    ValueError
        If the file was not written by `save`; or where it differs from the model, which is
        then left as it was.
    """
    content, arrays = _read(path)
    description = content["model"]
    difference = _difference(description, _describe(model, "model"), "model")
    if difference:
        raise ValueError(f"{os.fspath(path)} does not fit: {difference}")
    mine = _arrays(model)
    for name in {**mine, **arrays}:
        if name not in arrays or name not in mine:
            where = "this model" if name in mine else "the file"
            raise ValueError(f"{os.fspath(path)} does not fit: only {where} has the array {name}")
        theirs, own = arrays[name], mine[name]
        if theirs.shape != own.shape or theirs.dtype != own.dtype:
            raise ValueError(
                f"{os.fspath(path)} does not fit: {name} is {theirs.dtype} {theirs.shape} in the "
                f"file and {own.dtype} {own.shape} in this model"
            )
    for name, array in mine.items():
        array[...] = np.asarray(arrays[name], like=array)


def load_model(path: str | PathLike[str]) -> Any:
    """Make the model that a file describes, with its arrays.

    Parameters
    ----------
    path : path
        Of a file written by `Sequential.save`.

    Returns
    -------
    model : Sequential

    Raises
    ------
    ValueError
        If the file was not written by `save`, or has a layer that is not in `dlcourse.nn`.
    """
    content, _ = _read(path)
    model = _make(content["model"])
    if not model.built:
        model.build(model.input_shape or (), np.random.default_rng(), model.dtype)
    load(model, path)
    frozen = content.get("frozen", [])
    for name, part in parts_of(model):  # from the outside in, as setting it goes inwards
        part.trainable = name not in frozen
    return model


def _arrays(model: Layer) -> dict[str, Any]:
    params = {f"params/{name}": array for name, array in model.params.items()}
    return params | {f"state/{name}": array for name, array in model.state.items()}


# What reading a file of another kind, or a damaged one, can raise.
NOT_OURS = (
    *(zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, AttributeError, TypeError),
    *(NotImplementedError, RuntimeError, IsADirectoryError),
)


def _read(path: str | PathLike[str]) -> tuple[Any, dict[str, Any]]:
    """Return what is in ``model.json``, and the arrays of a file."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            content = json.loads(archive["model.json"])
            arrays = {name: archive[name] for name in archive.files if name != "model.json"}
    except NOT_OURS as error:
        raise ValueError(f"{os.fspath(path)} is not a saved model: {kind_of_file(path)}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError(f"{os.fspath(path)} is not a saved model: expected format {FORMAT!r}")
    return content, arrays


def _describe(value: Any, where: str) -> Any:
    """Return a value as JSON: a layer as its class and arguments, a tuple as a marked list."""
    if hasattr(value, "forward"):
        arguments = {
            name: _describe(argument, f"{where}.{name}")
            for name, argument in configuration(value).items()
        }
        return {"class": type(value).__name__, "arguments": arguments}
    if isinstance(value, tuple):
        return {"tuple": [_describe(entry, f"{where}[{i}]") for i, entry in enumerate(value)]}
    if isinstance(value, list):
        return [_describe(entry, f"{where}[{i}]") for i, entry in enumerate(value)]
    if isinstance(value, np.ndarray):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, np.dtype):
        return str(value)
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"cannot save {where}, which is {value!r}; use a number, a name or a layer")


def _make(description: Any) -> Any:
    """Do the reverse of `_describe`."""
    if isinstance(description, list):
        return [_make(entry) for entry in description]
    if not isinstance(description, dict):
        return description
    if "class" in description:
        arguments = {name: _make(value) for name, value in description["arguments"].items()}
        return _layer_class(description["class"])(**arguments)
    if "tuple" in description:
        return tuple(_make(entry) for entry in description["tuple"])
    return np.array(description["array"], description["dtype"])


def _layer_class(name: str) -> type[Layer]:
    """Return the layer of this name in `dlcourse.nn`; nothing else can be made from a file."""
    from dlcourse import nn

    found: Any = getattr(nn, name, None)
    if Layer not in getattr(found, "__mro__", ()):
        raise ValueError(f"the file has a layer {name!r}, which is not in dlcourse.nn")
    layer_class: type[Layer] = found
    return layer_class


def _difference(theirs: Any, mine: Any, where: str) -> str:
    """Say where two descriptions first differ; seeds may. Empty if they agree."""
    if isinstance(theirs, dict) and isinstance(mine, dict):
        if theirs.get("class") != mine.get("class"):
            return f"{where} is {theirs.get('class')} in the file and {mine.get('class')} here"
        if "arguments" in theirs and "arguments" in mine:
            return _difference(theirs["arguments"], mine["arguments"], where)
        names = [name for name in {**theirs, **mine} if name != "seed"]
        names.sort(key=lambda name: isinstance(theirs.get(name), list | dict))  # plain ones first
        pairs = [
            (where if name == "tuple" else f"{where}.{name}", theirs.get(name), mine.get(name))
            for name in names
        ]
    elif isinstance(theirs, list) and isinstance(mine, list):
        if len(theirs) != len(mine):
            return f"{where} has {len(theirs)} entries in the file and {len(mine)} here"
        pairs = [(f"{where}[{i}]", *pair) for i, pair in enumerate(zip(theirs, mine, strict=True))]
    else:
        return "" if theirs == mine else f"{where} is {theirs!r} in the file and {mine!r} here"
    return next(filter(None, (_difference(a, b, name) for name, a, b in pairs)), "")
