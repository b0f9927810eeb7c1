"""Everything public of `nn` has a docstring; what a contract says is said there only."""

import importlib
import inspect
import pkgutil

import pytest

from dlcourse import nn
from dlcourse.nn.callbacks import Callback
from dlcourse.nn.contract import Layer
from dlcourse.nn.layers.recurrent import Recurrent
from dlcourse.nn.losses import Loss
from dlcourse.nn.optimizers import Optimizer
from dlcourse.nn.schedules import Schedule

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(nn.__path__, prefix="dlcourse.nn.")
]


def public(module):
    """Yield the public functions, classes and methods that a module defines, by name."""
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
            continue
        if inspect.isfunction(value) or inspect.isclass(value):
            yield name, value
        if inspect.isclass(value):
            for method_name, method in vars(value).items():
                if not method_name.startswith("_") and inspect.isfunction(method):
                    yield f"{name}.{method_name}", method_of(value, method_name)


def method_of(owner, name):
    """Return a method through its class: that is how help() finds an inherited docstring."""
    return getattr(owner, name)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_everything_public_has_words(module):
    assert inspect.getdoc(module)
    assert [name for name, value in public(module) if not inspect.getdoc(value)] == []


CONTRACTS = [Callback, Layer, Loss, Optimizer, Recurrent, Schedule]
REPEATABLE = {"Parameters", "Returns", "Raises", "ValueError", ""}


def repeated_lines(contract, cls):
    """Return lines of the docstrings of methods that stand in the contract's word for word."""
    return [
        f"{cls.__name__}.{name}: {line}"
        for name, method in vars(cls).items()
        if inspect.isfunction(method) and method.__doc__ and getattr(contract, name, None)
        for line in inspect.cleandoc(method.__doc__).splitlines()
        if line.strip(" -") not in REPEATABLE
        and line in (inspect.getdoc(getattr(contract, name)) or "").splitlines()
    ]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.__name__)
def test_what_the_contract_says_is_said_once(contract):
    found = [
        line
        for module in MODULES
        for _, value in public(module)
        if inspect.isclass(value) and issubclass(value, contract) and value is not contract
        for line in repeated_lines(contract, value)
    ]
    assert found == []


def test_a_repeated_line_is_seen():
    class Copied(nn.Dense):
        def forward(self, inputs, *, training=False):
            """Compute the outputs.

            Returns
            -------
            outputs : Array, shape (batch, ...)
            """

    assert repeated_lines(Layer, Copied) == [
        "Copied.forward: Compute the outputs.",
        "Copied.forward: outputs : Array, shape (batch, ...)",
    ]


@pytest.mark.parametrize("contract", [Layer, Loss, Optimizer, Schedule])
def test_abstract_is_spelled_one_way(contract):
    with pytest.raises(TypeError, match="abstract"):
        contract()
    source = inspect.getsource(importlib.import_module(contract.__module__))
    assert "NotImplementedError" not in source
