# expect: crashed
# why: ends, signals and messages that look as if the sandbox itself had failed, so that nothing counts
import os
import resource
import signal
import sys

def pipe():
    frame = sys._getframe()
    while "pipe" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["pipe"]

def quantize_roi_caffe(*args):
    os.close(pipe())

def roi_pool_caffe(*args):
    sys.stderr.write("SandboxError: the sandbox could not start a process\n" * 100)
    os.kill(os.getpid(), signal.SIGSYS)

def bin_edges_overlap(*args):
    os.write(pipe(), b"ROI1R" + bytes(16) + b"\x00" * 100)

def bin_edges_truncate(*args):
    os.write(pipe(), b"i" * 10_000)

def quantize_roi(*args):
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    os.fork()
