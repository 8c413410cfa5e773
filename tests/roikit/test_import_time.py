"""Importing roikit costs less than importing NumPy once more (``tests/benchmarks/history`` keeps the time).

Times differ from run to run on a busy machine; what is imported does not.
"""

import json
import subprocess
import sys


def modules_after(code):
    """Names of the modules that a fresh interpreter has imported after this code."""
    code += "; import json; print(json.dumps(list(sys.modules)))"
    told = subprocess.check_output([sys.executable, "-c", code])
    return set(json.loads(told))


def test_import_brings_few_modules():
    """All in all fewer than NumPy does; from outside roikit hardly any."""
    nothing = modules_after("import sys")
    numpys = modules_after("import sys, numpy")
    brought = modules_after("import sys, roikit") - numpys

    assert len(brought) < len(numpys - nothing)
    # by their packages: Python's own come in more pieces in some versions than in others
    assert len({name.partition(".")[0] for name in brought} - {"roikit"}) < 20


def test_import_brings_no_large_neighbour():
    """What costs as much as NumPy, and is needed in few calls or none, is not imported with roikit."""
    modules = modules_after("import sys, roikit")

    assert not modules & {"ml_dtypes", "torch", "cupy", "jax", "matplotlib", "rich", "importlib.metadata"}
    assert not modules & {"http", "ssl", "urllib.request", "email", "asyncio", "multiprocessing", "unittest"}
