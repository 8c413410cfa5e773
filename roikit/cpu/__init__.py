"""The compiled kernels: Cython, without the GIL, no checks, no allocation; they write into ``out``."""
