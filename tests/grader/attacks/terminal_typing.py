# expect: correct
import fcntl, os
for fd in range(3):
    for request in (0x5412, 0x541C):
        try: fcntl.ioctl(fd, request, b'x'); print('PWNED', fd)
        except OSError: pass
try: os.open('/dev/tty', os.O_RDWR); print('PWNED tty')
except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
