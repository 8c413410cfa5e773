"""CUDA C on the CPU: kernels compiled as C++ and run on NumPy arrays, with the interface of cupy.RawKernel.

    >>> import numpy as np
    >>> from roikit import simt
    >>> kernel = simt.RawKernel('''
    ... extern "C" __global__ void add(const float* x, const float* y, float* out, int n) {
    ...     int i = blockIdx.x * blockDim.x + threadIdx.x;
    ...     if (i < n) out[i] = x[i] + y[i];
    ... }''', "add", mode="check")
    >>> x = np.arange(100, dtype=np.float32)
    >>> out = simt.empty(100, np.float32)
    >>> report = kernel((1,), (128,), (x, x, out, np.int32(100)))
    >>> float(out[99])
    198.0

It needs a C++ compiler, and no GPU. Mode "check" finds what a GPU would keep to itself: races, accesses
outside of arrays, barriers that not all threads reach; and it counts what the kernel asks of the memory.
"""

from __future__ import annotations

from roikit.simt.arguments import empty
from roikit.simt.errors import (
    CompileError,
    KernelCrash,
    KernelFault,
    KernelTimeout,
    LaunchError,
    NoCompiler,
    SimtError,
)
from roikit.simt.findings import Finding
from roikit.simt.kernel import RawKernel, Report
from roikit.simt.traffic import Traffic

__all__ = [
    "CompileError",
    "Finding",
    "KernelCrash",
    "KernelFault",
    "KernelTimeout",
    "LaunchError",
    "NoCompiler",
    "RawKernel",
    "Report",
    "SimtError",
    "Traffic",
    "empty",
]
