"""Importing roikit costs less than importing NumPy once more."""

import json
import subprocess
import sys
from importlib import util
from pathlib import Path

IMPORTS = Path(__file__).parents[1] / "benchmarks" / "history" / "benchmarks" / "imports.py"


def test_import_takes_less_than_twice_numpys_own():
    # a ratio of two times from one process, the least of five: about 1.5
    spec = util.spec_from_file_location("imports", IMPORTS)
    imports = util.module_from_spec(spec)
    spec.loader.exec_module(imports)

    assert imports.import_ratio() < 2


def test_import_brings_no_large_neighbour():
    """What costs as much as NumPy, and is needed in few calls or none, is not imported with roikit."""
    code = "import json, sys, roikit; print(json.dumps(sorted(sys.modules)))"
    modules = set(json.loads(subprocess.check_output([sys.executable, "-c", code])))

    assert not modules & {"ml_dtypes", "torch", "jax", "matplotlib", "rich", "importlib.metadata"}
    assert not modules & {"http", "ssl", "urllib.request", "email", "asyncio", "multiprocessing", "unittest"}
