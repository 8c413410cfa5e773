"""How fast memory is read here: NumPy's maximum of 256 MiB, one such array a thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def ways(_work: object) -> tuple[str, ...]:
    return ("read",)


#: Bytes of one thread's array: far more than any cache holds.
SIZE = 256 * 2**20


def versions() -> dict[str, str]:
    return {"numpy": np.__version__}


def prepare(_work: object, threads: int, _way: str) -> Callable[[], object]:
    arrays = [np.ones(SIZE // 4, np.float32) for _ in range(threads)]
    if threads == 1:
        return arrays[0].max
    pool = ThreadPoolExecutor(threads)
    return lambda: list(pool.map(np.max, arrays))  # NumPy lets go of the GIL while it reduces
