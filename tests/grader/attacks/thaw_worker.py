# expect: correct
# why: stops, traces and reprioritizes process 1, takes its terminal, its session, its group
import os, signal
for f in (lambda: os.kill(1, signal.SIGSTOP), lambda: os.setpriority(os.PRIO_PROCESS, 1, 19), lambda: os.setpgid(1, 0),
          lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)), lambda: os.kill(-1, signal.SIGSTOP)):
    try: f()
    except OSError as e: print(e)
def solve(x):
    return (x - x.mean()) / x.std()

