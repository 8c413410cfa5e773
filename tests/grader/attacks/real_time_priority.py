# expect: correct
import ctypes, os
for policy in (os.SCHED_FIFO, os.SCHED_RR):
    try: os.sched_setscheduler(0, policy, os.sched_param(1)); print('PWNED', policy)
    except OSError: pass
try: os.nice(-5); print('PWNED nice')
except OSError: pass
libc = ctypes.CDLL(None)
if libc.syscall(251 if os.uname().machine == 'x86_64' else 30, 1, 0, 1 << 13) == 0: print('PWNED real-time I/O')
if libc.mlockall(3) == 0: print('PWNED locked memory')
def solve(x):
    return (x - x.mean()) / x.std()
