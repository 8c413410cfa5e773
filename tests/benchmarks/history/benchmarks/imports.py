"""What ``import roikit`` costs, beside what NumPy's own import in it costs."""

from __future__ import annotations

import re
import subprocess
import sys


def import_ratio() -> float:
    """Time of ``import roikit``, NumPy's import in it included, over that of NumPy's import alone.

    Both are from one process, so what else the machine does lengthens both; the least of five is the least
    disturbed.
    """
    return min(_ratio_in_one_process() for _ in range(5))


def _ratio_in_one_process() -> float:
    command = [sys.executable, "-X", "importtime", "-c", "import roikit"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    # import time: self [us] | cumulative | imported package
    cumulative = {name: int(time) for time, name in re.findall(r"\|\s*(\d+) \|\s*(\S+)$", told, re.MULTILINE)}
    return cumulative["roikit"] / cumulative["numpy"]


class Import:
    def track_over_numpy(self) -> float:
        return import_ratio()

    track_over_numpy.unit = "× numpy's"  # type: ignore[attr-defined]

    def track_modules(self) -> int:
        """Modules that roikit brings beside NumPy's."""
        code = "import sys, numpy; before = len(sys.modules); import roikit; print(len(sys.modules) - before)"
        return int(subprocess.check_output([sys.executable, "-c", code]))

    track_modules.unit = "modules"  # type: ignore[attr-defined]
