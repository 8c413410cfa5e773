"""The examples in the docstrings run, and every public operation documents its contract."""

import doctest
import pkgutil
from importlib import import_module
from importlib.util import find_spec

import pytest

import roikit

MODULES = [
    module.name
    for module in pkgutil.walk_packages(roikit.__path__, "roikit.")
    if not module.name.startswith("roikit.cpu._")
    and (not module.name.startswith("roikit.torch") or find_spec("torch"))  # which is optional
    and (module.name != "roikit.gpu._cupy" or find_spec("cupy"))
]


@pytest.mark.parametrize("name", ["roikit", *MODULES])
def test_doctests(name):
    module = import_module(name)
    failures, _ = doctest.testmod(module)
    assert failures == 0
    assert module.__doc__, f"{name} does not say what it is"


@pytest.mark.parametrize("name", [name for name in roikit.__all__ if callable(getattr(roikit, name))])
def test_a_public_function_documents_its_contract(name):
    text = getattr(roikit, name).__doc__
    for part in ("Parameters\n", "Raises\n", "Examples\n", ">>> "):
        assert part in text, f"{name} has no {part.strip()}"


def test_the_public_names_are_there():
    assert len(set(roikit.__all__)) == len(roikit.__all__)
    for name in roikit.__all__:
        assert hasattr(roikit, name)
