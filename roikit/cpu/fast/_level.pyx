"""What this processor can do."""

cdef extern from "passes.h":
    int c_simd_level "simd_level"()


def simd_level() -> int:
    """0: nothing in particular; 1: AVX2 and FMA; 2: AVX-512."""
    return c_simd_level()
