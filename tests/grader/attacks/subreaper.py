# expect: correct
# why: takes in its orphans, all of them stopped, and leaves
import ctypes, os, signal, time
libc = ctypes.CDLL(None)
libc.prctl(36, 1, 0, 0, 0); libc.prctl(1, signal.SIGKILL, 0, 0, 0)
for _ in range(5):
    if os.fork() == 0:
        libc.prctl(1, 0, 0, 0, 0)
        if os.fork() == 0:
            os.setsid(); os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
def solve(x):
    return (x - x.mean()) / x.std()
