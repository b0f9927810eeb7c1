"""Everything public of `nn` has a docstring; what a contract says is said there only."""

import importlib
import inspect
import pkgutil

import pytest

from dlcourse import nn

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
