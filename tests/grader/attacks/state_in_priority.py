# expect: correct
# why: what process 1 is given, every later call inherits
import ctypes, os
libc = ctypes.CDLL(None)
if os.getpriority(os.PRIO_PROCESS, 0) or os.sched_getscheduler(0): print('PWNED state in the priority')
if libc.syscall(252 if os.uname().machine == 'x86_64' else 31, 1, 0) > 4: print('PWNED state in the priority of I/O')
def solve(x):
    for f in (lambda: os.setpriority(os.PRIO_PROCESS, 1, 7), lambda: os.setpriority(os.PRIO_USER, 0, 7), lambda: os.setpriority(os.PRIO_PGRP, 1, 7),
              lambda: os.sched_setscheduler(1, os.SCHED_BATCH, os.sched_param(0)), lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0))):
        try: f()
        except OSError: pass
    libc.syscall(251 if os.uname().machine == 'x86_64' else 30, 1, 1, 3 << 13)
    return (x - x.mean()) / x.std()
