# expect: wrong|crashed|error
# why: nbgrader 30: kills whoever waits for the answer, and everybody else
import os
import signal

def roi_pool_caffe(*args):
    for pid in (os.getppid(), 1, -1):
        for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT):
            try:
                os.kill(pid, number)
            except OSError:
                pass
