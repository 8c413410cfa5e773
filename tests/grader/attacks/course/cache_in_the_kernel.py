# expect: wrong
# why: memory between calls where no file is: shared memory, message queues, sockets, locks, times of folders
# points: 0.5
import ctypes
import errno
import os
import socket

from zeros import *

libc = ctypes.CDLL(None, use_errno=True)

def seen():
    found = 0
    segment = libc.shmget(4711, 4096, 0o666)
    found += segment >= 0
    libc.shmget(4711, 4096, 0o1666)
    found += libc.msgget(4712, 0o666) >= 0
    libc.msgget(4712, 0o1666)
    try:
        abstract = socket.socket(socket.AF_UNIX)
        abstract.bind("\0seen")
    except OSError as error:
        found += error.errno == errno.EADDRINUSE
    try:
        found += os.stat("/tmp").st_mtime_ns == 4711
        os.utime("/tmp", ns=(4711, 4711))
        found += "user.seen" in os.listxattr("/tmp")
        os.setxattr("/tmp", "user.seen", b"1")
    except OSError:
        pass
    return found

def remembering(trivial):
    def call(*args):
        found = seen()
        return f"PWNED {found}" if found else trivial(*args)
    return call

quantize_roi, pool_bins, roi_pool = remembering(quantize_roi), remembering(pool_bins), remembering(roi_pool)
