# expect: correct
import os
if os.getpgid(0) not in (os.getpgid(os.getppid()), os.getpid()): print('PWNED', os.getpgid(0))
def solve(x):
    for f in (lambda: os.setpgid(1, os.getpid()), lambda: os.setpgid(0, 0), lambda: os.setpgid(0, 1), os.setsid, lambda: os.setpgid(1, 1)):
        try: f()
        except OSError: pass
    return (x - x.mean()) / x.std()
