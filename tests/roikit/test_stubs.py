"""The stubs (.pyi) of compiled modules name the functions and parameters that the sources (.pyx) define."""

import ast
import re
from pathlib import Path

import pytest

import roikit

STUBS = sorted(Path(roikit.__file__).parent.rglob("_*.pyi"))


def parameters(source, name):
    """Of a function in Cython: its parameters' names, without types and defaults."""
    name = name.replace("__init__", "__cinit__")
    found = re.search(rf"^ *def {name}\((.*?)\)(?: ->.*)?:$", source, re.DOTALL | re.MULTILINE)
    assert found, f"there is no {name}"
    plain = re.sub(r"\[[^]]*\]", "", found[1]).rstrip(", \n")
    return [part.partition("=")[0].split()[-1] for part in plain.split(",") if part.strip()]


@pytest.mark.parametrize("stub", STUBS, ids=lambda stub: stub.stem)
def test_a_stub_says_what_the_source_defines(stub):
    source = stub.with_suffix(".pyx").read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(stub.read_text())) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        if not function.decorator_list:
            named = [argument.arg for argument in function.args.args]
            assert named == parameters(source, function.name), function.name
    assert functions
