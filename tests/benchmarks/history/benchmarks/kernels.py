"""The price of a call, and each workload of tests/benchmarks/kernels in small."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "kernels"))

from libraries import with_roikit
from workloads import WORKLOADS, Workload


def prepared(work: Workload, way: str) -> Callable[[], object]:
    """The call, made once; asv leaves out what a commit does not have yet."""
    try:
        call = with_roikit.prepare(work, 1, way)
        call()
    except (AttributeError, TypeError) as error:
        raise NotImplementedError from error
    return call


class Call:
    """One RoI on an 8×8 map: little but the public function's own work."""

    params = ("W4a", "W4p")
    param_names = ("workload",)

    def setup(self, workload: str) -> None:
        self.call = prepared(WORKLOADS[workload], "fresh")

    def time_call(self, _workload: str) -> None:
        self.call()


class Small:
    """A sixteenth of the channels, an eighth of the RoIs, one thread."""

    params = ([name for name in WORKLOADS if not name.startswith("W4")], with_roikit.ways(None))
    param_names = ("workload", "output")

    def setup(self, workload: str, output: str) -> None:
        self.call = prepared(WORKLOADS[workload].small(), output)

    def time_small(self, _workload: str, _output: str) -> None:
        self.call()
