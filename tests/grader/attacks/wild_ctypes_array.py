# expect: crashed
import ctypes
import numpy as np
def solve(x):
    return np.ctypeslib.as_array((ctypes.c_double * 50).from_address(0xdead0000))
