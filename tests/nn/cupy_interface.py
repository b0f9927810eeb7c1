"""What CuPy answers to when NumPy hands over to it, as data: ``cupy_interface.json``.

    python tests/nn/cupy_interface.py          where CuPy is installed; a GPU is not needed

writes the file anew. It lists, from the installed CuPy itself,

    cupy         its version
    functions    each function of NumPy that has a twin of its name in CuPy, with the twin's
                 parameters: `cupy.ndarray.__array_function__` looks the twin up by name, and
                 whatever has none is refused
    ufuncs       likewise, for `cupy.ndarray.__array_ufunc__`
    methods      of `cupy.ndarray`, with their parameters
    attributes   of `cupy.ndarray`

Parameters are written in one string. After ``*`` they go by name only, ``*name`` takes any
number, ``**`` any name. Parameters that CuPy has only to refuse them are left out.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

PATH = Path(__file__).with_suffix(".json")

# From CuPy 14.2: "not supported", or "is not supported yet", if they are given.
REFUSED = {
    "numpy.lib.stride_tricks.sliding_window_view": {"subok", "writeable"},
    "numpy.empty_like": {"subok"},
    "numpy.full_like": {"subok"},
    "numpy.ones_like": {"subok"},
    "numpy.zeros_like": {"subok"},
    "astype": {"casting", "subok"},
}


def main() -> None:
    """Write the file from the CuPy that is installed."""
    import cupy

    functions = {}
    for module in (np, np.linalg, np.lib.stride_tricks):
        path = module.__name__.split(".")[1:]
        for name in dir(module):
            here, there = getattr(module, name), cupy
            for part in (*path, name):
                there = getattr(there, part, None)
            public = f"{module.__name__}.{name}"
            if not callable(here) or isinstance(here, type | np.ufunc) or not callable(there):
                continue
            if there is not here and f"{here.__module__}.{here.__name__}" == public:
                functions[public] = parameters(there, public)
    members = {name: getattr(cupy.ndarray, name) for name in dir(cupy.ndarray)}
    public_members = {name: member for name, member in members.items() if name[0] != "_"}
    interface = {
        "cupy": cupy.__version__,
        "functions": functions,
        "ufuncs": [
            name
            for name in dir(np)
            if isinstance(getattr(np, name), np.ufunc) and callable(getattr(cupy, name, None))
        ],
        "methods": {
            name: parameters(member, name)
            for name, member in public_members.items()
            if callable(member)
        },
        "attributes": [name for name, member in public_members.items() if not callable(member)],
    }
    PATH.write_text(json.dumps(interface, indent=1) + "\n", encoding="utf-8")


def parameters(function: Any, name: str) -> str:
    """Write the parameters of a function; those of compiled ones stand in their docstring."""
    try:
        found = str(inspect.signature(function))
    except (TypeError, ValueError):
        found = (function.__doc__ or "").partition("\n")[0]
    inside = re.search(r"\((.*)\)", found)
    words = []
    for parameter in (inside[1] if inside else "**").split(","):
        word = re.split("[:=]", parameter)[0].strip().split(" ")[-1].replace("\\", "")
        word = "**" if word.startswith("**") else word
        if word and word not in {"self", "/", *REFUSED.get(name, ())}:
            words.append(word)
    return " ".join(words)


if __name__ == "__main__":
    main()
