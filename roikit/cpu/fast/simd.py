"""Which vectors the fast kernels use: all that the processor has, or what the environment asks for."""

import os

from roikit.cpu.fast._level import simd_level

LEVELS = ("portable", "avx2", "avx512")


def level() -> int:
    """Index into `LEVELS`: the best that the processor has, unless ROIKIT_SIMD names another that it has."""
    asked = os.environ.get("ROIKIT_SIMD") or LEVELS[simd_level()]
    if asked not in LEVELS:
        raise ValueError(f"ROIKIT_SIMD must be portable, avx2 or avx512; got {asked!r}")
    if LEVELS.index(asked) > simd_level():
        raise ValueError(f"ROIKIT_SIMD is {asked}, but this processor has {LEVELS[simd_level()]} at most")
    return LEVELS.index(asked)


LEVEL = level()
