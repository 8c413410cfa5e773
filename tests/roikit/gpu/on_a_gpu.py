"""All tests of a GPU, then some of them below compute-sanitizer: ``make test-gpu``.

Without a device it says in a sentence what is missing, and ends with 2.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from roikit.gpu import driver, toolkit

PYTEST = (sys.executable, "-m", "pytest", "-m", "gpu", str(Path(__file__).parent))
#: compute-sanitizer's tools: accesses out of bounds, races in shared memory.
TOOLS = ("memcheck", "racecheck")


def main() -> int:
    if missing := driver.missing():
        print(missing, file=sys.stderr)
        return 2
    commands = [PYTEST]
    if sanitizer := toolkit.compute_sanitizer():
        below = (sanitizer, "--error-exitcode", "1")
        commands += [(*below, "--tool", tool, *PYTEST, "-k", "small") for tool in TOOLS]
    else:
        print("without compute-sanitizer: pip install nvidia-cuda-sanitizer-api", file=sys.stderr)
    codes = [subprocess.run(command).returncode for command in commands]  # below 0: ended by a signal
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
