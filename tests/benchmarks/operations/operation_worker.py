"""The process of one library: see worker.py of the kernels' benchmark.

    python operation_worker.py LIBRARY THREADS
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "kernels"))
from calls import call
from worker import repeats_of, serve, timed


class Commands:
    """Each public method is a command; its arguments and its answer go through JSON."""

    def __init__(self, library: str, threads: int) -> None:
        self.library: Any = importlib.import_module(f"peers.with_{library}")
        self.threads = threads
        self.calls: dict[str, Callable[[], Any]] = {}
        self.repeats: dict[str, int] = {}

    def versions(self) -> dict[str, str]:
        return {"python": sys.version.split()[0], **self.library.versions()}

    def prepare(self, row: str) -> list[str]:
        """The ways in which this library can make the call; each is made once."""
        self.calls = {}
        self.call = call(row)
        for way in self.library.WAYS:
            made = self.library.prepare(self.call, self.threads, way)
            if made is not None:
                made()
                self.calls[way] = made
                self.repeats[way] = repeats_of(made)
        return list(self.calls)

    def reference(self, peer: str, file: str) -> None:
        """roikit only: what the peer means by the call, in float64."""
        np.save(file, self.library.reference(self.call, peer))

    def agree(self, way: str, file: str) -> dict[str, float]:
        """The largest distance from the reference and the largest magnitude in it."""
        ours, exact = self.library.array(self.calls[way]()), np.load(file, mmap_mode="r")
        if ours.shape != exact.shape:
            raise ValueError(f"shape {ours.shape}, where {exact.shape} is meant")
        distances = (float(np.abs(a - b).max()) for a, b in zip(ours, exact, strict=True))
        return {"distance": max(distances), "largest": float(np.abs(exact).max())}

    def time(self, way: str, seconds: float, most: int) -> list[tuple[float, float]]:
        return timed(self.calls[way], self.repeats[way], seconds, most)


if __name__ == "__main__":
    serve(Commands)
