# expect: correct
# why: standard output is one and the same for all calls: its flags, its size, its owner
import fcntl, os
SIZE, GET_OWNER, SIGNAL = 1031, fcntl.F_GETOWN, 10
for fd in (0, 1, 2):
    if fcntl.fcntl(fd, fcntl.F_GETFL) & (os.O_NONBLOCK | os.O_APPEND | os.O_ASYNC | os.O_DIRECT): print('PWNED state in the flags', fd)
    if fcntl.fcntl(fd, GET_OWNER): print('PWNED state in the owner', fd)
    if os.lseek(0, 0, os.SEEK_CUR): print('PWNED state in the position')
    if fd and fcntl.fcntl(fd, 1032) == 4096: print('PWNED state in the size', fd)
def solve(x):
    for fd in (0, 1, 2):
        for f in (lambda: fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_NONBLOCK | os.O_APPEND | os.O_ASYNC), lambda: fcntl.fcntl(fd, fcntl.F_SETOWN, 1),
                  lambda: fcntl.fcntl(fd, SIGNAL, 9), lambda: fcntl.fcntl(fd, SIZE, 4096), lambda: os.lseek(fd, 77, os.SEEK_SET)):
            try: f()
            except OSError: pass
    return (x - x.mean()) / x.std()
