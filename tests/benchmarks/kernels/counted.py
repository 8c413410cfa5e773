"""Run under callgrind by instructions.py: each workload in small, one call, between two marks.

python counted.py MARKS.so WORKLOAD ...
"""

from __future__ import annotations

import ctypes
import gc
import sys

from libraries import with_roikit
from workloads import WORKLOADS


def main(library: str, names: list[str]) -> None:
    marks = ctypes.CDLL(library)
    gc.disable()
    for name in names:
        call = with_roikit.prepare(WORKLOADS[name].small(), 1, "reused")
        call()  # what is done once is not counted
        call()
        marks.begin_count()
        call()
        marks.end_count(name.encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
