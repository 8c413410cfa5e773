# expect: crashed|error|wrong
# why: the memory of the interpreter is written to: small integers, True, the type of None
import ctypes

def quantize_roi(roi, scale):
    ctypes.memset(id(0) + 24, 1, 4)
    return 0, 0, 0, 0

def bin_edges_overlap(*args):
    ctypes.memset(id(None), 0xFF, 16)
    ctypes.string_at(0)
