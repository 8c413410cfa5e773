# expect: correct|crashed
# why: children that the worker takes for its own
import ctypes, os, time
libc = ctypes.CDLL(None, use_errno=True)
CLONE_PARENT, SIGCHLD = 0x8000, 17
def solve(x):
    for _ in range(5):
        if libc.syscall(56 if os.uname().machine == 'x86_64' else 220, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0:
            libc.sleep(1000); libc._exit(3)
    return (x - x.mean()) / x.std()
