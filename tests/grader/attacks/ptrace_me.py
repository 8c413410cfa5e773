# expect: correct
# why: a traced child reports its stops to its parent, in place of its end
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(0, 0, 0, 0) == 0: print('PWNED the worker is a tracer now')
if libc.prctl(0x59616d61, 1, 0, 0, 0) == 0: print('traceable by process 1')
def solve(x):
    return (x - x.mean()) / x.std()
