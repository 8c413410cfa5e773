"""As much of CuPy as roikit uses, over NumPy's memory, with kernels run by `roikit.simt`.

For tests, on machines without a GPU, of all that lies between a public function and a launch.

Its array is none of NumPy's and cannot become one by accident, as CuPy's.
"""

import contextlib
import sys
import types

import numpy as np

from roikit import simt
from roikit.gpu import _simt, source


class Device:
    def __init__(self, number=0):
        self.id = number
        self.attributes = {"MultiProcessorCount": 2, "MaxSharedMemoryPerBlockOptin": 227 * 1024}

    def __eq__(self, other):
        return self.id == other.id

    def __hash__(self):
        return self.id

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None


class ndarray:
    def __init__(self, array, device=0):
        self.array = array
        self.device = Device(device)
        self.data = types.SimpleNamespace(ptr=array.__array_interface__["data"][0])

    def __getattr__(self, name):
        if name in ("shape", "dtype", "ndim", "strides", "itemsize", "size", "nbytes", "flags", "base"):
            return getattr(self.array, name)
        raise AttributeError(name)

    @property
    def __cuda_array_interface__(self):
        return self.array.__array_interface__

    def __len__(self):
        return len(self.array)

    def __array__(self, *arguments, **options):
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def __getitem__(self, index):
        return ndarray(self.array[index])

    def __setitem__(self, index, value):
        self.array[index] = getattr(value, "array", value)

    def transpose(self, *axes):
        return ndarray(self.array.transpose(*axes))

    def reshape(self, *shape):
        return ndarray(self.array.reshape(*shape))

    def ravel(self):
        return ndarray(self.array.ravel())

    def astype(self, dtype, order="K"):
        return ndarray(self.array.astype(dtype, order))

    def __add__(self, other):
        return ndarray(self.array + getattr(other, "array", other))

    def __sub__(self, other):
        return ndarray(self.array - getattr(other, "array", other))

    def __mul__(self, other):
        return ndarray(self.array * getattr(other, "array", other))

    def __truediv__(self, other):
        return ndarray(self.array / getattr(other, "array", other))

    def __lt__(self, other):
        return ndarray(self.array < getattr(other, "array", other))

    def __le__(self, other):
        return ndarray(self.array <= getattr(other, "array", other))

    def __and__(self, other):
        return ndarray(self.array & getattr(other, "array", other))

    def __abs__(self):
        return ndarray(abs(self.array))

    def fill(self, value):
        self.array.fill(value)

    def get(self):
        return self.array.copy()


class RawKernel:
    max_dynamic_shared_size_bytes = 40 * 1024  # 48 KiB, less the kernel's own variables

    def __init__(self, code, name, options=()):
        text = code.replace(source._read("halves_on_cuda.cuh"), source._read("halves_on_cpu.cuh"))
        self.kernel = simt.RawKernel(text, name, options)

    def __call__(self, grid, block, args, *, shared_mem=0):
        assert shared_mem <= self.max_dynamic_shared_size_bytes, "the launch would fail"
        self.kernel.max_dynamic_shared_size_bytes = 227 * 1024
        self.kernel(grid, block, tuple(map(_argument, args)), shared_mem=shared_mem)


def _argument(given):
    assert isinstance(given, (ndarray, np.generic)), f"CuPy passes a {type(given).__name__} in 8 bytes"
    if isinstance(given, np.uintp):
        assert given == 0
        return None
    return _memory(given.array) if isinstance(given, ndarray) else given


def _memory(array):
    """What a kernel gets the address of; of a part of an array all that lies between its ends."""
    ordered = _simt._in_memory_order(array)
    if ordered.flags.c_contiguous or ordered.size == 0:
        return ordered
    span = sum((side - 1) * stride for side, stride in zip(array.shape, array.strides, strict=True))
    count = span // array.itemsize + 1
    return np.lib.stride_tricks.as_strided(array, (count,), (array.itemsize,))


def asarray(values):
    return values if isinstance(values, ndarray) else ndarray(np.array(values))


def module():
    """A module like CuPy."""
    cupy = types.ModuleType("cupy")
    cupy.ndarray, cupy.RawKernel, cupy.asarray = ndarray, RawKernel, asarray
    cupy.empty = lambda shape, dtype: ndarray(np.full(shape, 77, np.dtype(dtype)))
    cupy.zeros = lambda shape, dtype: ndarray(np.zeros(shape, dtype))
    cupy.array = lambda a, dtype: ndarray(np.array(a.array, dtype))
    cupy.where = lambda which, a, b: ndarray(np.where(which.array, a.array, b.array))
    cupy.ascontiguousarray = lambda a, dtype=None: ndarray(np.ascontiguousarray(a.array, dtype))
    cupy.concatenate = lambda arrays: ndarray(np.concatenate([a.array for a in arrays]))
    cupy.broadcast_arrays = lambda *arrays: [
        ndarray(array) for array in np.broadcast_arrays(*[given.array for given in arrays])
    ]
    cupy.may_share_memory = lambda a, b: np.may_share_memory(a.array, b.array)
    cupy.shares_memory = lambda a, b: np.shares_memory(a.array, b.array)
    runtime = types.SimpleNamespace(getDeviceCount=lambda: 1, deviceSynchronize=lambda: None)
    stream = types.SimpleNamespace(synchronize=lambda: None)
    cupy.cuda = types.SimpleNamespace(Device=Device, runtime=runtime, get_current_stream=lambda: stream)
    return cupy


@contextlib.contextmanager
def installed():
    """``import cupy`` gives this one inside the block, and roikit's device is made anew."""
    assert "cupy" not in sys.modules
    cupy = sys.modules["cupy"] = module()
    sys.modules.pop("roikit.gpu._cupy", None)
    try:
        yield cupy
    finally:
        del sys.modules["cupy"]
        sys.modules.pop("roikit.gpu._cupy", None)
