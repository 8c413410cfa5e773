# expect: crashed
import ctypes
def solve(x):
    ctypes.string_at(0)
