# expect: wrong|error|crashed|timeout|memory
# why: leaves no process, descriptor or file for the next call, which would look like the grader's own failure
import os
import threading
import time

def quantize_roi_caffe(*args):
    for _ in range(1000):
        try:
            threading.Thread(target=time.sleep, args=(100,)).start()
        except RuntimeError:
            break

def roi_pool_caffe(*args):
    kept = []
    try:
        while True:
            kept += os.pipe()
    except OSError:
        pass

def bin_edges_overlap(*args):
    for k in range(1000):
        os.makedirs(f"/tmp/{k}/{k}")

def quantize_roi(*args):
    os.nice(19)
    os.umask(0o777)
    os.chdir("/tmp")
    os.closerange(0, 3)
