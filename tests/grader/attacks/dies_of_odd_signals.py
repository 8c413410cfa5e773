# expect: timeout|crashed
# why: claims to have used up its time; and a signal without a name
import os, signal
def solve(x):
    number = signal.SIGXCPU if len(x) == 50 else 40
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
