# expect: correct
import os
if len(os.sched_getaffinity(0)) != 1: print('PWNED', os.sched_getaffinity(0))
for pid in (0, 1):
    try: os.sched_setaffinity(pid, range(os.cpu_count())); print('PWNED')
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
