# expect: crashed|error|timeout
import os
def solve(x):
    d = os.open('/dev/null', os.O_RDWR)
    for fd in range(3, 64):
        if fd != d:
            try:
                os.fstat(fd); os.dup2(d, fd)
            except OSError: pass
    return x
