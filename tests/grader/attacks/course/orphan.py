# expect: error
# why: nbgrader 26: leaves a process behind that belongs to nobody
import os
import time

def quantize_roi_caffe(*args):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
