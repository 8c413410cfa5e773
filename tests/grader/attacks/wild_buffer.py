# expect: crashed|error
# why: the buffer protocol over memory that is not there
import ctypes
import numpy as np
def solve(x):
    view = ctypes.pythonapi.PyMemoryView_FromMemory
    view.restype, view.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int)
    return np.frombuffer(view(ctypes.c_void_p(0xdead0000), 400, 0x100), 'f8')
