# expect: error
# why: memory that stays when no process holds it
import ctypes, os
def solve(x):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    for _ in range(10):
        i = libc.shmget(0, 4 << 20, 0o1600)
        if i < 0: raise OSError(ctypes.get_errno(), 'shmget')
        at = libc.shmat(i, None, 0); ctypes.memset(at, 1, 4 << 20); libc.shmdt(ctypes.c_void_p(at))
    return (x - x.mean()) / x.std()
