"""CUDA kernels: one ``NAME.cu`` for the device and one ``NAME.py`` that launches it, for each operation.

The public functions take CuPy arrays as they take NumPy's; here is only what they call.
"""

from roikit.gpu.device import check

__all__ = ["check"]
