"""Runs pytest for a user who may own nothing here: in a home of its own, leaving nothing behind.

    python tests/grader/sandbox/harness/pytest_at_home.py ARGUMENT...
"""

import os
import sys
import tempfile

import pytest


def main(words):
    with tempfile.TemporaryDirectory(prefix="roikit-home-") as home:
        os.environ |= {"HOME": home, "PYTHONDONTWRITEBYTECODE": "1", "ROIKIT_NO_SKIPS": "1"}
        sys.dont_write_bytecode = True
        return pytest.main(["-p", "no:cacheprovider", f"--basetemp={home}/tests", *words])


if __name__ == "__main__":  # the grader's own processes import this file
    sys.exit(main(sys.argv[1:]))
