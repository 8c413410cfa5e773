# expect: correct|crashed
# why: dies somewhere in its answer
import signal
def solve(x):
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, 0.001)
    return (x - x.mean()) / x.std()
