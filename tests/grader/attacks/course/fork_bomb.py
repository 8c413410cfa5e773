# expect: wrong|error|timeout|crashed
# why: nbgrader 28: as many processes as there can be
import os
import time

def quantize_roi_caffe(*args):
    for _ in range(500):
        try:
            if os.fork() == 0:
                time.sleep(100)
        except OSError:
            break
