# expect: correct
# why: a right solution that leaves behind what might spoil the next student's run
# points: 40
import os
import random
import signal
import threading

from solution import *

np.random.seed(0)
random.seed(0)
np.seterr(all="raise")
np.set_printoptions(precision=0)
os.environ.update(PYTHONPATH="/tmp", LD_PRELOAD="/tmp/x.so", PYTHONSTARTUP="/tmp/numpy.py", OMP_NUM_THREADS="999")
for name in ("numpy.py", "submission.py", "json.py", "child.py", "\u202e.py", "-rf", "a\nb", "x" * 200):
    open(f"/tmp/{name}", "w").write("raise SystemExit('PWNED')")
os.symlink("/", "/tmp/root")
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        signal.pause()
threading.Thread(target=threading.Event().wait, daemon=True).start()
