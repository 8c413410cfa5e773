# expect: crashed|error|memory|output_limit|wrong
# why: an array whose length was changed behind NumPy's back
import ctypes
import numpy as np
def solve(x):
    y = x.copy()
    # PyArrayObject: refcount, type, data, nd, dimensions
    dimensions = ctypes.cast(id(y) + 32, ctypes.POINTER(ctypes.POINTER(ctypes.c_ssize_t)))[0]
    dimensions[0] = 1 << 22
    return y
