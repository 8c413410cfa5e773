# expect: crashed|correct
import os, signal
for pid in (1, os.getppid(), -1):
    try: os.kill(pid, signal.SIGKILL)
    except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
